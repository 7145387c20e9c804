//! Lists, searches, exports and bulk updates: exact, bounded, in and out of V's scope.

use super::{catalogue, later};
use crate::model::{AccessClass, Moment};
use crate::rehearsal::incident::book::Owner;
use crate::rehearsal::incident::cast::Record;
use crate::rehearsal::incident::hostile::HOSTILE;
use crate::rehearsal::incident::stage::{Logs, Stage};
use crate::rehearsal::incident::wire::Event;
use crate::rehearsal::truth::BulkTruth;

pub(super) fn play(stage: &mut Stage) {
    list_of_both(stage);
    list_with_unknown_ids(stage);
    search_with_fewer_ids(stage);
    search_without_result(stage);
    export_with_a_count_only(stage);
    export_of_nobody_in_particular(stage);
    export_with_ids(stage);
    bulk_update(stage);
}

/// Writes down the row that the event makes.
fn row(stage: &mut Stage, event: &Event, kind: AccessClass, bound: u64, scoped: bool) {
    let count = event.metadata.returned_count.or(event.metadata.affected_count);
    stage.book.bulk(&BulkTruth {
        kind,
        record_type: event.resource.kind.clone(),
        returned_count: count.and_then(|n| i64::try_from(n).ok()),
        bound: bound.to_string(),
        scoped,
    });
}

fn accessed(stage: &mut Stage, records: &[Record], class: AccessClass, time: Moment) {
    for record in records {
        stage.book.access(record, class, time, Owner::InLogs);
    }
}

fn own(stage: &Stage, kind: &str, count: usize) -> Vec<Record> {
    stage.attackers_known.iter().filter(|r| r.kind == kind).take(count).cloned().collect()
}

/// The list returned rows of V between A's own; asked for twice, which adds nothing to the bound.
fn list_of_both(stage: &mut Stage) {
    let victims = stage.some_known("invoice", 6);
    let mut page = victims.clone();
    page.extend(own(stage, "invoice", 5));
    stage.random.shuffle(&mut page);
    let (person, start) = (stage.cast.lead.clone(), stage.night(2));
    for time in [start, later(start, 600)] {
        let event = stage.event(&person, "invoice", "list", time).returned(&page, 11, 400);
        stage.deliver(&event, Logs::Both);
        accessed(stage, &victims, AccessClass::Listed, time);
        row(stage, &event, AccessClass::Listed, 0, true);
    }
    stage.note("lists with ids of both organisations", 2);
}

/// In A's log alone, and half of the ids are shown by nothing else: the answer is open without a catalogue.
fn list_with_unknown_ids(stage: &mut Stage) {
    let (person, time) = (stage.cast.second.clone(), stage.night(3));
    let victims = stage.some_known("document", 3);
    let unknown: Vec<_> = (0..8).map(|_| stage.fresh("document")).collect();
    let foreign = foreign_record(stage);
    let page: Vec<_> =
        victims.iter().chain(&unknown).chain(&own(stage, "document", 2)).chain([&foreign]).cloned().collect();
    let event = stage.event(&person, "document", "index", time).returned(&page, 14, 90_000);
    stage.deliver(&event, Logs::A);
    accessed(stage, &victims, AccessClass::Listed, time);
    row(stage, &event, AccessClass::Listed, 0, false);

    let (a, v) = (stage.a(), stage.v());
    let third = stage.cast.thirds.first().map(|org| org.id.clone()).unwrap_or_default();
    for (n, record) in unknown.iter().enumerate() {
        let (owner, means) = match n {
            0..5 => (&v, Owner::InCatalogue),
            5..7 => (&third, Owner::CatalogueOther),
            _ => (&a, Owner::CatalogueOther),
        };
        catalogue(stage, record, owner);
        stage.book.access(record, AccessClass::Listed, time, means);
    }
    // One of them was opened as well, and again only A's log knows.
    if let Some(record) = unknown.first() {
        let time = later(time, 45);
        let event = stage.event(&person, "document", "get", time).on(record);
        stage.deliver(&event, Logs::A);
        stage.book.access(record, AccessClass::Read, time, Owner::InCatalogue);
    }
    stage.note("listed ids whose owner no log shows", 8);
}

