//! What a responder points at: a record, an event, or a place in the evidence.

use super::deed::citation;
use crate::model::{RecordKey, Tables};
use std::collections::BTreeSet;

/// What is to be explained.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A record that an event names.
    Record(RecordKey),
    /// Events by their index: one, or copies under one id.
    Event(Vec<usize>),
}

/// How many of the nearest ids are told where none fits.
const NEAREST: usize = 3;

/// Everything that a text may mean; where it means nothing, the nearest ids.
pub fn find(tables: &Tables, text: &str) -> Result<Vec<Subject>, Vec<String>> {
    let fits = |record: &RecordKey| record.record_id == text || named(record) == text;
    let records: BTreeSet<&RecordKey> = tables.targets.iter().map(|t| &t.record).filter(|r| fits(r)).collect();
    let cited = |(index, event): (usize, &crate::model::Event)| {
        let place = event.refs.iter().any(|place| place.to_string() == text);
        let hash =
            text.strip_prefix("sha256:").is_some_and(|hash| hash.len() >= 8 && event.content_hash.starts_with(hash));
        (event.source_id == text || place || hash).then_some(index)
    };
    let events: Vec<usize> = tables.events.iter().enumerate().filter_map(cited).collect();
    let mut subjects: Vec<Subject> = records.into_iter().cloned().map(Subject::Record).collect();
    if !events.is_empty() {
        subjects.push(Subject::Event(events));
    }
    if subjects.is_empty() { Err(nearest(tables, text)) } else { Ok(subjects) }
}

/// A record as it is asked for.
fn named(record: &RecordKey) -> String {
    format!("{}:{}", record.record_type, record.record_id)
}

fn nearest(tables: &Tables, text: &str) -> Vec<String> {
    let typed = text.contains(':');
    let records = tables.targets.iter().map(|t| if typed { named(&t.record) } else { t.record.record_id.clone() });
    let ids: BTreeSet<String> = records.chain(tables.events.iter().map(citation)).filter(|id| !id.is_empty()).collect();
    let mut near: Vec<(f64, String)> =
        ids.into_iter().map(|id| (strsim::normalized_damerau_levenshtein(text, &id), id)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    near.into_iter().take(NEAREST).map(|(_, id)| id).collect()
}
