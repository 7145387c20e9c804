//! The rehearsed incident holds what it says, for any seed.

use irforensics::model::{AccessClass, Confidence, Moment, Outcome, Standing};
use irforensics::rehearsal::{AnswerTruth, Incident, OrgLog, incident};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Ten incidents, made once for all tests.
static INCIDENTS: LazyLock<Vec<Incident>> = LazyLock::new(|| (0..10).map(incident).collect());

fn log<'a>(incident: &'a Incident, org: &str) -> &'a OrgLog {
    incident.logs.iter().find(|log| log.org == org).expect("every organisation has a log")
}

fn parsed(log: &OrgLog) -> Vec<Value> {
    log.events.iter().map(|e| serde_json::from_str(&e.json).expect("every event is JSON")).collect()
}

/// Every (type, id) that an event names as its resource, with the log's organisation.
fn named_records(incident: &Incident) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut records: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for log in &incident.logs {
        for event in parsed(log) {
            let kind = event["resource"]["type"].as_str().expect("a type").to_owned();
            let lists = [&event["metadata"]["returned_ids"], &event["metadata"]["affected_ids"]];
            let listed = lists.into_iter().filter_map(Value::as_array).flatten();
            for id in listed.chain([&event["resource"]["id"]]).filter_map(Value::as_str) {
                records.entry((kind.clone(), id.to_owned())).or_default().insert(log.org.clone());
            }
        }
    }
    records
}

fn records_of(truth: &AnswerTruth) -> Vec<(String, String)> {
    let ledger = truth.ledger.iter().map(|r| (r.record_type.clone(), r.record_id.clone()));
    let unresolved = truth.unresolved.iter().map(|r| (r.record_type.clone(), r.record_id.clone()));
    let standing = truth.other_standing.iter().map(|r| (r.record_type.clone(), r.record_id.clone()));
    let single = truth.attempts.iter().filter(|a| !a.record_id.is_empty());
    let attempts = single.map(|a| (a.record_type.clone(), a.record_id.clone()));
    ledger.chain(unresolved).chain(standing).chain(attempts).collect()
}

#[test]
fn logs_are_large_and_served_newest_first() {
    for (seed, incident) in INCIDENTS.iter().enumerate() {
        assert!(incident.logs.len() >= 4, "A, V and at least two others");
        let pulled: usize = [&incident.attacker, &incident.victim].map(|o| log(incident, o).events.len()).iter().sum();
        assert!(pulled >= 20_000, "seed {seed}: only {pulled} events in the logs of A and V");
        for log in &incident.logs {
            let order = |e: &irforensics::rehearsal::LoggedEvent| (e.time, e.id.clone());
            assert!(
                log.events.windows(2).all(|w| order(&w[0]) >= order(&w[1])),
                "seed {seed}: {} is unsorted",
                log.org
            );
        }
    }
}

#[test]
fn every_event_says_what_its_envelope_says() {
    for incident in INCIDENTS.iter() {
        for log in &incident.logs {
            for (event, json) in log.events.iter().zip(parsed(log)) {
                assert_eq!(json["org_id"].as_str(), Some(log.org.as_str()));
                assert_eq!(json["id"].as_str(), Some(event.id.as_str()));
                assert_eq!(json["timestamp"].as_str().and_then(Moment::parse_rfc3339), Some(event.time));
                assert!(!event.json.contains('\n'), "one event, one line");
            }
        }
    }
}

#[test]
fn both_sides_of_the_window_hold_events_too() {
    let incident = &INCIDENTS[1];
    for org in [&incident.attacker, &incident.victim] {
        let events = &log(incident, org).events;
        assert!(events.iter().any(|e| e.time < incident.window_from));
        assert!(events.iter().any(|e| e.time == incident.window_from));
        assert!(events.iter().any(|e| e.time >= incident.window_to));
    }
}

#[test]
fn every_record_of_the_truth_stands_in_the_log_of_a_or_v() {
    for (seed, incident) in INCIDENTS.iter().enumerate() {
        let records = named_records(incident);
        for answer in [&incident.truth.with_catalogue, &incident.truth.without_catalogue] {
            for record in records_of(answer) {
                let logs = records.get(&record).unwrap_or_else(|| panic!("seed {seed}: {record:?} is in no log"));
                assert!(logs.contains(&incident.attacker) || logs.contains(&incident.victim), "{record:?}");
            }
        }
    }
}

#[test]
fn records_of_innocent_organisations_are_not_in_the_truth() {
    for (seed, incident) in INCIDENTS.iter().enumerate() {
        let truth: BTreeSet<_> = [&incident.truth.with_catalogue, &incident.truth.without_catalogue]
            .into_iter()
            .flat_map(records_of)
            .collect();
        for log in incident.logs.iter().filter(|l| l.org != incident.victim) {
            for event in parsed(log).iter().filter(|e| e["resource"]["org_id"] == *log.org) {
                let id = event["resource"]["id"].as_str().unwrap_or_default().to_owned();
                let record = (event["resource"]["type"].as_str().unwrap_or_default().to_owned(), id);
                assert!(!truth.contains(&record), "seed {seed}: {record:?} is {}'s own", log.org);
            }
        }
        let prefix = incident.logs.iter().any(|l| l.org != incident.victim && incident.victim.starts_with(&l.org));
        assert!(prefix, "one organisation's id begins the victim's");
    }
}

