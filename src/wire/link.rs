//! The header `Link` (RFC 8288): where a page says that the next one lies.

use super::Next;

/// Longest header that is read, in bytes; no API needs more for a few addresses.
const MAX_HEADER: usize = 64 << 10;

/// The address with `rel="next"` in the values of all `Link` headers; the end where none has it.
pub fn next_link<'h>(values: impl IntoIterator<Item = &'h str>) -> Next {
    let mut found: Vec<&str> = Vec::new();
    for value in values {
        if value.len() > MAX_HEADER {
            return Next::Unusable("is longer than any header".to_owned());
        }
        let Some(links) = links(value) else {
            return Next::Unusable("is no list of links".to_owned());
        };
        found.extend(links.into_iter().filter(|(_, next)| *next).map(|(address, _)| address));
    }
    match found.as_slice() {
        [] => Next::End,
        [address] => Next::Url((*address).to_owned()),
        _ => Next::Unusable("names two next pages".to_owned()),
    }
}

/// Each address, and whether it is that of the next page; none where the header is malformed.
fn links(value: &str) -> Option<Vec<(&str, bool)>> {
    let mut rest = value.trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (address, after) = rest.strip_prefix('<')?.split_once('>')?;
        let end = end_of_link(after);
        let (parameters, after) = after.split_at_checked(end)?;
        found.push((address.trim(), parameters.split(';').any(is_next)));
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    Some(found)
}

/// The comma that ends a link; one inside quotes does not.
fn end_of_link(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

/// A relation may hold several words, and its name may be written in any case.
fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let words = value.trim().trim_matches('"');
    name.trim().eq_ignore_ascii_case("rel") && words.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_042_only_one_well_formed_next_link_leads_on() {
        let url = |text: &str| Next::Url(text.to_owned());
        let github = r#"<https://a/x?after=MS4%3D&before=>; rel="next", <https://a/x?before=B>; rel="prev""#;
        assert_eq!(next_link([github]), url("https://a/x?after=MS4%3D&before="));
        assert_eq!(next_link(["<https://a/self>; rel=\"self\"", "<https://a/2>; REL=next"]), url("https://a/2"));
        assert_eq!(next_link(["</x?a=1,2>; title=\"a, b\"; rel=\"last next\""]), url("/x?a=1,2"));
        assert_eq!(next_link([]), Next::End);
        assert_eq!(next_link(["<https://a/1>; rel=\"prev\""]), Next::End);
        for bad in ["https://a/2; rel=next", "<https://a/2; rel=next", "<a>; rel=next, <b>; rel=next"] {
            assert!(matches!(next_link([bad]), Next::Unusable(_)), "{bad}");
        }
        assert!(matches!(next_link(["x".repeat(70_000).as_str()]), Next::Unusable(_)));
    }
}
