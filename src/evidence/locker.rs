//! An acquisition being written: bytes are safe before anyone reads them.

use super::case::Case;
use super::journal::{Entry, Journal};
use super::seal::{FORMAT, Seal, SealedGap};
use super::{EvidenceError, bag, disk};
use crate::model::{Gap, Moment, OrgId, ReadingKind, Window};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A body as it came, with what is known about it.
#[derive(Clone, Debug, Default)]
pub struct Body<'b> {
    /// Wire bytes, still content-coded.
    pub bytes: &'b [u8],
    /// Why this is only an attempt: a failed or partial answer. None for a page.
    pub attempt: Option<String>,
    /// Whose log was asked for.
    pub org: String,
    /// Path and query of the request, without any secret.
    pub url: String,
    /// Status of the response.
    pub status: u16,
    /// Headers of the response.
    pub headers: Vec<(String, String)>,
    /// Cursor asked with.
    pub cursor_in: String,
    /// Cursor to the next page.
    pub cursor_out: String,
    /// Records counted on the way in.
    pub events: Option<u64>,
    /// Earliest and latest time seen.
    pub times: (Option<Moment>, Option<Moment>),
    /// When it was received.
    pub at: Option<Moment>,
    /// Whether token bytes were replaced.
    pub redacted: bool,
}

/// What was asked for, written before the first byte arrives.
#[derive(Clone, Debug, Serialize)]
pub struct RequestRecord {
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
    /// When the acquisition began.
    pub started_at: Moment,
    /// SHA-256 of the seal of the acquisition that is read again and held against; none for a first reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifies: Option<String>,
    /// What this acquisition is among the readings of its window; none for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<ReadingKind>,
    /// Version of the tool.
    pub tool_version: &'static str,
}

/// Writes one acquisition of a case.
#[derive(Debug)]
pub struct Locker {
    root: PathBuf,
    name: String,
    number: u32,
    source: String,
    window: Window,
    everyone: bool,
    verifies: Option<String>,
    reading: Option<ReadingKind>,
    clock_offset_s: Option<i64>,
    previous: String,
    journal: Journal,
    hashes: BTreeMap<String, String>,
    pages: u64,
    attempts: u64,
    bytes: u64,
}

impl Locker {
    /// Opens a new acquisition in a case.
    pub fn create(case: &Case, request: &RequestRecord) -> Result<Self, EvidenceError> {
        let number = case.next_acquisition()?;
        let name = format!("acq-{number:04}");
        let root = case.evidence().join(&name);
        disk::make_folder(&root.join("data/pages"))?;
        disk::make_folder(&root.join("data/attempts"))?;
        let mut hashes = BTreeMap::new();
        put(&root, "data/request.json", &json(request)?, &mut hashes)?;
        let journal = Journal::create(&root.join("data/journal.jsonl"))?;
        let previous = case.last_seal()?.unwrap_or_default();
        Ok(Self {
            root,
            name,
            number,
            source: request.source.clone(),
            window: request.window,
            everyone: false,
            verifies: request.verifies.clone(),
            reading: request.reading,
            clock_offset_s: None,
            previous,
            journal,
            hashes,
            pages: 0,
            attempts: 0,
            bytes: 0,
        })
    }

    /// Number of this acquisition.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Pages kept so far.
    pub const fn pages(&self) -> u64 {
        self.pages
    }

    /// Keeps a body; when this returns, body and journal line are on disk.
    pub fn keep(&mut self, body: &Body<'_>) -> Result<u32, EvidenceError> {
        let path = self.next_path(body.attempt.is_some());
        put(&self.root, &path, body.bytes, &mut self.hashes)?;
        let length = u64::try_from(body.bytes.len()).unwrap_or(u64::MAX);
        self.record(&path, length, body)
    }

    /// Copies a file in as a page.
    pub fn keep_file(&mut self, from: &Path, at: Moment) -> Result<u32, EvidenceError> {
        let path = self.next_path(false);
        let (hash, length) = disk::copy_new(from, &self.root.join(&path))?;
        self.hashes.insert(path.clone(), hash);
        let name = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.record(&path, length, &Body { url: name, at: Some(at), ..Body::default() })
    }

    /// Notes that one walk asked for everyone's log and reached its end.
    pub fn walked_everyone(&mut self) {
        self.everyone = true;
    }

    /// Notes by how many seconds the server's clock ran ahead of ours.
    pub fn clock_offset(&mut self, seconds: Option<i64>) {
        self.clock_offset_s = seconds;
    }

