//! One walk among many: it waits for its turn, hands over what comes, and says how it ended.

use super::cuts::{self, SoFar};
use super::error::CollectError;
use super::fetched::{Fetched, KeptPage, Kind, Progress};
use super::fleet::{Group, Log, News};
use super::pace::Fared;
use super::queue::{End, Job};
use super::retry::wish;
use super::walk::{Pages, Scope, State, pages};
use crate::model::{Lane, Window};
use std::sync::mpsc::{Sender, sync_channel};
use std::time::Duration;

/// One walk under way.
pub(super) struct Walker<'w> {
    pub(super) group: &'w Group<'w>,
    pub(super) log: &'w Log<'w>,
    pub(super) news: &'w Sender<News>,
}

impl Walker<'_> {
    /// Walks to an end of one kind or another.
    pub(super) fn walk(&self, job: &mut Job) -> End {
        let client = if job.depth == 0 { self.group.client } else { &self.group.probing };
        let scope = Scope { window: job.window, ..self.log.scope.clone() };
        let lane = Lane::new(scope.org.as_ref(), job.window, self.group.spread.pass);
        let listener = |progress: Progress| drop(self.news.send(News::Told(progress)));
        let mut pages = pages(client, scope).with_progress(&listener);
        let mut status = None;
        if let Some(end) = self.take_up(job, &lane, &mut pages) {
            return end;
        }
        loop {
            let next = match self.next(&mut pages) {
                Ok(next) => next,
                Err(end) => return *end,
            };
            match next {
                None => {
                    drop(self.news.send(News::Walked(lane)));
                    return End::Whole;
                }
                Some(Err(_)) if self.log.sample => return End::Whole,
                Some(Err(error)) => {
                    let too_wide = pages.taken == 0 && matches!(status, Some(400 | 413 | 414 | 422 | 431));
                    return failed(&pages, error, too_wide);
                }
                Some(Ok(fetched)) => {
                    status = fetched.status;
                    let page = fetched.kind == Kind::Page;
                    if !self.keep(&lane, fetched) {
                        return End::Stopped;
                    }
                    if page && self.log.sample {
                        return End::Whole;
                    }
                    if page {
                        self.group.queue.page(job);
                        if let Some(parts) = pages.cut() {
                            return End::Cut(parts);
                        }
                    }
                }
            }
        }
    }

    /// Leads a walk to where an earlier run left it; gives its end, if it had one.
    fn take_up(&self, job: &mut Job, lane: &Lane, pages: &mut Pages<'_>) -> Option<End> {
        let earlier = self.group.spread.earlier?;
        for kept in (0..).map_while(|k| earlier(lane, k)) {
            let page = KeptPage { url: &kept.url, headers: &kept.headers, body: &kept.body };
            if let Err(error) = pages.replay(&page) {
                return Some(failed(pages, error, false));
            }
            if self.log.sample {
                return Some(End::Whole);
            }
            self.group.queue.page(job);
            if let Some(parts) = pages.cut() {
                return Some(End::Cut(parts));
            }
        }
        None
    }

    /// The next answer, when its turn has come.
    fn next(&self, pages: &mut Pages<'_>) -> Result<Option<Result<Fetched, CollectError>>, Box<End>> {
        let stop = &self.group.spread.stop;
        if !pages.asks() {
            return Ok(pages.next());
        }
        let wait = pages.take_wait();
        // An outage is waited for no longer; with a token that was refused nothing more is asked at all.
        let down = self.group.queue.down();
        let ends = |error: &CollectError| wait.is_some() || matches!(error, CollectError::TokenRefused { .. });
        if let Some(error) = down.filter(ends) {
            return Err(Box::new(failed(pages, error, false)));
        }
        if let Some((wait, reason)) = wait {
            let org = self.log.scope.org.clone();
            drop(self.news.send(News::Told(Progress::Waiting { org, wait, reason })));
            stop.nap(wait);
        }
        let leave = self.group.pace.enter(stop).ok_or_else(|| Box::new(End::Stopped))?;
        let next = pages.next();
        let fared = next.as_ref().map_or(Fared::Neither, |next| self.fared(next));
        self.group.pace.done(&leave, fared);
        Ok(next)
    }

    fn fared(&self, next: &Result<Fetched, CollectError>) -> Fared {
        match next {
            Ok(fetched) if fetched.kind == Kind::Page => Fared::Well,
            Ok(Fetched { status: None | Some(403 | 408 | 425 | 429 | 500..=599), headers, .. }) => {
                let longest = self.group.client.options.retry.longest;
                Fared::Strained { wish: wish(headers).map(|wish| wish.min(longest)) }
            }
            Ok(_) | Err(_) => Fared::Neither,
        }
    }

    /// Hands an answer over and waits for the word that it is safe; false where nobody keeps anything any more.
    fn keep(&self, lane: &Lane, fetched: Fetched) -> bool {
        let (safe, word) = sync_channel(1);
        let news = News::Fetched { lane: lane.clone(), fetched: Box::new(fetched), safe };
        self.news.send(news).is_ok() && word.recv().is_ok()
    }
}

/// The end of a walk at an error; a narrower window could help with what it has not come to, with nothing else.
fn failed(pages: &Pages<'_>, error: CollectError, too_wide: bool) -> End {
    let why = error.to_string();
    let (unread, gaps) = pages.gaps(&error).into_iter().partition(|gap| gap.reason == why);
    End::Failed { error, unread, gaps, too_wide }
}

/// What whoever runs many walks must see of each.
impl Pages<'_> {
    /// Whether the next call sends a request.
    fn asks(&self) -> bool {
        matches!(self.state, State::Ask { .. })
    }

    /// Takes the wait before the next request, if one is due: it is then waited for elsewhere.
    fn take_wait(&mut self) -> Option<(Duration, String)> {
        match &mut self.state {
            State::Ask { wait, .. } => wait.take(),
            State::Fail(_) | State::Done { .. } => None,
        }
    }

    /// The parts in which the unread rest is better read, if the walk is to end here for that.
    fn cut(&self) -> Option<Vec<Window>> {
        let course = self.course.as_ref().filter(|course| self.asks() && course.gaps().is_empty())?;
        let unit = cuts::unit(self.scope.profile.request.as_ref()?)?;
        match course.unread().as_slice() {
            [left] => cuts::rest(SoFar {
                window: self.scope.window,
                left: *left,
                pages: self.taken,
                events: self.records,
                unit,
            }),
            _ => None,
        }
    }
}
