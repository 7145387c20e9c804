//! The token taken out of what a server sends back.

use super::Token;

pub(super) const MASK: &[u8] = b"***";
/// A cut body may end within the token; a shorter beginning of it reveals nothing.
const TELLING: usize = 6;

/// The bytes with every occurrence of the token replaced, or `None` if it does not occur.
pub(super) fn redact(bytes: &[u8], token: &Token) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    for form in forms(token.secret()) {
        let current = out.as_deref().unwrap_or(bytes);
        if let Some(replaced) = replace(current, form.as_bytes()) {
            out = Some(replaced);
        }
    }
    out
}

/// Like [`redact`], for text.
pub(super) fn redact_text(text: &str, token: &Token) -> Option<String> {
    redact(text.as_bytes(), token).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The token as is, in a URL, and in JSON.
fn forms(secret: &str) -> Vec<String> {
    let url: String = secret.bytes().map(in_url).collect();
    let json = secret.replace('\\', "\\\\").replace('"', "\\\"");
    let mut forms = vec![secret.to_owned(), url, json.replace('/', "\\/"), json];
    forms.dedup();
    forms
}

fn in_url(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

fn replace(bytes: &[u8], form: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut at, mut kept) = (0_usize, 0_usize);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let telling = rest.len() >= TELLING.min(form.len());
        // At the very end of the body a beginning of the token counts too.
        if rest.starts_with(form) || (telling && form.starts_with(rest)) {
            out.extend_from_slice(bytes.get(kept..at).unwrap_or_default());
            out.extend_from_slice(MASK);
            at = at.saturating_add(form.len()).min(bytes.len());
            kept = at;
        } else {
            at = at.saturating_add(1);
        }
    }
    (kept > 0).then(|| {
        out.extend_from_slice(bytes.get(kept..).unwrap_or_default());
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_and_a_cut_end_are_replaced() {
        let token = Token::new("s3cr/t+abc\"d").unwrap();
        let echo = br#"a s3cr/t+abc"d b s3cr%2Ft%2Babc%22d c s3cr\/t+abc\"d d s3cr/t+abc\"d e s3cr/t+"#;
        let shown = redact(echo, &token).unwrap();
        assert_eq!(shown, b"a *** b *** c *** d *** e ***");
        assert_eq!(redact(b"nothing here", &token), None);
    }
}
