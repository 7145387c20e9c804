//! The rooms from bytes to answer, on the rehearsed incident: the answer is the planted truth, row by row.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use irforensics::evidence::Proof;
use irforensics::model::{Decoded, Impact, Moment, OrgId, RecordKey, Window};
use irforensics::normalize::{Place, body, join};
use irforensics::profile;
use irforensics::reconstruct::{CatalogueRow, CrossOrg, GrantRow, Knowledge, Validity, cross_org, distinct};
use irforensics::rehearsal::{Incident, OrgLog, compare, incident};
use std::collections::{BTreeMap, BTreeSet};

/// Which events are at hand.
#[derive(Clone, Copy, PartialEq)]
enum Evidence {
    /// What a pull of A and V brings: their logs, in the window.
    Pulled,
    /// Files with the whole logs of everybody.
    Files,
}

fn answer(incident: &Incident, evidence: Evidence, catalogue: bool) -> Impact {
    let profile = profile::load("native", None).unwrap();
    let mut decoded = Decoded::default();
    for (log, page) in incident.logs.iter().zip(1..) {
        let asked = log.org == incident.attacker || log.org == incident.victim;
        if asked || evidence == Evidence::Files {
            let place = Place { acquisition: 1, page, file: "page" };
            decoded = join(decoded, body(envelope(incident, log, evidence).as_bytes(), None, place, &profile));
        }
    }
    assert!(decoded.quarantine.is_empty(), "{:?}", decoded.quarantine);
    let question = question(incident, catalogue);
    let tables = distinct(decoded);
    cross_org(&tables, &profile, &question, &Proof::default())
}

fn envelope(incident: &Incident, log: &OrgLog, evidence: Evidence) -> String {
    let inside = |time: Moment| incident.window_from <= time && time < incident.window_to;
    let served = log.events.iter().filter(|e| evidence == Evidence::Files || inside(e.time));
    let events: Vec<_> = served.map(|e| e.json.as_str()).collect();
    format!("{{\"data\":[{}],\"next_cursor\":null}}", events.join(","))
}

fn question(incident: &Incident, catalogue: bool) -> CrossOrg {
    let org = |id: &str| BTreeSet::from([OrgId::new(id).unwrap()]);
    CrossOrg {
        attackers: org(&incident.attacker),
        victims: org(&incident.victim),
        aliases: BTreeMap::new(),
        window: Window::new(Some(incident.window_from), Some(incident.window_to)).unwrap(),
        as_of: incident.window_to,
        cut_off: None,
        knowledge: Knowledge {
            catalogue: if catalogue { catalogue_rows(&incident.catalogue_csv) } else { Vec::new() },
            grants: grant_rows(&incident.grants_csv),
            ..Knowledge::default()
        },
    }
}

fn cells(table: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect()
}

fn valid(row: &csv::StringRecord) -> Validity {
    Validity { from: Moment::parse_rfc3339(&row[3]), to: Moment::parse_rfc3339(&row[4]) }
}

fn catalogue_rows(table: &str) -> Vec<CatalogueRow> {
    let row = |row: &csv::StringRecord| CatalogueRow {
        record: RecordKey { record_type: row[0].to_owned(), record_id: row[1].to_owned() },
        owner: OrgId::new(&row[2]).unwrap(),
        valid: valid(row),
        has_lifetime: true,
        parent_id: String::new(),
        categories: Vec::new(),
        subjects: Vec::new(),
    };
    cells(table).iter().map(row).collect()
}

fn grant_rows(table: &str) -> Vec<GrantRow> {
    let row = |row: &csv::StringRecord| GrantRow {
        org: OrgId::new(&row[0]).unwrap(),
        record_type: row[1].to_owned(),
        record_id: row[2].to_owned(),
        valid: valid(row),
    };
    cells(table).iter().map(row).collect()
}

#[test]
fn the_answer_is_the_planted_truth() {
    for seed in 0..3 {
        let incident = incident(seed);
        for evidence in [Evidence::Pulled, Evidence::Files] {
            let with = compare(&incident.truth.with_catalogue, &answer(&incident, evidence, true));
            assert!(with.is_empty(), "seed {seed}, with the catalogue: {with:#?}");
            let without = compare(&incident.truth.without_catalogue, &answer(&incident, evidence, false));
            assert!(without.is_empty(), "seed {seed}, without the catalogue: {without:#?}");
        }
    }
}

#[test]
fn the_truth_is_not_reached_without_the_victims_log() {
    let mut incident = incident(0);
    incident.logs.retain(|log| log.org != incident.victim);
    let found = compare(&incident.truth.with_catalogue, &answer(&incident, Evidence::Pulled, true));
    assert!(found.iter().any(|difference| difference.starts_with("ledger: the answer lacks")), "{found:#?}");
}
