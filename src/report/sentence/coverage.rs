//! What the answer stands on. Said with every answer, also when it is perfect.

use super::readings::readings;
use crate::model::{Coverage, Impact, LogCoverage, Shows};
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
    if let Some(moment) = c.expires {
        text = text.say("; the beginning of the window falls out of the log at ").when(moment);
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
    let text = match (log.first, log.last) {
        (Some(first), Some(last)) => {
            let events = count(log.events, "event", "events");
            Text::own(format!(" {events} from ")).when(first).say(" to ").when(last).say(walked)
        }
        _ => Text::own(format!(" {}{walked}", count(log.events, "event", "events"))),
    };
    text.then(limits(log))
}

/// What a log may leave out: the time before it begins, and what it never shows.
fn limits(log: &LogCoverage) -> Text {
    let mut text = match log.begins {
        Some(first) => Text::own(", may only begin at ").when(first),
        None => Text::default(),
    };
    if log.events == 0 {
        return text;
    }
    let unseen = unseen(&log.shows);
    if let Some((last, others)) = unseen.split_last() {
        let list = if others.is_empty() { (*last).to_owned() } else { format!("{} or {last}", others.join(", ")) };
        text = text.say(format!(", shows no {list} and may not record any"));
    }
    let Shows { departed_known, departed, .. } = &log.shows;
    if *departed_known > 0 && departed.events == 0 {
        let who = count(*departed_known, "actor", "actors");
        text = text.say(format!(", shows nothing by {who} known to have left and may leave out such actors"));
    }
    text
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

/// Kinds of events that a log never shows in the window.
fn unseen(shows: &Shows) -> Vec<&'static str> {
    let kinds = [
        (&shows.reads, "read"),
        (&shows.bulk_reads, "list, search or export"),
        (&shows.refusals, "refusal"),
        (&shows.outsiders, "act of another organisation's actor"),
    ];
    kinds.into_iter().filter(|(sight, _)| sight.events == 0).map(|(_, kind)| kind).collect()
}

/// The banner of an answer that is not exact; none when it is.
pub(in crate::report) fn lower_bound(impact: &Impact) -> Option<Text> {
    (!impact.summary.exact).then(|| Text::own("LOWER BOUND: the true number of records may be higher."))
}
