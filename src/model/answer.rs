//! The rows of the answer. Every paper is rendered from these and nothing else.

use super::{
    AccessClass, AttributionRule, Confidence, EvidenceRef, Moment, Outcome, OwnerRule, RecordKey, Side, Standing,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an event is cited: its source id, or `sha256:` and 12 digits of its content.
pub type EventCitation = String;

/// One access to one record: an action, seen in one log or in both.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Access {
    /// When it happened, if known.
    pub time: Option<Moment>,
    /// The record.
    pub record: RecordKey,
    /// The owner, or the contending owners, sorted.
    pub owners: Vec<String>,
    /// What was done.
    pub class: AccessClass,
    /// How sure it is.
    pub confidence: Confidence,
    /// By what right.
    pub standing: Standing,
    /// Who really acted.
    pub actor_id: String,
    /// Whom another log names instead, sorted; almost always nobody.
    pub other_actor_ids: Vec<String>,
    /// As whom, when someone else.
    pub effective_actor_id: String,
    /// With which credential.
    pub credential_id: String,
    /// In which session.
    pub session_id: String,
    /// From which address.
    pub source_ip: String,
    /// How it ended.
    pub outcome: Outcome,
    /// HTTP status of the logged request.
    pub http_status: Option<i64>,
    /// The provider's request id.
    pub request_id: String,
    /// In whose log it stands.
    pub side: Side,
    /// Like events that the source left out.
    pub repeats: i64,
    /// Which claim decided the owner.
    pub owner_rule: OwnerRule,
    /// Which fact attributed the action.
    pub attribution_rule: AttributionRule,
    /// The events, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
    /// Why, in words.
    pub basis: Vec<String>,
}

/// One distinct record of the victim with at least one direct access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct LedgerRecord {
    /// The record.
    pub record: RecordKey,
    /// The owner, or the contending owners, sorted.
    pub owners: Vec<String>,
    /// The strongest class among the accesses of the highest confidence.
    pub class: AccessClass,
    /// The confidence of that access.
    pub confidence: Confidence,
    /// Every class with its best confidence.
    pub classes: BTreeMap<AccessClass, Confidence>,
    /// The first access with a known time.
    pub first: Option<Moment>,
    /// The last access with a known time.
    pub last: Option<Moment>,
    /// How many accesses.
    pub access_count: u64,
    /// Like events that the source left out.
    pub repeats: i64,
    /// Who acted, sorted.
    pub actor_ids: Vec<String>,
    /// From where, sorted.
    pub source_ips: Vec<String>,
    /// The events, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
    /// The claims that decided the owner, sorted.
    pub owner_rules: Vec<OwnerRule>,
    /// The facts that attributed the accesses, sorted.
    pub attribution_rules: Vec<AttributionRule>,
    /// Why, in words, sorted.
    pub basis: Vec<String>,
    /// Kinds of data that the catalogue names for it, sorted.
    pub categories: Vec<String>,
    /// People whom the catalogue names for it, sorted.
    pub subjects: Vec<String>,
}

/// Something tried that did not take effect, or many of a kind within an hour.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Attempt {
    /// When, or the first of many.
    pub time: Option<Moment>,
    /// The kind of record aimed at.
    pub record_type: String,
    /// The record aimed at; empty where many unknown ids were guessed.
    pub record_id: String,
    /// The owner, or the contending owners; empty where nothing shows one.
    pub owners: Vec<String>,
    /// Who acted.
    pub actor_id: String,
    /// With which credential.
    pub credential_id: String,
    /// In which session.
    pub session_id: String,
    /// From which address.
    pub source_ip: String,
    /// How it ended.
    pub outcome: Outcome,
    /// HTTP status of the logged request.
    pub http_status: Option<i64>,
    /// Why, in the provider's words.
    pub reason: String,
    /// How many attempts this row stands for, suppressed repeats included.
    pub count: i64,
    /// The events, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
}

/// How many records a bulk action may have touched without naming them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// At most this many; 0 is exact.
    AtMost(u64),
    /// The log sets no limit.
    Unbounded,
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(n) => write!(f, "{n}"),
            Self::Unbounded => f.write_str("unbounded"),
        }
    }
}

impl Serialize for Bound {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AtMost(n) => s.serialize_u64(*n),
            Self::Unbounded => s.serialize_str("unbounded"),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(d)?;
        let unbounded = (value.as_str() == Some("unbounded")).then_some(Self::Unbounded);
        value
            .as_u64()
            .map(Self::AtMost)
            .or(unbounded)
            .ok_or_else(|| serde::de::Error::custom("a bound is a number or \"unbounded\""))
    }
}

/// One bulk action, or one action that names no record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BulkAction {
    /// When it happened.
    pub time: Option<Moment>,
    /// What was done to the records.
    pub kind: AccessClass,
    /// The kind of record; empty where the log does not say.
    pub record_type: String,
    /// What it ran over: organisation, container, filter.
    pub scope: String,
    /// How many records it returned or changed.
    pub returned_count: Option<i64>,
    /// How many matched in all.
    pub total_count: Option<i64>,
    /// The walk of which this was a page; empty where the log does not say.
    pub page_of: String,
    /// The place of the page in the walk.
    pub cursor: String,
    /// How many ids the log names.
    pub ids_logged: u64,
    /// How many records it may have touched beyond those.
    pub bound: Bound,
    /// Whether it names the victim or lies in the victim's log.
    pub scoped: bool,
    /// Who acted.
    pub actor_id: String,
    /// With which credential.
    pub credential_id: String,
    /// In which session.
    pub session_id: String,
    /// From which address.
    pub source_ip: String,
    /// By what right.
    pub standing: Standing,
    /// Whether the action itself is certain to have taken effect.
    pub confidence: Confidence,
    /// The events, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
    /// Why this bound, in words.
    pub basis: String,
}

/// A record that the accessing organisation touched and whose owner nothing shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Unresolved {
    /// The record.
    pub record: RecordKey,
    /// First access with a known time.
    pub first: Option<Moment>,
    /// Last access with a known time.
    pub last: Option<Moment>,
    /// The strongest class.
    pub class: AccessClass,
    /// How many accesses.
    pub access_count: u64,
    /// Why nothing shows the owner, and what would.
    pub why: String,
}

/// One actor with one credential, session and address: whom to revoke, what to block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ActorRow {
    /// Who acted.
    pub actor_id: String,
    /// What kind of actor.
    pub actor_type: String,
    /// The organisation that the event names for the actor.
    pub actor_org: String,
    /// With which credential.
    pub credential_id: String,
    /// In which session.
    pub session_id: String,
    /// From which address.
    pub source_ip: String,
    /// First event with a known time.
    pub first: Option<Moment>,
    /// Last event with a known time.
    pub last: Option<Moment>,
    /// Events of the question: accesses and attempts.
    pub events: u64,
    /// Distinct records of the ledger.
    pub records: u64,
    /// Attempts that were refused.
    pub denied: u64,
}

/// Something worth a look that counts nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Lead {
    /// What kind of lead.
    pub kind: String,
    /// The id that it is about.
    pub subject: String,
    /// What was seen.
    pub detail: String,
    /// How often.
    pub count: u64,
    /// Some of the events, sorted.
    pub event_ids: Vec<EventCitation>,
}
