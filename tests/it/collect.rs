//! The collector against the loopback audit API, healthy and faulty.

mod fleet;
mod paging;
mod replay;
mod secrets;
mod status;
mod styles;
mod support;
mod transport;
mod whole;
