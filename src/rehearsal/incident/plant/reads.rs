//! Reads whose owner is shown by the event itself, by the victim's log, or by the victim's own work.

use super::{later, some_logs, touch};
use crate::model::{AccessClass, Moment};
use crate::rehearsal::incident::book::Owner;
use crate::rehearsal::incident::stage::{FROM, Logs, Stage, TO};

pub(super) fn play(stage: &mut Stage) {
    naming_the_victim(stage);
    owner_in_the_victims_log(stage);
    owner_by_the_victims_work(stage);
    actor_known_by_credential(stage);
    at_the_edges_of_the_window(stage);
    outside_the_window(stage);
    hidden_by_an_escape(stage);
}

/// The plain case, now and then read again a while later.
fn naming_the_victim(stage: &mut Stage) {
    let count = stage.random.between(24, 40);
    for n in 0..count {
        let record = stage.any_fresh();
        let person = if n % 3 == 0 { stage.cast.second.clone() } else { stage.cast.lead.clone() };
        let word = stage.random.word(&["read", "get", "view", "show"]);
        let (time, logs) = (stage.night(2), some_logs(stage));
        touch(stage, &person, &record, word, time, logs);
        if stage.random.chance(20) {
            let logs = some_logs(stage);
            touch(stage, &person, &record, "read", later(time, 900), logs);
        }
    }
    stage.note("records read by events that name the victim", usize::try_from(count).unwrap_or(0));
}

/// A's copy bears the bare id; that the copy of the same action lies in V's log is all there is.
fn owner_in_the_victims_log(stage: &mut Stage) {
    let count = stage.random.between(6, 10);
    for n in 0..count {
        let record = stage.any_fresh();
        let (person, time) = (stage.cast.lead.clone(), stage.night(3));
        let event = stage.event(&person, record.kind, "read", time).on(&record);
        if n % 2 == 0 {
            stage.deliver(&event, Logs::Both);
        } else {
            stage.deliver(&event, Logs::A);
            let mut copy = event;
            copy.id = stage.event_id();
            stage.deliver(&copy, Logs::V);
        }
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
    }
    stage.note("records whose owner only the victim's log shows", usize::try_from(count).unwrap_or(0));
}

/// Nobody names V, and A's reads lie in A's log only; but V's members changed or read the record.
fn owner_by_the_victims_work(stage: &mut Stage) {
    for word in ["update", "update", "update", "read", "read"] {
        let record = stage.any_fresh();
        let member = stage.cast.victim.people.first().cloned().unwrap_or_default();
        let work = stage.night(0);
        let event = stage.event(&member, record.kind, word, work).on(&record);
        stage.deliver(&event, Logs::V);
        let (person, time) = (stage.cast.second.clone(), stage.night(4));
        let event = stage.event(&person, record.kind, "read", time).on(&record);
        stage.deliver(&event, Logs::A);
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
    }
    stage.note("records whose owner only the victim's own work shows", 5);
}

/// The event does not say whose the actor is; every other event of the credential says A.
fn actor_known_by_credential(stage: &mut Stage) {
    for _ in 0..2 {
        let record = stage.any_fresh();
        let (person, time, v) = (stage.cast.lead.clone(), stage.night(5), stage.v());
        let mut event = stage.event(&person, record.kind, "view", time).on(&record).named(&v);
        event.actor.org_id = None;
        stage.deliver(&event, Logs::Both);
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
    }
    stage.note("records read by an actor known by its credential only", 2);
}

/// The beginning belongs to the window, the end does not.
fn at_the_edges_of_the_window(stage: &mut Stage) {
    for time in [FROM, TO.saturating_add(-1)] {
        let record = stage.any_fresh();
        let person = stage.cast.lead.clone();
        touch(stage, &person, &record, "read", time, Logs::Both);
    }
    let record = stage.any_fresh();
    unasked(stage, &record, TO);
    stage.note("records read at the first and last moment of the window", 2);
}

/// Reads that nobody asked about: of records that A left alone in the window, and of one that it did not.
fn outside_the_window(stage: &mut Stage) {
    for n in 0..8 {
        let record = stage.any_fresh();
        let time = if n % 2 == 0 { FROM.saturating_add(-1) } else { TO };
        unasked(stage, &record, later(time, if n % 2 == 0 { -3_600 } else { 3_600 }));
    }
    let record = stage.any_fresh();
    unasked(stage, &record, later(FROM, -60));
    let (person, time) = (stage.cast.second.clone(), stage.night(2));
    touch(stage, &person, &record, "read", time, Logs::Both);
    stage.note("reads of the victim's records outside the window", 10);
}

fn unasked(stage: &mut Stage, record: &super::Record, time: Moment) {
    let (person, v) = (stage.cast.lead.clone(), stage.v());
    let event = stage.event(&person, record.kind, "read", time).on(record).named(&v);
    stage.deliver(&event, Logs::Both);
}

/// The victim's id is written with `\u` escapes, so that a search for its letters passes by.
fn hidden_by_an_escape(stage: &mut Stage) {
    let record = stage.any_fresh();
    let (person, time, a, v) = (stage.cast.lead.clone(), stage.night(2), stage.a(), stage.v());
    let event = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
    let written = v.replace('_', "\\u005f");
    stage.deliver_edited(&event, &a, |json| json.replace(&v, &written));
    stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
    stage.note("records whose event writes the victim's id with escapes", 1);
}
