//! Rule 7: the arithmetic of the ledger, and the other sums.

use super::deed::sorted;
use super::judge::Ownerless;
use crate::model::{
    Access, AccessClass, Attempt, ClassCount, Confidence, LedgerRecord, Outcome, RecordKey, Standing, Unresolved, wide,
};
use std::collections::{BTreeMap, BTreeSet};

/// One row per distinct record with a direct access; ids of different organisations differ where they are `per_org`.
pub(super) fn ledger(accesses: &[Access], per_org: bool) -> Vec<LedgerRecord> {
    let mut records: BTreeMap<(&RecordKey, &[String]), Vec<&Access>> = BTreeMap::new();
    for access in accesses.iter().filter(|access| access.standing == Standing::Direct) {
        records.entry((&access.record, &access.owners)).or_default().push(access);
    }
    let mut rows: Vec<LedgerRecord> = Vec::new();
    for ((record, _), accesses) in records {
        // Owners that differ over time are one record with all of them.
        match rows.last_mut().filter(|row| row.record == *record && !per_org) {
            Some(row) => absorb(row, one(record, &accesses)),
            None => rows.push(one(record, &accesses)),
        }
    }
    rows
}

fn one(record: &RecordKey, accesses: &[&Access]) -> LedgerRecord {
    let mut classes: BTreeMap<AccessClass, Confidence> = BTreeMap::new();
    for access in accesses {
        let best = classes.entry(access.class).or_insert(access.confidence);
        *best = (*best).min(access.confidence);
    }
    let (class, confidence) = headline(&classes);
    let times = || accesses.iter().filter_map(|a| a.time);
    LedgerRecord {
        record: record.clone(),
        owners: sorted(accesses.iter().flat_map(|a| a.owners.iter().cloned())),
        class,
        confidence,
        classes,
        first: times().min(),
        last: times().max(),
        access_count: wide(accesses.len()),
        repeats: accesses.iter().fold(0_i64, |sum, a| sum.saturating_add(a.repeats)),
        actor_ids: sorted(
            accesses
                .iter()
                .flat_map(|a| std::iter::once(&a.actor_id).chain(&a.other_actor_ids))
                .filter(|id| !id.is_empty())
                .cloned(),
        ),
        source_ips: sorted(accesses.iter().map(|a| a.source_ip.clone()).filter(|ip| !ip.is_empty())),
        event_ids: sorted(accesses.iter().flat_map(|a| a.event_ids.iter().cloned())),
        evidence_refs: sorted(accesses.iter().flat_map(|a| a.evidence_refs.iter().copied())),
        owner_rules: sorted(accesses.iter().map(|a| a.owner_rule)),
        attribution_rules: sorted(accesses.iter().map(|a| a.attribution_rule)),
        basis: sorted(accesses.iter().flat_map(|a| a.basis.iter().cloned())),
        categories: Vec::new(),
        subjects: Vec::new(),
    }
}

fn absorb(row: &mut LedgerRecord, other: LedgerRecord) {
    for (class, confidence) in other.classes {
        let best = row.classes.entry(class).or_insert(confidence);
        *best = (*best).min(confidence);
    }
    (row.class, row.confidence) = headline(&row.classes);
    row.first = [row.first, other.first].into_iter().flatten().min();
    row.last = row.last.max(other.last);
    row.access_count = row.access_count.saturating_add(other.access_count);
    row.repeats = row.repeats.saturating_add(other.repeats);
    let both = |a: &mut Vec<String>, b: Vec<String>| *a = sorted(a.drain(..).chain(b));
    both(&mut row.owners, other.owners);
    both(&mut row.actor_ids, other.actor_ids);
    both(&mut row.source_ips, other.source_ips);
    both(&mut row.event_ids, other.event_ids);
    both(&mut row.basis, other.basis);
    row.evidence_refs = sorted(row.evidence_refs.drain(..).chain(other.evidence_refs));
    row.owner_rules = sorted(row.owner_rules.drain(..).chain(other.owner_rules));
    row.attribution_rules = sorted(row.attribution_rules.drain(..).chain(other.attribution_rules));
}

/// The strongest class among the accesses of the highest confidence.
fn headline(classes: &BTreeMap<AccessClass, Confidence>) -> (AccessClass, Confidence) {
    let best = classes.values().min().copied().unwrap_or(Confidence::Unknown);
    let class = classes.iter().find(|(_, confidence)| **confidence == best).map(|(class, _)| *class);
    (class.unwrap_or(AccessClass::Unclassified), best)
}

