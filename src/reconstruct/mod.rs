//! Rows to answers: identity, sides, attribution, ownership, bounds, ledger, coverage.
//!
//! The rules and their examples are METHODOLOGY.md; each file here is one of them.

mod actors;
mod ask;
mod attribution;
mod basis;
mod bulk;
mod claims;
mod columns;
mod coverage;
mod cross_org;
mod data;
mod deed;
mod discover;
mod discovered;
mod effect;
mod engine;
mod explain;
mod identity;
mod jobs;
mod judge;
mod leads;
mod ledger;
mod lives;
mod minted;
mod own;
mod ownership;
mod persistence;
mod phases;
mod queries;
mod question;
mod readings;
mod redaction;
mod shares;
mod sides;
mod standing;
mod statement;
mod subject;
mod summary;
mod tally;
mod tampering;
mod timeline;

pub use columns::{Judged, judged};
pub use cross_org::{confirmed_so_far, cross_org, cut_off, rename};
pub use discover::discover;
pub use engine::{Cell, Engine, EngineError, Grid};
pub use explain::{Subject, explain, find};
pub use identity::distinct;
pub use own::OwnReads;
pub use queries::{NamedQuery, named, named_queries};
pub use question::{AllowRow, CatalogueRow, CrossOrg, GrantRow, Knowledge, MemberRow, Validity};
pub use readings::{Readings, vanished};
pub use timeline::timeline;
