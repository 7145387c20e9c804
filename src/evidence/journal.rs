//! One line a kept file, each naming the hash of the line before it.

use super::files::{Files, folder_of};
use super::{EvidenceError, disk};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What the first line names as its predecessor.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a line is about.
pub(super) const PAGE: &str = "page";
/// A failed or partial body.
pub(super) const ATTEMPT: &str = "attempt";
/// An earlier segment of the journal, as an interruption left it: `length` bytes of it are whole lines.
pub(super) const SEGMENT: &str = "segment";
/// What a run that continues asked for.
pub(super) const REQUEST: &str = "request";
/// A file that an interruption left without its line: kept, and used for nothing.
pub(super) const STRAY: &str = "stray";

/// One kept file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Position, from 1, over all segments.
    pub seq: u64,
    /// SHA-256 of the previous line without its line end.
    pub prev: String,
    /// `page`, `attempt`, `segment`, `request` or `stray`.
    pub kind: String,
    /// The walk that it belongs to.
    #[serde(default)]
    pub lane: String,
    /// Lines of one number were flushed together: what tears, tears within one number.
    #[serde(default)]
    pub flush: u64,
    /// The file's path below the acquisition.
    pub path: String,
    /// SHA-256 of the file as kept.
    pub sha256: String,
    /// Length of the file as kept; of a segment, the length of its whole lines.
    pub length: u64,
    /// SHA-256 of the head beside it; empty where there is none.
    pub head_sha256: String,
    /// Whose log was asked for, if one's was.
    pub org: String,
    /// Cursor that the page was asked with.
    pub cursor_in: String,
    /// Cursor to the next page; empty at the end.
    pub cursor_out: String,
    /// Records in the page.
    pub events: Option<u64>,
    /// Earliest time in the page.
    pub min_time: String,
    /// Latest time in the page.
    pub max_time: String,
    /// When it was received.
    pub at: String,
    /// Whether token bytes were replaced before writing.
    pub redacted: bool,
}

/// Where the chain stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// Hash of the last line.
    pub(super) head: String,
    /// Position of the next line.
    pub(super) next: u64,
    /// Number of the next flush.
    pub(super) flush: u64,
}

impl Chain {
    pub(super) fn beginning() -> Self {
        Self { head: BEGINNING.to_owned(), next: 1, flush: 1 }
    }
}

/// The segment of a journal that is being written.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    chain: Chain,
    broken: bool,
}

impl Journal {
    /// Begins a segment with its first lines; an existing file is never continued.
    pub(super) fn begin(
        files: &dyn Files,
        path: &Path,
        chain: Chain,
        first: &mut [Entry],
    ) -> Result<Self, EvidenceError> {
        if files.kind(path)?.is_some() {
            return Err(EvidenceError::WouldOverwrite { path: path.to_owned() });
        }
        let mut journal = Self { path: path.to_owned(), chain, broken: false };
        journal.append(files, first)?;
        files.sync_folder(folder_of(path))?;
        Ok(journal)
    }

    /// Appends lines with one flush; `seq`, `prev` and `flush` are set here.
    ///
    /// After a failure nothing is appended any more: what a failed flush left is not known.
    pub(super) fn append(&mut self, files: &dyn Files, entries: &mut [Entry]) -> Result<(), EvidenceError> {
        if self.broken {
            let why = format!("{} could not be flushed before and takes nothing more", self.path.display());
            return Err(EvidenceError::Internal(why));
        }
        let mut chain = self.chain.clone();
        let mut text = String::new();
        for entry in entries {
            entry.seq = chain.next;
            entry.prev.clone_from(&chain.head);
            entry.flush = chain.flush;
            let line = serde_json::to_string(entry).map_err(|error| EvidenceError::Internal(error.to_string()))?;
            chain.head = disk::sha256_hex(line.as_bytes());
            chain.next = chain.next.saturating_add(1);
            text.push_str(&line);
            text.push('\n');
        }
        self.broken = true;
        files.append(&self.path, text.as_bytes())?;
        self.broken = false;
        chain.flush = chain.flush.saturating_add(1);
        self.chain = chain;
        Ok(())
    }

    /// The segment's file name.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Hash of the last line.
    pub(super) fn head(&self) -> &str {
        &self.chain.head
    }
}

/// The number in the name of a kept body: that of its page or attempt.
pub(super) fn number(path: &str) -> Option<u32> {
    path.rsplit('/').next()?.split('.').next()?.parse().ok()
}
