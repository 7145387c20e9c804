//! How far the server's clock is from ours.

use super::fetched::Fetched;
use super::retry::{header, http_date};

impl Fetched {
    /// Seconds by which the `Date` of the answer lies after the sending of its request; a second either way is no skew.
    pub fn clock_offset_s(&self) -> Option<i64> {
        let date = header(&self.headers, "date").and_then(http_date)?;
        date.micros().saturating_sub(self.at.micros()).checked_div(1_000_000)
    }
}
