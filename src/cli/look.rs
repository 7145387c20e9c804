//! The verbs that look further than one pair, or closer than its ledger.

use super::{Output, Source};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `discover`.
#[derive(Clone, Debug, Args)]
pub struct DiscoverArgs {
    /// Other ids of an organisation
    #[arg(long, value_name = "ORG=ID,...")]
    pub alias: Vec<String>,
    /// First moment: RFC 3339, YYYY-MM-DD, epoch, -3d, -90m, now
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// First moment after the window
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Ignore acquisitions and events after this moment
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub as_of: Option<String>,
    /// Where logs come from; over HTTP with a platform token, in one walk over everyone's log
    #[command(flatten)]
    pub source: Source,
    /// CSV: `record_type,record_id,owner_org`, also `valid_from,valid_to,created_at,deleted_at,parent_id`
    #[arg(long, value_name = "FILE")]
    pub catalogue: Option<PathBuf>,
    /// CSV: `actor_id,org_id`, also `valid_from,valid_to`
    #[arg(long, value_name = "FILE")]
    pub members: Option<PathBuf>,
    /// CSV: `org_id,record_type,record_id` (`*`: every one), also `valid_from,valid_to`; shares known beforehand
    #[arg(long, value_name = "FILE")]
    pub grants: Option<PathBuf>,
    /// CSV: `actor_id,credential_id,action`; what is expected, every given column must match
    #[arg(long, value_name = "FILE")]
    pub allow: Option<PathBuf>,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// `timeline`.
#[derive(Clone, Debug, Args)]
pub struct TimelineArgs {
    /// The case folder, asked with cross-org before
    #[arg(value_name = "CASE")]
    pub case: PathBuf,
    /// Bursts as a table, or every line as CSV or as JSON lines for Timesketch
    #[arg(long, value_enum, default_value_t = TimelineFormat::Table)]
    pub format: TimelineFormat,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// How a timeline is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimelineFormat {
    /// Bursts, for reading
    Table,
    /// Every line, safe for spreadsheets
    Csv,
    /// Every line as a JSON object with `message`, `datetime` and `timestamp_desc`
    Timesketch,
}
