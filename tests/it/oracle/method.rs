//! The method, once more: METHODOLOGY.md read line by line, quadratic and without cleverness.

pub mod action;
pub mod answer;
pub mod attempts;
pub mod bend;
pub mod bulk;
pub mod claims;
pub mod copies;
pub mod event;
pub mod exact;
pub mod identity;
pub mod json;
pub mod ledger;
pub mod minted;
pub mod owner;
pub mod question;
pub mod standing;
pub mod who;

pub use answer::Answer;
pub use question::{Allow, Catalogue, Delivered, Grant, Log, Member, Question, ResourceOrg, Span};

use std::collections::BTreeSet;

/// A set of organisations, or of other ids.
pub type Ids = BTreeSet<String>;

/// Microseconds since 1970.
pub type Time = Option<i64>;

/// Answers the question from the delivered records, as the document says.
pub fn answer(log: &Log, question: &Question) -> Answer {
    let read = event::read(log, question);
    let raw = u64::try_from(log.records.len()).unwrap();
    let (events, conflicts) = identity::distinct(read.events);
    let actions = action::actions(&events, question);
    let who = who::attribute(&events, &actions, question);
    let owners = owner::Owners::new(&actions, &who, question);
    exact::answer(
        &exact::Facts { question, events: &events, actions: &actions, who: &who, owners: &owners },
        raw,
        read.quarantined,
        conflicts,
        log.cut_short,
    )
}
