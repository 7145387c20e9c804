//! One action of the accessing organisation, all its copies seen as one.

use super::attribution::Attribution;
use super::claims::{self, Claims, Scopes, Sources};
use super::effect::{Effect, effect, joined, telling};
use super::ownership::{ClaimedRecord, Ownership, decide};
use super::question::CrossOrg;
use super::sides::Action;
use super::standing::{Impersonator, standing};
use crate::model::{
    AccessClass, AttributionRule, Event, EventCitation, EvidenceRef, Moment, OrgId, Outcome, RecordKey, Relation,
    Standing, Target, wide,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whether an action is the accessing organisation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ours {
    /// It is.
    Yes,
    /// Equal facts disagree.
    Contested,
    /// It is not.
    No,
    /// Nothing attributes it.
    Nobody,
}

/// What is known of an action before its records are judged.
#[derive(Clone, Debug)]
pub(super) struct Deed<'s> {
    /// Position among the actions.
    pub number: usize,
    /// Its copies, in order.
    pub events: Vec<(usize, &'s Event)>,
    /// Whose it is.
    pub ours: Ours,
    /// Which fact says so.
    pub attribution_rule: AttributionRule,
    /// By what right, as far as the actor tells.
    pub standing: Standing,
    /// Whether it took effect.
    pub effect: Effect,
    /// How it ended, over all copies.
    pub outcome: Outcome,
    /// The earliest time of a copy.
    pub time: Option<Moment>,
    /// Whether copies or versions disagree.
    pub disputed: bool,
    /// Whether somebody is impersonated, and nothing says by whose people.
    pub by_anyone: bool,
}

/// A record of a deed with its owner.
#[derive(Clone, Debug)]
pub(super) struct Touched {
    /// The record.
    pub record: RecordKey,
    /// The strongest class among what the deed did to it.
    pub class: AccessClass,
    /// The owner.
    pub ownership: Ownership,
    /// The copies that name it.
    pub named_by: BTreeSet<usize>,
    /// Its container.
    pub parent: Option<RecordKey>,
    /// Within which its id is unique; empty where ids are global.
    pub scope: String,
}

/// The rows of one record among a deed's targets, and its container.
#[derive(Default)]
struct Named<'s> {
    targets: Vec<(usize, &'s Target)>,
    parent: Option<&'s RecordKey>,
}

impl<'s> Deed<'s> {
    /// Looks at an action; none if it holds no event.
    pub(super) fn of(sources: Sources<'s>, question: &CrossOrg, number: usize, action: &Action) -> Option<Self> {
        let events: Vec<_> = action.events.iter().filter_map(|i| Some((*i, sources.tables.events.get(*i)?))).collect();
        let attributions: Vec<_> = events.iter().filter_map(|(i, _)| sources.attributions.get(*i)).collect();
        let (ours, attribution_rule) = ours(&attributions, question);
        let profile = sources.profile;
        let telling = telling(&events.iter().map(|(_, event)| *event).collect::<Vec<_>>());
        let outcome = joined(&telling);
        let effect = match outcome {
            Outcome::Success => Effect::Took,
            Outcome::Unknown => Effect::May,
            Outcome::Denied | Outcome::Failure => telling.iter().map(|event| effect(event, profile)).min()?,
        };
        Some(Self {
            number,
            ours,
            attribution_rule,
            standing: standing(&events, &attributions, question, profile),
            effect,
            outcome,
            time: events.iter().filter_map(|(_, event)| event.time).min(),
            by_anyone: Impersonator::of(&events, &attributions, profile).is_some_and(|one| one.may_be_anyone()),
            disputed: events.iter().any(|(_, event)| event.disagreement.orgs) || actors_differ(&events, question),
            events,
        })
    }

    /// Whether it lies in the window; at an unknown time it may.
    pub(super) fn in_window(&self, question: &CrossOrg) -> bool {
        let mut times = self.events.iter().filter_map(|(_, event)| event.time).peekable();
        times.peek().is_none() || times.any(|time| question.window.contains(time))
    }

    /// Its first event: the one whose fields are shown.
    pub(super) fn shown(&self, pick: impl Fn(&Event) -> &str) -> String {
        self.events.iter().map(|(_, event)| pick(event)).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    }

    /// Every value that copies have, sorted.
    pub(super) fn all(&self, pick: impl Fn(&Event) -> &str) -> Vec<String> {
        sorted(self.events.iter().map(|(_, event)| pick(event)).filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// The largest value that a copy has, and whether copies disagree.
    pub(super) fn largest(&self, pick: impl Fn(&Event) -> Option<i64>) -> (Option<i64>, bool) {
        let values = sorted(self.events.iter().filter_map(|(_, event)| pick(event)));
        (values.last().copied(), values.len() > 1)
    }

    /// The first value that a copy has.
    pub(super) fn first<T>(&self, pick: impl Fn(&Event) -> Option<T>) -> Option<T> {
        self.events.iter().find_map(|(_, event)| pick(event))
    }

    /// Whether a copy lies in a victim's log.
    pub(super) fn in_victim_log(&self, question: &CrossOrg) -> bool {
        self.events.iter().any(|(_, event)| event.log_org.as_ref().is_some_and(|org| question.is_victim(org)))
    }

    /// Whether a copy lies in the log of an organisation of the question, or nothing says in whose log.
    pub(super) fn in_log_of_question(&self, question: &CrossOrg) -> bool {
        let asked = |org: &OrgId| question.is_victim(org) || question.is_attacker(org);
        self.events.iter().any(|(_, event)| event.log_org.as_ref().is_none_or(asked))
    }

    /// Every id by which its events are cited, sorted.
    pub(super) fn citations(&self) -> Vec<EventCitation> {
        sorted(self.events.iter().map(|(_, event)| citation(event)))
    }

    /// Every place of its bytes, sorted.
    pub(super) fn places(&self) -> Vec<EvidenceRef> {
        sorted(self.events.iter().flat_map(|(_, event)| event.refs.iter().copied()))
    }

    /// Like events that the source left out after it.
    pub(super) fn repeats(&self) -> i64 {
        self.events.iter().map(|(_, event)| event.repeats).max().unwrap_or(0)
    }

    /// Whether other content was delivered under an id of it.
    pub(super) fn in_conflict(&self) -> bool {
        self.events.iter().any(|(_, event)| event.disagreement.any)
    }

    /// The targets of its copies.
    pub(super) fn targets(&self, sources: Sources<'s>) -> impl Iterator<Item = (usize, &'s Target)> {
        let events: Vec<usize> = self.events.iter().map(|(index, _)| *index).collect();
        events.into_iter().flat_map(move |index| claims::targets(sources, index).iter().map(move |t| (index, t)))
    }

    /// Within which organisation its ids are unique.
    pub(super) fn scopes(&self, sources: Sources<'s>) -> Scopes<'s> {
        Scopes::of(sources, self.number, self.events.iter().map(|(index, _)| *index))
    }

    /// The records that it names, each once, with their owners.
    pub(super) fn touched(&self, sources: Sources<'s>, claims: &Claims, accessing: &BTreeSet<OrgId>) -> Vec<Touched> {
        let mut records: BTreeMap<(&RecordKey, String), Named<'_>> = BTreeMap::new();
        let scopes = self.scopes(sources);
        for (index, target) in self.targets(sources) {
            let scope = scopes.scope(target);
            let entry = records.entry((&target.record, scope)).or_default();
            entry.targets.push((index, target));
            entry.parent = entry.parent.or(target.parent.as_ref());
        }
        let mut touched = Vec::new();
        for ((key, scope), Named { targets, parent }) in records {
            let claimed = ClaimedRecord { key, scope, parent };
            touched.push(Touched {
                record: key.clone(),
                class: targets.iter().map(|(_, t)| t.class).min().unwrap_or(AccessClass::Unclassified),
                ownership: decide(claims, &claimed, self.time, accessing),
                named_by: targets.iter().map(|(index, _)| *index).collect(),
                parent: parent.cloned(),
                scope: claimed.scope,
            });
        }
        touched
    }

    /// Whether a copy counts what it returned, changed or matched.
    pub(super) fn is_counted(&self) -> bool {
        self.first(|event| event.returned_count.or(event.total_count)).is_some()
    }

    /// How many distinct ids it returned, or acted on in bulk.
    pub(super) fn ids_logged(&self, sources: Sources<'s>) -> u64 {
        let counted = self.is_counted();
        let ids: BTreeSet<&RecordKey> = self
            .targets(sources)
            .filter(|(_, t)| t.relation == Relation::Returned || (counted && t.listed))
            .map(|(_, t)| &t.record)
            .collect();
        wide(ids.len())
    }
}

/// Copies of one action that name different actors, or organisations of one, disagree about who acted.
fn actors_differ(events: &[(usize, &Event)], question: &CrossOrg) -> bool {
    let apart = |pick: fn(&Event) -> &str| {
        let ids: BTreeSet<&str> = events.iter().map(|(_, event)| pick(event)).filter(|id| !id.is_empty()).collect();
        ids.len() > 1
    };
    // Organisations that are asked about together are one accessing side.
    let strangers = |pick: fn(&Event) -> Option<&OrgId>| {
        let orgs: BTreeSet<&OrgId> = events.iter().filter_map(|(_, event)| pick(event)).collect();
        orgs.len() > 1 && !orgs.iter().all(|org| question.is_attacker(org))
    };
    apart(|event| &event.actor_id)
        || apart(|event| &event.effective_actor_id)
        || strangers(|event| event.actor_org.as_ref())
        || strangers(|event| event.effective_actor_org.as_ref())
}

/// How an event is cited: its id, or 12 digits of its content.
pub(super) fn citation(event: &Event) -> EventCitation {
    match event.source_id.as_str() {
        "" => format!("sha256:{}", event.content_hash.get(..12).unwrap_or(&event.content_hash)),
        id => id.to_owned(),
    }
}

pub(super) fn sorted<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    values.into_iter().collect::<BTreeSet<T>>().into_iter().collect()
}

fn ours(attributions: &[&Attribution], question: &CrossOrg) -> (Ours, AttributionRule) {
    let real: BTreeSet<&OrgId> = attributions.iter().flat_map(|a| &a.real.orgs).collect();
    let effective: BTreeSet<&OrgId> =
        attributions.iter().filter_map(|a| a.effective.as_ref()).flat_map(|e| &e.orgs).collect();
    let jobs_of: BTreeSet<&OrgId> = attributions.iter().flat_map(|a| &a.real.jobs_of).collect();
    let belongings = attributions.iter().flat_map(|a| std::iter::once(&a.real).chain(&a.effective));
    let attacker = |org: &&OrgId| question.is_attacker(org);
    let rule = belongings
        .clone()
        .filter(|b| b.orgs.iter().any(|org| question.is_attacker(org)))
        .map(|b| b.rule)
        .min()
        .unwrap_or(if jobs_of.iter().any(attacker) { AttributionRule::Job } else { AttributionRule::Nothing });
    // One person's facts are decided when they name one organisation only, or only accessing ones.
    let certain = |orgs: &BTreeSet<&OrgId>| !orgs.is_empty() && orgs.iter().all(attacker);
    let touched = |orgs: &BTreeSet<&OrgId>| orgs.iter().any(attacker);
    let ours = match () {
        () if certain(&real) || certain(&effective) => Ours::Yes,
        () if touched(&real) || touched(&effective) || touched(&jobs_of) => Ours::Contested,
        () if real.is_empty() && effective.is_empty() => Ours::Nobody,
        () => Ours::No,
    };
    (ours, rule)
}
