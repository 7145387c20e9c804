//! What really happened, held against the answer: nothing is missed silently, and nothing is invented.

use super::incident::Incident;
use super::method::Answer;
use std::collections::BTreeSet;

/// What an answer hides or invents; nothing, where it is right.
pub(crate) fn wrong(incident: &Incident, answer: &Answer) -> Vec<String> {
    if !incident.honest || !answer.exact {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let told: BTreeSet<(&str, &str)> = answer
        .accesses
        .iter()
        .map(|a| (a.kind.as_str(), a.id.as_str()))
        .chain(answer.unresolved.iter().map(|u| (u.kind.as_str(), u.id.as_str())))
        .collect();
    let open = |kind: &str| answer.bulk.iter().any(|b| b.bound != Some(0) && (b.kind == kind || b.kind.is_empty()));
    let mut beyond = BTreeSet::new();
    for touch in &incident.truth {
        if told.contains(&(touch.kind.as_str(), touch.id.as_str())) {
            continue;
        }
        beyond.insert((touch.kind.as_str(), touch.id.as_str()));
        if !open(&touch.kind) {
            wrong.push(format!("really touched, and told nowhere: {touch:?}"));
        }
    }
    let most = answer.bulk_bound.zip(answer.bulk_unscoped_bound).map(|(a, b)| a + b);
    let others = answer.bulk.iter().any(|b| b.standing != "direct");
    if let Some(most) = most.filter(|_| !others)
        && u64::try_from(beyond.len()).unwrap() > most
    {
        wrong.push(format!("{} records really touched beyond the ledger, the bounds allow {most}", beyond.len()));
    }
    for entry in &answer.ledger {
        if !incident.touched.iter().any(|(kind, id)| *kind == entry.kind && *id == entry.id) {
            wrong.push(format!("never touched, and in the ledger: {} {}", entry.kind, entry.id));
        }
    }
    wrong
}
