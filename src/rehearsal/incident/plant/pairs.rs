//! One action in two logs, and two actions that look like one.

use super::{later, touch};
use crate::model::{AccessClass, Moment};
use crate::rehearsal::incident::book::Owner;
use crate::rehearsal::incident::cast::Record;
use crate::rehearsal::incident::stage::{Logs, Stage};

pub(super) fn play(stage: &mut Stage) {
    one_id_discreet_copy(stage);
    two_ids_redacted(stage);
    two_ids_skewed(stage);
    one_request_many_records(stage);
    alike_but_two(stage);
    delivered_twice(stage);
}

/// The same event in both logs; V's copy hides whose the actor is and where it came from.
fn one_id_discreet_copy(stage: &mut Stage) {
    for _ in 0..4 {
        let record = stage.any_fresh();
        let (person, time, v) = (stage.cast.lead.clone(), stage.night(3), stage.v());
        let event = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
        stage.deliver(&event, Logs::A);
        stage.deliver(&event.discreet(), Logs::V);
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
    }
    stage.note("same event in both logs, the victim's copy discreet", 4);
}

/// Two ids, one request id; A's copy does not say which record.
fn two_ids_redacted(stage: &mut Stage) {
    for _ in 0..5 {
        let record = stage.any_fresh();
        let time = stage.night(3);
        redacted_pair(stage, &record, time, 0);
    }
    stage.note("same action under two ids, the attacker's copy redacted", 5);
}

/// The same with clocks apart; reads before and after leave no doubt about first and last.
fn two_ids_skewed(stage: &mut Stage) {
    for skew in [-4_999_999, -1_200_000, 3_000_000, 5_000_000] {
        let record = stage.any_fresh();
        let (person, time) = (stage.cast.second.clone(), stage.night(3));
        touch(stage, &person, &record, "view", later(time, -1_000), Logs::A);
        redacted_pair(stage, &record, time, skew);
        touch(stage, &person, &record, "view", later(time, 1_000), Logs::Both);
    }
    stage.note("same action under two ids with clocks apart", 4);
}

fn redacted_pair(stage: &mut Stage, record: &Record, time: Moment, skew: i64) {
    let (person, v) = (stage.cast.lead.clone(), stage.v());
    let event = stage.event(&person, record.kind, "read", time).on(record).named(&v);
    stage.deliver(&event.clone().redacted(), Logs::A);
    let mut copy = event;
    copy.id = stage.event_id();
    copy.timestamp = time.saturating_add(skew);
    stage.deliver(&copy, Logs::V);
    stage.book.access(record, AccessClass::Read, time, Owner::InLogs);
}

/// One request reads six documents, the first of them twice; V's log missed the second time and the last.
fn one_request_many_records(stage: &mut Stage) {
    let records: Vec<_> = (0..6).map(|_| stage.fresh("document")).collect();
    let (person, time, v) = (stage.cast.lead.clone(), stage.night(4), stage.v());
    let request = stage.request_id();
    let again = records.first().cloned().into_iter();
    for (n, record) in records.iter().cloned().chain(again).enumerate() {
        let mut event = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
        event.request_id.clone_from(&request);
        stage.deliver(&event, Logs::A);
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
        if n < 5 {
            event.id = stage.event_id();
            stage.deliver(&event, Logs::V);
        }
    }
    stage.note("records touched by one request", 6);
}

/// Neither of these is one action: a retry, two requests without an id, another action of the same request.
fn alike_but_two(stage: &mut Stage) {
    let (person, v) = (stage.cast.second.clone(), stage.v());
    for (apart, named_request, word) in [(40, true, "read"), (2, false, "read"), (0, true, "update")] {
        let record = stage.any_fresh();
        let time = stage.night(4);
        let mut first = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
        let mut second = stage.event(&person, record.kind, word, later(time, apart)).on(&record).named(&v);
        if !named_request {
            first.request_id.clear();
        }
        second.request_id.clone_from(&first.request_id);
        stage.deliver(&first, Logs::A);
        stage.deliver(&second, Logs::V);
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
        stage.book.access(&record, super::class_of(word), later(time, apart), Owner::InLogs);
    }
    stage.note("pairs of events that are alike and still two actions", 3);
}

/// The API serves the same event twice.
fn delivered_twice(stage: &mut Stage) {
    for n in 0..6 {
        let record = stage.any_fresh();
        let (person, time, v) = (stage.cast.lead.clone(), stage.night(4), stage.v());
        let event = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
        stage.deliver(&event, Logs::Both);
        stage.deliver(&event, if n % 2 == 0 { Logs::A } else { Logs::V });
        stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
    }
    stage.note("events delivered twice", 6);
}
