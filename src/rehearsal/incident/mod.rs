//! The rehearsed incident: what is written into which log, and what that must amount to.
//!
//! Every scene writes events into the logs and, in the same breath, what they mean into the truth book.
//! The rules are those of METHODOLOGY.md; no code that answers questions is used to find the truth.

mod background;
mod book;
mod cast;
mod hostile;
mod plant;
mod stage;
mod tables;
mod wire;

use super::OrgLog;
use super::truth::Truth;
use crate::model::Moment;
use stage::Stage;

/// A whole incident with its truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The accessing organisation.
    pub attacker: String,
    /// The owner asked about.
    pub victim: String,
    /// The first moment of the window.
    pub window_from: Moment,
    /// The first moment after the window.
    pub window_to: Moment,
    /// The logs, by organisation; they reach beyond the window on both sides.
    pub logs: Vec<OrgLog>,
    /// CSV with the owners that the logs do not show, and with rows that change nothing.
    pub catalogue_csv: String,
    /// CSV with what was shared with whom.
    pub grants_csv: String,
    /// What was planted, in words, with counts.
    pub planted: Vec<Planted>,
    /// What the answer must say, with the grants given.
    pub truth: Truth,
}

/// One kind of thing that was planted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// What, in words.
    pub what: &'static str,
    /// How many.
    pub count: usize,
}

/// Makes the incident of a seed; the same seed gives the same bytes.
pub fn incident(seed: u64) -> Incident {
    let mut stage = Stage::new(seed);
    background::everyday(&mut stage);
    plant::everything(&mut stage);
    let (attacker, victim) = (stage.a(), stage.v());
    let catalogue_csv = tables::catalogue(&stage.catalogue);
    let grants_csv = tables::grants(&stage.grants);
    let (logs, planted, book) = stage.close();
    Incident {
        attacker,
        victim,
        window_from: stage::FROM,
        window_to: stage::TO,
        logs: logs.into_iter().map(|(org, events)| OrgLog { org, events }).collect(),
        catalogue_csv,
        grants_csv,
        planted,
        truth: book.close(),
    }
}
