//! From deeds to rows: accesses, attempts, unresolved records.

use super::ask::Ask;
use super::basis::{basis, owner_words, why_unresolved};
use super::deed::{Deed, Ours, Touched};
use super::effect::Effect;
use super::question::CrossOrg;
use super::shares::Covered;
use crate::model::{Access, AccessClass, Attempt, Confidence, Lead, RecordKey, Side, Standing};

/// What the deeds of a question come to.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Accesses of every standing.
    pub accesses: Vec<Access>,
    /// Attempts, one row each.
    pub attempts: Vec<Attempt>,
    /// Accesses to records whose owner nothing shows.
    pub ownerless: Vec<Ownerless>,
    /// Successful actions that the profile does not know and that name no decided owner.
    pub unclassified: u64,
    /// Accesses and attempts without a usable time.
    pub time_unknown: u64,
    /// Accesses and attempts with a conflict under their id.
    pub conflicts: u64,
    /// Actions that may concern the victim and that nothing attributes.
    pub unattributed: u64,
    /// Accesses to records that a stronger claim gives to someone else than the victim.
    pub leads: Vec<Lead>,
}

/// One access to a record whose owner nothing shows.
#[derive(Clone, Debug)]
pub(super) struct Ownerless {
    /// The record.
    pub record: RecordKey,
    /// What was done.
    pub class: AccessClass,
    /// When.
    pub time: Option<crate::model::Moment>,
    /// Why no owner.
    pub why: String,
}

impl Judgement {
    /// Judges one deed inside the window.
    pub(super) fn judge(&mut self, deed: &Deed<'_>, ask: Ask<'_>) {
        match deed.ours {
            Ours::No => return,
            Ours::Nobody => return self.nobody(deed, ask),
            Ours::Yes | Ours::Contested => {}
        }
        let touched = deed.touched(ask.sources, ask.claims, &ask.question.attackers);
        let mut concerned = false;
        for touch in &touched {
            concerned |= self.touch(deed, touch, ask);
        }
        if touched.is_empty() {
            concerned |= self.without_record(deed, ask.question);
        }
        // What a bulk action handed out of the victim's it need not have named.
        concerned |= super::bulk::is_scoped_bulk(deed, ask);
        if concerned {
            self.time_unknown = self.time_unknown.saturating_add(u64::from(deed.time.is_none()));
            self.conflicts = self.conflicts.saturating_add(u64::from(deed.in_conflict()));
        }
    }

    /// One record of a deed; says whether it concerns the question.
    pub(super) fn touch(&mut self, deed: &Deed<'_>, touch: &Touched, ask: Ask<'_>) -> bool {
        let question = ask.question;
        let owners = &touch.ownership.owners;
        let victim = owners.iter().any(|org| question.is_victim(org));
        // What another organisation merely changed or read may still be the victim's: a refusal there is listed.
        let weak = deed.effect == Effect::Not && touch.ownership.rule.rank() > 3;
        if !victim && !owners.is_empty() && !weak {
            self.overruled(deed, touch, question);
            return false;
        }
        if deed.effect == Effect::Not {
            let owners = if victim { owners.iter().map(ToString::to_string).collect() } else { Vec::new() };
            self.attempts.push(attempt(deed, &touch.record.record_type, &touch.record.record_id, owners));
        } else if victim {
            self.accesses.push(access(deed, touch, ask));
        } else {
            let unclassified = touch.class == AccessClass::Unclassified;
            self.unclassified = self.unclassified.saturating_add(u64::from(unclassified));
            let why = why_unresolved(deed, touch, ask);
            let (record, class) = (touch.record.clone(), touch.class);
            self.ownerless.push(Ownerless { record, class, time: deed.time, why });
        }
        true
    }

    /// A record that a stronger claim gives to someone else, though something says that it is the victim's: a lead.
    fn overruled(&mut self, deed: &Deed<'_>, touch: &Touched, question: &CrossOrg) {
        let Some(victim) = touch.ownership.overruled.iter().find(|org| question.is_victim(org)) else { return };
        let owners: Vec<_> = touch.ownership.owners.iter().map(ToString::to_string).collect();
        self.leads.push(Lead {
            kind: "owner_decided_otherwise".to_owned(),
            subject: touch.record.record_id.clone(),
            detail: format!(
                "{} {}: {} owns it by {}; a weaker claim says {victim}",
                touch.record.record_type,
                touch.class,
                owners.join(", "),
                owner_words(touch)
            ),
            count: 1,
            event_ids: deed.citations(),
        });
    }

    /// A deed that names no record: an attempt is listed here, an access is a bulk row elsewhere.
    pub(super) fn without_record(&mut self, deed: &Deed<'_>, question: &CrossOrg) -> bool {
        let Some((_, event)) = deed.events.first() else { return false };
        if event.verb.is_session() {
            return false;
        }
        if deed.effect == Effect::Not {
            let owners = super::bulk::ran_over(deed, question).into_iter().map(ToString::to_string).collect();
            self.attempts.push(attempt(deed, &deed.shown(|e| &e.scope_type), "", owners));
        } else if event.verb.class() == AccessClass::Unclassified {
            self.unclassified = self.unclassified.saturating_add(1);
        }
        true
    }

