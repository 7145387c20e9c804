//! What came off the wire, ready to be kept.

use crate::model::{Moment, OrgId};
use crate::wire::PageFacts;
use std::time::Duration;

/// One answer of the server, or what is left of one.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// A page, or a failed attempt at one.
    pub kind: Kind,
    /// Whose log was asked for; none means every organisation's.
    pub org: Option<OrgId>,
    /// Number of the page within this walk, from 1; attempts carry the number of the page they were for.
    pub page: u64,
    /// Path and query as sent; the token never stands in them.
    pub url: String,
    /// The cursor asked with.
    pub cursor_in: Option<String>,
    /// The cursor of the next page.
    pub cursor_out: Option<String>,
    /// HTTP status; none if no answer came.
    pub status: Option<u16>,
    /// Headers in the order received.
    pub headers: Vec<(String, String)>,
    /// The body as received, still content-coded; partial where the attempt says so.
    pub body: Vec<u8>,
    /// When the request was sent.
    pub at: Moment,
    /// What the page says of itself; none for attempts.
    pub facts: Option<PageFacts>,
    /// Whether token bytes were replaced in the headers or, for an attempt, in the body.
    pub redacted: bool,
    /// Whether a page's body, which is never altered, holds the token.
    pub echoes_token: bool,
}

/// A page that an earlier run of the same walk received and kept.
#[derive(Clone, Copy, Debug)]
pub struct KeptPage<'k> {
    /// Path and query as they were sent: [`Fetched::url`].
    pub url: &'k str,
    /// Headers as received.
    pub headers: &'k [(String, String)],
    /// The body as received, still content-coded.
    pub body: &'k [u8],
}

/// What an answer is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page of the log.
    Page,
    /// Evidence of a failed attempt.
    Attempt {
        /// Why it failed, in one line.
        reason: String,
    },
}

impl Fetched {
    /// Records on the page that do not decode.
    pub fn undecodable(&self) -> u64 {
        self.facts.as_ref().map_or(0, |facts| facts.undecodable)
    }
}

/// What a walk tells while it goes on.
#[derive(Clone, Debug)]
pub enum Progress {
    /// A page was received.
    Page {
        /// Whose log.
        org: Option<OrgId>,
        /// Pages so far.
        pages: u64,
        /// Records so far.
        events: u64,
    },
    /// The walk waits before asking again.
    Waiting {
        /// Whose log.
        org: Option<OrgId>,
        /// How long.
        wait: Duration,
        /// Why.
        reason: String,
    },
}
