//! Rule 5: what a bulk action may have touched without naming it.

use super::ask::Ask;
use super::claims::{Sources, targets};
use super::deed::{Deed, Ours, Touched};
use super::effect::Effect;
use super::judge::{self, Judgement};
use super::ownership::{ClaimedRecord, decide};
use super::question::{CatalogueRow, CrossOrg};
use crate::model::{
    Access, AccessClass, Bound, BulkAction, Confidence, Event, Moment, OrgId, Relation, Standing, Verb, hex,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The bulk row of a deed, if it is a bulk action or names no record; what a catalogue gives joins the accesses.
pub(super) fn row(deed: &Deed<'_>, ask: Ask<'_>, judged: &mut Judgement) -> Option<BulkAction> {
    let Ask { sources, question, .. } = ask;
    let (_, event) = deed.events.first()?;
    let ours = matches!(deed.ours, Ours::Yes | Ours::Contested);
    if !ours || deed.effect == Effect::Not || event.verb.is_session() || !is_bulk(deed, sources) {
        return None;
    }
    let named: Vec<_> = deed.events.iter().flat_map(|(index, _)| targets(sources, *index)).collect();
    let scoped = is_scoped(deed, question, &named);
    let ids_logged = deed.ids_logged(sources);
    let (returned_count, counts_differ) = deed.largest(|e| e.returned_count);
    let (total_count, totals_differ) = deed.largest(|e| e.total_count);
    let (mut bound, mut basis) = bound(ids_logged, returned_count, total_count);
    if scoped && ids_logged == 0 {
        match from_catalogue(deed, question, returned_count) {
            Candidates::These(live, why) => {
                (bound, basis) = (Bound::AtMost(0), why);
                judged.accesses.extend(live.into_iter().map(|row| reconstructed(deed, row, ask)));
            }
            Candidates::Others => basis = "bounded: the records of the catalogue have another hash",
            Candidates::Unknown => {}
        }
    }
    let mut basis = basis.to_owned();
    if counts_differ || totals_differ {
        basis.push_str("; the logs name different counts, the larger stands");
    }
    if deed.effect == Effect::May {
        basis.push_str("; may have taken effect");
    }
    let confidence = match deed.effect {
        Effect::May => Confidence::Unknown,
        _ if counts_differ || totals_differ || judge::is_doubtful(deed) => Confidence::Contested,
        Effect::Took | Effect::Not => Confidence::Confirmed,
    };
    Some(BulkAction {
        time: deed.time,
        kind: event.verb.class(),
        record_type: deed.shown(|e| &e.scope_type),
        scope: scope(deed),
        returned_count,
        total_count,
        page_of: deed.shown(|e| &e.page_of),
        cursor: deed.shown(|e| &e.cursor),
        ids_logged,
        bound,
        scoped,
        actor_id: deed.shown(|e| &e.actor_id),
        credential_id: deed.shown(|e| &e.credential_id),
        session_id: deed.shown(|e| &e.session_id),
        source_ip: deed.shown(|e| &e.source_ip),
        standing: standing(deed, question),
        confidence,
        event_ids: deed.citations(),
        evidence_refs: deed.places(),
        basis,
    })
}

/// A grant of every record of a type covers lists of them.
fn standing(deed: &Deed<'_>, question: &CrossOrg) -> Standing {
    let granted = || question.grants(&deed.shown(|e| &e.scope_type), None, deed.time);
    if deed.standing == Standing::Direct && granted() { Standing::Authorised } else { deed.standing }
}

/// Whether a deed runs over many records, or names none at all.
fn is_bulk(deed: &Deed<'_>, sources: Sources<'_>) -> bool {
    let returned = deed.targets(sources).any(|(_, t)| t.relation == Relation::Returned);
    let named = deed.targets(sources).next().is_some();
    let verb = deed.events.iter().any(|(_, e)| matches!(e.verb, Verb::List | Verb::Search));
    verb || returned || !named || deed.is_counted()
}

/// Whether it ran, or may have run, over records of a victim that it need not name.
pub(super) fn is_scoped_bulk(deed: &Deed<'_>, ask: Ask<'_>) -> bool {
    let named: Vec<_> = deed.targets(ask.sources).map(|(_, target)| target).collect();
    let session = deed.events.iter().any(|(_, event)| event.verb.is_session());
    deed.effect != Effect::Not && !session && is_bulk(deed, ask.sources) && is_scoped(deed, ask.question, &named)
}

/// Whether it names a victim or lies in a victim's log.
pub(super) fn is_scoped(deed: &Deed<'_>, question: &CrossOrg, named: &[&crate::model::Target]) -> bool {
    let victim = |org: &Option<crate::model::OrgId>| org.as_ref().is_some_and(|org| question.is_victim(org));
    deed.in_victim_log(question)
        || deed.events.iter().any(|(_, event)| victim(&event.scope_org))
        || named.iter().any(|target| victim(&target.record_org))
}

fn bound(ids: u64, returned: Option<i64>, total: Option<i64>) -> (Bound, &'static str) {
    let count = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
    match (count(returned), count(total)) {
        (Some(0), _) => (Bound::AtMost(0), "exact: nothing was returned"),
        (Some(n), _) if n == ids => (Bound::AtMost(0), "exact: every id is logged"),
        (Some(n), _) if n < ids => (Bound::AtMost(0), "more ids are logged than were returned: all are counted"),
        (Some(n), _) if ids > 0 => (Bound::AtMost(n.saturating_sub(ids)), "bounded: the list of ids is cut short"),
        (Some(n), _) => (Bound::AtMost(n), "bounded: a count without ids"),
        (None, Some(total)) if total == ids => (Bound::AtMost(0), "exact: every match is logged"),
        (None, Some(total)) if total > ids => (
            Bound::AtMost(total.saturating_sub(ids)),
            "bounded by the number of matches: no count of what was returned",
        ),
        (None, _) if ids > 0 => {
            (Bound::Unbounded, "unbounded: ids are logged without a count, the list may be cut short")
        }
        (None, _) => (Bound::Unbounded, "unbounded: neither ids nor a count"),
    }
}

fn scope(deed: &Deed<'_>) -> String {
    let org = deed.first(|e| e.scope_org.clone()).map(|org| format!("organisation {org}"));
    let container = Some(deed.shown(|e| &e.scope_id)).filter(|id| !id.is_empty()).map(|id| format!("in {id}"));
    let filter = Some(deed.shown(|e| &e.filter)).filter(|f| !f.is_empty()).map(|f| format!("filter {f}"));
    let action = deed.shown(|e| &e.action);
    [Some(action), org, container, filter]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// What a catalogue says of a list whose ids are not logged.
enum Candidates<'q> {
    /// Exactly these records, and why.
    These(Vec<&'q CatalogueRow>, &'static str),
    /// Not these: their hash is another.
    Others,
    /// It cannot tell.
    Unknown,
}

/// The live records of a catalogue with lifetimes, if they agree with the hash, else with the count.
fn from_catalogue<'q>(deed: &Deed<'_>, question: &'q CrossOrg, returned: Option<i64>) -> Candidates<'q> {
    let (record_type, container) = (deed.shown(|e| &e.scope_type), deed.shown(|e| &e.scope_id));
    let hash = deed.shown(|e| &e.returned_hash);
    let ran_over = ran_over(deed, question);
    let of_type = || question.knowledge.catalogue.iter().filter(|row| row.record.record_type == record_type);
    // At an unknown time nothing is known to be live.
    if deed.time.is_none() || record_type.is_empty() || !of_type().all(|row| row.has_lifetime) {
        return Candidates::Unknown;
    }
    let live: Vec<_> = of_type()
        .filter(|row| ran_over.contains(&row.owner) && row.valid.holds(deed.time))
        .filter(|row| container.is_empty() || row.parent_id == container)
        .collect();
    let ids: BTreeSet<&str> = live.iter().map(|row| row.record.record_id.as_str()).collect();
    let counted = returned.map(|count| usize::try_from(count).is_ok_and(|count| count == ids.len()));
    if live.is_empty() || returned == Some(0) {
        return Candidates::Unknown;
    }
    match (hash.is_empty(), counted) {
        (false, None | Some(true)) if hash_of(&ids) == hash => {
            Candidates::These(live, "reconstructed: the records of the catalogue have the logged hash")
        }
        (false, _) => Candidates::Others,
        // A filter cannot be replayed.
        (true, Some(true)) if deed.shown(|e| &e.filter).is_empty() => {
            Candidates::These(live, "reconstructed: the catalogue held exactly that many at the time")
        }
        (true, _) => Candidates::Unknown,
    }
}

/// The victims whose records it ran over: those it names, else those in whose logs it lies.
fn ran_over<'q>(deed: &Deed<'q>, question: &CrossOrg) -> BTreeSet<&'q OrgId> {
    let of = |pick: fn(&Event) -> Option<&OrgId>| -> BTreeSet<&'q OrgId> {
        deed.events.iter().filter_map(|(_, event)| pick(event)).filter(|org| question.is_victim(org)).collect()
    };
    let named = of(|event| event.scope_org.as_ref());
    if named.is_empty() { of(|event| event.log_org.as_ref()) } else { named }
}