/// A record of a third organisation that A opened as well; the row names its owner.
fn foreign_record(stage: &mut Stage) -> Record {
    let (record, time) = (stage.fresh("document"), stage.night(3));
    let (person, third) = (stage.cast.second.clone(), stage.cast.thirds.first().map(|org| org.id.clone()));
    let third = third.unwrap_or_default();
    let event = stage.event(&person, "document", "read", time).on(&record).named(&third);
    stage.deliver(&event, Logs::A);
    stage.deliver_to(&event, &third);
    record
}

fn search_with_fewer_ids(stage: &mut Stage) {
    let victims = stage.some_known("customer", 3);
    let (person, time) = (stage.cast.hostile.clone(), stage.night(3));
    let mut event = stage.event(&person, "customer", "search", time).returned(&victims, 8, 8);
    event.metadata.filter = Some(stage.random.word(HOSTILE).to_owned());
    stage.deliver(&event, Logs::Both);
    accessed(stage, &victims, AccessClass::Searched, time);
    row(stage, &event, AccessClass::Searched, 5, true);
    stage.note("searches that log fewer ids than they returned", 1);
}

fn search_without_result(stage: &mut Stage) {
    let (person, time, v) = (stage.cast.second.clone(), stage.night(3), stage.v());
    let mut event = stage.event(&person, "customer", "query", time).named(&v).returned(&[], 0, 0);
    event.metadata.filter = Some("name = 'nobody'".to_owned());
    stage.deliver(&event, Logs::A);
    row(stage, &event, AccessClass::Searched, 0, true);
    stage.note("searches that returned nothing", 1);
}

/// A count and a filter, no ids, and again half an hour later: at most so many, and not twice so many.
fn export_with_a_count_only(stage: &mut Stage) {
    let count = stage.random.between(180, 320);
    let (person, start, v) = (stage.cast.lead.clone(), stage.night(4), stage.v());
    let filter = format!("status=open AND note!=\"{}\"", HOSTILE.first().unwrap_or(&""));
    for time in [start, later(start, 1_800)] {
        let mut event = stage.event(&person, "customer", "export", time).named(&v);
        event.metadata.returned_count = Some(count);
        event.metadata.filter = Some(filter.clone());
        stage.deliver(&event, Logs::Both);
        row(stage, &event, AccessClass::Exported, count, true);
    }
    stage.note("exports of the victim with a count only", 2);
}

/// A count without any organisation, in A's log: it may be A's own affair.
fn export_of_nobody_in_particular(stage: &mut Stage) {
    let (person, time) = (stage.cast.machine.clone(), stage.night(4));
    let count = stage.random.between(20, 40);
    let mut event = stage.event(&person, "report", "export", time);
    event.metadata.returned_count = Some(count);
    event.metadata.filter = Some("quarter=Q1".to_owned());
    stage.deliver(&event, Logs::A);
    row(stage, &event, AccessClass::Exported, count, false);
    stage.note("exports without an organisation", 1);
}

fn export_with_ids(stage: &mut Stage) {
    let victims = stage.some_known("invoice", 5);
    let (person, time, v) = (stage.cast.machine.clone(), stage.night(4), stage.v());
    let event = stage.event(&person, "invoice", "export", time).named(&v).returned(&victims, 5, 5);
    stage.deliver(&event, Logs::Both);
    accessed(stage, &victims, AccessClass::Exported, time);
    row(stage, &event, AccessClass::Exported, 0, true);
    stage.note("exports with ids", 1);
}

fn bulk_update(stage: &mut Stage) {
    let victims = stage.some_known("customer", 3);
    let (person, time, v) = (stage.cast.second.clone(), stage.night(5), stage.v());
    let mut event = stage.event(&person, "customer", "bulk_update", time).named(&v);
    event.metadata.affected_ids = Some(victims.iter().map(|r| r.id.clone()).collect());
    event.metadata.affected_count = Some(3);
    stage.deliver(&event, Logs::A);
    accessed(stage, &victims, AccessClass::Modified, time);
    row(stage, &event, AccessClass::Modified, 0, true);
    stage.note("bulk updates with ids", 1);
}
