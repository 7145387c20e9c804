//! Rule 6: what an outcome counts as.

use crate::model::{Event, Outcome, Phase};
use crate::profile::Profile;

/// Whether an action took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// It did.
    Took,
    /// It may have.
    May,
    /// It did not: an attempt.
    Not,
}

/// The effect of one event.
pub(super) fn effect(event: &Event, profile: &Profile) -> Effect {
    match event.outcome {
        Outcome::Success => Effect::Took,
        Outcome::Unknown => Effect::May,
        Outcome::Failure if event.verb.changes_or_exports() && is_open(event, profile) => Effect::May,
        Outcome::Denied | Outcome::Failure => Effect::Not,
    }
}

/// A server error or a time-out says nothing about what happened behind it.
fn is_open(event: &Event, profile: &Profile) -> bool {
    let open = profile.outcomes.open_failure.as_ref();
    event.http_status.is_some_and(|status| status >= 500 || status == 408)
        || open.is_some_and(|pattern| pattern.is_match(&event.outcome_reason))
}

/// The copies whose outcome counts: completions, where there are any, and of these those that tell one.
pub(super) fn telling<'e>(copies: &[&'e Event]) -> Vec<&'e Event> {
    let done: Vec<&Event> = copies.iter().copied().filter(|event| event.phase != Phase::Intent).collect();
    let ended = if done.is_empty() { copies.to_vec() } else { done };
    // Unknown without a status is a value that is not there; with one, or between versions, it contradicts itself.
    let tells = |e: &&Event| e.outcome != Outcome::Unknown || e.http_status.is_some() || e.disagreement.outcome;
    ended.into_iter().filter(tells).collect()
}

/// The outcome of an action from the copies that tell one: a conflict is unknown, a missing value is redaction.
pub(super) fn joined(telling: &[&Event]) -> Outcome {
    let mut outcomes: Vec<Outcome> = telling.iter().map(|event| event.outcome).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    match outcomes.as_slice() {
        // What was only begun may have been done.
        [Outcome::Success] if telling.iter().all(|event| event.phase == Phase::Intent) => Outcome::Unknown,
        [one] => *one,
        _ => Outcome::Unknown,
    }
}
