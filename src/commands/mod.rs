//! One verb a file, each a readable recipe of the rooms.

mod ask;
mod cross_org;
mod demo;
mod discover;
mod explain;
mod facts;
mod grid;
mod import;
mod interrupt;
mod knowledge;
mod last;
mod moment;
mod own_token;
mod papers;
mod place;
mod pull;
mod query;
mod resume;
mod screen;
mod status;
mod tables;
mod take_in;
mod timeline;
mod token;
mod verify;
mod wire;

pub use status::{Failure, Status};

use crate::cli::{Cli, Command, Environment, Output};
use screen::Screen;

/// Runs one command line and returns the exit status of the process.
pub fn run(cli: &Cli, environment: &Environment) -> u8 {
    let screen = Screen::new(output(&cli.verb), environment);
    let ended = match &cli.verb {
        Command::CrossOrg(args) => cross_org::run(args, environment, &screen),
        Command::Demo(args) => demo::run(args, environment, &screen),
        Command::Discover(args) => discover::run(args, environment, &screen),
        Command::Explain(args) => explain::run(args, &screen),
        Command::Import(args) => import::run(args, &screen),
        Command::Query(args) => query::run(args, &screen),
        Command::Timeline(args) => timeline::run(args, &screen),
        Command::Verify(args) => verify::run(args, &screen),
    };
    screen.done();
    let status = ended.unwrap_or_else(|failure| {
        let repeat = failure.goes_on_in.as_deref().map(|case| resume::command(&environment.words, case));
        let goes_on = repeat.map(|command| format!("; to go on: {command}")).unwrap_or_default();
        screen.error(&format!("{}{goes_on}", failure.message));
        failure.status
    });
    status.code()
}

fn output(verb: &Command) -> &Output {
    match verb {
        Command::CrossOrg(args) => &args.output,
        Command::Demo(args) => &args.output,
        Command::Discover(args) => &args.output,
        Command::Explain(args) => &args.output,
        Command::Import(args) => &args.output,
        Command::Query(args) => &args.output,
        Command::Timeline(args) => &args.output,
        Command::Verify(args) => &args.output,
    }
}
