//! Files into evidence: copied whole, sealed, then read.

use super::screen::Screen;
use super::status::Failure;
use crate::clock;
use crate::evidence::{Case, Locker, RequestRecord};
use crate::model::Window;
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
