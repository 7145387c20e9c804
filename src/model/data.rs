//! What the touched records hold, in the catalogue's words.

use super::Bound;
use serde::{Deserialize, Serialize};

/// What the records hold, as far as a catalogue tells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct DataHeld {
    /// Records by kind of data, sorted.
    pub categories: Vec<CategoryCount>,
    /// Records of the ledger for which the catalogue names no kind of data.
    pub records_without_category: u64,
    /// Distinct people named for records of the ledger.
    pub subjects_known: u64,
    /// Those of them named for records that were accessed for certain.
    pub subjects_minimum: u64,
    /// As many people as it can be, if each further record concerns one.
    pub subjects_maximum: Bound,
    /// What the numbers rest on.
    pub basis: String,
}

/// Records that hold one kind of data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct CategoryCount {
    /// The kind of data, in the catalogue's words.
    pub category: String,
    /// Records accessed for certain.
    pub minimum: u64,
    /// As many as it can be.
    pub maximum: Bound,
}
