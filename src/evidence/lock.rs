//! One writer a case: the lock names its holder, and the system frees it when that process ends, however it ends.

use super::EvidenceError;
use super::files::open_private;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A holder's note is one short line; more is not ours.
const LONGEST: u64 = 400;

/// A lock that is held.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock of a case; what a crashed holder left written in it means nothing.
    pub(super) fn take(root: &Path) -> Result<Self, EvidenceError> {
        let path = root.join("lock");
        let mut file = open_private(&path, OpenOptions::new().read(true).write(true).create(true))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(EvidenceError::Locked { holder: holder(&mut file), path }),
            Err(TryLockError::Error(source)) => return Err(EvidenceError::Disk { path, source }),
        }
        let mut lock = Self { path, file };
        lock.tell("irforensics")?;
        Ok(lock)
    }

    /// Writes down who holds it.
    pub(super) fn tell(&mut self, verb: &str) -> Result<(), EvidenceError> {
        let text = format!("process {} ({verb}) on {}\n", std::process::id(), host());
        let write = |file: &mut File| {
            file.rewind()?;
            file.set_len(0)?;
            file.write_all(text.as_bytes())
        };
        write(&mut self.file).map_err(|source| EvidenceError::Disk { path: self.path.clone(), source })
    }
}

/// Who holds the lock, as it says itself, and since when.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let named = file.take(LONGEST).read_to_string(&mut text).is_ok() && !text.trim().is_empty();
    let who = if named { text.trim() } else { "another process" };
    let written = file.metadata().and_then(|meta| meta.modified()).ok();
    let since = written.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let micros = since.and_then(|since| i64::try_from(since.as_micros()).ok());
    match micros.map(crate::model::Moment::from_micros) {
        Some(since) => format!("{who} since {since}"),
        None => who.to_owned(),
    }
}

/// The name of this computer: a case on a shared disk may be held from another one.
fn host() -> String {
    let name =
        std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    name.map_or_else(|_| "this computer".to_owned(), |name| name.trim().to_owned())
}
