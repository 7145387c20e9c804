//! An acquisition being written: bytes are safe before anyone reads them.

use super::body::{Body, Head, head_path, json};
use super::case::Case;
use super::custody::{self, Act};
use super::files::{self, Files};
use super::journal::{self, Chain, Entry, Journal};
use super::request::RequestRecord;
use super::seal::{FORMAT, Seal, SealedGap};
use super::{EvidenceError, SigningKey, bag, disk, manifest, sign};
use crate::model::{Gap, Moment, OrgId, ReadingKind, Window};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes one acquisition of a case.
#[derive(Debug)]
pub struct Locker {
    pub(super) files: Arc<dyn Files>,
    pub(super) root: PathBuf,
    pub(super) name: String,
    pub(super) number: u32,
    pub(super) source: String,
    pub(super) window: Window,
    pub(super) everyone: bool,
    pub(super) verifies: Option<String>,
    pub(super) reading: Option<ReadingKind>,
    pub(super) clock_offset_s: Option<i64>,
    pub(super) previous: String,
    pub(super) journal: Journal,
    pub(super) hashes: BTreeMap<String, String>,
    /// Bodies that an earlier run kept, in the order of their lines.
    pub(super) found: Vec<Entry>,
    pub(super) pages: u64,
    pub(super) attempts: u64,
    pub(super) bytes: u64,
    /// Numbers of the next page and the next attempt; what an interruption left is stepped around.
    pub(super) free: (u32, u32),
    /// The case folder, whose custody chain tells of the seal.
    pub(super) case: PathBuf,
    pub(super) signer: Option<Arc<SigningKey>>,
}

impl Locker {
    /// Opens a new acquisition in a case.
    pub fn create(case: &Case, request: &RequestRecord) -> Result<Self, EvidenceError> {
        Self::begin(case, case.next_acquisition()?, request)
    }

