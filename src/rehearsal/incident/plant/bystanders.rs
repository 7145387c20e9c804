//! Innocent organisations, and innocent actions of A and V, that a careless count would take in.

use super::{later, touch};
use crate::rehearsal::incident::cast::{Org, Record};
use crate::rehearsal::incident::stage::{Logs, Stage};

pub(super) fn play(stage: &mut Stage) {
    similar_ids(stage);
    attacker_reads_others(stage);
    others_read_the_victim(stage);
    victim_reads_the_attacker(stage);
    one_id_two_kinds(stage);
}

/// Third organisations work on records whose ids are one character away from those that A touched.
fn similar_ids(stage: &mut Stage) {
    let touched = stage.book.plain_records(60);
    let thirds = stage.cast.thirds.clone();
    for (n, record) in touched.iter().enumerate() {
        let id = match n % 4 {
            0 => format!("{}0", record.id),
            1 => format!("{} ", record.id),
            2 => record.id.to_uppercase(),
            _ => record.id.chars().take(record.id.len().saturating_sub(1)).collect(),
        };
        if let Some(org) = thirds.iter().cycle().nth(n) {
            works_on(stage, org, &Record { kind: record.kind, id });
        }
    }
    stage.note("records of third organisations with a similar id", touched.len());
}

fn works_on(stage: &mut Stage, org: &Org, record: &Record) {
    let person = org.people.first().cloned().unwrap_or_default();
    for word in ["read", "update"] {
        let time = stage.night(4);
        let event = stage.event(&person, record.kind, word, time).on(record).named(&org.id);
        stage.deliver_to(&event, &org.id);
    }
}

/// A reached into others as well: nothing of V.
fn attacker_reads_others(stage: &mut Stage) {
    for org in stage.cast.thirds.clone() {
        let (record, person, time) = (stage.any_fresh(), stage.cast.lead.clone(), stage.night(3));
        let event = stage.event(&person, record.kind, "read", time).on(&record).named(&org.id);
        stage.deliver(&event, Logs::A);
        stage.deliver_to(&event, &org.id);
    }
    stage.note("records of third organisations that the attacker read", 4);
}

/// Others reached into V: nothing of A. The first record A read too, once.
fn others_read_the_victim(stage: &mut Stage) {
    let v = stage.v();
    for (n, org) in stage.cast.thirds.clone().into_iter().enumerate() {
        let (record, time) = (stage.known("invoice"), stage.night(2));
        let person = org.people.first().cloned().unwrap_or_default();
        let event = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
        stage.deliver(&event, Logs::V);
        stage.deliver_to(&event, &org.id);
        if n == 0 {
            let lead = stage.cast.lead.clone();
            touch(stage, &lead, &record, "read", later(time, 1), Logs::Both);
        }
    }
    stage.note("records of the victim that third organisations read", 4);
}

/// V's member reads what is A's: the other direction is another question.
fn victim_reads_the_attacker(stage: &mut Stage) {
    let (a, member) = (stage.a(), stage.cast.victim.people.first().cloned().unwrap_or_default());
    for record in stage.attackers_known.iter().take(4).cloned().collect::<Vec<_>>() {
        let time = stage.night(2);
        let event = stage.event(&member, record.kind, "read", time).on(&record).named(&a);
        stage.deliver(&event, Logs::Both);
    }
    stage.note("records of the attacker that the victim read", 4);
}

/// V's report and A's document bear one id: only the report was touched in V.
fn one_id_two_kinds(stage: &mut Stage) {
    let (a, person) = (stage.a(), stage.cast.lead.clone());
    let report = stage.known("report");
    let document = Record { kind: "document", id: report.id.clone() };
    let time = stage.night(3);
    touch(stage, &person, &report, "read", time, Logs::Both);
    let event = stage.event(&person, document.kind, "update", later(time, 60)).on(&document).named(&a);
    stage.deliver(&event, Logs::A);
    stage.note("ids that two kinds of records share", 1);
}
