//! The one integration binary.

mod cli;
mod collect;
mod paper_sample;
mod papers;
mod rehearsal;
mod rehearsed_answer;
