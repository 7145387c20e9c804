//! The whole answer to one question; the single source of every paper.

use super::{
    Access, AccessClass, AcquisitionSummary, ActorRow, Attempt, Bound, BulkAction, Confidence, Conflict, Coverage,
    DataHeld, Lead, LedgerRecord, Moment, OrgId, Persistence, Quarantined, Unresolved, Window,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the shape of `impact.json`.
pub const SCHEMA_VERSION: &str = "1.2";

/// Which of these organisations' records did those organisations touch, and when?
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Question {
    /// The accessing organisations, as asked.
    pub attackers: Vec<OrgId>,
    /// The owning organisations, as asked.
    pub victims: Vec<OrgId>,
    /// Other names of organisations: asked id to its other ids.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// The window, half-open, in UTC.
    pub window: Window,
    /// Nothing later than this was considered.
    pub as_of: Moment,
    /// The profile that read the log.
    pub profile: String,
}

super::words::words! {
    /// The answer in one word.
    Verdict {
        /// Records of the victim were accessed.
        Accessed = "accessed",
        /// Something may have been accessed; nothing is certain.
        Possible = "possible",
        /// Only refused or failed attempts were found.
        AttemptedOnly = "attempted_only",
        /// No access was found, and the coverage is complete.
        NoneFound = "none_found",
        /// No access was found, but the coverage is not complete.
        Undetermined = "undetermined",
    }
}

/// Distinct records of one class and confidence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ClassCount {
    /// The class.
    pub class: AccessClass,
    /// The confidence.
    pub confidence: Confidence,
    /// Distinct records.
    pub records: u64,
}

/// The numbers that leave the company; every paper quotes these.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Summary {
    /// The answer in one word.
    pub verdict: Verdict,
    /// Whether the answer is exact; otherwise it is a lower bound.
    pub exact: bool,
    /// Every reason why it is a lower bound, one sentence each.
    pub lower_bound_because: Vec<String>,
    /// Distinct records of the ledger.
    pub records: u64,
    /// Distinct records by headline class and confidence.
    pub headline: Vec<ClassCount>,
    /// Distinct records by every class with its best confidence; a record may count in several.
    pub by_class: Vec<ClassCount>,
    /// Direct accesses.
    pub accesses: u64,
    /// Accesses of another standing, listed and not counted in the ledger.
    pub other_standing: u64,
    /// Attempts on the victim's records.
    pub attempts_on_victim: u64,
    /// Attempts on records whose owner nothing shows.
    pub attempts_owner_unknown: u64,
    /// Records whose owner nothing shows.
    pub unresolved: u64,
    /// Bulk actions that name the victim or lie in its log.
    pub bulk_scoped: u64,
    /// What those may have touched beyond the ids they name.
    pub bulk_bound: Bound,
    /// Bulk actions that do not say over whose records they ran.
    pub bulk_unscoped: u64,
    /// What those may have touched.
    pub bulk_unscoped_bound: Bound,
    /// The first direct access.
    pub first_access: Option<Moment>,
    /// The last direct access.
    pub last_access: Option<Moment>,
    /// The newest event of the whole evidence.
    pub newest_event: Option<Moment>,
}

/// One answer, complete.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Impact {
    /// Version of this shape.
    pub schema_version: String,
    /// Version of the tool.
    pub tool_version: String,
    /// What was asked.
    pub question: Question,
    /// The numbers.
    pub summary: Summary,
    /// The ledger, sorted by record.
    pub records: Vec<LedgerRecord>,
    /// Every access of every standing, sorted by time.
    pub accesses: Vec<Access>,
    /// Every attempt, sorted by time.
    pub attempts: Vec<Attempt>,
    /// Every bulk action, sorted by time.
    pub bulk: Vec<BulkAction>,
    /// Records whose owner nothing shows, sorted.
    pub unresolved: Vec<Unresolved>,
    /// What was left inside the victim, sorted by time.
    pub persistence: Vec<Persistence>,
    /// What the records hold; none where no catalogue tells.
    pub data: Option<DataHeld>,
    /// Actors, by records touched, most first.
    pub actors: Vec<ActorRow>,
    /// Leads, sorted.
    pub leads: Vec<Lead>,
    /// What could not be decoded, sorted by place.
    pub quarantine: Vec<QuarantineRow>,
    /// Deliveries that disagree, sorted.
    pub conflicts: Vec<Conflict>,
    /// Organisations asked about that appear nowhere, with the nearest ids seen.
    pub not_seen: BTreeMap<String, Vec<String>>,
    /// What was covered.
    pub coverage: Coverage,
    /// SHA-256 of the newest seal: it fixes all evidence of the case.
    pub evidence_root: String,
    /// The acquisitions used, in order.
    pub acquisitions: Vec<AcquisitionSummary>,
}

/// A row of `quarantine.csv`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct QuarantineRow {
    /// The page file, relative to the case.
    pub file: String,
    /// First byte in the decoded body.
    pub offset: u64,
    /// Length in bytes.
    pub length: u64,
    /// Why it could not be decoded.
    pub reason: String,
    /// Ids of the question that the raw bytes mention.
    pub mentions: Vec<String>,
}

impl From<&Quarantined> for QuarantineRow {
    fn from(q: &Quarantined) -> Self {
        Self {
            file: q.file.clone(),
            offset: q.place.offset,
            length: q.place.length,
            reason: q.reason.clone(),
            mentions: q.mentions.clone(),
        }
    }
}
