//! The answer, in words.

use super::{Ids, Time};
use std::collections::BTreeMap;

/// At most so many; nothing means unbounded.
pub(crate) type Bound = Option<u64>;

/// One access.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Access {
    pub time: Time,
    pub kind: String,
    pub id: String,
    pub owners: Ids,
    pub class: &'static str,
    pub confidence: &'static str,
    pub standing: &'static str,
    pub side: &'static str,
    pub actors: Ids,
    pub events: Ids,
    pub owner_rule: &'static str,
    pub attribution_rule: &'static str,
}

/// One record of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub kind: String,
    pub id: String,
    pub owners: Ids,
    pub class: &'static str,
    pub confidence: &'static str,
    pub classes: BTreeMap<&'static str, &'static str>,
    pub first: Time,
    pub last: Time,
    pub access_count: u64,
    pub repeats: i64,
    pub actors: Ids,
    pub events: Ids,
}

/// One refused or failed attempt, or many of a kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attempt {
    pub time: Time,
    pub kind: String,
    pub id: String,
    pub owners: Ids,
    pub actor: String,
    pub outcome: &'static str,
    pub count: i64,
    pub events: Ids,
}

/// One bulk action.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bulk {
    pub time: Time,
    pub class: &'static str,
    pub kind: String,
    pub returned: Option<i64>,
    pub total: Option<i64>,
    pub ids_logged: u64,
    pub bound: Bound,
    pub scoped: bool,
    pub standing: &'static str,
    pub confidence: &'static str,
    pub events: Ids,
}

/// One record whose owner nothing shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unresolved {
    pub kind: String,
    pub id: String,
    pub class: &'static str,
    pub first: Time,
    pub last: Time,
    pub access_count: u64,
}

/// Something that A left behind inside V.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Persistence {
    pub kind: &'static str,
    pub id: String,
    pub org: String,
    pub time: Time,
    pub certain: bool,
    pub uses: u64,
    pub last_use: Time,
    pub removed: Time,
    pub events: Ids,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Answer {
    pub ledger: Vec<Entry>,
    pub accesses: Vec<Access>,
    pub attempts: Vec<Attempt>,
    pub bulk: Vec<Bulk>,
    pub bulk_bound: Bound,
    pub bulk_unscoped_bound: Bound,
    pub unresolved: Vec<Unresolved>,
    pub persistence: Vec<Persistence>,
    /// Counts, by their names in the coverage.
    pub numbers: BTreeMap<&'static str, u64>,
    pub absent_logs: Ids,
    pub exact: bool,
    /// Why it is a lower bound: for the reader of a difference, compared only as a whole.
    pub because: Vec<&'static str>,
    /// The tool's own sentences.
    pub told: Vec<String>,
}

impl Answer {
    /// Sorts every list by all its columns.
    pub(crate) fn sort(&mut self) {
        self.ledger.sort();
        self.accesses.sort();
        self.attempts.sort();
        self.bulk.sort();
        self.unresolved.sort();
        self.persistence.sort();
    }
}

/// The classes, strongest first.
pub(crate) const CLASSES: [&str; 8] =
    ["deleted", "modified", "exported", "unclassified", "read", "searched", "listed", "created"];

/// The confidences, surest first.
pub(crate) const CONFIDENCES: [&str; 4] = ["confirmed", "reconstructed", "contested", "unknown"];

/// The weaker of two confidences.
pub(crate) fn weaker(a: &'static str, b: &'static str) -> &'static str {
    let rank = |word| CONFIDENCES.iter().position(|c| *c == word);
    if rank(a) >= rank(b) { a } else { b }
}
