//! An action: the copies and phases of one deed, read as one.

use super::event::{Event, Outcome, Phase, Record, Verb};
use super::{Ids, Question, Time, copies, identity};
use std::collections::BTreeSet;

/// A record of an action, over all copies.
#[derive(Clone, Debug)]
pub(crate) struct Touched {
    pub record: Record,
    /// Organisations named for it.
    pub orgs: Ids,
    /// Containers named for it.
    pub parents: BTreeSet<Record>,
    /// Whether some copy says that it was acted on.
    pub acted: bool,
    /// Whether some copy says that it was returned.
    pub returned: bool,
    /// Whether some copy has it acted on and in a list.
    pub affected: bool,
}

/// One action.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// Places of its events in the order of events.
    pub at: Vec<usize>,
    pub copies: Vec<Event>,
    pub time: Time,
    pub logs: Ids,
    pub verb: Verb,
    pub outcome: Outcome,
    /// Whether it may have taken effect though it failed.
    pub may: bool,
    pub touched: Vec<Touched>,
    pub returned: Option<i64>,
    pub total: Option<i64>,
    /// Whether copies give different counts.
    pub counts_differ: bool,
    /// Whether copies name different people, or versions different organisations.
    pub actors_differ: bool,
}

/// All actions, in the order of their first events.
pub(crate) fn actions(events: &[Event], question: &Question) -> Vec<Action> {
    copies::actions(events)
        .into_iter()
        .map(|at| {
            let copies: Vec<Event> = at.iter().map(|i| events[*i].clone()).collect();
            action(at, copies, question)
        })
        .collect()
}

fn action(at: Vec<usize>, copies: Vec<Event>, question: &Question) -> Action {
    let (outcome, may) = ending(&copies);
    let differ = |counts: Vec<Option<i64>>| counts.into_iter().flatten().collect::<BTreeSet<_>>().len() > 1;
    let whole: Vec<&Event> = copies.iter().collect();
    let counts = |of: fn(&Event) -> Option<i64>| whole.iter().map(|e| of(e)).collect::<Vec<_>>();
    let apart = |of: fn(&Event) -> String| copies.iter().map(of).filter(|t| !t.is_empty()).collect::<Ids>().len() > 1;
    // Several organisations that are asked about together are one accessing side.
    let strangers = |of: fn(&Event) -> String| {
        let orgs: Ids = copies.iter().map(of).filter(|org| !org.is_empty()).collect();
        orgs.len() > 1 && !orgs.is_subset(&question.attackers)
    };
    Action {
        time: copies.iter().filter_map(|e| e.time).min(),
        logs: copies.iter().map(|e| e.log.clone()).filter(|log| !log.is_empty()).collect(),
        verb: copies[0].verb,
        outcome,
        may,
        touched: touched(&copies, question.per_org),
        returned: counts(|e| e.returned).into_iter().flatten().max(),
        total: counts(|e| e.total).into_iter().flatten().max(),
        counts_differ: differ(counts(|e| e.returned)) || differ(counts(|e| e.total)),
        actors_differ: apart(|e| e.actor.id.clone())
            || strangers(|e| e.actor.org.clone())
            || apart(|e| e.effective.as_ref().map(|p| p.id.clone()).unwrap_or_default())
            || strangers(|e| e.effective.as_ref().map(|p| p.org.clone()).unwrap_or_default())
            || copies.iter().any(|e| e.torn_actor),
        at,
        copies,
    }
}

/// How an action ended, and whether it may have taken effect though it failed.
fn ending(copies: &[Event]) -> (Outcome, bool) {
    let completed = copies.iter().any(|e| e.phase == Phase::Completion);
    let deciding: Vec<&Event> = copies.iter().filter(|e| !completed || e.phase == Phase::Completion).collect();
    let said: BTreeSet<Outcome> = deciding.iter().filter(|e| identity::says_outcome(e)).map(|e| e.outcome).collect();
    let mut outcome = if said.len() == 1 { *said.first().unwrap() } else { Outcome::Unknown };
    let open = deciding.iter().all(|e| e.phase == Phase::Intent);
    if open && outcome == Outcome::Success {
        outcome = Outcome::Unknown;
    }
    (outcome, outcome == Outcome::Failure && deciding.iter().any(|e| e.outcome == Outcome::Failure && may(e)))
}

