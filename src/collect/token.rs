//! The bearer token: usable once, as a header, and never printable.

use super::redact::Spellings;
use crate::model::hex;
use reqwest::header::HeaderValue;
use sha2::{Digest, Sha256};

/// A bearer token; it prints as `***` and cannot be serialised.
#[derive(Clone)]
pub struct Token {
    text: String,
    spellings: Spellings,
}

/// Why a text is no token. The text itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing is there.
    #[error("the token is empty")]
    Empty,
    /// It cannot stand in a header.
    #[error("the token holds a space, a control character or a character outside ASCII; is it the right file?")]
    Unusable,
}

impl Token {
    /// Takes a token as read from a file, a pipe or the environment; space around it is dropped.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Unusable);
        }
        let spellings = Spellings::of(text).ok_or(TokenError::Unusable)?;
        Ok(Self { text: text.to_owned(), spellings })
    }

    /// First 12 hex digits of the token's SHA-256: names the credential without revealing it.
    pub fn fingerprint(&self) -> String {
        hex(Sha256::digest(self.text.as_bytes()).get(..6).unwrap_or_default())
    }

    /// The value of the header that carries it, marked sensitive; none if what stands before it cannot be sent.
    pub(super) fn header(&self, before: &str) -> Option<HeaderValue> {
        let mut header = HeaderValue::from_str(&format!("{before}{}", self.text)).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// What answers are searched for.
    pub(super) fn spellings(&self) -> &Spellings {
        &self.spellings
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
