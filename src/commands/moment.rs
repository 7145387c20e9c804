//! Times on the command line: a small strict grammar, nothing guessed.

use crate::model::Moment;

const FORMS: &str = "RFC 3339 with offset (2026-03-01T12:00:00Z), YYYY-MM-DD (midnight UTC), epoch seconds, \
                     milliseconds or microseconds, -3d, -12h, -90m, -30s, or now";

/// Reads a time; the error is a sentence.
pub(super) fn parse(text: &str, now: Moment) -> Result<Moment, String> {
    let unread = || format!("{text:?} is not a time that can be read in one way only; use {FORMS}");
    if text == "now" {
        return Ok(now);
    }
    if let Some(back) = text.strip_prefix('-') {
        return ago(back).map(|micros| now.saturating_add(micros.saturating_neg())).ok_or_else(unread);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
        return epoch(text).ok_or_else(unread);
    }
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    if let Some(midnight) = day.and_then(|day| day.and_hms_opt(0, 0, 0)) {
        return Ok(Moment::from_micros(midnight.and_utc().timestamp_micros()));
    }
    Moment::parse_rfc3339(text).ok_or_else(unread)
}

fn ago(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        'd' => 86_400_000_000,
        'h' => 3_600_000_000,
        'm' => 60_000_000,
        's' => 1_000_000_i64,
        _ => return None,
    };
    let digits = text.get(..text.len().checked_sub(1)?)?;
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse::<i64>().ok()?.checked_mul(unit)).flatten()
}

/// By the number of digits; 10 are seconds of our time, 13 milliseconds, 16 microseconds.
fn epoch(text: &str) -> Option<Moment> {
    let value: i64 = text.parse().ok()?;
    let micros = match text.len() {
        9..=10 => value.checked_mul(1_000_000)?,
        12..=13 => value.checked_mul(1_000)?,
        15..=16 => value,
        _ => return None,
    };
    Some(Moment::from_micros(micros))
}
