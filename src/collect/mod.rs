//! Bytes off the wire: one organisation's log, page by page, exactly as served.
//!
//! This room fetches and never interprets. It checks only what decides whether the walk may go on.

mod client;
mod error;
mod exchange;
mod fetched;
mod guard;
mod judge;
mod probe;
mod redact;
mod retry;
mod step;
mod token;
mod walk;

pub use client::{Client, Options};
pub use error::{CollectError, ErrorClass, Place};
pub use fetched::{Fetched, Kind, Progress};
pub use probe::Probed;
pub use retry::Retry;
pub use token::{Token, TokenError};
pub use walk::{Pages, Scope, pages};
