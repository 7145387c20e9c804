//! Why this owner, class and confidence: the claims and facts behind one record or event, each with its events.
//!
//! Claims do not know their events: keeping them would cost every question what one explanation needs. Here the
//! claims of a record are gathered once more, one action at a time, from the few actions that name it.

use super::ask::Ask;
use super::claims::{self, Claim, Claims, Sources};
use super::cross_org::Reading;
use super::deed::{Deed, Ours, Touched, sorted};
use super::effect::Effect;
use super::judge;
use super::ownership::{Ownership, own_word};
use super::question::CrossOrg;
use super::shares::Leave;
use super::sides::Action;
pub use super::subject::{Subject, find};
use crate::model::{
    ActionExplained, ActionResult, Belongs, ClaimExplained, Decision, Explanation, OrgId, RecordExplained, RecordKey,
    Tables, wide,
};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// Explains a subject under a question; the bytes are left to whoever can read them.
pub fn explain(tables: &Tables, profile: &Profile, question: &CrossOrg, subject: &Subject) -> Explanation {
    let reading = Reading::of(tables, profile, question);
    let sources = reading.sources(question);
    let (all, leave) = (claims::gather(sources), Leave::gather(sources, question));
    let ask = Ask { sources, claims: &all, leave: &leave, question };
    let mut explanation = Explanation {
        attackers: question.attackers.iter().cloned().collect(),
        victims: question.victims.iter().cloned().collect(),
        ..Explanation::default()
    };
    let about = |action: &Action| match subject {
        Subject::Record(record) => names(sources, action).any(|t| t.record == *record),
        Subject::Event(events) => action.events.iter().any(|index| events.contains(index)),
    };
    let mut touched: BTreeMap<RecordKey, Vec<(Deed<'_>, Touched)>> = BTreeMap::new();
    for (number, action) in sources.actions.iter().enumerate().filter(|(_, action)| about(action)) {
        let Some(deed) = Deed::of(sources, question, number, action) else { continue };
        let records: Vec<Touched> = deed
            .touched(sources, &all, &question.attackers)
            .into_iter()
            .filter(|touch| !matches!(subject, Subject::Record(record) if touch.record != *record))
            .collect();
        if deed.ours == Ours::No && matches!(subject, Subject::Record(_)) {
            explanation.by_others = explanation.by_others.saturating_add(1);
        } else {
            explanation.actions.push(action_explained(&deed, &records, ask));
        }
        for touch in records {
            touched.entry(touch.record.clone()).or_default().push((deed.clone(), touch));
        }
    }
    explanation.records = touched.iter().map(|(record, deeds)| record_explained(record, deeds, ask)).collect();
    explanation
}

fn names<'s>(sources: Sources<'s>, action: &Action) -> impl Iterator<Item = &'s crate::model::Target> {
    let events: Vec<usize> = action.events.clone();
    events.into_iter().flat_map(move |index| claims::targets(sources, index))
}

