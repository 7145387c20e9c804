//! The address of a next page, reduced to what may be sent to the configured one.
//!
//! It is never followed: whoever can write it could otherwise send the token anywhere.

use super::redact::MASK;
use crate::profile::{Paging, Request};
use crate::wire::{MAX_CURSOR, Next, PageFacts, excerpt, next_link};
use reqwest::Url;

/// Turns an address, or the header that holds one, into a cursor; everything else stays.
pub(super) fn settle(facts: &mut PageFacts, headers: &[(String, String)], request: &Request, endpoint: &Url) {
    if facts.next == Next::Header {
        let links = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
        facts.next = next_link(links.map(|(_, value)| value.as_str()));
        facts.end_unsaid = facts.next == Next::End;
    }
    let parameter = match &request.page {
        Paging::NextUrl { parameter, .. } | Paging::Link { parameter } => parameter.as_deref(),
        Paging::Cursor { .. }
        | Paging::Item { .. }
        | Paging::Number { .. }
        | Paging::Offset { .. }
        | Paging::Time
        | Paging::Single => None,
    };
    if let Next::Url(text) = &facts.next {
        let masked = text.as_bytes().windows(MASK.len()).any(|bytes| bytes == MASK);
        facts.next = match reduced(text, parameter, endpoint) {
            // Headers come here with the token already taken out of them.
            Ok(_) if masked => Next::Unusable("holds the token".to_owned()),
            Ok(cursor) => Next::Cursor(cursor),
            Err(why) => Next::Unusable(why),
        };
    }
}

/// The value of one parameter, or the whole query behind a `?`; the error says why it is not to be used.
fn reduced(text: &str, parameter: Option<&str>, endpoint: &Url) -> Result<String, String> {
    let shown = || excerpt(text.as_bytes(), 100);
    // What parsers read in different ways could look like our origin and be another.
    if text.chars().any(|c| c.is_control() || c == '\\' || c == ' ') {
        return Err("holds a backslash, a space or a control character".to_owned());
    }
    let Ok(url) = endpoint.join(text) else { return Err(format!("is no address: {}", shown())) };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(format!("holds a user, a password or a fragment: {}", shown()));
    }
    if url.origin() != endpoint.origin() {
        return Err(format!("lies at another origin, {}; nothing is sent there", shown()));
    }
    if url.path().trim_end_matches('/') != endpoint.path().trim_end_matches('/') {
        return Err(format!("lies at another path, {}", shown()));
    }
    let cursor = match parameter {
        None => format!("?{}", url.query().unwrap_or_default()),
        Some(name) => {
            let mut values = url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            match (values.next(), values.next()) {
                (Some(value), None) => value,
                _ => return Err(format!("does not hold {name:?} once: {}", shown())),
            }
        }
    };
    match cursor.as_str() {
        "" | "?" => Err("holds no cursor".to_owned()),
        long if long.len() > MAX_CURSOR => Err("is longer than any cursor".to_owned()),
        cursor if cursor.chars().any(char::is_control) => Err("holds control characters".to_owned()),
        _ => Ok(cursor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_042_only_the_query_of_the_same_endpoint_is_taken() {
        let endpoint = Url::parse("https://api.example/v1/logs").unwrap();
        let reduce = |text: &str| reduced(text, Some("after"), &endpoint);
        for same in [
            "https://api.example/v1/logs?after=MS4%3D&limit=1",
            "https://API.example:443/v1/logs/?after=MS4%3D",
            "/v1/logs?x=1&after=MS4=",
            "?after=MS4%3D",
        ] {
            assert_eq!(reduce(same).as_deref(), Ok("MS4="), "{same}");
        }
        for other in [
            "//evil/v1/logs?after=1",
            "https://api@evil/v1/logs?after=1",
            "https://api.example@evil/v1/logs?after=1",
            "https://user:word@api.example/v1/logs?after=1",
            "http://api.example/v1/logs?after=1",
            "https://api.example:8443/v1/logs?after=1",
            "https://api.ex\u{430}mple/v1/logs?after=1",
            "https://api.example.evil/v1/logs?after=1",
            "https://api\u{3002}example.evil/v1/logs?after=1",
            "https:\\\\evil/v1/logs?after=1",
            "\\\\evil/v1/logs?after=1",
            "https://api.example/v1/logs?after=1#fragment",
            "https://api.example/v1/other?after=1",
            "https://api.example/v1/logs/../secrets?after=1",
            "https://api.example/v1/logs",
            "https://api.example/v1/logs?after=",
            "https://api.example/v1/logs?after=1&after=2",
            "https://api.example/v1/logs?after=a%0D%0Ab",
            "javascript:alert(1)",
            "",
            "https://",
        ] {
            assert!(reduce(other).is_err(), "{other}");
        }
        assert!(reduce(&format!("?after={}", "x".repeat(10_000))).is_err());
        assert_eq!(reduced("?a=1&b=%2F", None, &endpoint).as_deref(), Ok("?a=1&b=%2F"));
    }
}
