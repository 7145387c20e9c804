//! Rule 1: copies of one action in different logs are matched, one to one.

use super::phases;
use crate::model::{Event, Moment, OrgId, Phase, RecordKey, Tables};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// One action: an event, or its copies in different logs, each in one piece or in two phases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Action {
    /// Indices of the events, in order.
    pub events: Vec<usize>,
}

/// Matches the events of different logs; every event is in exactly one action.
pub(super) fn actions(tables: &Tables, profile: &Profile) -> Vec<Action> {
    let skew_micros = profile.skew_micros;
    let records = records(tables, profile.ids_per_org);
    let mut matching = Matching { tables, records, groups: Groups::new(tables.events.len()) };
    matching
        .by_key(|event| (!event.shared_id.is_empty()).then(|| (event.shared_id.clone(), String::new(), event.phase)));
    // Ids may be counters of each log: what they name and when must agree as well.
    matching.by_likeness(skew_micros, |event| {
        (!event.source_id.is_empty()).then(|| (event.source_id.clone(), event.action.clone(), event.phase))
    });
    matching.by_likeness(skew_micros, |event| {
        (!event.request_id.is_empty()).then(|| (event.request_id.clone(), event.action.clone(), event.phase))
    });
    let pairs = phases::pairs(tables, &matching.records);
    matching.groups.finish(&pairs)
}

/// What matched events share: an id, what was done, and which half of it.
type Key = (String, String, Phase);

/// A record as a copy names it: with its organisation where an id alone names none.
pub(super) type Named<'t> = (&'t RecordKey, Option<&'t OrgId>);

/// The records that each event names.
fn records(tables: &Tables, per_org: bool) -> Vec<BTreeSet<Named<'_>>> {
    let mut records = vec![BTreeSet::new(); tables.events.len()];
    for target in &tables.targets {
        if let Some(set) = records.get_mut(target.event) {
            set.insert((&target.record, target.record_org.as_ref().filter(|_| per_org)));
        }
    }
    records
}

/// Whether two copies name a record in common; an organisation that one of them leaves out is redacted.
pub(super) fn share(a: &BTreeSet<Named<'_>>, b: &BTreeSet<Named<'_>>) -> bool {
    let of = |key| b.range((key, None)..).take_while(move |(other, _)| *other == key);
    a.iter().any(|(key, org)| of(*key).any(|(_, other)| org == other || org.is_none() || other.is_none()))
}

struct Matching<'t> {
    tables: &'t Tables,
    records: Vec<BTreeSet<Named<'t>>>,
    groups: Groups,
}

/// An action that waits for its copies in other logs.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    /// Time of its first copy, in microseconds.
    time: i64,
    copies: Vec<usize>,
}

type ByLog<'t> = BTreeMap<&'t OrgId, Vec<usize>>;

