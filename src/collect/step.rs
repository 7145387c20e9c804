//! One step of a walk: ask, judge, decide what comes next.

use super::address::Asking;
use super::course::{Course, Turn};
use super::error::CollectError;
use super::exchange::Exchange;
use super::fetched::{Fetched, Kind};
use super::guard::strangers;
use super::judge::{Asked, Verdict, body};
use super::link::settle;
use super::position::Position;
use super::redact::{redact, redact_text};
use super::token::Token;
use super::walk::{Pages, State};
use crate::wire::{Coding, Limits, Next, PageFacts, decode, excerpt};
use reqwest::Url;
use std::time::Duration;

impl Pages<'_> {
    /// Asks for the next page once; afterwards `state` says what the next call does.
    pub(super) fn ask(&mut self, attempt: u32) -> Fetched {
        let url = self.url();
        let headers = self.asking().and_then(|asking| asking.headers(&self.scope.token));
        self.place.page = self.taken.saturating_add(1);
        let mut answer = self.client.exchange(&url, headers);
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
        if let Some(asking) = self.asking() {
            settle(&mut facts, &answer.headers, asking.request, &asking.endpoint());
        }
        let place = || Box::new(self.place.clone());
        if let (Some(seen), Some(org)) = (strangers(&facts, &self.scope), &self.scope.org) {
            let asked = excerpt(org.as_str().as_bytes(), 60);
            return Verdict::Final(CollectError::WrongOrg { place: place(), asked, seen });
        }
        if facts.next_cursor().is_some_and(|cursor| redact(cursor.as_bytes(), token).is_some()) {
            // Sent back, it would stand in an address and in every journal.
            facts.next = Next::Unusable("holds the token".to_owned());
        }
        // Read once more before it is believed; the second time the page is kept, and the walk ends.
        if attempt == 1 && self.client.options.retry.attempts > 1 {
            let full = facts.events >= u64::from(self.course.as_ref().map_or(u32::MAX, Course::limit));
            let why = match &facts.next {
                Next::Unusable(why) => Some(format!("the member that leads to the next page {why}")),
                Next::End if facts.end_unsaid && full => Some("a full page does not say how it goes on".to_owned()),
                Next::End | Next::Cursor(_) | Next::Url(_) | Next::Header | Next::Unsaid => None,
            };
            if let Some(why) = why {
                return Verdict::Again {
                    wish: None,
                    error: CollectError::Exhausted { place: place(), why, attempts: 1 },
                };
            }
        }
        Verdict::Page(facts)
    }

    fn take(&mut self, facts: PageFacts, fetched: &mut Fetched) {
        self.advance(&facts);
        if matches!(self.state, State::Ask { .. }) {
            fetched.cursor_out.clone_from(&self.place.cursor);
        }
        fetched.facts = Some(facts);
    }

    /// Goes on by one page; what the walk does next depends on the pages taken and on nothing else.
    pub(super) fn advance(&mut self, facts: &PageFacts) {
        self.taken = self.taken.saturating_add(1);
        self.records = self.records.saturating_add(facts.events);
        let Some(course) = &mut self.course else { return };
        let place = || Box::new(self.place.clone());
        self.state = match course.take(facts) {
            Turn::Ask => State::Ask { attempt: 1, wait: None },
            Turn::Done => match course.gaps() {
                [] => State::Done { whole: true },
                [(window, why), more @ ..] => State::Fail(CollectError::Partial {
                    place: place(),
                    why: format!("{window} was not read whole: {why}"),
                    more: more.len(),
                }),
            },
            Turn::Stop(why) => State::Fail(CollectError::Astray { place: place(), why }),
        };
        self.mark_place();
    }

    /// Says in every later message where the walk stands.
    fn mark_place(&mut self) {
        let request = self.scope.profile.request.as_ref();
        if let (Some(course), Some(request), State::Ask { .. }) = (&self.course, request, &self.state) {
            self.place.cursor = match course.position() {
                Position::Start => None,
                position @ (Position::Cursor(_) | Position::Count(_)) => position.text(&request.page),
            };
        }
    }

    fn once_more(&self, attempt: u32, wish: Option<Duration>, error: CollectError) -> State {
        let retry = self.client.options.retry;
        if attempt >= retry.attempts {
            return State::Fail(error.after(attempt));
        }
        let wait = Some((retry.wait(attempt, wish), error.cause()));
        State::Ask { attempt: attempt.saturating_add(1), wait }
    }

    /// The cursor is no longer known: begins anew below what was read, if there is a way.
    pub(super) fn anew(&mut self, error: CollectError) -> State {
        if !self.course.as_mut().is_some_and(Course::expired) {
            return State::Fail(error);
        }
        self.place.cursor = None;
        State::Ask { attempt: 1, wait: None }
    }

    /// What is asked for next; none where the profile describes no API.
    pub(super) fn asking(&self) -> Option<Asking<'_>> {
        let (request, course) = (self.scope.profile.request.as_ref()?, self.course.as_ref()?);
        Some(Asking {
            client: self.client,
            request,
            org: self.scope.org.as_ref(),
            window: course.window(),
            limit: course.limit(),
            position: course.position(),
        })
    }

    /// The address that is asked next.
    pub(super) fn url(&self) -> Url {
        // `pages` refuses a profile without an API before anything is asked.
        self.asking().map_or_else(|| self.client.endpoint(""), |asking| asking.url())
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