    /// A deed that nothing attributes, on a record of the victim: counted, and the answer is a lower bound.
    fn nobody(&mut self, deed: &Deed<'_>, ask: Ask<'_>) {
        let question = ask.question;
        let system = |event: &crate::model::Event| ask.sources.profile.system_types.contains(&event.actor_type);
        let session = deed.events.iter().any(|(_, event)| event.verb.is_session());
        if deed.effect == Effect::Not || session || deed.events.iter().any(|(_, event)| system(event)) {
            return;
        }
        let touched = deed.touched(ask.sources, ask.claims, &ask.question.attackers);
        let of_victim = touched
            .iter()
            .any(|t| t.ownership.owners.is_empty() || t.ownership.owners.iter().any(|org| question.is_victim(org)));
        // Nobody's action on nobody's record may be the very one that is looked for.
        if of_victim || (touched.is_empty() && deed.in_log_of_question(question)) {
            self.unattributed = self.unattributed.saturating_add(1);
        }
    }
}

/// The row of one access.
pub(super) fn access(deed: &Deed<'_>, touch: &Touched, ask: Ask<'_>) -> Access {
    let confidence = confidence(deed, touch);
    let text = |pick: fn(&crate::model::Event) -> &str| deed.shown(pick);
    let actor_id = text(|e| &e.actor_id);
    Access {
        time: deed.time,
        record: touch.record.clone(),
        owners: touch.ownership.owners.iter().map(ToString::to_string).collect(),
        class: touch.class,
        confidence,
        standing: standing(deed, touch, ask),
        other_actor_ids: deed.all(|e| &e.actor_id).into_iter().filter(|id| *id != actor_id).collect(),
        actor_id,
        effective_actor_id: text(|e| &e.effective_actor_id),
        credential_id: text(|e| &e.credential_id),
        session_id: text(|e| &e.session_id),
        source_ip: text(|e| &e.source_ip),
        outcome: deed.outcome,
        http_status: deed.first(|e| e.http_status),
        request_id: text(|e| &e.request_id),
        side: side(deed, ask.question),
        repeats: deed.repeats(),
        owner_rule: touch.ownership.rule,
        attribution_rule: deed.attribution_rule,
        event_ids: deed.citations(),
        evidence_refs: deed.places(),
        basis: basis(deed, touch, ask),
    }
}

/// The weakest of three legs: access, ownership, attribution.
pub(super) fn confidence(deed: &Deed<'_>, touch: &Touched) -> Confidence {
    let access = if deed.effect == Effect::May { Confidence::Unknown } else { Confidence::Confirmed };
    let ownership = if touch.ownership.owners.len() > 1 { Confidence::Contested } else { Confidence::Confirmed };
    let attribution = if is_doubtful(deed) { Confidence::Contested } else { Confidence::Confirmed };
    access.max(ownership).max(attribution)
}

/// Whether it is uncertain who acted.
pub(super) fn is_doubtful(deed: &Deed<'_>) -> bool {
    deed.ours == Ours::Contested || deed.disputed || deed.by_anyone
}

pub(super) fn standing(deed: &Deed<'_>, touch: &Touched, ask: Ask<'_>) -> Standing {
    if deed.standing != Standing::Direct {
        return deed.standing;
    }
    let shared = || ask.leave.covers(touch, deed.time, (ask.claims, &ask.question.attackers)) == Covered::Yes;
    let record = &touch.record;
    let granted = ask.question.grants(&record.record_type, Some(&record.record_id), deed.time);
    if granted || shared() { Standing::Authorised } else { Standing::Direct }
}

pub(super) fn side(deed: &Deed<'_>, question: &CrossOrg) -> Side {
    let logs = || deed.events.iter().filter_map(|(_, event)| event.log_org.as_ref());
    match (logs().any(|org| question.is_victim(org)), logs().any(|org| !question.is_victim(org))) {
        (true, true) => Side::Both,
        (true, false) => Side::V,
        (false, _) => Side::A,
    }
}

fn attempt(deed: &Deed<'_>, record_type: &str, record_id: &str, owners: Vec<String>) -> Attempt {
    Attempt {
        time: deed.time,
        record_type: record_type.to_owned(),
        record_id: record_id.to_owned(),
        owners,
        actor_id: deed.shown(|e| &e.actor_id),
        credential_id: deed.shown(|e| &e.credential_id),
        session_id: deed.shown(|e| &e.session_id),
        source_ip: deed.shown(|e| &e.source_ip),
        outcome: deed.outcome,
        http_status: deed.first(|e| e.http_status),
        reason: deed.shown(|e| &e.outcome_reason),
        count: deed.repeats().saturating_add(1),
        event_ids: deed.citations(),
        evidence_refs: deed.places(),
    }
}
