//! One step of a walk: ask, judge, decide what comes next.

use super::error::CollectError;
use super::exchange::Exchange;
use super::fetched::{Fetched, Kind};
use super::guard::strangers;
use super::judge::{Asked, Verdict, body};
use super::redact::{redact, redact_text};
use super::token::Token;
use super::walk::{Pages, State};
use crate::model::Window;
use crate::wire::{Coding, Limits, Next, PageFacts, decode, excerpt};
use reqwest::Url;
use std::time::Duration;

impl Pages<'_> {
    /// Asks for the next page once; afterwards `state` says what the next call does.
    pub(super) fn ask(&mut self, attempt: u32) -> Fetched {
        let url = self.url();
        self.place.page = self.taken.saturating_add(1);
        let mut answer = self.client.exchange(&url, &self.scope.token);
        let redacted = hide_headers(&mut answer, &self.scope.token);
        let verdict = self.judge(&answer, attempt);
        let limits = self.client.options.limits;
        let echoes = body(&answer, limits).is_ok_and(|decoded| redact(&decoded, &self.scope.token).is_some());
        let mut fetched = self.fetched(&url, answer);
        fetched.redacted = redacted;
        let error = match verdict {
            Verdict::Page(facts) => {
                fetched.echoes_token = echoes;
                self.take(*facts, &mut fetched);
                return fetched;
            }
            Verdict::Again { wish, error } => {
                let cause = error.cause();
                self.state = self.once_more(attempt, wish, error);
                cause
            }
            Verdict::Expired(error) => {
                let cause = error.cause();
                self.state = self.anew(error);
                cause
            }
            Verdict::Final(error) => {
                let cause = error.cause();
                self.state = State::Fail(error.after(attempt));
                cause
            }
        };
        fetched.kind = Kind::Attempt { reason: error };
        hide_body(&mut fetched, &self.scope.token, limits);
        fetched
    }

    fn judge(&self, answer: &Exchange, attempt: u32) -> Verdict {
        let (token, profile) = (&self.scope.token, self.scope.profile);
        let limits = self.client.options.limits;
        let asked = Asked { place: &self.place, profile, token, limits, known: self.taken > 0 };
        let mut facts = match asked.judge(answer) {
            Verdict::Page(facts) => facts,
            other @ (Verdict::Again { .. } | Verdict::Expired(_) | Verdict::Final(_)) => return other,
        };
        let place = || Box::new(self.place.clone());
        if let (Some(seen), Some(org)) = (strangers(&facts, &self.scope), &self.scope.org) {
            let asked = excerpt(org.as_str().as_bytes(), 60);
            return Verdict::Final(CollectError::WrongOrg { place: place(), asked, seen });
        }
        if facts.next_cursor().is_some_and(|cursor| redact(cursor.as_bytes(), token).is_some()) {
            // Sent back, it would stand in an address and in every journal.
            facts.next = Next::Unusable("holds the token".to_owned());
        }
        match &facts.next {
            // Read once more before it is believed; the second time the page is kept and the walk ends.
            Next::Unusable(why) if attempt == 1 && self.client.options.retry.attempts > 1 => {
                let why = format!("the member that leads to the next page {why}");
                Verdict::Again { wish: None, error: CollectError::Exhausted { place: place(), why, attempts: 1 } }
            }
            Next::Unusable(_) | Next::End | Next::Cursor(_) => Verdict::Page(facts),
        }
    }

    fn take(&mut self, facts: PageFacts, fetched: &mut Fetched) {
        fetched.cursor_out = facts.next_cursor().map(str::to_owned);
        self.advance(&facts);
        fetched.facts = Some(facts);
    }

    /// Goes on by one page; what the walk does next depends on the pages taken and on nothing else.
    pub(super) fn advance(&mut self, facts: &PageFacts) {
        self.taken = self.taken.saturating_add(1);
        self.records = self.records.saturating_add(facts.events);
        self.state = match (self.guard.admit(facts, self.window), &facts.next) {
            (Err(why), _) => State::Fail(CollectError::Astray { place: Box::new(self.place.clone()), why }),
            (Ok(()), Next::Cursor(cursor)) => {
                self.place.cursor = Some(cursor.clone());
                State::Ask { attempt: 1, wait: None }
            }
            (Ok(()), Next::End | Next::Unusable(_)) => State::Done { whole: true },
        };
    }

    fn once_more(&self, attempt: u32, wish: Option<Duration>, error: CollectError) -> State {
        let retry = self.client.options.retry;
        if attempt >= retry.attempts {
            return State::Fail(error.after(attempt));
        }
        let wait = Some((retry.wait(attempt, wish), error.cause()));
        State::Ask { attempt: attempt.saturating_add(1), wait }
    }

    /// Begins anew below what was read, if the order of the pages proves how far that is.
    pub(super) fn anew(&mut self, error: CollectError) -> State {
        let lower = self.guard.proven_from().filter(|proven| self.restarted_at.is_none_or(|last| *proven < last));
        match lower.and_then(|proven| Window::new(self.scope.window.from(), Some(proven)).zip(Some(proven))) {
            Some((window, proven)) => {
                self.window = window;
                self.restarted_at = Some(proven);
                self.place.cursor = None;
                State::Ask { attempt: 1, wait: None }
            }
            None => State::Fail(error),
        }
    }

    fn fetched(&self, url: &Url, answer: Exchange) -> Fetched {
        let Exchange { at, status, headers, body, failure: _ } = answer;
        Fetched {
            kind: Kind::Page,
            org: self.scope.org.clone(),
            page: self.place.page,
            url: target(url),
            cursor_in: self.place.cursor.clone(),
            cursor_out: None,
            status,
            headers,
            body,
            at,
            facts: None,
            redacted: false,
            echoes_token: false,
        }
    }

    /// Built anew from the configured address each time: a cursor is a parameter and never a place to go to.
    pub(super) fn url(&self) -> Url {
        let Some(request) = &self.scope.profile.request else {
            // `pages` refuses such a profile before anything is asked.
            return self.client.endpoint("");
        };
        let mut url = self.client.endpoint(&request.path);
        let mut query = url.query_pairs_mut();
        if let Some(org) = &self.scope.org {
            query.append_pair(&request.org, org.as_str());
        }
        for (name, end) in [(&request.from, self.window.from()), (&request.to, self.window.to())] {
            if let Some(end) = end {
                query.append_pair(name, &end.to_string());
            }
        }
        let limit = self.scope.limit.clamp(1, request.limit_max.max(1));
        query.append_pair(&request.limit, &limit.to_string());
        if let Some(cursor) = &self.place.cursor {
            query.append_pair(&request.cursor, cursor);
        }
        drop(query);
        url
    }
}

/// Path and query, as they stand on the request line.
pub(super) fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn hide_headers(answer: &mut Exchange, token: &Token) -> bool {
    let mut hidden = false;
    for (_, value) in &mut answer.headers {
        if let Some(shown) = redact_text(value, token) {
            *value = shown;
            hidden = true;
        }
    }
    hidden
}

/// Takes the token out of the body of a failed attempt, undoing its coding where the token lies beneath it.
fn hide_body(fetched: &mut Fetched, token: &Token, limits: Limits) {
    let coded = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-encoding");
    let coding = fetched.headers.iter().find(|header| coded(header)).map(|(_, coding)| coding.as_str());
    let decoded = coding.map(|name| decode(&fetched.body, Coding::from_header(name)?, limits));
    // Undone first: replaced in the coded bytes, which may hold it plainly, it would leave them undecodable.
    let beneath = decoded.and_then(Result::ok).and_then(|decoded| redact(&decoded, token));
    if beneath.is_some() {
        fetched.headers.retain(|header| !coded(header));
    }
    if let Some(shown) = beneath.or_else(|| redact(&fetched.body, token)) {
        fetched.body = shown;
        fetched.redacted = true;
    }
}
