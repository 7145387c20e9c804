//! `check`: everything that can go wrong with a pull, before it does; one screen, few requests.

mod api;
mod reach;

use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, place, pull, tables, token, wire};
use crate::cli::{CheckArgs, Environment};
use crate::evidence::free_bytes;
use crate::profile;
use crate::report::escape::json::visible;
use crate::report::escape::terminal::clean;
use serde::Serialize;
use std::fmt::Write;

/// Less than this is soon full: a million events are about one gigabyte, kept as received.
const LITTLE_ROOM: u64 = 2 << 30;

/// Runs the verb.
pub(super) fn run(args: &CheckArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let Some(base_url) = args.source.base_url.as_deref() else {
        return Err(Failure::usage("check asks an API: give --base-url"));
    };
    let tokens = token::load(&args.source, environment)?;
    let options = wire::options(&args.source.wire)?;
    pull::check(base_url, &tokens, &options)?;
    let profile = match args.source.profile.as_deref() {
        Some(name) => tables::given_profile(name)?.0,
        None => profile::load("native", None)?,
    };
    let orgs = ask::named_logs(&args.org, &[])?;
    let mut report = Report::default();
    let client = api::client(base_url, options)?;
    api::check(&mut report, &client, &profile, (&orgs, &tokens), screen)?;
    room(&mut report, args);
    screen.done();
    screen.result(&if args.output.json { visible(&report.json()?) } else { report.text() });
    Ok(report.status())
}

/// Room for evidence where the case lies or would lie.
fn room(report: &mut Report, args: &CheckArgs) {
    let folder = place::case_folder(args.source.case.as_deref());
    match free_bytes(&folder) {
        Some(free) if free < LITTLE_ROOM => report.warn(
            "disk",
            format!("{} MiB are free for the case", free >> 20),
            "give --case on a disk with more room",
        ),
        Some(free) => report.good("disk", format!("{} GiB are free for the case", free >> 30)),
        None => report.warn("disk", "the system does not say how much room is free".to_owned(), "look with df"),
    }
}

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Failed,
}

/// One line of the screen.
#[derive(Clone, Debug, Serialize)]
struct Line {
    check: &'static str,
    state: State,
    found: String,
    /// What to do; empty where nothing is to be done.
    advice: String,
}

/// What was found.
#[derive(Default)]
struct Report {
    lines: Vec<Line>,
    requests: u64,
    worst: Option<Status>,
}

impl Report {
    fn good(&mut self, check: &'static str, found: String) {
        self.lines.push(Line { check, state: State::Ok, found, advice: String::new() });
    }

    fn warn(&mut self, check: &'static str, found: String, advice: &str) {
        self.lines.push(Line { check, state: State::Warning, found, advice: advice.to_owned() });
    }

    fn fail(&mut self, check: &'static str, status: Status, found: String) {
        self.lines.push(Line { check, state: State::Failed, found, advice: String::new() });
        self.worst = Some(self.worst.map_or(status, |worst| worst.and(status)));
    }

    fn status(&self) -> Status {
        self.worst.unwrap_or(Status::Answered)
    }

    fn json(&self) -> Result<String, Failure> {
        let all =
            serde_json::json!({ "checks": self.lines, "requests": self.requests, "status": self.status().code() });
        serde_json::to_string(&all)
            .map(|text| text + "\n")
            .map_err(|error| Failure::new(Status::Internal, error.to_string()))
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let state = match line.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Failed => "failed",
            };
            let advice = if line.advice.is_empty() { String::new() } else { format!("; {}", line.advice) };
            writeln!(text, "{state:<9}{:<14}{}", line.check, clean(&format!("{}{advice}", line.found)))
                .unwrap_or_default();
        }
        let requests = if self.requests == 1 { "1 request was sent" } else { "requests were sent" };
        let count = if self.requests == 1 { String::new() } else { format!("{} ", self.requests) };
        writeln!(text, "{count}{requests}; nothing was kept").unwrap_or_default();
        text
    }
}
