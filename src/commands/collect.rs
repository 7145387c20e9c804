//! `collect`: a log into evidence before anyone knows what to ask of it.

use super::facts::Facts;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, dry_run, place, pull, resume, tables, token, wire};
use crate::cli::{CollectArgs, Environment};
use crate::clock;
use crate::evidence::Case;
use crate::model::{Coverage, Decoded, Gap, LogCoverage, Moment, OrgId, Window, wide};
use crate::profile::Profile;
use crate::report;
use crate::report::escape::json::visible;
use crate::report::escape::terminal::clean;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

/// Logs named on the screen; a platform has thousands, and `--json` names them all.
const SHOWN: usize = 20;

/// Runs the verb.
pub(super) fn run(args: &CollectArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    // Everything that can be refused is refused before a folder is made or a request is sent.
    let Some(base_url) = args.source.base_url.as_deref().filter(|_| args.source.input.is_empty()) else {
        return Err(Failure::usage("collect pulls from an API: give --base-url; files go into a case with import"));
    };
    if args.source.dry_run {
        return dry_run::collect(args, environment, screen);
    }
    ask::window_to_pull(&args.from, &args.to, clock::now())?;
    let orgs = ask::named_logs(&args.org, &args.alias)?;
    let tokens = token::load(&args.source, environment)?;
    let options = wire::options(&args.source.wire)?;
    pull::check(base_url, &tokens, &options)?;
    wire::tell(&options, environment, screen);
    ask::check_profile(args.source.profile.as_deref())?;
    let folder = place::case_folder(args.source.case.as_deref());
    let case = place::open_case(&folder, args.source.sign_key.as_deref())?.used_by("collect")?;
    if args.source.case.is_none() {
        screen.note(&format!("case {}", folder.display()));
    }
    let mut facts = Facts::load(&case)?;
    let profile = ask::profile(&args.source, &case, &mut facts)?;
    // Relative times keep what they meant when the command was first given.
    let words = vec![format!("from {}", args.from), format!("to {}", args.to)];
    let (asked, now) = resume::asked(&case, &facts, words)?;
    let window = ask::window_to_pull(&args.from, &args.to, now)?;
    remember(args, window, &mut facts);
    screen.note(&format!("window {window} (UTC, half-open)"));
    let (everyone, every) = (args.all_orgs, args.source.reading.rate);
    let plan = pull::Plan { base_url, profile: &profile, window, orgs, everyone, tokens, every, asked, options };
    let so_far = |decoded: &Decoded| format!("so far: {} events, still reading", decoded.rows.len());
    let files: (&[PathBuf], &str, bool) = (&[], &profile.name, args.source.again);
    let obtained = resume::obtain(&case, &facts, files, Some(&plan), &so_far, screen)?;
    let mut safe = look(&case, &mut facts, &profile)?;
    let mut further = pull::Further::of(obtained.first, &case, Some(&plan), &args.source.reading, screen);
    // Standard output has room for one JSON value: the last word.
    if further.is_none() || !args.output.json {
        screen.result(&if args.output.json { visible(&safe.json()) } else { safe.text(args) });
    }
    if let Some(further) = &mut further {
        while further.read(&safe.coverage) {
            safe = look(&case, &mut facts, &profile)?;
            if let Some(line) = report::amendment(&safe.coverage.readings).filter(|_| !args.output.json) {
                screen.result(&format!("{line}\n"));
            }
        }
        if args.output.json {
            screen.result(&visible(&safe.json()));
        }
    }
    if further.is_none_or(|further| !further.stopped()) {
        resume::answered(&case, &mut facts)?;
    }
    let whole = safe.gaps.is_empty() && safe.quarantined == 0;
    Ok(obtained.status.and(if whole { Status::Answered } else { Status::LowerBound }))
}

/// Verifies and reads what the case holds now.
fn look(case: &Case, facts: &mut Facts, profile: &Profile) -> Result<Safe, Failure> {
    let loaded = tables::load(case, facts, profile, None)?;
    facts.save(case)?;
    Ok(Safe::of(&loaded, case))
}

/// Leaves the window and the aliases to the first question, which then need not give them again.
fn remember(args: &CollectArgs, window: Window, facts: &mut Facts) {
    if facts.moment("from").is_none() && facts.moment("to").is_none() {
        facts.set_moment("from", window.from());
        facts.set_moment("to", window.to());
    }
    if !args.alias.is_empty() {
        facts.set_texts("aliases", &args.alias);
    }
}

/// One organisation's own log, as far as the case holds it.
#[derive(Default)]
struct Log {
    events: u64,
    first: Option<Moment>,
    last: Option<Moment>,
}

