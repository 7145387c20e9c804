//! TEMPORARY: where the tool is bent.
/// a missing outcome of a copy is no redaction
pub const MISSING_OUTCOME: bool = false;
/// a torn outcome is a missing one, and contested
pub const TORN_OUTCOME: bool = false;
/// A's word as the loser counts
pub const LOSER: bool = true;
/// a total is no count
pub const TOTAL: bool = false;
/// a job's requester comes before
pub const JOB: bool = false;
/// a transfer inside a container goes to the container's owner
pub const TRANSFER_IN_CONTAINER: bool = false;
/// a version that names nobody differs
pub const TORN_NAMES: bool = false;
/// several homes are contested
pub const HOME: bool = true;
/// what was minted at an unknown time was not minted for known times
pub const MINT: bool = false;
/// a bare id is owned by its own event's words
pub const BARE: bool = true;
/// changes of unknown time do not hold at known times
pub const UNKNOWN_CHANGE: bool = false;
/// the catalogue is no word before a creation
pub const CATALOGUE_BEFORE: bool = true;
/// a share of an earlier life counts
pub const SHARE_LIFE: bool = false;
/// what was said at an unknown time was not said before
pub const UNKNOWN_SAID: bool = false;
/// a bulk action of anyone is confirmed
pub const BULK_ANYONE: bool = false;
/// a session made inside is its host's own
pub const SESSION: bool = false;
/// whoever takes part in another's job is contested
pub const JOB_SYMMETRY: bool = false;
/// one copy is enough for support
pub const SUPPORT: bool = false;
