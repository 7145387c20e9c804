//! Where bodies are kept, one after the other, and progress is told.

use super::super::screen::Screen;
use super::meter::Meter;
use crate::collect::{CollectError, Fetched, Kind, News, Progress, Stop};
use crate::evidence::{Body, EvidenceError, Locker};
use crate::model::{Decoded, Gap, Lane, OrgId};
use crate::normalize;
use crate::profile::Profile;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender};

/// A part of a log that stays unread: which log, why, what.
pub(super) type Lost = (usize, CollectError, Gap);

/// Organisations of which a page was kept; none stands for everyone.
pub(super) type Obtained = BTreeSet<Option<OrgId>>;

/// What was read so far, in words for the screen.
pub(super) type Words<'w> = dyn Fn(&Decoded) -> String + 'w;

/// The one place that writes while many walks read.
pub(super) struct Desk<'d> {
    pub(super) locker: &'d mut Locker,
    pub(super) profile: &'d Profile,
    pub(super) screen: &'d Screen,
    pub(super) provisional: Option<&'d Words<'d>>,
    pub(super) decoded: Decoded,
    pub(super) lost: Vec<Lost>,
    pub(super) obtained: Obtained,
    pub(super) meter: Meter,
}

impl<'d> Desk<'d> {
    pub(super) fn new(
        locker: &'d mut Locker,
        profile: &'d Profile,
        (screen, provisional): (&'d Screen, Option<&'d Words<'d>>),
        meter: Meter,
    ) -> Self {
        let (decoded, lost, obtained) = Default::default();
        Self { locker, profile, screen, provisional, decoded, lost, obtained, meter }
    }

    /// Takes what comes until every walk has ended; bodies that wait together share their flushes.
    pub(super) fn run(&mut self, news: &Receiver<News>, stop: &Stop) -> Result<(), EvidenceError> {
        let mut told = false;
        while let Ok(first) = news.recv() {
            let waiting: Vec<News> = std::iter::once(first).chain(news.try_iter()).collect();
            let mut numbers = self.keep(&waiting)?.into_iter();
            for message in waiting {
                self.take(message, &mut numbers);
            }
            if stop.given() && !told {
                told = true;
                self.screen.note("stopping after the pages in hand; once more stops at once");
            }
        }
        Ok(())
    }

    /// Bodies are on disk before the walks that brought them go on: bytes first, cursor second.
    fn keep(&mut self, waiting: &[News]) -> Result<Vec<u32>, EvidenceError> {
        let (bodies, words): (Vec<_>, Vec<_>) = waiting.iter().filter_map(brought).unzip();
        if bodies.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = self.locker.keep_all(&bodies)?;
        for safe in words {
            if safe.send(()).is_err() {
                // The walk ended meanwhile; nobody waits for the word.
            }
        }
        Ok(numbers)
    }

    /// Takes note of one message; what it brought is kept.
    fn take(&mut self, news: News, numbers: &mut impl Iterator<Item = u32>) {
        match news {
            News::Fetched { lane, fetched, safe: _ } => {
                let page = numbers.next().unwrap_or(0);
                if fetched.echoes_token {
                    self.screen.warn(&format!(
                        "page {page} holds the token itself, and is kept as it came: replace the token, and think before the case leaves the house"
                    ));
                }
                if fetched.kind == Kind::Page {
                    self.meter.page(&lane, &fetched);
                    self.obtained.insert(lane.org);
                    if self.screen.shows_progress() {
                        self.read(&fetched, page);
                    }
                } else {
                    self.meter.attempt();
                }
            }
            News::Told(Progress::Waiting { org, wait, reason }) => {
                let org = org.map_or_else(|| "everyone".to_owned(), |org| org.to_string());
                let safe = || self.meter.line();
                let seconds = wait.as_secs_f32();
                self.screen.progress_with(|| format!("log of {org}: {reason}; waiting {seconds:.1} s; {}", safe()));
            }
            News::Told(Progress::Page { .. }) => {}
            News::Walked(lane) => self.meter.walked(&lane),
            News::Lost { log, error, gap } => self.lost.push((log, error, gap)),
        }
    }

    /// Reads a kept page for the provisional answer; the final one reads the evidence again.
    fn read(&mut self, fetched: &Fetched, page: u32) {
        let Some(provisional) = self.provisional else {
            return self.screen.progress_with(|| format!("read again to confirm: {}", self.meter.line()));
        };
        let coding = fetched.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
        let coding = Some(coding.map_or("", |(_, value)| value.as_str()));
        let place = normalize::Place { acquisition: self.locker.number(), page, file: "" };
        let part = normalize::body(&fetched.body, coding, place, self.profile);
        self.decoded = normalize::join(std::mem::take(&mut self.decoded), part);
        self.screen.progress_with(|| format!("{}; {}", provisional(&self.decoded), self.meter.line()));
    }
}

/// The body that a message brings, and where the word is given that it is safe.
fn brought(news: &News) -> Option<(Body<'_>, SyncSender<()>)> {
    match news {
        News::Fetched { lane, fetched, safe } => Some((body(lane, fetched), safe.clone())),
        News::Told(_) | News::Walked(_) | News::Lost { .. } => None,
    }
}

fn body<'f>(lane: &Lane, fetched: &'f Fetched) -> Body<'f> {
    let facts = fetched.facts.as_ref();
    Body {
        lane: lane.to_string(),
        bytes: &fetched.body,
        attempt: match &fetched.kind {
            Kind::Page => None,
            Kind::Attempt { reason } => Some(reason.clone()),
        },
        org: fetched.org.as_ref().map(ToString::to_string).unwrap_or_default(),
        url: fetched.url.clone(),
        status: fetched.status.unwrap_or(0),
        headers: fetched.headers.clone(),
        cursor_in: fetched.cursor_in.clone().unwrap_or_default(),
        cursor_out: fetched.cursor_out.clone().unwrap_or_default(),
        events: facts.map(|facts| facts.events),
        times: facts.map_or((None, None), |facts| (facts.min_time, facts.max_time)),
        at: Some(fetched.at),
        redacted: fetched.redacted,
        echoes_token: fetched.echoes_token,
    }
}
