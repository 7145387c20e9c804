//! A pull: every organisation's log in parallel, each body kept before its cursor is used.

mod desk;
mod earlier;
mod further;
mod logs;
mod meter;
mod outcome;

pub(super) use earlier::sealed;
pub(super) use further::Further;
pub(super) use logs::Tokens;

use super::interrupt;
use super::own_token;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::wire;
use crate::clock;
use crate::collect::{self, Client, CollectError, Log, Options, Spread};
use crate::evidence::{self, Asked, Case, Locker, RequestRecord};
use crate::model::{Decoded, Lane, Moment, OrgId, ReadingKind, Window, wide};
use crate::profile::Profile;
use desk::Desk;
use earlier::Earlier;
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
    /// Bounds of a request, and the way to the API.
    pub(super) options: Options,
    /// The question in its own words.
    pub(super) asked: Asked,
}

/// How a pull ended.
pub(super) struct Pulled {
    /// The status that it leads to by itself; `Answered` where nothing is missing.
    pub(super) status: Status,
    /// Pages kept.
    pub(super) pages: u64,
    /// What stopped each walk that did not reach its end.
    pub(super) failures: Vec<String>,
    /// What further readings are held against; none where the acquisition stays open for the same command.
    pub(super) first: Option<First>,
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
    /// Readings of these logs so far.
    pass: u32,
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
    let client = Client::new(plan.base_url, plan.options.clone()).map_err(|error| Failure::usage(error.to_string()))?;
    own_token::each(logs.iter().filter(|log| !log.sample).map(|log| &log.scope))?;
    let begun = clock::now();
    let mut locker = Locker::open(case, &request(&client, plan, how))?;
    let stop = interrupt::listen()?;
    let before = locker.pages();
    let earlier = Earlier::of(&locker, &stop);
    let kept = |lane: &Lane, k: usize| earlier.page(lane, k);
    let spread = Spread { every: plan.every, pass: how.pass, stop: stop.clone(), earlier: Some(&kept) };
    let length =
        how.window.from().zip(how.window.to()).map_or(0, |(from, to)| to.micros().saturating_sub(from.micros()));
    let meter = Meter::new(i128::from(length).saturating_mul(i128::from(wide(logs.len()))));
    let desk = Desk::new(&mut locker, plan.profile, (screen, how.provisional), meter);
    let Desk { lost, mut obtained, meter, .. } = read(&client, logs, &spread, desk)?;
    screen.done();
    earlier.broken()?;
    obtained.extend(earlier.orgs());
    if stop.given() {
        return Err(interrupt::stopped(locker.pages(), "pages", case));
    }
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
    let has_page = |log: usize| logs.get(log).is_some_and(|log| obtained.contains(&log.scope.org));
    let (status, failures) = (outcome::status(&lost, &has_page), outcome::failures(&lost));
    let refused = lost.iter().any(|(_, error, _)| matches!(error, CollectError::TokenRefused { .. }));
    if how.reading == ReadingKind::Single && (pages == 0 || (refused && pages > before)) {
        // Without a seal, the same command goes on where this run stopped.
        return Ok(Pulled { status, pages, failures, first: None });
    }
    let seal = locker.seal(&named, &outcome::gaps(&lost), clock::now())?;
    let first = Some(First { seal, name, walked, pages, window: how.window, begun, pass: how.pass });
    Ok(Pulled { status, pages, failures, first })
}

/// Reads the logs; every message is answered before the walk that sent it goes on: bytes first, cursor second.
fn read<'d>(client: &Client, logs: &[Log<'_>], spread: &Spread<'_>, mut desk: Desk<'d>) -> Result<Desk<'d>, Failure> {
    let (sender, news) = mpsc::channel();
    std::thread::scope(|threads| {
        threads.spawn(move || collect::sweep(client, logs, spread, &sender));
        let kept = desk.run(&news, &spread.stop);
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
pub(super) fn check(base_url: &str, tokens: &Tokens, options: &Options) -> Result<(), Failure> {
    Client::new(base_url, options.clone()).map_err(|error| Failure::usage(error.to_string()))?;
    if !tokens.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "no token: give --token-file FILE, --token-file ORG=FILE, --token-file - (standard input) or \
         IRFORENSICS_TOKEN; it needs the scope that reads the audit log (native: audit:read)",
    ))
}

/// What a pull asks for first of all.
pub(super) fn asks(plan: &Plan<'_>) -> Result<RequestRecord, Failure> {
    let client = Client::new(plan.base_url, plan.options.clone());
    let client = client.map_err(|error| Failure::usage(error.to_string()))?;
    let how = Acquire { reading: ReadingKind::Single, verifies: None, pass: 1, window: plan.window, provisional: None };
    Ok(request(&client, plan, &how))
}

fn request(client: &Client, plan: &Plan<'_>, how: &Acquire<'_>) -> RequestRecord {
    RequestRecord {
        format: evidence::OPEN_FORMAT,
        source: client.base_url().to_owned(),
        orgs: plan.orgs.iter().map(|(org, _)| org.clone()).collect(),
        window: how.window,
        profile: plan.profile.name.clone(),
        token_fingerprints: plan.tokens.fingerprints(),
        way: wire::record(client.way()),
        started_at: clock::now(),
        asked: plan.asked.clone(),
        verifies: how.verifies.clone(),
        reading: Some(how.reading),
        tool_version: env!("CARGO_PKG_VERSION"),
    }
}
