//! What the answer must say, row by row.

mod compare;

pub use compare::compare;

use crate::model::{AccessClass, Confidence, Moment, Outcome, Standing};
use serde::Serialize;
use std::collections::BTreeMap;

/// The planted truth, for both ways of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// The answer when the catalogue is given.
    pub with_catalogue: AnswerTruth,
    /// The answer from the logs alone: a lower bound.
    pub without_catalogue: AnswerTruth,
}

/// One planted answer. Every list is sorted by its first fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AnswerTruth {
    /// The rows of `records.csv`.
    pub ledger: Vec<LedgerTruth>,
    /// The rows of `attempts.csv`, those that differ in time only added up.
    pub attempts: Vec<AttemptTruth>,
    /// The rows of `bulk.csv`.
    pub bulk: Vec<BulkTruth>,
    /// The rows of `unresolved.csv`.
    pub unresolved: Vec<UnresolvedTruth>,
    /// Records of the victim with an access of another standing than `direct`.
    pub other_standing: Vec<StandingTruth>,
}

/// One record of the victim with at least one direct access.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LedgerTruth {
    /// The kind of record.
    pub record_type: String,
    /// Its id, byte for byte.
    pub record_id: String,
    /// The strongest class among the accesses of the highest confidence.
    pub class: AccessClass,
    /// The confidence of that access.
    pub confidence: Confidence,
    /// Every class with its best confidence.
    pub classes: BTreeMap<AccessClass, Confidence>,
    /// How many accesses.
    pub access_count: u64,
    /// The first access; planted ones always have a time.
    pub first: Option<Moment>,
    /// The last access.
    pub last: Option<Moment>,
}

/// Attempts of one actor on one record with one outcome, or a burst of guesses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AttemptTruth {
    /// The kind of record aimed at.
    pub record_type: String,
    /// The record aimed at; empty for a burst of guesses at unknown ids.
    pub record_id: String,
    /// The owner; empty where nothing shows one.
    pub owner_org: String,
    /// Who tried.
    pub actor_id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How many attempts.
    pub count: u64,
}

/// One bulk action.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BulkTruth {
    /// What was done to the records.
    pub kind: AccessClass,
    /// The kind of record.
    pub record_type: String,
    /// How many the log says were returned or changed.
    pub returned_count: Option<i64>,
    /// How many beyond the logged ids: a number or `unbounded`.
    pub bound: String,
    /// Whether it names the victim or lies in the victim's log.
    pub scoped: bool,
}

/// One record whose owner nothing shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnresolvedTruth {
    /// The kind of record.
    pub record_type: String,
    /// Its id, byte for byte.
    pub record_id: String,
    /// The strongest class.
    pub class: AccessClass,
    /// How many accesses.
    pub access_count: u64,
}

/// One record of the victim that was accessed by some right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StandingTruth {
    /// The kind of record.
    pub record_type: String,
    /// Its id, byte for byte.
    pub record_id: String,
    /// By what right.
    pub standing: Standing,
}
