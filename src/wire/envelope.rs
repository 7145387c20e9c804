//! The envelope of a page, walked by structure: a record that does not decode cannot hide the way on.

use super::scan::{skip_space, string_end, value_end};
use super::{Json, Next, PageError};
use crate::profile::{End, Ends, Members, Paging, Profile, Request};

/// Longest cursor that is sent back, in bytes: it must fit a request line, for which 8 KiB is common.
pub const MAX_CURSOR: usize = 6 << 10;

/// What an envelope says beside its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    /// The way on.
    pub(super) next: Next,
    /// Whether the end is told by silence alone.
    pub(super) end_unsaid: bool,
    /// Whether more follow, if the page says.
    pub(super) more: Option<bool>,
    /// How many records the page counts in the whole window.
    pub(super) total: Option<u64>,
}

/// Checks that a body is an envelope with a list of records, or such a list, and reads what else it says.
pub(super) fn envelope(body: &[u8], request: &Request) -> Result<Envelope, PageError> {
    let start = skip_space(body, if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
    let rest = body.get(start..).unwrap_or_default();
    let other = |what: &str| PageError::other(what, rest);
    match body.get(start) {
        Some(b'{') => {}
        Some(b'[') if request.items.is_empty() => {
            let end = value_end(body, start).map_err(PageError::broken)?;
            if skip_space(body, end) < body.len() {
                return Err(PageError::broken("bytes follow the end of the page"));
            }
            return Ok(read(&[], request));
        }
        Some(b'<') => return Err(other("an HTML page")),
        Some(b'[') => return Err(other("a JSON array without an envelope")),
        Some(_) => return Err(other("something that is not JSON")),
        None => return Err(PageError::broken("the body is empty")),
    }
    let members = members(body, start)?;
    if members.iter().any(|(name, value)| is_error(name, value)) {
        return Err(other("an error with status 200"));
    }
    if request.items.is_empty() {
        return Err(other("an object in place of a list"));
    }
    let items: Vec<_> = members.iter().filter(|(name, _)| *name == request.items).map(|(_, value)| *value).collect();
    match items.as_slice() {
        [[b'[', ..]] => Ok(read(&members, request)),
        [] => Err(other(&format!("JSON without {:?}", request.items))),
        [_] => Err(other(&format!("JSON whose {:?} is not a list", request.items))),
        _ => Err(PageError::broken(&format!("{:?} stands in it twice", request.items))),
    }
}

/// Whether a body is a page that says that more follow, or that it is the last; none if it does not say.
pub fn goes_on(body: &[u8], profile: &Profile) -> Option<bool> {
    let envelope = envelope(body, profile.request.as_ref()?).ok()?;
    match envelope.next {
        Next::Cursor(_) | Next::Url(_) => Some(true),
        // A list saved without its cursor says nothing of what follows.
        Next::End => (!envelope.end_unsaid).then_some(false),
        Next::Unusable(_) => None,
        Next::Header | Next::Unsaid => envelope.more,
    }
}

/// The usual ways of saying in a body that the request failed.
fn is_error(name: &str, value: &[u8]) -> bool {
    match name {
        "error" | "errors" => !matches!(value, b"null" | b"[]" | b"{}" | b"\"\"" | b"false"),
        "success" | "ok" => value == b"false",
        "status" => [&b"\"failed\""[..], b"\"failure\"", b"\"error\"", b"\"fail\""].contains(&value),
        _ => false,
    }
}

/// A member of the envelope, or why there is none.
enum Said {
    Absent,
    Value(Json),
    Unclear(String),
}

fn said(members: &[(String, &[u8])], way: &Members) -> Said {
    let mut found = members.iter().filter(|(name, _)| name == way.first());
    match (found.next(), found.next()) {
        (None, _) => Said::Absent,
        (Some(_), Some(_)) => Said::Unclear("stands there twice".to_owned()),
        (Some((_, raw)), None) => match Json::parse(raw) {
            Ok(top) => {
                let inner = way.below().iter().try_fold(&top, |value, name| value.get(name));
                inner.map_or(Said::Absent, |value| Said::Value(value.clone()))
            }
            Err(error) => Said::Unclear(format!("does not decode ({})", error.reason)),
        },
    }
}

fn read(members: &[(String, &[u8])], request: &Request) -> Envelope {
    let look = |way: &Option<Members>| way.as_ref().map(|way| said(members, way));
    let more = match look(&request.more) {
        Some(Said::Value(Json::Bool(more))) => Some(more),
        _ => None,
    };
    let total = match look(&request.total) {
        Some(Said::Value(Json::Number(digits) | Json::Text(digits))) => digits.parse().ok(),
        _ => None,
    };
    let (next, end_unsaid) = match &request.page {
        Paging::Cursor { next, .. } => way_on(said(members, next), &request.ends, more, Next::Cursor),
        Paging::NextUrl { next, .. } => way_on(said(members, next), &request.ends, more, Next::Url),
        Paging::Link { .. } => (Next::Header, false),
        Paging::Item { .. } | Paging::Number { .. } | Paging::Offset { .. } | Paging::Time | Paging::Single => {
            (Next::Unsaid, false)
        }
    };
    Envelope { next, end_unsaid, more, total }
}

/// The way on, and whether an end is told by silence alone; a word on whether more follow goes before that.
fn way_on(said: Said, ends: &Ends, more: Option<bool>, leads: fn(String) -> Next) -> (Next, bool) {
    let unusable = |why: &str| (Next::Unusable(why.to_owned()), false);
    let (is_end, why, silent) = match said {
        Said::Value(Json::Null) => (ends.has(End::Null), "is null", false),
        Said::Absent => (ends.has(End::Absent), "is missing", true),
        Said::Value(Json::Text(text)) if text.is_empty() => (ends.has(End::EmptyText), "is empty", false),
        Said::Value(Json::Text(text)) if text.len() > MAX_CURSOR => return unusable("is longer than any cursor"),
        Said::Value(Json::Text(text)) if text.chars().any(char::is_control) => {
            return unusable("holds control characters");
        }
        Said::Value(Json::Text(text)) => return (leads(text), false),
        Said::Value(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            return unusable("is neither a string nor null");
        }
        Said::Unclear(why) => return unusable(&why),
    };
    match more {
        Some(true) => unusable(&format!("{why}, although the page says that more follow")),
        Some(false) => (Next::End, false),
        None if is_end => (Next::End, silent),
        None => unusable(why),
    }
}

/// Names and raw values of the members of the one object that the body must be.
fn members(body: &[u8], start: usize) -> Result<Vec<(String, &[u8])>, PageError> {
    let end = value_end(body, start).map_err(PageError::broken)?;
    if skip_space(body, end) < body.len() {
        return Err(PageError::broken("bytes follow the end of the page"));
    }
    let mut found = Vec::new();
    let mut at = skip_space(body, start.saturating_add(1));
    while body.get(at) != Some(&b'}') {
        let key_end = string_end(body, at).map_err(PageError::broken)?;
        let colon = skip_space(body, key_end);
        if body.get(colon) != Some(&b':') {
            return Err(PageError::broken("a member has no value"));
        }
        let value_start = skip_space(body, colon.saturating_add(1));
        let value_stop = value_end(body, value_start).map_err(PageError::broken)?;
        let key = body.get(at..key_end).unwrap_or_default();
        let value = body.get(value_start..value_stop).unwrap_or_default();
        found.push((name(key, value)?, value));
        at = skip_space(body, value_stop);
        match body.get(at) {
            Some(b',') => at = skip_space(body, at.saturating_add(1)),
            Some(b'}') => {}
            _ => return Err(PageError::broken("neither a comma nor the end follows a member")),
        }
    }
    Ok(found)
}

/// A member's name, unescaped; the list of records must be spelled plainly, as records are found by bytes.
fn name(raw: &[u8], value: &[u8]) -> Result<String, PageError> {
    match Json::parse(raw) {
        Ok(Json::Text(name)) if !(raw.contains(&b'\\') && value.starts_with(b"[")) => Ok(name),
        Ok(Json::Text(_)) => Err(PageError::broken("the name of a list is written with escapes")),
        Ok(_) | Err(_) => Err(PageError::broken("the name of a member does not decode")),
    }
}