impl<'t> Matching<'t> {
    /// Events that are not yet matched, by a key and by log; only keys that several logs share.
    fn shared(&self, key: impl Fn(&Event) -> Option<Key>) -> Vec<ByLog<'t>> {
        let mut found: BTreeMap<Key, ByLog<'t>> = BTreeMap::new();
        for (index, event) in self.tables.events.iter().enumerate() {
            if let (Some(key), Some(log), false) = (key(event), &event.log_org, self.groups.is_matched(index)) {
                found.entry(key).or_default().entry(log).or_default().push(index);
            }
        }
        found.into_values().filter(|logs| logs.len() > 1).collect()
    }

    /// The k-th of each log with the k-th of the others: events are in time order already.
    fn by_key(&mut self, key: impl Fn(&Event) -> Option<Key>) {
        for logs in self.shared(key) {
            let longest = logs.values().map(Vec::len).max().unwrap_or(0);
            for k in 0..longest {
                let copies: Vec<usize> = logs.values().filter_map(|events| events.get(k).copied()).collect();
                self.groups.join(&copies);
            }
        }
    }

    /// Copies near in time that name the same record, or of which one names none.
    fn by_likeness(&mut self, skew_micros: i64, key: impl Fn(&Event) -> Option<Key>) {
        for logs in self.shared(key) {
            let mut logs = logs.into_values();
            let mut open: Vec<Open> =
                logs.next().unwrap_or_default().into_iter().filter_map(|e| self.open(e)).collect();
            for log in logs {
                // First where both name the same record, then where one names none.
                let rest = self.pair(&mut open, log, skew_micros, true);
                let rest = self.pair(&mut open, rest, skew_micros, false);
                open.extend(rest.into_iter().filter_map(|e| self.open(e)));
                open.sort();
            }
            for action in open {
                self.groups.join(&action.copies);
            }
        }
    }

    /// An action that waits for its copies; an event without a time can never be near another.
    fn open(&self, event: usize) -> Option<Open> {
        self.time(event).map(|time| Open { time, copies: vec![event] })
    }

    /// Puts each event to the first open action that fits and has no copy of its log; returns the rest.
    fn pair(&self, open: &mut [Open], log: Vec<usize>, skew: i64, same_record: bool) -> Vec<usize> {
        let mut rest = Vec::new();
        for index in log {
            let Some(time) = self.time(index) else { continue };
            let fits = |action: &&mut Open| {
                action
                    .copies
                    .iter()
                    .all(|other| self.log(*other) != self.log(index) && self.fit(*other, index, same_record))
            };
            // Only what is near in time is looked at: a request id may be shared by a million events.
            let from = open.partition_point(|action| action.time < time.saturating_sub(skew));
            let near = open.iter_mut().skip(from).take_while(|action| action.time <= time.saturating_add(skew));
            match near.into_iter().find(fits) {
                Some(action) => action.copies.push(index),
                None => rest.push(index),
            }
        }
        rest
    }

    fn time(&self, index: usize) -> Option<i64> {
        self.tables.events.get(index).and_then(|event| event.time).map(Moment::micros)
    }

    fn log(&self, index: usize) -> Option<&OrgId> {
        self.tables.events.get(index).and_then(|event| event.log_org.as_ref())
    }

    /// Whether two events may be copies: no other request, and no other record.
    fn fit(&self, a: usize, b: usize, same_record: bool) -> bool {
        let request = |index: usize| self.tables.events.get(index).map_or("", |event| event.request_id.as_str());
        let (one, other) = (request(a), request(b));
        (one.is_empty() || other.is_empty() || one == other) && self.records_fit(a, b, same_record)
    }

    fn records_fit(&self, a: usize, b: usize, same_record: bool) -> bool {
        let (Some(a), Some(b)) = (self.records.get(a), self.records.get(b)) else { return false };
        if same_record { share(a, b) } else { a.is_empty() || b.is_empty() }
    }
}

struct Groups {
    of: Vec<Option<usize>>,
    actions: Vec<Action>,
}

impl Groups {
    fn new(events: usize) -> Self {
        Self { of: vec![None; events], actions: Vec::new() }
    }

    fn is_matched(&self, event: usize) -> bool {
        self.of.get(event).is_some_and(Option::is_some)
    }

    fn join(&mut self, copies: &[usize]) {
        if copies.len() < 2 {
            return;
        }
        for event in copies {
            if let Some(slot) = self.of.get_mut(*event) {
                *slot = Some(self.actions.len());
            }
        }
        self.actions.push(Action { events: copies.to_vec() });
    }

    /// Every event in exactly one action; `pairs` are the two phases of one.
    fn finish(mut self, pairs: &[(usize, usize)]) -> Vec<Action> {
        for (event, action) in self.of.iter_mut().enumerate().filter(|(_, action)| action.is_none()) {
            *action = Some(self.actions.len());
            self.actions.push(Action { events: vec![event] });
        }
        for (intent, completion) in pairs {
            self.unite(*intent, *completion);
        }
        self.actions.retain(|action| !action.events.is_empty());
        self.actions.iter_mut().for_each(|action| action.events.sort_unstable());
        self.actions.sort_by(|a, b| a.events.cmp(&b.events));
        self.actions
    }

    fn unite(&mut self, a: usize, b: usize) {
        let of = |event: usize| self.of.get(event).copied().flatten();
        let (Some(into), Some(from)) = (of(a), of(b)) else { return };
        if into == from {
            return;
        }
        let moved = self.actions.get_mut(from).map(|action| std::mem::take(&mut action.events)).unwrap_or_default();
        for event in &moved {
            if let Some(slot) = self.of.get_mut(*event) {
                *slot = Some(into);
            }
        }
        if let Some(action) = self.actions.get_mut(into) {
            action.events.extend(moved);
        }
    }
}
