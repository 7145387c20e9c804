//! What an acquisition asks for, and whether another run asks the same.

use super::EvidenceError;
use super::files::Files;
use crate::model::{Moment, OrgId, ReadingKind, Window};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Version of what is written while an acquisition is open: request, journal, their names.
pub const OPEN_FORMAT: u32 = 1;

/// The source of an import.
pub const FILES: &str = "files";

/// What was asked for, written before the first byte arrives.
#[derive(Clone, Debug, Serialize)]
pub struct RequestRecord {
    /// [`OPEN_FORMAT`].
    pub format: u32,
    /// Base URL without query, or `files`.
    pub source: String,
    /// Whose logs.
    pub orgs: Vec<OrgId>,
    /// The window asked for.
    pub window: Window,
    /// The profile.
    pub profile: String,
    /// First 12 hex digits of the token's SHA-256, one a token.
    pub token_fingerprints: Vec<String>,
    /// How the API was reached.
    #[serde(skip_serializing_if = "WayRecord::is_usual")]
    pub way: WayRecord,
    /// When the acquisition began.
    pub started_at: Moment,
    /// SHA-256 of the seal of the acquisition that is read again and held against; none for a first reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifies: Option<String>,
    /// What this acquisition is among the readings of its window; none for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<ReadingKind>,
    /// The question in the words in which it was asked, so that relative times are resolved once.
    pub asked: Asked,
    /// Version of the tool.
    pub tool_version: &'static str,
}

/// How an API was reached, where not directly and by the machine's own certificate authorities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WayRecord {
    /// Address of the proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// First 12 hex digits of the SHA-256 of the file with the only authorities trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_cert: Option<String>,
    /// The same of the file with the client certificate shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_cert: Option<String>,
}

impl WayRecord {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// The question as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The words; for files, what names them.
    pub words: Vec<String>,
    /// What `now` was when relative times were resolved, in microseconds since 1970.
    pub now_us: i64,
}

/// An acquisition of a case, and what it asked for.
#[derive(Clone, Debug)]
pub struct Taken {
    pub(super) root: PathBuf,
    pub(super) number: u32,
    /// SHA-256 of its seal; none where it is open.
    pub(super) seal: Option<String>,
    /// What it asked for; none where it was interrupted before that was written.
    pub(super) request: Option<KnownRequest>,
}

/// The parts of a request that say whether another is the same; a later version may have more.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct KnownRequest {
    #[serde(default)]
    pub(super) format: u32,
    #[serde(default)]
    source: serde_json::Value,
    #[serde(default)]
    orgs: serde_json::Value,
    #[serde(default)]
    window: serde_json::Value,
    #[serde(default)]
    profile: serde_json::Value,
    #[serde(default)]
    verifies: Option<String>,
    #[serde(default)]
    asked: Asked,
    #[serde(default)]
    started_at: String,
}

impl Taken {
    /// What the acquisition at `root` asked for.
    pub(super) fn read(files: &dyn Files, root: &Path, number: u32) -> Result<Self, EvidenceError> {
        let seal = root.join("seal.json");
        let seal = files.kind(&seal)?.map(|_| files.hash(&seal)).transpose()?.map(|(hash, _)| hash);
        let path = root.join("data/request.json");
        let altered =
            |error: serde_json::Error| EvidenceError::Altered { path: path.clone(), problem: error.to_string() };
        let bytes = files.kind(&path)?.map(|_| files.read(&path)).transpose()?;
        let request = bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(altered)).transpose()?;
        Ok(Self { root: root.to_owned(), number, seal, request })
    }

    /// The folder's name.
    pub fn name(&self) -> String {
        format!("acq-{:04}", self.number)
    }

    /// SHA-256 of its seal; none where it is open.
    pub fn seal(&self) -> Option<&str> {
        self.seal.as_deref()
    }

    /// Whether it was begun only to be held against an earlier one.
    pub fn is_further(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.verifies.is_some())
    }

    /// When it began; empty where it was interrupted before that was written.
    pub fn started_at(&self) -> &str {
        self.request.as_ref().map_or("", |request| &request.started_at)
    }

    /// What `now` was, if the same words were asked.
    pub fn now(&self, words: &[String]) -> Option<Moment> {
        let asked = &self.request.as_ref()?.asked;
        (asked.words == words).then(|| Moment::from_micros(asked.now_us))
    }

    /// Whether another run asks the same. Before the request was written, anything does.
    pub fn continues(&self, other: &RequestRecord) -> bool {
        let Some(known) = &self.request else { return self.seal.is_none() };
        known.format > 0 && known.asks(other).unwrap_or(false)
    }
}

impl KnownRequest {
    /// Whether another request asks for the same bytes.
    pub(super) fn asks(&self, other: &RequestRecord) -> Result<bool, serde_json::Error> {
        let same_files = other.source != FILES || self.asked.words == other.asked.words;
        Ok(same_files
            && self.verifies == other.verifies
            && self.source == serde_json::to_value(&other.source)?
            && sorted(&self.orgs) == sorted(&serde_json::to_value(&other.orgs)?)
            && self.window == serde_json::to_value(other.window)?
            && self.profile == serde_json::to_value(&other.profile)?)
    }
}

/// The order in which organisations are named asks for nothing else.
fn sorted(orgs: &serde_json::Value) -> Vec<String> {
    let mut names: Vec<String> = orgs.as_array().into_iter().flatten().map(ToString::to_string).collect();
    names.sort();
    names
}
