//! Since when, until when, and whether it is still going on.

use crate::model::{Impact, Moment, Summary};
use crate::report::text::Text;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Silence shorter than this is no sign of an end: people sleep, and jobs run daily.
const QUIET: i64 = DAY;

/// The window and the moment up to which evidence was known.
pub(in crate::report) fn as_of(impact: &Impact) -> Text {
    let window = impact.question.window;
    let text = window.from().map_or_else(|| Text::own("From the beginning"), |from| Text::own("From ").when(from));
    let text =
        window.to().map_or_else(|| text.clone().say(" without end"), |to| text.clone().say(" until before ").when(to));
    text.say(", as of ").when(impact.question.as_of).say(".")
}

/// First and last access, against the newest event of the evidence.
pub(in crate::report) fn span(summary: &Summary) -> Text {
    let text = match (summary.first_access, summary.last_access) {
        (Some(first), Some(last)) => Text::own("First access ").when(first).say(", last access ").when(last),
        _ if summary.accesses == 0 => Text::own("No access to a named record"),
        _ => Text::own("No time of an access is known"),
    };
    let Some(newest) = summary.newest_event else {
        return text.say("; the evidence holds no event with a time.");
    };
    let text = text.say("; newest event of the evidence ").when(newest);
    match summary.last_access {
        Some(last) => text.say(format!(": {}.", ending(last, newest))),
        None => text.say("."),
    }
}

/// Whether silence after the last access is long enough to mean anything.
fn ending(last: Moment, newest: Moment) -> String {
    let silence = newest.micros().saturating_sub(last.micros()).max(0);
    if silence == 0 {
        return "the evidence ends with the last access, so it may still be going on".to_owned();
    }
    if silence < QUIET {
        format!("it may still be going on (only {} without an access)", duration(silence))
    } else {
        format!("no access in the {} after it", duration(silence))
    }
}

/// A length of time in its two largest units.
fn duration(micros: i64) -> String {
    let units = |size: i64| micros.div_euclid(size);
    let rest = |size: i64, small: i64| micros.rem_euclid(size).div_euclid(small);
    match micros {
        m if m >= DAY => format!("{} d {} h", units(DAY), rest(DAY, HOUR)),
        m if m >= HOUR => format!("{} h {} min", units(HOUR), rest(HOUR, MINUTE)),
        m if m >= MINUTE => format!("{} min {} s", units(MINUTE), rest(MINUTE, SECOND)),
        _ => format!("{} s", units(SECOND)),
    }
}
