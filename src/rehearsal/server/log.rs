//! The events that the server holds, in the order in which it serves them.

use super::super::{LoggedEvent, OrgLog};
use crate::model::{Moment, Window};
use std::sync::Arc;

/// One event, ready to be served.
struct Row {
    time: Moment,
    id: String,
    org: Arc<str>,
    json: String,
}

/// Everyone's events, by timestamp and then id, descending.
pub(super) struct Log {
    rows: Vec<Row>,
}

impl Log {
    pub(super) fn new(logs: Vec<OrgLog>) -> Self {
        let mut rows = Vec::new();
        for OrgLog { org, events } in logs {
            let org: Arc<str> = org.into();
            rows.extend(events.into_iter().map(|row| prepare(row, &org)));
        }
        rows.sort_by(|a, b| (b.time, &b.id, &b.org).cmp(&(a.time, &a.id, &a.org)));
        Self { rows }
    }

    /// A stretch of the events of one organisation, or of all, inside a window; and how many there are.
    pub(super) fn stretch(&self, org: Option<&str>, window: Window, skip: usize, take: usize) -> (Vec<&str>, usize) {
        let fits = |row: &&Row| org.is_none_or(|org| *row.org == *org) && window.contains(row.time);
        let total = self.rows.iter().filter(fits).count();
        let rows = self.rows.iter().filter(fits).skip(skip).take(take);
        (rows.map(|row| row.json.as_str()).collect(), total)
    }
}

fn prepare(event: LoggedEvent, org: &Arc<str>) -> Row {
    let LoggedEvent { time, id, json } = event;
    Row { time, id, org: Arc::clone(org), json }
}
