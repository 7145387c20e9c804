//! Section 6, attempts: what was refused or failed, on V's records or on those of nobody known.

use super::Ids;
use super::answer::Attempt;
use super::bulk;
use super::event::Outcome;
use super::exact::Facts;
use std::collections::{BTreeMap, BTreeSet};

/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// More guessed ids than this within an hour are one row.
const GUESSES: usize = 20;

/// One attempt and the action behind it.
pub(crate) struct Tried {
    pub action: usize,
    pub row: Attempt,
}

/// Every attempt, each for itself.
pub(crate) fn tried(f: &Facts<'_>) -> Vec<Tried> {
    let mut all = Vec::new();
    for i in f.ours() {
        let a = &f.actions[i];
        if a.effect() || a.is_session() {
            continue;
        }
        let row = |kind: &str, id: &str, owners: Ids| Attempt {
            time: a.time,
            kind: kind.to_owned(),
            id: id.to_owned(),
            owners,
            actor: a.actor(),
            outcome: if a.outcome == Outcome::Denied { "denied" } else { "failure" },
            count: 1 + a.repeats(),
            events: a.cited(),
        };
        for touched in &a.touched {
            let record = &touched.record;
            let owner = f.owners.owner(record, &touched.parents, i);
            if f.question.any_victim(&owner.orgs) {
                all.push(Tried { action: i, row: row(&record.kind, &record.id, owner.orgs) });
            } else if owner.rank >= 4 {
                all.push(Tried { action: i, row: row(&record.kind, &record.id, Ids::new()) });
            }
        }
        if a.touched.is_empty() {
            let owners = bulk::ran_over(f, a);
            all.push(Tried { action: i, row: row(&a.first(|e| &e.scope_kind), "", owners) });
        }
    }
    all
}

/// Many different ids of nobody known, guessed by one actor at one type within one hour of the clock, are one row.
pub(crate) fn attempts(tried: &[Tried]) -> Vec<Attempt> {
    let mut guesses: BTreeMap<(String, String, i64), Vec<&Attempt>> = BTreeMap::new();
    let mut rows = Vec::new();
    for row in tried.iter().map(|t| &t.row) {
        match row.time {
            Some(time) if row.owners.is_empty() && !row.id.is_empty() => {
                guesses.entry((row.actor.clone(), row.kind.clone(), time.div_euclid(HOUR))).or_default().push(row);
            }
            _ => rows.push(row.clone()),
        }
    }
    for many in guesses.into_values() {
        let ids: BTreeSet<&str> = many.iter().map(|row| row.id.as_str()).collect();
        if ids.len() > GUESSES {
            let mut one = many[0].clone();
            one.time = many.iter().filter_map(|row| row.time).min();
            one.id = String::new();
            one.count = many.iter().map(|row| row.count).sum();
            one.events = many.iter().flat_map(|row| row.events.clone()).collect();
            one.outcome = "many";
            rows.push(one);
        } else {
            rows.extend(many.into_iter().cloned());
        }
    }
    rows.sort();
    rows
}
