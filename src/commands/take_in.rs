//! What a verb reads, into evidence: files copied whole and sealed, or a pull.

use super::pull;
use super::screen::Screen;
use super::status::{Failure, Status};
use crate::clock;
use crate::evidence::{Case, Locker, RequestRecord};
use crate::model::{Decoded, Window};
use std::path::PathBuf;

/// Keeps files as one sealed acquisition.
pub(super) fn files(case: &Case, files: &[PathBuf], profile: &str, screen: &Screen) -> Result<(), Failure> {
    let request = RequestRecord {
        source: "files".to_owned(),
        orgs: Vec::new(),
        window: Window::default(),
        profile: profile.to_owned(),
        token_fingerprints: Vec::new(),
        started_at: clock::now(),
        verifies: None,
        reading: None,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let mut locker = Locker::create(case, &request)?;
    for file in files {
        locker.keep_file(file, clock::now())?;
        screen.progress(&format!("{} of {} files kept", locker.pages(), files.len()));
    }
    locker.seal(&[], &[], clock::now())?;
    Ok(())
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
    if pulled.pages > 0 {
        return Ok(Obtained { status: pulled.status, first: Some(pulled.first) });
    }
    let safe = format!("nothing was obtained; what was received is kept in {}", case.root().display());
    Err(Failure::new(pulled.status, safe))
}
