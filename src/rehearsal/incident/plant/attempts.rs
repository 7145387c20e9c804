//! What A tried in vain: on records of V, on ids that the catalogue alone knows, and by guessing.

use super::{catalogue, day, later};
use crate::model::{Moment, Outcome};
use crate::rehearsal::incident::book::Aim;
use crate::rehearsal::incident::cast::{Person, Record};
use crate::rehearsal::incident::hostile::HOSTILE;
use crate::rehearsal::incident::stage::{Logs, Stage};

pub(super) fn play(stage: &mut Stage) {
    refused_by_the_victim(stage);
    failed_reads(stage);
    known_to_the_catalogue_only(stage);
    some_guesses(stage);
    burst_of_guesses(stage);
}

/// An attempt on a record that V's own traffic shows to be V's.
pub(super) fn on_victim(
    stage: &mut Stage,
    person: &Person,
    record: &Record,
    word: &str,
    time: Moment,
    (outcome, status): (Outcome, u16),
) {
    let v = stage.v();
    let reason = stage.random.word(HOSTILE);
    let event = stage.event(person, record.kind, word, time).on(record).ended(outcome, status, reason);
    let logs = super::some_logs(stage);
    stage.deliver(&event, logs);
    let aim = Aim { kind: record.kind, id: &record.id, shown: &v, catalogued: &v };
    stage.book.attempt(&aim, &person.id, outcome, 1);
}

fn refused_by_the_victim(stage: &mut Stage) {
    let count = stage.random.between(8, 14);
    for n in 0..count {
        let record = stage.known("document");
        let person = match n % 3 {
            0 => stage.cast.lead.clone(),
            1 => stage.cast.second.clone(),
            _ => stage.cast.hostile.clone(),
        };
        let word = stage.random.word(&["read", "update", "delete", "export"]);
        let time = stage.night(0);
        on_victim(stage, &person, &record, word, time, (Outcome::Denied, 403));
        if n == 0 {
            on_victim(stage, &person, &record, word, later(time, 7), (Outcome::Denied, 403));
            on_victim(stage, &person, &record, word, later(time, 9), (Outcome::Denied, 403));
        }
    }
    stage.note("records of the victim refused with 403", usize::try_from(count).unwrap_or(0));
}

/// Not found, and a server that broke down on a read: nothing was handed out. And a refusal without a status.
fn failed_reads(stage: &mut Stage) {
    let person = stage.cast.second.clone();
    for (word, outcome, status) in [
        ("read", Outcome::Failure, 404),
        ("delete", Outcome::Failure, 404),
        ("update", Outcome::Failure, 422),
        ("read", Outcome::Failure, 503),
    ] {
        let (record, time) = (stage.known("customer"), stage.night(1));
        on_victim(stage, &person, &record, word, time, (outcome, status));
    }
    let (record, time, v) = (stage.known("customer"), stage.night(1), stage.v());
    let mut event = stage.event(&person, record.kind, "read", time).on(&record);
    event.outcome = Outcome::Denied;
    event.http = None;
    stage.deliver(&event, Logs::Both);
    let aim = Aim { kind: record.kind, id: &record.id, shown: &v, catalogued: &v };
    stage.book.attempt(&aim, &person.id, Outcome::Denied, 1);
    stage.note("actions on records of the victim that failed", 5);
}

fn known_to_the_catalogue_only(stage: &mut Stage) {
    let (person, v) = (stage.cast.machine.clone(), stage.v());
    for _ in 0..4 {
        let (record, time) = (stage.fresh("document"), stage.night(1));
        refuse_unknown(stage, &person, &record, time, (Outcome::Denied, 403));
        catalogue(stage, &record, &v);
        let aim = Aim { kind: record.kind, id: &record.id, shown: "", catalogued: &v };
        stage.book.attempt(&aim, &person.id, Outcome::Denied, 1);
    }
    stage.note("refusals on records that only the catalogue knows", 4);
}

/// A dozen in an hour: too few to be summed up.
fn some_guesses(stage: &mut Stage) {
    let person = stage.cast.second.clone();
    for (n, seconds) in (0..12).zip((7_300..).step_by(120)) {
        let record = guess(stage, "report", n);
        refuse_unknown(stage, &person, &record, later(day(1), seconds), (Outcome::Failure, 404));
        let aim = Aim { kind: record.kind, id: &record.id, shown: "", catalogued: "" };
        stage.book.attempt(&aim, &person.id, Outcome::Failure, 1);
    }
    stage.note("guesses at unknown ids, few", 12);
}

/// Dozens within one hour of the clock, and among them three ids that V really has.
fn burst_of_guesses(stage: &mut Stage) {
    let person = stage.cast.lead.clone();
    // Five past two, and never longer than the rest of that hour.
    let start = later(day(1), 7_500);
    let count = stage.random.between(42, 60);
    for (n, seconds) in (0..count).zip((0..).step_by(40)) {
        let record = guess(stage, "invoice", n);
        refuse_unknown(stage, &person, &record, later(start, seconds), (Outcome::Failure, 404));
    }
    let aim = Aim { kind: "invoice", id: "", shown: "", catalogued: "" };
    stage.book.attempt(&aim, &person.id, Outcome::Failure, count);
    for seconds in [20, 60, 100] {
        let record = stage.known("invoice");
        on_victim(stage, &person, &record, "read", later(start, seconds), (Outcome::Denied, 403));
    }
    stage.note("guesses at unknown ids in one burst", usize::try_from(count).unwrap_or(0));
}

/// An id from a range that no organisation draws from.
fn guess(stage: &mut Stage, kind: &'static str, n: u64) -> Record {
    let digits = stage.random.between(0, 9);
    Record { kind, id: format!("{}_9{:04}{digits}", kind.get(..3).unwrap_or(kind), n) }
}

fn refuse_unknown(
    stage: &mut Stage,
    person: &Person,
    record: &Record,
    time: Moment,
    (outcome, status): (Outcome, u16),
) {
    let event = stage.event(person, record.kind, "read", time).on(record).ended(outcome, status, "not here");
    stage.deliver(&event, Logs::A);
}
