//! What was touched, tried and possibly touched.

use super::{Cell, Sheet, log, logs, maybe, number, own, owns, time};
use crate::model::{Access, Attempt, BulkAction, LedgerRecord, Unresolved};
use crate::report::escape::csv::guard;

#[rustfmt::skip]
const RECORDS: &[&str] = &[
    "record_type", "record_id", "owner_org", "access_class", "confidence", "classes", "first_access_utc",
    "last_access_utc", "access_count", "repeats", "actor_ids", "source_ips", "event_ids", "evidence_refs",
    "owner_rule", "attribution_rule", "basis", "id_guarded",
];

#[rustfmt::skip]
const ACCESSES: &[&str] = &[
    "time_utc", "record_type", "record_id", "owner_org", "access_class", "confidence", "standing", "actor_id",
    "effective_actor_id", "credential_id", "session_id", "source_ip", "outcome", "http_status", "request_id", "side",
    "event_ids", "evidence_refs", "basis",
];

#[rustfmt::skip]
const ATTEMPTS: &[&str] = &[
    "time_utc", "record_type", "record_id", "owner_org", "actor_id", "credential_id", "source_ip", "outcome",
    "http_status", "reason", "count", "event_ids", "evidence_refs",
];

#[rustfmt::skip]
const BULK: &[&str] = &[
    "time_utc", "kind", "record_type", "scope", "returned_count", "total_count", "ids_logged", "bound", "scoped",
    "actor_id", "event_ids", "evidence_refs", "basis",
];

#[rustfmt::skip]
const UNRESOLVED: &[&str] = &[
    "record_type", "record_id", "owner_org", "first_utc", "last_utc", "access_class", "access_count", "why",
];

/// `records.csv`: one row per distinct record of the ledger.
pub(super) fn records(records: &[LedgerRecord]) -> Sheet {
    let row = |r: &LedgerRecord| {
        let id = r.record.record_id.as_str();
        let classes: Vec<String> = r.classes.iter().map(|(class, sure)| format!("{class}:{sure}")).collect();
        vec![
            log(&r.record.record_type),
            log(id),
            logs(&r.owners),
            own(r.class),
            own(r.confidence),
            owns(&classes),
            time(r.first),
            time(r.last),
            number(r.access_count),
            number(r.repeats),
            logs(&r.actor_ids),
            logs(&r.source_ips),
            logs(&r.event_ids),
            owns(&r.evidence_refs),
            owns(&r.owner_rules),
            owns(&r.attribution_rules),
            logs(&r.basis),
            own(guard(id) != id),
        ]
    };
    Sheet::sorted("records.csv", RECORDS, records.iter().map(row).collect())
}

/// `accesses.csv`: one row per access of every standing.
pub(super) fn accesses(accesses: &[Access]) -> Sheet {
    let row = |a: &Access| {
        vec![
            time(a.time),
            log(&a.record.record_type),
            log(&a.record.record_id),
            logs(&a.owners),
            own(a.class),
            own(a.confidence),
            own(a.standing),
            actors(a),
            log(&a.effective_actor_id),
            log(&a.credential_id),
            log(&a.session_id),
            log(&a.source_ip),
            own(a.outcome),
            maybe(a.http_status),
            log(&a.request_id),
            own(a.side),
            logs(&a.event_ids),
            owns(&a.evidence_refs),
            logs(&a.basis),
        ]
    };
    Sheet::sorted("accesses.csv", ACCESSES, accesses.iter().map(row).collect())
}

/// `attempts.csv`: what was tried and did not take effect.
pub(super) fn attempts(attempts: &[Attempt]) -> Sheet {
    let row = |a: &Attempt| {
        vec![
            time(a.time),
            log(&a.record_type),
            log(&a.record_id),
            logs(&a.owners),
            log(&a.actor_id),
            log(&a.credential_id),
            log(&a.source_ip),
            own(a.outcome),
            maybe(a.http_status),
            log(&a.reason),
            number(a.count),
            logs(&a.event_ids),
            owns(&a.evidence_refs),
        ]
    };
    Sheet::sorted("attempts.csv", ATTEMPTS, attempts.iter().map(row).collect())
}

/// `bulk.csv`: actions that touched records without naming them all.
pub(super) fn bulk(bulk: &[BulkAction]) -> Sheet {
    let row = |b: &BulkAction| {
        vec![
            time(b.time),
            own(b.kind),
            log(&b.record_type),
            log(&b.scope),
            maybe(b.returned_count),
            maybe(b.total_count),
            number(b.ids_logged),
            own(b.bound),
            own(b.scoped),
            log(&b.actor_id),
            logs(&b.event_ids),
            owns(&b.evidence_refs),
            log(&b.basis),
        ]
    };
    Sheet::sorted("bulk.csv", BULK, bulk.iter().map(row).collect())
}

/// `unresolved.csv`: filled in and given back as a catalogue, it completes the answer.
pub(super) fn unresolved(unresolved: &[Unresolved]) -> Sheet {
    let row = |u: &Unresolved| {
        vec![
            log(&u.record.record_type),
            log(&u.record.record_id),
            super::Cell::Empty,
            time(u.first),
            time(u.last),
            own(u.class),
            number(u.access_count),
            log(&u.why),
        ]
    };
    Sheet::sorted("unresolved.csv", UNRESOLVED, unresolved.iter().map(row).collect())
}

/// Who acted; where the logs disagree, everyone they name.
fn actors(access: &Access) -> Cell {
    if access.other_actor_ids.is_empty() {
        return log(&access.actor_id);
    }
    logs(&std::iter::once(&access.actor_id).chain(&access.other_actor_ids).cloned().collect::<Vec<_>>())
}
