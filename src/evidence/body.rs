//! A received body, and what is written beside it.

use super::EvidenceError;
use super::journal::{self, Entry};
use crate::model::Moment;
use serde::Serialize;

/// A body as it came, with what is known about it.
#[derive(Clone, Debug, Default)]
pub struct Body<'b> {
    /// Wire bytes, still content-coded.
    pub bytes: &'b [u8],
    /// Why this is only an attempt: a failed or partial answer. None for a page.
    pub attempt: Option<String>,
    /// The walk that it belongs to, [`crate::model::Lane`] as text; empty for a file.
    pub lane: String,
    /// Whose log was asked for.
    pub org: String,
    /// Path and query of the request, without any secret.
    pub url: String,
    /// Status of the response.
    pub status: u16,
    /// Headers of the response.
    pub headers: Vec<(String, String)>,
    /// Cursor asked with.
    pub cursor_in: String,
    /// Cursor to the next page.
    pub cursor_out: String,
    /// Records counted on the way in.
    pub events: Option<u64>,
    /// Earliest and latest time seen.
    pub times: (Option<Moment>, Option<Moment>),
    /// When it was received.
    pub at: Option<Moment>,
    /// Whether token bytes were replaced.
    pub redacted: bool,
    /// Whether the body, which is kept as it came, holds the token.
    pub echoes_token: bool,
}

impl Body<'_> {
    /// Its journal line, without a place in the chain.
    pub(super) fn entry(&self, path: String, (sha256, length): (String, u64), head_sha256: String) -> Entry {
        let time = |moment: Option<Moment>| moment.map(|m| m.to_string()).unwrap_or_default();
        Entry {
            kind: if self.attempt.is_some() { journal::ATTEMPT } else { journal::PAGE }.to_owned(),
            lane: self.lane.clone(),
            path,
            sha256,
            length,
            head_sha256,
            org: self.org.clone(),
            cursor_in: self.cursor_in.clone(),
            cursor_out: self.cursor_out.clone(),
            events: self.events,
            min_time: time(self.times.0),
            max_time: time(self.times.1),
            at: time(self.at),
            redacted: self.redacted,
            ..Entry::default()
        }
    }
}

/// Where the head of a body lies.
pub(super) fn head_path(body: &str) -> String {
    body.replace(".body", ".head")
}

/// What is kept beside a body.
#[derive(Serialize)]
pub(super) struct Head<'b> {
    url: &'b str,
    status: u16,
    headers: &'b [(String, String)],
    attempt: Option<&'b str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    echoes_token: bool,
}

impl<'b> Head<'b> {
    /// The head of a body.
    pub(super) fn of(body: &'b Body<'_>) -> Self {
        Self {
            url: &body.url,
            status: body.status,
            headers: &body.headers,
            attempt: body.attempt.as_deref(),
            echoes_token: body.echoes_token,
        }
    }
}

/// A file of our own, for people too.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>, EvidenceError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| EvidenceError::Internal(error.to_string()))?;
    text.push(b'\n');
    Ok(text)
}
