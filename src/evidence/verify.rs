//! Trust, but hash: a sealed acquisition read back, every byte accounted for.

use super::case::{Case, number};
use super::files::Disk;
use super::journal::{self, Entry};
use super::seal::{self, Seal};
use super::{EvidenceError, bag, disk, segments};
use crate::model::{AcquisitionSummary, Gap, Moment, OrgId, ReadingKind, Window};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A page in evidence, verified.
#[derive(Clone, Debug)]
pub struct StoredPage {
    /// Number of the acquisition.
    pub acquisition: u32,
    /// Number of the page within it.
    pub page: u32,
    /// The body's path, relative to the case.
    pub file: String,
    /// Where the body lies.
    pub path: PathBuf,
    /// SHA-256 of the body.
    pub sha256: String,
    /// Content coding that the response's header names; none for a file.
    pub coding: Option<String>,
    /// Whose log was asked for; empty for everyone's, and for a file.
    pub org: String,
    /// Name of the imported file; empty for a page of a pull.
    pub origin: String,
}

/// A verified acquisition.
#[derive(Clone, Debug)]
pub struct Acquisition {
    /// What the papers say of it.
    pub summary: AcquisitionSummary,
    /// Its pages, in order.
    pub pages: Vec<StoredPage>,
    /// Logs walked to their end.
    pub walked: Vec<OrgId>,
    /// Whether one walk asked for everyone's log and reached its end.
    pub everyone: bool,
    /// The window walked.
    pub window: Window,
    /// When the answers to its requests came in.
    pub requests: Vec<Moment>,
    /// What it does not cover.
    pub gaps: Vec<Gap>,
    /// SHA-256 of the seal of the acquisition that it was read to be held against.
    pub verifies: Option<String>,
    /// What it is among the readings of its window; none for files.
    pub reading: Option<ReadingKind>,
    /// Seconds by which the server's clock ran ahead of ours, where it was more than a few.
    pub clock_offset_s: Option<i64>,
}

impl Acquisition {
    /// Whether it came from an API.
    pub fn is_pull(&self) -> bool {
        self.summary.source != "files"
    }
}

/// The verified evidence of a case.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Sealed acquisitions, in order.
    pub acquisitions: Vec<Acquisition>,
    /// Acquisitions without a seal: interrupted, not used, still there.
    pub unsealed: Vec<String>,
    /// SHA-256 of the newest seal considered.
    pub root: String,
    /// SHA-256 of every seal of the case, in order.
    pub seals: Vec<String>,
}

impl Proof {
    /// When the answers to all requests of its acquisitions came in.
    pub fn requests(&self) -> Vec<Moment> {
        self.acquisitions.iter().flat_map(|acquisition| acquisition.requests.iter().copied()).collect()
    }
}

/// Verifies every sealed acquisition of a case, bit for bit.
///
/// `known_root` is a seal that the case once had: where no acquisition has it any more, one was taken away.
pub fn verify(case: &Case, known_root: Option<&str>, as_of: Option<Moment>) -> Result<Proof, EvidenceError> {
    let mut proof = Proof::default();
    let mut previous = String::new();
    let mut open: Vec<(String, Option<serde_json::Value>)> = Vec::new();
    for (path, sealed) in case.acquisitions()? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let asked = asked(&path)?;
        if !sealed {
            // A second reading that broke off takes nothing from the first.
            if !is_further_reading(&path)? {
                open.push((name, asked));
            }
            continue;
        }
        // What was interrupted and then asked for again leaves nothing open.
        open.retain(|(_, interrupted)| *interrupted != asked || asked.is_none());
        let (seal, hash) = seal::read(&path.join("seal.json"))?;
        let altered =
            |problem: &str| EvidenceError::Altered { path: path.join("seal.json"), problem: problem.to_owned() };
        if seal.acquisition != name || seal.previous != previous {
            return Err(altered("does not continue the acquisition before it: one is missing or was moved"));
        }
        previous.clone_from(&hash);
        proof.seals.push(hash.clone());
        let acquisition = acquisition(&path, &seal, &hash)?;
        if as_of.is_none_or(|cut| acquisition.summary.sealed_at <= cut) {
            proof.root = hash;
            proof.acquisitions.push(acquisition);
        }
    }
    proof.unsealed = open.into_iter().map(|(name, _)| name).collect();
    match known_root {
        Some(root) if !proof.seals.iter().any(|seal| seal == root) => Err(EvidenceError::Altered {
            path: case.evidence(),
            problem: format!("no longer holds the acquisition that was sealed as {root}"),
        }),
        _ => Ok(proof),
    }
}

/// What a pull asked for: source, organisations, window. None for files, which may be others every time.
fn asked(root: &Path) -> Result<Option<serde_json::Value>, EvidenceError> {
    let path = root.join("data/request.json");
    // An acquisition may have been interrupted before its first file.
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let request: serde_json::Value = serde_json::from_slice(&disk::read_plain(&path)?).unwrap_or_default();
    let of = |key: &str| request.get(key).cloned().unwrap_or_default();
    let is_pull = of("source").as_str().is_some_and(|source| source != "files");
    Ok(is_pull.then(|| serde_json::json!([of("source"), of("orgs"), of("window")])))
}

/// Whether an acquisition was begun only to be held against an earlier one.
fn is_further_reading(root: &Path) -> Result<bool, EvidenceError> {
    let path = root.join("data/request.json");
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }
    let request: serde_json::Value = serde_json::from_slice(&disk::read_plain(&path)?).unwrap_or_default();
    Ok(request.get("verifies").is_some_and(serde_json::Value::is_string))
}

