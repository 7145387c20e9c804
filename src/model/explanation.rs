//! Why one record, or one event, was judged as it was.

use super::{
    AccessClass, AttributionRule, Confidence, EventCitation, EvidenceRef, Moment, OrgId, Outcome, OwnerRule, RecordKey,
    Side, Standing,
};
use serde::Serialize;

/// Everything that decided about one record or one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The accessing organisations of the last question.
    pub attackers: Vec<OrgId>,
    /// The owning organisations of the last question.
    pub victims: Vec<OrgId>,
    /// The record asked about, or the records that the event names.
    pub records: Vec<RecordExplained>,
    /// The actions on the record by the accessing side or by nobody known; or the action that the event is a copy of.
    pub actions: Vec<ActionExplained>,
    /// How many more actions name the record, by others: they count only as claims.
    pub by_others: u64,
    /// The bytes of every event cited above.
    pub bytes: Vec<CitedBytes>,
}

/// Whose a record is said to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordExplained {
    /// The record.
    pub record: RecordKey,
    /// Its containers, as events name them.
    pub containers: Vec<RecordKey>,
    /// Every claim, strongest first.
    pub claims: Vec<ClaimExplained>,
    /// What was decided, each differing decision once.
    pub decisions: Vec<Decision>,
    /// What would decide it, where nothing or too much does.
    pub would_resolve: Option<&'static str>,
}

/// One statement that an organisation owns a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimExplained {
    /// 1 is strongest.
    pub rank: u8,
    /// What kind of statement.
    pub rule: OwnerRule,
    /// Who would own it.
    pub org: OrgId,
    /// On which record, where it is the container's.
    pub of_container: Option<RecordKey>,
    /// First moment at which it holds.
    pub from: Option<Moment>,
    /// Last moment at which it holds.
    pub to: Option<Moment>,
    /// Whose word it is.
    pub by: Vec<OrgId>,
    /// Whether it counts; the accessing side's word in its own favour does not.
    pub believed: bool,
    /// Whether it decided.
    pub decided: bool,
    /// The events that say so; none for a row of the catalogue.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie.
    pub evidence_refs: Vec<EvidenceRef>,
}

/// What was decided about an owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decision {
    /// The owner, several where equal claims disagree, none where nothing shows one.
    pub owners: Vec<OrgId>,
    /// Which kind of claim decided.
    pub rule: OwnerRule,
    /// Whether that claim is the container's.
    pub by_container: bool,
    /// For whom weaker claims speak.
    pub overruled: Vec<OrgId>,
}

/// To whom the actor belongs, and what says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Belongs {
    /// The real actor, or the one acted as.
    pub who: String,
    /// Whether it is the one acted as.
    pub effective: bool,
    /// The organisations; several where facts disagree, none where nothing speaks.
    pub orgs: Vec<OrgId>,
    /// The fact.
    pub rule: AttributionRule,
}

/// One action, as it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionExplained {
    /// When, if known.
    pub time: Option<Moment>,
    /// Whether it lies in the window of the question.
    pub in_window: bool,
    /// The action in the provider's words.
    pub action: String,
    /// How it ended, over all copies.
    pub outcome: Outcome,
    /// HTTP status of the logged request.
    pub http_status: Option<i64>,
    /// What it counts as.
    pub counts_as: &'static str,
    /// Whose action it is.
    pub whose: &'static str,
    /// To whom its actors belong.
    pub attribution: Vec<Belongs>,
    /// The credential.
    pub credential_id: String,
    /// The address.
    pub source_ip: String,
    /// In whose logs its copies lie.
    pub logs: Vec<String>,
    /// In whose log it stands, seen from the victim.
    pub side: Side,
    /// What made its copies one action.
    pub matched_by: &'static str,
    /// The records that it names, with class, confidence, standing and basis for each.
    pub results: Vec<ActionResult>,
    /// The events, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
}

/// What one action did to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionResult {
    /// The record.
    pub record: RecordKey,
    /// What was done, or tried.
    pub class: AccessClass,
    /// How sure it would be as an access.
    pub confidence: Confidence,
    /// By what right.
    pub standing: Standing,
    /// What was decided about the owner.
    pub owner: Decision,
    /// Why, in words.
    pub basis: Vec<String>,
}

/// The bytes of one event, exactly as they were received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CitedBytes {
    /// Where they lie.
    pub place: EvidenceRef,
    /// The text; bytes that are not UTF-8 are shown as replacement characters.
    pub text: String,
}
