//! Every pair of organisations of which one touched the other's records.

use super::{AcquisitionSummary, Bound, Confidence, Coverage, Moment, OrgId, Standing, Window};
use serde::Serialize;
use std::collections::BTreeMap;

/// What one organisation did to the records of another; the numbers are those of `cross-org` for the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Who accessed.
    pub attacker: OrgId,
    /// Whose records.
    pub victim: OrgId,
    /// Whether nothing but expected accesses was found.
    pub expected: bool,
    /// By what rights accesses were made.
    pub standings: Vec<Standing>,
    /// Distinct records with a direct access.
    pub records: u64,
    /// Those records by the best confidence of their accesses.
    pub by_confidence: BTreeMap<Confidence, u64>,
    /// Direct accesses.
    pub accesses: u64,
    /// Of those, how many staff made while acting as somebody else's user.
    pub by_staff: u64,
    /// Accesses of another standing.
    pub other_standing: u64,
    /// What was tried on the victim's records and took no effect.
    pub attempts: u64,
    /// Bulk actions that name the victim or lie in its log.
    pub bulk: u64,
    /// What those may have touched beyond the ids they name.
    pub bulk_bound: Bound,
    /// The first of all this with a known time.
    pub first: Option<Moment>,
    /// The last.
    pub last: Option<Moment>,
}

/// What an organisation touched whose owner nothing shows: it may belong to anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ownerless {
    /// Who touched it.
    pub attacker: OrgId,
    /// Distinct records.
    pub records: u64,
    /// Accesses to them.
    pub accesses: u64,
    /// Attempts on records whose owner nothing shows.
    pub attempts: u64,
    /// Bulk actions that do not say over whose records they ran.
    pub bulk: u64,
    /// The first of all this with a known time.
    pub first: Option<Moment>,
    /// The last.
    pub last: Option<Moment>,
}

/// Every pair of the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Discovery {
    /// Version of this shape.
    pub schema_version: &'static str,
    /// Version of the tool.
    pub tool_version: &'static str,
    /// The window, half-open, in UTC.
    pub window: Window,
    /// Nothing later than this was considered.
    pub as_of: Moment,
    /// The profile that read the log.
    pub profile: String,
    /// Whether every pair is complete; otherwise all numbers are lower bounds.
    pub exact: bool,
    /// Every reason why they are, one sentence each.
    pub lower_bound_because: Vec<String>,
    /// Pairs, most records first; the expected ones last.
    pub pairs: Vec<Pair>,
    /// By organisation, what it touched whose owner nothing shows.
    pub unresolved: Vec<Ownerless>,
    /// Organisations whose own log the evidence holds events of.
    pub logs: u64,
    /// Organisations to which actions were attributed.
    pub actors_of: u64,
    /// What was covered; organisation by organisation that is `cross-org`'s to say.
    pub coverage: Coverage,
    /// SHA-256 of the newest seal: it fixes all evidence of the case.
    pub evidence_root: String,
    /// The acquisitions used, in order.
    pub acquisitions: Vec<AcquisitionSummary>,
}
