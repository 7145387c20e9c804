//! Writes that survive a crash: to a temporary name, flushed, renamed, folder flushed.

use super::EvidenceError;
use super::files::{self, Disk, Files};
use crate::model::hex;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// SHA-256 of bytes, in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of an input file.
pub fn file_sha256(path: &Path) -> Result<String, EvidenceError> {
    let unreadable = |source| EvidenceError::Input { path: path.to_owned(), source };
    let input = File::open(path).map_err(unreadable)?;
    let mut hashing = Hashing { input, hasher: Sha256::new(), length: 0, failed: None };
    std::io::copy(&mut hashing, &mut std::io::sink()).map_err(unreadable)?;
    Ok(hex(&hashing.hasher.finalize()))
}

/// Writes a file whole or not at all, mode 0600; an existing one is never replaced.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), EvidenceError> {
    if path.symlink_metadata().is_ok() {
        return Err(EvidenceError::WouldOverwrite { path: path.to_owned() });
    }
    replace(path, bytes)
}

/// Writes a file whole or not at all, replacing what stood there.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), EvidenceError> {
    files::put(&Disk, path, bytes)
}

/// Copies a file in, whole or not at all, and returns its hash and length; never holds it in memory.
///
/// The new name is not yet durable.
pub(super) fn copy_in(files: &dyn Files, from: &Path, to: &Path) -> Result<(String, u64), EvidenceError> {
    let unreadable = |source| EvidenceError::Input { path: from.to_owned(), source };
    let input = File::open(from).map_err(unreadable)?;
    let mut source = Hashing { input, hasher: Sha256::new(), length: 0, failed: None };
    let temporary = files::beside(to);
    let copied = files.write(&temporary, &mut source);
    if let Some(error) = source.failed {
        return Err(unreadable(error));
    }
    copied?;
    files.rename(&temporary, to)?;
    Ok((hex(&source.hasher.finalize()), source.length))
}

/// Hashes what passes through, and remembers that it was the input that failed.
struct Hashing {
    input: File,
    hasher: Sha256,
    length: u64,
    failed: Option<std::io::Error>,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.input.read(buffer) {
            Ok(read) => {
                self.hasher.update(buffer.get(..read).unwrap_or_default());
                self.length = self.length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
                Ok(read)
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let told = std::io::Error::new(error.kind(), "the input cannot be read");
                self.failed = Some(error);
                Err(told)
            }
        }
    }
}

/// Hash and length of a file, read in chunks; a symlink is not followed.
pub(super) fn hash_file(path: &Path) -> Result<(String, u64), EvidenceError> {
    let failed = |source| EvidenceError::Disk { path: path.to_owned(), source };
    let mut input = open_plain(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut length = 0_u64;
    loop {
        let read = input.read(&mut buffer).map_err(failed)?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() {
            return Ok((hex(&hasher.finalize()), length));
        }
        hasher.update(chunk);
        length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
}

/// Reads a plain file whole; a symlink or a folder in its place is an alteration.
pub(super) fn read_plain(path: &Path) -> Result<Vec<u8>, EvidenceError> {
    let mut bytes = Vec::new();
    let failed = |source| EvidenceError::Disk { path: path.to_owned(), source };
    open_plain(path)?.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn open_plain(path: &Path) -> Result<File, EvidenceError> {
    let altered = |problem: &str| EvidenceError::Altered { path: path.to_owned(), problem: problem.to_owned() };
    match path.symlink_metadata() {
        Ok(meta) if meta.is_file() => {
            File::open(path).map_err(|source| EvidenceError::Disk { path: path.to_owned(), source })
        }
        Ok(_) => Err(altered("is not a plain file")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(altered("is missing")),
        Err(source) => Err(EvidenceError::Disk { path: path.to_owned(), source }),
    }
}

/// Names in a folder with what they are, sorted; a link is told as a link.
pub(super) fn entries(folder: &Path) -> Result<Vec<(String, fs::FileType)>, EvidenceError> {
    let failed = |source| EvidenceError::Disk { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.file_type().map_err(failed)?));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

/// Makes the folder of a case and those above it, mode 0700; its entry is durable. A link that the user names is followed.
pub(super) fn make_folder(path: &Path) -> Result<(), EvidenceError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| EvidenceError::Disk { path: path.to_owned(), source })?;
    Disk.sync_folder(files::folder_of(path))
}
