//! An interrupted acquisition taken up again: what was acknowledged counts, what was not is kept and set aside.

use super::body::{head_path, json};
use super::case::Case;
use super::files::{FileKind, Files};
use super::journal::{self, Entry, Journal};
use super::locker::Locker;
use super::request::{OPEN_FORMAT, RequestRecord, Taken};
use super::segments::{self, Segments};
use super::{EvidenceError, disk, files};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A body that an earlier run of the same acquisition kept.
#[derive(Clone, Debug)]
pub struct Kept {
    files: Arc<dyn Files>,
    root: PathBuf,
    entry: Entry,
}

/// The body, to be judged again as it was when it came.
#[derive(Clone, Debug)]
pub struct KeptBody {
    /// Path and query of its request.
    pub url: String,
    /// Headers of the response.
    pub headers: Vec<(String, String)>,
    /// Wire bytes.
    pub bytes: Vec<u8>,
}

impl Kept {
    /// Number of its page.
    pub fn page(&self) -> u32 {
        journal::number(&self.entry.path).unwrap_or(0)
    }

    /// SHA-256 of the body.
    pub fn sha256(&self) -> &str {
        &self.entry.sha256
    }

    /// The walk that it belongs to.
    pub fn lane(&self) -> &str {
        &self.entry.lane
    }

    /// Reads body and head; both must be what their journal line says.
    pub fn load(&self) -> Result<KeptBody, EvidenceError> {
        let bytes = self.read(&self.entry.path, &self.entry.sha256)?;
        let path = head_path(&self.entry.path);
        let head = self.read(&path, &self.entry.head_sha256)?;
        let altered = |error: serde_json::Error| EvidenceError::Altered {
            path: self.root.join(&path),
            problem: error.to_string(),
        };
        let head: KeptHead = serde_json::from_slice(&head).map_err(altered)?;
        Ok(KeptBody { url: head.url, headers: head.headers, bytes })
    }

    fn read(&self, path: &str, sha256: &str) -> Result<Vec<u8>, EvidenceError> {
        let path = self.root.join(path);
        let bytes = self.files.read(&path)?;
        if disk::sha256_hex(&bytes) == sha256 { Ok(bytes) } else { Err(changed(path)) }
    }
}

#[derive(serde::Deserialize)]
struct KeptHead {
    url: String,
    headers: Vec<(String, String)>,
}

impl Locker {
    /// Goes on with the unfinished acquisition of a case if it asked the same, or begins a new one.
    pub fn open(case: &Case, request: &RequestRecord) -> Result<Self, EvidenceError> {
        match case.last_asked()? {
            Some(last) if last.seal.is_none() && last.continues(request) => match &last.request {
                None => Self::begin(case, last.number, request),
                Some(_) => Self::take_up(case, &last, request),
            },
            _ => Self::create(case, request),
        }
    }

    /// Pages that earlier runs kept for one walk, in the order in which they came.
    pub fn kept(&self, lane: &str) -> Vec<Kept> {
        let of_lane = |entry: &&Entry| entry.lane == lane && entry.kind == journal::PAGE;
        let kept = |entry: &Entry| Kept { files: self.files.clone(), root: self.root.clone(), entry: entry.clone() };
        self.found.iter().filter(of_lane).map(kept).collect()
    }

    /// Walks of which earlier runs kept a page.
    pub fn lanes(&self) -> BTreeSet<String> {
        let pages = self.found.iter().filter(|entry| entry.kind == journal::PAGE);
        pages.map(|entry| entry.lane.clone()).collect()
    }

    fn take_up(case: &Case, last: &Taken, request: &RequestRecord) -> Result<Self, EvidenceError> {
        let (files, root) = (case.files(), last.root.clone());
        let format = last.request.as_ref().map_or(0, |known| known.format);
        if format > OPEN_FORMAT {
            let problem = format!("has format {format}, this version writes {OPEN_FORMAT}");
            return Err(EvidenceError::Newer { path: root.join("data/request.json"), problem });
        }
        for folder in ["data/pages", "data/attempts"] {
            files::make_folders(&*files, &case.evidence(), &format!("{}/{folder}", last.name()))?;
        }
        let read = segments::read(&*files, &root)?;
        if read.files.is_empty() && present(&*files, &root)?.iter().any(|path| path.contains(".body")) {
            // It is made before the first body.
            return Err(EvidenceError::Altered {
                path: root.join("data/journal.jsonl"),
                problem: "is missing".to_owned(),
            });
        }
        let bodies: Vec<Entry> = read.entries.iter().filter(|entry| !entry.head_sha256.is_empty()).cloned().collect();
        bodies.par_iter().try_for_each(|entry| check(&*files, &root, entry))?;
        let (mut first, journal, free) = continuation(&*files, &root, &read, request)?;
        let journal = Journal::begin(&*files, &root.join(journal), read.chain.clone(), &mut first)?;
        let mut locker = Self {
            name: last.name(),
            number: last.number,
            source: request.source.clone(),
            window: request.window,
            everyone: false,
            verifies: request.verifies.clone(),
            reading: request.reading,
            clock_offset_s: None,
            previous: case.last_seal()?.unwrap_or_default(),
            journal,
            hashes: BTreeMap::new(),
            found: bodies,
            pages: 0,
            attempts: 0,
            bytes: 0,
            free,
            case: case.root().to_owned(),
            signer: case.signer(),
            files,
            root,
        };
        let (request_hash, _) = locker.files.hash(&locker.root.join("data/request.json"))?;
        locker.hashes.insert("data/request.json".to_owned(), request_hash);
        read.entries.iter().chain(&first).for_each(|entry| locker.count(entry));
        // What an earlier line says of a segment holds for all of them but the one that is being written.
        locker.hashes.extend(read.files.iter().map(|segment| (segment.path.clone(), segment.sha256.clone())));
        Ok(locker)
    }
}

