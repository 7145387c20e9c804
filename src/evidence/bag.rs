//! The packaging around an acquisition: BagIt 1.0, RFC 8493.

use super::{EvidenceError, disk};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

pub(super) const BAGIT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Every plain file below `folder`, relative with forward slashes; anything else is an alteration.
pub(super) fn files(root: &Path, folder: &str) -> Result<Vec<String>, EvidenceError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(relative) = open.pop() {
        let path = root.join(&relative);
        let failed = |source| EvidenceError::Disk { path: path.clone(), source };
        if !path.symlink_metadata().map_err(failed)?.is_dir() {
            return Err(EvidenceError::Altered { path, problem: "is not a plain folder".to_owned() });
        }
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let child = if relative.is_empty() { name } else { format!("{relative}/{name}") };
            if kind.is_dir() {
                open.push(child);
            } else if kind.is_file() {
                found.push(child);
            } else {
                let problem = "is neither a file nor a folder".to_owned();
                return Err(EvidenceError::Altered { path: entry.path(), problem });
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A manifest's text for files and their hashes.
pub(super) fn manifest(hashes: &BTreeMap<String, String>) -> String {
    hashes.iter().fold(String::new(), |mut text, (path, hash)| {
        // Writing to a string cannot fail.
        writeln!(text, "{hash}  {path}").unwrap_or_default();
        text
    })
}

/// Reads a manifest that this tool wrote; any other form is an alteration.
pub(super) fn read_manifest(path: &Path) -> Result<BTreeMap<String, String>, EvidenceError> {
    let altered = |problem: String| EvidenceError::Altered { path: path.to_owned(), problem };
    let text = String::from_utf8(disk::read_plain(path)?).map_err(|error| altered(error.to_string()))?;
    let mut hashes = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let bad = || altered(format!("line {} is not `hash  path`", number.saturating_add(1)));
        let (hash, file) = line.split_once("  ").ok_or_else(bad)?;
        let sound = hash.len() == 64
            && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && !file.starts_with('/')
            && file.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !sound || hashes.insert(file.to_owned(), hash.to_owned()).is_some() {
            return Err(bad());
        }
    }
    Ok(hashes)
}

/// `bag-info.txt`: what the bag holds, for people.
pub(super) fn info(name: &str, sealed_at: &str, bytes: u64, files: u64) -> String {
    format!(
        "Bag-Software-Agent: irforensics {}\nBagging-Date: {}\nExternal-Identifier: {name}\nPayload-Oxum: {bytes}.{files}\n",
        env!("CARGO_PKG_VERSION"),
        sealed_at.get(..10).unwrap_or(sealed_at),
    )
}
