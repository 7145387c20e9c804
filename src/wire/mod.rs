//! Bytes as they come: codings, records, JSON. Pure.

mod coding;
mod json;
mod scan;

pub use coding::{Coding, CodingError, Limits, decode};
pub use json::{Json, JsonError, MAX_DEPTH};
pub use scan::{MAX_RECORD, Span, records};
