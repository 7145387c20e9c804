//! Rule 1: an intent and its completion in one log are one action.

use super::sides::{Named, share};
use crate::model::{Event, OrgId, Phase, Tables};
use std::collections::{BTreeMap, BTreeSet};

/// What the two halves of an action share: log, request, action.
type Request<'t> = (Option<&'t OrgId>, &'t str, &'t str);

/// Intents and completions of one request, in the order of time.
#[derive(Default)]
struct Halves {
    intents: Vec<usize>,
    completions: Vec<usize>,
}

/// Each intent with its completion, where it has one.
pub(super) fn pairs(tables: &Tables, records: &[BTreeSet<Named<'_>>]) -> Vec<(usize, usize)> {
    let mut requests: BTreeMap<Request<'_>, Halves> = BTreeMap::new();
    for (index, event) in tables.events.iter().enumerate().filter(|(_, event)| !event.request_id.is_empty()) {
        let halves = || (event.log_org.as_ref(), event.request_id.as_str(), event.action.as_str());
        match event.phase {
            Phase::Whole => {}
            Phase::Intent => requests.entry(halves()).or_default().intents.push(index),
            Phase::Completion => requests.entry(halves()).or_default().completions.push(index),
        }
    }
    requests.into_values().flat_map(|halves| matched(tables, records, halves)).collect()
}

/// In the order of time: each intent takes the first completion that is free, not earlier, and not another record's.
fn matched(tables: &Tables, records: &[BTreeSet<Named<'_>>], halves: Halves) -> Vec<(usize, usize)> {
    let mut free = halves.completions;
    let mut pairs = Vec::new();
    for intent in halves.intents {
        let fits = |completion: &usize| {
            not_earlier(tables.events.get(intent), tables.events.get(*completion))
                && fit(records.get(intent), records.get(*completion))
        };
        if let Some(position) = free.iter().position(fits) {
            pairs.push((intent, free.remove(position)));
        }
    }
    pairs
}

fn not_earlier(intent: Option<&Event>, completion: Option<&Event>) -> bool {
    match (intent.and_then(|event| event.time), completion.and_then(|event| event.time)) {
        (Some(intent), Some(completion)) => intent <= completion,
        // At an unknown time it may be the one.
        _ => true,
    }
}

fn fit(intent: Option<&BTreeSet<Named<'_>>>, completion: Option<&BTreeSet<Named<'_>>>) -> bool {
    let (Some(intent), Some(completion)) = (intent, completion) else { return false };
    intent.is_empty() || completion.is_empty() || share(intent, completion)
}