/// Section 6: a server error or a time-out of what changes, exports or is unknown.
fn may(e: &Event) -> bool {
    let reason = e.reason.to_lowercase();
    let late = ["time out", "timeout", "deadline"].iter().any(|word| reason.contains(word));
    let broken = e.status.is_some_and(|s| s >= 500 || s == 408);
    let changes = matches!(e.verb, Verb::Create | Verb::Update | Verb::Delete | Verb::Export | Verb::Unclassified);
    changes && (late || broken)
}

/// Every record of the copies once. Where ids are per organisation, a bare id takes the organisation of another copy.
fn touched(copies: &[Event], per_org: bool) -> Vec<Touched> {
    let named: Vec<Record> =
        copies.iter().flat_map(|e| e.targets.iter().map(|t| t.record.clone())).filter(|r| !r.org.is_empty()).collect();
    let mut all: Vec<Touched> = Vec::new();
    for target in copies.iter().flat_map(|e| &e.targets) {
        let bare = |r: &&Record| {
            per_org && target.record.org.is_empty() && r.kind == target.record.kind && r.id == target.record.id
        };
        let record = named.iter().filter(bare).min_by_key(|r| &r.org).unwrap_or(&target.record).clone();
        let at = all.iter().position(|t| t.record == record).unwrap_or_else(|| {
            all.push(Touched {
                record,
                orgs: Ids::new(),
                parents: BTreeSet::new(),
                acted: false,
                returned: false,
                affected: false,
            });
            all.len() - 1
        });
        all[at].orgs.extend(target.orgs.iter().cloned());
        all[at].parents.extend(target.parent.clone());
        all[at].acted |= !target.returned;
        all[at].returned |= target.returned;
        all[at].affected |= !target.returned && target.listed;
    }
    all
}

impl Action {
    /// Whether it took effect, or may have.
    pub(crate) fn effect(&self) -> bool {
        matches!(self.outcome, Outcome::Success | Outcome::Unknown) || self.may
    }

    /// Whether it took effect.
    pub(crate) fn success(&self) -> bool {
        self.outcome == Outcome::Success
    }

    /// Whether it is a login or a logout.
    pub(crate) fn is_session(&self) -> bool {
        matches!(self.verb, Verb::Login | Verb::Logout)
    }

    /// Everything that its copies say in one field.
    pub(crate) fn all(&self, of: impl Fn(&Event) -> &str) -> Ids {
        self.copies.iter().map(|e| of(e).to_owned()).filter(|text| !text.is_empty()).collect()
    }

    /// The first thing that its copies say in one field.
    pub(crate) fn first(&self, of: impl Fn(&Event) -> &str) -> String {
        self.copies.iter().map(|e| of(e).to_owned()).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Who really acted.
    pub(crate) fn actor(&self) -> String {
        self.first(|e| &e.actor.id)
    }

    /// Like events that the source left out.
    pub(crate) fn repeats(&self) -> i64 {
        self.copies.iter().map(|e| e.repeats).max().unwrap_or(0)
    }

    /// Whether somebody acted as somebody else.
    pub(crate) fn impersonated(&self) -> bool {
        self.copies.iter().any(|e| e.effective.is_some())
    }

    /// Ids of whom it was done as.
    pub(crate) fn effective_ids(&self) -> Ids {
        self.copies
            .iter()
            .filter_map(|e| e.effective.as_ref())
            .map(|p| p.id.clone())
            .filter(|id| !id.is_empty())
            .collect()
    }

    /// Organisations named for whom it was done as.
    pub(crate) fn effective_orgs(&self) -> Ids {
        self.copies
            .iter()
            .filter_map(|e| e.effective.as_ref())
            .map(|p| p.org.clone())
            .filter(|o| !o.is_empty())
            .collect()
    }

    /// Whether the source delivered other content under one of its ids.
    pub(crate) fn conflict(&self) -> bool {
        self.copies.iter().any(|e| e.conflict)
    }

    /// How the events are cited: by id, or by content where there is none.
    pub(crate) fn cited(&self) -> Ids {
        let cite = |e: &Event| if e.id.is_empty() { "sha256:".to_owned() } else { e.id.clone() };
        self.copies.iter().map(cite).collect()
    }
}
