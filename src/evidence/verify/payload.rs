//! The payload against its manifest: what is missing, what was added, what differs.

use super::finding::Findings;
use crate::evidence::{EvidenceError, disk};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Folders that an acquisition has though nothing may lie in them.
const MAY_BE_EMPTY: [&str; 2] = ["data/attempts", "data/pages"];

/// What lies below a folder, by paths relative to the acquisition.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

/// What was wrong with one listed file.
enum Wrong {
    Missing,
    Folder,
    Differs { found: String, length: u64 },
}

/// Holds every file of the payload against the manifest; returns the bytes of the payload, if it is whole.
///
/// Files are read in chunks and in parallel; memory grows with the number of names, not with the bytes.
pub(super) fn inspect(
    root: &Path,
    manifest: &BTreeMap<String, String>,
    findings: &mut Findings,
) -> Result<Option<u64>, EvidenceError> {
    let tree = walk(root, findings)?;
    let looked: Vec<(&String, Result<u64, Wrong>)> = manifest
        .par_iter()
        .map(|(path, hash)| {
            if !tree.files.contains(path) {
                let wrong = if tree.folders.contains(path) { Wrong::Folder } else { Wrong::Missing };
                return Ok((path, Err(wrong)));
            }
            let (found, length) = disk::hash_file(&root.join(path))?;
            Ok((path, if found == *hash { Ok(length) } else { Err(Wrong::Differs { found, length }) }))
        })
        .collect::<Result<_, EvidenceError>>()?;
    let by_hash: BTreeMap<&String, &String> = manifest.iter().map(|(path, hash)| (hash, path)).collect();
    let mut bytes = Some(0_u64);
    for (path, result) in looked {
        match result {
            Ok(length) => bytes = bytes.map(|sum| sum.saturating_add(length)),
            Err(wrong) => {
                bytes = None;
                findings.add(root.join(path), wrong.tell(&by_hash));
            }
        }
    }
    for path in tree.files.iter().filter(|path| !manifest.contains_key(*path)) {
        bytes = None;
        // A name that is no UTF-8 cannot be opened by what is shown of it.
        let hash = findings.absorb(disk::hash_file(&root.join(path)))?.map(|(hash, _)| hash);
        let twin = hash.and_then(|hash| by_hash.get(&hash)).map(|twin| format!("; its bytes are those of {twin}"));
        findings.add(root.join(path), format!("is not in the manifest: it was added{}", twin.unwrap_or_default()));
    }
    empty_folders(root, &tree, findings);
    Ok(bytes)
}

impl Wrong {
    fn tell(&self, by_hash: &BTreeMap<&String, &String>) -> String {
        match self {
            Self::Missing => "is missing".to_owned(),
            Self::Folder => "is not what was sealed: it is a folder".to_owned(),
            Self::Differs { length: 0, .. } => "is not what was sealed: it is empty".to_owned(),
            Self::Differs { found, .. } => match by_hash.get(found) {
                Some(twin) => format!("is not what was sealed: it holds the bytes of {twin}"),
                None => "is not what was sealed: its SHA-256 differs".to_owned(),
            },
        }
    }
}

/// Every plain file and folder below `data`; anything else is a finding.
fn walk(root: &Path, findings: &mut Findings) -> Result<Tree, EvidenceError> {
    let mut tree = Tree::default();
    let top = root.join("data");
    match top.symlink_metadata() {
        Ok(meta) if meta.is_dir() => {}
        Ok(_) => {
            findings.add(top, "is not a plain folder");
            return Ok(tree);
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            findings.add(top, "is missing");
            return Ok(tree);
        }
        Err(source) => return Err(EvidenceError::Disk { path: top, source }),
    }
    let mut open = vec!["data".to_owned()];
    while let Some(folder) = open.pop() {
        for (name, kind) in disk::entries(&root.join(&folder))? {
            let path = format!("{folder}/{name}");
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                tree.files.insert(path);
            } else {
                findings.add(root.join(path), "is neither a file nor a folder");
            }
        }
        tree.folders.insert(folder);
    }
    Ok(tree)
}

/// No manifest lists a folder: one that holds nothing is seen by nobody else.
fn empty_folders(root: &Path, tree: &Tree, findings: &mut Findings) {
    for folder in &tree.folders {
        let inside = format!("{folder}/");
        let next =
            |names: &BTreeSet<String>| names.range(inside.clone()..).next().is_some_and(|n| n.starts_with(&inside));
        if folder != "data" && !next(&tree.files) && !next(&tree.folders) && !MAY_BE_EMPTY.contains(&folder.as_str()) {
            findings.add(root.join(folder), "is an empty folder that was added");
        }
    }
}
