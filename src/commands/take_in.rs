//! What a verb reads, into evidence: files copied whole and sealed, or a pull.

use super::pull;
use super::screen::Screen;
use super::status::{Failure, Status};
use crate::clock;
use crate::evidence::{Case, Locker, RequestRecord, WayRecord};
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
        way: WayRecord::default(),
        started_at: clock::now(),
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

/// Imports what there is to import, then pulls as planned, if it is; says what is missing by itself.
///
/// `provisional` turns what was read so far into a line for the screen. Where a pull brings nothing, that is an error.
pub(super) fn obtain(
    case: &Case,
    (inputs, profile): (&[PathBuf], &str),
    plan: Option<&pull::Plan<'_>>,
    provisional: &dyn Fn(&Decoded) -> String,
    screen: &Screen,
) -> Result<Status, Failure> {
    if !inputs.is_empty() {
        files(case, inputs, profile, screen)?;
        screen.done();
    }
    let Some(plan) = plan else { return Ok(Status::Answered) };
    let pulled = pull::run(case, plan, screen, provisional)?;
    for failure in &pulled.failures {
        screen.error(failure);
    }
    if pulled.pages > 0 {
        return Ok(pulled.status);
    }
    let safe = format!("nothing was obtained; what was received is kept in {}", case.root().display());
    Err(Failure::new(pulled.status, safe))
}
