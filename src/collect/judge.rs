//! What an answer is: a page, a reason to ask again, or the end of the walk.

use super::error::{CollectError, Place};
use super::exchange::{Exchange, Failure};
use super::redact::redact;
use super::retry::{header, is_rate_limit, wish};
use super::token::Token;
use crate::profile::Profile;
use crate::wire::{Coding, CodingError, Json, Limits, PageError, PageFacts, decode, excerpt, page_facts};
use std::borrow::Cow;
use std::time::Duration;

/// What to do with an answer.
pub(super) enum Verdict {
    /// A page.
    Page(Box<PageFacts>),
    /// Ask again, after the wait that the server wishes; the error stands if that does not help.
    Again { wish: Option<Duration>, error: CollectError },
    /// The cursor is no longer known; the error stands if the walk cannot begin anew below what it has.
    Expired(CollectError),
    /// Nothing more is to be had.
    Final(CollectError),
}

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) place: &'a Place,
    pub(super) profile: &'a Profile,
    pub(super) token: &'a Token,
    pub(super) limits: Limits,
    /// Whether this API has answered with a page before.
    pub(super) known: bool,
}

impl Asked<'_> {
    /// Judges one answer.
    pub(super) fn judge(&self, answer: &Exchange) -> Verdict {
        match (answer.status, &answer.failure) {
            (None, Some(Failure::Lasting(why))) => Verdict::Final(self.unreachable(why.clone())),
            (None, Some(Failure::Passing(why))) => again(self.unreachable(why.clone())),
            (None, None) => again(self.unreachable("no answer".to_owned())),
            (Some(200), None) => self.page(answer),
            (Some(200), Some(Failure::Passing(why))) => again(self.exhausted(why.clone())),
            (Some(200), Some(Failure::Lasting(why))) => Verdict::Final(self.astray(why.clone())),
            (Some(status), _) => self.refusal(status, answer),
        }
    }

    fn page(&self, answer: &Exchange) -> Verdict {
        let decoded = match body(answer, self.limits) {
            Ok(decoded) => decoded,
            Err(error @ CodingError::Damaged { .. }) => return again(self.exhausted(one_line(&error))),
            Err(error) => return Verdict::Final(self.astray(one_line(&error))),
        };
        // The message quotes the body, so the token goes out of it first.
        let hidden = |error| match redact(&decoded, self.token) {
            Some(shown) => page_facts(&shown, self.profile).err().unwrap_or(error),
            None => error,
        };
        match page_facts(&decoded, self.profile).map_err(hidden) {
            Ok(facts) => Verdict::Page(Box::new(facts)),
            Err(error @ PageError::Broken { .. }) => again(self.exhausted(error.to_string())),
            // In the middle of a walk a proxy may speak for the API once; at its start the address is wrong.
            Err(error @ PageError::NotThisApi { .. }) if self.known => again(self.exhausted(error.to_string())),
            Err(error @ PageError::NotThisApi { .. }) => Verdict::Final(self.not_this_api(error.to_string())),
        }
    }

    fn refusal(&self, status: u16, answer: &Exchange) -> Verdict {
        let said = self.said(answer);
        let why = format!("status {status}{said}");
        match status {
            401 => Verdict::Final(CollectError::TokenRefused { place: self.boxed(), said }),
            403 if is_rate_limit(&answer.headers) || said.to_ascii_lowercase().contains("rate limit") => {
                Verdict::Again { wish: wish(&answer.headers), error: self.exhausted(format!("{why}, a rate limit")) }
            }
            403 => Verdict::Final(self.forbidden(said, answer)),
            408 | 425 | 429 | 500..=599 => Verdict::Again { wish: wish(&answer.headers), error: self.exhausted(why) },
            300..=399 => {
                let to = header(&answer.headers, "location").unwrap_or_default();
                let to = excerpt(to.as_bytes(), 100);
                Verdict::Final(self.not_this_api(format!("redirects to {to} (status {status}), which is not followed")))
            }
            400 | 404 | 410 if self.place.cursor.is_some() => Verdict::Expired(self.astray(why)),
            _ if self.known => Verdict::Final(self.astray(why)),
            _ => Verdict::Final(self.not_this_api(why)),
        }
    }

    fn forbidden(&self, said: String, answer: &Exchange) -> CollectError {
        let named = body(answer, self.limits).ok().and_then(|bytes| {
            let json = Json::parse(&bytes).ok()?;
            json.get("error")?.get("required")?.scalar()
        });
        let usual = self.profile.request.as_ref().map(|request| request.scope.clone()).unwrap_or_default();
        let scope =
            excerpt(named.filter(|_| redact(said.as_bytes(), self.token).is_none()).unwrap_or(usual).as_bytes(), 60);
        CollectError::ScopeMissing { place: self.boxed(), scope, said }
    }

    /// What the server says beside its status, with a leading colon; empty if nothing.
    fn said(&self, answer: &Exchange) -> String {
        let decoded = body(answer, self.limits).unwrap_or(Cow::Borrowed(&answer.body));
        let shown = redact(&decoded, self.token).map_or(decoded, Cow::Owned);
        let trimmed = shown.trim_ascii();
        let json = Json::parse(trimmed).ok();
        let text = json.as_ref().and_then(message);
        match (text, trimmed) {
            (Some(text), _) => format!(": {}", excerpt(text.as_bytes(), 120)),
            (None, []) => String::new(),
            (None, [b'<', ..]) => ": an HTML page".to_owned(),
            (None, other) => format!(": {}", excerpt(other, 120)),
        }
    }

    fn boxed(&self) -> Box<Place> {
        Box::new(self.place.clone())
    }

    fn unreachable(&self, why: String) -> CollectError {
        CollectError::Unreachable { place: self.boxed(), why, attempts: 1 }
    }

    fn exhausted(&self, why: String) -> CollectError {
        CollectError::Exhausted { place: self.boxed(), why, attempts: 1 }
    }

    fn not_this_api(&self, why: String) -> CollectError {
        CollectError::NotThisApi { place: self.boxed(), why }
    }

    fn astray(&self, why: String) -> CollectError {
        CollectError::Astray { place: self.boxed(), why }
    }
}

/// The body as its header says that it is coded.
pub(super) fn body(answer: &Exchange, limits: Limits) -> Result<Cow<'_, [u8]>, CodingError> {
    let coding = Coding::from_header(header(&answer.headers, "content-encoding").unwrap_or_default())?;
    decode(&answer.body, coding, limits)
}

fn again(error: CollectError) -> Verdict {
    Verdict::Again { wish: None, error }
}

fn one_line(error: &CodingError) -> String {
    excerpt(error.to_string().as_bytes(), 200)
}

/// The sentence in the usual shapes of an error body.
fn message(json: &Json) -> Option<String> {
    let error = json.get("error");
    let inner = error.and_then(|error| error.get("message").or_else(|| error.get("code")));
    inner.or(error).and_then(Json::scalar).or_else(|| json.get("message").and_then(Json::scalar))
}
