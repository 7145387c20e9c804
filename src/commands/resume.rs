//! Whether a command goes on with an interrupted acquisition, begins one, or has nothing more to obtain.

use super::facts::Facts;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::take_in::{self, Obtained};
use super::{ask, place, pull};
use crate::cli::CrossOrgArgs;
use crate::clock;
use crate::evidence::{Asked, Case, RequestRecord, Taken};
use crate::model::{Decoded, Moment};
use std::path::{Path, PathBuf};

/// Where the seal is noted from which the case was last answered whole.
const ANSWERED: &str = "answered_root";

/// What is left to do for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// To obtain and to answer.
    Everything,
    /// To answer: an earlier run of the same command sealed what it obtained and was interrupted then.
    Answer,
}

/// The words that say when.
pub(super) fn words(args: &CrossOrgArgs) -> Vec<String> {
    let times = [("from", &args.from), ("to", &args.to), ("ownership-from", &args.ownership_from)];
    times.into_iter().filter_map(|(name, time)| Some(format!("{name} {}", time.as_ref()?))).collect()
}

/// The command that goes on: the one that was given, with the case that it made for itself.
pub(super) fn command(words: &[String], case: &Path) -> String {
    let mut command: Vec<String> = std::iter::once("irforensics").map(str::to_owned).collect();
    command.extend(words.iter().map(|word| ask::shell_word(word)));
    if !words.iter().any(|word| word == "--case" || word.starts_with("--case=")) {
        command.extend(["--case".to_owned(), ask::shell_word(&case.display().to_string())]);
    }
    command.join(" ")
}

/// What relative times count from: for the same words, what they counted from when they were first resolved.
pub(super) fn asked(case: &Case, facts: &Facts, words: Vec<String>) -> Result<(Asked, Moment), Failure> {
    let last = case.last_asked()?.filter(|last| !is_answered(facts, last));
    let now = last.and_then(|last| last.now(&words)).unwrap_or_else(clock::now);
    Ok((Asked { words, now_us: now.micros() }, now))
}

/// Refuses what would mix two questions in one acquisition, and what would add evidence without being asked to.
pub(super) fn check(
    case: &Case,
    facts: &Facts,
    request: &RequestRecord,
    again: bool,
    screen: &Screen,
) -> Result<Left, Failure> {
    let taken = case.asked()?;
    let (Some(last), Some(first)) = (taken.last(), taken.iter().rfind(|taken| !taken.is_further())) else {
        return Ok(Left::Everything);
    };
    let same = first.continues(request);
    if last.seal().is_some() && (is_answered(facts, last) || !same) {
        return place::check_again(case, again).map(|()| Left::Everything);
    }
    if same && first.seal().is_some() {
        screen.note(&format!("goes on with {}, sealed and not yet answered", first.name()));
        return Ok(Left::Answer);
    }
    if same {
        if !last.started_at().is_empty() {
            screen.note(&format!("goes on with {}, begun {}", last.name(), last.started_at()));
        }
        return Ok(Left::Everything);
    }
    if again {
        return Ok(Left::Everything);
    }
    let message = format!(
        "{}/evidence/{} was interrupted while it asked something else: repeat that command to finish it, or add --again to leave it as it is and begin a new acquisition",
        case.root().display(),
        last.name()
    );
    Err(Failure::new(Status::Disk, message))
}

/// Takes in what is left to be taken in.
pub(super) fn obtain(
    case: &Case,
    facts: &Facts,
    (inputs, profile, again): (&[PathBuf], &str, bool),
    plan: Option<&pull::Plan<'_>>,
    provisional: &dyn Fn(&Decoded) -> String,
    screen: &Screen,
) -> Result<Obtained, Failure> {
    let request = match plan {
        Some(plan) => pull::asks(plan)?,
        None if inputs.is_empty() => return Ok(Obtained { status: Status::Answered, first: None }),
        None => take_in::request(inputs, profile),
    };
    // A command that is refused leaves the case as it was.
    let left = check(case, facts, &request, again, screen)?;
    place::warn_exposed(case, screen);
    facts.save(case)?;
    match left {
        Left::Everything => take_in::obtain(case, (inputs, profile), plan, provisional, screen),
        Left::Answer => {
            let first = plan.map(|_| pull::sealed(case)).transpose()?.flatten();
            Ok(Obtained { status: Status::Answered, first })
        }
    }
}

fn is_answered(facts: &Facts, last: &Taken) -> bool {
    last.seal().is_some_and(|seal| facts.text(ANSWERED).as_deref() == Some(seal))
}

/// Notes that the papers answer from the newest seal.
pub(super) fn answered(case: &Case, facts: &mut Facts) -> Result<(), Failure> {
    let sealed = case.asked()?.into_iter().rev().find_map(|taken| taken.seal().map(str::to_owned));
    if let Some(seal) = sealed {
        facts.set_text(ANSWERED, &seal);
    }
    facts.save(case)
}
