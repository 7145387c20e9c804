//! A rehearsed incident: seeded logs, and the answer that they must lead to.
//!
//! The truth is known because it was planted; nothing here reconstructs anything.

mod incident;
mod random;
mod truth;

pub use incident::{Incident, LoggedEvent, OrgLog, Planted, incident};
pub use truth::{AnswerTruth, AttemptTruth, BulkTruth, LedgerTruth, StandingTruth, Truth, UnresolvedTruth, compare};
