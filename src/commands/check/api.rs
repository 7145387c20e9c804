//! What the API answers: health, token, page, order, organisations, clock.

use super::{Report, reach};
use crate::clock;
use crate::collect::{self, Client, CollectError, ErrorClass, Fetched, Kind, Options, Retry, Scope, Token};
use crate::commands::pull::Tokens;
use crate::commands::screen::Screen;
use crate::commands::status::{Failure, Status};
use crate::model::{Moment, OrgId, Window};
use crate::profile::Profile;
use std::collections::BTreeSet;
use std::time::Duration;

/// The window looked at first: long enough to fill a page, short enough for every API.
const DAYS: i64 = 30;
const DAY: i64 = 86_400_000_000;
/// Farther apart, in seconds, a window by our clock is not the server's.
const SKEW: i64 = 5;
/// An organisation that nobody has: what is answered for it is not its log.
const NOBODY: &str = "irforensics-check-no-such-organisation";

type Log = (OrgId, BTreeSet<OrgId>);

/// A client that soon gives up: one more try, for whoever waits at a screen wants to know now.
pub(super) fn client(base_url: &str, options: Options) -> Result<Client, Failure> {
    let retry = Retry { attempts: 2, base: Duration::from_millis(300), longest: Duration::from_secs(5) };
    let options = Options { idle: options.idle.min(Duration::from_secs(15)), retry, ..options };
    Client::new(base_url, options).map_err(|error| Failure::usage(error.to_string()))
}

/// Asks, and reports line by line; ends early where nothing further can be asked.
pub(super) fn check(
    report: &mut Report,
    client: &Client,
    profile: &Profile,
    (orgs, tokens): (&[Log], &Tokens),
    screen: &Screen,
) -> Result<(), Failure> {
    let Some(request) = &profile.request else {
        return Err(Failure::usage(format!("the profile {:?} knows no API, only files", profile.name)));
    };
    let (org, aliases) = orgs.first().map_or((None, BTreeSet::new()), |(org, a)| (Some(org.clone()), a.clone()));
    let token = tokens
        .for_log(org.as_ref())
        .ok_or_else(|| Failure::usage("no token for what is asked: give --token-file FILE"))?;
    let now = clock::now();
    let window = Window::new(Some(now.saturating_add(-DAYS * DAY)), Some(now)).unwrap_or_default();
    let mut asker = Asker { client, profile, report, screen };
    if !asker.health(token) {
        return Ok(());
    }
    let scope = Scope { org, aliases, window, limit: request.limit_max, profile, token: token.clone() };
    let Some(first) = asker.first(&scope) else { return Ok(()) };
    asker.page(&first, request.limit_max);
    asker.clock(&first.page);
    asker.organisations(&first.page, &scope, orgs, tokens);
    reach::check(&mut asker, &scope, &first);
    Ok(())
}

/// The first page of a walk.
pub(super) struct First {
    pub(super) page: Fetched,
    /// Whether it is the last too, by whatever the provider's way of paging is.
    pub(super) last: bool,
}

/// Whoever asks, and notes what is found.
pub(super) struct Asker<'a> {
    client: &'a Client,
    profile: &'a Profile,
    pub(super) report: &'a mut Report,
    screen: &'a Screen,
}

