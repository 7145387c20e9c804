//! Every fact is worded once, here, for every paper and the terminal.

mod coverage;
mod finding;
mod left;
mod method;
mod readings;
mod time;
mod urgent;

pub(super) use coverage::{blind_spots, coverage, lower_bound};
pub(super) use finding::{attempts, bulk, counts, other_standing, question, resolve, unresolved, verdict};
pub(super) use left::{data, left, persistence};
pub(super) use method::{changed, method, words};
pub(super) use readings::amendment;
pub(super) use time::{as_of, span};
pub(super) use urgent::{Suspect, evidence, revoke_first, suspects, war_room};

/// Who may read the internal papers (TLP 2.0, first.org/tlp).
pub(super) const TLP: &str = "TLP:AMBER+STRICT";
