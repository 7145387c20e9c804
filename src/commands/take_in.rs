//! What a verb reads, into evidence: files copied whole and sealed, or a pull.

use super::screen::Screen;
use super::status::{Failure, Status};
use super::{interrupt, pull};
use crate::clock;
use crate::evidence::{self, Asked, Case, Locker, RequestRecord, WayRecord, sha256_hex};
use crate::model::{Decoded, Window};
use std::path::{Path, PathBuf};

/// Keeps files as one sealed acquisition.
pub(super) fn files(case: &Case, files: &[PathBuf], profile: &str, screen: &Screen) -> Result<(), Failure> {
    let mut locker = Locker::open(case, &request(files, profile))?;
    let stop = interrupt::listen()?;
    let mut kept = locker.kept("").into_iter();
    for file in files {
        if stop.given() {
            return Err(interrupt::stopped(locker.pages(), "files", case));
        }
        match kept.next() {
            // An earlier run took it in; it must still be the same.
            Some(kept) => same(file, kept.sha256(), case)?,
            None => {
                locker.keep_file(file, clock::now())?;
            }
        }
        screen.progress(&format!("{} of {} files kept", locker.pages(), files.len()));
    }
    locker.seal(&[], &[], clock::now())?;
    Ok(())
}

/// What an import asks for: these files, by name and length.
pub(super) fn request(files: &[PathBuf], profile: &str) -> RequestRecord {
    let named = |file: &PathBuf| {
        let length = file.metadata().map_or(0, |meta| meta.len());
        format!("{}\0{length}\0", file.display())
    };
    let all: String = files.iter().map(named).collect();
    RequestRecord {
        format: evidence::OPEN_FORMAT,
        source: evidence::FILES.to_owned(),
        orgs: Vec::new(),
        window: Window::default(),
        profile: profile.to_owned(),
        token_fingerprints: Vec::new(),
        way: WayRecord::default(),
        started_at: clock::now(),
        verifies: None,
        reading: None,
        asked: Asked { words: vec![sha256_hex(all.as_bytes())], now_us: 0 },
        tool_version: env!("CARGO_PKG_VERSION"),
    }
}

fn same(file: &Path, sha256: &str, case: &Case) -> Result<(), Failure> {
    if evidence::file_sha256(file)? == sha256 {
        return Ok(());
    }
    let message = format!(
        "{} has changed since the interrupted import into {} took it in; add --again to begin a new acquisition",
        file.display(),
        case.root().display()
    );
    Err(Failure::new(Status::Disk, message))
}

/// What was taken in.
pub(super) struct Obtained {
    /// The status that it leads to by itself.
    pub(super) status: Status,
    /// The pull, if there was one, for the readings that may follow it.
    pub(super) first: Option<pull::First>,
}

/// Imports what there is to import, then pulls as planned, if it is; says what is missing by itself.
///
/// `provisional` turns what was read so far into a line for the screen. Where a pull brings nothing, that is an error.
pub(super) fn obtain(
    case: &Case,
    (inputs, profile): (&[PathBuf], &str),
    plan: Option<&pull::Plan<'_>>,
    provisional: &dyn Fn(&Decoded) -> String,
    screen: &Screen,
) -> Result<Obtained, Failure> {
    if !inputs.is_empty() {
        files(case, inputs, profile, screen)?;
        screen.done();
    }
    let Some(plan) = plan else { return Ok(Obtained { status: Status::Answered, first: None }) };
    let pulled = pull::run(case, plan, screen, provisional)?;
    for failure in &pulled.failures {
        screen.error(failure);
    }
    if pulled.first.is_some() {
        return Ok(Obtained { status: pulled.status, first: pulled.first });
    }
    if pulled.pages > 0 {
        let safe = format!("{} pages are safe in {}", pulled.pages, case.root().display());
        let message =
            format!("the token was refused on the way; {safe}, and the same command goes on with another token");
        return Err(Failure::new(pulled.status, message).goes_on_in(case.root()));
    }
    let safe = format!("nothing was obtained; what was received is kept in {}", case.root().display());
    Err(Failure::new(pulled.status, safe))
}
