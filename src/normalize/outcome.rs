//! How an action ended: four values, and a contradiction is unknown.

use crate::model::Outcome;
use crate::profile::{Profile, Scope, first};

/// The outcome and its reason. METHODOLOGY.md, rule 6.
pub(super) fn read(scope: Scope<'_>, profile: &Profile, status: Option<i64>) -> (Outcome, String) {
    let reason = first(&profile.map.outcome_reason, scope).unwrap_or_default();
    let rules = &profile.outcomes.rules;
    let decided =
        rules.iter().find(|(from, pattern, _)| from.eval(scope).is_some_and(|value| pattern.is_match(&value)));
    let outcome = decided.map_or(profile.outcomes.default, |(_, _, outcome)| *outcome);
    let outcome = if contradicts(outcome, status) { Outcome::Unknown } else { outcome };
    (outcome, reason)
}

fn contradicts(outcome: Outcome, status: Option<i64>) -> bool {
    let Some(status) = status else { return false };
    match outcome {
        Outcome::Success => status >= 400,
        Outcome::Denied => !(400..500).contains(&status),
        Outcome::Failure => status < 400,
        Outcome::Unknown => false,
    }
}
