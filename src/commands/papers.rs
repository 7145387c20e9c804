//! Papers into the case: an earlier answer is put aside, never lost.

use super::screen::Screen;
use super::status::{Failure, Status};
use crate::evidence::{Case, sha256_hex};
use crate::model::Impact;
use crate::report::{self, Overwrite, ReportError};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Lists the papers with their hashes, for `sha256sum -c`.
const CHECKSUMS: &str = "papers.sha256";

/// Writes `reports/internal/`.
///
/// Papers of an earlier question are moved to `reports/superseded-NNNN/`. A paper changed by hand stands in the
/// way unless it is one of `inputs`, which were read, or `force` is given.
pub(super) fn write(
    case: &Case,
    impact: &Impact,
    force: bool,
    inputs: &[Option<&Path>],
    screen: &Screen,
) -> Result<PathBuf, Failure> {
    let (reports, folder) = (case.folder("reports")?, case.root().join("reports/internal"));
    let first = report::write(impact, &folder, if force { Overwrite::Replace } else { Overwrite::Refuse });
    let written = match first {
        Err(ReportError::WouldOverwrite { .. }) => {
            check_unchanged(&folder, inputs)?;
            let aside = put_aside(&reports, &folder)?;
            screen.note(&format!("the papers of the question asked before lie in {}", aside.display()));
            report::write(impact, &folder, Overwrite::Refuse)?
        }
        other => other?,
    };
    let mut sums = String::new();
    for paper in &written {
        let bytes = std::fs::read(&paper.path).map_err(|error| disk(&paper.path, &error))?;
        writeln!(sums, "{}  {}", sha256_hex(&bytes), paper.name).unwrap_or_default();
    }
    let path = folder.join(CHECKSUMS);
    case.write_beside(&path, sums.as_bytes())?;
    Ok(folder)
}

/// Writes a paper that several questions share beside the others; what another run wrote is put aside.
pub(super) fn put_pairs(case: &Case, name: &str, bytes: &[u8], screen: &Screen) -> Result<PathBuf, Failure> {
    let (reports, folder) = (case.folder("reports")?, case.folder("reports/internal")?);
    let path = folder.join(name);
    if std::fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(folder);
    }
    if path.symlink_metadata().is_ok() {
        let name_aside = free(&reports)?.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let aside = case.folder(&format!("reports/{name_aside}"))?;
        std::fs::rename(&path, aside.join(name)).map_err(|error| disk(&aside, &error))?;
        screen.note(&format!("the pairs found before lie in {}", aside.display()));
    }
    case.write_beside(&path, bytes)?;
    Ok(folder)
}

fn check_unchanged(folder: &Path, inputs: &[Option<&Path>]) -> Result<(), Failure> {
    let sums = std::fs::read_to_string(folder.join(CHECKSUMS)).unwrap_or_default();
    for name in report::PAPERS {
        let path = folder.join(name);
        let is_input = inputs.iter().flatten().any(|input| same_file(input, &path));
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let line = format!("{}  {name}", sha256_hex(&bytes));
        if !is_input && !sums.lines().any(|known| known == line) {
            let message = format!(
                "{} was changed by hand and would be overwritten; move it away, or use --force to replace it",
                path.display()
            );
            return Err(Failure::new(Status::Disk, message));
        }
    }
    Ok(())
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn put_aside(reports: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let aside = free(reports)?;
    std::fs::rename(folder, &aside).map_err(|error| disk(&aside, &error))?;
    Ok(aside)
}

fn free(reports: &Path) -> Result<PathBuf, Failure> {
    let free = (1..=9_999).map(|n| reports.join(format!("superseded-{n:04}"))).find(|path| !path.exists());
    free.ok_or_else(|| Failure::new(Status::Disk, "too many superseded reports"))
}

fn disk(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Status::Disk, format!("cannot write {}: {error}; the evidence is intact", path.display()))
}
