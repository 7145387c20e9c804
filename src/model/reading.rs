//! How often a log was read from an API, and whether the readings agree.

use super::{EvidenceRef, Moment, OrgId, Window};
use serde::{Deserialize, Serialize};

super::words::words! {
    /// What an acquisition is among the readings of a window.
    ReadingKind {
        /// The first; nothing has confirmed it.
        Single = "single walk",
        /// All of it read again, with other pages and cuts.
        Second = "second walk",
        /// The end of the window read again, once late events had arrived.
        Tail = "tail read again",
    }
}

/// One pull and every reading that was held against it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Reading {
    /// The acquisition that was read first.
    pub acquisition: String,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// Whether it read everyone's log, so that no filter by organisation could leave anything out.
    pub everyone: bool,
    /// The further readings, in order.
    pub again: Vec<Again>,
}

/// What a further reading showed, held against everything read before it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Again {
    /// The acquisition.
    pub acquisition: String,
    /// What it is.
    pub kind: ReadingKind,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// The window that was read again.
    pub window: Window,
    /// Whether it reached the end of every log that it began; what it did not reach is not compared.
    pub whole: bool,
    /// Events that both show with equal content.
    pub same: u64,
    /// Events that both show with other content; they stand among the conflicts too.
    pub changed: Vec<Sighting>,
    /// Events that only this reading shows: late, or left out before.
    pub appeared: Vec<Sighting>,
    /// Events that it no longer shows, though it shows older ones.
    pub vanished: Vec<Sighting>,
    /// What a page of everyone's log says of the filter by organisation; none where none could be read.
    pub filter: Option<FilterCheck>,
    /// Events that it no longer shows at the old end of the log, as a log loses them that is kept for so long only.
    pub expired: u64,
}

/// A page of everyone's log, held against what the filter by organisation let through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct FilterCheck {
    /// Events of the page that lie in the logs that were read.
    pub events: u64,
    /// Those of them that no filtered reading shows.
    pub left_out: Vec<Sighting>,
    /// Organisations of the page whose ids differ from one that was read only by case or by spaces.
    pub alike: Vec<OrgId>,
}

/// An event that readings do not agree on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Sighting {
    /// When it happened.
    pub time: Option<Moment>,
    /// In whose log.
    pub log_org: Option<OrgId>,
    /// Its id, or `sha256:` and the beginning of its content's hash.
    pub event: String,
    /// Where it lies in the evidence.
    pub place: EvidenceRef,
}

impl Again {
    /// Whether it shows what was read before, and nothing else.
    pub fn agrees(&self) -> bool {
        self.appeared.is_empty() && self.vanished.is_empty() && self.changed.is_empty()
    }
}

impl Reading {
    /// The last further reading of the whole window that came to its end.
    pub fn confirmed_by(&self) -> Option<&Again> {
        self.again.iter().rfind(|again| again.kind == ReadingKind::Second && again.whole)
    }

    /// Events of the last reading that none before it had shown; none where time was given for late events.
    pub fn still_appearing(&self) -> usize {
        let last = self.again.last().filter(|again| again.kind != ReadingKind::Tail);
        last.map_or(0, |again| again.appeared.len())
    }

    /// Events that the filter by organisation left out.
    pub fn left_out(&self) -> usize {
        let checks = self.again.iter().filter_map(|again| again.filter.as_ref());
        checks.fold(0, |sum, check| sum.saturating_add(check.left_out.len()))
    }

    /// Events that a reading no longer showed.
    pub fn vanished(&self) -> usize {
        self.again.iter().fold(0, |sum, again| sum.saturating_add(again.vanished.len()))
    }
}
