//! The one integration binary.

mod architecture;
mod collect;
mod paper_sample;
mod papers;
mod rehearsal;
mod samples;
