//! One sealed acquisition read back, every byte accounted for.

use super::finding::Findings;
use super::tags::{self, Sealed};
use super::{Acquisition, StoredPage, payload, signature};
use crate::evidence::body::head_path;
use crate::evidence::case::number;
use crate::evidence::files::Disk;
use crate::evidence::journal::{self, Entry};
use crate::evidence::seal::{Seal, SealedGap};
use crate::evidence::sign::Signers;
use crate::evidence::{EvidenceError, bag, disk, segments};
use crate::model::{AcquisitionSummary, Moment, Window, wide};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Hashes = BTreeMap<String, String>;

/// Looks at everything in the folder; none where something is wrong, and then every wrong thing has been told.
pub(super) fn inspect(
    root: &Path,
    sealed: Option<&Sealed<'_>>,
    signers: Option<&Signers>,
    findings: &mut Findings,
) -> Result<Option<Acquisition>, EvidenceError> {
    let mut own = Findings::default();
    tags::strangers(root, &mut own)?;
    let read = tags::read_manifest(&root.join(bag::MANIFEST), &mut own)?;
    let Some((manifest, _)) = read else {
        // Without a manifest nothing can be said of single files.
        tags::inspect(root, sealed, None, &mut own)?;
        findings.append(own);
        return Ok(None);
    };
    let bytes = payload::inspect(root, &manifest.hashes, &mut own)?;
    tags::inspect(root, sealed, tags::oxum(bytes, &manifest), &mut own)?;
    let signed_by = signature::inspect(root, sealed.map(|sealed| sealed.seal), signers, &mut own)?;
    let entries = match journal(root, &manifest.hashes, sealed.map(|sealed| sealed.seal)) {
        // A line that nobody knows was written by a later version only where the file is what was sealed.
        Err(EvidenceError::Newer { path, problem }) if !own.none() => {
            own.add(path, problem);
            None
        }
        // What is missing has been told.
        Err(EvidenceError::Disk { .. }) if !own.none() => None,
        read => own.absorb(read)?,
    };
    let mut acquisition = None;
    if let (Some(sealed), Some(entries), true) = (sealed, entries, own.none()) {
        let pages = own.absorb(pages(root, &entries))?;
        acquisition = pages.map(|pages| Acquisition {
            summary: AcquisitionSummary {
                name: sealed.seal.acquisition.clone(),
                source: sealed.seal.source.clone(),
                sealed_at: Moment::from_micros(sealed.seal.sealed_at_us),
                seal_sha256: sealed.hash.to_owned(),
                pages: sealed.seal.pages,
                bytes: sealed.seal.bytes,
            },
            pages,
            requests: entries.iter().filter_map(|entry| Moment::parse_rfc3339(&entry.at)).collect(),
            walked: sealed.seal.walked.clone(),
            everyone: sealed.seal.everyone,
            window: window(sealed.seal),
            gaps: sealed.seal.gaps.iter().map(SealedGap::to_model).collect(),
            signed_by,
            verifies: sealed.seal.verifies.clone(),
            reading: sealed.seal.reading,
            clock_offset_s: sealed.seal.clock_offset_s,
        });
    }
    findings.append(own);
    Ok(acquisition)
}

fn window(seal: &Seal) -> Window {
    let (from, to) = (seal.window_from_us.map(Moment::from_micros), seal.window_to_us.map(Moment::from_micros));
    Window::new(from, to).unwrap_or_default()
}

/// The journal's lines, held against the manifest and against what the seal counts.
fn journal(root: &Path, manifest: &Hashes, seal: Option<&Seal>) -> Result<Vec<Entry>, EvidenceError> {
    let path = root.join("data/journal.jsonl");
    let altered = |problem: String| EvidenceError::Altered { path: path.clone(), problem };
    let journal = segments::read_sealed(&Disk, root)?;
    let (entries, head) = (journal.entries, journal.chain.head);
    let mut named = BTreeSet::new();
    for entry in &entries {
        let line = entry.seq;
        let head = head_path(&entry.path);
        let head_differs = !entry.head_sha256.is_empty() && manifest.get(&head) != Some(&entry.head_sha256);
        if manifest.get(&entry.path) != Some(&entry.sha256) || head_differs {
            return Err(altered(format!("line {line}: names a body that the manifest does not hold")));
        }
        if !named.insert(&entry.path) {
            return Err(altered(format!("line {line}: names {} a second time", entry.path)));
        }
    }
    let Some(seal) = seal else { return Ok(entries) };
    if head != seal.journal_head {
        return Err(altered("does not end where the seal says".to_owned()));
    }
    let of = |kind: &str| wide(entries.iter().filter(|entry| entry.kind == kind).count());
    let bodies = entries.iter().filter(|entry| [journal::PAGE, journal::ATTEMPT].contains(&entry.kind.as_str()));
    let bytes = bodies.fold(0_u64, |sum, entry| sum.saturating_add(entry.length));
    if (of(journal::PAGE), of(journal::ATTEMPT), bytes) != (seal.pages, seal.attempts, seal.bytes) {
        return Err(altered("does not have as many pages, attempts and bytes as the seal says".to_owned()));
    }
    Ok(entries)
}

fn pages(root: &Path, entries: &[Entry]) -> Result<Vec<StoredPage>, EvidenceError> {
    let acquisition = number(root).unwrap_or(0);
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let mut pages = Vec::new();
    for entry in entries.iter().filter(|entry| entry.kind == journal::PAGE) {
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
