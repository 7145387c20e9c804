//! What A did, scene by scene, each with its meaning.

mod attempts;
mod bulk;
mod bystanders;
mod changes;
mod grants;
mod oddities;
mod pairs;
mod reads;
mod support;
mod unresolved;

use super::book::Owner;
use super::cast::{Person, Record};
use super::stage::{DAY, FROM, Logs, SECOND, Stage};
use super::tables::CatalogueRow;
use crate::model::{AccessClass, Moment};

/// Plays every scene.
pub(super) fn everything(stage: &mut Stage) {
    attempts::play(stage);
    reads::play(stage);
    pairs::play(stage);
    bulk::play(stage);
    changes::play(stage);
    support::play(stage);
    grants::play(stage);
    unresolved::play(stage);
    oddities::play(stage);
    bystanders::play(stage);
}

/// What a successful action with this last word does to the record that it names.
fn class_of(word: &str) -> AccessClass {
    match word {
        "create" => AccessClass::Created,
        "update" | "edit" => AccessClass::Modified,
        "delete" => AccessClass::Deleted,
        "export" | "download" => AccessClass::Exported,
        _ => AccessClass::Read,
    }
}

/// A direct access that names the victim, written down as one.
fn touch(stage: &mut Stage, person: &Person, record: &Record, word: &str, time: Moment, logs: Logs) {
    let v = stage.v();
    let event = stage.event(person, record.kind, word, time).on(record).named(&v);
    stage.deliver(&event, logs);
    stage.book.access(record, class_of(word), time, Owner::InLogs);
}

/// One of the log choices; an action of A on a record of V usually stands in both.
fn some_logs(stage: &mut Stage) -> Logs {
    match stage.random.below(10) {
        0..6 => Logs::Both,
        6..9 => Logs::A,
        _ => Logs::V,
    }
}

/// The moment so many seconds later.
fn later(time: Moment, seconds: i64) -> Moment {
    time.saturating_add(seconds.saturating_mul(SECOND))
}

/// The moment so many days after the beginning of the window.
fn day(number: i64) -> Moment {
    FROM.saturating_add(number.saturating_mul(DAY))
}

/// A catalogue row that holds since long before the window.
fn catalogue(stage: &mut Stage, record: &Record, owner: &str) {
    let (record, owner) = (record.clone(), owner.to_owned());
    stage.catalogue.push(CatalogueRow { record, owner, from: Some(day(-400)), to: None });
}