impl Asker<'_> {
    /// Whether anything answers at all, by the paths that the profile names.
    fn health(&mut self, token: &Token) -> bool {
        if self.profile.health_paths.is_empty() {
            self.report.good("health", "not asked: the profile names no path for it".to_owned());
        }
        for path in self.profile.health_paths.clone() {
            self.screen.progress(&format!("asking {path}"));
            self.report.requests = self.report.requests.saturating_add(1);
            let probed = self.client.probe(&path, token);
            match (probed.status, probed.failure) {
                (Some(200..=299), None) => self.report.good("health", format!("{path} answers 200")),
                (Some(404), _) => self.report.warn(
                    "health",
                    format!("{path} is not there (status 404)"),
                    "nothing is lost: the log itself is asked next",
                ),
                (Some(status), _) => self.report.warn(
                    "health",
                    format!("{path} answers with status {status}"),
                    "the service may be unwell: a pull may meet errors and will retry",
                ),
                (None, why) => {
                    let why = why.unwrap_or_else(|| "no answer".to_owned());
                    self.report.fail(
                        "health",
                        Status::NothingObtained,
                        format!("{path}: {why}; check the address and the network"),
                    );
                    return false;
                }
            }
        }
        true
    }

    /// The first page of a log; an error is told and ends the checks.
    fn first(&mut self, scope: &Scope<'_>) -> Option<First> {
        match self.ask(scope) {
            Ok(page) => {
                let found = format!("accepted, fingerprint {}", scope.token.fingerprint());
                self.report.good("token", found);
                Some(page)
            }
            Err(error) => {
                let (check, status) = fault(&error);
                self.report.fail(check, status, error.to_string());
                None
            }
        }
    }

    /// One page, or why there is none; counts what is sent.
    pub(super) fn ask(&mut self, scope: &Scope<'_>) -> Result<First, CollectError> {
        let log = scope.org.as_ref().map_or_else(|| "everyone".to_owned(), ToString::to_string);
        self.screen.progress(&format!("asking for the log of {log}"));
        let mut pages = collect::pages(self.client, scope.clone());
        while let Some(next) = pages.next() {
            self.report.requests = self.report.requests.saturating_add(u64::from(next.is_ok()));
            let page = next?;
            if page.kind == Kind::Page {
                return Ok(First { last: pages.walked(), page });
            }
        }
        Err(CollectError::Usage { why: "no page came".to_owned() })
    }

    fn page(&mut self, first: &First, asked: u32) {
        let Some(facts) = &first.page.facts else { return };
        let more = !first.last;
        let events = facts.events;
        match (events >= u64::from(asked), more) {
            (true, _) => self.report.good("page", format!("{events} events a page, as asked")),
            (false, true) => self.report.good(
                "page",
                format!(
                    "the server gives {events} events a page, where {asked} were asked for: more requests, nothing lost"
                ),
            ),
            (false, false) if events == 0 => self.report.warn(
                "page",
                format!("no event in the last {DAYS} days"),
                "check --org; an id that nobody has looks the same as a quiet log",
            ),
            (false, false) => {
                self.report.good("page", format!("{events} events in the last {DAYS} days, all on one page"));
            }
        }
        match (events, facts.descending) {
            (0 | 1, _) => {}
            (_, true) => self.report.good("order", "newest first".to_owned()),
            (_, false) => self.report.warn(
                "order",
                "events are not ordered newest first".to_owned(),
                "a walk that breaks off proves nothing of its window, and is read again from its start",
            ),
        }
        if facts.undecodable > 0 {
            self.report.warn(
                "records",
                format!("{} of {events} do not decode", facts.undecodable),
                "they are kept and quarantined; look with profile test",
            );
        }
        if facts.untimed > 0 {
            self.report.warn(
                "records",
                format!("{} of {events} have no time that the profile can read", facts.untimed),
                "look with profile test",
            );
        }
    }

    fn clock(&mut self, first: &Fetched) {
        let Some(seconds) = first.clock_offset_s() else {
            return self.report.warn("clock", "the server tells no Date".to_owned(), "compare the clocks another way");
        };
        if seconds.saturating_abs() > SKEW {
            self.report.warn(
                "clock",
                format!("the server's clock is {seconds} s off ours"),
                "set the clock, or widen --from and --to by as much",
            );
        } else {
            self.report.good("clock", format!("the server's clock is within {SKEW} s of ours"));
        }
    }

    /// Whether the API gives each organisation's own log and no other.
    fn organisations(&mut self, first: &Fetched, scope: &Scope<'_>, orgs: &[Log], tokens: &Tokens) {
        let Some(org) = &scope.org else {
            let seen = first.facts.as_ref().map_or(0, |facts| facts.log_orgs.len());
            return self
                .report
                .good("organisations", format!("everyone's log: {seen} organisations on the first page"));
        };
        self.told(org, first);
        for (other, aliases) in orgs.iter().skip(1) {
            let Some(token) = tokens.for_log(Some(other)) else {
                self.report.fail("organisations", Status::Usage, format!("no token for {other}"));
                continue;
            };
            let scope =
                Scope { org: Some(other.clone()), aliases: aliases.clone(), token: token.clone(), ..scope.clone() };
            match self.ask(&scope) {
                Ok(first) => self.told(other, &first.page),
                Err(error) => {
                    let (_, status) = fault(&error);
                    self.report.fail("organisations", status, error.to_string());
                }
            }
        }
        let Some(nobody) = OrgId::new(NOBODY) else { return };
        let scope = Scope { org: Some(nobody), aliases: BTreeSet::new(), ..scope.clone() };
        let events = match self.ask(&scope) {
            Ok(first) => first.page.facts.map_or(0, |facts| facts.events),
            // Events of others under the name of nobody: the parameter is ignored.
            Err(CollectError::WrongOrg { .. }) => 1,
            Err(_) => 0,
        };
        if events == 0 {
            self.report.good("organisations", "an organisation that nobody has is given no log".to_owned());
        } else {
            let what = "the API answers with events for an organisation that nobody has: it ignores the parameter; give one token an organisation with --token-file ORG=FILE";
            self.report.fail("organisations", Status::Unauthorised, what.to_owned());
        }
    }

    fn told(&mut self, org: &OrgId, page: &Fetched) {
        let orgless = page.facts.as_ref().map_or(0, |facts| facts.orgless);
        let events = page.facts.as_ref().map_or(0, |facts| facts.events);
        match (events, orgless) {
            (0, _) => {
                self.report.warn("organisations", format!("{org}: no event in the last {DAYS} days"), "check the id");
            }
            (_, 0) => self.report.good("organisations", format!("{org}: every event names it as its log")),
            (_, n) => self.report.warn(
                "organisations",
                format!("{org}: {n} of {events} events do not say whose log they lie in"),
                "nothing shows that they are its own",
            ),
        }
    }
}

/// Which check an error fails, and with which status.
fn fault(error: &CollectError) -> (&'static str, Status) {
    if matches!(error, CollectError::WrongOrg { .. }) {
        return ("organisations", Status::Unauthorised);
    }
    match error.class() {
        ErrorClass::Usage => ("request", Status::Usage),
        ErrorClass::Unauthorised => ("token", Status::Unauthorised),
        ErrorClass::Unreachable | ErrorClass::NotThisApi | ErrorClass::Exhausted => ("log", Status::NothingObtained),
    }
}

/// Days before a moment.
pub(super) fn before(moment: Moment, days: i64) -> Moment {
    moment.saturating_add(days.saturating_mul(DAY).saturating_neg())
}
