//! One verb a file, each a readable recipe of the rooms.

mod ask;
mod check;
mod collect;
mod cross_org;
mod demo;
mod discover;
mod dry_run;
mod explain;
mod facts;
mod grid;
mod import;
mod knowledge;
mod last;
mod moment;
mod papers;
mod place;
mod profile;
mod pull;
mod query;
mod screen;
mod status;
mod tables;
mod take_in;
mod timeline;
mod token;
mod verify;

pub use status::{Failure, Status};

use crate::cli::{Cli, Command, Environment, Output};
use screen::Screen;

/// Runs one command line and returns the exit status of the process.
pub fn run(cli: &Cli, environment: &Environment) -> u8 {
    let screen = Screen::new(output(&cli.verb), environment);
    let ended = match &cli.verb {
        Command::Check(args) => check::run(args, environment, &screen),
        Command::Collect(args) => collect::run(args, environment, &screen),
        Command::CrossOrg(args) => cross_org::run(args, environment, &screen),
        Command::Demo(args) => demo::run(args, environment, &screen),
        Command::Discover(args) => discover::run(args, environment, &screen),
        Command::Explain(args) => explain::run(args, &screen),
        Command::Import(args) => import::run(args, &screen),
        Command::Profile(args) => profile::run(&args.verb, environment, &screen),
        Command::Query(args) => query::run(args, &screen),
        Command::Timeline(args) => timeline::run(args, &screen),
        Command::Verify(args) => verify::run(args, &screen),
    };
    screen.done();
    let status = ended.unwrap_or_else(|failure| {
        screen.error(&failure.message);
        failure.status
    });
    status.code()
}

fn output(verb: &Command) -> &Output {
    match verb {
        Command::Check(args) => &args.output,
        Command::Collect(args) => &args.output,
        Command::CrossOrg(args) => &args.output,
        Command::Demo(args) => &args.output,
        Command::Discover(args) => &args.output,
        Command::Explain(args) => &args.output,
        Command::Import(args) => &args.output,
        Command::Profile(args) => args.verb.output(),
        Command::Query(args) => &args.output,
        Command::Timeline(args) => &args.output,
        Command::Verify(args) => &args.output,
    }
}