/// SHA-256 of the distinct ids in byte order, joined by a newline.
fn hash_of(ids: &BTreeSet<&str>) -> String {
    let joined = ids.iter().copied().collect::<Vec<_>>().join("\n");
    hex(&Sha256::digest(joined.as_bytes()))
}

/// An access like any other, but never surer than its derivation.
fn reconstructed(deed: &Deed<'_>, row: &CatalogueRow, ask: Ask<'_>) -> Access {
    let scope = if ask.sources.profile.ids_per_org { row.owner.to_string() } else { String::new() };
    // At the instant of a change both owners of the catalogue hold.
    let claimed = ClaimedRecord { key: &row.record, scope, parent: None };
    let touch = Touched {
        record: row.record.clone(),
        class: deed.events.first().map_or(AccessClass::Listed, |(_, event)| event.verb.class()),
        ownership: decide(ask.claims, &claimed, deed.time, &ask.question.attackers),
        named_by: deed.events.iter().map(|(index, _)| *index).collect(),
        parent: None,
        scope: claimed.scope,
    };
    let mut access = judge::access(deed, &touch, ask);
    access.confidence = access.confidence.max(Confidence::Reconstructed);
    access.basis.push("reconstructed from a logged count or hash and a catalogue with lifetimes".to_owned());
    access
}

