//! Whether a body is a page of this API, and what the page says of itself. Pure.
//!
//! The envelope is walked by structure, so a record that does not decode cannot hide the way to the next page.

use super::scan::{skip_space, string_end, value_end};
use super::{Json, Span, records};
use crate::model::Moment;
use crate::profile::{Profile, Request, Scope, first};
use std::collections::BTreeSet;

/// Longest cursor that is sent back, in bytes: it must fit a request line, for which 8 KiB is common.
pub const MAX_CURSOR: usize = 6 << 10;

/// What one page says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFacts {
    /// Records on the page, undecodable ones included.
    pub events: u64,
    /// Records that do not decode; they are kept and quarantined later.
    pub undecodable: u64,
    /// The way on.
    pub next: Next,
    /// The earliest time on the page.
    pub min_time: Option<Moment>,
    /// The latest time on the page.
    pub max_time: Option<Moment>,
    /// Decoded records whose time cannot be read.
    pub untimed: u64,
    /// Whether no record is later than the one before it.
    pub descending: bool,
    /// Organisations in whose logs the records say they lie.
    pub log_orgs: BTreeSet<String>,
    /// Decoded records that name no such organisation.
    pub orgless: u64,
    /// Ids of the records that have one, in page order.
    pub ids: Vec<String>,
}

/// The way to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The page says that it is the last.
    End,
    /// The cursor of the next page, never a place to go to.
    Cursor(String),
    /// The page neither ends the log nor leads on: why, in a few words.
    Unusable(String),
}

/// Why a body is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Something else answered.
    #[error("answered with {what}: this is not the API (it begins with {excerpt})")]
    NotThisApi {
        /// What it is.
        what: String,
        /// Its first bytes, escaped.
        excerpt: String,
    },
    /// It may be a page, but it is cut or damaged.
    #[error("the page is damaged: {reason}")]
    Broken {
        /// What is wrong.
        reason: String,
    },
}

impl PageFacts {
    /// The cursor of the next page, if there is one.
    pub fn next_cursor(&self) -> Option<&str> {
        match &self.next {
            Next::Cursor(cursor) => Some(cursor),
            Next::End | Next::Unusable(_) => None,
        }
    }

    fn new(next: Next) -> Self {
        let log_orgs = BTreeSet::new();
        let (min_time, max_time, ids) = (None, None, Vec::new());
        let (events, undecodable, untimed, orgless) = (0, 0, 0, 0);
        Self { events, undecodable, next, min_time, max_time, untimed, descending: true, log_orgs, orgless, ids }
    }

    fn observe(&mut self, record: &Json, profile: &Profile, last: &mut Option<Moment>) {
        let wrapped = profile.records.unwrap.iter().find_map(|key| record.get(key));
        let record = wrapped.filter(|inner| matches!(inner, Json::Object(_))).unwrap_or(record);
        let scope = Scope { record, item: record };
        self.ids.extend(first(&profile.map.id, scope));
        match first(&profile.map.log_org, scope) {
            Some(org) => drop(self.log_orgs.insert(org)),
            None => self.orgless = self.orgless.saturating_add(1),
        }
        match first(&profile.map.time, scope).and_then(|text| Moment::parse_rfc3339(&text)) {
            Some(time) => {
                self.descending &= last.is_none_or(|last| time <= last);
                *last = Some(time);
                self.min_time = Some(self.min_time.map_or(time, |min| min.min(time)));
                self.max_time = Some(self.max_time.map_or(time, |max| max.max(time)));
            }
            None => self.untimed = self.untimed.saturating_add(1),
        }
    }
}

/// Checks that a decoded body is a page of the profile's API, and reads what it says of itself.
pub fn page_facts(decoded: &[u8], profile: &Profile) -> Result<PageFacts, PageError> {
    let Some(request) = &profile.request else {
        let reason = format!("profile {:?} describes no API", profile.name);
        return Err(PageError::Broken { reason });
    };
    let next = envelope(decoded, request)?;
    let mut facts = PageFacts::new(next);
    let mut last = None;
    for span in records(decoded, std::slice::from_ref(&request.items)) {
        facts.events = facts.events.saturating_add(1);
        match record(&span, decoded) {
            Some(record) => facts.observe(&record, profile, &mut last),
            None => facts.undecodable = facts.undecodable.saturating_add(1),
        }
    }
    Ok(facts)
}

fn record(span: &Span, decoded: &[u8]) -> Option<Json> {
    if span.broken.is_some() {
        return None;
    }
    Json::parse(span.bytes(decoded)).ok().filter(|record| matches!(record, Json::Object(_)))
}

