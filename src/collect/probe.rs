//! One request outside any walk: does a path answer, and what does a page of an unknown API look like?

use super::client::Client;
use super::exchange::Failure;
use super::redact::{redact, redact_text};
use super::token::Token;
use super::walk::Pages;
use reqwest::header::{AUTHORIZATION, HeaderMap};

/// What came back, free of the token.
#[derive(Clone, Debug)]
pub struct Probed {
    /// HTTP status; none if no answer came.
    pub status: Option<u16>,
    /// The body as received, still content-coded.
    pub body: Vec<u8>,
    /// Why it is missing or not whole.
    pub failure: Option<String>,
}

impl Client {
    /// Asks for a path under the configured address once.
    pub fn probe(&self, path: &str, token: &Token) -> Probed {
        self.probed(&self.endpoint(path), token)
    }

    /// Asks for the configured address itself once, with a query.
    pub fn probe_here(&self, query: Option<&str>, token: &Token) -> Probed {
        let mut url = self.endpoint("");
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        url.set_query(query);
        self.probed(&url, token)
    }

    fn probed(&self, url: &reqwest::Url, token: &Token) -> Probed {
        let headers = token.header("Bearer ").map(|value| HeaderMap::from_iter([(AUTHORIZATION, value)]));
        let answer = self.exchange(url, headers);
        let failure = answer.failure.map(|failure| match failure {
            Failure::Passing(why) | Failure::Lasting(why) => redact_text(&why, token).unwrap_or(why),
        });
        let body = redact(&answer.body, token).unwrap_or(answer.body);
        Probed { status: answer.status, body, failure }
    }
}

impl Pages<'_> {
    /// The address of the next request, without the token; nothing is sent.
    pub fn address(&self) -> String {
        let url = self.url().to_string();
        redact_text(&url, &self.scope.token).unwrap_or(url)
    }
}
