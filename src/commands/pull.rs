//! A pull: every organisation's log in parallel, each body kept before its cursor is used.

use super::screen::Screen;
use super::status::{Failure, Status};
use crate::clock;
use crate::collect::{self, Client, CollectError, ErrorClass, Fetched, Kind, Progress, Scope, Token};
use crate::evidence::{Body, Case, EvidenceError, Locker, RequestRecord};
use crate::model::{Decoded, Gap, OrgId, Window};
use crate::normalize;
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;

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
}

/// One token for all, or one an organisation.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    pub(super) common: Option<Token>,
    pub(super) by_org: BTreeMap<String, Token>,
}

impl Tokens {
    /// The token for a log; everyone's takes the common one.
    pub(super) fn for_log(&self, org: Option<&OrgId>) -> Option<&Token> {
        org.map_or(self.common.as_ref(), |org| self.of(org))
    }

    fn of(&self, org: &OrgId) -> Option<&Token> {
        self.by_org.get(org.as_str()).or(self.common.as_ref())
    }

    fn fingerprints(&self) -> Vec<String> {
        let all: BTreeSet<String> = self.common.iter().chain(self.by_org.values()).map(Token::fingerprint).collect();
        all.into_iter().collect()
    }
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

enum News {
    Fetched(Box<Fetched>, mpsc::SyncSender<()>),
    Told(Progress),
    Ended { org: Option<OrgId>, outcome: Result<(), (CollectError, Gap)> },
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
    let walks = scopes(plan)?;
    let mut locker = Locker::create(case, &request(plan, &client))?;
    let (sender, news) = mpsc::channel();
    let mut desk =
        Desk { locker: &mut locker, plan, screen, provisional, decoded: Decoded::default(), ended: Vec::new() };
    let kept = std::thread::scope(|threads| {
        for (org, scope) in walks {
            let (client, sender) = (&client, sender.clone());
            threads.spawn(move || walk(client, org, scope, &sender));
        }
        drop(sender);
        // Every message is answered before the walk that sent it goes on: bytes first, cursor second.
        news.iter().try_for_each(|message| desk.take(message))
    });
    let ended = std::mem::take(&mut desk.ended);
    kept?;
    screen.done();
    let whole = || ended.iter().filter(|(_, r)| r.is_ok());
    let walked: Vec<OrgId> = whole().filter_map(|(org, _)| org.clone()).collect();
    if whole().any(|(org, _)| org.is_none()) {
        locker.walked_everyone();
    }
    let mut gaps: Vec<Gap> = ended.iter().filter_map(|(_, r)| r.as_ref().err().map(|(_, gap)| gap.clone())).collect();
    gaps.sort();
    let pages = locker.pages();
    locker.seal(&sorted(walked), &gaps, clock::now())?;
    Ok(outcome(pages, &ended))
}

/// Refuses what no pull can begin with, before a case folder is made.
pub(super) fn check(base_url: &str, tokens: &Tokens) -> Result<(), Failure> {
    Client::new(base_url, collect::Options::default()).map_err(|error| Failure::usage(error.to_string()))?;
    if tokens.common.is_some() || !tokens.by_org.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "no token: give --token-file FILE, --token-file ORG=FILE, --token-file - (standard input) or \
         IRFORENSICS_TOKEN; it needs the scope that reads the audit log (native: audit:read)",
    ))
}

