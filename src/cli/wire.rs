//! How the audit API is reached, and with how much patience.

use clap::Args;
use std::path::PathBuf;

/// How the API is reached.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct Wire {
    /// Trust the certificate authorities of this PEM file, and no others
    #[arg(long, value_name = "FILE", requires = "base_url")]
    pub ca_cert: Option<PathBuf>,
    /// PEM file with a certificate to show to the API
    #[arg(long, value_name = "FILE", requires_all = ["base_url", "client_key"])]
    pub client_cert: Option<PathBuf>,
    /// PEM file with the private key of --client-cert
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
    /// Go through this HTTP proxy; proxies that the environment or a .netrc names are never used
    #[arg(long, value_name = "URL", requires = "base_url")]
    pub proxy: Option<String>,
    /// Longest silence of the API before it is asked again, in seconds [default: 45]
    #[arg(long, value_name = "SECONDS", requires = "base_url", value_parser = seconds)]
    pub timeout: Option<f64>,
    /// How often one page is asked for before it becomes a gap [default: 6]
    #[arg(long, value_name = "N", requires = "base_url", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub tries: Option<u32>,
    /// Longest wait before a page is asked for again, whatever the API wishes, in seconds [default: 60]
    #[arg(long, value_name = "SECONDS", requires = "base_url", value_parser = seconds)]
    pub max_wait: Option<f64>,
}

/// A number of seconds above zero, a day at most.
fn seconds(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    number.ok_or_else(|| "a number of seconds from 0.001 to 86400 is needed".to_owned())
}
