//! `timeline`: what the attacker of the last question did, in the order of time.

use super::last::Last;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, grid};
use crate::cli::{Format, TimelineArgs, TimelineFormat};
use crate::model::{Burst, Moment, Timeline};
use crate::reconstruct::{self, Cell, Grid};
use crate::report::escape::json::visible;
use crate::report::{self, escape::terminal::clean};

/// Addresses that a burst shows; the CSV has all.
const SHOWN: usize = 2;

/// Runs the verb.
pub(super) fn run(args: &TimelineArgs, screen: &Screen) -> Result<Status, Failure> {
    let last = Last::of(&args.case)?;
    let question = last.asked(&args.case)?;
    let timeline = reconstruct::timeline(&last.loaded.tables, &last.profile, question);
    let text = if args.output.json {
        let failed = |error: serde_json::Error| Failure::new(Status::Internal, error.to_string());
        visible(&serde_json::to_string_pretty(&timeline).map_err(failed)?) + "\n"
    } else {
        match args.format {
            TimelineFormat::Table => grid::render(&bursts(&timeline), Format::Table, screen.is_terminal())?,
            TimelineFormat::Timesketch => report::timesketch(&timeline),
            TimelineFormat::Csv => csv(&timeline, screen)?,
        }
    };
    screen.result(&text);
    if args.format == TimelineFormat::Table && !args.output.json {
        let case = ask::shell_word(&args.case.display().to_string());
        let (lines, bursts) = (timeline.lines.len(), timeline.bursts.len());
        screen
            .note(&format!("{lines} lines in {bursts} bursts; all of them: irforensics timeline {case} --format csv"));
    }
    if timeline.untimed() > 0 {
        screen.note(&format!("{} lines have no usable time and stand last", timeline.untimed()));
    }
    let impact = reconstruct::cross_org(&last.loaded.tables, &last.profile, question, &last.loaded.proof);
    if impact.summary.exact {
        return Ok(Status::Answered);
    }
    screen.note("LOWER BOUND: there may be more than stands above.");
    impact.summary.lower_bound_because.iter().for_each(|reason| screen.note(&format!("  - {reason}")));
    Ok(Status::LowerBound)
}

/// A file gets the exact bytes; a terminal would obey them.
fn csv(timeline: &Timeline, screen: &Screen) -> Result<String, Failure> {
    let text = report::timeline_csv(timeline)?;
    if screen.is_terminal() {
        return Ok(text.split_inclusive("\r\n").map(|line| clean(line.trim_end()) + "\n").collect());
    }
    Ok(text)
}

fn bursts(timeline: &Timeline) -> Grid {
    let columns = [
        "burst",
        "first",
        "lasted",
        "actor",
        "credential",
        "from",
        "records",
        "accesses",
        "attempts",
        "bulk",
        "unresolved",
    ];
    Grid { columns: columns.map(str::to_owned).to_vec(), rows: timeline.bursts.iter().map(burst).collect() }
}

fn burst(b: &Burst) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let number = |n: u64| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let mut accesses: Vec<String> = b.accesses.iter().map(|(class, n)| format!("{n} {class}")).collect();
    if b.other_standing > 0 {
        accesses.push(format!("{} by a right", b.other_standing));
    }
    let mut from: Vec<String> = b.source_ips.iter().take(SHOWN).cloned().collect();
    let more = b.source_ips.len().saturating_sub(SHOWN);
    if more > 0 {
        from.push(format!("and {more} more"));
    }
    vec![
        number(b.number),
        text(&when(b.first)),
        text(&lasted(b)),
        text(&b.actor_id),
        text(&b.credential_id),
        Cell::Text(from.join(", ")),
        number(b.records),
        Cell::Text(accesses.join(", ")),
        number(b.attempts),
        number(b.bulk),
        number(b.unresolved),
    ]
}

/// To the second: the lines have the rest.
fn when(time: Option<Moment>) -> String {
    let whole = |time: Moment| time.to_string().chars().take(19).chain(['Z']).collect();
    time.map_or_else(|| "unknown".to_owned(), whole)
}

/// How long a burst lasted, in its largest unit or two.
fn lasted(b: &Burst) -> String {
    let (Some(first), Some(last)) = (b.first, b.last) else { return String::new() };
    let seconds = last.micros().saturating_sub(first.micros()).div_euclid(1_000_000);
    let (hours, minutes) = (seconds.div_euclid(3600), seconds.rem_euclid(3600).div_euclid(60));
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {} s", seconds.rem_euclid(60)),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
