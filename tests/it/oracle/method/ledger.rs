//! Section 7: accesses, the ledger of them, and what nothing shows the owner of.

use super::answer::{Access, CLASSES, CONFIDENCES, Entry, Unresolved, weaker};
use super::bulk::{self, Found};
use super::event::{Outcome, Record};
use super::exact::Facts;
use super::{Ids, Time, standing, who};
use std::collections::{BTreeMap, BTreeSet};

/// One action on one record, before it is put into words.
#[derive(Clone)]
pub(crate) struct Deed {
    pub action: usize,
    pub record: Record,
    pub owners: Ids,
    pub access: Access,
}

/// How sure it is that an action is A's.
pub(crate) fn attribution_confidence(f: &Facts<'_>, i: usize) -> &'static str {
    let (a, author) = (&f.actions[i], &f.who.authors[i]);
    let torn = |orgs: &Ids| f.question.any_attacker(orgs) && orgs.iter().any(|org| !f.question.attackers.contains(org));
    let contested = torn(&author.real.orgs)
        || (!f.question.any_attacker(&author.real.orgs) && torn(&author.effective.orgs))
        || a.actors_differ
        || who::anyone(a, author);
    if contested { "contested" } else { "confirmed" }
}

/// Every action of A that took or may have taken effect, record by record, whoever owns it.
pub(crate) fn deeds(f: &Facts<'_>, found: &[Found]) -> Vec<Deed> {
    let mut deeds = Vec::new();
    for i in f.ours() {
        if !f.actions[i].effect() {
            continue;
        }
        for touched in &f.actions[i].touched {
            deeds.push(deed(f, i, &touched.record, "confirmed"));
        }
    }
    for one in found {
        for record in &one.reconstructed {
            deeds.push(deed(f, one.action, record, "reconstructed"));
        }
    }
    deeds
}

fn deed(f: &Facts<'_>, i: usize, record: &Record, mut confidence: &'static str) -> Deed {
    let (a, author) = (&f.actions[i], &f.who.authors[i]);
    let owner = f.owners.owner(record, &parents(f, i, record), i);
    if a.outcome != Outcome::Success {
        confidence = weaker(confidence, "unknown");
    }
    let torn = a.copies.iter().any(|e| e.torn.iter().any(|r| r.kind == record.kind && r.id == record.id));
    if owner.orgs.len() > 1 || torn {
        confidence = weaker(confidence, "contested");
    }
    confidence = weaker(confidence, attribution_confidence(f, i));
    let access = Access {
        time: a.time,
        kind: record.kind.clone(),
        id: record.id.clone(),
        owners: owner.orgs.clone(),
        class: bulk::class(a.verb),
        confidence,
        standing: standing::standing(f, i, Some(record)),
        side: match (f.question.any_victim(&a.logs), a.logs.is_subset(&f.question.victims)) {
            (true, true) => "v",
            (true, false) => "both",
            (false, _) => "a",
        },
        actors: a.all(|e| &e.actor.id),
        events: a.cited(),
        owner_rule: owner.rule,
        attribution_rule: if f.question.any_attacker(&author.real.orgs) {
            author.real.rule
        } else {
            author.effective.rule
        },
    };
    Deed { action: i, record: record.clone(), owners: owner.orgs, access }
}

/// The containers that an action names for a record.
pub(crate) fn parents(f: &Facts<'_>, i: usize, record: &Record) -> BTreeSet<Record> {
    f.actions[i].touched.iter().filter(|t| t.record == *record).flat_map(|t| t.parents.clone()).collect()
}

/// One row per record of V with at least one direct access.
pub(crate) fn ledger(f: &Facts<'_>, deeds: &[Deed]) -> Vec<Entry> {
    let mut records: BTreeMap<(Record, Option<Ids>), Vec<&Deed>> = BTreeMap::new();
    for deed in deeds.iter().filter(|d| d.access.standing == "direct" && f.question.any_victim(&d.owners)) {
        // Where ids are of an organisation, one id of one owner is one row.
        let bare = Record { org: String::new(), ..deed.record.clone() };
        let owner = f.question.per_org.then(|| deed.owners.clone());
        records.entry((bare, owner)).or_default().push(deed);
    }
    let mut rows: Vec<Entry> = records.into_iter().map(|((record, _), deeds)| entry(f, &record, &deeds)).collect();
    rows.sort();
    rows
}

fn entry(f: &Facts<'_>, record: &Record, deeds: &[&Deed]) -> Entry {
    let mut classes: BTreeMap<&'static str, &'static str> = BTreeMap::new();
    for deed in deeds {
        let (class, confidence) = (deed.access.class, deed.access.confidence);
        let best = classes.entry(class).or_insert(confidence);
        if weaker(best, confidence) == *best {
            *best = confidence;
        }
    }
    let confidence = CONFIDENCES.into_iter().find(|c| classes.values().any(|best| best == c)).unwrap();
    let class = CLASSES.into_iter().find(|class| classes.get(class) == Some(&confidence)).unwrap();
    Entry {
        kind: record.kind.clone(),
        id: record.id.clone(),
        owners: deeds.iter().flat_map(|d| d.owners.clone()).collect(),
        class,
        confidence,
        classes,
        first: times(deeds).min(),
        last: times(deeds).max(),
        access_count: u64::try_from(deeds.len()).unwrap(),
        repeats: deeds.iter().map(|d| f.actions[d.action].repeats()).sum(),
        actors: deeds.iter().flat_map(|d| d.access.actors.clone()).collect(),
        events: deeds.iter().flat_map(|d| d.access.events.clone()).collect(),
    }
}

fn times<'a>(deeds: &'a [&'a Deed]) -> impl Iterator<Item = i64> + 'a {
    deeds.iter().filter_map(|d| d.access.time)
}

/// Records that A touched, by whatever right, and whose owner nothing shows.
pub(crate) fn unresolved(deeds: &[Deed]) -> Vec<Unresolved> {
    let mut records: BTreeMap<(String, String), Vec<&Deed>> = BTreeMap::new();
    for deed in deeds.iter().filter(|d| d.owners.is_empty()) {
        records.entry((deed.access.kind.clone(), deed.access.id.clone())).or_default().push(deed);
    }
    let row = |((kind, id), deeds): ((String, String), Vec<&Deed>)| {
        let first: Time = times(&deeds).min();
        Unresolved {
            kind,
            id,
            class: CLASSES.into_iter().find(|class| deeds.iter().any(|d| d.access.class == *class)).unwrap(),
            first,
            last: times(&deeds).max(),
            access_count: u64::try_from(deeds.len()).unwrap(),
        }
    };
    records.into_iter().map(row).collect()
}
