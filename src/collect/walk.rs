//! The walk through one organisation's log, one page at a time.

use super::client::Client;
use super::course::Course;
use super::error::{CollectError, Place};
use super::fetched::{Fetched, Progress};
use super::step::target;
use super::token::Token;
use crate::model::{Gap, OrgId, Window};
use crate::profile::{OrgIn, Profile};
use crate::wire::excerpt;
use std::collections::BTreeSet;
use std::time::Duration;

/// What to read: one organisation's log, or everyone's, over one window.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// Whose log; none asks for every organisation's, which takes a platform token.
    pub org: Option<OrgId>,
    /// Other ids under which events of the same organisation may come.
    pub aliases: BTreeSet<OrgId>,
    /// The window; both ends are required.
    pub window: Window,
    /// Events wished for on a page; the profile's limit holds.
    pub limit: u32,
    /// How the API is asked.
    pub profile: &'a Profile,
    /// The credential.
    pub token: Token,
}

type Listener<'a> = dyn Fn(Progress) + Send + Sync + 'a;

/// The pages of a log, fetched as they are taken; see [`pages`].
pub struct Pages<'a> {
    pub(super) client: &'a Client,
    pub(super) scope: Scope<'a>,
    listener: Option<&'a Listener<'a>>,
    pub(super) place: Place,
    /// None where the profile describes no API; then nothing is ever asked.
    pub(super) course: Option<Course<'a>>,
    pub(super) taken: u64,
    pub(super) records: u64,
    pub(super) state: State,
}

/// What the next call does.
#[derive(Debug)]
pub(super) enum State {
    Ask { attempt: u32, wait: Option<(Duration, String)> },
    Fail(CollectError),
    Done { whole: bool },
}

/// Reads a log page by page: an iterator that fetches when asked.
///
/// Every answer is yielded, failed attempts included, before anything that it says is used: store it, then go on.
/// After an error nothing follows; [`Pages::gap`] then tells what was not read.
pub fn pages<'a>(client: &'a Client, scope: Scope<'a>) -> Pages<'a> {
    let path = scope.profile.request.as_ref().map_or("", |request| request.path.as_str());
    let base = client.endpoint(path).to_string();
    let place = Place { base: excerpt(base.as_bytes(), 200), org: scope.org.clone(), page: 0, cursor: None };
    let state = match usable(&scope) {
        Ok(()) => State::Ask { attempt: 1, wait: None },
        Err(why) => State::Fail(CollectError::Usage { why }),
    };
    let course = scope.profile.request.as_ref().map(|request| Course::new(request, scope.window, scope.limit));
    Pages { client, scope, listener: None, place, course, taken: 0, records: 0, state }
}

fn usable(scope: &Scope<'_>) -> Result<(), String> {
    let Some(request) = &scope.profile.request else {
        return Err(format!("profile {:?} describes no API; use --input", scope.profile.name));
    };
    if scope.org.is_none() && !matches!(request.org, OrgIn::Parameter(_)) {
        return Err(format!(
            "profile {:?} reads one organisation's log at a time: name the organisations",
            scope.profile.name
        ));
    }
    // A dot segment would lead to another path.
    if request.org == OrgIn::Path && scope.org.as_ref().is_some_and(|org| [".", ".."].contains(&org.as_str())) {
        return Err("an organisation of this name cannot stand in a path".to_owned());
    }
    if scope.window.from().is_none() || scope.window.to().is_none() {
        return Err("--from and --to are both required to read from an API".to_owned());
    }
    Ok(())
}

impl<'a> Pages<'a> {
    /// Tells a listener of every page and every wait.
    #[must_use]
    pub fn with_progress(mut self, listener: &'a Listener<'a>) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Whether the last page was reached, so that the whole window was read.
    pub fn walked(&self) -> bool {
        matches!(self.state, State::Done { whole: true })
    }

    /// Pages received so far.
    pub fn count(&self) -> u64 {
        self.taken
    }

    /// The parts of the window that the pages so far do not prove, and why; `why` is what ended the walk.
    pub fn gaps(&self, why: &CollectError) -> Vec<Gap> {
        let gap = |window: &Window, reason: String| Gap {
            log_org: self.scope.org.clone(),
            from: window.from(),
            to: window.to(),
            reason,
        };
        let Some(course) = &self.course else { return vec![gap(&self.scope.window, why.to_string())] };
        let mut gaps: Vec<Gap> = course.gaps().iter().map(|(window, why)| gap(window, why.clone())).collect();
        // A walk that came to its end has left nothing unread but its gaps.
        if !matches!(why, CollectError::Partial { .. }) {
            gaps.extend(course.unread().iter().map(|window| gap(window, why.to_string())));
        }
        gaps.sort();
        gaps
    }

    /// One window around everything that the pages so far do not prove.
    pub fn gap(&self, why: &CollectError) -> Gap {
        let gaps = self.gaps(why);
        let from = gaps.iter().map(|gap| gap.from).min().unwrap_or(self.scope.window.from());
        // An end that is open is the latest of all.
        let open = gaps.iter().any(|gap| gap.to.is_none());
        let to = gaps.iter().filter_map(|gap| gap.to).max().filter(|_| !open);
        Gap { log_org: self.scope.org.clone(), from, to, reason: why.to_string() }
    }

    /// What the pages so far showed of the server that is neither an error nor a gap: a sentence each.
    pub fn remarks(&self) -> Vec<String> {
        self.course.as_ref().map(Course::remarks).unwrap_or_default()
    }

    /// Path and query of the next request, as they would be sent; the token never stands in them.
    pub fn next_target(&self) -> Option<String> {
        matches!(self.state, State::Ask { .. }).then(|| target(&self.url()))
    }

    fn tell(&self, progress: Progress) {
        if let Some(listener) = self.listener {
            listener(progress);
        }
    }
}

impl Iterator for Pages<'_> {
    type Item = Result<Fetched, CollectError>;

    fn next(&mut self) -> Option<Self::Item> {
        match std::mem::replace(&mut self.state, State::Done { whole: false }) {
            State::Ask { attempt, wait } => {
                if let Some((wait, reason)) = wait {
                    self.tell(Progress::Waiting { org: self.scope.org.clone(), wait, reason });
                    std::thread::sleep(wait);
                }
                let before = self.taken;
                let fetched = self.ask(attempt);
                if self.taken > before {
                    self.tell(Progress::Page { org: self.scope.org.clone(), pages: self.taken, events: self.records });
                }
                Some(Ok(fetched))
            }
            State::Fail(error) => Some(Err(error)),
            State::Done { whole } => {
                self.state = State::Done { whole };
                None
            }
        }
    }
}

impl std::iter::FusedIterator for Pages<'_> {}
