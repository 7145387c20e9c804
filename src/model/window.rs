//! Time: moments in UTC and half-open windows of them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, in microseconds since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The moment that many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 time with its offset; finer digits than microseconds are cut.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(time.timestamp_micros()))
    }

    /// This moment shifted by a number of microseconds, held at the ends of the scale.
    #[must_use]
    pub const fn saturating_add(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

impl std::fmt::Display for Moment {
    /// `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match DateTime::<Utc>::from_timestamp_micros(self.0) {
            Some(time) => f.pad(&time.to_rfc3339_opts(SecondsFormat::Micros, true)),
            None => write!(f, "@{}us", self.0),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let beyond = || text.strip_prefix('@')?.strip_suffix("us")?.parse().ok().map(Self);
        let moment = Self::parse_rfc3339(&text).or_else(beyond);
        moment.ok_or_else(|| serde::de::Error::custom("a time is not RFC 3339"))
    }
}

/// A half-open span of time, `[from, to)`; an open end is unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Window {
    from: Option<Moment>,
    to: Option<Moment>,
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Ends {
            from: Option<Moment>,
            to: Option<Moment>,
        }
        let Ends { from, to } = Ends::deserialize(d)?;
        Self::new(from, to).ok_or_else(|| serde::de::Error::custom("a window ends before it begins"))
    }
}

impl Window {
    /// A window, unless its end is not after its beginning.
    pub fn new(from: Option<Moment>, to: Option<Moment>) -> Option<Self> {
        match (from, to) {
            (Some(from), Some(to)) if to <= from => None,
            _ => Some(Self { from, to }),
        }
    }

    /// The first moment inside.
    pub const fn from(&self) -> Option<Moment> {
        self.from
    }

    /// The first moment after.
    pub const fn to(&self) -> Option<Moment> {
        self.to
    }

    /// Whether any moment from one to another, both included, lies inside.
    pub fn overlaps(&self, first: Moment, last: Moment) -> bool {
        self.from.is_none_or(|from| from <= last) && self.to.is_none_or(|to| first < to)
    }

    /// Whether a moment lies inside.
    pub fn contains(&self, moment: Moment) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.to.is_none_or(|to| moment < to)
    }
}

impl std::fmt::Display for Window {
    /// `[2026-01-01T00:00:00.000000Z, 2026-02-01T00:00:00.000000Z)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |moment: Option<Moment>, open: &str| moment.map_or_else(|| open.to_owned(), |m| m.to_string());
        write!(f, "[{}, {})", end(self.from, "beginning"), end(self.to, "end"))
    }
}
