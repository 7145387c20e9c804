//! The envelope of a page, walked by structure: a record that does not decode cannot hide the way on.

use super::scan::{skip_space, string_end, value_end};
use super::{Json, Next, PageError};
use crate::profile::{Profile, Request};

/// Longest cursor that is sent back, in bytes: it must fit a request line, for which 8 KiB is common.
pub const MAX_CURSOR: usize = 6 << 10;

/// Checks that a body is an envelope with a list of records, and reads how it goes on.
pub(super) fn way_on(body: &[u8], request: &Request) -> Result<Next, PageError> {
    let start = skip_space(body, if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
    let rest = body.get(start..).unwrap_or_default();
    let other = |what: &str| PageError::other(what, rest);
    match body.get(start) {
        Some(b'{') => {}
        Some(b'<') => return Err(other("an HTML page")),
        Some(b'[') => return Err(other("a JSON array without an envelope")),
        Some(_) => return Err(other("something that is not JSON")),
        None => return Err(PageError::broken("the body is empty")),
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
        _ => return Err(PageError::broken(&format!("{:?} stands in it twice", request.items))),
    }
    Ok(match next.as_slice() {
        [value] => cursor(value),
        [] => Next::Unusable("is missing".to_owned()),
        _ => Next::Unusable("stands there twice".to_owned()),
    })
}

/// Whether a body is a page that says that more follow, or that it is the last; none if it is no page.
pub fn goes_on(body: &[u8], profile: &Profile) -> Option<bool> {
    match way_on(body, profile.request.as_ref()?).ok()? {
        Next::Cursor(_) => Some(true),
        Next::End => Some(false),
        // A list saved without its cursor says nothing of what follows.
        Next::Unusable(_) => None,
    }
}

fn cursor(value: &[u8]) -> Next {
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
