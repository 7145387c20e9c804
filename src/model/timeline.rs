//! What the accessing side did, in the order of time, and the bursts in which it did it.

use super::{
    AccessClass, Confidence, EventCitation, EvidenceRef, Moment, Outcome, OwnerRule, RecordKey, Standing, wide,
};
use serde::Serialize;
use std::collections::BTreeMap;

super::words::words! {
    /// What a line of a timeline is.
    LineKind {
        /// An access to a record in question.
        Access = "access",
        /// Something tried that took no effect.
        Attempt = "attempt",
        /// A bulk action, or one that names no record.
        Bulk = "bulk",
        /// An access to a record whose owner nothing shows.
        Unresolved = "unresolved",
        /// An access to a record that a stronger claim gives to somebody else: a lead.
        Lead = "lead",
        /// A session of somebody who did one of the other things begins or ends.
        Session = "session",
    }
}

/// One thing done to one record, or one action that names none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineLine {
    /// When, if known.
    pub time: Option<Moment>,
    /// What the line is.
    pub kind: LineKind,
    /// Number of its burst, from 1; none where it stands alone and is no deed, as a session may.
    pub burst: Option<u64>,
    /// What was done, or tried.
    pub class: AccessClass,
    /// How sure it is; an attempt and a session are what the log says.
    pub confidence: Option<Confidence>,
    /// By what right, where it is an access.
    pub standing: Option<Standing>,
    /// The record; none where the action names none.
    pub record: Option<RecordKey>,
    /// The owner, or the contending owners, sorted.
    pub owners: Vec<String>,
    /// Which claim decided the owner, where it is an access.
    pub owner_rule: Option<OwnerRule>,
    /// Who really acted.
    pub actor_id: String,
    /// As whom, when someone else.
    pub effective_actor_id: String,
    /// With which credential.
    pub credential_id: String,
    /// In which session.
    pub session_id: String,
    /// From which address.
    pub source_ip: String,
    /// The user agent as logged.
    pub user_agent: String,
    /// The action in the provider's words.
    pub action: String,
    /// How it ended.
    pub outcome: Outcome,
    /// HTTP status of the logged request.
    pub http_status: Option<i64>,
    /// The provider's request id.
    pub request_id: String,
    /// How many like events it stands for: 1, and those that the source left out.
    pub count: i64,
    /// What there is to know beside it: a bound, a reason.
    pub detail: String,
    /// The events, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
}

/// Deeds of one actor with one credential that follow each other closely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Burst {
    /// Its number, from 1, in the order of time.
    pub number: u64,
    /// The first line; none where no time is known.
    pub first: Option<Moment>,
    /// The last line.
    pub last: Option<Moment>,
    /// Who acted.
    pub actor_id: String,
    /// With which credential.
    pub credential_id: String,
    /// From which addresses, sorted.
    pub source_ips: Vec<String>,
    /// Distinct records accessed without a known right.
    pub records: u64,
    /// Accesses without a known right, by class.
    pub accesses: BTreeMap<AccessClass, u64>,
    /// Accesses by grant, by support, or as expected.
    pub other_standing: u64,
    /// What was tried and took no effect.
    pub attempts: u64,
    /// Bulk actions and actions that name no record.
    pub bulk: u64,
    /// Accesses to records whose owner nothing shows.
    pub unresolved: u64,
}

/// The timeline of one question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// Bursts, in order of time; those without a time last.
    pub bursts: Vec<Burst>,
    /// Lines, in order of time; those without a time last.
    pub lines: Vec<TimelineLine>,
}

impl Timeline {
    /// How many lines have no time.
    pub fn untimed(&self) -> u64 {
        wide(self.lines.iter().filter(|line| line.time.is_none()).count())
    }
}