/// The sum of bounds: per type and scope the largest, or the sum of pages up to the number of matches.
pub(super) fn total<'b>(rows: impl IntoIterator<Item = &'b BulkAction>) -> Bound {
    let mut scopes: BTreeMap<(&str, &str), Vec<&BulkAction>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.standing == Standing::Direct) {
        scopes.entry((&row.record_type, &row.scope)).or_default().push(row);
    }
    scopes.into_values().map(|rows| of_scope(&rows)).fold(Bound::AtMost(0), plus)
}

fn of_scope(rows: &[&BulkAction]) -> Bound {
    let mut walks: BTreeMap<&str, Vec<&BulkAction>> = BTreeMap::new();
    for row in rows {
        walks.entry(&row.page_of).or_default().push(row);
    }
    let bounds = walks.iter().map(|(walk, rows)| if walk.is_empty() { of_parts(rows) } else { of_walk(rows) });
    bounds.max().unwrap_or(Bound::AtMost(0))
}

/// The pages of one walk are one reading: over distinct places bounds add, a place read twice counts once.
fn of_walk(rows: &[&BulkAction]) -> Bound {
    let mut places: BTreeMap<&str, Bound> = BTreeMap::new();
    for row in rows {
        let place = places.entry(&row.cursor).or_insert(row.bound);
        *place = (*place).max(row.bound);
    }
    places.into_values().fold(Bound::AtMost(0), plus)
}

/// Where the log does not tie pages together: the largest, or what parts may add up to.
fn of_parts(rows: &[&BulkAction]) -> Bound {
    let largest = rows.iter().map(|row| row.bound).max().unwrap_or(Bound::AtMost(0));
    let matches = rows.iter().filter_map(|row| row.total_count).max().and_then(|n| u64::try_from(n).ok());
    // Actions that each hand out a part may hand out different parts: pages of one list.
    let parts = rows.iter().any(|row| row.total_count > row.returned_count);
    match (matches, rows.iter().map(|row| row.bound).fold(Bound::AtMost(0), plus)) {
        (Some(matches), Bound::AtMost(sum)) if parts => largest.max(Bound::AtMost(sum.min(matches))),
        _ => largest,
    }
}

pub(super) fn plus(sum: Bound, bound: Bound) -> Bound {
    match (sum, bound) {
        (Bound::AtMost(a), Bound::AtMost(b)) => Bound::AtMost(a.saturating_add(b)),
        _ => Bound::Unbounded,
    }
}

/// The order of `bulk.csv`.
pub(super) fn order(row: &BulkAction) -> (bool, Option<Moment>, Vec<String>) {
    (row.time.is_none(), row.time, row.event_ids.clone())
}
