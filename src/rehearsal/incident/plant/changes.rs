//! What A made, changed, took out and deleted in V.

use super::{later, touch};
use crate::model::{AccessClass, Outcome};
use crate::rehearsal::incident::book::Owner;
use crate::rehearsal::incident::stage::{Logs, Stage};
use crate::rehearsal::incident::wire::Parent;

pub(super) fn play(stage: &mut Stage) {
    created_in_the_victim(stage);
    updated(stage);
    deleted_after_export(stage);
    deleted_perhaps(stage);
    everything_at_once(stage);
}

/// A customer that is read afterwards, a document inside a document of V, and a key that outlives the visit.
fn created_in_the_victim(stage: &mut Stage) {
    let (person, v) = (stage.cast.lead.clone(), stage.v());
    let customer = stage.fresh("customer");
    let time = stage.night(2);
    touch(stage, &person, &customer, "create", time, Logs::Both);
    touch(stage, &person, &customer, "read", later(time, 30), Logs::A);

    let (parent, child, time) = (stage.known("document"), stage.fresh("document"), stage.night(3));
    let mut event = stage.event(&person, "document", "create", time).on(&child).named(&v);
    event.resource.parent = Some(Parent { kind: parent.kind.to_owned(), id: parent.id });
    stage.deliver(&event, Logs::Both);
    stage.book.access(&child, AccessClass::Created, time, Owner::InLogs);

    let (key, time) = (stage.fresh("api_key"), stage.night(5));
    touch(stage, &person, &key, "create", time, Logs::Both);
    stage.note("records created inside the victim", 3);
}

fn updated(stage: &mut Stage) {
    let count = stage.random.between(4, 7);
    for n in 0..count {
        let record = if n % 2 == 0 { stage.known("customer") } else { stage.known("invoice") };
        let (person, time) = (stage.cast.second.clone(), stage.night(5));
        let logs = super::some_logs(stage);
        touch(stage, &person, &record, if n % 2 == 0 { "update" } else { "edit" }, time, logs);
    }
    stage.note("records updated", usize::try_from(count).unwrap_or(0));
}

/// Taken out first, destroyed then.
fn deleted_after_export(stage: &mut Stage) {
    for word in ["download", "export"] {
        let record = stage.known("document");
        let (person, time) = (stage.cast.lead.clone(), stage.night(5));
        touch(stage, &person, &record, word, time, Logs::Both);
        touch(stage, &person, &record, "delete", later(time, 240), Logs::Both);
    }
    stage.note("records deleted after an export", 2);
}

/// The gateway gave up waiting: nobody can say from the log whether the record is gone.
fn deleted_perhaps(stage: &mut Stage) {
    let record = stage.known("report");
    let (person, time, v) = (stage.cast.lead.clone(), stage.night(6), stage.v());
    let event = stage.event(&person, record.kind, "delete", time).on(&record).named(&v);
    let event = event.ended(Outcome::Failure, 504, "upstream timed out after 30 s");
    stage.deliver(&event, Logs::Both);
    stage.book.doubtful(&record, AccessClass::Deleted, time);
    stage.note("deletes that ended in a 504", 1);
}

/// One record read, exported and updated, and a delete refused: the classes stand side by side.
fn everything_at_once(stage: &mut Stage) {
    let record = stage.known("invoice");
    let (person, time) = (stage.cast.second.clone(), stage.night(4));
    for (n, word) in [(0, "show"), (1, "download"), (2, "update"), (3, "view")] {
        let logs = super::some_logs(stage);
        touch(stage, &person, &record, word, later(time, n), logs);
    }
    super::attempts::on_victim(stage, &person, &record, "delete", later(time, 9), (Outcome::Denied, 403));
    stage.note("records accessed in several ways", 1);
}
