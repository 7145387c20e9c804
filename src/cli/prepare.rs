//! The verbs before a question: collect a log, check an API, describe a provider.

use super::{Output, Source};
use clap::{Args, Subcommand};
use std::path::PathBuf;

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

const CHECK: &str = "\
Examples:
  irforensics check --base-url https://api.example.com --token-file token.txt --org org_a --org org_v
Nothing is kept: no case is made, and what is asked for is not evidence.";

/// `check`.
#[derive(Clone, Debug, Args)]
#[command(after_help = CHECK, mut_args(|arg| {
    let unused = matches!(arg.get_id().as_str(), "input" | "again" | "resource_org" | "dry_run");
    if unused { arg.hide(true) } else { arg }
}))]
pub struct CheckArgs {
    /// The organisation whose log is to be pulled; two show whether the API tells them apart
    #[arg(long, value_name = "ORG")]
    pub org: Vec<String>,
    /// Which API
    #[command(flatten)]
    pub source: Source,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

const PROFILE: &str = "\
Examples:
  irforensics profile list
  irforensics profile show native > mine.toml
  irforensics profile draft page.json > mine.toml
  irforensics profile draft 'https://api.example.com/v2/events?org=org_a' --token-file token.txt > mine.toml
  irforensics profile test mine.toml page.json";

/// `profile`.
#[derive(Clone, Debug, Args)]
#[command(after_help = PROFILE, arg_required_else_help = true)]
pub struct ProfileArgs {
    /// What to do with profiles.
    #[command(subcommand)]
    pub verb: ProfileVerb,
}

/// The verbs of `profile`.
#[derive(Clone, Debug, Subcommand)]
pub enum ProfileVerb {
    /// Name the built-in profiles
    List(ProfileListArgs),
    /// Print a profile's TOML
    Show(ProfileShowArgs),
    /// Read files with a profile: what fits, which columns are filled, what is not understood
    Test(ProfileTestArgs),
    /// Propose a profile for one page or file, on standard output
    Draft(ProfileDraftArgs),
}

/// `profile list`.
#[derive(Clone, Debug, Args)]
pub struct ProfileListArgs {
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// `profile show`.
#[derive(Clone, Debug, Args)]
pub struct ProfileShowArgs {
    /// A built-in name, or a TOML file
    #[arg(value_name = "NAME|FILE")]
    pub profile: String,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// `profile test`.
#[derive(Clone, Debug, Args)]
pub struct ProfileTestArgs {
    /// A built-in name, or a TOML file
    #[arg(value_name = "NAME|FILE")]
    pub profile: String,
    /// Files or folders that hold logs
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// `profile draft`.
#[derive(Clone, Debug, Args)]
pub struct ProfileDraftArgs {
    /// A file, or the address of one page with its query
    #[arg(value_name = "URL|FILE")]
    pub place: String,
    /// File with the token for an address, `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub token_file: Vec<String>,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

impl ProfileVerb {
    /// What to print.
    pub fn output(&self) -> &Output {
        match self {
            Self::List(args) => &args.output,
            Self::Show(args) => &args.output,
            Self::Test(args) => &args.output,
            Self::Draft(args) => &args.output,
        }
    }
}