/// A journalled body and its head must be what their line says.
fn check(files: &dyn Files, root: &Path, entry: &Entry) -> Result<(), EvidenceError> {
    for (path, sha256) in [(entry.path.clone(), &entry.sha256), (head_path(&entry.path), &entry.head_sha256)] {
        let path = root.join(path);
        if files.hash(&path)?.0 != *sha256 {
            return Err(changed(path));
        }
    }
    Ok(())
}

fn changed(path: PathBuf) -> EvidenceError {
    EvidenceError::Altered { path, problem: "is not what its journal line says: its SHA-256 differs".to_owned() }
}

/// First lines of a segment, its path, and the free numbers of pages and attempts.
type Continuation = (Vec<Entry>, String, (u32, u32));

/// Writes down what this run asks for; gives the first lines of its segment, the segment's path, and free numbers.
fn continuation(
    files: &dyn Files,
    root: &Path,
    read: &Segments,
    request: &RequestRecord,
) -> Result<Continuation, EvidenceError> {
    let present = present(files, root)?;
    let numbered = |name: &str| segments::number(name).or_else(|| request_number(name));
    let taken = present.iter().filter_map(|path| numbered(path.strip_prefix("data/")?)).max();
    let number = taken.unwrap_or(1).saturating_add(1);
    let mut lines: Vec<Entry> = Vec::new();
    for segment in read.files.iter().filter(|segment| !segment.named) {
        lines.push(line(journal::SEGMENT, &segment.path, segment.sha256.clone(), segment.whole));
    }
    let known = known(read);
    for path in present.iter().filter(|path| !known.contains(path.as_str())) {
        let (sha256, length) = files.hash(&root.join(path))?;
        lines.push(line(journal::STRAY, path, sha256, length));
    }
    let name = format!("data/request-{number:04}.json");
    let text = json(request)?;
    files::put(files, &root.join(&name), &text)?;
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    lines.push(line(journal::REQUEST, &name, disk::sha256_hex(&text), length));
    let free = |folder: &str| {
        let inside = present.iter().filter(|path| path.starts_with(folder));
        inside.filter_map(|path| journal::number(path)).max().unwrap_or(0).saturating_add(1)
    };
    Ok((lines, format!("data/journal-{number:04}.jsonl"), (free("data/pages/"), free("data/attempts/"))))
}

/// Files that need no line to be accounted for, and those that have one.
fn known(read: &Segments) -> BTreeSet<String> {
    // Coverage is written anew when the acquisition is closed.
    let own = ["data/request.json", "data/coverage.json", "data/coverage.json.part"].map(str::to_owned);
    let mut known: BTreeSet<String> = own.into_iter().collect();
    known.extend(read.files.iter().map(|segment| segment.path.clone()));
    for entry in &read.entries {
        known.insert(entry.path.clone());
        if !entry.head_sha256.is_empty() {
            known.insert(head_path(&entry.path));
        }
    }
    known
}

/// Every file below `data/`.
fn present(files: &dyn Files, root: &Path) -> Result<BTreeSet<String>, EvidenceError> {
    let mut found = BTreeSet::new();
    let mut open = vec!["data".to_owned()];
    while let Some(folder) = open.pop() {
        for (name, kind) in files.list(&root.join(&folder))? {
            let path = format!("{folder}/{name}");
            match kind {
                FileKind::File => {
                    found.insert(path);
                }
                FileKind::Folder => open.push(path),
                FileKind::Other => {
                    let problem = "is neither a file nor a folder".to_owned();
                    return Err(EvidenceError::Altered { path: root.join(path), problem });
                }
            }
        }
    }
    Ok(found)
}

fn line(kind: &str, path: &str, sha256: String, length: u64) -> Entry {
    Entry { kind: kind.to_owned(), path: path.to_owned(), sha256, length, ..Entry::default() }
}

/// The number in `request-0002.json`, also of one that is not yet in its place.
fn request_number(name: &str) -> Option<u32> {
    name.strip_prefix("request-")?.split('.').next()?.parse().ok()
}
