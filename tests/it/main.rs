//! The one integration binary.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by panicking, its helpers too"
)]

mod architecture;
mod canary;
mod cli;
mod collect;
mod crash;
mod evidence;
mod faults;
mod laws;
mod living;
mod oracle;
mod paper_sample;
mod papers;
mod rehearsal;
mod rehearsed_answer;
mod samples;
