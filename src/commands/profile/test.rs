//! `profile test`: what a profile makes of files, before they are evidence.

use super::columns;
use crate::cli::ProfileTestArgs;
use crate::commands::screen::Screen;
use crate::commands::status::{Failure, Status};
use crate::commands::{place, tables};
use crate::model::{Decoded, Row, Verb, wide};
use crate::normalize;
use crate::profile::Profile;
use crate::report::escape::json::visible;
use crate::report::escape::terminal::clean;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Actions and reasons named; the rest is counted.
const NAMED: usize = 20;

/// Runs the verb.
pub(super) fn run(args: &ProfileTestArgs, screen: &Screen) -> Result<Status, Failure> {
    let (profile, _) = tables::given_profile(&args.profile)?;
    let files = place::input_files(&args.paths)?;
    let mut all = Decoded::default();
    for file in &files {
        let unreadable = |error| Failure::usage(format!("cannot read {}: {error}", file.display()));
        let bytes = std::fs::read(file).map_err(unreadable)?;
        all = normalize::join(all, read(&bytes, &file.display().to_string(), &profile));
    }
    let fit = Fit::of(&all);
    screen.result(&if args.output.json {
        visible(&fit.json(&profile))
    } else {
        fit.text(&profile, files.len(), screen.width())
    });
    Ok(fit.status())
}

/// A file's records under a profile.
pub(super) fn read(bytes: &[u8], name: &str, profile: &Profile) -> Decoded {
    normalize::body(bytes, None, normalize::Place { acquisition: 0, page: 0, file: name }, profile)
}

/// How well a profile fits.
pub(super) struct Fit {
    /// Events read.
    pub(super) events: u64,
    /// Records that could not be read, by reason.
    quarantine: BTreeMap<String, u64>,
    quarantined: u64,
    /// The first place of each reason.
    first: Vec<String>,
    /// How often each column is filled, in the order of the table.
    filled: Vec<(&'static str, u64)>,
    /// Actions that the profile does not know.
    unclassified: BTreeMap<String, u64>,
    verbs: BTreeMap<&'static str, u64>,
    outcomes: BTreeMap<&'static str, u64>,
    assumed: u64,
    untimed: u64,
    /// The fullest event, column by column.
    example: Vec<(&'static str, String)>,
}

impl Fit {
    pub(super) fn of(decoded: &Decoded) -> Self {
        let mut fit = Self {
            events: wide(decoded.rows.len()),
            quarantine: BTreeMap::new(),
            quarantined: wide(decoded.quarantine.len()),
            first: Vec::new(),
            filled: Vec::new(),
            unclassified: BTreeMap::new(),
            verbs: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            assumed: 0,
            untimed: 0,
            example: Vec::new(),
        };
        for row in &decoded.quarantine {
            if !fit.quarantine.contains_key(&row.reason) {
                fit.first.push(format!("{} at byte {}: {}", row.file, row.place.offset, row.reason));
            }
            add(&mut fit.quarantine, row.reason.clone());
        }
        decoded.rows.iter().for_each(|row| fit.add(row));
        fit
    }

    fn add(&mut self, row: &Row) {
        let columns = columns::of(row);
        if self.filled.is_empty() {
            self.filled = columns.iter().map(|(name, _)| (*name, 0)).collect();
        }
        for ((_, filled), (_, value)) in self.filled.iter_mut().zip(&columns) {
            *filled = filled.saturating_add(u64::from(!value.is_empty()));
        }
        let told = |columns: &[(&str, String)]| columns.iter().filter(|(_, value)| !value.is_empty()).count();
        if told(&columns) > told(&self.example) {
            self.example = columns;
        }
        let event = &row.event;
        if event.verb == Verb::Unclassified {
            add(&mut self.unclassified, event.action.clone());
        }
        add(&mut self.verbs, event.verb.as_str());
        add(&mut self.outcomes, event.outcome.as_str());
        self.assumed = self.assumed.saturating_add(u64::from(event.zone_assumed));
        self.untimed = self.untimed.saturating_add(u64::from(event.time.is_none()));
    }

    /// As an answer from these records would end, if all of them touched it.
    pub(super) fn status(&self) -> Status {
        let unfit = self.quarantined > 0;
        match () {
            () if self.events == 0 && unfit => Status::NotUnderstood,
            () if unfit || !self.unclassified.is_empty() || self.untimed > 0 => Status::LowerBound,
            () => Status::Answered,
        }
    }

    /// One line.
    pub(super) fn line(&self) -> String {
        let unclassified = self.unclassified.values().sum::<u64>();
        format!(
            "{} of {} records fit, {} without a time, {unclassified} of an unknown action",
            self.events,
            self.events.saturating_add(self.quarantined),
            self.untimed
        )
    }

    fn json(&self, profile: &Profile) -> String {
        let filled: Map<String, Value> = self.filled.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        let example: Map<String, Value> =
            self.example.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let all = json!({
            "profile": profile.name,
            "events": self.events,
            "quarantined": self.quarantined,
            "quarantine_reasons": self.quarantine,
            "time_unknown": self.untimed,
            "zone_assumed": self.assumed,
            "verbs": self.verbs,
            "outcomes": self.outcomes,
            "unclassified": self.unclassified,
            "filled": filled,
            "example": example,
        });
        format!("{all}\n")
    }

    fn text(&self, profile: &Profile, files: usize, width: usize) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| writeln!(text, "{name:<14}{}", clean(value)).unwrap_or_default();
        line("profile", &format!("{}: {}", profile.name, profile.title));
        line("files", &files.to_string());
        line("records", &self.line());
        line("times", &format!("{} read in an assumed zone", self.assumed));
        line("verbs", &counted(&self.verbs));
        line("outcomes", &counted(&self.outcomes));
        for (name, list) in [("unclassified", &self.unclassified), ("quarantine", &self.quarantine)] {
            for (what, n) in list.iter().take(NAMED) {
                line(name, &format!("{n} of {what}"));
            }
            if list.len() > NAMED {
                line(name, &format!("and {} more kinds", list.len().saturating_sub(NAMED)));
            }
        }
        for place in self.first.iter().take(5) {
            line("first of it", place);
        }
        if self.events > 0 {
            writeln!(text, "\n{:<20}{:<8}the fullest event", "column", "filled").unwrap_or_default();
        }
        let room = width.saturating_sub(23).max(20);
        for ((name, filled), (_, value)) in self.filled.iter().zip(&self.example) {
            let percent = filled.saturating_mul(100).checked_div(self.events).unwrap_or(0);
            let short: String = clean(value).chars().take(room).collect();
            writeln!(text, "{name:<20}{percent:>4} %  {short}").unwrap_or_default();
        }
        text
    }
}

fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

fn counted(counts: &BTreeMap<&'static str, u64>) -> String {
    counts.iter().map(|(word, n)| format!("{word} {n}")).collect::<Vec<_>>().join(", ")
}
