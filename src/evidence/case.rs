//! The case folder: private, one writer at a time, no path built from a log's text.

use super::files::{self, Disk, FileKind, Files, make_folders};
use super::lock::Lock;
use super::request::Taken;
use super::{EvidenceError, SigningKey, disk, seal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open case.
#[derive(Debug)]
pub struct Case {
    root: PathBuf,
    files: Arc<dyn Files>,
    /// Held while the case is open for writing; the system frees it when the process ends.
    lock: Option<Lock>,
    signer: Option<Arc<SigningKey>>,
}

impl Case {
    /// Makes a case or opens one for writing; refuses a second writer.
    pub fn open_or_create(root: &Path) -> Result<Self, EvidenceError> {
        disk::make_folder(root)?;
        let lock = Lock::take(root)?;
        Ok(Self { lock: Some(lock), ..Self::on(Arc::new(Disk), root)? })
    }

    /// Opens a case on any disk, without a lock.
    pub fn on(files: Arc<dyn Files>, root: &Path) -> Result<Self, EvidenceError> {
        make_folders(&*files, root, "evidence")?;
        Ok(Self { root: root.to_owned(), files, lock: None, signer: None })
    }

    /// Opens a case for reading.
    pub fn open(root: &Path) -> Result<Self, EvidenceError> {
        if root.join("evidence").is_dir() {
            return Ok(Self { root: root.to_owned(), files: Arc::new(Disk), lock: None, signer: None });
        }
        Err(EvidenceError::NoCase { path: root.to_owned() })
    }

    /// Tells a second writer what this one does.
    pub fn used_by(mut self, verb: &str) -> Result<Self, EvidenceError> {
        match &mut self.lock {
            Some(lock) => lock.tell(verb).map(|()| self),
            None => Ok(self),
        }
    }

    /// The key that what is sealed from now on is signed with, if any.
    #[must_use]
    pub fn signing(mut self, key: Option<SigningKey>) -> Self {
        self.signer = key.map(Arc::new);
        self
    }

    pub(super) fn signer(&self) -> Option<Arc<SigningKey>> {
        self.signer.clone()
    }

    /// The case folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether the folder lets others than its owner in. No archive keeps modes surely, so this is advice, no alteration.
    pub fn is_open_to_others(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.root.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
        }
        #[cfg(not(unix))]
        false
    }

    /// Where acquisitions lie.
    pub fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// Folders of the acquisitions, in order, with whether each is sealed.
    pub fn acquisitions(&self) -> Result<Vec<(PathBuf, bool)>, EvidenceError> {
        let mut found = Vec::new();
        for (name, kind) in self.files.list(&self.evidence())? {
            let path = self.evidence().join(name);
            // A renamed or planted acquisition would otherwise just not be read.
            if number(&path).is_none() || kind != FileKind::Folder {
                let problem = "does not belong here: only folders acq-NNNN do".to_owned();
                return Err(EvidenceError::Altered { path, problem });
            }
            let sealed = self.files.kind(&path.join("seal.json"))?.is_some();
            found.push((path, sealed));
        }
        found.sort();
        Ok(found)
    }

    /// The last acquisition. An open one before it stays as it is: the seals after it do not name it.
    pub fn last_asked(&self) -> Result<Option<Taken>, EvidenceError> {
        Ok(self.asked()?.pop())
    }

    /// What each acquisition asked for, in order.
    pub fn asked(&self) -> Result<Vec<Taken>, EvidenceError> {
        let of = |(path, _): &(PathBuf, bool)| Taken::read(&*self.files, path, number(path).unwrap_or_default());
        self.acquisitions()?.iter().map(of).collect()
    }

    pub(super) fn files(&self) -> Arc<dyn Files> {
        self.files.clone()
    }

    /// Whether the case holds a sealed acquisition.
    pub fn has_evidence(&self) -> Result<bool, EvidenceError> {
        Ok(self.acquisitions()?.iter().any(|(_, sealed)| *sealed))
    }

    pub(super) fn next_acquisition(&self) -> Result<u32, EvidenceError> {
        let last = self.acquisitions()?.iter().filter_map(|(path, _)| number(path)).max();
        Ok(last.unwrap_or(0).saturating_add(1))
    }

    /// SHA-256 of the newest seal. Nothing is added behind one that a later version wrote.
    pub(super) fn last_seal(&self) -> Result<Option<String>, EvidenceError> {
        let Some((path, _)) = self.acquisitions()?.into_iter().rfind(|(_, sealed)| *sealed) else { return Ok(None) };
        let path = path.join("seal.json");
        let bytes = self.files.read(&path)?;
        let seal: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let format = seal.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format > u64::from(seal::FORMAT) {
            let problem = format!("has format {format}, this version writes {}", seal::FORMAT);
            return Err(EvidenceError::Newer { path, problem });
        }
        Ok(Some(disk::sha256_hex(&bytes)))
    }

    /// A folder of the case, made where there is none; a link in its place is refused.
    pub fn folder(&self, below: &str) -> Result<PathBuf, EvidenceError> {
        make_folders(&*self.files, &self.root, below)?;
        Ok(self.root.join(below))
    }

    /// Who besides its owner could tamper with the case folder, in words; none if nobody.
    pub fn exposed(&self) -> Option<String> {
        files::open_to_others(&self.root)
    }

    /// Keeps a copy of an input beside the evidence, named by its hash; returns its path in the case.
    pub fn keep_input(&self, kind: &str, extension: &str, bytes: &[u8]) -> Result<String, EvidenceError> {
        let hash = disk::sha256_hex(bytes);
        let name = format!("inputs/{kind}-{}.{extension}", hash.get(..12).unwrap_or(&hash));
        let path = self.root.join(&name);
        make_folders(&*self.files, &self.root, "inputs")?;
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
