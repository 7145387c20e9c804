//! The journal read back: its segments in order, the chain through them, and where one was torn.

use super::files::{FileKind, Files};
use super::journal::{Chain, Entry, SEGMENT};
use super::{EvidenceError, disk};
use std::path::{Path, PathBuf};

/// A journal as it lies on disk.
#[derive(Debug)]
pub(super) struct Segments {
    /// Every line of the chain, in order.
    pub(super) entries: Vec<Entry>,
    /// Where the chain stands.
    pub(super) chain: Chain,
    /// The segments, in order.
    pub(super) files: Vec<Segment>,
}

/// One file of a journal.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Its path below the acquisition.
    pub(super) path: String,
    /// SHA-256 of all its bytes.
    pub(super) sha256: String,
    /// Bytes that are whole lines of the chain.
    pub(super) whole: u64,
    /// Bytes in all; what is beyond the whole lines is a torn tail.
    pub(super) length: u64,
    /// Whether a later segment names it.
    pub(super) named: bool,
}

/// The number in `journal.jsonl` (1) or `journal-0002.jsonl`.
pub(super) fn number(name: &str) -> Option<u32> {
    if name == "journal.jsonl" {
        return Some(1);
    }
    let digits = name.strip_prefix("journal-")?.strip_suffix(".jsonl")?;
    (digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// Reads the journal of a sealed acquisition: every torn tail must be named.
pub(super) fn read_sealed(files: &dyn Files, root: &Path) -> Result<Segments, EvidenceError> {
    let segments = read(files, root)?;
    let Some((last, before)) = segments.files.split_last() else {
        let path = root.join("data/journal.jsonl");
        return Err(EvidenceError::Altered { path, problem: "is missing".to_owned() });
    };
    let torn = last.whole != last.length;
    match before.iter().find(|segment| !segment.named).or_else(|| torn.then_some(last)) {
        None => Ok(segments),
        Some(segment) => {
            let problem = format!("holds lines of no journal from byte {} on", segment.whole);
            Err(EvidenceError::Altered { path: root.join(&segment.path), problem })
        }
    }
}

/// Reads every segment and checks the chain; a torn tail stays where it is and ends its segment.
pub(super) fn read(files: &dyn Files, root: &Path) -> Result<Segments, EvidenceError> {
    let mut names: Vec<(u32, String)> = Vec::new();
    for (name, kind) in files.list(&root.join("data"))? {
        if let Some(number) = number(&name).filter(|_| kind == FileKind::File) {
            names.push((number, name));
        }
    }
    names.sort();
    let mut all = Segments { entries: Vec::new(), chain: Chain::beginning(), files: Vec::new() };
    for (_, name) in names {
        let path = format!("data/{name}");
        let bytes = files.read(&root.join(&path))?;
        let whole = all.take(&root.join(&path), &bytes)?;
        all.files.push(Segment {
            path,
            sha256: disk::sha256_hex(&bytes),
            whole: u64::try_from(whole).unwrap_or(u64::MAX),
            length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            named: false,
        });
    }
    all.name(root)?;
    Ok(all)
}

impl Segments {
    /// Takes the lines of one segment; returns how many bytes are whole lines of the chain.
    fn take(&mut self, path: &Path, bytes: &[u8]) -> Result<usize, EvidenceError> {
        let mut whole = 0_usize;
        for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let Some(text) = line.strip_suffix(b"\n") else { break };
            let altered = |problem: &str| {
                let problem = format!("line {}: {problem}", number.saturating_add(1));
                EvidenceError::Altered { path: path.to_owned(), problem }
            };
            let Ok(entry) = serde_json::from_slice::<Entry>(text) else {
                unreadable(path, number, text)?;
                return if self.may_be_torn(bytes.get(whole..).unwrap_or_default()) {
                    Ok(whole)
                } else {
                    Err(altered("cannot be read, and lines flushed after it can"))
                };
            };
            if entry.prev != self.chain.head || entry.seq != self.chain.next {
                return Err(altered("does not continue the line before it"));
            }
            self.chain = Chain {
                head: disk::sha256_hex(text),
                next: self.chain.next.saturating_add(1),
                flush: entry.flush.saturating_add(1),
            };
            self.entries.push(entry);
            whole = whole.saturating_add(line.len());
        }
        Ok(whole)
    }

    /// Whether a power cut can have left this tail: sectors of one flush reach the disk in any order, of two never.
    fn may_be_torn(&self, tail: &[u8]) -> bool {
        let lines = tail.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Entry>(line).ok());
        let flushes: std::collections::BTreeSet<u64> = lines.map(|line| line.flush).collect();
        // The torn line belongs to the flush of the last whole line or to the next.
        flushes.len() <= 1 && flushes.iter().all(|flush| *flush <= self.chain.flush)
    }

    /// Marks the segments that later ones name; each must still be what was named.
    fn name(&mut self, root: &Path) -> Result<(), EvidenceError> {
        for entry in self.entries.iter().filter(|entry| entry.kind == SEGMENT) {
            match self.files.iter_mut().find(|segment| segment.path == entry.path) {
                Some(segment) if segment.sha256 == entry.sha256 && segment.whole == entry.length => {
                    segment.named = true;
                }
                _ => {
                    let problem = "is not the segment that a later one names".to_owned();
                    return Err(EvidenceError::Altered { path: root.join(&entry.path), problem });
                }
            }
        }
        Ok(())
    }
}

/// A line that is JSON but not ours was written by a later version.
fn unreadable(path: &Path, number: usize, text: &[u8]) -> Result<(), EvidenceError> {
    let known = |value: &serde_json::Value| value.get("prev").is_some() && value.get("seq").is_some();
    match serde_json::from_slice::<serde_json::Value>(text) {
        Ok(value) if known(&value) => {
            let line = number.saturating_add(1);
            let problem = format!("line {line} holds what this version does not know");
            Err(EvidenceError::Newer { path: PathBuf::from(path), problem })
        }
        _ => Ok(()),
    }
}
