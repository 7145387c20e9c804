//! What an intruder leaves behind: ways back in.

use super::{EventCitation, EvidenceRef, MintKind, Moment, OrgId};
use serde::{Deserialize, Serialize};

/// Something that the accessing side left inside a victim and that can act, or be called, without it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Persistence {
    /// When it was made.
    pub time: Option<Moment>,
    /// What it is.
    pub kind: MintKind,
    /// The id under which it acts.
    pub id: String,
    /// Inside which organisation.
    pub org: OrgId,
    /// Who made it.
    pub actor_id: String,
    /// With which credential.
    pub credential_id: String,
    /// Whether it was certainly made, and by the accessing side.
    pub certain: bool,
    /// How many actions it took part in since.
    pub uses: u64,
    /// The last of them.
    pub last_use: Option<Moment>,
    /// When it was deleted, if it was.
    pub removed: Option<Moment>,
    /// The events that made it, sorted.
    pub event_ids: Vec<EventCitation>,
    /// Where their bytes lie, sorted.
    pub evidence_refs: Vec<EvidenceRef>,
}
