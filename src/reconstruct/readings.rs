//! Rule 8: several readings of one log, held against each other event by event.
//!
//! What a further reading shows as before is not taken a second time; what differs is, and is told.

use crate::evidence::Proof;
use crate::model::{
    Again, Conflict, ConflictKind, Decoded, FilterCheck, OrgId, Quarantined, Reading, ReadingKind, Row, Sighting,
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything decoded so far, and how the readings agree.
#[derive(Debug, Default)]
pub struct Readings {
    /// What counts: the first readings, and what further ones show besides.
    pub decoded: Decoded,
    /// One entry a pull.
    pub found: Vec<Reading>,
}

/// A log and an id in it, or a content where there is no id.
type Key<'r> = (Option<&'r OrgId>, &'r str);

impl Readings {
    /// Takes the rows of the acquisition at `index` of the proof; acquisitions come in their order.
    pub fn add(&mut self, proof: &Proof, index: usize, part: Decoded) {
        let Some(acquisition) = proof.acquisitions.get(index) else { return };
        let first = acquisition.verifies.as_ref().and_then(|seal| {
            let first = proof.acquisitions.iter().find(|a| a.summary.seal_sha256 == *seal)?;
            self.found.iter().position(|reading| reading.acquisition == first.summary.name)
        });
        let Some(first) = first else {
            if acquisition.is_pull() {
                let (everyone, sealed_at) = (acquisition.everyone, acquisition.summary.sealed_at);
                let acquisition = acquisition.summary.name.clone();
                self.found.push(Reading { acquisition, sealed_at, everyone, again: Vec::new() });
            }
            return self.take(part);
        };
        let Some(reading) = self.found.get_mut(first) else { return };
        let before = numbers(reading);
        let empty = Again {
            acquisition: acquisition.summary.name.clone(),
            kind: acquisition.reading.unwrap_or(ReadingKind::Second),
            sealed_at: acquisition.summary.sealed_at,
            window: acquisition.window,
            whole: acquisition.gaps.is_empty(),
            same: 0,
            changed: Vec::new(),
            appeared: Vec::new(),
            vanished: Vec::new(),
            filter: None,
            expired: 0,
        };
        let walked = |org: Option<&OrgId>| {
            acquisition.gaps.is_empty() || org.is_some_and(|org| acquisition.walked.contains(org))
        };
        let (again, surplus) = Comparison { before: Known::of(&self.decoded, &before), part: &part }.of(empty, &walked);
        reading.again.push(again);
        let surplus = part.rows.iter().zip(surplus).filter(|(_, new)| *new).map(|(row, _)| row.clone()).collect();
        let quarantine = more_broken(&self.decoded, &part);
        self.take(Decoded { rows: surplus, quarantine, ..Decoded::default() });
    }

    /// Takes a page of everyone's log that came with the acquisition added last: what it shows of the logs that were
    /// read must be known; what it shows of others concerns nobody here.
    pub fn sample(&mut self, part: &Decoded) {
        let newest = self.found.iter_mut().filter(|reading| !reading.again.is_empty());
        let Some(reading) = newest.max_by(|a, b| last_name(a).cmp(&last_name(b))) else { return };
        let read = numbers(reading);
        let mut unknown: BTreeSet<Key<'_>> = part.rows.iter().map(key).collect();
        let mut logs: BTreeSet<&OrgId> = BTreeSet::new();
        for row in self.decoded.rows.iter().filter(|row| read.contains(&acquisition_of(row))) {
            unknown.remove(&key(row));
            logs.extend(row.event.log_org.as_ref());
        }
        let mut check = FilterCheck::default();
        let mut alike = BTreeSet::new();
        let mut left_out = Vec::new();
        for row in &part.rows {
            match &row.event.log_org {
                Some(org) if logs.contains(org) => {
                    check.events = check.events.saturating_add(1);
                    if unknown.contains(&key(row)) {
                        check.left_out.push(sighting(row));
                        left_out.push(row.clone());
                    }
                }
                Some(org) if logs.iter().any(|log| looks_like(log, org)) => drop(alike.insert(org.clone())),
                Some(_) | None => {}
            }
        }
        check.left_out.sort();
        check.alike = alike.into_iter().collect();
        if let Some(again) = reading.again.last_mut() {
            again.filter = Some(check);
        }
        self.take(Decoded { rows: left_out, ..Decoded::default() });
    }

    fn take(&mut self, part: Decoded) {
        self.decoded.rows.extend(part.rows);
        self.decoded.quarantine.extend(part.quarantine);
        self.decoded.continued = self.decoded.continued.saturating_add(part.continued);
        self.decoded.ending = self.decoded.ending.saturating_add(part.ending);
    }
}

/// Events that a later reading no longer shows, as conflicts between deliveries.
pub fn vanished(found: &[Reading]) -> Vec<Conflict> {
    let one = |reading: &Reading, again: &Again, sighting: &Sighting| Conflict {
        log_org: sighting.log_org.as_ref().map(ToString::to_string).unwrap_or_default(),
        source_id: sighting.event.clone(),
        kind: ConflictKind::Vanished,
        fields: vec![
            format!("present in {} at {}", reading.acquisition, reading.sealed_at),
            format!("absent in {} at {}", again.acquisition, again.sealed_at),
        ],
        places: vec![sighting.place],
    };
    let of = |reading: &Reading| {
        let all = reading.again.iter().flat_map(|again| again.vanished.iter().map(move |sighting| (again, sighting)));
        all.map(|(again, sighting)| one(reading, again, sighting)).collect::<Vec<_>>()
    };
    found.iter().flat_map(of).collect()
}

/// What earlier readings of a pull showed.
struct Known<'r> {
    rows: Vec<&'r Row>,
    /// Contents by log and id.
    named: BTreeMap<Key<'r>, BTreeSet<&'r str>>,
    /// How often the fullest reading shows a content without id.
    nameless: BTreeMap<Key<'r>, u64>,
}

