//! A pull: every organisation's log in parallel, each body kept before its cursor is used.

mod desk;
mod further;
mod logs;
mod meter;
mod outcome;

pub(super) use further::Further;
pub(super) use logs::Tokens;

use super::screen::Screen;
use super::status::{Failure, Status};
use crate::clock;
use crate::collect::{self, Client, Log, Spread, Stop};
use crate::evidence::{Case, Locker, RequestRecord};
use crate::model::{Decoded, Moment, OrgId, ReadingKind, Window, wide};
use crate::profile::Profile;
use desk::Desk;
use meter::Meter;
use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::Duration;

/// What to pull.
pub(super) struct Plan<'p> {
    pub(super) base_url: &'p str,
    pub(super) profile: &'p Profile,
    pub(super) window: Window,
    /// Organisations whose logs are walked, with the other ids that their events may carry.
    pub(super) orgs: Vec<(OrgId, BTreeSet<OrgId>)>,
    /// Whether everyone's log is read in one walk instead.
    pub(super) everyone: bool,
    pub(super) tokens: Tokens,
    /// Least time between two requests.
    pub(super) every: Option<Duration>,
}

/// How a pull ended.
pub(super) struct Pulled {
    /// The status that it leads to by itself; `Answered` where nothing is missing.
    pub(super) status: Status,
    /// Pages kept.
    pub(super) pages: u64,
    /// What stopped each walk that did not reach its end.
    pub(super) failures: Vec<String>,
    /// What further readings are held against.
    pub(super) first: First,
}

/// An acquisition as further readings of the same logs need to know it.
pub(super) struct First {
    /// SHA-256 of its seal.
    seal: String,
    name: String,
    /// Logs that it walked to their end; none stands for everyone's.
    walked: Vec<Option<OrgId>>,
    pages: u64,
    window: Window,
    begun: Moment,
}

/// Which reading an acquisition is, and what is said while it is made.
struct Acquire<'a> {
    reading: ReadingKind,
    /// SHA-256 of the seal of the acquisition that is read again.
    verifies: Option<String>,
    pass: u32,
    window: Window,
    /// Turns what was read so far into words; none where nobody waits for them.
    provisional: Option<&'a dyn Fn(&Decoded) -> String>,
}

/// Pulls and seals; `provisional` turns what was read so far into a line for the screen.
pub(super) fn run(
    case: &Case,
    plan: &Plan<'_>,
    screen: &Screen,
    provisional: &dyn Fn(&Decoded) -> String,
) -> Result<Pulled, Failure> {
    let logs = logs::of(plan)?;
    let (verifies, provisional) = (None, Some(provisional));
    let first = Acquire { reading: ReadingKind::Single, verifies, pass: 1, window: plan.window, provisional };
    acquire(case, plan, &logs, &first, screen)
}

/// One acquisition: reads the logs, keeps what comes, seals it.
fn acquire(
    case: &Case,
    plan: &Plan<'_>,
    logs: &[Log<'_>],
    how: &Acquire<'_>,
    screen: &Screen,
) -> Result<Pulled, Failure> {
    let client =
        Client::new(plan.base_url, collect::Options::default()).map_err(|error| Failure::usage(error.to_string()))?;
    let begun = clock::now();
    let mut locker = Locker::create(case, &request(plan, &client, how))?;
    let spread = Spread { every: plan.every, pass: how.pass, stop: Stop::default(), earlier: None };
    let length =
        how.window.from().zip(how.window.to()).map_or(0, |(from, to)| to.micros().saturating_sub(from.micros()));
    let meter = Meter::new(i128::from(length).saturating_mul(i128::from(wide(logs.len()))));
    let desk = Desk::new(&mut locker, plan.profile, (screen, how.provisional), meter);
    let Desk { lost, obtained, meter, .. } = read(&client, logs, &spread, desk)?;
    screen.done();
    if let Some(offset) = meter.skew() {
        screen.note(&format!(
            "warning: the server's clock is {offset} s ahead of this machine's: the window counts by the server's, check --from and --to"
        ));
    }
    locker.clock_offset(meter.skew());
    let whole = |log: &usize| !lost.iter().any(|(of, _, _)| of == log);
    let walked = (0..logs.len()).filter(whole).filter_map(|log| logs.get(log)).filter(|log| !log.sample);
    let mut walked: Vec<Option<OrgId>> = walked.map(|log| log.scope.org.clone()).collect();
    if walked.contains(&None) {
        locker.walked_everyone();
    }
    walked.sort();
    let named: Vec<OrgId> = walked.iter().flatten().cloned().collect();
    let (pages, name) = (locker.pages(), format!("acq-{:04}", locker.number()));
    let seal = locker.seal(&named, &outcome::gaps(&lost), clock::now())?;
    let has_page = |log: usize| logs.get(log).is_some_and(|log| obtained.contains(&log.scope.org));
    let status = outcome::status(&lost, &has_page);
    let first = First { seal, name, walked, pages, window: how.window, begun };
    Ok(Pulled { status, pages, failures: outcome::failures(&lost), first })
}

/// Reads the logs; every message is answered before the walk that sent it goes on: bytes first, cursor second.
fn read<'d>(client: &Client, logs: &[Log<'_>], spread: &Spread<'_>, mut desk: Desk<'d>) -> Result<Desk<'d>, Failure> {
    let (sender, news) = mpsc::channel();
    std::thread::scope(|threads| {
        threads.spawn(move || collect::sweep(client, logs, spread, &sender));
        let kept = news.iter().try_for_each(|message| desk.take(message));
        if kept.is_err() {
            // Whoever waits for a turn need not wait to the end.
            spread.stop.give();
        }
        drop(news);
        kept
    })?;
    Ok(desk)
}

/// Refuses what no pull can begin with, before a case folder is made.
pub(super) fn check(base_url: &str, tokens: &Tokens) -> Result<(), Failure> {
    Client::new(base_url, collect::Options::default()).map_err(|error| Failure::usage(error.to_string()))?;
    if !tokens.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "no token: give --token-file FILE, --token-file ORG=FILE, --token-file - (standard input) or \
         IRFORENSICS_TOKEN; it needs the scope that reads the audit log (native: audit:read)",
    ))
}

fn request(plan: &Plan<'_>, client: &Client, how: &Acquire<'_>) -> RequestRecord {
    RequestRecord {
        source: client.base_url().to_owned(),
        orgs: plan.orgs.iter().map(|(org, _)| org.clone()).collect(),
        window: how.window,
        profile: plan.profile.name.clone(),
        token_fingerprints: plan.tokens.fingerprints(),
        started_at: clock::now(),
        verifies: how.verifies.clone(),
        reading: Some(how.reading),
        tool_version: env!("CARGO_PKG_VERSION"),
    }
}
