//! Rule 8: what the log itself shows to be missing from it, and who laid hands on it.

use super::claims::Sources;
use super::deed::Deed;
use super::effect::Effect;
use super::question::CrossOrg;
use crate::model::{Event, Gap, Lead, Moment, OrgId, Tables};
use std::collections::BTreeMap;

/// Holes listed one by one; more are told in one line.
const LISTED: usize = 20;

/// Holes in the numbering that the logs in question give their own events.
pub(super) fn holes(tables: &Tables, question: &CrossOrg) -> Vec<Gap> {
    let mut numbered: BTreeMap<Option<&OrgId>, BTreeMap<i64, Option<Moment>>> = BTreeMap::new();
    for event in tables.events.iter().filter(|event| in_question(event, question)) {
        for number in event.sequence.into_iter().chain(event.other_sequences.iter().copied()) {
            numbered.entry(event.log_org.as_ref()).or_default().insert(number, event.time);
        }
    }
    let asked = |gap: &Gap| match (gap.from, gap.to) {
        (Some(from), Some(to)) => question.window.overlaps(from, to),
        _ => true,
    };
    numbered.into_iter().flat_map(|(log, numbers)| of_log(log, &numbers)).filter(asked).collect()
}

fn of_log(log: Option<&OrgId>, numbers: &BTreeMap<i64, Option<Moment>>) -> Vec<Gap> {
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    let mut holes: Vec<Gap> = pairs
        .filter(|((before, _), (after, _))| before.saturating_add(1) < **after)
        .map(|((before, from), (after, to))| Gap {
            log_org: log.cloned(),
            // Numbers need not follow the clock.
            from: (*from).min(*to).filter(|_| from.is_some() && to.is_some()),
            to: (*from).max(*to).filter(|_| from.is_some() && to.is_some()),
            reason: format!(
                "the log's own numbering goes from {before} to {after}: {} events are missing or were removed",
                after.saturating_sub(*before).saturating_sub(1)
            ),
        })
        .collect();
    if let Some(more) = holes.len().checked_sub(LISTED).filter(|more| *more > 0) {
        holes.truncate(LISTED);
        let reason = format!("the log's own numbering has {more} more holes");
        holes.push(Gap { log_org: log.cloned(), from: None, to: None, reason });
    }
    holes
}

/// Every action that altered or silenced a log in question, whoever took it and whenever.
pub(super) fn altered(sources: Sources<'_>, question: &CrossOrg) -> Vec<Lead> {
    let Some(alters) = &sources.profile.altered else { return Vec::new() };
    let touches = |index: &usize| {
        let event = sources.tables.events.get(*index);
        event.is_some_and(|event| in_question(event, question) && alters.is_match(&event.action))
    };
    let actions = sources.actions.iter().enumerate().filter(|(_, action)| action.events.iter().any(touches));
    let deeds = actions.filter_map(|(number, action)| Deed::of(sources, question, number, action));
    let lead = |deed: Deed<'_>| Lead {
        kind: "audit_log_altered".to_owned(),
        subject: deed.shown(|e| &e.actor_id),
        detail: format!(
            "{} {}{}",
            deed.shown(|e| &e.action),
            deed.outcome,
            deed.time.map(|time| format!(" at {time}")).unwrap_or_default()
        ),
        count: 1,
        event_ids: deed.citations(),
    };
    deeds.filter(|deed| deed.effect != Effect::Not).map(lead).collect()
}

fn in_question(event: &Event, question: &CrossOrg) -> bool {
    event.log_org.as_ref().is_none_or(|org| question.is_attacker(org) || question.is_victim(org))
}