/// Text from outside, made safe to print: cut to `max` characters, everything unusual escaped.
pub fn excerpt(bytes: &[u8], max: usize) -> String {
    // Four bytes hold any character, so the cut below is always by characters.
    let head = bytes.get(..max.saturating_mul(4)).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let mut out = String::new();
    for c in text.chars().take(max) {
        if c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ' {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    if text.chars().nth(max).is_some() || head.len() < bytes.len() {
        out.push_str("...");
    }
    out
}

/// Walks the members of the envelope; only `next` is decoded.
fn envelope(body: &[u8], request: &Request) -> Result<Next, PageError> {
    let start = skip_space(body, if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
    let other = |what: &str| {
        let rest = body.get(start..).unwrap_or_default();
        PageError::NotThisApi { what: what.to_owned(), excerpt: excerpt(rest, 80) }
    };
    match body.get(start) {
        Some(b'{') => {}
        Some(b'<') => return Err(other("an HTML page")),
        Some(b'[') => return Err(other("a JSON array without an envelope")),
        Some(_) => return Err(other("something that is not JSON")),
        None => return Err(broken("the body is empty")),
    }
    let (mut items, mut next) = (Vec::new(), Vec::new());
    for (key, value) in members(body, start)? {
        match key.as_str() {
            name if name == request.items => items.push(value),
            name if name == request.next => next.push(value),
            "error" | "errors" if !matches!(value, b"null" | b"[]" | b"{}" | b"\"\"" | b"false") => {
                return Err(other("an error with status 200"));
            }
            _ => {}
        }
    }
    match items.as_slice() {
        [[b'[', ..]] => {}
        [] => return Err(other(&format!("JSON without {:?}", request.items))),
        [_] => return Err(other(&format!("JSON whose {:?} is not a list", request.items))),
        _ => return Err(broken(&format!("{:?} stands in it twice", request.items))),
    }
    Ok(match next.as_slice() {
        [value] => way_on(value),
        [] => Next::Unusable("is missing".to_owned()),
        _ => Next::Unusable("stands there twice".to_owned()),
    })
}

fn way_on(value: &[u8]) -> Next {
    let unusable = |why: &str| Next::Unusable(why.to_owned());
    match Json::parse(value) {
        Ok(Json::Null) => Next::End,
        Ok(Json::Text(text)) if text.is_empty() => unusable("is empty"),
        Ok(Json::Text(text)) if text.len() > MAX_CURSOR => unusable("is longer than any cursor"),
        Ok(Json::Text(text)) if text.chars().any(char::is_control) => unusable("holds control characters"),
        Ok(Json::Text(text)) => Next::Cursor(text),
        Ok(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            unusable("is neither a string nor null")
        }
        Err(error) => Next::Unusable(format!("does not decode ({})", error.reason)),
    }
}

/// Names and raw values of the members of the one object that the body must be.
fn members(body: &[u8], start: usize) -> Result<Vec<(String, &[u8])>, PageError> {
    let end = value_end(body, start).map_err(broken)?;
    if skip_space(body, end) < body.len() {
        return Err(broken("bytes follow the end of the page"));
    }
    let mut found = Vec::new();
    let mut at = skip_space(body, start.saturating_add(1));
    while body.get(at) != Some(&b'}') {
        let key_end = string_end(body, at).map_err(broken)?;
        let colon = skip_space(body, key_end);
        if body.get(colon) != Some(&b':') {
            return Err(broken("a member has no value"));
        }
        let value_start = skip_space(body, colon.saturating_add(1));
        let value_stop = value_end(body, value_start).map_err(broken)?;
        let key = body.get(at..key_end).unwrap_or_default();
        let value = body.get(value_start..value_stop).unwrap_or_default();
        found.push((name(key, value)?, value));
        at = skip_space(body, value_stop);
        match body.get(at) {
            Some(b',') => at = skip_space(body, at.saturating_add(1)),
            Some(b'}') => {}
            _ => return Err(broken("neither a comma nor the end follows a member")),
        }
    }
    Ok(found)
}

/// A member's name, unescaped; the list of records must be spelled plainly, as records are found by bytes.
fn name(raw: &[u8], value: &[u8]) -> Result<String, PageError> {
    match Json::parse(raw) {
        Ok(Json::Text(name)) if !(raw.contains(&b'\\') && value.starts_with(b"[")) => Ok(name),
        Ok(Json::Text(_)) => Err(broken("the name of a list is written with escapes")),
        Ok(_) | Err(_) => Err(broken("the name of a member does not decode")),
    }
}

fn broken(reason: &str) -> PageError {
    PageError::Broken { reason: reason.to_owned() }
}
