//! Laws: what must hold of every incident, whatever happened in it.
//!
//! The incidents are the oracle's; proptest chooses them and what is done to them.

use crate::oracle::incident::{Chance, Incident};
use crate::oracle::method::Delivered;
use crate::oracle::tool;
use irforensics::model::{Confidence, Impact, LedgerRecord, OrgId, RecordKey, Window};
use irforensics::reconstruct::{self, CrossOrg};
use irforensics::report;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What names a place in the evidence, and what counts deliveries and not events.
const PLACES: [&str; 6] = ["evidence_refs", "places", "file", "offset", "length", "raw"];

/// An answer without the places of its evidence.
fn apart_from_places(impact: &Impact) -> Value {
    let mut value = serde_json::to_value(impact).unwrap();
    forget(&mut value);
    // Quarantine is in the order of its places.
    value["quarantine"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    value
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !PLACES.contains(&key.as_str()));
            members.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn ask(incident: &Incident) -> Impact {
    tool::impact(incident)
}

/// The ledger's records with their owners, and those whose owner nothing shows.
fn records(impact: &Impact) -> BTreeSet<&RecordKey> {
    impact.records.iter().map(|row| &row.record).collect()
}

/// Records served in another order, on other pages of their acquisitions.
fn paged_anew(incident: &Incident, seed: u64) -> Incident {
    let mut chance = Chance::new(seed);
    let mut records = incident.log.records.clone();
    let pages = 1 + chance.below(5);
    for n in (1..records.len()).rev() {
        records.swap(n, chance.below(n + 1));
    }
    for record in &mut records {
        record.page = u32::try_from(1 + chance.below(pages)).unwrap();
    }
    incident.with(records)
}

/// The parsed records with their texts; what cannot be read stays as it is.
fn changed(incident: &Incident, mut change: impl FnMut(&mut Value)) -> Incident {
    let change = |record: &Delivered| {
        let Ok(mut value) = serde_json::from_str::<Value>(&record.text) else { return record.clone() };
        change(&mut value);
        Delivered { text: value.to_string(), ..record.clone() }
    };
    incident.with(incident.log.records.iter().map(change).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn page_order_and_page_size_change_nothing_but_evidence_references(seed in any::<u64>(), pages in any::<u64>()) {
        let incident = Incident::of(seed);
        prop_assert_eq!(
            apart_from_places(&ask(&incident)),
            apart_from_places(&ask(&paged_anew(&incident, pages))),
            "seed {}", seed
        );
    }

    #[test]
    fn what_is_delivered_once_more_changes_nothing(seed in any::<u64>()) {
        let incident = Incident::of(seed);
        // A quarantined record has no identity, and without an id the fullest single reading counts: the rest must
        // not change however often it comes.
        let known = |record: &&Delivered| {
            let (tables, ..) = tool::parts(&incident.with(vec![(*record).clone()]));
            tables.quarantine.is_empty() && tables.events.iter().all(|event| !event.source_id.is_empty())
        };
        let incident = incident.with(incident.log.records.iter().filter(known).cloned().collect());
        let again = incident.log.records.iter().map(|record| Delivered { acquisition: 9, ..record.clone() });
        let twice = incident.with(incident.log.records.iter().cloned().chain(again).collect());
        let (once, twice) = (ask(&incident), ask(&twice));
        prop_assert_eq!(apart_from_places(&once), apart_from_places(&twice), "seed {}", seed);
    }

    #[test]
    fn strangers_to_the_question_change_nothing(seed in any::<u64>(), many in 1_usize..20) {
        let incident = Incident::of(seed);
        let stranger = |n: usize| {
            let action = ["thing.read", "thing.update", "thing.list", "thing.share"][n % 4];
            let text = json!({
                "id": format!("stranger-{n}"), "timestamp": format!("2026-03-02T00:{n:02}:00Z"), "org_id": "stranger",
                "actor": { "id": "stranger-user", "type": "user", "org_id": "stranger", "credential_id": "stranger-key" },
                "action": action,
                "resource": { "type": "stranger-thing", "id": format!("stranger-{n}"), "org_id": "stranger" },
                "outcome": "success",
            });
            Delivered { acquisition: 1, page: 1, text: text.to_string() }
        };
        let more = incident.with(incident.log.records.iter().cloned().chain((0..many).map(stranger)).collect());
        let [mut once, mut more] = [&incident, &more].map(|incident| apart_from_places(&ask(incident)));
        for answer in [&mut once, &mut more] {
            // How much was read is told, and how late; an unknown organisation's nearest is sought among all.
            for count in ["distinct", "in_window"] {
                answer["coverage"].as_object_mut().unwrap().remove(count);
            }
            for seen in ["reads_visible", "bulk_visible"] {
                answer["coverage"].as_object_mut().unwrap().remove(seen);
            }
            answer["summary"].as_object_mut().unwrap().remove("newest_event");
            answer["summary"].as_object_mut().unwrap().remove("lower_bound_because");
            answer.as_object_mut().unwrap().remove("not_seen");
        }
        prop_assert_eq!(once, more, "seed {}", seed);
    }

    #[test]
    fn a_wider_question_never_loses_a_record(seed in any::<u64>()) {
        let incident = Incident::of(seed);
        let narrow = ask(&incident);
        let (tables, profile, question, proof) = tool::parts(&incident);
        let asked = |question: &CrossOrg| reconstruct::cross_org(&tables, &profile, question, &proof);
        let always = CrossOrg { window: Window::default(), ..question.clone() };
        let wide = asked(&always);
        for record in records(&narrow) {
            prop_assert!(records(&wide).contains(record), "seed {}: {:?} is lost in a wider window", seed, record);
        }
        let third = OrgId::new("third-org").unwrap();
        let victims = question.victims.iter().cloned().chain([third]).collect();
        let more = asked(&CrossOrg { victims, ..question });
        for record in records(&narrow) {
            prop_assert!(records(&more).contains(record), "seed {}: {:?} is lost with one victim more", seed, record);
        }
    }

    #[test]
    fn taking_an_access_away_raises_no_confidence(seed in any::<u64>(), which in any::<prop::sample::Index>()) {
        let incident = Incident::of(seed);
        let before = ask(&incident);
        // Confirmed reads in A's own log that say nothing of owners: nothing else may rest on what they say.
        let silent = |id: &str| incident.log.records.iter().filter_map(|r| serde_json::from_str::<Value>(&r.text).ok()).all(|v| {
            v["id"] != *id || (v["resource"]["org_id"].is_null() && incident.question.attackers.iter().any(|a| v["org_id"] == **a) && v["metadata"].is_null())
        });
        let plain: Vec<_> = before.accesses.iter().filter(|a| {
            a.confidence == Confidence::Confirmed && a.event_ids.len() == 1 && !a.event_ids[0].starts_with("sha256:") && silent(&a.event_ids[0])
        }).collect();
        prop_assume!(!plain.is_empty());
        let gone = &plain[which.index(plain.len())].event_ids[0];
        let kept = incident.log.records.iter().filter(|r| serde_json::from_str::<Value>(&r.text).map_or(true, |v| v["id"] != **gone));
        let after = ask(&incident.with(kept.cloned().collect()));
        let sure: BTreeMap<&RecordKey, &LedgerRecord> = before.records.iter().map(|r| (&r.record, r)).collect();
        for row in &after.records {
            let was = sure.get(&row.record);
            prop_assert!(was.is_some_and(|was| was.confidence <= row.confidence), "seed {} without {}: {:?}", seed, gone, row.record);
        }
    }

    #[test]
    fn what_was_denied_never_counts(seed in any::<u64>()) {
        let denied = changed(&Incident::of(seed), |event| {
            event["outcome"] = "denied".into();
            event["http"] = json!({ "status": 403 });
        });
        let impact = ask(&denied);
        prop_assert!(impact.records.is_empty() && impact.accesses.is_empty() && impact.unresolved.is_empty(), "seed {}", seed);
        prop_assert!(impact.bulk.is_empty(), "seed {}", seed);
    }

    #[test]
    fn every_record_received_is_in_the_tables_or_in_quarantine(seed in any::<u64>()) {
        let incident = Incident::of(seed);
        let (tables, ..) = tool::parts(&incident);
        let delivered: usize = tables.events.iter().map(|event| event.refs.len()).sum();
        prop_assert_eq!(delivered + tables.quarantine.len(), incident.log.records.len(), "seed {}", seed);
        prop_assert_eq!(tables.raw, u64::try_from(incident.log.records.len()).unwrap());
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bytes(seed in any::<u64>()) {
        let incident = Incident::of(seed);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| serde_json::to_string(&ask(&incident)).unwrap())
        };
        let one = with(1);
        prop_assert_eq!(&one, &with(2));
        prop_assert_eq!(&one, &with(8));
    }
}

/// Text with its white space, escapes and tags made plain, so that a sentence can be found in any paper.
fn plain(text: &str) -> String {
    let untagged = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect::<String>();
    let unquoted: String = untagged.chars().filter(|c| !matches!(c, '`' | '*' | '\\')).collect();
    unquoted.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rows(folder: &std::path::Path, paper: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(paper)).unwrap();
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|r| headers.iter().cloned().zip(r.unwrap().iter().map(str::to_owned)).collect()).collect()
}

