//! Truth against answer: every difference as one sentence.

use super::{AnswerTruth, AttemptTruth, BulkTruth, LedgerTruth, StandingTruth, UnresolvedTruth};
use crate::model::{Impact, Standing};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// Lists every row in which the answer differs from the truth; empty means equal.
///
/// Log text is quoted and escaped, so the sentences are safe to print.
pub fn compare(truth: &AnswerTruth, impact: &Impact) -> Vec<String> {
    truth.differences(&AnswerTruth::told_by(impact))
}

impl AnswerTruth {
    /// The columns of an answer that were planted, in the form of a truth.
    pub fn told_by(impact: &Impact) -> Self {
        let standing: BTreeSet<_> = standing(impact).collect();
        Self {
            ledger: ledger(impact).collect(),
            attempts: attempts(impact).collect(),
            bulk: bulk(impact).collect(),
            unresolved: unresolved(impact).collect(),
            other_standing: standing.into_iter().collect(),
        }
    }

    /// Lists every row that stands differently, or not equally often, in the answer; the order is no matter.
    pub fn differences(&self, answer: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let key = |r: &LedgerTruth| (r.record_type.clone(), r.record_id.clone());
        rows("ledger", key, &self.ledger, &answer.ledger, &mut found);
        let key = |r: &AttemptTruth| (r.record_type.clone(), r.record_id.clone(), r.actor_id.clone());
        rows("attempts", key, &added(&self.attempts), &added(&answer.attempts), &mut found);
        let key = |r: &BulkTruth| (r.kind, r.record_type.clone(), r.returned_count);
        rows("bulk", key, &self.bulk, &answer.bulk, &mut found);
        let key = |r: &UnresolvedTruth| (r.record_type.clone(), r.record_id.clone());
        rows("unresolved", key, &self.unresolved, &answer.unresolved, &mut found);
        let key = |r: &StandingTruth| (r.record_type.clone(), r.record_id.clone());
        rows("other standing", key, &self.other_standing, &answer.other_standing, &mut found);
        found
    }
}

fn ledger(impact: &Impact) -> impl Iterator<Item = LedgerTruth> {
    impact.records.iter().map(|r| LedgerTruth {
        record_type: r.record.record_type.clone(),
        record_id: r.record.record_id.clone(),
        class: r.class,
        confidence: r.confidence,
        classes: r.classes.clone(),
        access_count: r.access_count,
        first: r.first,
        last: r.last,
    })
}

fn attempts(impact: &Impact) -> impl Iterator<Item = AttemptTruth> {
    impact.attempts.iter().map(|a| AttemptTruth {
        record_type: a.record_type.clone(),
        record_id: a.record_id.clone(),
        owner_org: a.owners.join(";"),
        actor_id: a.actor_id.clone(),
        outcome: a.outcome,
        count: u64::try_from(a.count).unwrap_or(0),
    })
}

fn bulk(impact: &Impact) -> impl Iterator<Item = BulkTruth> {
    impact.bulk.iter().map(|b| BulkTruth {
        kind: b.kind,
        record_type: b.record_type.clone(),
        returned_count: b.returned_count,
        bound: b.bound.to_string(),
        scoped: b.scoped,
    })
}

fn unresolved(impact: &Impact) -> impl Iterator<Item = UnresolvedTruth> {
    impact.unresolved.iter().map(|u| UnresolvedTruth {
        record_type: u.record.record_type.clone(),
        record_id: u.record.record_id.clone(),
        class: u.class,
        access_count: u.access_count,
    })
}

fn standing(impact: &Impact) -> impl Iterator<Item = StandingTruth> {
    impact.accesses.iter().filter(|a| a.standing != Standing::Direct).map(|a| StandingTruth {
        record_type: a.record.record_type.clone(),
        record_id: a.record.record_id.clone(),
        standing: a.standing,
    })
}

/// Attempts that differ in time only, added up: how finely a paper splits them is not what was planted.
fn added(attempts: &[AttemptTruth]) -> Vec<AttemptTruth> {
    let mut sums: BTreeMap<AttemptTruth, u64> = BTreeMap::new();
    for attempt in attempts {
        let sum = sums.entry(AttemptTruth { count: 0, ..attempt.clone() }).or_default();
        *sum = sum.saturating_add(attempt.count);
    }
    sums.into_iter().map(|(attempt, count)| AttemptTruth { count, ..attempt }).collect()
}

/// Compares the rows of one paper key by key; under each key the same rows must stand on both sides.
fn rows<K: Ord, R: Ord + Debug>(
    paper: &str,
    key: impl Fn(&R) -> K,
    planted: &[R],
    told: &[R],
    found: &mut Vec<String>,
) {
    let mut by_key: BTreeMap<K, (Vec<&R>, Vec<&R>)> = BTreeMap::new();
    for row in planted {
        by_key.entry(key(row)).or_default().0.push(row);
    }
    for row in told {
        by_key.entry(key(row)).or_default().1.push(row);
    }
    for (mut planted, mut told) in by_key.into_values() {
        planted.sort();
        told.sort();
        if planted != told {
            found.push(sentence(paper, &planted, &told));
        }
    }
}

fn sentence<R: Debug>(paper: &str, planted: &[&R], told: &[&R]) -> String {
    match (planted, told) {
        ([], _) => format!("{paper}: not planted, and the answer says {told:?}"),
        (_, []) => format!("{paper}: the answer lacks {planted:?}"),
        _ => format!("{paper}: planted was {planted:?}, and the answer says {told:?}"),
    }
}