impl<'r> Known<'r> {
    fn of(decoded: &'r Decoded, acquisitions: &BTreeSet<u32>) -> Self {
        let rows: Vec<&Row> = decoded.rows.iter().filter(|row| acquisitions.contains(&acquisition_of(row))).collect();
        let mut named: BTreeMap<Key<'r>, BTreeSet<&str>> = BTreeMap::new();
        let mut counts: BTreeMap<(Key<'r>, u32), u64> = BTreeMap::new();
        for row in &rows {
            let (log, hash) = (row.event.log_org.as_ref(), row.event.content_hash.as_str());
            if row.event.source_id.is_empty() {
                let count = counts.entry(((log, hash), acquisition_of(row))).or_default();
                *count = count.saturating_add(1);
            } else {
                named.entry((log, &row.event.source_id)).or_default().insert(hash);
            }
        }
        let mut nameless: BTreeMap<Key<'r>, u64> = BTreeMap::new();
        for ((key, _), count) in counts {
            let most = nameless.entry(key).or_default();
            *most = count.max(*most);
        }
        Self { rows, named, nameless }
    }
}

/// One reading held against those before it.
struct Comparison<'r> {
    before: Known<'r>,
    part: &'r Decoded,
}

impl<'r> Comparison<'r> {
    /// What differs, and for each row whether it is to be taken.
    fn of(&self, mut again: Again, walked: &dyn Fn(Option<&OrgId>) -> bool) -> (Again, Vec<bool>) {
        let mut named: BTreeSet<Key<'r>> = BTreeSet::new();
        let mut nameless: BTreeMap<Key<'r>, u64> = BTreeMap::new();
        for row in &self.part.rows {
            let (log, hash) = (row.event.log_org.as_ref(), row.event.content_hash.as_str());
            if row.event.source_id.is_empty() {
                let count = nameless.entry((log, hash)).or_default();
                *count = count.saturating_add(1);
            } else {
                named.insert((log, &row.event.source_id));
            }
        }
        let mut told: BTreeSet<Key<'r>> = BTreeSet::new();
        let mut judge = |row: &'r Row| {
            let (log, hash) = (row.event.log_org.as_ref(), row.event.content_hash.as_str());
            let key = if row.event.source_id.is_empty() { (log, hash) } else { (log, row.event.source_id.as_str()) };
            let (known, first) = (self.before.named.get(&key), told.insert((log, row.event.source_id.as_str())));
            let grown = nameless.get(&key) > self.before.nameless.get(&key);
            match known {
                _ if row.event.source_id.is_empty() && !grown => again.same = again.same.saturating_add(1),
                Some(hashes) if hashes.contains(hash) => again.same = again.same.saturating_add(u64::from(first)),
                Some(_) => {
                    again.changed.push(sighting(row));
                    return true;
                }
                None => {
                    again.appeared.push(sighting(row));
                    return true;
                }
            }
            false
        };
        let surplus = self.part.rows.iter().map(&mut judge).collect();
        self.missing(&mut again, &named, &nameless, walked);
        for list in [&mut again.changed, &mut again.appeared, &mut again.vanished] {
            list.sort();
            list.dedup_by(|a, b| (&a.log_org, &a.event) == (&b.log_org, &b.event));
        }
        (again, surplus)
    }

    /// What was shown before, lies in what was read again, and is not shown any more.
    fn missing(
        &self,
        again: &mut Again,
        named: &BTreeSet<Key<'r>>,
        nameless: &BTreeMap<Key<'r>, u64>,
        walked: &dyn Fn(Option<&OrgId>) -> bool,
    ) {
        let mut oldest = BTreeMap::new();
        for event in self.part.rows.iter().map(|row| &row.event) {
            let slot = oldest.entry(event.log_org.as_ref()).or_insert(event.time);
            *slot = [*slot, event.time].into_iter().flatten().min();
        }
        for row in &self.before.rows {
            let event = &row.event;
            let log = event.log_org.as_ref();
            let shown = if event.source_id.is_empty() {
                nameless.contains_key(&(log, event.content_hash.as_str()))
            } else {
                named.contains(&(log, event.source_id.as_str()))
            };
            let Some(time) = event.time.filter(|time| !shown && walked(log) && again.window.contains(*time)) else {
                continue;
            };
            if oldest.get(&log).copied().flatten().is_some_and(|oldest| time < oldest) {
                again.expired = again.expired.saturating_add(1);
            } else {
                again.vanished.push(sighting(row));
            }
        }
    }
}

