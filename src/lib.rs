//! Which of organisation V's records did organisation A touch?

pub mod model;
pub mod rehearsal;
