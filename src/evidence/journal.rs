//! One line a page, each naming the hash of the line before it.

use super::{EvidenceError, disk};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the first line names as its predecessor.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One kept body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Position, from 1.
    pub seq: u64,
    /// SHA-256 of the previous line without its line end.
    pub prev: String,
    /// `page`, or `attempt` for a failed or partial body.
    pub kind: String,
    /// The body's path below the acquisition.
    pub path: String,
    /// SHA-256 of the body as kept.
    pub sha256: String,
    /// Length of the body as kept.
    pub length: u64,
    /// SHA-256 of the head beside it.
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

/// The journal of an acquisition that is being written.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    head: String,
    next: u64,
}

impl Journal {
    pub(super) fn create(path: &Path) -> Result<Self, EvidenceError> {
        let failed = |source| EvidenceError::Disk { path: path.to_owned(), source };
        let file = disk::private(OpenOptions::new().append(true).create_new(true)).open(path).map_err(failed)?;
        Ok(Self { path: path.to_owned(), file, head: BEGINNING.to_owned(), next: 1 })
    }

    /// Appends a line and flushes it; `seq` and `prev` are set here.
    pub(super) fn append(&mut self, mut entry: Entry) -> Result<(), EvidenceError> {
        entry.seq = self.next;
        entry.prev.clone_from(&self.head);
        let line = serde_json::to_string(&entry).map_err(|error| EvidenceError::Internal(error.to_string()))?;
        let failed = |source| EvidenceError::Disk { path: self.path.clone(), source };
        self.file.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.file.sync_data()).map_err(failed)?;
        self.head = disk::sha256_hex(line.as_bytes());
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    /// Hash of the last line.
    pub(super) fn head(&self) -> &str {
        &self.head
    }
}

/// Reads a sealed journal and checks its chain; returns the entries and the hash of the last line.
pub(super) fn read(path: &Path) -> Result<(Vec<Entry>, String), EvidenceError> {
    let bytes = disk::read_plain(path)?;
    let altered = |line: usize, problem: &str| EvidenceError::Altered {
        path: path.to_owned(),
        problem: format!("line {}: {problem}", line.saturating_add(1)),
    };
    let text = String::from_utf8(bytes).map_err(|error| altered(0, &error.to_string()))?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut head = BEGINNING.to_owned();
    for (number, line) in text.lines().enumerate() {
        let entry: Entry = serde_json::from_str(line).map_err(|error| altered(number, &error.to_string()))?;
        let expected = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(1);
        if entry.prev != head || entry.seq != expected {
            return Err(altered(number, "does not continue the line before it"));
        }
        head = disk::sha256_hex(line.as_bytes());
        entries.push(entry);
    }
    Ok((entries, head))
}
