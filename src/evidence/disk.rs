//! Writes that survive a crash: to a temporary name, flushed, renamed, folder flushed.

use super::EvidenceError;
use crate::model::hex;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

/// SHA-256 of bytes, in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
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
    let failed = |source| EvidenceError::Disk { path: path.to_owned(), source };
    let temporary = path.with_extension("part");
    let mut file = create(&temporary).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    finish(&temporary, path)
}

/// Copies a file into evidence and returns its hash and length; never holds it in memory.
pub(super) fn copy_new(from: &Path, to: &Path) -> Result<(String, u64), EvidenceError> {
    let unreadable = |source| EvidenceError::Input { path: from.to_owned(), source };
    let failed = |source| EvidenceError::Disk { path: to.to_owned(), source };
    let mut input = File::open(from).map_err(unreadable)?;
    let temporary = to.with_extension("part");
    let mut output = create(&temporary).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut length = 0_u64;
    loop {
        let read = input.read(&mut buffer).map_err(unreadable)?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() {
            break;
        }
        hasher.update(chunk);
        output.write_all(chunk).map_err(failed)?;
        length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    output.sync_all().map_err(failed)?;
    finish(&temporary, to)?;
    Ok((hex(&hasher.finalize()), length))
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

/// Makes a folder and its parents, mode 0700.
pub(super) fn make_folder(path: &Path) -> Result<(), EvidenceError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| EvidenceError::Disk { path: path.to_owned(), source })
}

/// Mode 0600, and a planted symbolic link is refused instead of followed.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    }
    options
}

fn create(path: &Path) -> std::io::Result<File> {
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}

fn finish(temporary: &Path, path: &Path) -> Result<(), EvidenceError> {
    let failed = |source| EvidenceError::Disk { path: path.to_owned(), source };
    fs::rename(temporary, path).map_err(failed)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // The rename itself is only durable once the folder is.
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
