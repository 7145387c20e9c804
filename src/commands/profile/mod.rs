//! `profile`: what a provider's records look like, shown, tried on a file, or proposed from one.

mod columns;
mod draft;
mod test;

use super::screen::Screen;
use super::status::{Failure, Status};
use super::tables;
use crate::cli::{Environment, ProfileListArgs, ProfileShowArgs, ProfileVerb};
use crate::profile;
use crate::report::escape::json::visible;
use serde_json::json;

/// Runs the verb.
pub(super) fn run(verb: &ProfileVerb, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    match verb {
        ProfileVerb::List(args) => list(args, screen),
        ProfileVerb::Show(args) => show(args, screen),
        ProfileVerb::Test(args) => test::run(args, screen),
        ProfileVerb::Draft(args) => draft::run(args, environment, screen),
    }
}

fn list(args: &ProfileListArgs, screen: &Screen) -> Result<Status, Failure> {
    let load = |name| profile::load(name, None);
    let all = profile::builtin_names().into_iter().map(load).collect::<Result<Vec<_>, _>>()?;
    let api = |p: &profile::Profile| if p.request.is_some() { "API or files" } else { "files" };
    if args.output.json {
        let one = |p: &profile::Profile| json!({ "name": p.name, "title": p.title, "pulls": p.request.is_some() });
        screen.result(&format!("{}\n", json!(all.iter().map(one).collect::<Vec<_>>())));
    } else {
        let line = |p: &profile::Profile| format!("{:<18}{:<14}{}\n", p.name, api(p), p.title);
        screen.result(&all.iter().map(line).collect::<String>());
    }
    Ok(Status::Answered)
}

/// Prints the text as it is: it is meant for a file.
fn show(args: &ProfileShowArgs, screen: &Screen) -> Result<Status, Failure> {
    let (profile, _) = tables::given_profile(&args.profile)?;
    if args.output.json {
        let all = json!({ "name": profile.name, "title": profile.title, "toml": profile.source });
        screen.result(&visible(&format!("{all}\n")));
    } else {
        screen.result(&profile.source);
    }
    Ok(Status::Answered)
}
