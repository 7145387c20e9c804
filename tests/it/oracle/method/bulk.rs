//! Section 5: bulk actions, and actions that name no record.

use super::action::Action;
use super::answer::{Bound, Bulk, weaker};
use super::event::{Outcome, Record, Verb};
use super::exact::Facts;
use super::targets::canonical_id;
use super::{Ids, standing};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// One bulk action with what its bound stands for.
pub(crate) struct Found {
    pub row: Bulk,
    /// Which action.
    pub action: usize,
    /// Records that the catalogue gives for it.
    pub reconstructed: Vec<Record>,
    scope: (String, String, String, String, String),
    walk: String,
    places: Ids,
}

/// The class of what an action does.
pub(crate) fn class(verb: Verb) -> &'static str {
    match verb {
        Verb::Read => "read",
        Verb::List => "listed",
        Verb::Search => "searched",
        Verb::Export => "exported",
        Verb::Create => "created",
        Verb::Update => "modified",
        Verb::Delete => "deleted",
        Verb::Login | Verb::Logout | Verb::Unclassified => "unclassified",
    }
}

/// Whether an action is a bulk action.
fn is_bulk(a: &Action) -> bool {
    !a.is_session()
        && (matches!(a.verb, Verb::List | Verb::Search)
            || a.touched.iter().any(|t| t.returned)
            || a.returned.is_some()
            || a.total.is_some()
            || a.touched.is_empty())
}

/// Whether an action names V, as scope or for a target, or lies in V's log.
pub(crate) fn scoped(f: &Facts<'_>, a: &Action) -> bool {
    let named: Ids = a.touched.iter().flat_map(|t| t.orgs.clone()).chain(a.all(|e| &e.scope_org)).collect();
    f.question.any_victim(&named) || f.question.any_victim(&a.logs)
}

/// The row of an action of A, if it is a bulk action that took or may have taken effect.
pub(crate) fn row(f: &Facts<'_>, i: usize) -> Option<Found> {
    let a = &f.actions[i];
    if !is_bulk(a) || !a.effect() {
        return None;
    }
    let container = a.first(|e| &e.container);
    let counted = a.returned.is_some() || a.total.is_some();
    let listed = |t: &&super::action::Touched| t.returned || (counted && t.affected);
    let ids: BTreeSet<(&str, &str)> = a
        .touched
        .iter()
        .filter(listed)
        .filter(|t| container.is_empty() || t.record.id != container || !is_container(a, &t.record))
        .map(|t| (t.record.kind.as_str(), t.record.id.as_str()))
        .collect();
    let logged = u64::try_from(ids.len()).unwrap();
    let reconstructed = if logged == 0 { reconstruct(f, a, &container) } else { None };
    let bound = if reconstructed.is_some() { Some(0) } else { bound(a, logged) };
    let action = a.first(|e| &e.action);
    let kind = a.first(|e| &e.scope_kind);
    let org = a.first(|e| &e.scope_org);
    let mut confidence = super::ledger::attribution_confidence(f, i);
    if a.counts_differ {
        confidence = weaker(confidence, "contested");
    }
    if a.outcome != Outcome::Success {
        confidence = weaker(confidence, "unknown");
    }
    let row = Bulk {
        time: a.time,
        class: class(a.verb),
        kind: kind.clone(),
        returned: a.returned,
        total: a.total,
        ids_logged: logged,
        bound,
        scoped: scoped(f, a),
        standing: standing::standing(f, i, None),
        confidence,
        events: a.cited(),
    };
    let scope = (kind, action, org, container, a.first(|e| &e.filter));
    let reconstructed = reconstructed.unwrap_or_default();
    Some(Found { row, action: i, reconstructed, scope, walk: a.first(|e| &e.page_of), places: a.all(|e| &e.cursor) })
}

/// Whether a record is the container that the action names.
fn is_container(a: &Action, record: &Record) -> bool {
    a.touched.iter().any(|t| t.parents.iter().any(|p| p.kind == record.kind && p.id == record.id))
}

/// How many records an action may have touched beyond those it names.
fn bound(a: &Action, ids: u64) -> Bound {
    let number = |n: i64| u64::try_from(n).unwrap();
    match (ids, a.returned.map(number), a.total.map(number)) {
        (_, Some(returned), _) => Some(returned.saturating_sub(ids)),
        (_, None, Some(total)) if total >= ids => Some(total - ids),
        _ => None,
    }
}