#[test]
fn the_truth_holds_every_kind_of_access() {
    for (seed, incident) in INCIDENTS.iter().enumerate() {
        let with = &incident.truth.with_catalogue;
        for class in [
            AccessClass::Deleted,
            AccessClass::Modified,
            AccessClass::Exported,
            AccessClass::Read,
            AccessClass::Searched,
            AccessClass::Listed,
            AccessClass::Created,
        ] {
            assert!(with.ledger.iter().any(|r| r.class == class), "seed {seed}: no record is {class}");
        }
        let unknown: Vec<_> = with.ledger.iter().filter(|r| r.confidence == Confidence::Unknown).collect();
        assert!(matches!(unknown.as_slice(), [r] if r.class == AccessClass::Deleted), "exactly one 504");
        let exported_then_deleted = [AccessClass::Deleted, AccessClass::Exported];
        assert!(with.ledger.iter().any(|r| r.classes.keys().copied().eq(exported_then_deleted)));
        for outcome in [Outcome::Denied, Outcome::Failure] {
            assert!(with.attempts.iter().any(|a| a.outcome == outcome));
        }
        assert!(with.attempts.iter().any(|a| a.record_id.is_empty() && a.count > 20), "a burst of guesses");
        for standing in [Standing::Support, Standing::Authorised] {
            assert!(with.other_standing.iter().any(|s| s.standing == standing));
        }
        assert!(with.bulk.iter().any(|b| b.bound != "0" && b.scoped));
        assert!(with.bulk.iter().any(|b| b.bound != "0" && !b.scoped));
    }
}

#[test]
fn the_catalogue_resolves_everything_and_changes_nothing_else() {
    for (seed, incident) in INCIDENTS.iter().enumerate() {
        let (with, without) = (&incident.truth.with_catalogue, &incident.truth.without_catalogue);
        assert!(with.unresolved.is_empty());
        assert!(without.unresolved.len() > 10);
        assert!(with.ledger.len() > without.ledger.len());
        assert!(without.ledger.iter().all(|r| with.ledger.contains(r)), "seed {seed}: a known row changed");
        let mut table = csv::Reader::from_reader(incident.catalogue_csv.as_bytes());
        let rows: Vec<_> = table.records().map(|r| r.expect("a row")).collect();
        for row in &without.unresolved {
            assert!(rows.iter().any(|r| r[0] == row.record_type && r[1] == row.record_id), "{row:?} is not catalogued");
        }
    }
}

#[test]
fn each_scene_leaves_its_traces() {
    for (seed, incident) in INCIDENTS.iter().enumerate() {
        assert!(incident.planted.iter().all(|p| p.count > 0), "{:?}", incident.planted);
        let (a, v) = (parsed(log(incident, &incident.attacker)), parsed(log(incident, &incident.victim)));
        let ids = |events: &[Value], field: &str| -> BTreeSet<String> {
            events.iter().filter_map(|e| e[field].as_str()).map(str::to_owned).collect()
        };
        assert!(ids(&a, "id").len() < a.len(), "something is delivered twice");
        assert!(ids(&a, "id").intersection(&ids(&v, "id")).count() > 20, "one id in both logs");
        let shared_requests = ids(&a, "request_id").intersection(&ids(&v, "request_id")).count();
        assert!(shared_requests > ids(&a, "id").intersection(&ids(&v, "id")).count(), "two ids, one request");
        assert!(a.iter().any(|e| e["actor"]["impersonated_by"].is_object()));
        assert!(a.iter().any(|e| e["http"]["status"] == 504));
        let lines: Vec<_> = log(incident, &incident.attacker).events.iter().map(|e| e.json.as_str()).collect();
        let raw = lines.join("\n");
        for hostile in ["<script>", "\\u0000", "\\u001b", "\u{202e}", "\\u005f", "=HYPERLINK", "](javascript:"] {
            assert!(raw.contains(hostile), "seed {seed}: {hostile:?} is missing");
        }
        assert!(raw.contains("inv_forged") && !format!("{:?}", incident.truth).contains("\"inv_forged\""));
    }
}

#[test]
fn a_seed_fixes_every_byte_and_another_changes_them() {
    for seed in 0..3_u8 {
        let again = incident(u64::from(seed));
        let (first, next) = (&INCIDENTS[usize::from(seed)], &INCIDENTS[usize::from(seed) + 1]);
        assert!(again == *first, "seed {seed} gave other bytes the second time");
        assert!(first.logs != next.logs && first.truth != next.truth, "seed {seed} and the next are alike");
    }
}

#[test]
fn differences_are_found_row_by_row() {
    let truth = &INCIDENTS[0].truth.with_catalogue;
    let mut answer = truth.clone();
    answer.ledger.reverse();
    let split = answer.attempts.iter().position(|a| a.count > 1 && !a.record_id.is_empty()).expect("one is repeated");
    answer.attempts[split].count -= 1;
    answer.attempts.push(irforensics::rehearsal::AttemptTruth { count: 1, ..answer.attempts[split].clone() });
    assert_eq!(truth.differences(&answer), Vec::<String>::new(), "order and split of attempts are no matter");

    answer.ledger[0].access_count += 1;
    answer.ledger.pop();
    answer.attempts[split].count += 1;
    answer.bulk.push(answer.bulk[0].clone());
    answer.unresolved = INCIDENTS[0].truth.without_catalogue.unresolved[..1].to_vec();
    answer.other_standing[0].standing = Standing::Direct;
    let found = truth.differences(&answer);
    assert_eq!(found.len(), 6, "{found:#?}");
    let papers = ["ledger", "ledger", "attempts", "bulk", "unresolved", "other standing"];
    assert!(found.iter().zip(papers).all(|(sentence, paper)| sentence.starts_with(paper)), "{found:#?}");
    assert!(found.iter().all(|sentence| !sentence.contains(|c: char| c.is_control())), "safe to print");
}
