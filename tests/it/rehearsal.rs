//! The rehearsed incident holds what it says, for any seed.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

use irforensics::model::{AccessClass, Confidence, Moment, Outcome, Standing};
use irforensics::rehearsal::{AnswerTruth, AttemptTruth, Incident, LoggedEvent, OrgLog, incident};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// An incident with its logs parsed.
struct Rehearsal {
    incident: Incident,
    events: BTreeMap<String, Vec<Parsed>>,
}

/// What the tests look at in an event.
#[derive(Deserialize)]
struct Parsed {
    id: String,
    timestamp: String,
    org_id: String,
    actor: Actor,
    resource: Resource,
    http: Option<Http>,
    request_id: Option<String>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Actor {
    impersonated_by: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Http {
    status: u16,
}

#[derive(Deserialize)]
struct Resource {
    r#type: String,
    id: Option<String>,
    org_id: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    returned_ids: Vec<String>,
    #[serde(default)]
    affected_ids: Vec<String>,
}

/// Ten incidents, made and parsed once for all tests.
static REHEARSALS: LazyLock<Vec<Rehearsal>> = LazyLock::new(|| (0..10).map(Rehearsal::new).collect());

impl Rehearsal {
    fn new(seed: u64) -> Self {
        let incident = incident(seed);
        let parse = |e: &LoggedEvent| serde_json::from_str(&e.json).expect("every event is JSON of the native API");
        let parsed = |log: &OrgLog| (log.org.clone(), log.events.iter().map(parse).collect());
        let events = incident.logs.iter().map(parsed).collect();
        Self { incident, events }
    }

    fn a(&self) -> &[Parsed] {
        &self.events[&self.incident.attacker]
    }

    fn v(&self) -> &[Parsed] {
        &self.events[&self.incident.victim]
    }

    /// Every (type, id) that the logs of A and V name.
    fn named_records(&self) -> BTreeSet<(&str, &str)> {
        self.a().iter().chain(self.v()).flat_map(Parsed::records).collect()
    }
}

impl Parsed {
    fn records(&self) -> impl Iterator<Item = (&str, &str)> {
        let ids = self.metadata.returned_ids.iter().chain(&self.metadata.affected_ids).chain(&self.resource.id);
        ids.map(|id| (self.resource.r#type.as_str(), id.as_str()))
    }
}

fn log<'a>(incident: &'a Incident, org: &str) -> &'a OrgLog {
    incident.logs.iter().find(|log| log.org == org).expect("every organisation has a log")
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
    for (seed, incident) in REHEARSALS.iter().map(|r| &r.incident).enumerate() {
        assert!(incident.logs.len() >= 4, "A, V and at least two others");
        let inside = |e: &&LoggedEvent| incident.window_from <= e.time && e.time < incident.window_to;
        let pulled = |org: &str| log(incident, org).events.iter().filter(inside).count();
        let pulled = pulled(&incident.attacker) + pulled(&incident.victim);
        assert!(pulled >= 20_000, "seed {seed}: only {pulled} events in the window");
        for log in &incident.logs {
            let order = |e: &LoggedEvent| (e.time, e.id.clone());
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
    for Rehearsal { incident, events } in REHEARSALS.iter() {
        for log in &incident.logs {
            for (event, json) in log.events.iter().zip(&events[&log.org]) {
                assert_eq!((&json.org_id, &json.id), (&log.org, &event.id));
                assert_eq!(Moment::parse_rfc3339(&json.timestamp), Some(event.time));
                assert!(!event.json.contains('\n'), "one event, one line");
            }
        }
    }
}

#[test]
fn both_sides_of_the_window_hold_events_too() {
    let incident = &REHEARSALS[1].incident;
    for org in [&incident.attacker, &incident.victim] {
        let events = &log(incident, org).events;
        assert!(events.iter().any(|e| e.time < incident.window_from));
        assert!(events.iter().any(|e| e.time == incident.window_from));
        assert!(events.iter().any(|e| e.time >= incident.window_to));
    }
}

#[test]
fn every_record_of_the_truth_stands_in_the_log_of_a_or_v() {
    for (seed, rehearsal) in REHEARSALS.iter().enumerate() {
        let records = rehearsal.named_records();
        let truth = &rehearsal.incident.truth;
        for (kind, id) in [&truth.with_catalogue, &truth.without_catalogue].into_iter().flat_map(records_of) {
            assert!(records.contains(&(kind.as_str(), id.as_str())), "seed {seed}: {kind} {id:?} is in no log");
        }
    }
}

#[test]
fn records_of_innocent_organisations_are_not_in_the_truth() {
    for (seed, Rehearsal { incident, events }) in REHEARSALS.iter().enumerate() {
        let answers = [&incident.truth.with_catalogue, &incident.truth.without_catalogue];
        let truth: BTreeSet<_> = answers.into_iter().flat_map(records_of).collect();
        for (org, events) in events.iter().filter(|(org, _)| **org != incident.victim) {
            for event in events.iter().filter(|e| e.resource.org_id.as_ref() == Some(org)) {
                let record = (event.resource.r#type.clone(), event.resource.id.clone().unwrap_or_default());
                assert!(!truth.contains(&record), "seed {seed}: {record:?} is {org}'s own");
            }
        }
        let prefix = events.keys().any(|org| *org != incident.victim && incident.victim.starts_with(org));
        assert!(prefix, "one organisation's id begins the victim's");
    }
}

#[test]
fn the_truth_holds_every_kind_of_access() {
    for (seed, incident) in REHEARSALS.iter().map(|r| &r.incident).enumerate() {
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
    for (seed, incident) in REHEARSALS.iter().map(|r| &r.incident).enumerate() {
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
    for (seed, rehearsal) in REHEARSALS.iter().enumerate() {
        let (incident, a, v) = (&rehearsal.incident, rehearsal.a(), rehearsal.v());
        assert!(incident.planted.iter().all(|p| p.count > 0), "{:?}", incident.planted);
        let ids = |events: &'static [Parsed]| events.iter().map(|e| e.id.as_str()).collect::<BTreeSet<_>>();
        let requests = |events: &'static [Parsed]| -> BTreeSet<_> {
            events.iter().filter_map(|e| e.request_id.as_deref()).collect()
        };
        assert!(ids(a).len() < a.len(), "something is delivered twice");
        let one_id = ids(a).intersection(&ids(v)).count();
        assert!(one_id > 20, "one id in both logs");
        assert!(requests(a).intersection(&requests(v)).count() > one_id, "two ids, one request");
        assert!(a.iter().any(|e| e.actor.impersonated_by.is_some()));
        assert!(a.iter().any(|e| e.http.as_ref().is_some_and(|http| http.status == 504)));
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
        let (first, next) = (&REHEARSALS[usize::from(seed)].incident, &REHEARSALS[usize::from(seed) + 1].incident);
        assert!(again == *first, "seed {seed} gave other bytes the second time");
        assert!(first.logs != next.logs && first.truth != next.truth, "seed {seed} and the next are alike");
    }
}

#[test]
fn differences_are_found_row_by_row() {
    let truth = &REHEARSALS[0].incident.truth.with_catalogue;
    let mut answer = truth.clone();
    answer.ledger.reverse();
    let split = answer.attempts.iter().position(|a| a.count > 1 && !a.record_id.is_empty()).expect("one is repeated");
    answer.attempts[split].count -= 1;
    answer.attempts.push(AttemptTruth { count: 1, ..answer.attempts[split].clone() });
    assert_eq!(truth.differences(&answer), Vec::<String>::new(), "order and split of attempts are no matter");

    answer.ledger[0].access_count += 1;
    answer.ledger.pop();
    answer.attempts[split].count += 1;
    answer.bulk.push(answer.bulk[0].clone());
    answer.unresolved = REHEARSALS[0].incident.truth.without_catalogue.unresolved[..1].to_vec();
    answer.other_standing[0].standing = Standing::Direct;
    let found = truth.differences(&answer);
    assert_eq!(found.len(), 6, "{found:#?}");
    let papers = ["ledger", "ledger", "attempts", "bulk", "unresolved", "other standing"];
    assert!(found.iter().zip(papers).all(|(sentence, paper)| sentence.starts_with(paper)), "{found:#?}");
    assert!(found.iter().all(|sentence| !sentence.contains(|c: char| c.is_control())), "safe to print");
}
