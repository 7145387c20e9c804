//! The token taken out of what a server sends back.

use super::Token;
use crate::model::hex;
use regex::bytes::{Regex, RegexBuilder};

pub(super) const MASK: &[u8] = b"***";
/// A cut body may end within the token; a shorter beginning of it reveals nothing.
const TELLING: usize = 6;
/// Room for the search of a token of 64 KiB of which every character may be escaped.
const ROOM: usize = 256 << 20;

/// Every way in which an answer may spell the token, ready to be searched for.
#[derive(Clone)]
pub(super) struct Spellings {
    search: Regex,
    /// The whole of it in other alphabets.
    forms: Vec<Vec<u8>>,
    /// Each byte of it in every escape.
    letters: Vec<Vec<String>>,
}

impl Spellings {
    /// The token as it is, escaped for a URL, JSON or HTML, in hex, and in base64 at any offset; none for a giant.
    pub(super) fn of(secret: &str) -> Option<Self> {
        let hexed = hex(secret.as_bytes());
        let mut forms = vec![secret.to_owned(), hexed.to_ascii_uppercase(), hexed];
        for offset in 0..3 {
            let text = base64(secret.as_bytes(), offset);
            forms.push(text.replace('+', "-").replace('/', "_"));
            forms.push(text);
        }
        forms.retain(|form| form.len() >= TELLING || form == secret);
        let letters: Vec<_> = secret.bytes().map(letter).collect();
        let any = |forms: &[String]| forms.iter().map(|form| regex::escape(form)).collect::<Vec<_>>().join("|");
        let each = |letter: &Vec<String>| match letter.as_slice() {
            [plain] => regex::escape(plain),
            several => format!("(?:{}|&[A-Za-z]+;)", any(several)),
        };
        let pattern = format!("{}|{}", letters.iter().map(each).collect::<String>(), any(&forms));
        let search = RegexBuilder::new(&pattern).size_limit(ROOM).build().ok()?;
        Some(Self { search, forms: forms.into_iter().map(String::into_bytes).collect(), letters })
    }

    /// Where the bytes spell the token, in order, without overlap.
    fn found(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut found: Vec<_> = self.search.find_iter(bytes).map(|found| (found.start(), found.end())).collect();
        let rest = found.last().map_or(0, |(_, end)| *end);
        found.extend(self.cut(bytes, rest).map(|start| (start, bytes.len())));
        found
    }

    /// Where a beginning of the token ends the bytes, if it tells something.
    fn cut(&self, bytes: &[u8], from: usize) -> Option<usize> {
        // No escape of a byte is longer than eight.
        let longest = self.letters.len().saturating_mul(8);
        let first = bytes.len().saturating_sub(longest).max(from);
        (first..bytes.len()).find(|start| {
            let rest = bytes.get(*start..).unwrap_or_default();
            self.begins(rest) || self.forms.iter().any(|form| rest.len() >= TELLING && form.starts_with(rest))
        })
    }

    /// Whether bytes that break off spell the beginning of the token.
    fn begins(&self, mut rest: &[u8]) -> bool {
        for (told, letter) in self.letters.iter().enumerate() {
            match letter.iter().find_map(|form| rest.strip_prefix(form.as_bytes())) {
                Some(more) => rest = more,
                None => return told >= TELLING && letter.iter().any(|form| form.as_bytes().starts_with(rest)),
            }
        }
        rest.is_empty()
    }
}

/// The bytes with every occurrence of the token replaced, or `None` if it does not occur.
pub(super) fn redact(bytes: &[u8], token: &Token) -> Option<Vec<u8>> {
    let found = token.spellings().found(bytes);
    if found.is_empty() {
        return None;
    }
    let (mut out, mut kept) = (Vec::new(), 0);
    for (start, end) in found {
        out.extend_from_slice(bytes.get(kept..start).unwrap_or_default());
        out.extend_from_slice(MASK);
        kept = end;
    }
    out.extend_from_slice(bytes.get(kept..).unwrap_or_default());
    Some(out)
}

/// Like [`redact`], for text.
pub(super) fn redact_text(text: &str, token: &Token) -> Option<String> {
    redact(text.as_bytes(), token).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A byte as it is and, unless it is a letter or a digit, in the escapes of URL, JSON and HTML; longer ones first.
fn letter(byte: u8) -> Vec<String> {
    let plain = char::from(byte).to_string();
    if byte.is_ascii_alphanumeric() {
        return vec![plain];
    }
    let (small, large) = (format!("{byte:02x}"), format!("{byte:02X}"));
    let mut forms = vec![format!("&#{byte};"), format!("&#0{byte};"), format!("\\{plain}")];
    for hex in [small, large] {
        forms.extend([format!("\\u00{hex}"), format!("&#x{hex};"), format!("&#X{hex};"), format!("%{hex}")]);
    }
    forms.push(plain);
    forms
}

/// RFC 4648, as far as it is the same in every text in which the bytes stand `offset` behind the start of a group.
fn base64(bytes: &[u8], offset: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let shifted: Vec<u8> = std::iter::repeat_n(0, offset).chain(bytes.iter().copied()).collect();
    let mut text = String::new();
    for group in shifted.chunks(3) {
        let word = group.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        // The bits of whole digits only: six, twelve or eighteen, and with a full group four digits.
        let digits = group.len().saturating_mul(8).checked_div(6).unwrap_or(0);
        let bits = u32::try_from(group.len()).unwrap_or(0).saturating_mul(8);
        for digit in 1..=u32::try_from(digits).unwrap_or(0) {
            let value = word.checked_shr(bits.saturating_sub(digit.saturating_mul(6))).unwrap_or(0) & 63;
            let letter = usize::try_from(value).ok().and_then(|value| DIGITS.get(value));
            text.extend(letter.copied().map(char::from));
        }
    }
    // The first digits hold bits of what stands before.
    let strange = offset.saturating_mul(8).div_ceil(6);
    text.get(strange..).unwrap_or_default().to_owned()
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

    #[test]
    fn base64_is_found_wherever_the_token_stands_in_it() {
        let token = Token::new("s3cret-canary").unwrap();
        for text in
            ["czNjcmV0LWNhbmFyeQ==", "eHMzY3JldC1jYW5hcnk=", "eHhzM2NyZXQtY2FuYXJ5", "QmVhcmVyIHMzY3JldC1jYW5hcnk="]
        {
            let shown = redact(text.as_bytes(), &token).unwrap_or_else(|| panic!("{text} was not seen"));
            // "Bearer " in front of it, and the bits that it shares with what stands beside it, tell nothing.
            assert!(shown.len() < 16, "{}", String::from_utf8_lossy(&shown));
        }
        assert_eq!(redact(b"7333637265742d63616e617279", &token).unwrap(), MASK);
        assert_eq!(redact(b"czNjcm", &token).unwrap(), MASK, "cut at the end of a body");
    }
}