/// The live records of the catalogue, if hash or count say that these were returned.
fn reconstruct(f: &Facts<'_>, a: &Action, container: &str) -> Option<Vec<Record>> {
    let kind = a.first(|e| &e.scope_kind);
    let rows: Vec<_> = f.question.catalogue.iter().filter(|row| row.kind == kind).collect();
    let hash = a.first(|e| &e.hash);
    let counted = a.returned.map(|n| usize::try_from(n).unwrap());
    if counted == Some(0) || a.time.is_none() || kind.is_empty() || !scoped(f, a) {
        return None;
    }
    if rows.is_empty() || !rows.iter().all(|row| row.begins) {
        return None;
    }
    let named: Ids = a.all(|e| &e.scope_org).intersection(&f.question.victims).cloned().collect();
    let logs: Ids = a.logs.intersection(&f.question.victims).cloned().collect();
    let of = [named, logs].into_iter().find(|orgs| !orgs.is_empty())?;
    let live: BTreeSet<String> = rows
        .iter()
        .filter(|row| of.contains(&f.question.name(&row.owner)) && row.valid.holds(a.time))
        .filter(|row| container.is_empty() || canonical_id(&row.parent) == container)
        .map(|row| row.id.clone())
        .collect();
    let agrees = if hash.is_empty() {
        counted == Some(live.len()) && a.first(|e| &e.filter).is_empty()
    } else {
        hash == digest(&live) && counted.is_none_or(|n| n == live.len())
    };
    let org = |id: &String| {
        let mut owners =
            rows.iter().filter(|row| row.id == *id && row.valid.holds(a.time)).map(|row| f.question.name(&row.owner));
        if f.question.per_org { owners.find(|org| of.contains(org)).unwrap_or_default() } else { String::new() }
    };
    (agrees && !live.is_empty())
        .then(|| live.iter().map(|id| Record { org: org(id), kind: kind.clone(), id: id.clone() }).collect())
}

/// SHA-256 of the ids in byte order, joined by a newline.
pub(crate) fn digest(ids: &BTreeSet<String>) -> String {
    let text = ids.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What rows may have touched in all: per type and scope, direct ones only.
pub(crate) fn total(found: &[Found], scoped: bool) -> Bound {
    let mut scopes: BTreeMap<&(String, String, String, String, String), Vec<&Found>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.row.standing == "direct" && one.row.scoped == scoped) {
        scopes.entry(&one.scope).or_default().push(one);
    }
    sum(scopes.values().map(|rows| of_scope(rows)))
}

/// The bound of one scope: the largest of its readings.
fn of_scope(rows: &[&Found]) -> Bound {
    let (walks, single): (Vec<&Found>, Vec<&Found>) = rows.iter().partition(|one| !one.walk.is_empty());
    let mut readings: Vec<Bound> = Vec::new();
    let names: Ids = walks.iter().map(|one| one.walk.clone()).collect();
    for name in names {
        let pages: Vec<&&Found> = walks.iter().filter(|one| one.walk == name).collect();
        let mut places: BTreeMap<String, Vec<Bound>> = BTreeMap::new();
        for (n, page) in pages.iter().enumerate() {
            // A page that does not say its place may be any place: it stands for itself.
            let place = page.places.first().cloned().unwrap_or_else(|| format!("page {n}"));
            places.entry(place).or_default().push(page.row.bound);
        }
        readings.push(sum(places.into_values().map(largest)));
    }
    let parts = single.iter().any(|one| one.row.total.is_some_and(|t| one.row.returned.is_none_or(|r| t > r)));
    let bounds: Vec<Bound> = single.iter().map(|one| one.row.bound).collect();
    let top = largest(bounds.clone());
    readings.push(if parts {
        let most = single.iter().filter_map(|one| one.row.total).max().and_then(|t| u64::try_from(t).ok());
        match (sum(bounds.into_iter()), most, top) {
            (Some(all), Some(most), Some(top)) => Some(all.min(most).max(top)),
            _ => None,
        }
    } else {
        top
    });
    largest(readings)
}

/// The largest; unbounded is larger than any number.
fn largest(bounds: Vec<Bound>) -> Bound {
    bounds.into_iter().try_fold(0, |most, bound| bound.map(|bound| bound.max(most)))
}

/// The sum; unbounded if one is.
fn sum(bounds: impl Iterator<Item = Bound>) -> Bound {
    bounds.into_iter().try_fold(0, |all: u64, bound| bound.map(|bound| all + bound))
}
