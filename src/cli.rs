//! The command line: words only. The one room that reads the environment.

mod examine;
mod look;
mod prepare;
mod reading;
mod wire;

pub use examine::{Format, QueryArgs, VerifyArgs};
pub use look::{DiscoverArgs, ExplainArgs, TimelineArgs, TimelineFormat};
pub use prepare::{
    CheckArgs, CollectArgs, ProfileArgs, ProfileDraftArgs, ProfileListArgs, ProfileShowArgs, ProfileTestArgs,
    ProfileVerb,
};
pub use reading::Reading;
pub use wire::Wire;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Which of organisation V's records did organisation A touch?
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Command,
}

const EXAMPLES: &str = "\
Examples:
  irforensics demo
  irforensics check --base-url https://api.example.com --token-file token.txt --org org_a --org org_v
  irforensics cross-org --attacker org_a --victim org_v --from -7d --to now \\
      --base-url https://api.example.com --token-file token.txt
  irforensics cross-org --attacker 111111111111 --victim 222222222222 \\
      --profile aws-cloudtrail --input logs/
  irforensics cross-org --case CASE --attacker org_a --victim org_v --catalogue owners.csv

Exit status: 0 answered · 3 answered, a lower bound · 2 usage · 4 evidence altered
  5 not authorised · 6 nothing obtained · 7 disk, lock, would overwrite · 8 input not understood
  10 only with --fail-on exposure · 130 interrupted · 1 internal failure";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Before a pull: does the API answer, is the token enough, how far back does the log reach?
    Check(CheckArgs),
    /// Preserve first, ask later: pull logs into evidence without a question
    Collect(CollectArgs),
    /// Which records of the victim did the attacker touch?
    CrossOrg(CrossOrgArgs),
    /// Rehearse: a loopback audit API with a planted incident, pulled and answered
    Demo(DemoArgs),
    /// Which organisations reached into which others? Every pair of the whole log, ranked
    Discover(DiscoverArgs),
    /// Why this owner, class and confidence? One record or event, down to its bytes
    Explain(ExplainArgs),
    /// Take files into evidence without asking a question yet
    Import(ImportArgs),
    /// What a provider's records look like: list, show, test or draft a profile
    Profile(ProfileArgs),
    /// Ask the tables `events` and `targets` of a case in SQL
    Query(QueryArgs),
    /// What the attacker did in the order of time, in bursts; for a spreadsheet or Timesketch
    Timeline(TimelineArgs),
    /// Check every byte of a case's evidence, offline
    Verify(VerifyArgs),
}

/// What to print and how.
#[derive(Clone, Debug, Args)]
pub struct Output {
    /// Print the whole answer as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// Print nothing but the result and errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub no_progress: bool,
    /// Colours and styles
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub color: When,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where logs come from and how they are read.
#[derive(Clone, Debug, Args)]
pub struct Source {
    /// The case folder [default: a new ./irf-UTC-HASH]
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// Base URL of the audit API
    #[arg(long, value_name = "URL", conflicts_with = "input")]
    pub base_url: Option<String>,
    /// Files or folders that hold logs
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub input: Vec<PathBuf>,
    /// What the provider's records look like: a built-in name, or a TOML file [default: native]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Where `resource.org_id` comes from, if not as the profile says: row, session or unknown
    #[arg(long, value_name = "WORD")]
    pub resource_org: Option<String>,
    /// File with the token, `-` for standard input, ORG=FILE for one organisation's
    #[arg(long, value_name = "FILE|-|ORG=FILE")]
    pub token_file: Vec<String>,
    /// Id of the credential behind the token, as the log writes it: tells our own reads of the log apart
    #[arg(long, value_name = "ID")]
    pub own_credential: Vec<String>,
    /// Add a new acquisition to a case that has one
    #[arg(long)]
    pub again: bool,
    /// Sign what is sealed with this unencrypted Ed25519 key of OpenSSH
    #[arg(long, value_name = "FILE")]
    pub sign_key: Option<PathBuf>,
    /// Print what would be asked for and kept; send nothing, make no folder
    #[arg(long)]
    pub dry_run: bool,
    /// How fast and how often an API is read
    #[command(flatten)]
    pub reading: Reading,
    /// How the API is reached
    #[command(flatten)]
    pub wire: Wire,
}

/// `cross-org`.
#[derive(Clone, Debug, Args)]
pub struct CrossOrgArgs {
    /// The accessing organisation; may be repeated
    #[arg(long, value_name = "ORG")]
    pub attacker: Vec<String>,
    /// The organisation whose records were touched; may be repeated
    #[arg(long, value_name = "ORG")]
    pub victim: Vec<String>,
    /// Other ids of an organisation
    #[arg(long, value_name = "ORG=ID,...")]
    pub alias: Vec<String>,
    /// First moment: RFC 3339, YYYY-MM-DD, epoch, -3d, -90m, now
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// First moment after the window
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Pull from this moment on, for evidence of who owns what; accesses count from --from on
    #[arg(long, value_name = "T", allow_hyphen_values = true, requires = "base_url")]
    pub ownership_from: Option<String>,
    /// Ignore acquisitions and events after this moment
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub as_of: Option<String>,
    /// Where logs come from
    #[command(flatten)]
    pub source: Source,
    /// CSV: `record_type,record_id,owner_org`, also `valid_from,valid_to,created_at,deleted_at,parent_id`,
    /// `data_categories,subject_id`
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
    /// Replace papers that stand in the way; evidence is never replaced
    #[arg(long)]
    pub force: bool,
    /// Exit 10 where records were accessed
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// What ends with a status of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Records of the victim were accessed
    Exposure,
}

/// `demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Folder for the case and the tables of the rehearsal [default: a new ./irf-UTC-HASH]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Another incident for another number
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Answer without the catalogue: the same incident as a lower bound
    #[arg(long)]
    pub without_catalogue: bool,
    /// Leave the audit API up until Ctrl-C, and print the command for another terminal
    #[arg(long)]
    pub keep_serving: bool,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// `import`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// Files or folders that hold logs
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// What the records look like: a built-in name, or a TOML file [default: the case's, or native]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// The case folder [default: a new ./irf-UTC-HASH]
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// Add a new acquisition to a case that has one
    #[arg(long)]
    pub again: bool,
    /// Sign what is sealed with this unencrypted Ed25519 key of OpenSSH
    #[arg(long, value_name = "FILE")]
    pub sign_key: Option<PathBuf>,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// What the environment says.
#[derive(Clone, Default)]
pub struct Environment {
    /// The token, where no file gives one.
    pub token: Option<String>,
    /// Whether colours are unwanted.
    pub no_color: bool,
    /// The words of the command line, to be said again where it is to be repeated; no secret stands in them.
    pub words: Vec<String>,
    /// Names of the variables that name a proxy; none of them is followed.
    pub proxies: Vec<&'static str>,
}

impl Environment {
    /// Reads the environment once.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
    pub fn read() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
        let mut proxies = vec!["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        proxies.retain(|name| set(name).is_some());
        Self { words, token: set("IRFORENSICS_TOKEN"), no_color: set("NO_COLOR").is_some() || dumb, proxies }
    }
}
