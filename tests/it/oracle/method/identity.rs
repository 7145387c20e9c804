//! Section 4: which deliveries are one event.

use super::event::{Event, Outcome, Phase, Record};
use super::{Ids, Time};
use std::collections::{BTreeMap, BTreeSet};

/// What versions of one event have in common.
type Sameness = (Time, String, String, String, BTreeSet<Record>);

/// Distinct events in the order of section 0, and how many conflicts there are.
pub(crate) fn distinct(delivered: Vec<Event>) -> (Vec<Event>, u64) {
    let mut events = Vec::new();
    let mut conflicts = 0;
    let mut named: BTreeMap<(String, String, Phase), Vec<Event>> = BTreeMap::new();
    let mut nameless: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for event in delivered {
        if event.id.is_empty() {
            nameless.entry(event.content.clone()).or_default().push(event);
        } else {
            named.entry((event.log.clone(), event.id.clone(), event.phase)).or_default().push(event);
        }
    }
    for (_, same) in nameless {
        events.extend(fullest(same));
    }
    for (_, group) in named {
        let mut versions: BTreeMap<Sameness, BTreeMap<String, Event>> = BTreeMap::new();
        for event in group {
            versions.entry(sameness(&event)).or_default().insert(event.content.clone(), event);
        }
        let several = versions.len() > 1;
        conflicts += u64::from(several || versions.values().any(|v| v.len() > 1));
        for (_, contents) in versions {
            let conflict = several || contents.len() > 1;
            events.push(Event { conflict, ..merged(contents.into_values().collect()) });
        }
    }
    events.sort_by(|a, b| order(a).cmp(&order(b)));
    (events, conflicts)
}

/// The order of events: time, unknown last, then log, then id, then content.
fn order(e: &Event) -> (bool, Time, &str, &str, &str) {
    (e.time.is_none(), e.time, &e.log, &e.id, &e.content)
}

/// What events share that are one.
fn sameness(e: &Event) -> Sameness {
    let bare = |record: &Record| Record { org: String::new(), ..record.clone() };
    let records = e.targets.iter().map(|t| bare(&t.record)).collect();
    (e.time, e.actor.id.clone(), e.actor.org.clone(), e.action.clone(), records)
}

/// As many events without an id as the fullest single acquisition shows.
fn fullest(same: Vec<Event>) -> Vec<Event> {
    let mut by_acquisition: BTreeMap<u32, Vec<Event>> = BTreeMap::new();
    for event in same {
        by_acquisition.entry(event.acquisition).or_default().push(event);
    }
    by_acquisition.into_values().max_by_key(Vec::len).unwrap_or_default()
}

/// One event of its versions, in the order of their content: what the first does not say, the next may.
fn merged(versions: Vec<Event>) -> Event {
    let mut all = versions.clone().into_iter();
    let mut one = all.next().unwrap();
    let outcomes: BTreeSet<Outcome> = versions.iter().map(|v| v.outcome).collect();
    for next in all {
        absorb(&mut one, next);
    }
    one.torn_outcome = outcomes.len() > 1;
    one.outcome = if outcomes.len() == 1 { *outcomes.first().unwrap() } else { Outcome::Unknown };
    let alike = |a: &Record, b: &Record| a.kind == b.kind && a.id == b.id;
    let torn = |record: &Record| {
        let names: BTreeSet<Ids> = versions
            .iter()
            .flat_map(|v| v.targets.iter().filter(|t| alike(&t.record, record)).map(|t| t.orgs.clone()))
            .filter(|orgs| !orgs.is_empty())
            .collect();
        names.len() > 1
    };
    one.torn = one.targets.iter().map(|t| t.record.clone()).filter(torn).collect();
    let actors: BTreeSet<&str> = versions
        .iter()
        .filter_map(|v| v.effective.as_ref())
        .map(|e| e.org.as_str())
        .filter(|o| !o.is_empty())
        .collect();
    one.torn_actor = actors.len() > 1;
    one
}

/// Whether an event says how it ended; unknown without a status is a missing value.
pub(crate) fn says_outcome(e: &Event) -> bool {
    e.outcome != Outcome::Unknown || e.status.is_some() || e.torn_outcome
}

/// Fills what a version leaves out from another.
fn absorb(one: &mut Event, next: Event) {
    let fill = |mine: &mut String, theirs: String| {
        if mine.is_empty() {
            *mine = theirs;
        }
    };
    fill(&mut one.kind, next.kind);
    fill(&mut one.credential, next.credential);
    fill(&mut one.session, next.session);
    fill(&mut one.reason, next.reason);
    fill(&mut one.request, next.request);
    fill(&mut one.job, next.job);
    fill(&mut one.scope_org, next.scope_org);
    fill(&mut one.scope_kind, next.scope_kind);
    fill(&mut one.container, next.container);
    fill(&mut one.filter, next.filter);
    fill(&mut one.hash, next.hash);
    fill(&mut one.page_of, next.page_of);
    fill(&mut one.cursor, next.cursor);
    fill(&mut one.from_org, next.from_org);
    fill(&mut one.to_org, next.to_org);
    one.effective = one.effective.take().or(next.effective);
    one.status = one.status.or(next.status);
    one.returned = one.returned.max(next.returned);
    one.total = one.total.max(next.total);
    one.repeats = one.repeats.max(next.repeats);
    one.shared.extend(next.shared);
    for target in next.targets {
        // An organisation that one version leaves out is the other's.
        let same = |t: &&mut super::event::Target| {
            let orgs = [&t.record.org, &target.record.org];
            let fits = orgs[0] == orgs[1] || orgs.iter().any(|org| org.is_empty());
            t.record.kind == target.record.kind
                && t.record.id == target.record.id
                && fits
                && t.returned == target.returned
        };
        match one.targets.iter_mut().find(same) {
            Some(same) => {
                fill(&mut same.record.org, target.record.org);
                same.orgs.extend(target.orgs);
                same.parent = same.parent.take().or(target.parent);
                same.listed |= target.listed;
            }
            None => one.targets.push(target),
        }
    }
    for id in next.minted {
        if !one.minted.contains(&id) {
            one.minted.push(id);
        }
    }
}
