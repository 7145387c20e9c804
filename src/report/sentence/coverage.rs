//! What the answer stands on. Said with every answer, also when it is perfect.

use super::readings::readings;
use crate::model::{Coverage, Impact, LogCoverage};
use crate::report::text::{Text, count};

/// The coverage in one sentence.
pub(in crate::report) fn coverage(coverage: &Coverage) -> Text {
    let c = coverage;
    let mut text = Text::own(format!(
        "Covered: {} of {} received, {} in the window, {} by the accessing side",
        count(c.distinct, "distinct event", "distinct events"),
        c.raw,
        c.in_window,
        c.by_attackers
    ));
    for log in &c.logs {
        text = text.say("; own log of ").value(log.org.to_string()).then(own_log(log));
    }
    for org in &c.absent_logs {
        text = text.say("; own log of ").value(org.to_string()).say(" absent");
    }
    for (number, what) in shortcomings(c) {
        if number > 0 {
            text = text.say(format!("; {number} {what}"));
        }
    }
    for spot in unseen(c) {
        text = text.say(format!("; no {spot} in this log at all: whether it records them is unknown"));
    }
    text = text.then(readings(c));
    match c.gaps.len() {
        0 => text.say("; no known gap."),
        1 => text.say("; 1 gap."),
        n => text.say(format!("; {n} gaps.")),
    }
}

/// How one organisation's own log is covered.
fn own_log(log: &LogCoverage) -> Text {
    let walked = if log.walked { ", whole window read" } else { "" };
    match (log.first, log.last) {
        (Some(first), Some(last)) => {
            let events = count(log.events, "event", "events");
            Text::own(format!(" {events} from ")).when(first).say(" to ").when(last).say(walked)
        }
        _ => Text::own(format!(" {}{walked}", count(log.events, "event", "events"))),
    }
}

/// What was received and could not be used to the full.
fn shortcomings(c: &Coverage) -> [(u64, String); 6] {
    [
        (c.quarantined, format!("not decodable ({} naming an id in question)", c.quarantined_mentions)),
        (c.time_unknown, format!("without a time ({} in question)", c.time_unknown_touching)),
        (c.zone_assumed, "with an assumed time zone".to_owned()),
        (c.unattributed, "on records in question that nothing attributes".to_owned()),
        (c.unclassified, "of an unknown action".to_owned()),
        (c.conflicts, format!("in conflict ({} in question)", c.conflicts_touching)),
    ]
}

/// Kinds of action that this log does not record at all.
fn unseen(c: &Coverage) -> impl Iterator<Item = &'static str> {
    let spots =
        [(c.reads_visible, "reads"), (c.bulk_visible, "lists, searches or exports"), (c.denials_visible, "refusals")];
    spots.into_iter().filter(|(visible, _)| !visible).map(|(_, spot)| spot)
}

/// What this log cannot show, whatever was done.
pub(in crate::report) fn blind_spots(c: &Coverage) -> Vec<Text> {
    let blind = |spot| Text::own(format!("No {spot} stand in this log at all: whether it records them is unknown."));
    unseen(c).map(blind).collect()
}

/// The banner of an answer that is not exact; none when it is.
pub(in crate::report) fn lower_bound(impact: &Impact) -> Option<Text> {
    (!impact.summary.exact).then(|| Text::own("LOWER BOUND: the true number of records may be higher."))
}
