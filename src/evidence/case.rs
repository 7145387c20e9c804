//! The case folder: private, one writer at a time, no path built from a log's text.

use super::{EvidenceError, disk, seal};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// An open case.
#[derive(Debug)]
pub struct Case {
    root: PathBuf,
    /// Held while the case is open for writing; the system frees it when the process ends.
    _lock: Option<File>,
}

impl Case {
    /// Makes a case or opens one for writing; refuses a second writer.
    pub fn open_or_create(root: &Path) -> Result<Self, EvidenceError> {
        disk::make_folder(root)?;
        disk::make_folder(&root.join("evidence"))?;
        let lock = lock(root)?;
        Ok(Self { root: root.to_owned(), _lock: Some(lock) })
    }

    /// Opens a case for reading.
    pub fn open(root: &Path) -> Result<Self, EvidenceError> {
        if root.join("evidence").is_dir() {
            return Ok(Self { root: root.to_owned(), _lock: None });
        }
        Err(EvidenceError::NoCase { path: root.to_owned() })
    }

    /// The case folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where acquisitions lie.
    pub fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// Folders of the acquisitions, in order, with whether each is sealed.
    pub fn acquisitions(&self) -> Result<Vec<(PathBuf, bool)>, EvidenceError> {
        let folder = self.evidence();
        let failed = |source| EvidenceError::Disk { path: folder.clone(), source };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            // A renamed or planted acquisition would otherwise just not be read.
            if number(&path).is_none() || !entry.file_type().map_err(failed)?.is_dir() {
                let problem = "does not belong here: only folders acq-NNNN do".to_owned();
                return Err(EvidenceError::Altered { path, problem });
            }
            let sealed = path.join("seal.json").symlink_metadata().is_ok();
            found.push((path, sealed));
        }
        found.sort();
        Ok(found)
    }

    /// Whether the case holds a sealed acquisition.
    pub fn has_evidence(&self) -> Result<bool, EvidenceError> {
        Ok(self.acquisitions()?.iter().any(|(_, sealed)| *sealed))
    }

    pub(super) fn next_acquisition(&self) -> Result<u32, EvidenceError> {
        let last = self.acquisitions()?.iter().filter_map(|(path, _)| number(path)).max();
        Ok(last.unwrap_or(0).saturating_add(1))
    }

    pub(super) fn last_seal(&self) -> Result<Option<String>, EvidenceError> {
        let sealed = self.acquisitions()?.into_iter().rfind(|(_, sealed)| *sealed);
        sealed.map(|(path, _)| seal::read(&path.join("seal.json")).map(|(_, hash)| hash)).transpose()
    }

    /// Keeps a copy of an input beside the evidence, named by its hash; returns its path in the case.
    pub fn keep_input(&self, kind: &str, extension: &str, bytes: &[u8]) -> Result<String, EvidenceError> {
        let hash = disk::sha256_hex(bytes);
        let name = format!("inputs/{kind}-{}.{extension}", hash.get(..12).unwrap_or(&hash));
        let path = self.root.join(&name);
        disk::make_folder(&self.root.join("inputs"))?;
        if path.symlink_metadata().is_err() {
            disk::write_new(&path, bytes)?;
        }
        // Named by its content: what stood there already must be the same.
        self.input(&name).map(|_| name)
    }

    /// Reads a kept input by its path in the case; its name must still fit its content.
    pub fn input(&self, name: &str) -> Result<Vec<u8>, EvidenceError> {
        let path = self.root.join(name);
        let bytes = disk::read_plain(&path)?;
        let hash = disk::sha256_hex(&bytes);
        let fits = hash.get(..12).is_some_and(|start| name.contains(start)) && !name.contains("..");
        if !fits || !name.starts_with("inputs/") {
            let problem = "is not the input that was kept: its SHA-256 differs from its name".to_owned();
            return Err(EvidenceError::Altered { path, problem });
        }
        Ok(bytes)
    }

    /// Writes `case.toml`, replacing the one before: it is scope, not evidence.
    pub fn write_facts(&self, text: &str) -> Result<(), EvidenceError> {
        disk::replace(&self.root.join("case.toml"), text.as_bytes())
    }

    /// Writes a file of the case outside its evidence, whole or not at all; a planted link is not followed.
    pub fn write_beside(&self, path: &Path, bytes: &[u8]) -> Result<(), EvidenceError> {
        if !path.starts_with(&self.root) || path.starts_with(self.evidence()) {
            return Err(EvidenceError::WouldOverwrite { path: path.to_owned() });
        }
        disk::replace(path, bytes)
    }

    /// Text of `case.toml`, if there is one.
    pub fn facts(&self) -> Result<Option<String>, EvidenceError> {
        let path = self.root.join("case.toml");
        match path.symlink_metadata() {
            Err(_) => Ok(None),
            Ok(_) => Ok(Some(String::from_utf8_lossy(&disk::read_plain(&path)?).into_owned())),
        }
    }
}

/// The number in `acq-0001`, if the folder has such a name.
pub(super) fn number(path: &Path) -> Option<u32> {
    let digits = path.file_name()?.to_str()?.strip_prefix("acq-")?;
    (digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

fn lock(root: &Path) -> Result<File, EvidenceError> {
    let path = root.join("lock");
    let failed = |source| EvidenceError::Disk { path: path.clone(), source };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = disk::private(&mut options).open(&path).map_err(failed)?;
    if file.try_lock().is_err() {
        let holder = std::fs::read_to_string(&path).unwrap_or_default();
        return Err(EvidenceError::Locked { path, holder: holder.trim().to_owned() });
    }
    file.set_len(0).and_then(|()| write!(file, "process {}", std::process::id())).map_err(failed)?;
    Ok(file)
}
