//! Where a case lies, and which files are taken into it.

use super::screen::Screen;
use super::status::Failure;
use crate::clock;
use crate::evidence::{Case, SigningKey, sha256_hex};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The case folder asked for, or a new one named after the time.
pub(super) fn case_folder(asked: Option<&Path>) -> PathBuf {
    let now = clock::now();
    let digits: String = now.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    let hash = sha256_hex(format!("{}-{}", now.micros(), std::process::id()).as_bytes());
    let name = format!("irf-{digits}-{}", hash.get(..6).unwrap_or_default());
    asked.map_or_else(|| PathBuf::from(name), Path::to_owned)
}

/// Warns where others could tamper with what is about to be kept.
pub(super) fn warn_exposed(case: &Case, screen: &Screen) {
    if let Some(why) = case.exposed() {
        screen.note(&format!("warning: {why}: who has no part in the case could take it away or change it"));
    }
}

/// Opens a case for writing; the key that its evidence is to be signed with is read before anything is made.
pub(super) fn open_case(root: &Path, sign_key: Option<&Path>) -> Result<Case, Failure> {
    let key = sign_key.map(SigningKey::read).transpose()?;
    Ok(Case::open_or_create(root)?.signing(key))
}

/// Refuses to add evidence to a case that has some, unless asked to.
pub(super) fn check_again(case: &Case, again: bool) -> Result<(), Failure> {
    if again || !case.has_evidence()? {
        return Ok(());
    }
    let message = format!(
        "{} holds sealed evidence already; add --again for a second acquisition, or leave the source out to answer from it",
        case.root().display()
    );
    Err(Failure::new(super::status::Status::Disk, message))
}

/// Every file named, folders walked in the order of their names; each once.
pub(super) fn input_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        walk(path, &mut files)?;
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    if files.iter().all(|file| file.metadata().is_ok_and(|meta| meta.len() == 0)) {
        let names: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::usage(format!(
            "{} holds no file with a byte in it: there is nothing to read",
            names.join(", ")
        )));
    }
    Ok(files)
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| Failure::usage(format!("cannot read {}: {error}", path.display()));
    let meta = path.metadata().map_err(unreadable)?;
    if meta.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !meta.is_dir() {
        return Err(Failure::usage(format!("{} is neither a file nor a folder", path.display())));
    }
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut children =
        entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    children.sort();
    children.iter().try_for_each(|child| walk(child, files))
}
