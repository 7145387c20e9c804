//! Which of organisation V's records did organisation A touch?
//!
//! An on-call lead asks it at night, a privacy counsel signs a notice on the answer, and an auditor derives it again
//! years later, offline, from the same bytes. So three promises decide every trade-off, in this order.
//! **Never silently wrong:** an answer is exact, or it says that it is a lower bound and lists every reason.
//! **Evidence first:** bytes are safe on disk before anyone reads them, and every number leads back to them.
//! **Fast and simple:** one binary, no set-up.
//!
//! Data walks through the rooms in one direction: the one who fetches never interprets, the one who interprets never
//! fetches, and the one who reports never computes. How things are counted is METHODOLOGY.md; who may know whom is
//! ARCHITECTURE.md, and a test holds it.

// The nouns, and what is pure.
pub mod model;

pub mod profile;

pub mod wire;

// The way of the data.
pub mod collect;

pub mod evidence;

pub mod normalize;

pub mod reconstruct;

pub mod report;

// An incident with known truth, to rehearse all of it.
pub mod rehearsal;

// Those who ask.
pub mod clock;

pub mod cli;

pub mod commands;
