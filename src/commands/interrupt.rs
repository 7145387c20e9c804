//! Ctrl-C, SIGTERM and SIGHUP: once finishes the page in hand, twice stops at once.

use super::status::{Failure, Status};
use crate::collect::Stop;
use crate::evidence::Case;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Listens from now on; whoever reads from the API or from files looks at the word between two of them.
pub(super) fn listen() -> Result<Stop, Failure> {
    let failed = |error: std::io::Error| Failure::new(Status::Internal, format!("cannot listen for signals: {error}"));
    let twice = Arc::new(AtomicBool::new(false));
    let ignored = ignored();
    let wanted: Vec<i32> = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !ignores(ignored, *signal)).collect();
    for signal in &wanted {
        // In this order: the first signal arms what the second one meets.
        signal_hook::flag::register_conditional_shutdown(*signal, i32::from(Status::Interrupted.code()), twice.clone())
            .map_err(failed)?;
        signal_hook::flag::register(*signal, twice.clone()).map_err(failed)?;
    }
    let mut signals = Signals::new(&wanted).map_err(failed)?;
    let stop = Stop::default();
    let told = stop.clone();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            told.give();
        }
    });
    Ok(stop)
}

/// What is said when the word was heard.
pub(super) fn stopped(kept: u64, what: &str, case: &Case) -> Failure {
    let message = format!("interrupted; {kept} {what} are safe in {}", case.root().display());
    Failure::new(Status::Interrupted, message).goes_on_in(case.root())
}

/// The signals that whoever started us wants ignored, as `nohup` does, in the words of the system.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

fn ignores(mask: u64, signal: i32) -> bool {
    let bit = u32::try_from(signal).ok().and_then(|signal| signal.checked_sub(1));
    bit.and_then(|bit| mask.checked_shr(bit)).is_some_and(|mask| mask & 1 == 1)
}