/// Acquisitions that a pull was read in.
fn numbers(reading: &Reading) -> BTreeSet<u32> {
    let names = std::iter::once(&reading.acquisition).chain(reading.again.iter().map(|again| &again.acquisition));
    names.filter_map(|name| name.strip_prefix("acq-")?.parse().ok()).collect()
}

fn last_name(reading: &Reading) -> Option<String> {
    reading.again.last().map(|again| again.acquisition.clone())
}

fn acquisition_of(row: &Row) -> u32 {
    row.event.refs.first().map_or(0, |place| place.acquisition)
}

fn key(row: &Row) -> Key<'_> {
    let event = &row.event;
    let id = if event.source_id.is_empty() { &event.content_hash } else { &event.source_id };
    (event.log_org.as_ref(), id)
}

fn looks_like(one: &OrgId, other: &OrgId) -> bool {
    one != other && one.as_str().trim().to_lowercase() == other.as_str().trim().to_lowercase()
}

fn sighting(row: &Row) -> Sighting {
    let event = &row.event;
    let hash = event.content_hash.get(..12).unwrap_or_default();
    Sighting {
        time: event.time,
        log_org: event.log_org.clone(),
        event: if event.source_id.is_empty() { format!("sha256:{hash}") } else { event.source_id.clone() },
        place: event.refs.first().copied().unwrap_or_default(),
    }
}

/// Stretches that do not decode and of which the readings before had fewer of the same kind and length.
fn more_broken(before: &Decoded, part: &Decoded) -> Vec<Quarantined> {
    let mut known: BTreeMap<(&str, u64), u64> = BTreeMap::new();
    for row in &before.quarantine {
        let count = known.entry((&row.reason, row.place.length)).or_default();
        *count = count.saturating_add(1);
    }
    let mut more = Vec::new();
    for row in &part.quarantine {
        match known.get_mut(&(row.reason.as_str(), row.place.length)) {
            Some(left) if *left > 0 => *left = left.saturating_sub(1),
            _ => more.push(row.clone()),
        }
    }
    more
}
