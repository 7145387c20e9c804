//! Events and their targets: one audit record, normalised.

use super::{AccessClass, EvidenceRef, MintKind, Moment, OrgId, Outcome, Phase, Reading, RecordKey, Relation, Verb};

/// One audit record. Empty text means that the log does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Derived from content alone, so it is the same in every acquisition.
    pub key: String,
    /// Every place where these bytes, or versions of them, were delivered; the first is cited.
    pub refs: Vec<EvidenceRef>,
    /// The id that the source gave.
    pub source_id: String,
    /// SHA-256 of the canonical content, in hex.
    pub content_hash: String,
    /// An id that both sides' copies of one action share.
    pub shared_id: String,
    /// Whose log the event lies in.
    pub log_org: Option<OrgId>,
    /// When it happened.
    pub time: Option<Moment>,
    /// Whether the time carried no zone and the profile's was assumed.
    pub zone_assumed: bool,
    /// Who really acted.
    pub actor_id: String,
    /// What kind of actor, in the provider's word.
    pub actor_type: String,
    /// The organisation that the event names for the actor.
    pub actor_org: Option<OrgId>,
    /// As whom the actor acted, when that is someone else.
    pub effective_actor_id: String,
    /// The organisation of whom the actor acted as.
    pub effective_actor_org: Option<OrgId>,
    /// The credential used.
    pub credential_id: String,
    /// The session used.
    pub session_id: String,
    /// The background job that the event belongs to.
    pub job_id: String,
    /// The source address as logged.
    pub source_ip: String,
    /// The user agent as logged.
    pub user_agent: String,
    /// The action in the provider's words.
    pub action: String,
    /// What the action does.
    pub verb: Verb,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it ended so, in the provider's words.
    pub outcome_reason: String,
    /// HTTP status of the logged request.
    pub http_status: Option<i64>,
    /// The provider's request id.
    pub request_id: String,
    /// How many records the action returned or changed.
    pub returned_count: Option<i64>,
    /// How many records matched in all.
    pub total_count: Option<i64>,
    /// Hash of what a bulk action returned.
    pub returned_hash: String,
    /// The walk of which a list is one page.
    pub page_of: String,
    /// The place of that page in the walk.
    pub cursor: String,
    /// The filter of a bulk action, as logged.
    pub filter: String,
    /// How many like events the source left out after this one.
    pub repeats: i64,
    /// The organisation that the event names for what a bulk action ran over.
    pub scope_org: Option<OrgId>,
    /// The kind of record that a bulk action ran over.
    pub scope_type: String,
    /// The container that a bulk action ran over.
    pub scope_id: String,
    /// Who loses the record in a transfer.
    pub from_org: Option<OrgId>,
    /// Who gains the record in a transfer.
    pub to_org: Option<OrgId>,
    /// Its number in the log's own numbering.
    pub sequence: Option<i64>,
    /// Numbers of its other versions.
    pub other_sequences: Vec<i64>,
    /// Which half of an action it tells.
    pub phase: Phase,
    /// What it made that can act on its own.
    pub minted: Option<Minted>,
    /// To whom it opened or closed its records.
    pub share: Option<Share>,
    /// What deliveries under this event's id disagree on.
    pub disagreement: Disagreement,
}

/// What deliveries under one event's id disagree on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disagreement {
    /// Anything at all.
    pub any: bool,
    /// How it ended.
    pub outcome: bool,
    /// Whose the records are, or as whom it was done.
    pub orgs: bool,
}

/// Something made that can act, or be called, on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minted {
    /// What it is.
    pub kind: MintKind,
    /// The id under which it acts.
    pub id: String,
}

/// Leave given or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who may.
    pub with: Vec<OrgId>,
    /// Whether the leave ends here.
    pub ends: bool,
}

/// One (event, record) row: a record that the event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index of the event in its table.
    pub event: usize,
    /// Position among the event's targets, from 0.
    pub ordinal: u32,
    /// What the record is to the event.
    pub relation: Relation,
    /// The access class, were the event a success.
    pub class: AccessClass,
    /// The record.
    pub record: RecordKey,
    /// The id as the log writes it.
    pub record_id_raw: String,
    /// The organisation that the event names for the record.
    pub record_org: Option<OrgId>,
    /// The container of the record.
    pub parent: Option<RecordKey>,
    /// Whether it stands in a list of ids, as what a bulk action returned or changed does.
    pub listed: bool,
}

/// What could not be decoded: kept, counted, located.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarantined {
    /// Where the bytes lie.
    pub place: EvidenceRef,
    /// The page file, relative to the case.
    pub file: String,
    /// Why it could not be decoded, in one sentence.
    pub reason: String,
    /// Ids of the question that the raw bytes mention.
    pub mentions: Vec<String>,
}

/// Two deliveries under one identity that differ.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Conflict {
    /// Whose log.
    pub log_org: String,
    /// The id that both carry.
    pub source_id: String,
    /// `versions` of one event, `distinct` events under one id, or one that `vanished` between two readings.
    pub kind: ConflictKind,
    /// Names of the normalised columns that differ; `content` when only unmapped fields do; for a vanished event
    /// which acquisitions show it and which do not.
    pub fields: Vec<String>,
    /// Where every version lies.
    pub places: Vec<EvidenceRef>,
}

super::words::words! {
    /// What two differing deliveries under one id are.
    ConflictKind {
        /// One event, delivered in several versions.
        Versions = "versions",
        /// Several events that share an id.
        Distinct = "distinct",
        /// One event, present in one reading of the log and absent in a later one.
        Vanished = "vanished",
    }
}

/// The two flat tables and what stands beside them.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Distinct events, in total order.
    pub events: Vec<Event>,
    /// Their targets, ordered by event and ordinal.
    pub targets: Vec<Target>,
    /// What could not be decoded.
    pub quarantine: Vec<Quarantined>,
    /// Deliveries that disagree.
    pub conflicts: Vec<Conflict>,
    /// Records found before duplicates were joined, quarantined ones included.
    pub raw: u64,
    /// Whether imported pages say that more follow, and none is the last.
    pub cut_short: bool,
    /// How often each pull was read, and whether the readings agree.
    pub readings: Vec<Reading>,
}

/// One decoded record before duplicates are joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The event; its key is not yet known.
    pub event: Event,
    /// Its targets; their `event` is not yet known.
    pub targets: Vec<Target>,
}

/// Everything decoded from the evidence, in the order of the evidence.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Records that were decoded.
    pub rows: Vec<Row>,
    /// Records that were not.
    pub quarantine: Vec<Quarantined>,
    /// Imported pages that say that more follow.
    pub continued: u64,
    /// Imported pages that say that they are the last.
    pub ending: u64,
}