fn record_explained(record: &RecordKey, deeds: &[(Deed<'_>, Touched)], ask: Ask<'_>) -> RecordExplained {
    let sources = ask.sources;
    let on = |action: &&Action| names(sources, action).any(|target| target.record == *record);
    let parents: BTreeSet<&RecordKey> = (sources.actions.iter().filter(on))
        .flat_map(|action| names(sources, action))
        .filter(|target| target.record == *record)
        .filter_map(|target| target.parent.as_ref())
        .collect();
    // What others did decides about themselves; the question is about what the accessing side did, where it did.
    let ours = deeds.iter().filter(|(deed, _)| matches!(deed.ours, Ours::Yes | Ours::Contested));
    let relevant: Vec<_> = if ours.clone().next().is_some() { ours.collect() } else { deeds.iter().collect() };
    let decisions = sorted(relevant.iter().map(|(_, touch)| decision(&touch.ownership)));
    let mut claims = claims_on(record, None, &relevant, ask);
    for parent in &parents {
        claims.extend(claims_on(parent, Some(parent), &relevant, ask));
    }
    claims.sort_by(|a, b| {
        let key = |c: &ClaimExplained| (c.of_container.clone(), c.rank, c.org.clone(), c.from, c.event_ids.clone());
        key(a).cmp(&key(b))
    });
    let would_resolve = would_resolve(&decisions);
    let containers = parents.into_iter().cloned().collect();
    RecordExplained { record: record.clone(), containers, claims, decisions, would_resolve }
}

fn would_resolve(decisions: &[Decision]) -> Option<&'static str> {
    match () {
        () if decisions.iter().any(|d| d.owners.is_empty()) => Some(
            "nothing but the accessing side's own word or a returned id names its owner: a row in --catalogue, or an \
             event of the owner's own log, would",
        ),
        () if decisions.iter().any(|d| d.owners.len() > 1) => {
            Some("claims of equal rank disagree: a row in --catalogue that is valid at the time decides over both")
        }
        () => None,
    }
}

/// Every claim on a record, each with the events that make it.
fn claims_on(
    record: &RecordKey,
    container: Option<&RecordKey>,
    deeds: &[&(Deed<'_>, Touched)],
    ask: Ask<'_>,
) -> Vec<ClaimExplained> {
    let sources = ask.sources;
    let none: &[Action] = &[];
    let of_catalogue = claims::gather(Sources { actions: none, ..sources });
    let mut found: BTreeMap<(Claim, String), BTreeSet<usize>> = BTreeMap::new();
    let mut take = |claims: &Claims, scope: &str, events: &[usize]| {
        let said = events.iter().filter_map(|index| sources.tables.events.get(*index)?.time).min();
        // Alone, an action knows nothing of the other lives of the id: they are those of the whole log.
        let life = ask.claims.lives(record, scope).and_then(|lives| lives.of_moment(said));
        for claim in claims.of(record, scope) {
            let claim = Claim { life: life.filter(|_| claim.rule.rank() > 2), ..claim.clone() };
            found.entry((claim, scope.to_owned())).or_default().extend(events);
        }
    };
    let scopes: BTreeSet<String> = sources.catalogue.iter().map(|row| row.owner.to_string()).collect();
    for scope in scopes.iter().map(String::as_str).filter(|_| sources.profile.ids_per_org).chain([""]) {
        take(&of_catalogue, scope, &[]);
    }
    for action in sources.actions {
        let within = claims::Scopes::of(sources, 0, action.events.iter().copied());
        let scopes: BTreeSet<String> = names(sources, action)
            .filter(|target| target.record == *record)
            .map(|target| within.scope(target))
            .collect();
        if scopes.is_empty() {
            continue;
        }
        // One action alone, so that what is gathered is what this action says.
        let alone = claims::gather(Sources { actions: std::slice::from_ref(action), catalogue: &[], ..sources });
        for scope in &scopes {
            take(&alone, scope, &action.events);
        }
    }
    found
        .into_iter()
        .map(|((claim, scope), events)| {
            let lives = ask.claims.lives(record, &scope);
            let accessing = &ask.question.attackers;
            let same_life = |deed: &Deed<'_>| lives.is_none_or(|lives| lives.same(claim.life, deed.time, accessing));
            let deeds: Vec<_> = deeds.iter().copied().filter(|(deed, _)| same_life(deed)).collect();
            claim_explained(&claim, &events, container, &deeds, ask)
        })
        .collect()
}

fn claim_explained(
    claim: &Claim,
    events: &BTreeSet<usize>,
    container: Option<&RecordKey>,
    deeds: &[&(Deed<'_>, Touched)],
    ask: Ask<'_>,
) -> ClaimExplained {
    let believed = !own_word(claim, &ask.question.attackers);
    let decides = |(deed, touch): &(Deed<'_>, Touched)| {
        let Ownership { owners, rule, by_container, .. } = &touch.ownership;
        *rule == claim.rule
            && owners.contains(&claim.org)
            && claim.holds(deed.time)
            && *by_container == container.is_some()
    };
    let events = || events.iter().filter_map(|index| ask.sources.tables.events.get(*index));
    ClaimExplained {
        rank: claim.rule.rank(),
        rule: claim.rule,
        org: claim.org.clone(),
        of_container: container.cloned(),
        from: claim.valid.from,
        to: claim.valid.to,
        by: claim.by.iter().cloned().collect(),
        believed,
        decided: believed && deeds.iter().any(|deed| decides(deed)),
        event_ids: sorted(events().map(super::deed::citation)),
        evidence_refs: sorted(events().filter_map(|event| event.refs.first().copied())),
    }
}

fn decision(ownership: &Ownership) -> Decision {
    Decision {
        owners: ownership.owners.iter().cloned().collect(),
        rule: ownership.rule,
        by_container: ownership.by_container,
        overruled: ownership.overruled.iter().cloned().collect(),
    }
}

fn action_explained(deed: &Deed<'_>, records: &[Touched], ask: Ask<'_>) -> ActionExplained {
    let (sources, question) = (ask.sources, ask.question);
    let results = records.iter().map(|touch| {
        let access = judge::access(deed, touch, ask);
        ActionResult {
            record: touch.record.clone(),
            class: touch.class,
            confidence: access.confidence,
            standing: access.standing,
            owner: decision(&touch.ownership),
            basis: access.basis,
        }
    });
    ActionExplained {
        time: deed.time,
        in_window: deed.in_window(question),
        action: deed.shown(|e| &e.action),
        outcome: deed.outcome,
        http_status: deed.first(|e| e.http_status),
        counts_as: match deed.effect {
            Effect::Took => "it took effect: an access",
            Effect::May => "it may have taken effect: an access of unknown outcome",
            Effect::Not => "it took no effect: an attempt, never an access",
        },
        whose: match deed.ours {
            Ours::Yes => "the accessing side's",
            Ours::Contested => "contested: facts about the actor disagree",
            Ours::No => "somebody else's",
            Ours::Nobody => "nobody's: nothing attributes it",
        },
        attribution: belongs(deed, sources),
        credential_id: deed.shown(|e| &e.credential_id),
        source_ip: deed.shown(|e| &e.source_ip),
        logs: deed.all(|e| e.log_org.as_ref().map_or("", OrgId::as_str)),
        side: judge::side(deed, question),
        matched_by: matched_by(deed),
        results: results.collect(),
        event_ids: deed.citations(),
        evidence_refs: deed.places(),
    }
}

fn belongs(deed: &Deed<'_>, sources: Sources<'_>) -> Vec<Belongs> {
    let mut all: Vec<Belongs> = Vec::new();
    for (index, event) in &deed.events {
        let Some(attribution) = sources.attributions.get(*index) else { continue };
        let real = (&event.actor_id, false, Some(&attribution.real));
        let effective = (&event.effective_actor_id, true, attribution.effective.as_ref());
        for (who, effective, belonging) in [real, effective] {
            let Some(belonging) = belonging else { continue };
            let orgs = belonging.orgs.iter().cloned().collect();
            let one = Belongs { who: who.clone(), effective, orgs, rule: belonging.rule };
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// What made copies in different logs one action: the first of METHODOLOGY.md, rule 1, that fits all of them.
fn matched_by(deed: &Deed<'_>) -> &'static str {
    let alike = |pick: fn(&crate::model::Event) -> &str| {
        let values = deed.events.iter().map(|(_, event)| pick(event));
        wide(values.clone().collect::<BTreeSet<_>>().len()) == 1 && values.clone().all(|value| !value.is_empty())
    };
    match () {
        () if deed.events.len() < 2 => "stands in one log only",
        () if alike(|e| &e.shared_id) => "the same shared id",
        () if alike(|e| &e.source_id) => "the same event id and action",
        () => "the same request id and action",
    }
}
