//! What a value looks like.

use crate::model::Moment;
use crate::wire::Json;
use chrono::NaiveDateTime;
use std::net::IpAddr;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Time,
    Uuid,
    Address,
    Email,
    Number,
    Flag,
    Word,
    Text,
}

impl Shape {
    /// The word for a comment.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Time => "a time",
            Self::Uuid => "a UUID",
            Self::Address => "an IP address",
            Self::Email => "an e-mail address",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Word => "a word",
            Self::Text => "text",
        }
    }
}

/// The shape of one value.
pub(super) fn of(text: &str) -> Shape {
    match text {
        "true" | "false" => Shape::Flag,
        _ if is_time(text) => Shape::Time,
        _ if text.parse::<f64>().is_ok() => Shape::Number,
        _ if is_uuid(text) => Shape::Uuid,
        _ if text.parse::<IpAddr>().is_ok() => Shape::Address,
        _ if is_email(text) => Shape::Email,
        _ if text.contains(char::is_whitespace) => Shape::Text,
        _ => Shape::Word,
    }
}

/// Whether a text is a time as every log is read: with a zone, without one, or as a number since 1970.
pub(super) fn is_time(text: &str) -> bool {
    let without_zone = |format: &str| NaiveDateTime::parse_from_str(text, format).is_ok();
    Moment::parse_rfc3339(text).is_some()
        || without_zone("%Y-%m-%dT%H:%M:%S%.f")
        || without_zone("%Y-%m-%d %H:%M:%S%.f")
        || is_epoch(text)
}

/// Whether a time says no zone.
pub(super) fn lacks_zone(text: &str) -> bool {
    Moment::parse_rfc3339(text).is_none() && !is_epoch(text)
}

/// Seconds, milliseconds, microseconds or nanoseconds of the years 2001 to 2100; other numbers are numbers.
fn is_epoch(text: &str) -> bool {
    let units: [(usize, i64); 4] = [(10, 1), (13, 1_000), (16, 1_000_000), (19, 1_000_000_000)];
    let seconds = text.parse::<i64>().ok().and_then(|n| {
        let (_, unit) = units.iter().find(|(digits, _)| *digits == text.len())?;
        n.checked_div(*unit)
    });
    seconds.is_some_and(|seconds| (1_000_000_000..4_102_444_800).contains(&seconds))
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !domain.contains('@'))
}

/// Whether a value beside an object speaks of an event: then the object is a part of it and no wrapped record.
pub(super) fn is_event_value(value: &Json) -> bool {
    value.scalar().is_some_and(|text| is_time(&text)) || matches!(value, Json::Array(_))
}