fn scopes<'p>(plan: &'p Plan<'_>) -> Result<Vec<(Option<OrgId>, Scope<'p>)>, Failure> {
    let request = plan.profile.request.as_ref();
    let request = request.ok_or_else(|| {
        Failure::usage(format!("the profile {:?} knows no API, only files: use --input", plan.profile.name))
    })?;
    let scope = |(org, aliases): &(OrgId, BTreeSet<OrgId>)| {
        let missing = || {
            Failure::usage(format!(
                "no token for {org}: give --token-file FILE, --token-file {org}=FILE, --token-file - (standard input) or IRFORENSICS_TOKEN; it needs the scope {}",
                request.scope
            ))
        };
        let token = plan.tokens.of(org).ok_or_else(missing)?.clone();
        let scope = Scope {
            org: Some(org.clone()),
            aliases: aliases.clone(),
            window: plan.window,
            limit: request.limit_max,
            profile: plan.profile,
            token,
        };
        Ok((Some(org.clone()), scope))
    };
    if plan.everyone {
        let missing = || {
            Failure::usage(
                "everyone's log takes one platform token: give --token-file FILE, --token-file - (standard input) or IRFORENSICS_TOKEN",
            )
        };
        let token = plan.tokens.common.clone().ok_or_else(missing)?;
        let (aliases, limit) = (BTreeSet::new(), request.limit_max);
        return Ok(vec![(
            None,
            Scope { org: None, aliases, window: plan.window, limit, profile: plan.profile, token },
        )]);
    }
    plan.orgs.iter().map(scope).collect()
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

/// One walk in its own thread; it waits for the word that a body is safe before it goes on.
fn walk(client: &Client, org: Option<OrgId>, scope: Scope<'_>, news: &mpsc::Sender<News>) {
    let listener = |progress: Progress| tell(news, News::Told(progress));
    let mut pages = collect::pages(client, scope).with_progress(&listener);
    let mut outcome = Ok(());
    while let Some(next) = pages.next() {
        match next {
            Ok(fetched) => {
                let (safe, wait) = mpsc::sync_channel(0);
                // Where nobody keeps bodies any more, the walk has no reason to go on.
                if news.send(News::Fetched(Box::new(fetched), safe)).is_err() || wait.recv().is_err() {
                    return;
                }
            }
            Err(error) => {
                let gap = pages.gap(&error);
                outcome = Err((error, gap));
                break;
            }
        }
    }
    tell(news, News::Ended { org, outcome });
}

/// Tells the desk; where it has closed, its own error ends the run.
fn tell(news: &mpsc::Sender<News>, message: News) {
    if news.send(message).is_err() {
        // Nobody reads any more.
    }
}

type Ended = (Option<OrgId>, Result<(), (CollectError, Gap)>);

/// Where bodies are kept, one after the other.
struct Desk<'d> {
    locker: &'d mut Locker,
    plan: &'d Plan<'d>,
    screen: &'d Screen,
    provisional: &'d dyn Fn(&Decoded) -> String,
    decoded: Decoded,
    ended: Vec<Ended>,
}

impl Desk<'_> {
    fn take(&mut self, news: News) -> Result<(), EvidenceError> {
        match news {
            News::Fetched(fetched, safe) => {
                let page = keep(self.locker, &fetched)?;
                if safe.send(()).is_err() {
                    // The walk ended meanwhile; nobody waits for the word.
                }
                if fetched.kind == Kind::Page && self.screen.shows_progress() {
                    self.read(&fetched, page);
                }
            }
            News::Told(Progress::Waiting { org, wait, reason }) => {
                let org = org.map_or_else(|| "everyone".to_owned(), |org| org.to_string());
                self.screen.progress(&format!("log of {org}: {reason}; waiting {:.1} s", wait.as_secs_f32()));
            }
            News::Told(Progress::Page { .. }) => {}
            News::Ended { org, outcome } => self.ended.push((org, outcome)),
        }
        Ok(())
    }

    /// Reads a kept page for the provisional answer; the final one reads the evidence again.
    fn read(&mut self, fetched: &Fetched, page: u32) {
        let coding = fetched.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
        let coding = Some(coding.map_or("", |(_, value)| value.as_str()));
        let place = normalize::Place { acquisition: self.locker.number(), page, file: "" };
        let part = normalize::body(&fetched.body, coding, place, self.plan.profile);
        self.decoded = normalize::join(std::mem::take(&mut self.decoded), part);
        self.screen.progress_with(|| (self.provisional)(&self.decoded));
    }
}

fn keep(locker: &mut Locker, fetched: &Fetched) -> Result<u32, EvidenceError> {
    let facts = fetched.facts.as_ref();
    locker.keep(&Body {
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
    })
}

fn outcome(pages: u64, ended: &[Ended]) -> Pulled {
    let errors = || ended.iter().filter_map(|(_, result)| result.as_ref().err());
    let status = errors().fold(Status::Answered, |status, (error, _)| {
        status.and(match error.class() {
            ErrorClass::Usage => Status::Usage,
            ErrorClass::Unauthorised => Status::Unauthorised,
            // A page of this log was kept before the walk broke off: a gap, not nothing.
            _ if error.place().is_some_and(|place| place.page > 1) => Status::LowerBound,
            ErrorClass::Unreachable | ErrorClass::NotThisApi | ErrorClass::Exhausted => Status::NothingObtained,
        })
    });
    Pulled { status, pages, failures: errors().map(|(error, _)| error.to_string()).collect() }
}

fn sorted(mut orgs: Vec<OrgId>) -> Vec<OrgId> {
    orgs.sort();
    orgs
}