/// What is safe now, and what is not.
struct Safe {
    case: String,
    root: String,
    pages: u64,
    bytes: u64,
    records: u64,
    quarantined: u64,
    logs: BTreeMap<String, Log>,
    walked: Vec<OrgId>,
    everyone: bool,
    gaps: Vec<Gap>,
    /// What further readings are held against.
    coverage: Coverage,
}

impl Safe {
    fn of(loaded: &tables::Loaded, case: &Case) -> Self {
        let mut logs: BTreeMap<String, Log> = BTreeMap::new();
        for event in &loaded.tables.events {
            let org = event.log_org.as_ref().map_or_else(|| "(no organisation named)".to_owned(), ToString::to_string);
            let log = logs.entry(org).or_default();
            log.events = log.events.saturating_add(1);
            log.first = [log.first, event.time].into_iter().flatten().min();
            log.last = log.last.max(event.time);
        }
        let acquisitions = &loaded.proof.acquisitions;
        // A further reading of the same log proves nothing more of what was read.
        let latest = acquisitions.iter().rfind(|a| a.verifies.is_none());
        let walked = latest.map(|a| a.walked.clone()).unwrap_or_default();
        for org in &walked {
            logs.entry(org.to_string()).or_default();
        }
        let last = loaded.tables.events.iter().filter_map(|event| event.time).max();
        let newest = |org: &OrgId| LogCoverage { last, ..LogCoverage::of(org.clone()) };
        let coverage = Coverage {
            logs: walked.first().map(newest).into_iter().collect(),
            readings: loaded.tables.readings.clone(),
            ..Coverage::default()
        };
        Self {
            coverage,
            case: case.root().display().to_string(),
            root: loaded.proof.root.clone(),
            pages: acquisitions.iter().fold(0, |sum, a| sum.saturating_add(a.summary.pages)),
            bytes: acquisitions.iter().fold(0, |sum, a| sum.saturating_add(a.summary.bytes)),
            records: loaded.tables.raw,
            quarantined: wide(loaded.tables.quarantine.len()),
            logs,
            walked,
            everyone: latest.is_some_and(|a| a.everyone),
            gaps: latest.map(|a| a.gaps.clone()).unwrap_or_default(),
        }
    }

    fn json(&self) -> String {
        let log = |(org, log): (&String, &Log)| json!({ "org": org, "events": log.events, "first": log.first, "last": log.last });
        let all = json!({
            "case": self.case,
            "evidence_root": self.root,
            "pages": self.pages,
            "bytes": self.bytes,
            "records": self.records,
            "quarantined": self.quarantined,
            "logs": self.logs.iter().map(log).collect::<Vec<_>>(),
            "walked": self.walked,
            "walked_everyone": self.everyone,
            "gaps": self.gaps,
        });
        format!("{all}\n")
    }

    fn text(&self, args: &CollectArgs) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| writeln!(text, "{name:<12}{value}").unwrap_or_default();
        line("safe", &format!("{} records in {} pages, {} bytes", self.records, self.pages, self.bytes));
        for (org, log) in self.logs.iter().take(SHOWN) {
            line("log", &self.log_line(org, log));
        }
        let more = self.logs.len().saturating_sub(SHOWN);
        if more > 0 {
            line("", &format!("and the logs of {more} more organisations"));
        }
        if self.quarantined > 0 {
            line("quarantined", &format!("{} records could not be decoded; their bytes are kept", self.quarantined));
        }
        for gap in &self.gaps {
            line("gap", &gap_line(gap));
        }
        line("case", &clean(&self.case));
        line("root", &self.root);
        let case = ask::shell_word(&self.case);
        line("next", &format!("irforensics verify {case}"));
        line("", &format!("irforensics discover --case {case}"));
        let named: Vec<String> = args.org.iter().map(|org| ask::shell_word(org)).collect();
        let who = match named.as_slice() {
            [a, v] => format!("--attacker {a} --victim {v}   # or the other way round"),
            _ => "--attacker ORG --victim ORG".to_owned(),
        };
        line("", &clean(&format!("irforensics cross-org --case {case} {who}")));
        text
    }

    fn log_line(&self, org: &str, log: &Log) -> String {
        let walked = self.walked.iter().any(|walked| walked.as_str() == org);
        let how = if walked || self.everyone { "whole window read" } else { "not read to its end" };
        let span = match (log.first, log.last) {
            (Some(first), Some(last)) => format!(" from {first} to {last}"),
            _ => String::new(),
        };
        format!("{}: {} events{span}; {how}", clean(org), log.events)
    }
}

fn gap_line(gap: &Gap) -> String {
    let org = gap.log_org.as_ref().map_or_else(|| "everyone".to_owned(), ToString::to_string);
    let end = |end: Option<Moment>, open: &str| end.map_or_else(|| open.to_owned(), |end| end.to_string());
    clean(&format!("log of {org}, {} to {}: {}", end(gap.from, "beginning"), end(gap.to, "end"), gap.reason))
}
