//! What adds up for one pair of organisations, and for what has no owner.

use super::bulk;
use super::judge::Ownerless;
use crate::model::{
    Access, AccessClass, Attempt, Bound, BulkAction, Confidence, Moment, OrgId, Pair, RecordKey, Standing, wide,
};
use std::collections::{BTreeMap, BTreeSet};

/// First and last of what was seen.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    first: Option<Moment>,
    last: Option<Moment>,
}

impl Span {
    fn add(&mut self, time: Option<Moment>) {
        self.first = [self.first, time].into_iter().flatten().min();
        self.last = self.last.max(time);
    }
}

/// One pair so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Records with a direct access and the best confidence; with the owners where ids are unique only within one.
    records: BTreeMap<(RecordKey, Vec<String>), Confidence>,
    standings: BTreeSet<Standing>,
    accesses: u64,
    by_staff: u64,
    other_standing: u64,
    attempts: u64,
    bulk: Vec<BulkAction>,
    span: Span,
    /// Direct accesses whose outcome is unknown.
    pub(super) unknown: u64,
    /// Direct accesses whose owner or actor is contested.
    pub(super) contested: u64,
    /// Direct accesses by an action that the profile does not know.
    pub(super) unclassified: u64,
}

impl Tally {
    pub(super) fn access(&mut self, access: &Access, staff: bool, per_org: bool) {
        self.span.add(access.time);
        self.standings.insert(access.standing);
        if access.standing != Standing::Direct {
            self.other_standing = self.other_standing.saturating_add(1);
            return;
        }
        let count = |n: &mut u64, one: bool| *n = n.saturating_add(u64::from(one));
        count(&mut self.accesses, true);
        count(&mut self.by_staff, staff);
        count(&mut self.unknown, access.confidence == Confidence::Unknown);
        count(&mut self.contested, access.confidence == Confidence::Contested);
        count(&mut self.unclassified, access.class == AccessClass::Unclassified);
        let owners = if per_org { access.owners.clone() } else { Vec::new() };
        let best = self.records.entry((access.record.clone(), owners)).or_insert(access.confidence);
        *best = (*best).min(access.confidence);
    }

    pub(super) fn attempt(&mut self, attempt: &Attempt) {
        self.span.add(attempt.time);
        self.attempts = self.attempts.saturating_add(u64::try_from(attempt.count).unwrap_or(0));
    }

    pub(super) fn bulk(&mut self, row: BulkAction) {
        self.span.add(row.time);
        self.standings.insert(row.standing);
        self.bulk.push(row);
    }

    /// Bulk actions with an unknown outcome or a disputed count.
    pub(super) fn doubtful_bulk(&self) -> u64 {
        wide(self.bulk.iter().filter(|row| row.confidence != Confidence::Confirmed).count())
    }

    pub(super) fn finish(&self, attacker: &OrgId, victim: &OrgId) -> Pair {
        let mut by_confidence: BTreeMap<Confidence, u64> = BTreeMap::new();
        for confidence in self.records.values() {
            let n = by_confidence.entry(*confidence).or_default();
            *n = n.saturating_add(1);
        }
        let direct_bulk = self.bulk.iter().any(|row| row.standing == Standing::Direct && row.bound != Bound::AtMost(0));
        Pair {
            attacker: attacker.clone(),
            victim: victim.clone(),
            expected: self.accesses == self.by_staff && self.attempts == 0 && !direct_bulk,
            standings: self.standings.iter().copied().collect(),
            records: wide(self.records.len()),
            by_confidence,
            accesses: self.accesses,
            by_staff: self.by_staff,
            other_standing: self.other_standing,
            attempts: self.attempts,
            bulk: wide(self.bulk.len()),
            bulk_bound: bulk::total(&self.bulk),
            first: self.span.first,
            last: self.span.last,
        }
    }
}

/// What one organisation did to records without an owner so far.
#[derive(Debug, Default)]
pub(super) struct Open {
    records: BTreeSet<RecordKey>,
    accesses: u64,
    attempts: u64,
    bulk: u64,
    span: Span,
}

impl Open {
    pub(super) fn touch(&mut self, touch: &Ownerless) {
        self.span.add(touch.time);
        self.records.insert(touch.record.clone());
        self.accesses = self.accesses.saturating_add(1);
    }

    pub(super) fn attempt(&mut self, attempt: &Attempt) {
        self.span.add(attempt.time);
        self.attempts = self.attempts.saturating_add(u64::try_from(attempt.count).unwrap_or(0));
    }

    pub(super) fn bulk(&mut self, row: &BulkAction) {
        self.span.add(row.time);
        self.bulk = self.bulk.saturating_add(1);
    }

    pub(super) fn finish(&self, attacker: &OrgId) -> crate::model::Ownerless {
        crate::model::Ownerless {
            attacker: attacker.clone(),
            records: wide(self.records.len()),
            accesses: self.accesses,
            attempts: self.attempts,
            bulk: self.bulk,
            first: self.span.first,
            last: self.span.last,
        }
    }
}
