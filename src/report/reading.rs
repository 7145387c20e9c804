//! Tables and lines for people: fewer columns than the CSV papers, which they name.

use super::text::Text;
use crate::model::{Access, EvidenceRef, Impact, Moment, Standing};
use serde::Serialize;

/// How many accesses the terminal shows in full: enough to judge, and they fit the screen.
const FIRST: usize = 3;
/// How many values of a list a cell shows; the CSV has all.
const SHOWN: usize = 2;
/// Rows that a table for reading shows; more would hide the point, and the CSV has all.
pub(super) const ROWS: usize = 200;

/// A table for reading.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Table {
    /// What the rows are.
    pub(super) caption: Text,
    /// Headings, and whether numbers stand below.
    pub(super) columns: Vec<Column>,
    /// At most [`ROWS`] rows.
    pub(super) rows: Vec<Vec<Text>>,
    /// A sentence when rows are left out.
    pub(super) cut: Option<Text>,
}

/// A column's heading.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Column {
    /// The heading.
    pub(super) title: &'static str,
    /// Whether it holds numbers.
    pub(super) numeric: bool,
}

impl Table {
    /// A table of rows, cut at [`ROWS`] with the name of the paper that has all.
    pub(super) fn new<T>(
        caption: &str,
        columns: &[&'static str],
        paper: &str,
        rows: &[T],
        row: impl Fn(&T) -> Vec<Text>,
    ) -> Self {
        let column = |title: &&'static str| match title.strip_prefix('#') {
            Some(title) => Column { title, numeric: true },
            None => Column { title, numeric: false },
        };
        let cut =
            (rows.len() > ROWS).then(|| Text::own(format!("{ROWS} of {} rows shown; all are in {paper}.", rows.len())));
        Self {
            caption: Text::own(caption),
            columns: columns.iter().map(column).collect(),
            rows: rows.iter().take(ROWS).map(row).collect(),
            cut,
        }
    }
}

/// The first direct accesses, each in full with its evidence.
pub(super) fn first_accesses(impact: &Impact) -> Vec<Text> {
    let mut direct: Vec<&Access> = impact.accesses.iter().filter(|a| a.standing == Standing::Direct).collect();
    direct.sort_by_key(|a| (a.time.is_none(), a.time, &a.record, &a.event_ids));
    direct.truncate(FIRST);
    direct.into_iter().map(access).collect()
}

/// One access in one line.
fn access(a: &Access) -> Text {
    let mut text = a
        .time
        .map_or_else(|| Text::own("time unknown"), |at| Text::default().when(at))
        .say(" ")
        .word(a.class.as_str())
        .say(" (")
        .word(a.confidence.as_str())
        .say(") ")
        .value(&a.record.record_type)
        .say(" ")
        .value(&a.record.record_id);
    for (label, value) in [
        ("by", &a.actor_id),
        ("acting as", &a.effective_actor_id),
        ("credential", &a.credential_id),
        ("session", &a.session_id),
        ("from", &a.source_ip),
        ("request", &a.request_id),
    ] {
        if !value.is_empty() {
            text = text.say(format!(", {label} ")).value(value);
        }
    }
    text.say(", events ").values(&a.event_ids).say(", evidence ").places(&a.evidence_refs)
}

/// A time, or the word that it is unknown.
pub(super) fn time(time: Option<Moment>) -> Text {
    time.map_or_else(|| Text::own("time unknown"), Text::at)
}

/// The first values of a list, and how many more there are.
pub(super) fn some(values: &[String]) -> Text {
    more(Text::default().values(values.iter().take(SHOWN)), values.len())
}

/// The first places, and how many more there are.
pub(super) fn places(values: &[EvidenceRef]) -> Text {
    more(Text::default().places(values.iter().take(SHOWN)), values.len())
}

fn more(text: Text, count: usize) -> Text {
    match count.saturating_sub(SHOWN) {
        0 => text,
        hidden => text.say(format!(" and {hidden} more")),
    }
}
