//! Section 1: which events are copies, or phases, of one action.

use super::event::{Event, Phase, Record};
use std::collections::BTreeSet;

/// How far apart two copies may lie, in microseconds: 5 s, the native skew.
pub(crate) const SKEW: i64 = 5_000_000;

/// The events of every action, each action in the order of its events.
pub(crate) fn actions(events: &[Event]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..events.len()).collect();
    let mut join = |a: usize, b: usize| {
        let (keep, go) = (of[a].min(of[b]), of[a].max(of[b]));
        of.iter_mut().filter(|group| **group == go).for_each(|group| *group = keep);
    };
    let mut matched = vec![false; events.len()];
    let ids: [fn(&Event) -> &str; 2] = [|e| &e.id, |e| &e.request];
    for id in ids {
        for pair in copies(events, &mut matched, id) {
            pair.windows(2).for_each(|two| join(two[0], two[1]));
        }
    }
    for (intent, completion) in phases(events) {
        join(intent, completion);
    }
    let groups: BTreeSet<usize> = of.iter().copied().collect();
    groups.into_iter().map(|group| (0..events.len()).filter(|i| of[*i] == group).collect()).collect()
}

/// The records that events name.
fn records<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeSet<&'a Record> {
    events.flat_map(|e| &e.targets).map(|t| &t.record).collect()
}

/// Whether two halves name a record in common; an organisation that one half leaves out is redacted.
fn share(a: &BTreeSet<&Record>, b: &BTreeSet<&Record>) -> bool {
    let org = |a: &Record, b: &Record| a.org == b.org || a.org.is_empty() || b.org.is_empty();
    a.iter().any(|a| b.iter().any(|b| a.kind == b.kind && a.id == b.id && org(a, b)))
}

/// Copies that wait for others of one action.
struct Waiting {
    copies: Vec<usize>,
    /// Whether a copy that names no record was taken: then nobody can tell of which record the next would be.
    closed: bool,
}

/// Copies under one id: logs in the order of their names, and each event goes to the earliest waiting copy that fits.
/// In every log those go first that share a record, then those of which one names none.
fn copies(events: &[Event], matched: &mut [bool], id: fn(&Event) -> &str) -> Vec<Vec<usize>> {
    let mut groups: Vec<Waiting> = Vec::new();
    let logs: BTreeSet<&str> = events.iter().map(|e| e.log.as_str()).filter(|log| !log.is_empty()).collect();
    for log in logs {
        let mut mine: Vec<usize> = (0..events.len())
            .filter(|i| events[*i].log == log && !matched[*i] && !id(&events[*i]).is_empty())
            .collect();
        for sharing in [true, false] {
            mine.retain(|this| {
                let event = &events[*this];
                let fits = |group: &&mut Waiting| {
                    let first = &events[group.copies[0]];
                    let near =
                        matches!((first.time, event.time), (Some(a), Some(b)) if a.abs_diff(b) <= SKEW.unsigned_abs());
                    let like = id(first) == id(event) && first.action == event.action && first.phase == event.phase;
                    let known = records(group.copies.iter().map(|i| &events[*i]));
                    let mine = records(std::iter::once(event));
                    let same = if sharing { share(&known, &mine) } else { known.is_empty() || mine.is_empty() };
                    let other = |i: &usize| {
                        let theirs = &events[*i].request;
                        !theirs.is_empty() && !event.request.is_empty() && *theirs != event.request
                    };
                    let one_request = !group.copies.iter().any(other);
                    like && one_request
                        && near
                        && same
                        && !group.closed
                        && group.copies.iter().all(|i| events[*i].log != event.log)
                };
                let earliest = groups.iter_mut().filter(fits).min_by_key(|group| group.copies[0]);
                let waits = earliest.is_none();
                if let Some(group) = earliest {
                    group.copies.push(*this);
                    group.closed = !sharing;
                }
                waits
            });
        }
        groups.extend(mine.into_iter().map(|this| Waiting { copies: vec![this], closed: false }));
    }
    let found: Vec<Vec<usize>> = groups.into_iter().map(|group| group.copies).filter(|all| all.len() > 1).collect();
    found.iter().flatten().for_each(|i| matched[*i] = true);
    found
}

/// Intents with their completions, inside one log.
fn phases(events: &[Event]) -> Vec<(usize, usize)> {
    let mut used = BTreeSet::new();
    let mut pairs = Vec::new();
    for (i, intent) in events.iter().enumerate().filter(|(_, e)| e.phase == Phase::Intent) {
        let ends = |c: &Event| {
            let (mine, theirs) = (records(std::iter::once(intent)), records(std::iter::once(c)));
            let same = mine.is_empty() || theirs.is_empty() || share(&mine, &theirs);
            let later = !matches!((intent.time, c.time), (Some(a), Some(b)) if b < a);
            c.phase == Phase::Completion
                && c.log == intent.log
                && c.request == intent.request
                && c.action == intent.action
                && same
                && later
        };
        if intent.request.is_empty() {
            continue;
        }
        let completion = (0..events.len()).find(|c| !used.contains(c) && ends(&events[*c]));
        if let Some(completion) = completion {
            used.insert(completion);
            pairs.push((i, completion));
        }
    }
    pairs
}
