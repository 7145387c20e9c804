//! What was done to sealed evidence: one entry a file, each naming the hash of the entry before it.

use super::case::Case;
use super::files::{self, FileKind, Files};
use super::verify::Findings;
use super::{EvidenceError, disk};
use crate::model::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// Version of the form of an entry.
const FORMAT: u32 = 1;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Act {
    /// An acquisition was sealed.
    Sealed {
        /// Its name.
        acquisition: String,
        /// SHA-256 of its seal.
        seal_sha256: String,
    },
    /// The whole case was verified, and somebody wanted that written down.
    Verified {
        /// SHA-256 of the newest seal found.
        evidence_root: String,
        /// Missing, added and altered things.
        findings: u64,
        /// Acquisitions without a seal.
        unsealed: u64,
        /// Who did it, in their own words; empty where they said nothing.
        by: String,
    },
}

impl Act {
    /// The seal that it names, with the acquisition where it says so.
    fn seal(&self) -> (Option<&str>, &str) {
        match self {
            Self::Sealed { acquisition, seal_sha256 } => (Some(acquisition), seal_sha256),
            Self::Verified { evidence_root, .. } => (None, evidence_root),
        }
    }
}

/// One entry, as its file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    format: u32,
    /// Position, from 1; the file's name says the same.
    number: u32,
    /// SHA-256 of the file of the entry before; empty for the first.
    previous: String,
    at: String,
    tool_version: String,
    act: Act,
}

/// The chain as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custody {
    /// SHA-256 of every entry's file, in order.
    pub entries: Vec<String>,
    acts: Vec<Act>,
}

impl Custody {
    /// SHA-256 of the last entry's file; empty where there is none.
    pub fn head(&self) -> &str {
        self.entries.last().map_or("", String::as_str)
    }

    /// Every seal that an entry names, with the acquisition where it says so.
    pub(super) fn seals(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.acts.iter().map(Act::seal).filter(|(_, seal)| !seal.is_empty())
    }
}

/// Appends an entry to the custody chain of a case that is open for writing; returns the hash of its file.
pub fn record(case: &Case, act: Act, at: Moment) -> Result<String, EvidenceError> {
    append(&*case.files(), case.root(), act, at)
}

/// The same, for whoever writes an acquisition of the case at `root`.
pub(super) fn append(files: &dyn Files, root: &Path, act: Act, at: Moment) -> Result<String, EvidenceError> {
    let mut findings = Findings::default();
    let custody = read(files, root, &mut findings)?;
    if let Some((path, problem)) = findings.first() {
        // An entry behind a broken one would pass the break for part of the chain.
        return Err(EvidenceError::Altered { path, problem });
    }
    let number = u32::try_from(custody.entries.len()).unwrap_or(u32::MAX).saturating_add(1);
    let previous = custody.head().to_owned();
    let tool_version = env!("CARGO_PKG_VERSION").to_owned();
    let entry = Entry { format: FORMAT, number, previous, at: at.to_string(), tool_version, act };
    let bytes = text(&entry)?;
    files::make_folders(files, root, "custody")?;
    files::put(files, &root.join("custody").join(name(number)), &bytes)?;
    Ok(disk::sha256_hex(&bytes))
}

/// Reads the chain; every entry that is missing, added, altered or out of its place is told.
pub(super) fn read(files: &dyn Files, root: &Path, findings: &mut Findings) -> Result<Custody, EvidenceError> {
    let folder = root.join("custody");
    let mut custody = Custody::default();
    match files.kind(&folder)? {
        Some(FileKind::Folder) => {}
        Some(_) => {
            findings.add(folder, "is not a plain folder");
            return Ok(custody);
        }
        None => return Ok(custody),
    }
    let mut present: BTreeSet<String> = files.list(&folder)?.into_iter().map(|(name, _)| name).collect();
    let last = present.iter().filter_map(|found| number(found)).max().unwrap_or(0);
    // No more entries than files are looked for, whatever number a planted one has.
    let last = last.min(u32::try_from(present.len()).unwrap_or(u32::MAX));
    for number in 1..=last {
        let name = name(number);
        let path = folder.join(&name);
        present.remove(&name);
        let Some(bytes) = findings.absorb(files.read(&path))? else {
            custody.entries.push(String::new());
            continue;
        };
        match entry(&bytes, number, custody.head()) {
            Ok(entry) => custody.acts.push(entry.act),
            Err(problem) => findings.add(path, problem),
        }
        custody.entries.push(disk::sha256_hex(&bytes));
    }
    // What an interruption left of the next entry was never part of the chain.
    let next = name(last.saturating_add(1));
    for unfinished in [next.replace(".json", ".part"), next + ".part"] {
        present.remove(&unfinished);
    }
    for stranger in present {
        findings.add(folder.join(stranger), "does not belong to the custody chain: it was added");
    }
    Ok(custody)
}

/// What no entry may have lost: the head that the case knows, and every seal that an entry names.
pub(super) fn check(
    custody: &Custody,
    known_head: Option<&str>,
    (case, seals): (&Path, &[String]),
    findings: &mut Findings,
) {
    if let Some(head) = known_head.filter(|head| !custody.entries.iter().any(|entry| entry == head)) {
        let last = u32::try_from(custody.entries.len()).ok().filter(|last| *last > 0);
        let path = last.map_or_else(|| case.join("custody"), |last| case.join("custody").join(name(last)));
        let problem =
            format!("is not the entry {head} that the case knows: it was changed, or those after it are gone");
        findings.add(path, problem);
    }
    for (acquisition, seal) in custody.seals().filter(|(_, seal)| !seals.iter().any(|found| found == seal)) {
        let path = case.join("evidence").join(acquisition.unwrap_or_default());
        findings.add(path, format!("is not what custody knows: the seal {seal} is gone"));
    }
}

fn entry(bytes: &[u8], number: u32, previous: &str) -> Result<Entry, String> {
    let entry: Entry = serde_json::from_slice(bytes).map_err(|error| format!("is no custody entry: {error}"))?;
    if entry.format != FORMAT || entry.number != number {
        return Err(format!("is entry {} of format {}: it was moved or changed", entry.number, entry.format));
    }
    if entry.previous != previous {
        return Err("does not continue the entry before it: one was changed, taken away or moved".to_owned());
    }
    match text(&entry) {
        Ok(own) if own == bytes => Ok(entry),
        _ => Err("is not in the form in which entries are written".to_owned()),
    }
}

fn text(entry: &Entry) -> Result<Vec<u8>, EvidenceError> {
    let mut text = serde_json::to_vec_pretty(entry).map_err(|error| EvidenceError::Internal(error.to_string()))?;
    text.push(b'\n');
    Ok(text)
}

fn name(number: u32) -> String {
    format!("{number:04}.json")
}

fn number(found: &str) -> Option<u32> {
    found.strip_suffix(".json")?.parse().ok().filter(|number| name(*number) == found)
}