fn acquisition(root: &Path, seal: &Seal, hash: &str) -> Result<Acquisition, EvidenceError> {
    check_tags(root, hash)?;
    let manifest_path = root.join("manifest-sha256.txt");
    let manifest = bag::read_manifest(&manifest_path)?;
    let altered = |path: PathBuf, problem: &str| EvidenceError::Altered { path, problem: problem.to_owned() };
    if disk::hash_file(&manifest_path)?.0 != seal.manifest_sha256 {
        return Err(altered(manifest_path, "is not the manifest that was sealed"));
    }
    let listed: BTreeSet<&String> = manifest.keys().collect();
    let present = bag::files(root, "data")?;
    if let Some(extra) = present.iter().find(|file| !listed.contains(file)) {
        return Err(altered(root.join(extra), "is not in the manifest: it was added"));
    }
    manifest.par_iter().try_for_each(|(file, hash)| match disk::hash_file(&root.join(file))? {
        (found, _) if found == *hash => Ok(()),
        _ => Err(altered(root.join(file), "is not what was sealed: its SHA-256 differs")),
    })?;
    let journal_path = root.join("data/journal.jsonl");
    let journal = segments::read_sealed(&Disk, root)?;
    if journal.chain.head != seal.journal_head {
        return Err(altered(journal_path, "does not end where the seal says"));
    }
    let pages = pages(root, &journal.entries, &manifest)?;
    if u64::try_from(pages.len()).ok() != Some(seal.pages) {
        return Err(altered(journal_path, "does not have as many pages as the seal says"));
    }
    Ok(Acquisition {
        summary: AcquisitionSummary {
            name: seal.acquisition.clone(),
            source: seal.source.clone(),
            sealed_at: Moment::from_micros(seal.sealed_at_us),
            seal_sha256: hash.to_owned(),
            pages: seal.pages,
            bytes: seal.bytes,
        },
        pages,
        requests: journal.entries.iter().filter_map(|entry| Moment::parse_rfc3339(&entry.at)).collect(),
        walked: seal.walked.clone(),
        everyone: seal.everyone,
        window: Window::new(seal.window_from_us.map(Moment::from_micros), seal.window_to_us.map(Moment::from_micros))
            .unwrap_or_default(),
        gaps: seal.gaps.iter().map(seal::SealedGap::to_model).collect(),
        verifies: seal.verifies.clone(),
        reading: seal.reading,
        clock_offset_s: seal.clock_offset_s,
    })
}

/// The files around the payload: exactly those that the tag manifest lists, with their hashes.
fn check_tags(root: &Path, seal_hash: &str) -> Result<(), EvidenceError> {
    let path = root.join("tagmanifest-sha256.txt");
    let tags = bag::read_manifest(&path)?;
    let altered = |path: PathBuf, problem: &str| EvidenceError::Altered { path, problem: problem.to_owned() };
    let expected = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "seal.json"];
    if !tags.keys().map(String::as_str).eq(expected) || tags.get("seal.json").map(String::as_str) != Some(seal_hash) {
        return Err(altered(path, "does not list exactly the tag files that were sealed"));
    }
    for (file, hash) in &tags {
        if disk::hash_file(&root.join(file))?.0 != *hash {
            return Err(altered(root.join(file), "is not what was sealed: its SHA-256 differs"));
        }
    }
    for entry in std::fs::read_dir(root).map_err(|source| EvidenceError::Disk { path: root.to_owned(), source })? {
        let entry = entry.map_err(|source| EvidenceError::Disk { path: root.to_owned(), source })?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !(expected.contains(&name.as_str()) || name == "data" || name == "tagmanifest-sha256.txt") {
            return Err(altered(entry.path(), "does not belong to the acquisition: it was added"));
        }
    }
    Ok(())
}

fn pages(
    root: &Path,
    entries: &[Entry],
    manifest: &std::collections::BTreeMap<String, String>,
) -> Result<Vec<StoredPage>, EvidenceError> {
    let acquisition = number(root).unwrap_or(0);
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let mut pages = Vec::new();
    for entry in entries {
        if manifest.get(&entry.path) != Some(&entry.sha256) {
            let problem = format!("line {}: names a body that the manifest does not hold", entry.seq);
            return Err(EvidenceError::Altered { path: root.join("data/journal.jsonl"), problem });
        }
        if entry.kind == journal::PAGE {
            let path = root.join(&entry.path);
            let (coding, origin) = head(&path)?;
            pages.push(StoredPage {
                acquisition,
                page: journal::number(&entry.path).unwrap_or(0),
                file: format!("evidence/{name}/{}", entry.path),
                sha256: entry.sha256.clone(),
                org: entry.org.clone(),
                coding,
                origin,
                path,
            });
        }
    }
    Ok(pages)
}

/// The content coding in a page's head, none where the page is a file; and the file's name.
fn head(body: &Path) -> Result<(Option<String>, String), EvidenceError> {
    let path = body.with_extension("head");
    let bytes = disk::read_plain(&path)?;
    let altered = |error: serde_json::Error| EvidenceError::Altered { path: path.clone(), problem: error.to_string() };
    let head: serde_json::Value = serde_json::from_slice(&bytes).map_err(altered)?;
    if head.get("status").and_then(serde_json::Value::as_u64) == Some(0) {
        let name = head.get("url").and_then(serde_json::Value::as_str).unwrap_or_default();
        return Ok((None, name.to_owned()));
    }
    let headers = head.get("headers").and_then(serde_json::Value::as_array);
    let named = headers.into_iter().flatten().find_map(|pair| {
        let name = pair.get(0)?.as_str()?;
        name.eq_ignore_ascii_case("content-encoding").then(|| pair.get(1)?.as_str().map(str::to_owned)).flatten()
    });
    Ok((Some(named.unwrap_or_default()), String::new()))
}
