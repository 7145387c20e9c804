//! Bytes off the wire: one organisation's log, page by page, exactly as served.
//!
//! This room fetches and never interprets. It checks only what decides whether the walk may go on.

mod address;
mod client;
mod counted;
mod course;
mod cuts;
mod error;
mod exchange;
mod fetched;
mod fleet;
mod guard;
mod judge;
mod link;
mod offset;
mod pace;
mod piece;
mod position;
mod queue;
mod redact;
mod replay;
mod retry;
mod step;
mod stop;
mod token;
mod walk;
mod walker;
mod way;

pub use client::{Client, Options};
pub use cuts::parts;
pub use error::{CollectError, ErrorClass, Place};
pub use fetched::{Fetched, KeptPage, Kind, Progress};
pub use fleet::{Earlier, KeptBody, Log, News, Spread, sweep};
pub use retry::Retry;
pub use stop::Stop;
pub use token::{Token, TokenError};
pub use walk::{Pages, Scope, pages};
pub use way::{Pem, Way};
