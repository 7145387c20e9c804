//! What was asked for against what was proven: it travels with every answer.

use super::{EventCitation, Lead, Moment, OrgId, Reading, Window};
use serde::{Deserialize, Serialize};

/// A part of the question that the evidence does not cover.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Gap {
    /// Whose log, if the gap is one log's.
    pub log_org: Option<OrgId>,
    /// First moment not covered; none means since the beginning.
    pub from: Option<Moment>,
    /// First moment covered again; none means until the end.
    pub to: Option<Moment>,
    /// Why, and what was tried.
    pub reason: String,
}

/// How one organisation's own log is covered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct LogCoverage {
    /// Whose log.
    pub org: OrgId,
    /// Distinct events in this log.
    pub events: u64,
    /// Of those, how many lie in the window or have no known time.
    pub events_in_window: u64,
    /// The earliest event.
    pub first: Option<Moment>,
    /// The latest event.
    pub last: Option<Moment>,
    /// Whether pulls proved that the whole window was read.
    pub walked: bool,
    /// The first event, where the silence before it is so long that the log may only begin there.
    pub begins: Option<Moment>,
    /// What it shows at all.
    pub shows: Shows,
}

impl LogCoverage {
    /// A log of which nothing is known yet.
    pub fn of(org: OrgId) -> Self {
        let shows = Shows::default();
        Self { org, events: 0, events_in_window: 0, first: None, last: None, walked: false, begins: None, shows }
    }
}

/// Events of one kind in a log, in the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Sight {
    /// How many.
    pub events: u64,
    /// The first of them.
    pub example: Option<EventCitation>,
}

/// Which kinds of events an organisation's own log shows in the window.
///
/// What a log never shows it may not record: an absence of that kind proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Shows {
    /// Reads that took effect, by anyone.
    pub reads: Sight,
    /// Lists, searches and exports that took effect, by anyone.
    pub bulk_reads: Sight,
    /// Anything that was refused.
    pub refusals: Sight,
    /// Anything done by an actor of another organisation.
    pub outsiders: Sight,
    /// Anything done by an actor who is known to have left the organisation.
    pub departed: Sight,
    /// How many actors are known to have left it.
    pub departed_known: u64,
}

impl Shows {
    /// Whether anything proves that this log records what hands records out.
    pub fn any_reading(&self) -> bool {
        self.reads.events > 0 || self.bulk_reads.events > 0
    }
}

/// One acquisition as the answer used it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct AcquisitionSummary {
    /// `acq-0001`.
    pub name: String,
    /// Where it came from: a base URL without query, or `files`.
    pub source: String,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// SHA-256 of its seal.
    pub seal_sha256: String,
    /// Pages kept.
    pub pages: u64,
    /// Bytes kept, still content-coded.
    pub bytes: u64,
}

/// Coverage of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, told under its name in impact.json")]
pub struct Coverage {
    /// The window asked about.
    pub window: Window,
    /// The logs of the organisations in question that hold events.
    pub logs: Vec<LogCoverage>,
    /// Organisations in question whose own log holds no event and was not walked.
    pub absent_logs: Vec<OrgId>,
    /// What is not covered.
    pub gaps: Vec<Gap>,
    /// Records found before duplicates were joined.
    pub raw: u64,
    /// Distinct events.
    pub distinct: u64,
    /// Distinct events inside the window.
    pub in_window: u64,
    /// Events of the accessing organisations inside the window.
    pub by_attackers: u64,
    /// Records that could not be decoded.
    pub quarantined: u64,
    /// Of those, how many mention an id of the question.
    pub quarantined_mentions: u64,
    /// Events without a usable time.
    pub time_unknown: u64,
    /// Of those, how many are accesses or attempts of the question.
    pub time_unknown_touching: u64,
    /// Events whose time had no zone.
    pub zone_assumed: u64,
    /// Events on records in question whose actor nothing attributes.
    pub unattributed: u64,
    /// Events by the accessing organisations whose action the profile does not know.
    pub unclassified: u64,
    /// Conflicts between versions, in the whole evidence.
    pub conflicts: u64,
    /// Of those, how many touch an access or attempt.
    pub conflicts_touching: u64,
    /// Actions that altered or silenced an audit log in question.
    pub log_altered: Vec<Lead>,
    /// Whether the own logs in question prove that the reads asked about would have been recorded.
    pub reads_proven: bool,
    /// When the beginning of the window falls out of the log, where the profile says how long it is kept.
    pub expires: Option<Moment>,
    /// How often each pull was read, and whether the readings agree.
    pub readings: Vec<Reading>,
    /// Seconds by which the server's clock ran ahead of ours during a pull, where it was more than a few.
    pub clock_offset_s: Option<i64>,
    /// Whether this log records reads at all.
    pub reads_visible: bool,
    /// Whether this log records lists, searches or exports at all.
    pub bulk_visible: bool,
    /// Whether this log records refusals at all.
    pub denials_visible: bool,
}