    /// Closes the acquisition: coverage, manifests, and the seal last of all.
    pub fn seal(mut self, walked: &[OrgId], gaps: &[Gap], at: Moment) -> Result<String, EvidenceError> {
        let gaps: Vec<_> = gaps.iter().map(SealedGap::from_model).collect();
        put(&self.root, "data/coverage.json", &json(&(self.window, walked, &gaps))?, &mut self.hashes)?;
        let (journal_hash, _) = disk::hash_file(&self.root.join("data/journal.jsonl"))?;
        self.hashes.insert("data/journal.jsonl".to_owned(), journal_hash);
        let manifest = bag::manifest(&self.hashes);
        let seal = self.seal_text(walked, gaps, &manifest, at)?;
        let files = u64::try_from(self.hashes.len()).unwrap_or(u64::MAX);
        let info = bag::info(&self.name, &at.to_string(), self.payload_bytes()?, files);
        let mut tags = BTreeMap::new();
        put(&self.root, "bagit.txt", bag::BAGIT.as_bytes(), &mut tags)?;
        put(&self.root, "bag-info.txt", info.as_bytes(), &mut tags)?;
        put(&self.root, "manifest-sha256.txt", manifest.as_bytes(), &mut tags)?;
        tags.insert("seal.json".to_owned(), disk::sha256_hex(&seal));
        disk::write_new(&self.root.join("tagmanifest-sha256.txt"), bag::manifest(&tags).as_bytes())?;
        // Sealed is what has a seal: it is written when all else is safe.
        disk::write_new(&self.root.join("seal.json"), &seal)?;
        Ok(disk::sha256_hex(&seal))
    }

    fn seal_text(
        &self,
        walked: &[OrgId],
        gaps: Vec<SealedGap>,
        manifest: &str,
        at: Moment,
    ) -> Result<Vec<u8>, EvidenceError> {
        json(&Seal {
            format: FORMAT,
            acquisition: self.name.clone(),
            sealed_at_us: at.micros(),
            source: self.source.clone(),
            pages: self.pages,
            attempts: self.attempts,
            bytes: self.bytes,
            walked: walked.to_vec(),
            everyone: self.everyone,
            verifies: self.verifies.clone(),
            reading: self.reading,
            clock_offset_s: self.clock_offset_s,
            window_from_us: self.window.from().map(Moment::micros),
            window_to_us: self.window.to().map(Moment::micros),
            gaps,
            journal_head: self.journal.head().to_owned(),
            manifest_sha256: disk::sha256_hex(manifest.as_bytes()),
            previous: self.previous.clone(),
        })
    }

    fn payload_bytes(&self) -> Result<u64, EvidenceError> {
        self.hashes.keys().try_fold(0_u64, |sum, path| {
            let path = self.root.join(path);
            let meta = path.metadata().map_err(|source| EvidenceError::Disk { path: path.clone(), source })?;
            Ok(sum.saturating_add(meta.len()))
        })
    }

    fn next_path(&self, attempt: bool) -> String {
        let (folder, kept) = if attempt { ("attempts", self.attempts) } else { ("pages", self.pages) };
        format!("data/{folder}/{:06}.body", kept.saturating_add(1))
    }

    fn record(&mut self, path: &str, length: u64, body: &Body<'_>) -> Result<u32, EvidenceError> {
        let head = head(body)?;
        let head_path = path.replace(".body", ".head");
        put(&self.root, &head_path, &head, &mut self.hashes)?;
        let time = |moment: Option<Moment>| moment.map(|m| m.to_string()).unwrap_or_default();
        self.journal.append(Entry {
            seq: 0,
            prev: String::new(),
            kind: if body.attempt.is_some() { "attempt" } else { "page" }.to_owned(),
            path: path.to_owned(),
            sha256: self.hashes.get(path).cloned().unwrap_or_default(),
            length,
            head_sha256: disk::sha256_hex(&head),
            org: body.org.clone(),
            cursor_in: body.cursor_in.clone(),
            cursor_out: body.cursor_out.clone(),
            events: body.events,
            min_time: time(body.times.0),
            max_time: time(body.times.1),
            at: time(body.at),
            redacted: body.redacted,
        })?;
        self.bytes = self.bytes.saturating_add(length);
        match body.attempt {
            Some(_) => self.attempts = self.attempts.saturating_add(1),
            None => self.pages = self.pages.saturating_add(1),
        }
        Ok(u32::try_from(self.pages).unwrap_or(u32::MAX))
    }
}

#[derive(Serialize)]
struct Head<'b> {
    url: &'b str,
    status: u16,
    headers: &'b [(String, String)],
    attempt: Option<&'b str>,
}

fn head(body: &Body<'_>) -> Result<Vec<u8>, EvidenceError> {
    json(&Head { url: &body.url, status: body.status, headers: &body.headers, attempt: body.attempt.as_deref() })
}

fn put(root: &Path, path: &str, bytes: &[u8], hashes: &mut BTreeMap<String, String>) -> Result<(), EvidenceError> {
    disk::write_new(&root.join(path), bytes)?;
    hashes.insert(path.to_owned(), disk::sha256_hex(bytes));
    Ok(())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, EvidenceError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| EvidenceError::Internal(error.to_string()))?;
    text.push(b'\n');
    Ok(text)
}
