//! The truth as it is planted: one entry for each action, added up as METHODOLOGY.md, rule 7, says.

use super::cast::Record;
use crate::model::{AccessClass, Confidence, Moment, Outcome, Standing};
use crate::rehearsal::truth::{
    AnswerTruth, AttemptTruth, BulkTruth, LedgerTruth, StandingTruth, Truth, UnresolvedTruth,
};
use std::collections::BTreeMap;

/// Who can tell that a record is the victim's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The logs show the victim.
    InLogs,
    /// The logs show nothing; the catalogue names the victim.
    InCatalogue,
    /// The logs show nothing; the catalogue names another organisation at that time.
    CatalogueOther,
}

struct Access {
    class: AccessClass,
    confidence: Confidence,
    time: Moment,
    owner: Owner,
}

/// Whose a record is that was aimed at in vain.
pub(super) struct Aim<'a> {
    /// The kind of record.
    pub(super) kind: &'a str,
    /// Its id; empty for a burst.
    pub(super) id: &'a str,
    /// The owner that the logs show; empty for none.
    pub(super) shown: &'a str,
    /// The owner that logs and catalogue show together; empty for none.
    pub(super) catalogued: &'a str,
}

/// Every planted action that the answer must tell.
#[derive(Default)]
pub(super) struct Book {
    accesses: BTreeMap<Record, Vec<Access>>,
    with: AnswerTruth,
    without: AnswerTruth,
}

impl Book {
    /// A direct access that surely took effect.
    pub(super) fn access(&mut self, record: &Record, class: AccessClass, time: Moment, owner: Owner) {
        let access = Access { class, confidence: Confidence::Confirmed, time, owner };
        self.accesses.entry(record.clone()).or_default().push(access);
    }

    /// A direct access to a record of the victim that may have taken effect.
    pub(super) fn doubtful(&mut self, record: &Record, class: AccessClass, time: Moment) {
        let access = Access { class, confidence: Confidence::Unknown, time, owner: Owner::InLogs };
        self.accesses.entry(record.clone()).or_default().push(access);
    }

    /// An attempt, or a burst of them.
    pub(super) fn attempt(&mut self, aim: &Aim<'_>, actor: &str, outcome: Outcome, count: u64) {
        let row = |owner: &str| AttemptTruth {
            record_type: aim.kind.to_owned(),
            record_id: aim.id.to_owned(),
            owner_org: owner.to_owned(),
            actor_id: actor.to_owned(),
            outcome,
            count,
        };
        add(&mut self.with.attempts, row(aim.catalogued));
        add(&mut self.without.attempts, row(aim.shown));
    }

    /// A bulk action.
    pub(super) fn bulk(&mut self, row: &BulkTruth) {
        self.with.bulk.push(row.clone());
        self.without.bulk.push(row.clone());
    }

    /// An access by some right.
    pub(super) fn standing(&mut self, record: &Record, standing: Standing) {
        let row = StandingTruth { record_type: record.kind.to_owned(), record_id: record.id.clone(), standing };
        for answer in [&mut self.with, &mut self.without] {
            if !answer.other_standing.contains(&row) {
                answer.other_standing.push(row.clone());
            }
        }
    }

    /// Some of the accessed records whose ids were drawn from the common sequence.
    pub(super) fn plain_records(&self, count: usize) -> Vec<Record> {
        let drawn = |r: &&Record| r.id.len() == 10 && r.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        self.accesses.keys().filter(drawn).take(count).cloned().collect()
    }

    /// Adds up and sorts.
    pub(super) fn close(mut self) -> Truth {
        for (record, accesses) in &self.accesses {
            let known = |a: &&Access| a.owner == Owner::InLogs;
            let victims = |a: &&Access| a.owner != Owner::CatalogueOther;
            self.with.ledger.extend(ledger_row(record, &accesses.iter().filter(victims).collect::<Vec<_>>()));
            self.without.ledger.extend(ledger_row(record, &accesses.iter().filter(known).collect::<Vec<_>>()));
            let unknown: Vec<_> = accesses.iter().filter(|a| a.owner != Owner::InLogs).collect();
            self.without.unresolved.extend(unresolved_row(record, &unknown));
        }
        for answer in [&mut self.with, &mut self.without] {
            answer.ledger.sort();
            answer.attempts.sort();
            answer.bulk.sort();
            answer.unresolved.sort();
            answer.other_standing.sort();
        }
        Truth { with_catalogue: self.with, without_catalogue: self.without }
    }
}

fn add(attempts: &mut Vec<AttemptTruth>, row: AttemptTruth) {
    let same = |a: &&mut AttemptTruth| AttemptTruth { count: row.count, ..(**a).clone() } == row;
    match attempts.iter_mut().find(same) {
        Some(known) => known.count = known.count.saturating_add(row.count),
        None => attempts.push(row),
    }
}

fn ledger_row(record: &Record, accesses: &[&Access]) -> Option<LedgerTruth> {
    let mut classes = BTreeMap::new();
    for access in accesses {
        let best = classes.entry(access.class).or_insert(access.confidence);
        *best = access.confidence.min(*best);
    }
    let confidence = accesses.iter().map(|a| a.confidence).min()?;
    Some(LedgerTruth {
        record_type: record.kind.to_owned(),
        record_id: record.id.clone(),
        class: accesses.iter().filter(|a| a.confidence == confidence).map(|a| a.class).min()?,
        confidence,
        classes,
        access_count: u64::try_from(accesses.len()).ok()?,
        first: accesses.iter().map(|a| a.time).min(),
        last: accesses.iter().map(|a| a.time).max(),
    })
}

fn unresolved_row(record: &Record, accesses: &[&Access]) -> Option<UnresolvedTruth> {
    Some(UnresolvedTruth {
        record_type: record.kind.to_owned(),
        record_id: record.id.clone(),
        class: accesses.iter().map(|a| a.class).min()?,
        access_count: u64::try_from(accesses.len()).ok()?,
    })
}