    /// Begins acquisition `number`, of which nothing is there yet but folders.
    pub(super) fn begin(case: &Case, number: u32, request: &RequestRecord) -> Result<Self, EvidenceError> {
        let files = case.files();
        let name = format!("acq-{number:04}");
        let root = case.evidence().join(&name);
        for folder in ["data/pages", "data/attempts"] {
            files::make_folders(&*files, &case.evidence(), &format!("{name}/{folder}"))?;
        }
        let mut hashes = BTreeMap::new();
        let text = json(request)?;
        files::put(&*files, &root.join("data/request.json"), &text)?;
        hashes.insert("data/request.json".to_owned(), disk::sha256_hex(&text));
        let journal = Journal::begin(&*files, &root.join("data/journal.jsonl"), Chain::beginning(), &mut [])?;
        Ok(Self {
            files,
            root,
            name,
            number,
            source: request.source.clone(),
            window: request.window,
            everyone: false,
            verifies: request.verifies.clone(),
            reading: request.reading,
            clock_offset_s: None,
            previous: case.last_seal()?.unwrap_or_default(),
            journal,
            hashes,
            found: Vec::new(),
            pages: 0,
            attempts: 0,
            bytes: 0,
            free: (1, 1),
            case: case.root().to_owned(),
            signer: case.signer(),
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
        self.keep_all(std::slice::from_ref(body)).map(|numbers| numbers.first().copied().unwrap_or(0))
    }

    /// Keeps bodies that came at the same time with shared flushes; returns the number of each page or attempt.
    pub fn keep_all(&mut self, bodies: &[Body<'_>]) -> Result<Vec<u32>, EvidenceError> {
        let mut entries = Vec::new();
        let mut heads = Vec::new();
        for body in bodies {
            let head = json(&Head::of(body))?;
            let path = self.next_path(body.attempt.is_some());
            let length = u64::try_from(body.bytes.len()).unwrap_or(u64::MAX);
            entries.push(body.entry(path, (disk::sha256_hex(body.bytes), length), disk::sha256_hex(&head)));
            heads.push(head);
        }
        let paths = |entry: &Entry| [self.root.join(&entry.path), self.root.join(head_path(&entry.path))];
        let parts = entries.iter().zip(bodies).zip(&heads).flat_map(|((entry, body), head)| {
            let [body_path, head_path] = paths(entry);
            [(files::beside(&body_path), body.bytes), (files::beside(&head_path), head.as_slice())]
        });
        self.files.write_all(&parts.collect::<Vec<_>>())?;
        for path in entries.iter().flat_map(paths) {
            self.files.rename(&files::beside(&path), &path)?;
        }
        self.settle(&mut entries)
    }

    /// Copies a file in as a page.
    pub fn keep_file(&mut self, from: &Path, at: Moment) -> Result<u32, EvidenceError> {
        let path = self.next_path(false);
        let (hash, length) = disk::copy_in(&*self.files, from, &self.root.join(&path))?;
        let name = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let body = Body { url: name, at: Some(at), ..Body::default() };
        let head = json(&Head::of(&body))?;
        files::put(&*self.files, &self.root.join(head_path(&path)), &head)?;
        let numbers = self.settle(&mut [body.entry(path, (hash, length), disk::sha256_hex(&head))])?;
        Ok(numbers.first().copied().unwrap_or(0))
    }

    /// Makes the new names durable, then their lines; only then do they count.
    fn settle(&mut self, entries: &mut [Entry]) -> Result<Vec<u32>, EvidenceError> {
        let mut folders: Vec<PathBuf> =
            entries.iter().map(|entry| files::folder_of(&self.root.join(&entry.path)).to_owned()).collect();
        folders.sort();
        folders.dedup();
        folders.iter().try_for_each(|folder| self.files.sync_folder(folder))?;
        self.journal.append(&*self.files, entries)?;
        for entry in entries.iter() {
            self.count(entry);
        }
        Ok(entries.iter().filter_map(|entry| journal::number(&entry.path)).collect())
    }

    /// Takes a line into the counts.
    pub(super) fn count(&mut self, entry: &Entry) {
        self.hashes.insert(entry.path.clone(), entry.sha256.clone());
        if !entry.head_sha256.is_empty() {
            self.hashes.insert(head_path(&entry.path), entry.head_sha256.clone());
        }
        match entry.kind.as_str() {
            journal::PAGE => self.pages = self.pages.saturating_add(1),
            journal::ATTEMPT => self.attempts = self.attempts.saturating_add(1),
            _ => return,
        }
        self.bytes = self.bytes.saturating_add(entry.length);
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
        self.put("data/coverage.json", &json(&(self.window, walked, &gaps))?)?;
        let journal = format!("data/{}", self.journal.name());
        let (hash, _) = self.files.hash(&self.root.join(&journal))?;
        self.hashes.insert(journal, hash);
        if self.signer.is_none() {
            self.set_signature_aside()?;
        }
        let manifest = manifest::write(&self.hashes);
        let seal = self.seal_text(walked, gaps, &manifest, at)?;
        let files = u64::try_from(self.hashes.len()).unwrap_or(u64::MAX);
        let info = bag::info(&self.name, &at.to_string(), self.payload_bytes()?, files);
        // An interruption may have left these: without a seal they are rewritten.
        let mut tags = BTreeMap::new();
        for (name, bytes) in [
            ("bagit.txt", bag::BAGIT.as_bytes()),
            ("bag-info.txt", info.as_bytes()),
            ("manifest-sha256.txt", manifest.as_bytes()),
        ] {
            files::put(&*self.files, &self.root.join(name), bytes)?;
            tags.insert(name.to_owned(), disk::sha256_hex(bytes));
        }
        tags.insert("seal.json".to_owned(), disk::sha256_hex(&seal));
        let tags = manifest::write(&tags);
        files::put(&*self.files, &self.root.join(bag::TAG_MANIFEST), tags.as_bytes())?;
        if let Some(key) = &self.signer {
            let signature = sign::write(key, tags.as_bytes());
            files::put(&*self.files, &self.root.join(bag::SIGNATURE), signature.as_bytes())?;
        }
        // Sealed is what has a seal: it is written when all else is safe.
        files::put(&*self.files, &self.root.join("seal.json"), &seal)?;
        let (acquisition, seal_sha256) = (self.name, disk::sha256_hex(&seal));
        let act = Act::Sealed { acquisition, seal_sha256: seal_sha256.clone() };
        custody::append(&*self.files, &self.case, act, at)?;
        Ok(seal_sha256)
    }

    /// A signature that an interrupted sealing left is kept, where this one makes none.
    fn set_signature_aside(&mut self) -> Result<(), EvidenceError> {
        let signature = self.root.join(bag::SIGNATURE);
        for from in [files::beside(&signature), signature] {
            if self.files.kind(&from)?.is_some() {
                let path = format!("data/attempts/{}", from.file_name().unwrap_or_default().to_string_lossy());
                self.files.rename(&from, &self.root.join(&path))?;
                let (hash, _) = self.files.hash(&self.root.join(&path))?;
                self.hashes.insert(path, hash);
            }
        }
        Ok(())
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
            signer: self.signer.as_ref().map(|key| key.public().line()),
        })
    }

    fn payload_bytes(&self) -> Result<u64, EvidenceError> {
        self.hashes.keys().try_fold(0_u64, |sum, path| {
            let (_, length) = self.files.hash(&self.root.join(path))?;
            Ok(sum.saturating_add(length))
        })
    }

    fn next_path(&mut self, attempt: bool) -> String {
        let (folder, free) = if attempt { ("attempts", &mut self.free.1) } else { ("pages", &mut self.free.0) };
        let number = *free;
        *free = number.saturating_add(1);
        format!("data/{folder}/{number:06}.body")
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), EvidenceError> {
        files::put(&*self.files, &self.root.join(path), bytes)?;
        self.hashes.insert(path.to_owned(), disk::sha256_hex(bytes));
        Ok(())
    }
}
