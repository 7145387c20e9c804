//! The answer and what it stands on.

use super::{Block, Section, Tile, paragraphs};
use crate::model::{ClassCount, Coverage, Gap, Impact, LogCoverage, Moment, OrgId, Sight, Summary};
use crate::report::reading::{Table, first_accesses};
use crate::report::text::{Text, count};
use crate::report::{chart, sentence};

/// The numbers that a reader looks for first.
pub(super) fn tiles(summary: &Summary) -> Vec<Tile> {
    let tile = |number: String, label| Tile { number, label };
    vec![
        tile(summary.records.to_string(), "distinct records accessed"),
        tile(summary.accesses.to_string(), "direct accesses"),
        tile(summary.bulk_bound.to_string(), "more at most, by bulk actions"),
        tile(summary.unresolved.to_string(), "records of unknown owner"),
        tile(summary.attempts_on_victim.to_string(), "attempts, not access"),
    ]
}

/// How many, since when, whom to stop, what was seen first.
pub(super) fn answer(impact: &Impact) -> Section {
    let summary = &impact.summary;
    let mut blocks = paragraphs([sentence::counts(summary), sentence::span(summary)]);
    blocks.extend(paragraphs(sentence::other_standing(summary)));
    if !summary.by_class.is_empty() {
        blocks.push(Block::Table(classes(summary)));
    }
    if let Some(held) = &impact.data {
        blocks.push(Block::Heading("What the records hold"));
        blocks.extend(paragraphs([sentence::data(held), Text::own("Basis: ").then(Text::from_prose(&held.basis))]));
    }
    if let Some(headline) = sentence::persistence(impact) {
        blocks.push(Block::Heading("Left inside the victim"));
        blocks.push(Block::Paragraph(headline));
        blocks.push(Block::List(impact.persistence.iter().map(sentence::left).collect()));
    }
    let suspects: Vec<Text> = sentence::suspects(impact).iter().map(sentence::Suspect::line).collect();
    if !suspects.is_empty() {
        blocks.push(Block::Heading("Revoke first"));
        blocks.push(Block::List(suspects));
    }
    let first = first_accesses(impact);
    if !first.is_empty() {
        blocks.push(Block::Heading("First accesses"));
        blocks.push(Block::List(first));
    }
    blocks.push(Block::Heading("To pass on"));
    blocks.push(Block::Lines(sentence::war_room(impact).into()));
    Section { id: "answer", title: "Answer", blocks }
}

/// Records by class, once by headline and once by every class.
fn classes(summary: &Summary) -> Table {
    let same = |c: &ClassCount| {
        let headline = summary.headline.iter().find(|h| (h.class, h.confidence) == (c.class, c.confidence));
        headline.map_or(0, |h| h.records)
    };
    Table::new(
        "Distinct records by access class and confidence. A record stands once under its strongest class, and in the \
         last column under every class that it saw.",
        &["Access class", "Confidence", "#Strongest class", "#Any access"],
        "records.csv",
        &summary.by_class,
        |c| {
            vec![
                Text::a_word(c.class.as_str()),
                Text::a_word(c.confidence.as_str()),
                Text::own(same(c)),
                Text::own(c.records),
            ]
        },
    )
}

/// What was asked for against what is proven.
pub(super) fn coverage(impact: &Impact) -> Section {
    let coverage = &impact.coverage;
    let mut blocks = paragraphs([sentence::coverage(coverage)]);
    blocks.extend(chart::coverage(impact).map(|figure| Block::Figure(Box::new(figure))));
    blocks.push(Block::Table(Table::new(
        "Own logs of the organisations in question",
        &["Organisation", "#Events", "First", "Last", "Whole window read"],
        "impact.json",
        &logs(impact),
        |(org, log)| match log {
            Some(log) => vec![
                Text::of(org.as_str()),
                Text::own(log.events),
                edge(log.first, ""),
                edge(log.last, ""),
                Text::own(if log.walked { "yes" } else { "not proven" }),
            ],
            None => {
                vec![Text::of(org.as_str()), Text::own(0), Text::default(), Text::default(), Text::own("log absent")]
            }
        },
    )));
    if !coverage.logs.is_empty() {
        blocks.push(Block::Table(shown(coverage)));
    }
    if !coverage.gaps.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Gaps",
            &["Log", "From", "To", "Why"],
            "impact.json",
            &coverage.gaps,
            |gap: &Gap| {
                let log = gap.log_org.as_ref().map_or_else(|| Text::own("every log"), |org| Text::of(org.as_str()));
                vec![log, edge(gap.from, "beginning"), edge(gap.to, "end"), Text::from_prose(&gap.reason)]
            },
        )));
    }
    blocks.push(Block::Figure(Box::new(chart::funnel(impact))));
    Section { id: "coverage", title: "Coverage", blocks }
}

/// Which kinds of events each own log shows at all.
fn shown(coverage: &Coverage) -> Table {
    let sight = |sight: &Sight| match &sight.example {
        Some(example) => Text::own(format!("{}, first ", count(sight.events, "event", "events"))).value(example),
        None => Text::own("never seen"),
    };
    Table::new(
        "What each own log shows in the window. A kind of event that a log never shows it may not record, and then \
         nothing of that kind can be ruled out by it.",
        &["Organisation", "Reads", "Lists, searches, exports", "Refusals", "Actors from elsewhere", "Actors who left"],
        "impact.json",
        &coverage.logs,
        |log: &LogCoverage| {
            let shows = &log.shows;
            let left = match shows.departed_known {
                0 => Text::own("nobody known to have left"),
                _ => sight(&shows.departed),
            };
            let seen = [&shows.reads, &shows.bulk_reads, &shows.refusals, &shows.outsiders].map(sight);
            std::iter::once(Text::of(log.org.as_str())).chain(seen).chain([left]).collect()
        },
    )
}

/// Logs that hold events, then logs that are absent.
fn logs(impact: &Impact) -> Vec<(&OrgId, Option<&LogCoverage>)> {
    let there = impact.coverage.logs.iter().map(|log| (&log.org, Some(log)));
    there.chain(impact.coverage.absent_logs.iter().map(|org| (org, None))).collect()
}

/// One end of a span of time; `open` when it has none.
fn edge(moment: Option<Moment>, open: &'static str) -> Text {
    moment.map_or_else(|| Text::own(open), Text::at)
}
