//! The method, once more: METHODOLOGY.md read line by line, quadratic and without cleverness.

pub(crate) mod action;
pub(crate) mod answer;
pub(crate) mod attempts;
pub(crate) mod bulk;
pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod copies;
pub(crate) mod event;
pub(crate) mod exact;
pub(crate) mod identity;
pub(crate) mod json;
pub(crate) mod ledger;
pub(crate) mod minted;
pub(crate) mod owner;
pub(crate) mod question;
pub(crate) mod standing;
pub(crate) mod targets;
pub(crate) mod who;

pub(crate) use answer::Answer;
pub(crate) use question::{Allow, Catalogue, Delivered, Grant, Log, Member, Question, ResourceOrg, Span};

use std::collections::BTreeSet;

/// A set of organisations, or of other ids.
pub(crate) type Ids = BTreeSet<String>;

/// Microseconds since 1970.
pub(crate) type Time = Option<i64>;

/// Answers the question from the delivered records, as the document says.
pub(crate) fn answer(log: &Log, question: &Question) -> Answer {
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
