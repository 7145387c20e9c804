//! A pull: every organisation's log in parallel, each body kept before its cursor is used.

mod desk;
mod logs;
mod outcome;

pub(super) use logs::Tokens;

use super::screen::Screen;
use super::status::{Failure, Status};
use crate::clock;
use crate::collect::{self, Client, Log, Spread, Stop};
use crate::evidence::{Case, Locker, RequestRecord};
use crate::model::{Decoded, OrgId, Window};
use crate::profile::Profile;
use desk::{Desk, Lost, Obtained};
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
}

/// Pulls and seals; `provisional` turns what was read so far into a line for the screen.
pub(super) fn run(
    case: &Case,
    plan: &Plan<'_>,
    screen: &Screen,
    provisional: &dyn Fn(&Decoded) -> String,
) -> Result<Pulled, Failure> {
    let client =
        Client::new(plan.base_url, collect::Options::default()).map_err(|error| Failure::usage(error.to_string()))?;
    let logs = logs::of(plan)?;
    let mut locker = Locker::create(case, &request(plan, &client))?;
    let spread = Spread { every: plan.every, pass: 1, stop: Stop::default(), earlier: None };
    let (lost, obtained) = read(&client, &logs, &spread, Desk::new(&mut locker, plan, screen, provisional))?;
    screen.done();
    let whole = |log: &usize| !lost.iter().any(|(of, _, _)| of == log);
    let walked = (0..logs.len()).filter(whole).filter_map(|log| logs.get(log));
    let mut walked: Vec<Option<OrgId>> = walked.map(|log| log.scope.org.clone()).collect();
    if walked.contains(&None) {
        locker.walked_everyone();
    }
    walked.sort();
    let walked: Vec<OrgId> = walked.into_iter().flatten().collect();
    let pages = locker.pages();
    locker.seal(&walked, &outcome::gaps(&lost), clock::now())?;
    let has_page = |log: usize| logs.get(log).is_some_and(|log| obtained.contains(&log.scope.org));
    Ok(Pulled { status: outcome::status(&lost, &has_page), pages, failures: outcome::failures(&lost) })
}

/// Reads the logs; every message is answered before the walk that sent it goes on: bytes first, cursor second.
fn read(
    client: &Client,
    logs: &[Log<'_>],
    spread: &Spread<'_>,
    mut desk: Desk<'_>,
) -> Result<(Vec<Lost>, Obtained), Failure> {
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
    Ok((desk.lost, desk.obtained))
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

fn request(plan: &Plan<'_>, client: &Client) -> RequestRecord {
    RequestRecord {
        source: client.base_url().to_owned(),
        orgs: plan.orgs.iter().map(|(org, _)| org.clone()).collect(),
        window: plan.window,
        profile: plan.profile.name.clone(),
        token_fingerprints: plan.tokens.fingerprints(),
        started_at: clock::now(),
        tool_version: env!("CARGO_PKG_VERSION"),
    }
}
