//! Papers take their places all at once or not at all, and never through a link.

use super::{Paper, ReportError};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What to do with papers of another answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Refuse before anything is written.
    Refuse,
    /// Replace them.
    Replace,
}

/// A paper in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The paper's name.
    pub name: &'static str,
    /// Where it lies.
    pub path: PathBuf,
    /// Its length.
    pub bytes: usize,
    /// False when these very bytes lay there already.
    pub changed: bool,
}

/// How many leftovers of crashed runs a temporary name steps around.
const NAMES_TRIED: u32 = 1000;

/// Writes all papers beside their places, then moves each into its own.
pub(super) fn place(papers: &[Paper], dir: &Path, overwrite: Overwrite) -> Result<Vec<Written>, ReportError> {
    make_folder(dir)?;
    let mut written = Vec::new();
    for (name, bytes) in papers {
        let path = dir.join(name);
        let changed = !lies_there(&path, bytes, overwrite)?;
        written.push(Written { name, path, bytes: bytes.len(), changed });
    }
    let mut beside = Beside::default();
    for ((name, bytes), paper) in papers.iter().zip(&written) {
        if paper.changed {
            beside.add(dir, name, bytes, &paper.path)?;
        }
    }
    beside.move_all()?;
    sync_folder(dir)?;
    Ok(written)
}

/// Whether the paper lies there with these bytes; something else there is an error unless it may be replaced.
fn lies_there(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<bool, ReportError> {
    let there = match fs::symlink_metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(disk("look at", path, error)),
    };
    if !there.is_file() {
        return Err(ReportError::InTheWay { path: path.to_owned(), wanted: "file" });
    }
    let same = fs::read(path).map_err(|error| disk("read", path, error))? == bytes;
    match overwrite {
        Overwrite::Refuse if !same => Err(ReportError::WouldOverwrite { path: path.to_owned() }),
        Overwrite::Refuse | Overwrite::Replace => Ok(same),
    }
}

/// Papers that lie beside their places; whatever is not moved is taken away again.
#[derive(Default)]
struct Beside {
    waiting: Vec<(PathBuf, PathBuf)>,
}

impl Beside {
    /// Writes one paper beside its place, down to the disk.
    fn add(&mut self, dir: &Path, name: &str, bytes: &[u8], place: &Path) -> Result<(), ReportError> {
        let (mut file, path) = create_beside(dir, name)?;
        self.waiting.push((path.clone(), place.to_owned()));
        file.write_all(bytes).map_err(|error| disk("write", &path, error))?;
        file.sync_all().map_err(|error| disk("flush", &path, error))
    }

    /// Moves every paper into its place.
    fn move_all(&mut self) -> Result<(), ReportError> {
        while let Some((path, place)) = self.waiting.last() {
            fs::rename(path, place).map_err(|error| disk("move into place", place, error))?;
            self.waiting.pop();
        }
        Ok(())
    }
}

impl Drop for Beside {
    #[expect(clippy::disallowed_methods, reason = "takes away only temporary files that this very call made")]
    fn drop(&mut self) {
        for (path, _) in &self.waiting {
            // The first error is on its way to the responder; a leftover is harmless and its name begins with a dot.
            drop(fs::remove_file(path));
        }
    }
}

/// A new private file beside the paper's place; never one that exists, so no link is followed.
fn create_beside(dir: &Path, name: &str) -> Result<(File, PathBuf), ReportError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut path = dir.join(format!(".{name}.tmp"));
    for number in 1..=NAMES_TRIED {
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < NAMES_TRIED => {
                path = dir.join(format!(".{name}.{number}.tmp"));
            }
            Err(error) => return Err(disk("create", &path, error)),
        }
    }
    Err(ReportError::InTheWay { path, wanted: "file" })
}

/// Makes the folder, closed to others; a link in its place is refused.
fn make_folder(dir: &Path) -> Result<(), ReportError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match fs::symlink_metadata(dir) {
        Ok(there) if there.is_dir() => Ok(()),
        Ok(_) => Err(ReportError::InTheWay { path: dir.to_owned(), wanted: "folder" }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            builder.create(dir).map_err(|error| disk("make the folder", dir, error))
        }
        Err(error) => Err(disk("look at", dir, error)),
    }
}

/// Makes the moves last through a power cut, where the system can.
fn sync_folder(dir: &Path) -> Result<(), ReportError> {
    if cfg!(unix) {
        File::open(dir).and_then(|folder| folder.sync_all()).map_err(|error| disk("flush", dir, error))?;
    }
    Ok(())
}

fn disk(action: &'static str, path: &Path, source: std::io::Error) -> ReportError {
    ReportError::Disk { action, path: path.to_owned(), source }
}
