//! Bytes as they come: codings, records, JSON. Pure.

mod coding;
mod json;
mod paging;
mod scan;

pub use coding::{Coding, CodingError, Limits, decode};
pub use json::{Json, JsonError, MAX_DEPTH};
pub use paging::{MAX_CURSOR, Next, PageError, PageFacts, excerpt, page_facts};
pub use scan::{MAX_RECORD, Span, records};
