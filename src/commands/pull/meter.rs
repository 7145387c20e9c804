//! What a pull tells of itself while it runs.

use crate::collect::Fetched;
use crate::model::Lane;
use std::collections::BTreeMap;
use std::time::Instant;

/// An offset below this is the time that an answer takes, not a clock that is wrong.
const SKEW_SECONDS: u64 = 5;
/// No estimate is made before so many thousandths of the windows are read.
const EARLY: i128 = 20;

/// Counts of one pull.
pub(super) struct Meter {
    begun: Instant,
    pages: u64,
    events: u64,
    bytes: u64,
    retries: u64,
    /// For each walk, the first and the last moment that it has shown.
    reached: BTreeMap<Lane, (i64, i64)>,
    /// Microseconds of all windows together, and how many of them are read.
    all: i128,
    read: i128,
    offset: Option<i64>,
}

impl Meter {
    pub(super) fn new(all: i128) -> Self {
        let (reached, offset) = (BTreeMap::new(), None);
        Self { begun: Instant::now(), pages: 0, events: 0, bytes: 0, retries: 0, reached, all, read: 0, offset }
    }

    /// Counts a page that is safe.
    pub(super) fn page(&mut self, lane: &Lane, fetched: &Fetched) {
        self.pages = self.pages.saturating_add(1);
        self.bytes = self.bytes.saturating_add(crate::model::wide(fetched.body.len()));
        if let Some(offset) = fetched.clock_offset_s() {
            let nearer = self.offset.is_none_or(|known| offset.unsigned_abs() < known.unsigned_abs());
            self.offset = if nearer { Some(offset) } else { self.offset };
        }
        let Some(facts) = &fetched.facts else { return };
        self.events = self.events.saturating_add(facts.events);
        if let Some((oldest, newest)) = facts.min_time.zip(facts.max_time) {
            self.came_to(lane, (oldest.micros(), newest.micros()));
        }
    }

    /// Counts an attempt.
    pub(super) fn attempt(&mut self) {
        self.retries = self.retries.saturating_add(1);
    }

    /// A walk has come to its end.
    pub(super) fn walked(&mut self, lane: &Lane) {
        if let Some((from, to)) = lane.from.zip(lane.to) {
            self.came_to(lane, (from.micros(), to.micros()));
        }
    }

    fn came_to(&mut self, lane: &Lane, (first, last): (i64, i64)) {
        let length = |(first, last): (i64, i64)| i128::from(last).saturating_sub(i128::from(first));
        let span = self.reached.entry(lane.clone()).or_insert((first, first));
        let before = length(*span);
        *span = (span.0.min(first), span.1.max(last));
        self.read = self.read.saturating_add(length(*span).saturating_sub(before));
    }

    /// Seconds by which the server's clock ran ahead, where it is more than an answer takes.
    pub(super) fn skew(&self) -> Option<i64> {
        self.offset.filter(|offset| offset.unsigned_abs() >= SKEW_SECONDS)
    }

    /// Pages, events, rate, retries, an estimate; and that all of it is safe.
    pub(super) fn line(&self) -> String {
        let seconds = self.begun.elapsed().as_secs();
        let rate = self.events.checked_div(seconds).map_or_else(String::new, |rate| format!(", {rate} events/s"));
        let retries = match self.retries {
            0 => String::new(),
            1 => ", 1 retry".to_owned(),
            n => format!(", {n} retries"),
        };
        let left = self.left(seconds).map_or_else(String::new, |left| format!(", about {left} s left"));
        let (size, pages) = (self.bytes >> 10, if self.pages == 1 { "page" } else { "pages" });
        format!("{} {pages} safe ({} events, {size} KiB){rate}{retries}{left}", self.pages, self.events)
    }

    /// What is left takes as long for its part of the windows as what was read.
    fn left(&self, seconds: u64) -> Option<i128> {
        let read = self.read.min(self.all);
        let enough = read.checked_mul(1000)?.checked_div(self.all.max(1))? >= EARLY;
        let left = self.all.saturating_sub(read);
        (enough && seconds > 0).then(|| i128::from(seconds).checked_mul(left)?.checked_div(read)).flatten()
    }
}
