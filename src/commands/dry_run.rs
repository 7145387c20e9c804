//! `--dry-run`: what would be asked for and kept; nothing is sent, no folder is made.

use super::facts::Facts;
use super::pull::{self, Tokens};
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, place, tables, token, wire};
use crate::cli::{CollectArgs, CrossOrgArgs, Environment, Output, Source};
use crate::clock;
use crate::collect::{self, Client, Options, Retry, Scope};
use crate::evidence::Case;
use crate::model::{OrgId, Window};
use crate::profile::{self, Profile};
use crate::reconstruct::Knowledge;
use crate::report::escape::json::visible;
use crate::report::escape::terminal::clean;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

/// For `cross-org`, and for `discover`, which asks of everyone.
pub(super) fn question(
    args: &CrossOrgArgs,
    everyone: bool,
    environment: &Environment,
    screen: &Screen,
) -> Result<Status, Failure> {
    ask::check(args)?;
    let mut at = Place::of(&args.source)?;
    let now = clock::now();
    let question = if everyone {
        ask::everyone(args, Knowledge::default(), &mut at.facts, now)?
    } else {
        ask::question(args, Knowledge::default(), &mut at.facts, now)?
    };
    let window = ask::pulled(args, question.window, now)?;
    let orgs = if everyone { Vec::new() } else { ask::logs(&question) };
    at.show(&args.source, (window, orgs, everyone), environment, (&args.output, screen))
}

/// For `collect`.
pub(super) fn collect(args: &CollectArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let window = ask::window_to_pull(&args.from, &args.to, clock::now())?;
    let orgs = ask::named_logs(&args.org, &args.alias)?;
    let at = Place::of(&args.source)?;
    at.show(&args.source, (window, orgs, args.all_orgs), environment, (&args.output, screen))
}

type Asked = (Window, Vec<(OrgId, BTreeSet<OrgId>)>, bool);

/// Where it would be kept, and what is there.
struct Place {
    folder: PathBuf,
    exists: bool,
    facts: Facts,
    profile: Profile,
}

impl Place {
    /// Reads the case, if there is one; writes nothing.
    fn of(source: &Source) -> Result<Self, Failure> {
        if source.base_url.is_none() && source.input.is_empty() {
            return Err(Failure::usage(
                "--dry-run shows what a pull or an import would do: give --base-url or --input",
            ));
        }
        let folder = place::case_folder(source.case.as_deref());
        let exists = folder.join("evidence").is_dir();
        let mut facts = Facts::default();
        if exists {
            let case = Case::open(&folder)?;
            place::check_again(&case, source.again)?;
            facts = Facts::load(&case)?;
        }
        let kept = facts.text("profile");
        let profile = match (source.profile.as_deref(), kept.as_deref()) {
            (Some(name), _) => tables::given_profile(name)?.0,
            (None, Some(kept)) if kept.starts_with("inputs/") => {
                let text = String::from_utf8_lossy(&Case::open(&folder)?.input(kept)?).into_owned();
                profile::load(kept, Some(&text))?
            }
            (None, kept) => profile::load(kept.unwrap_or("native"), None)?,
        };
        Ok(Self { folder, exists, facts, profile })
    }

    fn show(
        &self,
        source: &Source,
        (window, orgs, everyone): Asked,
        environment: &Environment,
        (output, screen): (&Output, &Screen),
    ) -> Result<Status, Failure> {
        let tokens = token::load(source, environment)?;
        let mut requests = Vec::new();
        if let Some(base_url) = &source.base_url {
            let options = wire::options(&source.wire)?;
            pull::check(base_url, &tokens, &options)?;
            let orgs = if everyone { vec![(None, BTreeSet::new())] } else { named(orgs) };
            requests = self.requests(base_url, options, (window, orgs), &tokens)?;
        }
        let inputs = if source.input.is_empty() { Vec::new() } else { place::input_files(&source.input)? };
        let again = source.reading.twice() && !requests.is_empty();
        let plan = Shown { place: self, window, requests, inputs, again };
        screen.result(&if output.json { visible(&plan.json()) } else { plan.text() });
        Ok(Status::Answered)
    }
}

