//! The nouns of the house. Pure: no input, no output, no engine.

mod answer;
mod coverage;
mod data;
mod discovery;
mod event;
mod explanation;
mod ids;
mod impact;
mod lane;
mod persistence;
mod reading;
mod timeline;
mod window;
mod words;

pub use answer::{Access, ActorRow, Attempt, Bound, BulkAction, EventCitation, Lead, LedgerRecord, Unresolved};
pub use coverage::{AcquisitionSummary, Coverage, Gap, LogCoverage};
pub use data::{CategoryCount, DataHeld};
pub use discovery::{Discovery, Ownerless, Pair};
pub use event::{
    Conflict, ConflictKind, Decoded, Disagreement, Event, Minted, Quarantined, Row, Share, Tables, Target,
};
pub use explanation::{
    ActionExplained, ActionResult, Belongs, CitedBytes, ClaimExplained, Decision, Explanation, RecordExplained,
};
pub use ids::{EvidenceRef, OrgId, RecordKey, hex, wide};
pub use impact::{ClassCount, Impact, QuarantineRow, Question, SCHEMA_VERSION, Summary, Verdict};
pub use lane::Lane;
pub use persistence::Persistence;
pub use reading::{Again, FilterCheck, Reading, ReadingKind, Sighting};
pub use timeline::{Burst, LineKind, Timeline, TimelineLine};
pub use window::{Moment, Window};
pub use words::{
    AccessClass, AttributionRule, Confidence, MintKind, Outcome, OwnerRule, Phase, Relation, Side, Standing, Verb,
};
