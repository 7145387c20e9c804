//! The parameters of `GET /api/v1/audit-logs`, checked as the contract says.

use crate::model::{Moment, Window};
use std::hash::{DefaultHasher, Hash, Hasher};

const LIMIT_MAX: usize = 1000;
const LIMIT_USUAL: usize = 100;

/// A checked query.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) org: Option<String>,
    pub(super) window: Window,
    pub(super) limit: usize,
    /// Where the page begins.
    pub(super) position: usize,
    /// The cursor as it was given.
    pub(super) cursor: Option<String>,
    /// How often this position was answered with an empty page.
    pub(super) empty: usize,
}

impl Query {
    /// Reads the part of the target after `?`; the error is the message of a 400.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (mut org, mut from, mut to, mut limit, mut cursor) = (None, None, None, None, None);
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let slot = match name {
                "org_id" => &mut org,
                "from" => &mut from,
                "to" => &mut to,
                "limit" => &mut limit,
                "cursor" => &mut cursor,
                _ => return Err("unknown parameter".to_owned()),
            };
            let value = unescape(value).ok_or("a parameter is not valid UTF-8")?;
            if slot.replace(value).is_some() {
                return Err(format!("{name} is given twice"));
            }
        }
        let window = Window::new(Some(moment("from", from)?), Some(moment("to", to)?)).ok_or("to is not after from")?;
        let limit = limit.map_or(Some(LIMIT_USUAL), |text| text.parse().ok().filter(|n| (1..=LIMIT_MAX).contains(n)));
        let limit = limit.ok_or_else(|| format!("limit must be 1 to {LIMIT_MAX}"))?;
        if org.as_deref() == Some("") {
            return Err("org_id is empty".to_owned());
        }
        let mut query = Self { org, window, limit, position: 0, cursor, empty: 0 };
        if let Some(cursor) = query.cursor.clone() {
            (query.position, query.empty) = query.open(&cursor).ok_or("the cursor is not valid for this query")?;
        }
        Ok(query)
    }

    /// The cursor of a later page, bound to this query.
    pub(super) fn cursor_at(&self, position: usize, empty: usize) -> String {
        format!("{position:x}-{empty:x}-{:016x}", self.binding())
    }

    fn open(&self, cursor: &str) -> Option<(usize, usize)> {
        let (position, rest) = cursor.split_once('-')?;
        let (empty, binding) = rest.split_once('-')?;
        (u64::from_str_radix(binding, 16).ok()? == self.binding()).then_some(())?;
        Some((usize::from_str_radix(position, 16).ok()?, usize::from_str_radix(empty, 16).ok()?))
    }

    fn binding(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        (&self.org, self.window.from(), self.window.to()).hash(&mut hash);
        hash.finish()
    }
}

/// The organisation of a query that may otherwise be wrong.
pub(super) fn org_of(text: &str) -> Option<String> {
    text.split('&').find_map(|pair| pair.strip_prefix("org_id=")).and_then(unescape)
}

fn moment(name: &str, text: Option<String>) -> Result<Moment, String> {
    let text = text.ok_or_else(|| format!("{name} is required"))?;
    Moment::parse_rfc3339(&text).ok_or_else(|| format!("{name} is not an RFC 3339 time"))
}

/// Undoes percent-encoding and `+`.
fn unescape(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            other => out.push(other),
        }
    }
    String::from_utf8(out).ok()
}
