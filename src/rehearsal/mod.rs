//! A rehearsed incident with its planted truth, and a loopback audit API that serves it, with faults on demand.
//!
//! The truth is known because it was planted; nothing here reconstructs anything.

mod incident;
mod random;
mod server;
mod truth;

pub use incident::{Incident, Planted, incident};
pub use server::{Fault, Seen, Server, Trouble};
pub use truth::{AnswerTruth, AttemptTruth, BulkTruth, LedgerTruth, StandingTruth, Truth, UnresolvedTruth, compare};

use crate::model::Moment;

/// The audit log of one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgLog {
    /// Whose log.
    pub org: String,
    /// The events, by time and then id, descending, as the API serves them.
    pub events: Vec<LoggedEvent>,
}

/// One audit record as served, and what a server sorts and filters it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// When it happened.
    pub time: Moment,
    /// The id that the backend gave it.
    pub id: String,
    /// The record as JSON on one line.
    pub json: String,
}
