//! Records whose owner no log shows, and the catalogue that shows it.

use super::{catalogue, day, later};
use crate::rehearsal::incident::book::Owner;
use crate::rehearsal::incident::cast::Record;
use crate::rehearsal::incident::stage::{Logs, Stage};
use crate::rehearsal::incident::tables::CatalogueRow;

pub(super) fn play(stage: &mut Stage) {
    bare_ids(stage);
    changed_hands(stage);
    decoys(stage);
}

/// In A's log alone, with a bare id.
fn bare(stage: &mut Stage, record: &Record, word: &str, night: u64, owner: Owner) {
    let (person, time) = (stage.cast.second.clone(), stage.night(night));
    let event = stage.event(&person, record.kind, word, time).on(record);
    stage.deliver(&event, Logs::A);
    stage.book.access(record, super::class_of(word), time, owner);
}

fn bare_ids(stage: &mut Stage) {
    let (a, v) = (stage.a(), stage.v());
    let third = stage.cast.thirds.first().map(|org| org.id.clone()).unwrap_or_default();
    for n in 0..8 {
        let record = stage.any_fresh();
        let (owner, means) = match n {
            0..5 => (&v, Owner::InCatalogue),
            5..7 => (&third, Owner::CatalogueOther),
            _ => (&a, Owner::CatalogueOther),
        };
        bare(stage, &record, "read", 4, means);
        catalogue(stage, &record, owner);
    }
    // Changing a record does not make it one's own.
    let record = stage.fresh("customer");
    bare(stage, &record, "update", 5, Owner::InCatalogue);
    catalogue(stage, &record, &v);
    // Cells that a careless table reader would cut in two.
    for id in ["=SUM(1,2)\r\n\"quoted\", and;more", " spaced,\n=1+1"] {
        let record = Record { kind: "document", id: id.to_owned() };
        bare(stage, &record, "read", 4, Owner::InCatalogue);
        catalogue(stage, &record, &v);
    }
    stage.note("records whose owner no log shows", 11);
}

/// One record came to V during the window, another left it.
fn changed_hands(stage: &mut Stage) {
    let (a, v) = (stage.a(), stage.v());
    let third = stage.cast.thirds.last().map(|org| org.id.clone()).unwrap_or_default();
    let came = stage.fresh("report");
    hand_over(stage, &came, &a, &v);
    bare(stage, &came, "read", 1, Owner::CatalogueOther);
    bare(stage, &came, "read", 5, Owner::InCatalogue);
    let left = stage.fresh("report");
    hand_over(stage, &left, &v, &third);
    bare(stage, &left, "read", 1, Owner::InCatalogue);
    bare(stage, &left, "download", 5, Owner::CatalogueOther);
    stage.note("records that changed hands during the window", 2);
}

fn hand_over(stage: &mut Stage, record: &Record, from: &str, to: &str) {
    let noon = later(day(3), 43_200);
    let row = |owner: &str, from, to| CatalogueRow { record: record.clone(), owner: owner.to_owned(), from, to };
    stage.catalogue.push(row(from, Some(day(-200)), Some(noon)));
    stage.catalogue.push(row(to, Some(noon), None));
}

/// Rows that change nothing: known owners, untouched records, the same id with another type.
fn decoys(stage: &mut Stage) {
    let (a, v) = (stage.a(), stage.v());
    let victims: Vec<_> = stage.victims_known.iter().take(150).cloned().collect();
    let attackers: Vec<_> = stage.attackers_known.iter().take(60).cloned().collect();
    for record in &victims {
        catalogue(stage, record, &v);
    }
    for record in &attackers {
        catalogue(stage, record, &a);
        catalogue(stage, &Record { kind: "ledger_entry", id: record.id.clone() }, &v);
    }
    for _ in 0..60 {
        let record = stage.any_fresh();
        catalogue(stage, &record, &v);
    }
    let mut rows = std::mem::take(&mut stage.catalogue);
    stage.random.shuffle(&mut rows);
    stage.catalogue = rows;
    stage.note("records in the catalogue whose rows change nothing", victims.len().saturating_add(attackers.len()));
}
