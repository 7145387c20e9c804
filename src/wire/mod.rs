//! Bytes as they come: codings, records, JSON. Pure.

mod coding;
mod envelope;
mod excerpt;
mod json;
mod paging;
mod scan;

pub use coding::{Coding, CodingError, Limits, decode};
pub use envelope::{MAX_CURSOR, goes_on};
pub use excerpt::excerpt;
pub use json::{Json, JsonError, MAX_DEPTH};
pub use paging::{Next, PageError, PageFacts, page_facts};
pub use scan::{MAX_RECORD, Span, records};
