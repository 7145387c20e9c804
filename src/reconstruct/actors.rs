//! Whom to revoke: who did it, with which credential, in which session, from where.

use super::attribution::Attribution;
use crate::model::{
    Access, ActorRow, Attempt, BulkAction, EventCitation, Moment, OrgId, Outcome, RecordKey, Standing, Tables, wide,
};
use std::collections::{BTreeMap, BTreeSet};

/// Actor, credential, session, address.
type Hand<'a> = (&'a str, &'a str, &'a str, &'a str);

/// What one hand did.
#[derive(Default)]
struct Doing<'a> {
    first: Option<Moment>,
    last: Option<Moment>,
    events: BTreeSet<&'a EventCitation>,
    records: BTreeSet<&'a RecordKey>,
    denied: u64,
}

impl<'a> Doing<'a> {
    fn seen(&mut self, time: Option<Moment>, events: &'a [EventCitation]) {
        self.first = [self.first, time].into_iter().flatten().min();
        self.last = self.last.max(time);
        self.events.extend(events);
    }
}

/// Actors by distinct records of the ledger, most first; an event counts once however many records it touched.
pub(super) fn actors(
    accesses: &[Access],
    attempts: &[Attempt],
    bulk: &[BulkAction],
    who: &BTreeMap<&str, Who<'_>>,
) -> Vec<ActorRow> {
    let mut hands: BTreeMap<Hand<'_>, Doing<'_>> = BTreeMap::new();
    for a in accesses.iter().filter(|a| a.standing == Standing::Direct) {
        let hand = hands.entry((&a.actor_id, &a.credential_id, &a.session_id, &a.source_ip)).or_default();
        hand.seen(a.time, &a.event_ids);
        hand.records.insert(&a.record);
    }
    for a in attempts {
        let hand = hands.entry((&a.actor_id, &a.credential_id, &a.session_id, &a.source_ip)).or_default();
        hand.seen(a.time, &a.event_ids);
        let refused = if a.outcome == Outcome::Denied { u64::try_from(a.count).unwrap_or(0) } else { 0 };
        hand.denied = hand.denied.saturating_add(refused);
    }
    for a in bulk.iter().filter(|a| a.scoped && a.standing == Standing::Direct) {
        let hand = hands.entry((&a.actor_id, &a.credential_id, &a.session_id, &a.source_ip)).or_default();
        hand.seen(a.time, &a.event_ids);
    }
    let mut rows: Vec<ActorRow> = hands.into_iter().map(|(hand, doing)| row(hand, &doing, who.get(hand.0))).collect();
    rows.sort_by(|a, b| (b.records, b.events).cmp(&(a.records, a.events)).then_with(|| a.actor_id.cmp(&b.actor_id)));
    rows
}

fn row((actor, credential, session, ip): Hand<'_>, doing: &Doing<'_>, who: Option<&Who<'_>>) -> ActorRow {
    let orgs = |who: &Who<'_>| who.orgs.iter().map(|org| org.as_str()).collect::<Vec<_>>().join(";");
    ActorRow {
        actor_id: actor.to_owned(),
        actor_type: who.map(|who| who.kind.to_owned()).unwrap_or_default(),
        actor_org: who.map(orgs).unwrap_or_default(),
        credential_id: credential.to_owned(),
        session_id: session.to_owned(),
        source_ip: ip.to_owned(),
        first: doing.first,
        last: doing.last,
        events: wide(doing.events.len()),
        records: wide(doing.records.len()),
        denied: doing.denied,
    }
}

/// What is known of an actor over the whole log.
#[derive(Clone, Debug, Default)]
pub(super) struct Who<'t> {
    kind: &'t str,
    orgs: BTreeSet<&'t OrgId>,
}

/// The kind of each actor, as the first event that tells it says, and every organisation that an event gives it to.
pub(super) fn who<'t>(tables: &'t Tables, attributions: &'t [Attribution]) -> BTreeMap<&'t str, Who<'t>> {
    let mut all: BTreeMap<&str, Who<'_>> = BTreeMap::new();
    for (event, attribution) in tables.events.iter().zip(attributions) {
        let who = all.entry(&event.actor_id).or_default();
        if who.kind.is_empty() {
            who.kind = &event.actor_type;
        }
        who.orgs.extend(&attribution.real.orgs);
    }
    all
}
