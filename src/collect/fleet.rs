//! Many walks at once: every log, in parts where it is long, at the pace that each credential bears.

use super::client::Client;
use super::cuts;
use super::error::CollectError;
use super::fetched::{Fetched, Progress};
use super::pace::{MOST, Pace, Rate};
use super::queue::{Job, Queue};
use super::stop::Stop;
use super::token::Token;
use super::walk::Scope;
use super::walker::Walker;
use crate::model::{Gap, Lane, Window};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender};
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
    /// Whether one page of it is enough, and none at all no loss: a sample to hold something against.
    pub sample: bool,
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
pub(super) struct Group<'g> {
    pub(super) client: &'g Client,
    pub(super) probing: Client,
    logs: &'g [Log<'g>],
    pub(super) spread: &'g Spread<'g>,
    pub(super) pace: Pace,
    pub(super) queue: Queue,
}

impl<'g> Group<'g> {
    fn new(client: &'g Client, logs: &'g [Log<'g>], members: &[usize], spread: &'g Spread<'g>, pace: Pace) -> Self {
        let request = members.first().and_then(|index| logs.get(*index)?.scope.profile.request.as_ref());
        let queue = Queue::cutting_at(request.and_then(cuts::unit));
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
