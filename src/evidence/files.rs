//! What evidence asks of a disk, and the disk itself.
//!
//! Behind a trait so that the tests can put a disk underneath that forgets what was not flushed.

use super::{EvidenceError, disk};
use rayon::prelude::*;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// What lies at a path; a link is never followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, a pipe.
    Other,
}

/// The operations that an acquisition is written and continued with.
pub trait Files: std::fmt::Debug + Send + Sync {
    /// Makes one folder, closed to others; its entry in the folder above is not yet durable.
    fn make_folder(&self, path: &Path) -> Result<(), EvidenceError>;
    /// Makes the entries of a folder durable.
    fn sync_folder(&self, path: &Path) -> Result<(), EvidenceError>;
    /// Writes a file whole, cutting what stood there, and makes its content durable; its entry is not yet.
    fn write(&self, path: &Path, from: &mut dyn Read) -> Result<(), EvidenceError>;
    /// Adds to the end of a file and makes its content durable; makes the file where there is none.
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), EvidenceError>;
    /// Renames a file over whatever stands there.
    fn rename(&self, from: &Path, to: &Path) -> Result<(), EvidenceError>;
    /// The bytes of a plain file; anything else in its place is an alteration.
    fn read(&self, path: &Path) -> Result<Vec<u8>, EvidenceError>;
    /// Names and kinds of a folder's entries, sorted.
    fn list(&self, path: &Path) -> Result<Vec<(String, FileKind)>, EvidenceError>;
    /// What lies at a path, if anything does.
    fn kind(&self, path: &Path) -> Result<Option<FileKind>, EvidenceError>;

    /// SHA-256 and length of a plain file.
    fn hash(&self, path: &Path) -> Result<(String, u64), EvidenceError> {
        let bytes = self.read(path)?;
        Ok((disk::sha256_hex(&bytes), u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
    }

    /// Writes several files as [`Files::write`] does; they may share a flush.
    fn write_all(&self, files: &[(PathBuf, &[u8])]) -> Result<(), EvidenceError> {
        files.iter().try_for_each(|(path, bytes)| self.write(path, &mut &**bytes))
    }
}

/// The disk.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Files for Disk {
    fn make_folder(&self, path: &Path) -> Result<(), EvidenceError> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|source| failed(path, source))
    }

    fn sync_folder(&self, path: &Path) -> Result<(), EvidenceError> {
        File::open(path).and_then(|folder| folder.sync_all()).map_err(|source| failed(path, source))
    }

    fn write(&self, path: &Path, from: &mut dyn Read) -> Result<(), EvidenceError> {
        let mut file = open_private(path, OpenOptions::new().write(true).create(true))?;
        let copied = file.set_len(0).and_then(|()| std::io::copy(from, &mut file));
        copied.and_then(|_| file.sync_all()).map_err(|source| failed(path, source))
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), EvidenceError> {
        let mut file = open_private(path, OpenOptions::new().append(true).create(true))?;
        file.write_all(bytes).and_then(|()| file.sync_data()).map_err(|source| failed(path, source))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), EvidenceError> {
        fs::rename(from, to).map_err(|source| failed(to, source))
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, EvidenceError> {
        disk::read_plain(path)
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, FileKind)>, EvidenceError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(path).map_err(|source| failed(path, source))? {
            let entry = entry.map_err(|source| failed(path, source))?;
            let kind = entry.file_type().map_err(|source| failed(path, source))?;
            found.push((entry.file_name().to_string_lossy().into_owned(), kind_of(kind)));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }

    fn kind(&self, path: &Path) -> Result<Option<FileKind>, EvidenceError> {
        match path.symlink_metadata() {
            Ok(meta) => Ok(Some(kind_of(meta.file_type()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed(path, source)),
        }
    }

    fn hash(&self, path: &Path) -> Result<(String, u64), EvidenceError> {
        disk::hash_file(path)
    }

    /// In parallel: flushes that wait together cost the disk one.
    fn write_all(&self, files: &[(PathBuf, &[u8])]) -> Result<(), EvidenceError> {
        files.par_iter().try_for_each(|(path, bytes)| self.write(path, &mut &**bytes))
    }
}

/// Opens a file of our own, mode 0600. A planted link is refused, a symbolic one as well as a second name of a file.
pub(super) fn open_private(path: &Path, options: &mut OpenOptions) -> Result<File, EvidenceError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    }
    let file = options.open(path).map_err(|source| failed(path, source))?;
    let meta = file.metadata().map_err(|source| failed(path, source))?;
    if meta.is_file() && names(&meta) <= 1 {
        return Ok(file);
    }
    let problem = "is a link or no plain file: nothing was written through it".to_owned();
    Err(EvidenceError::Planted { path: path.to_owned(), problem })
}

/// Makes the folders of a path below `base`, each durable in the one that holds it; a link in its place is refused.
pub(super) fn make_folders(files: &dyn Files, base: &Path, below: &str) -> Result<(), EvidenceError> {
    let mut path = base.to_owned();
    for name in below.split('/') {
        let above = path.clone();
        path.push(name);
        match files.kind(&path)? {
            Some(FileKind::Folder) => {}
            None => {
                files.make_folder(&path)?;
                files.sync_folder(&above)?;
            }
            Some(FileKind::File | FileKind::Other) => {
                let problem = "stands where a folder should be".to_owned();
                return Err(EvidenceError::Planted { path, problem });
            }
        }
    }
    Ok(())
}

/// The folder that holds a path.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Writes a file whole or not at all, replacing what stood there.
pub(super) fn put(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), EvidenceError> {
    let temporary = beside(path);
    files.write(&temporary, &mut &*bytes)?;
    files.rename(&temporary, path)?;
    files.sync_folder(folder_of(path))
}

/// Where a file is written before it takes its place.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

fn kind_of(kind: fs::FileType) -> FileKind {
    match kind {
        kind if kind.is_file() => FileKind::File,
        kind if kind.is_dir() => FileKind::Folder,
        _ => FileKind::Other,
    }
}

/// Whether others may write to a folder or to the one that holds it, so that they could take it away.
#[cfg(unix)]
pub(super) fn open_to_others(folder: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS_WRITE: u32 = 0o002;
    // In a sticky folder, as /tmp is, nobody moves what is another's.
    const STICKY: u32 = 0o1000;
    let above = folder.canonicalize().ok()?.parent()?.to_owned();
    let mode = |path: &Path| path.metadata().map_or(0, |meta| meta.permissions().mode());
    if mode(folder) & OTHERS_WRITE != 0 {
        return Some(format!("{} can be written by every user of this computer", folder.display()));
    }
    let open = mode(&above) & (OTHERS_WRITE | STICKY) == OTHERS_WRITE;
    open.then(|| format!("{} can be written by every user of this computer", above.display()))
}

#[cfg(not(unix))]
pub(super) fn open_to_others(_: &Path) -> Option<String> {
    None
}

#[cfg(unix)]
fn names(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}

#[cfg(not(unix))]
fn names(_: &fs::Metadata) -> u64 {
    1
}

fn failed(path: &Path, source: std::io::Error) -> EvidenceError {
    EvidenceError::Disk { path: path.to_owned(), source }
}
