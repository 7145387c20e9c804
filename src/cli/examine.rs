//! Verbs that look at a case and ask nothing of an API: SQL, and verification.

use super::Output;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `query`.
#[derive(Clone, Debug, Args)]
pub struct QueryArgs {
    /// `@NAME` of a question, or SQL; without it, the questions are listed
    #[arg(value_name = "@NAME|SQL")]
    pub sql: Option<String>,
    /// The case folder
    #[arg(long, value_name = "DIR")]
    pub case: PathBuf,
    /// What the question is told: a column of its table `params`; names in `_us` take any time
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub param: Vec<String>,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading; log text is made harmless
    Table,
    /// RFC 4180, safe for spreadsheets
    Csv,
    /// One JSON object a line, exact
    Ndjson,
}

/// `verify`.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// The case folder
    #[arg(value_name = "CASE")]
    pub case: PathBuf,
    /// Public key, or `allowed_signers` file of OpenSSH: every acquisition must be signed by one of them
    #[arg(long, value_name = "FILE")]
    pub signer: Option<PathBuf>,
    /// Write an entry into the custody chain of the case; without it nothing is written
    #[arg(long)]
    pub record: bool,
    /// Who verifies, for the entry
    #[arg(long, value_name = "TEXT", requires = "record")]
    pub by: Option<String>,
    /// What to print
    #[command(flatten)]
    pub output: Output,
}
