//! `profile draft`: a profile proposed from one page or file, and tried on it at once.

use super::test::{Fit, read};
use crate::cli::{Environment, ProfileDraftArgs};
use crate::collect::{Client, Options};
use crate::commands::screen::Screen;
use crate::commands::status::{Failure, Status};
use crate::commands::token;
use crate::profile::{self, DraftError};
use crate::report::escape::json::visible;
use serde_json::json;

/// Runs the verb.
pub(super) fn run(args: &ProfileDraftArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let is_address = args.place.starts_with("https://") || args.place.starts_with("http://");
    let (bytes, from) = if is_address { page(args, environment)? } else { file(&args.place)? };
    let bad = |error: DraftError| Failure::new(Status::NotUnderstood, format!("{}: {error}", args.place));
    let text = profile::draft(&bytes, &from).map_err(bad)?;
    let drafted = profile::load("draft", Some(&text))
        .map_err(|error| Failure::new(Status::Internal, format!("the draft is no profile: {error}")))?;
    let fit = Fit::of(&read(&bytes, &args.place, &drafted));
    if args.output.json {
        screen.result(&visible(&format!("{}\n", json!({ "toml": text, "fits": fit.events }))));
    } else {
        screen.result(&text);
    }
    screen.note(&format!(
        "{}; keep it in a file, read it line by line, then: irforensics profile test FILE PATH",
        fit.line()
    ));
    Ok(fit.status())
}

fn file(place: &str) -> Result<(Vec<u8>, String), Failure> {
    let unreadable = |error| Failure::usage(format!("cannot read {place}: {error}"));
    let bytes = std::fs::read(place).map_err(unreadable)?;
    let name = std::path::Path::new(place).file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((bytes, name))
}

/// One page of an API that no profile describes yet; kept nowhere.
fn page(args: &ProfileDraftArgs, environment: &Environment) -> Result<(Vec<u8>, String), Failure> {
    let (base, query) =
        args.place.split_once('?').map_or((args.place.as_str(), None), |(base, query)| (base, Some(query)));
    let client = Client::new(base, Options::default()).map_err(|error| Failure::usage(error.to_string()))?;
    let token = token::common(&args.token_file, environment)?;
    let token =
        token.ok_or_else(|| Failure::usage("no token: give --token-file FILE, --token-file - or IRFORENSICS_TOKEN"))?;
    let probed = client.probe_here(query, &token);
    // A query may hold what is nobody's business; the draft names the address without it.
    let from = client.base_url().to_owned();
    match (probed.status, probed.failure) {
        (Some(200), None) => Ok((probed.body, from)),
        (Some(status @ (401 | 403)), _) => Err(Failure::new(
            Status::Unauthorised,
            format!("{from}: the token does not open this page (status {status})"),
        )),
        (Some(status), None) => {
            Err(Failure::new(Status::NothingObtained, format!("{from}: answered with status {status}")))
        }
        (_, Some(why)) => Err(Failure::new(Status::NothingObtained, format!("{from}: {why}"))),
        (None, None) => Err(Failure::new(Status::NothingObtained, format!("{from}: no answer"))),
    }
}
