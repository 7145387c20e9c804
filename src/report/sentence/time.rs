//! Since when, until when, and whether it is still going on.

use crate::model::{Impact, Moment, Summary};
use crate::report::text::Text;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Silence shorter than this is no sign of an end: people sleep, and jobs run daily.
const QUIET: i64 = DAY;

/// The moment up to which evidence was known.
pub(in crate::report) fn as_of(impact: &Impact) -> Text {
    Text::own(format!("Window {}, as of {}.", impact.question.window, impact.question.as_of))
}

/// First and last access, against the newest event of the evidence.
pub(in crate::report) fn span(summary: &Summary) -> Text {
    let newest = summary.newest_event.map_or_else(|| "unknown".to_owned(), |m| m.to_string());
    let (Some(first), Some(last)) = (summary.first_access, summary.last_access) else {
        return Text::own(format!("No access with a known time; newest event of the evidence {newest}."));
    };
    let end = match summary.newest_event {
        Some(newest) => ending(last, newest),
        None => "whether it goes on is unknown".to_owned(),
    };
    Text::own(format!("First access {first}, last access {last}; newest event of the evidence {newest}: {end}."))
}

/// Whether silence after the last access is long enough to mean anything.
fn ending(last: Moment, newest: Moment) -> String {
    let silence = newest.micros().saturating_sub(last.micros()).max(0);
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
