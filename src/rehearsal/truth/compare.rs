//! Truth against answer: every difference as one sentence.

use super::{AnswerTruth, AttemptTruth, BulkTruth, LedgerTruth, StandingTruth, UnresolvedTruth};
use crate::model::{AccessClass, Confidence, Impact, LedgerRecord, Moment, Standing};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// Lists every row in which the answer differs from the truth; empty means equal.
///
/// Log text is quoted and escaped, so the sentences are safe to print.
pub fn compare(truth: &AnswerTruth, impact: &Impact) -> Vec<String> {
    let mut found = Vec::new();
    keyed("ledger", ledger_planted(truth), ledger_answered(impact), &mut found);
    keyed("attempts", attempts_planted(truth), attempts_answered(impact), &mut found);
    counted("bulk", &truth.bulk, &bulk_answered(impact), &mut found);
    keyed("unresolved", unresolved_planted(truth), unresolved_answered(impact), &mut found);
    counted("standing", &truth.other_standing, &standing_answered(impact), &mut found);
    found
}

type Record = (String, String);

/// The columns of a ledger row that were planted, in the order in which a reader wants them.
#[derive(Debug, PartialEq)]
struct Row<'a> {
    class: AccessClass,
    confidence: Confidence,
    classes: &'a BTreeMap<AccessClass, Confidence>,
    access_count: u64,
    first: Option<Moment>,
    last: Option<Moment>,
}

fn ledger_planted(truth: &AnswerTruth) -> Vec<(Record, Row<'_>)> {
    let key = |t: &LedgerTruth| (t.record_type.clone(), t.record_id.clone());
    truth.ledger.iter().map(|t| (key(t), Row::planted(t))).collect()
}

fn ledger_answered(impact: &Impact) -> Vec<(Record, Row<'_>)> {
    let key = |r: &LedgerRecord| (r.record.record_type.clone(), r.record.record_id.clone());
    impact.records.iter().map(|r| (key(r), Row::answered(r))).collect()
}

impl<'a> Row<'a> {
    const fn planted(t: &'a LedgerTruth) -> Self {
        let LedgerTruth { class, confidence, access_count, first, last, .. } = *t;
        Self { class, confidence, classes: &t.classes, access_count, first: Some(first), last: Some(last) }
    }

    const fn answered(r: &'a LedgerRecord) -> Self {
        let LedgerRecord { class, confidence, access_count, first, last, .. } = *r;
        Self { class, confidence, classes: &r.classes, access_count, first, last }
    }
}

/// Rows that differ in time only are added up: how finely a paper splits them is not what was planted.
fn added<K: Ord>(rows: impl Iterator<Item = (K, u64)>) -> Vec<(K, u64)> {
    let mut sums = BTreeMap::new();
    for (key, count) in rows {
        let sum: &mut u64 = sums.entry(key).or_default();
        *sum = sum.saturating_add(count);
    }
    sums.into_iter().collect()
}

type AttemptKey<'a> = (&'a str, &'a str, String, &'a str, &'static str);

fn attempts_planted(truth: &AnswerTruth) -> Vec<(AttemptKey<'_>, u64)> {
    added(truth.attempts.iter().map(|t| {
        let AttemptTruth { record_type, record_id, owner_org, actor_id, outcome, count } = t;
        ((record_type.as_str(), record_id.as_str(), owner_org.clone(), actor_id.as_str(), outcome.as_str()), *count)
    }))
}

fn attempts_answered(impact: &Impact) -> Vec<(AttemptKey<'_>, u64)> {
    added(impact.attempts.iter().map(|a| {
        let key = (&*a.record_type, &*a.record_id, a.owners.join(";"), &*a.actor_id, a.outcome.as_str());
        (key, u64::try_from(a.count).unwrap_or(0))
    }))
}

fn bulk_answered(impact: &Impact) -> Vec<BulkTruth> {
    let row = |b: &crate::model::BulkAction| BulkTruth {
        kind: b.kind,
        record_type: b.record_type.clone(),
        returned_count: b.returned_count,
        bound: b.bound.to_string(),
        scoped: b.scoped,
    };
    impact.bulk.iter().map(row).collect()
}

fn unresolved_planted(truth: &AnswerTruth) -> Vec<(Record, (AccessClass, u64))> {
    let row = |u: &UnresolvedTruth| ((u.record_type.clone(), u.record_id.clone()), (u.class, u.access_count));
    truth.unresolved.iter().map(row).collect()
}

fn unresolved_answered(impact: &Impact) -> Vec<(Record, (AccessClass, u64))> {
    let key = |r: &crate::model::RecordKey| (r.record_type.clone(), r.record_id.clone());
    impact.unresolved.iter().map(|u| (key(&u.record), (u.class, u.access_count))).collect()
}

fn standing_answered(impact: &Impact) -> Vec<StandingTruth> {
    let other = impact.accesses.iter().filter(|a| a.standing != Standing::Direct);
    let row = |a: &crate::model::Access| StandingTruth {
        record_type: a.record.record_type.clone(),
        record_id: a.record.record_id.clone(),
        standing: a.standing,
    };
    let distinct: BTreeSet<_> = other.map(row).collect();
    distinct.into_iter().collect()
}

/// Compares rows that have a key; a key that stands twice on one side is a difference of its own.
fn keyed<K: Ord + Debug, R: PartialEq + Debug>(
    paper: &str,
    planted: Vec<(K, R)>,
    answered: Vec<(K, R)>,
    found: &mut Vec<String>,
) {
    let mut rows: BTreeMap<K, (Vec<R>, Vec<R>)> = BTreeMap::new();
    for (key, row) in planted {
        rows.entry(key).or_default().0.push(row);
    }
    for (key, row) in answered {
        rows.entry(key).or_default().1.push(row);
    }
    for (key, (planted, answered)) in rows {
        if planted != answered {
            found.push(sentence(paper, &key, &planted, &answered));
        }
    }
}

/// Compares rows without a key: each kind of row must stand equally often on both sides.
fn counted<R: Ord + Debug>(paper: &str, planted: &[R], answered: &[R], found: &mut Vec<String>) {
    let count = |rows: &[R], row: &R| rows.iter().filter(|other| *other == row).count();
    let distinct: BTreeSet<&R> = planted.iter().chain(answered).collect();
    for row in distinct {
        let (planted, answered) = (count(planted, row), count(answered, row));
        if planted != answered {
            found.push(format!("{paper}: {row:?} was planted {planted} times, the answer has it {answered} times"));
        }
    }
}

fn sentence<K: Debug, R: Debug>(paper: &str, key: &K, planted: &[R], answered: &[R]) -> String {
    match (planted, answered) {
        ([], _) => format!("{paper}: {key:?} was not planted, the answer says {answered:?}"),
        (_, []) => format!("{paper}: {key:?} is missing, planted was {planted:?}"),
        _ => format!("{paper}: {key:?} differs, planted was {planted:?}, the answer says {answered:?}"),
    }
}
