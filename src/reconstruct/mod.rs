//! Rows to answers: identity, sides, attribution, ownership, bounds, ledger, coverage.
//!
//! The rules and their examples are METHODOLOGY.md; each file here is one of them.

mod attribution;
mod bulk;
mod claims;
mod columns;
mod coverage;
mod cross_org;
mod deed;
mod discover;
mod discovered;
mod effect;
mod engine;
mod identity;
mod judge;
mod leads;
mod ledger;
mod ownership;
mod queries;
mod question;
mod sides;
mod summary;
mod tally;
mod timeline;

pub use columns::{Judged, judged};
pub use cross_org::{confirmed_so_far, cross_org, cut_off, rename};
pub use discover::discover;
pub use engine::{Cell, Engine, EngineError, Grid};
pub use identity::distinct;
pub use queries::{NamedQuery, named, named_queries};
pub use question::{AllowRow, CatalogueRow, CrossOrg, GrantRow, Knowledge, MemberRow, Validity};
pub use timeline::timeline;
