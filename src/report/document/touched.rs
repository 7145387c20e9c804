//! What was accessed, possibly touched, changed and tried, and in which order.

use super::matrix::matrix;
use super::{Block, Section, paragraphs};
use crate::model::{Access, AccessClass, Attempt, BulkAction, Impact, LedgerRecord};
use crate::report::reading::{Table, places, some, time};
use crate::report::text::Text;
use crate::report::{chart, sentence};

/// The ledger: what, and how much of which kind.
pub(super) fn accessed(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::counts(&impact.summary)]);
    if !impact.records.is_empty() {
        blocks.push(Block::Matrix(matrix(impact)));
        let all: Vec<&LedgerRecord> = impact.records.iter().collect();
        blocks.push(Block::Table(ledger("Records accessed", &all)));
    }
    Section { id: "accessed", title: "What was accessed", blocks }
}

/// Bulk actions with their bounds.
pub(super) fn bulk(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::bulk(&impact.summary)]);
    if !impact.bulk.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Actions that may have touched records without naming them",
            &[
                "Time",
                "Kind",
                "Type",
                "Scope",
                "#Returned",
                "#Matched",
                "#Named",
                "#Bound",
                "In question",
                "Actor",
                "Why",
            ],
            "bulk.csv",
            &impact.bulk,
            |b: &BulkAction| {
                let number = |n: Option<i64>| n.map_or_else(Text::default, Text::own);
                vec![
                    time(b.time),
                    Text::a_word(b.kind.as_str()),
                    Text::of(&b.record_type),
                    Text::of(&b.scope),
                    number(b.returned_count),
                    number(b.total_count),
                    Text::own(b.ids_logged),
                    Text::own(b.bound),
                    Text::own(if b.scoped { "yes" } else { "not said" }),
                    Text::of(&b.actor_id),
                    Text::from_prose(&b.basis),
                ]
            },
        )));
    }
    Section { id: "bulk", title: "Lists, searches and exports in bulk", blocks }
}

/// Records that are no longer what they were.
pub(super) fn changed(impact: &Impact) -> Section {
    let had = |class| move |r: &&LedgerRecord| r.classes.contains_key(&class);
    let deleted: Vec<&LedgerRecord> = impact.records.iter().filter(had(AccessClass::Deleted)).collect();
    let modified: Vec<&LedgerRecord> = impact.records.iter().filter(had(AccessClass::Modified)).collect();
    let mut blocks = paragraphs([sentence::changed(deleted.len(), modified.len())]);
    if !deleted.is_empty() {
        blocks.push(Block::Table(ledger("Records deleted", &deleted)));
    }
    if !modified.is_empty() {
        blocks.push(Block::Table(ledger("Records modified", &modified)));
    }
    Section { id: "changed", title: "Modified and deleted", blocks }
}

/// What was tried and is no access.
pub(super) fn attempts(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::attempts(&impact.summary)]);
    if !impact.attempts.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Attempts that did not take effect",
            &["Time", "Type", "Record", "Owner", "Outcome", "#HTTP", "#Count", "Reason", "Actor", "Evidence"],
            "attempts.csv",
            &impact.attempts,
            |a: &Attempt| {
                vec![
                    time(a.time),
                    Text::of(&a.record_type),
                    Text::of(&a.record_id),
                    some(&a.owners),
                    Text::a_word(a.outcome.as_str()),
                    a.http_status.map_or_else(Text::default, Text::own),
                    Text::own(a.count),
                    Text::of(&a.reason),
                    Text::of(&a.actor_id),
                    places(&a.evidence_refs),
                ]
            },
        )));
    }
    Section { id: "attempts", title: "Attempts, not access", blocks }
}

/// Every access in order of time.
pub(super) fn timeline(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::span(&impact.summary)]);
    blocks.extend(chart::histogram(impact).map(|figure| Block::Figure(Box::new(figure))));
    if !impact.accesses.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Accesses of every standing, in order of time",
            &["Time", "Access", "Confidence", "Type", "Record", "Standing", "Actor", "Credential", "From", "Evidence"],
            "accesses.csv",
            &impact.accesses,
            |a: &Access| {
                vec![
                    time(a.time),
                    Text::a_word(a.class.as_str()),
                    Text::a_word(a.confidence.as_str()),
                    Text::of(&a.record.record_type),
                    Text::of(&a.record.record_id),
                    Text::a_word(a.standing.as_str()),
                    Text::of(&a.actor_id),
                    Text::of(&a.credential_id),
                    Text::of(&a.source_ip),
                    places(&a.evidence_refs),
                ]
            },
        )));
    }
    Section { id: "timeline", title: "Timeline", blocks }
}

/// Ledger rows for reading.
fn ledger(caption: &str, rows: &[&LedgerRecord]) -> Table {
    let columns = ["Type", "Record", "Access", "Confidence", "First", "Last", "#Accesses", "Actors", "Evidence"];
    Table::new(caption, &columns, "records.csv", rows, |r| {
        vec![
            Text::of(&r.record.record_type),
            Text::of(&r.record.record_id),
            Text::a_word(r.class.as_str()),
            Text::a_word(r.confidence.as_str()),
            time(r.first),
            time(r.last),
            Text::own(r.access_count),
            some(&r.actor_ids),
            places(&r.evidence_refs),
        ]
    })
}
