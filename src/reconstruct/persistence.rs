//! Rule 3: what the accessing side left behind inside the victim.

use super::ask::Ask;
use super::claims::targets_of;
use super::deed::{Deed, Ours, sorted};
use super::effect::Effect;
use super::judge::is_doubtful;
use super::minted::{acting, inside};
use super::sides::Named;
use crate::model::{EvidenceRef, MintKind, Moment, OrgId, Outcome, Persistence, Target, Verb};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a deed that made something inside victims: one for each of them.
pub(super) fn rows(deed: &Deed<'_>, ask: Ask<'_>) -> Vec<Persistence> {
    made(deed, ask).unwrap_or_default()
}

fn made(deed: &Deed<'_>, ask: Ask<'_>) -> Option<Vec<Persistence>> {
    // A login opens a session of its own; that is no key left behind.
    let made = |(_, event): &&(usize, &crate::model::Event)| event.minted.is_some() && !event.verb.is_session();
    let (_, event) = deed.events.iter().find(made)?;
    let ours = matches!(deed.ours, Ours::Yes | Ours::Contested);
    let minted = event.minted.as_ref().filter(|_| ours && deed.effect != Effect::Not)?;
    let attributions = deed.events.iter().filter_map(|(index, _)| ask.sources.attributions.get(*index));
    let by: BTreeSet<OrgId> = attributions.flat_map(super::attribution::Attribution::everyone).collect();
    let into = |(index, event): &(usize, &crate::model::Event)| {
        inside(event, targets_of(ask.sources.tables, ask.sources.ranges, *index), &by)
    };
    let into: BTreeSet<OrgId> = deed.events.iter().flat_map(into).collect();
    let row = |org| Persistence {
        time: deed.time,
        kind: minted.kind,
        id: minted.id.clone(),
        org,
        actor_id: deed.shown(|e| &e.actor_id),
        credential_id: deed.shown(|e| &e.credential_id),
        certain: deed.effect == Effect::Took && !is_doubtful(deed),
        uses: 0,
        last_use: None,
        removed: None,
        event_ids: deed.citations(),
        evidence_refs: deed.places(),
    };
    Some(into.into_iter().filter(|org| ask.question.is_victim(org)).map(row).collect())
}

/// In the order of time; what the log tells twice in the same words is one thing.
pub(super) fn each_once(rows: Vec<Persistence>) -> Vec<Persistence> {
    let mut each: BTreeMap<(bool, Persistence), Vec<EvidenceRef>> = BTreeMap::new();
    for mut row in rows {
        let places = std::mem::take(&mut row.evidence_refs);
        each.entry((row.time.is_none(), row)).or_default().extend(places);
    }
    let whole = |((_, row), places)| Persistence { evidence_refs: sorted(places), ..row };
    each.into_iter().map(whole).collect()
}

/// Adds to each row how often it was used since, and whether it was deleted.
pub(super) fn follow(rows: &mut [Persistence], ask: Ask<'_>) {
    if rows.is_empty() {
        return;
    }
    let mut known: BTreeMap<(MintKind, String), Vec<usize>> = BTreeMap::new();
    for (position, row) in rows.iter().enumerate() {
        known.entry((row.kind, row.id.clone())).or_default().push(position);
    }
    let records = records(rows, ask);
    for action in ask.sources.actions {
        let events: Vec<_> =
            action.events.iter().filter_map(|i| Some((*i, ask.sources.tables.events.get(*i)?))).collect();
        let time = events.iter().filter_map(|(_, event)| event.time).min();
        let used = events.iter().flat_map(|(_, event)| acting(event));
        let used: BTreeSet<usize> =
            used.filter_map(|(kind, id)| known.get(&(kind, id.to_owned()))).flatten().copied().collect();
        for position in used {
            let Some(row) = rows.get_mut(position) else { continue };
            if row.time.is_none_or(|from| time.is_none_or(|time| from <= time)) {
                row.uses = row.uses.saturating_add(1);
                row.last_use = row.last_use.max(time);
            }
        }
        let deleted = |e: &crate::model::Event| e.verb == Verb::Delete && e.outcome == Outcome::Success;
        for (index, _) in events.iter().filter(|(_, event)| deleted(event)) {
            for target in targets_of(ask.sources.tables, ask.sources.ranges, *index) {
                let key = named(target, ask.sources.profile.ids_per_org);
                for position in key.and_then(|key| records.get(&key)).into_iter().flatten() {
                    rows.get_mut(*position).into_iter().for_each(|row| remove(row, time));
                }
            }
        }
    }
}

fn remove(row: &mut Persistence, time: Option<Moment>) {
    let after = time.filter(|time| row.time.is_none_or(|from| from <= *time));
    row.removed = [row.removed, after].into_iter().flatten().min();
}

/// The records that the rows' events name: what a deletion must name to remove them.
fn records<'t>(rows: &[Persistence], ask: Ask<'t>) -> BTreeMap<Named<'t>, Vec<usize>> {
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (position, row) in rows.iter().enumerate() {
        for place in &row.evidence_refs {
            places.entry(*place).or_default().push(position);
        }
    }
    let mut records: BTreeMap<Named<'t>, Vec<usize>> = BTreeMap::new();
    for (index, event) in ask.sources.tables.events.iter().enumerate().filter(|(_, e)| e.minted.is_some()) {
        let Some(positions) = event.refs.first().and_then(|place| places.get(place)) else { continue };
        for target in targets_of(ask.sources.tables, ask.sources.ranges, index) {
            if let Some(key) = named(target, ask.sources.profile.ids_per_org) {
                records.entry(key).or_default().extend(positions);
            }
        }
    }
    records
}

/// A record by which a thing is known; a bare id of one organisation among many joins nothing.
fn named(target: &Target, per_org: bool) -> Option<Named<'_>> {
    let org = target.record_org.as_ref().filter(|_| per_org);
    (org.is_some() || !per_org).then_some((&target.record, org))
}
