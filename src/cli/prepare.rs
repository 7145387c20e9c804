//! The verbs before a question: collect a log, check an API, describe a provider.

use super::{Output, Source};
use clap::Args;

const COLLECT: &str = "\
Examples:
  irforensics collect --org org_a --org org_v --from -30d --to now \\
      --base-url https://api.example.com --token-file token.txt --case CASE
  irforensics collect --all-orgs --from -30d --to now \\
      --base-url https://api.example.com --token-file platform.txt --case CASE
Then, offline:
  irforensics cross-org --case CASE --attacker org_a --victim org_v
  irforensics discover --case CASE";

/// `collect`.
#[derive(Clone, Debug, Args)]
#[command(after_help = COLLECT, mut_arg("input", |arg| arg.hide(true)))]
pub struct CollectArgs {
    /// The organisation whose log is pulled; may be repeated
    #[arg(long, value_name = "ORG", required_unless_present = "all_orgs")]
    pub org: Vec<String>,
    /// Everyone's log in one walk, with a platform token
    #[arg(long, conflicts_with = "org")]
    pub all_orgs: bool,
    /// Other ids of an organisation
    #[arg(long, value_name = "ORG=ID,...")]
    pub alias: Vec<String>,
    /// First moment: RFC 3339, YYYY-MM-DD, epoch, -3d, -90m, now
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub from: String,
    /// First moment after the window
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub to: String,
    /// Where the log comes from; files go in with `import`
    #[command(flatten)]
    pub source: Source,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}
