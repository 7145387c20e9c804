//! The only asker of the time.

use crate::model::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// The wall clock, in UTC.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is asked")]
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
