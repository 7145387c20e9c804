//! Rule 3: credentials, sessions and members that an action made, followed to the end.

use super::attribution::Attribution;
use super::claims::{Ranges, targets_of};
use super::effect::{joined, telling};
use super::sides::Action;
use crate::model::{Event, MintKind, Moment, OrgId, Outcome, Tables, Target};
use std::collections::{BTreeMap, BTreeSet};

/// One making of something that can act on its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Made {
    /// Since when; none where the time is unknown.
    pub from: Option<Moment>,
    /// Whose action made it.
    pub by: BTreeSet<OrgId>,
    /// Inside which other organisations.
    pub into: BTreeSet<OrgId>,
    /// Whether it is the session of a login.
    pub by_login: bool,
}

/// Everything made, by kind and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Minted {
    /// How far apart the clocks of two logs may be, in microseconds.
    skew: i64,
    made: BTreeMap<(MintKind, String), BTreeSet<Made>>,
}

/// When the things that events make acted for the first time.
#[derive(Debug, Default)]
pub(super) struct FirstActs<'t> {
    /// How far apart the clocks of two logs may be, in microseconds.
    skew: i64,
    first: BTreeMap<(MintKind, &'t str), Option<Moment>>,
}

impl<'t> FirstActs<'t> {
    /// Looks only at what some event makes.
    pub(super) fn of(tables: &'t Tables, skew: i64) -> Self {
        let made = tables.events.iter().filter_map(|event| event.minted.as_ref());
        let mut first: BTreeMap<_, _> = made.map(|made| ((made.kind, made.id.as_str()), None)).collect();
        if first.is_empty() {
            return Self::default();
        }
        for event in &tables.events {
            let Some(time) = event.time else { continue };
            for (kind, id) in acting(event) {
                if let Some(known) = first.get_mut(&(kind, id)) {
                    *known = Some(known.map_or(time, |known: Moment| known.min(time)));
                }
            }
        }
        Self { skew, first }
    }

    fn before(&self, kind: MintKind, id: &str, moment: Option<Moment>) -> bool {
        let first = self.first.get(&(kind, id)).copied().flatten();
        matches!((first, moment), (Some(first), Some(moment)) if first.micros().saturating_add(self.skew) < moment.micros())
    }
}

/// Under which ids an event acts.
pub(super) fn acting(event: &Event) -> impl Iterator<Item = (MintKind, &str)> {
    let ids = [
        (MintKind::Credential, event.credential_id.as_str()),
        (MintKind::Session, event.session_id.as_str()),
        (MintKind::Member, event.actor_id.as_str()),
        (MintKind::Member, event.effective_actor_id.as_str()),
    ];
    ids.into_iter().filter(|(_, id)| !id.is_empty())
}

impl Minted {
    /// Nothing made yet, where clocks may differ by so much.
    pub(super) fn within(skew: i64) -> Self {
        Self { skew, made: BTreeMap::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// Notes what an action of known organisations made, if it succeeded.
    pub(super) fn note(
        &mut self,
        tables: &Tables,
        ranges: &Ranges,
        action: &Action,
        attributions: &[Attribution],
        first: &FirstActs<'_>,
    ) {
        let copies: Vec<(usize, &Event)> =
            action.events.iter().filter_map(|index| Some((*index, tables.events.get(*index)?))).collect();
        if copies.iter().all(|(_, event)| event.minted.is_none()) {
            return;
        }
        let told: Vec<&Event> = copies.iter().map(|(_, event)| *event).collect();
        let by = copies.iter().filter_map(|(index, _)| attributions.get(*index));
        let by: BTreeSet<OrgId> = by.flat_map(Attribution::everyone).collect();
        if by.is_empty() || joined(&telling(&told)) != Outcome::Success {
            return;
        }
        let from = told.iter().filter_map(|event| event.time).min();
        let inside = |(index, event): &(usize, &Event)| inside(event, targets_of(tables, ranges, *index), &by);
        let into: BTreeSet<OrgId> = copies.iter().flat_map(inside).collect();
        for made in told.iter().filter_map(|event| event.minted.as_ref()) {
            // What acted before was not made here: an invited guest stays whose he was.
            if !first.before(made.kind, &made.id, from) {
                let by_login = told.iter().any(|event| event.verb.is_session());
                let made_so = Made { from, by: by.clone(), into: into.clone(), by_login };
                self.made.entry((made.kind, made.id.clone())).or_default().insert(made_so);
            }
        }
    }

    /// What was made of an id, as far as it had been by then.
    pub(super) fn of(&self, kind: MintKind, id: &str, at: Option<Moment>) -> impl Iterator<Item = &Made> {
        let made = if self.made.is_empty() || id.is_empty() { None } else { self.made.get(&(kind, id.to_owned())) };
        let known = move |made: &&Made| match (made.from, at) {
            (Some(from), Some(at)) => from.micros() <= at.micros().saturating_add(self.skew),
            _ => true,
        };
        made.into_iter().flatten().filter(known)
    }

    /// Whose it is by its making alone.
    pub(super) fn makers(&self, kind: MintKind, id: &str, at: Option<Moment>) -> BTreeSet<OrgId> {
        self.of(kind, id, at).flat_map(|made| made.by.iter().cloned()).collect()
    }

    /// Every id of a kind that one of some organisations made.
    pub(super) fn ids_by<'m>(&'m self, kind: MintKind, orgs: &'m BTreeSet<OrgId>) -> impl Iterator<Item = &'m str> {
        let theirs = |made: &BTreeSet<Made>| made.iter().any(|made| !made.by.is_disjoint(orgs));
        self.made.iter().filter(move |((k, _), made)| *k == kind && theirs(made)).map(|((_, id), _)| id.as_str())
    }
}

/// Inside which organisations something was made: others than its maker's, or than one of those who may be.
pub(super) fn inside(event: &Event, targets: &[Target], by: &BTreeSet<OrgId>) -> BTreeSet<OrgId> {
    let foreign = |org: &&OrgId| by.iter().any(|maker| maker != *org);
    let named = targets.iter().filter_map(|target| target.record_org.as_ref()).filter(foreign);
    let named: BTreeSet<OrgId> = named.cloned().collect();
    if !named.is_empty() {
        return named;
    }
    event.scope_org.iter().find(foreign).or_else(|| event.log_org.iter().find(foreign)).cloned().into_iter().collect()
}