/// Distinct records by headline class and confidence.
pub(super) fn by_headline(records: &[LedgerRecord]) -> Vec<ClassCount> {
    count(records.iter().map(|r| (r.class, r.confidence)))
}

/// Distinct records by every class with its best confidence.
pub(super) fn by_class(records: &[LedgerRecord]) -> Vec<ClassCount> {
    count(records.iter().flat_map(|r| r.classes.iter().map(|(class, confidence)| (*class, *confidence))))
}

fn count(pairs: impl Iterator<Item = (AccessClass, Confidence)>) -> Vec<ClassCount> {
    let mut counts: BTreeMap<(AccessClass, Confidence), u64> = BTreeMap::new();
    for pair in pairs {
        let n = counts.entry(pair).or_default();
        *n = n.saturating_add(1);
    }
    counts.into_iter().map(|((class, confidence), records)| ClassCount { class, confidence, records }).collect()
}

/// More unknown ids than this, tried by one actor at one type within an hour, are one row.
const MANY_GUESSES: usize = 20;

/// Sorts attempts; guesses at many unknown ids become one row an actor, type and hour.
pub(super) fn attempts(attempts: Vec<Attempt>) -> Vec<Attempt> {
    type Guess = (String, String, Option<i64>);
    let mut guesses: BTreeMap<Guess, Vec<Attempt>> = BTreeMap::new();
    let mut rows = Vec::new();
    for attempt in attempts {
        if attempt.owners.is_empty() && !attempt.record_id.is_empty() {
            let hour = attempt.time.map(|time| time.micros().div_euclid(3_600_000_000));
            guesses.entry((attempt.actor_id.clone(), attempt.record_type.clone(), hour)).or_default().push(attempt);
        } else {
            rows.push(attempt);
        }
    }
    for (_, group) in guesses {
        let ids: BTreeSet<&str> = group.iter().map(|a| a.record_id.as_str()).collect();
        if ids.len() > MANY_GUESSES {
            rows.extend(gathered(&group));
        } else {
            rows.extend(group);
        }
    }
    rows.sort_by(|a, b| {
        let key =
            |x: &Attempt| (x.time.is_none(), x.time, x.record_type.clone(), x.record_id.clone(), x.event_ids.clone());
        key(a).cmp(&key(b))
    });
    rows
}

fn gathered(group: &[Attempt]) -> Option<Attempt> {
    let first = group.iter().min_by_key(|a| a.time)?;
    // A value that is not the same in all of them is left empty rather than guessed.
    let common = |pick: fn(&Attempt) -> &str| {
        let value = pick(first);
        if group.iter().all(|a| pick(a) == value) { value.to_owned() } else { String::new() }
    };
    let status = first.http_status.filter(|_| group.iter().all(|a| a.http_status == first.http_status));
    Some(Attempt {
        record_id: String::new(),
        credential_id: common(|a| &a.credential_id),
        session_id: common(|a| &a.session_id),
        source_ip: common(|a| &a.source_ip),
        reason: common(|a| &a.reason),
        outcome: group.iter().map(|a| a.outcome).min().unwrap_or(Outcome::Unknown),
        http_status: status,
        count: group.iter().fold(0_i64, |sum, a| sum.saturating_add(a.count)),
        event_ids: sorted(group.iter().flat_map(|a| a.event_ids.iter().cloned())),
        evidence_refs: sorted(group.iter().flat_map(|a| a.evidence_refs.iter().copied())),
        ..first.clone()
    })
}

/// One row per record whose owner nothing shows.
pub(super) fn unresolved(ownerless: &[Ownerless]) -> Vec<Unresolved> {
    let mut rows: BTreeMap<&RecordKey, Unresolved> = BTreeMap::new();
    for touch in ownerless {
        let row = rows.entry(&touch.record).or_insert_with(|| Unresolved {
            record: touch.record.clone(),
            first: touch.time,
            last: touch.time,
            class: touch.class,
            access_count: 0,
            why: touch.why.clone(),
        });
        row.first = [row.first, touch.time].into_iter().flatten().min();
        row.last = row.last.max(touch.time);
        row.class = row.class.min(touch.class);
        row.access_count = row.access_count.saturating_add(1);
    }
    rows.into_values().collect()
}
