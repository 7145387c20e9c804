//! Parse, call, turn the outcome into an exit status.

use clap::Parser;
use irforensics::cli::{Cli, Environment};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    ExitCode::from(irforensics::commands::run(&cli, &Environment::read()))
}
