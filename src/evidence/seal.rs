//! What an acquisition is when it is closed: counts, gaps, and the seal before it.

use super::{EvidenceError, disk};
use crate::model::{Gap, Moment, OrgId, ReadingKind};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Version of the layout of an acquisition.
pub(super) const FORMAT: u32 = 1;

/// A gap as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealedGap {
    pub(super) log_org: Option<OrgId>,
    pub(super) from_us: Option<i64>,
    pub(super) to_us: Option<i64>,
    pub(super) reason: String,
}

/// The seal: its SHA-256 fixes everything below the acquisition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seal {
    pub(super) format: u32,
    pub(super) acquisition: String,
    pub(super) sealed_at_us: i64,
    pub(super) source: String,
    pub(super) pages: u64,
    pub(super) attempts: u64,
    pub(super) bytes: u64,
    /// Logs that were walked to their end, with the window walked.
    pub(super) walked: Vec<OrgId>,
    /// Whether one walk asked for everyone's log and reached its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) everyone: bool,
    /// SHA-256 of the seal of the acquisition that this one was read to be held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) verifies: Option<String>,
    /// What this acquisition is among the readings of its window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reading: Option<ReadingKind>,
    /// Seconds by which the server's clock ran ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) clock_offset_s: Option<i64>,
    pub(super) window_from_us: Option<i64>,
    pub(super) window_to_us: Option<i64>,
    pub(super) gaps: Vec<SealedGap>,
    pub(super) journal_head: String,
    pub(super) manifest_sha256: String,
    /// SHA-256 of the previous acquisition's seal; empty for the first.
    pub(super) previous: String,
    /// Public key that the tag manifest is signed with, so that a signature taken away is missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signer: Option<String>,
}

impl SealedGap {
    pub(super) fn from_model(gap: &Gap) -> Self {
        Self {
            log_org: gap.log_org.clone(),
            from_us: gap.from.map(Moment::micros),
            to_us: gap.to.map(Moment::micros),
            reason: gap.reason.clone(),
        }
    }

    pub(super) fn to_model(&self) -> Gap {
        Gap {
            log_org: self.log_org.clone(),
            from: self.from_us.map(Moment::from_micros),
            to: self.to_us.map(Moment::from_micros),
            reason: self.reason.clone(),
        }
    }
}

/// Reads a seal and its SHA-256.
pub(super) fn read(path: &Path) -> Result<(Seal, String), EvidenceError> {
    let bytes = disk::read_plain(path)?;
    let altered = |problem: String| EvidenceError::Altered { path: path.to_owned(), problem };
    let seal: Seal = serde_json::from_slice(&bytes).map_err(|error| altered(error.to_string()))?;
    if seal.format != FORMAT {
        return Err(altered(format!("has format {}, this version knows {FORMAT}", seal.format)));
    }
    Ok((seal, disk::sha256_hex(&bytes)))
}
