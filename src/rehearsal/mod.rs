//! A rehearsed incident, and a loopback audit API that serves it, with faults on demand.

mod server;

pub use server::{Fault, Seen, Server, Trouble};

use crate::model::Moment;

/// One organisation's own log.
#[derive(Clone, Debug, Default)]
pub struct OrgLog {
    /// Whose log.
    pub org: String,
    /// Its events; the server puts them in its own order.
    pub events: Vec<EventRow>,
}

/// One audit record as JSON text.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The moment that stands in it.
    pub time: Moment,
    /// The record; nothing but its `id` is ever read here.
    pub json: String,
}