/// The first request of one walk.
struct Request {
    log: String,
    address: String,
    fingerprint: String,
}

/// Organisations whose logs are asked for one by one; none stands for everyone's in one walk.
type Logs = Vec<(Option<OrgId>, BTreeSet<OrgId>)>;

fn named(orgs: Vec<(OrgId, BTreeSet<OrgId>)>) -> Logs {
    orgs.into_iter().map(|(org, aliases)| (Some(org), aliases)).collect()
}

impl Place {
    /// The first request of every walk.
    fn requests(
        &self,
        base_url: &str,
        options: Options,
        (window, logs): (Window, Logs),
        tokens: &Tokens,
    ) -> Result<Vec<Request>, Failure> {
        let request = self.profile.request.as_ref();
        let request = request.ok_or_else(|| {
            Failure::usage(format!("the profile {:?} knows no API, only files: use --input", self.profile.name))
        })?;
        let usage = |error: collect::CollectError| Failure::usage(error.to_string());
        let client = Client::new(base_url, options).map_err(usage)?;
        let one = |(org, aliases): (Option<OrgId>, BTreeSet<OrgId>)| {
            let log = org.as_ref().map_or_else(|| "everyone".to_owned(), OrgId::to_string);
            let token = tokens.for_log(org.as_ref()).cloned();
            let token =
                token.ok_or_else(|| Failure::usage(format!("no token for the log of {log}: give --token-file")))?;
            let fingerprint = token.fingerprint();
            let scope = Scope { org, aliases, window, limit: request.limit_max, profile: &self.profile, token };
            Ok(Request { log, fingerprint, address: collect::pages(&client, scope).address() })
        };
        logs.into_iter().map(one).collect()
    }
}

/// The plan, for the screen or a program.
struct Shown<'p> {
    place: &'p Place,
    window: Window,
    requests: Vec<Request>,
    inputs: Vec<PathBuf>,
    /// Whether all of it is read a second time.
    again: bool,
}

impl Shown<'_> {
    fn json(&self) -> String {
        let request = |r: &Request| json!({ "method": "GET", "url": r.address, "log": r.log, "token_fingerprint": r.fingerprint });
        let all = json!({
            "window": self.window,
            "profile": self.place.profile.name,
            "requests": self.requests.iter().map(request).collect::<Vec<_>>(),
            "page_size": self.page_size(),
            "read_twice": self.again,
            "inputs": self.inputs,
            "case": self.place.folder,
            "new_case": !self.place.exists,
        });
        format!("{all}\n")
    }

    fn page_size(&self) -> Option<u32> {
        self.place.profile.request.as_ref().map(|request| request.limit_max)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| writeln!(text, "{name:<10}{}", clean(value)).unwrap_or_default();
        line("dry run", "nothing is sent, no folder is made");
        line("window", &format!("{} (UTC, half-open)", self.window));
        line("profile", &format!("{}: {}", self.place.profile.name, self.place.profile.title));
        for request in &self.requests {
            line("request", &format!("GET {}", request.address));
            line("", &format!("the log of {}, with the token of fingerprint {}", request.log, request.fingerprint));
        }
        if let (Some(size), false) = (self.page_size(), self.requests.is_empty()) {
            let tries = Retry::default().attempts;
            line(
                "then",
                &format!("page by page, up to {size} events each; a failed request is sent up to {tries} times"),
            );
        }
        if self.again {
            line("", "then all of it once more in other parts, to confirm it; --no-verify-walk leaves that out");
        }
        for input in &self.inputs {
            line("input", &input.display().to_string());
        }
        let new = if self.place.exists { "a further acquisition of" } else { "the new case" };
        line("kept in", &format!("{new} {}", self.place.folder.display()));
        text
    }
}
