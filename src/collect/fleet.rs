//! Many walks at once: every log, in parts where it is long, at the pace that each credential bears.

use super::client::Client;
use super::cuts::{self, SoFar};
use super::error::CollectError;
use super::fetched::{Fetched, KeptPage, Kind, Progress};
use super::pace::{Fared, MOST, Pace, Rate};
use super::queue::{End, Job, Queue};
use super::retry::wish;
use super::stop::Stop;
use super::token::Token;
use super::walk::{Pages, Scope, State, pages};
use crate::model::{Gap, Lane, Window};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, sync_channel};
use std::time::Duration;

/// How many attempts a page gets that is asked for only to find out which part of a window cannot be read.
const PROBE_ATTEMPTS: u32 = 2;

/// A page that an earlier run of the same pull kept, with all that is needed to take it up again.
#[derive(Clone, Debug, Default)]
pub struct KeptBody {
    /// Path and query as they were sent.
    pub url: String,
    /// Headers as received.
    pub headers: Vec<(String, String)>,
    /// The body as received, still content-coded.
    pub body: Vec<u8>,
}

/// Gives the k-th page, from 0, that an earlier run kept of a lane; none behind the last.
pub type Earlier<'e> = dyn Fn(&Lane, usize) -> Option<KeptBody> + Sync + 'e;

/// How a pull is spread over time.
#[derive(Clone)]
pub struct Spread<'e> {
    /// Least time between two requests of the whole run.
    pub every: Option<Duration>,
    /// 1 for the first reading of a window, 2 for the one that checks it.
    pub pass: u32,
    /// The word that ends the run early.
    pub stop: Stop,
    /// What an earlier run kept, where this one goes on with it.
    pub earlier: Option<&'e Earlier<'e>>,
}

/// One log to be read.
#[derive(Clone, Debug)]
pub struct Log<'a> {
    /// Whose log, how, with which credential.
    pub scope: Scope<'a>,
    /// The parts of the window that are walked on their own from the start: one, if nothing speaks for more.
    pub parts: Vec<Window>,
}

/// What is heard of a pull while it runs.
#[derive(Debug)]
pub enum News {
    /// An answer to be kept; the walk goes on once the word comes that it is safe.
    Fetched {
        /// The walk.
        lane: Lane,
        /// The answer.
        fetched: Box<Fetched>,
        /// Where the word is given.
        safe: SyncSender<()>,
    },
    /// How the walk goes.
    Told(Progress),
    /// A walk reached the end of its part.
    Walked(Lane),
    /// A part of a log that stays unread.
    Lost {
        /// Which of the logs, in the order given.
        log: usize,
        /// Why.
        error: CollectError,
        /// What exactly.
        gap: Gap,
    },
}

/// Reads logs until nothing is left to be asked for; every answer goes to `news` before it is used.
///
/// Returns at once when nobody hears the news any more, and after the pages in hand when the word to stop is given.
pub fn sweep(client: &Client, logs: &[Log<'_>], spread: &Spread<'_>, news: &Sender<News>) {
    let rate = spread.every.map(|every| Arc::new(Rate::new(every)));
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, log) in logs.iter().enumerate() {
        groups.entry(Token::fingerprint(&log.scope.token)).or_default().push(index);
    }
    std::thread::scope(|threads| {
        for members in groups.into_values() {
            let group = Group::new(client, logs, &members, spread, Pace::new(rate.clone()));
            let group = Arc::new(group);
            for _ in 0..MOST {
                let (group, news) = (Arc::clone(&group), news.clone());
                threads.spawn(move || group.work(&news));
            }
        }
    });
}

/// The logs that one credential reads.
struct Group<'g> {
    client: &'g Client,
    probing: Client,
    logs: &'g [Log<'g>],
    spread: &'g Spread<'g>,
    pace: Pace,
    queue: Queue,
}

impl<'g> Group<'g> {
    fn new(client: &'g Client, logs: &'g [Log<'g>], members: &[usize], spread: &'g Spread<'g>, pace: Pace) -> Self {
        let queue = Queue::default();
        for index in members {
            let parts = logs.get(*index).map_or(&[][..], |log| &log.parts);
            queue.fill(parts.iter().map(|part| Job::first(*index, *part)));
        }
        let mut probing = client.clone();
        probing.options.retry.attempts = probing.options.retry.attempts.min(PROBE_ATTEMPTS);
        Self { client, probing, logs, spread, pace, queue }
    }

    fn work(&self, news: &Sender<News>) {
        let _alarm = Alarm(self);
        while let Some(mut job) = self.queue.take() {
            let Some(log) = self.logs.get(job.log) else { return };
            let end = Walker { group: self, log, news }.walk(&mut job);
            for (index, error, gap) in self.queue.ended(&job, end) {
                let log_org = self.logs.get(index).and_then(|log| log.scope.org.clone());
                let lost = News::Lost { log: index, error, gap: Gap { log_org, ..gap } };
                if news.send(lost).is_err() {
                    return;
                }
            }
        }
    }
}

/// Ends the run when a walk panics: the others would wait for it for ever.
struct Alarm<'a>(&'a Group<'a>);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.spread.stop.give();
            self.0.queue.stop();
        }
    }
}

/// One walk under way.
struct Walker<'w> {
    group: &'w Group<'w>,
    log: &'w Log<'w>,
    news: &'w Sender<News>,
}

impl Walker<'_> {
    fn walk(&self, job: &mut Job) -> End {
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
                Err(end) => return end,
            };
            match next {
                None => {
                    drop(self.news.send(News::Walked(lane)));
                    return End::Whole;
                }
                Some(Err(error)) => {
                    let gap = pages.gap(&error);
                    let too_wide = pages.count() == 0 && matches!(status, Some(400 | 413 | 414 | 422 | 431));
                    return End::Failed { error, gap, too_wide };
                }
                Some(Ok(fetched)) => {
                    status = fetched.status;
                    let page = fetched.kind == Kind::Page;
                    if !self.keep(&lane, fetched) {
                        return End::Stopped;
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
                let gap = pages.gap(&error);
                return Some(End::Failed { error, gap, too_wide: false });
            }
            self.group.queue.page(job);
            if let Some(parts) = pages.cut() {
                return Some(End::Cut(parts));
            }
        }
        None
    }

    /// The next answer, when its turn has come.
    fn next(&self, pages: &mut Pages<'_>) -> Result<Option<Result<Fetched, CollectError>>, End> {
        let stop = &self.group.spread.stop;
        if !pages.asks() {
            return Ok(pages.next());
        }
        if let Some((wait, reason)) = pages.take_wait() {
            if let Some(error) = self.group.queue.down() {
                let gap = pages.gap(&error);
                return Err(End::Failed { error, gap, too_wide: false });
            }
            let org = self.log.scope.org.clone();
            drop(self.news.send(News::Told(Progress::Waiting { org, wait, reason })));
            stop.nap(wait);
        }
        let leave = self.group.pace.enter(stop).ok_or(End::Stopped)?;
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
        let far =
            SoFar { window: self.window, pages: self.taken, events: self.records, proven: self.guard.proven_from() };
        if self.asks() { cuts::rest(far) } else { None }
    }
}
