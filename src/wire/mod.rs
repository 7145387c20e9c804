//! Bytes as they come: codings, records, JSON. Pure.

mod coding;
mod envelope;
mod excerpt;
mod json;
mod link;
mod paging;
mod scan;
pub mod time;

pub use coding::{Coding, CodingError, Limits, decode};
pub use envelope::{MAX_CURSOR, goes_on};
pub use excerpt::excerpt;
pub use json::{Json, JsonError, MAX_DEPTH};
pub use link::next_link;
pub use paging::{Next, PageError, PageFacts, page_facts};
pub use scan::{MAX_RECORD, Span, records};
