//! What is printed, and how a run ends, as the flags wish.

use super::support::{Room, event, lines, small};
use serde_json::Value;

fn room(name: &str) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(&small()));
    room
}

#[test]
fn exposure_has_a_status_of_its_own_when_asked_for() {
    let room = room("output_exposure");
    room.ask(&["--input", "log.ndjson", "--case", "case", "--fail-on", "exposure"]).ends(10);
    let none = ["cross-org", "--case", "case", "--attacker", "org_t", "--victim", "org_v", "--fail-on", "exposure"];
    let ran = room.run(&none).ends(0);
    assert!(ran.out.to_lowercase().contains("no access found"), "{}", ran.out);
    assert!(ran.out.contains("Covered: "), "absence is said with its coverage: {}", ran.out);
}

#[test]
fn json_is_the_whole_answer_and_nothing_else() {
    let room = room("output_json");
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case", "--json"]).ends(0);
    assert_eq!(ran.out, room.text("case/reports/internal/impact.json"));
    let impact: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(impact["summary"]["records"], 2);
    let verified = room.run(&["verify", "case", "--json"]).ends(0);
    let verified: Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!(verified["acquisitions"].as_array().unwrap().len(), 1);
}

#[test]
fn quiet_says_nothing_but_the_result() {
    let room = room("output_quiet");
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case", "--quiet"]).ends(0);
    assert_eq!(ran.err, "");
    assert!(ran.out.starts_with("Yes: org_a accessed records of org_v"), "{}", ran.out);
    room.ask(&["--input", "log.ndjson", "--case", "case", "--quiet"]).refuses(7, &["--again"]);
}

#[test]
fn the_screen_holds_what_a_responder_asks_first() {
    let room = room("output_screen");
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    let told = ran.flat();
    for words in [
        "Yes: org_a accessed records of org_v: 2 distinct records",
        "1 exported (confirmed)",
        "1 read (confirmed)",
        "First access 2026-03-01T10:00:00Z, last access 2026-03-01T11:00:00Z",
        "newest event of the evidence 2026-03-01T13:00:00Z",
        "credential cred_u_a of actor u_a",
        "evidence acq-0001/000001@0+",
        "for the war room",
        "papers case/reports/internal",
        "irforensics verify case",
    ] {
        assert!(told.contains(words), "{words:?} is not in {}", ran.out);
    }
    assert!(ran.out.lines().count() <= 50, "one screen: {}", ran.out);
    assert!(!ran.out.contains("LOWER BOUND"), "{}", ran.out);
}

#[test]
fn evidence_references_lead_to_the_bytes_of_the_event() {
    let room = room("output_evidence");
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    let page = room.text("case/evidence/acq-0001/data/pages/000001.body");
    let refs = &room.paper("case", "records.csv")[0]["evidence_refs"];
    let cited: Vec<String> = refs
        .split(';')
        .map(|place| {
            let (offset, length) = place.strip_prefix("acq-0001/000001@").unwrap().split_once('+').unwrap();
            let (offset, length): (usize, usize) = (offset.parse().unwrap(), length.parse().unwrap());
            page[offset..offset + length].to_owned()
        })
        .collect();
    assert_eq!(cited, [small()[0].to_string(), small()[1].to_string()], "both logs are cited, byte for byte");
}

#[test]
fn an_outcome_that_nobody_knows_is_never_nothing() {
    let room = Room::new("output_unknown");
    let (a, record) = (("u_a", "org_a"), ("inv_5", "org_v"));
    let mut delete = event("e9", "2026-03-01T10:00:00Z", "org_v", a, "delete", record);
    delete["outcome"] = "failure".into();
    delete["http"]["status"] = 504.into();
    let own = event("e8", "2026-03-01T09:00:00Z", "org_a", a, "read", ("inv_8", "org_a"));
    let update = event("e7", "2026-02-01T08:00:00Z", "org_v", ("u_v", "org_v"), "update", record);
    room.put("alone.ndjson", lines(&[delete.clone(), own.clone()]));
    room.ask(&["--input", "alone.ndjson", "--case", "alone"]).ends(3);
    assert_eq!(room.column("alone", "unresolved.csv", "record_id"), ["inv_5"], "a failed event is no claim");
    room.put("log.ndjson", lines(&[delete, own, update]));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(3);
    assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    let records = room.paper("case", "records.csv");
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!((records[0]["access_class"].as_str(), records[0]["confidence"].as_str()), ("deleted", "unknown"));
    assert_eq!(room.paper("case", "attempts.csv").len(), 0);
}

#[test]
fn papers_are_the_same_bytes_on_any_number_of_threads() {
    let room = room("output_threads");
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    let sums: Vec<String> = ["1", "2", "8"]
        .iter()
        .map(|threads| {
            let args = ["cross-org", "--case", "case", "--force"];
            room.run_with(&args, &[("RAYON_NUM_THREADS", threads), ("POLARS_MAX_THREADS", threads)], b"").ends(0);
            room.sums("case")
        })
        .collect();
    assert!(sums[0].lines().count() >= 12 && sums.iter().all(|sum| *sum == sums[0]), "{sums:?}");
}
