//! What stands beside the answer: who acted, leads, and what could not be read or does not agree.

use super::{Sheet, log, logs, number, own, owns, time};
use crate::model::{ActorRow, Conflict, Lead, QuarantineRow};
use std::cmp::Reverse;

#[rustfmt::skip]
const ACTORS: &[&str] = &[
    "actor_id", "actor_type", "actor_org", "credential_id", "session_id", "source_ip", "first_utc", "last_utc",
    "events", "records", "denied",
];
const LEADS: &[&str] = &["kind", "subject", "detail", "count", "event_ids"];
const QUARANTINE: &[&str] = &["file", "offset", "length", "reason", "mentions"];
const CONFLICTS: &[&str] = &["log_org", "source_id", "kind", "fields", "evidence_refs"];

/// `actors.csv`: whom to revoke and what to block, most records first.
pub(super) fn actors(actors: &[ActorRow]) -> Sheet {
    let row = |a: &ActorRow| {
        vec![
            log(&a.actor_id),
            log(&a.actor_type),
            log(&a.actor_org),
            log(&a.credential_id),
            log(&a.session_id),
            log(&a.source_ip),
            time(a.first),
            time(a.last),
            number(a.events),
            number(a.records),
            number(a.denied),
        ]
    };
    let mut ranked: Vec<_> = actors.iter().map(|a| (Reverse(a.records), row(a))).collect();
    ranked.sort_unstable();
    Sheet { name: "actors.csv", columns: ACTORS, rows: ranked.into_iter().map(|(_, row)| row).collect() }
}

/// `leads.csv`: worth a look, counted nowhere.
pub(super) fn leads(leads: &[Lead]) -> Sheet {
    let row = |l: &Lead| vec![log(&l.kind), log(&l.subject), log(&l.detail), number(l.count), logs(&l.event_ids)];
    Sheet::sorted("leads.csv", LEADS, leads.iter().map(row).collect())
}

/// `quarantine.csv`: what could not be decoded, and where it lies.
pub(super) fn quarantine(quarantine: &[QuarantineRow]) -> Sheet {
    let row =
        |q: &QuarantineRow| vec![log(&q.file), number(q.offset), number(q.length), log(&q.reason), logs(&q.mentions)];
    Sheet::sorted("quarantine.csv", QUARANTINE, quarantine.iter().map(row).collect())
}

/// `conflicts.csv`: deliveries under one id that differ.
pub(super) fn conflicts(conflicts: &[Conflict]) -> Sheet {
    let row = |c: &Conflict| vec![log(&c.log_org), log(&c.source_id), own(c.kind), logs(&c.fields), owns(&c.places)];
    Sheet::sorted("conflicts.csv", CONFLICTS, conflicts.iter().map(row).collect())
}