#[test]
fn totals_agree_in_every_paper() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("laws");
    for seed in 0..60 {
        let impact = ask(&Incident::of(seed));
        let folder = folder.join(seed.to_string());
        report::write(&impact, &folder, report::Overwrite::Replace).unwrap();
        let s = &impact.summary;
        let number = |n: usize| u64::try_from(n).unwrap();
        assert_eq!(number(rows(&folder, "records.csv").len()), s.records, "seed {seed}");
        let direct = rows(&folder, "accesses.csv").iter().filter(|row| row["standing"] == "direct").count();
        assert_eq!(number(direct), s.accesses, "seed {seed}");
        let tried: u64 = rows(&folder, "attempts.csv").iter().map(|row| row["count"].parse::<u64>().unwrap()).sum();
        assert_eq!(tried, s.attempts_on_victim + s.attempts_owner_unknown, "seed {seed}");
        assert_eq!(number(rows(&folder, "bulk.csv").len()), s.bulk_scoped + s.bulk_unscoped, "seed {seed}");
        assert_eq!(number(rows(&folder, "unresolved.csv").len()), s.unresolved, "seed {seed}");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(number(read("records.jsonl").lines().count()), s.records, "seed {seed}");
        let json: Value = serde_json::from_str(&read("impact.json")).unwrap();
        assert_eq!(json["summary"]["records"], s.records, "seed {seed}");
        assert_eq!(number(json["records"].as_array().unwrap().len()), s.records, "seed {seed}");
        let style = report::Style { color: false, width: 100 };
        let screen = report::answer(&impact, &report::Links::default(), style);
        let word = |n: u64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let found = word(s.records, "distinct record", "distinct records");
        let done = word(s.accesses, "direct access.", "direct accesses.");
        for (paper, text) in [("md", read("impact.md")), ("html", read("impact.html")), ("screen", screen)] {
            let text = plain(&text);
            assert!(
                text.contains(&found) && text.contains(&done),
                "seed {seed}: {paper} says neither {found} nor {done}"
            );
        }
    }
}
