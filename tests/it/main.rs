//! The one integration binary.

mod paper_sample;
mod papers;
mod rehearsal;
mod rehearsed_answer;
