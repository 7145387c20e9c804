//! The pairs of a whole log: `pairs.csv`, JSON, and the screen's sentences.

use super::ReportError;
use super::escape::json::visible;
use super::sheet::{Cell, Sheet, log, number, own, time};
use super::text::{Text, count};
use crate::model::{Bound, Confidence, Discovery, Moment, Ownerless, Pair};

/// The paper's name in `reports/internal/`.
pub const PAIRS: &str = "pairs.csv";

#[rustfmt::skip]
const COLUMNS: &[&str] = &[
    "attacker_org", "victim_org", "kind", "records", "confirmed", "reconstructed", "contested", "unknown", "accesses",
    "accesses_by_staff", "accesses_by_right", "attempts", "bulk_actions", "bulk_bound", "first_utc", "last_utc",
];

/// `pairs.csv`: pairs in their order, then by organisation what it touched whose owner nothing shows.
///
/// `kind` is `direct`, `expected` (only grants, support, the allow list) or `unresolved` (no victim is known).
pub fn pairs_csv(discovery: &Discovery) -> Result<Vec<u8>, ReportError> {
    let rows = discovery.pairs.iter().map(pair_row).chain(discovery.unresolved.iter().map(open_row));
    Sheet::ordered(PAIRS, COLUMNS, rows.collect()).render()
}

/// The whole discovery as JSON.
pub fn discovery_json(discovery: &Discovery) -> Result<String, ReportError> {
    let failed = |source| ReportError::Json { paper: "the discovery", source };
    Ok(visible(&serde_json::to_string_pretty(discovery).map_err(failed)?) + "\n")
}

fn pair_row(p: &Pair) -> Vec<Cell> {
    let of = |confidence: Confidence| number(p.by_confidence.get(&confidence).copied().unwrap_or(0));
    vec![
        log(p.attacker.as_str()),
        log(p.victim.as_str()),
        own(if p.expected { "expected" } else { "direct" }),
        number(p.records),
        of(Confidence::Confirmed),
        of(Confidence::Reconstructed),
        of(Confidence::Contested),
        of(Confidence::Unknown),
        number(p.accesses),
        number(p.by_staff),
        number(p.other_standing),
        number(p.attempts),
        number(p.bulk),
        own(p.bulk_bound),
        time(p.first),
        time(p.last),
    ]
}

fn open_row(o: &Ownerless) -> Vec<Cell> {
    let none = || Cell::Empty;
    vec![
        log(o.attacker.as_str()),
        none(),
        own("unresolved"),
        number(o.records),
        none(),
        none(),
        none(),
        none(),
        number(o.accesses),
        none(),
        none(),
        number(o.attempts),
        number(o.bulk),
        none(),
        time(o.first),
        time(o.last),
    ]
}

/// How many pairs there are.
pub(super) fn headline(d: &Discovery) -> Text {
    let direct = d.pairs.iter().filter(|pair| !pair.expected).count();
    let expected = d.pairs.len().saturating_sub(direct);
    let wide = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let found = match direct {
        0 if d.exact => Text::own("No access across organisations found."),
        0 => Text::own("Not determined: no access across organisations is seen, and the evidence is not complete."),
        n => Text::own(count(wide(n), "pair", "pairs")).say(" of organisations in which one reached into the other."),
    };
    match expected {
        0 => found,
        n => found.say(format!(" {} more only as expected, by grant or by support.", count(wide(n), "pair", "pairs"))),
    }
}

/// One pair in one line.
pub(super) fn pair(p: &Pair) -> Text {
    let mut text = Text::of(p.attacker.as_str()).say(" -> ").value(p.victim.as_str()).say(": ");
    text = text.say(count(p.records, "record", "records"));
    for (i, (confidence, n)) in p.by_confidence.iter().enumerate() {
        text = text.say(if i == 0 { " (" } else { ", " }).say(format!("{n} ")).word(confidence.as_str());
    }
    if !p.by_confidence.is_empty() {
        text = text.say(")");
    }
    text = text.say(format!(", {}", count(p.accesses, "access", "accesses")));
    for (n, words) in [
        (p.by_staff, "of them by staff for somebody else"),
        (p.other_standing, "more by a right"),
        (p.attempts, "refused or failed"),
    ] {
        if n > 0 {
            text = text.say(format!(", {n} {words}"));
        }
    }
    if p.bulk > 0 {
        let beyond = match p.bulk_bound {
            Bound::AtMost(0) => "nothing beyond".to_owned(),
            Bound::AtMost(n) => format!("up to {n} records beyond"),
            Bound::Unbounded => "any number of records beyond".to_owned(),
        };
        text = text.say(format!(", {} ({beyond})", count(p.bulk, "bulk action", "bulk actions")));
    }
    text.then(span(p.first, p.last))
}

/// What one organisation touched whose owner nothing shows.
pub(super) fn open(o: &Ownerless) -> Text {
    let text = Text::of(o.attacker.as_str()).say(format!(
        ": {} touched whose owner nothing shows, {} refused or failed, {} without a word of whose records",
        count(o.records, "record", "records"),
        o.attempts,
        count(o.bulk, "bulk action", "bulk actions"),
    ));
    text.then(span(o.first, o.last))
}

fn span(first: Option<Moment>, last: Option<Moment>) -> Text {
    match (first, last) {
        (Some(first), Some(last)) if first == last => Text::own(", at ").when(first).say("."),
        (Some(first), Some(last)) => Text::own(", ").when(first).say(" to ").when(last).say("."),
        _ => Text::own(", at an unknown time."),
    }
}

/// What the pairs stand on. Said always, also when nothing was found.
pub(super) fn coverage(d: &Discovery) -> Text {
    let c = &d.coverage;
    let mut text = Text::own(format!(
        "Covered: {} of {} received, {} in the window, in the logs of {}; {} attributed to {}",
        count(c.distinct, "distinct event", "distinct events"),
        c.raw,
        c.in_window,
        count(d.logs, "organisation", "organisations"),
        count(c.by_attackers, "action", "actions"),
        count(d.actors_of, "organisation", "organisations"),
    ));
    for (n, what) in [
        (c.quarantined, "not decodable"),
        (c.time_unknown, "without a time"),
        (c.zone_assumed, "with an assumed time zone"),
        (c.unattributed, "that nothing attributes"),
        (c.conflicts, "in conflict"),
    ] {
        if n > 0 {
            text = text.say(format!("; {n} {what}"));
        }
    }
    for (visible, what) in
        [(c.reads_visible, "reads"), (c.bulk_visible, "lists, searches or exports"), (c.denials_visible, "refusals")]
    {
        if !visible {
            text = text.say(format!("; no {what} in this log at all: whether it records them is unknown"));
        }
    }
    match c.gaps.len() {
        0 => text.say("; no known gap."),
        1 => text.say("; 1 gap."),
        n => text.say(format!("; {n} gaps.")),
    }
}

/// The window and the moment up to which evidence was known.
pub(super) fn window(d: &Discovery) -> Text {
    let text = d.window.from().map_or_else(|| Text::own("From the beginning"), |from| Text::own("From ").when(from));
    let text = match d.window.to() {
        None => text.say(" without end"),
        Some(to) => text.say(" until before ").when(to),
    };
    text.say(", as of ").when(d.as_of).say(".")
}
