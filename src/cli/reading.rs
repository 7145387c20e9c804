//! How a log is read from an API: how fast, and whether a second time.

use clap::Args;
use std::time::Duration;

/// How an API is read.
#[derive(Clone, Debug, Default, Args)]
pub struct Reading {
    /// Most requests a second, over the whole run [default: as many as the server bears]
    #[arg(long, value_name = "N", value_parser = every, help_heading = "Reading an API")]
    pub rate: Option<Duration>,
    /// Read everything a second time with other pages and cuts, and compare; the default
    #[arg(long, overrides_with = "no_verify_walk", help_heading = "Reading an API")]
    pub verify_walk: bool,
    /// Leave the second reading out: the answer rests on a single walk
    #[arg(long, help_heading = "Reading an API")]
    pub no_verify_walk: bool,
    /// Wait until events can be this late, and read again what may have been missed: 90s, 15m, 3h
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Reading an API")]
    pub settle: Option<Duration>,
}

impl Reading {
    /// Whether a second walk is wanted.
    pub fn twice(&self) -> bool {
        !self.no_verify_walk
    }
}

/// Time between two requests, from their number a second.
fn every(text: &str) -> Result<Duration, String> {
    let rate: f64 = text.parse().map_err(|_error| "not a number of requests a second".to_owned())?;
    if !(0.001..=1000.0).contains(&rate) {
        return Err("must lie between 0.001 and 1000 requests a second".to_owned());
    }
    Ok(Duration::from_secs_f64(rate.recip()))
}

/// A span of time with its unit.
fn span(text: &str) -> Result<Duration, String> {
    let wrong = || "not a span of time such as 90s, 15m or 3h".to_owned();
    let (unit, seconds) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        .into_iter()
        .find(|(unit, _)| text.ends_with(unit))
        .ok_or_else(wrong)?;
    let number: u64 = text.strip_suffix(unit).unwrap_or_default().parse().map_err(|_error| wrong())?;
    // Longer than a month is a slip of the finger, not patience.
    number.checked_mul(seconds).filter(|all| *all <= 31 * 86_400).map(Duration::from_secs).ok_or_else(wrong)
}
