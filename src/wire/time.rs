//! Times as logs write them, read as UTC by one rule.

use crate::model::Moment;
use crate::profile::Profile;
use chrono::NaiveDateTime;

/// A time, and whether its zone had to be assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The moment.
    pub moment: Moment,
    /// Whether the text named no zone.
    pub assumed: bool,
}

/// Reads RFC 3339 (with `T` or a space), epoch s, ms, us or ns, or a time without zone.
///
/// A time without zone is read at `zone_seconds` east of UTC. Anything else is no time: none.
pub fn read(text: &str, zone_seconds: i32) -> Option<Reading> {
    if let Some(moment) = epoch(text) {
        return Some(Reading { moment, assumed: false });
    }
    if let Some(moment) = Moment::parse_rfc3339(text) {
        return Some(Reading { moment, assumed: false });
    }
    without_zone(text, &["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"], zone_seconds)
}

/// Reads a time as `read` does, or else in a spelling that only the provider's profile knows.
pub fn read_by(text: &str, profile: &Profile) -> Option<Reading> {
    read(text, profile.zone_seconds).or_else(|| without_zone(text, &profile.time_formats, profile.zone_seconds))
}

fn without_zone<F: AsRef<str>>(text: &str, formats: &[F], zone_seconds: i32) -> Option<Reading> {
    let naive = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format.as_ref()).ok())?;
    let east = i64::from(zone_seconds).saturating_mul(1_000_000);
    let micros = naive.and_utc().timestamp_micros().saturating_sub(east);
    Some(Reading { moment: Moment::from_micros(micros), assumed: true })
}

/// 1990-01-01 to 2100-01-01, in microseconds.
const PLAUSIBLE: std::ops::Range<i64> = 631_152_000_000_000..4_102_444_800_000_000;

/// Epoch by size: seconds up to 11 digits, then milliseconds, microseconds, nanoseconds.
///
/// Only what falls into the years 1990 to 2100 is a time: other digits are something else.
fn epoch(text: &str) -> Option<Moment> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.len();
    if digits < 9 || !whole.bytes().all(|b| b.is_ascii_digit()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    let micros = match digits {
        9..=11 => {
            let padded: String = fraction.chars().chain("000000".chars()).take(6).collect();
            value.checked_mul(1_000_000)?.checked_add(padded.parse().ok()?)?
        }
        12..=14 => value.checked_mul(1_000)?,
        15..=17 => value,
        _ => value.checked_div(1_000)?,
    };
    PLAUSIBLE.contains(&micros).then(|| Moment::from_micros(micros))
}
