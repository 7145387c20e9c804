//! Which of organisation V's records did organisation A touch?

pub mod cli;
pub mod clock;
pub mod collect;
pub mod commands;
pub mod evidence;
pub mod model;
pub mod normalize;
pub mod profile;
pub mod reconstruct;
pub mod rehearsal;
pub mod report;
pub mod wire;
