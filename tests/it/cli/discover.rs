//! `discover`: every pair of a whole log, with the numbers that `cross-org` gives for each.

use super::pull::{TOKEN, serve};
use super::support::{Room, event, lines, small};
use irforensics::rehearsal::incident;
use serde_json::{Value, json};
use std::path::Path;

fn json(out: &str) -> Value {
    serde_json::from_str(out).unwrap()
}

/// Every number of every pair is that of `cross-org` for the same two on the same case.
fn holds_for_every_pair(room: &Room, case: &str, more: &[&str]) -> usize {
    let found = json(&room.run(&[&["discover", "--case", case, "--json", "--quiet"], more].concat()).out);
    let pairs = found["pairs"].as_array().unwrap();
    for pair in pairs {
        let (attacker, victim) = (pair["attacker"].as_str().unwrap(), pair["victim"].as_str().unwrap());
        let asked = ["cross-org", "--case", case, "--attacker", attacker, "--victim", victim, "--json", "--quiet"];
        let impact = json(&room.run(&[&asked, more].concat()).out);
        let summary = &impact["summary"];
        for (ours, theirs) in [
            ("records", "records"),
            ("accesses", "accesses"),
            ("other_standing", "other_standing"),
            ("attempts", "attempts_on_victim"),
            ("bulk", "bulk_scoped"),
            ("bulk_bound", "bulk_bound"),
        ] {
            assert_eq!(pair[ours], summary[theirs], "{attacker} -> {victim}: {ours}");
        }
        let confirmed = impact["records"].as_array().unwrap().iter().filter(|r| r["confidence"] == "confirmed").count();
        assert_eq!(pair["by_confidence"]["confirmed"].as_u64().unwrap_or(0), u64::try_from(confirmed).unwrap());
        let open = found["unresolved"].as_array().unwrap().iter().find(|open| open["attacker"] == *attacker);
        let unresolved = open.map_or(0, |open| open["records"].as_u64().unwrap());
        assert_eq!(json!(unresolved), summary["unresolved"], "{attacker} -> {victim}: unresolved");
    }
    pairs.len()
}

#[test]
fn every_pair_of_the_rehearsal_has_the_numbers_of_cross_org() {
    let room = Room::new("discover_rehearsal");
    let incident = incident(2);
    for log in &incident.logs {
        let text: String = log.events.iter().map(|event| format!("{}\n", event.json)).collect();
        room.put(&format!("logs/{}.ndjson", log.org), text);
    }
    room.run(&["import", "logs", "--case", "case", "--quiet"]).ends(0);
    room.put("catalogue.csv", &incident.catalogue_csv);
    room.put("grants.csv", &incident.grants_csv);
    let tables = ["--catalogue", "catalogue.csv", "--grants", "grants.csv"];
    let window = ["--from", &incident.window_from.to_string(), "--to", &incident.window_to.to_string()];
    let asked = [&["discover", "--case", "case", "--json"], &window[..], &tables[..]].concat();
    let found = json(&room.run(&asked).ends(3).out);
    let main = &found["pairs"][0];
    assert_eq!((&main["attacker"], &main["victim"]), (&json!(incident.attacker), &json!(incident.victim)));
    assert_eq!(main["records"], json!(incident.truth.with_catalogue.ledger.len()), "the planted truth");
    // The window leaves ownership evidence outside it, and days with accesses; the tables stay with the case.
    assert!(holds_for_every_pair(&room, "case", &["--from", "2026-03-03", "--to", "2026-03-06"]) > 5);
}

#[test]
fn every_pair_of_the_sample_has_the_numbers_of_cross_org() {
    let room = Room::new("discover_sample");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/invoice-read/pages");
    room.run(&["import", pages.to_str().unwrap(), "--case", "case", "--quiet"]).ends(0);
    assert_eq!(holds_for_every_pair(&room, "case", &[]), 1);
}

#[test]
fn everyones_log_is_pulled_in_one_walk_with_a_platform_token() {
    let room = Room::new("discover_pull");
    room.put("token.txt", TOKEN);
    let mut events = small();
    events.push(event("e6", "2026-03-01T14:00:00Z", "org_v", ("u_t", "org_t"), "read", ("inv_1", "org_v")));
    let server = serve(&events, Vec::new());
    let window = ["--from", "2026-03-01", "--to", "2026-03-02"];
    let source = ["--base-url", &server.base_url(), "--token-file", "token.txt", "--case", "case"];
    let ran = room.run(&[&["discover"], &window[..], &source[..]].concat());
    assert!(server.requests().iter().all(|request| !request.target.contains("org_id")), "everyone's log is asked for");
    let ran = ran.ends(0);
    let told = ran.flat();
    for words in [
        "2 pairs of organisations",
        "1 org_a -> org_v: 2 records (2 confirmed), 2 accesses, 2026-03-01T10:00:00Z to 2026-03-01T11:00:00Z.",
        "2 org_t -> org_v: 1 record (1 confirmed), 1 access, at 2026-03-01T14:00:00Z.",
        "in the logs of 3 organisations",
        "no known gap",
    ] {
        assert!(told.contains(words), "{words:?} is not in {}", ran.out);
    }
    // The printed command gives the same numbers, from the same evidence.
    let line = ran.out.lines().find_map(|line| line.strip_prefix("next        irforensics ")).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    let looked = room.run(&words).ends(0);
    assert!(looked.flat().contains("2 distinct records, all confirmed"), "{}", looked.out);
    assert!(looked.flat().contains("whole window read"), "{}", looked.out);
    // What the walk did not cover is a gap, and a log that it showed nothing of is absent.
    let beyond = ["cross-org", "--case", "case", "--attacker", "org_a", "--victim", "org_v", "--to", "2026-03-05"];
    assert!(room.run(&beyond).ends(3).flat().contains("2 gaps"));
    let unknown = ["cross-org", "--case", "case", "--attacker", "org_x", "--victim", "org_v", "--to", "2026-03-02"];
    assert!(room.run(&unknown).ends(3).flat().contains("the own log of org_x is absent"));
}

#[test]
fn a_token_that_sees_one_log_proves_nothing_of_the_others() {
    let room = Room::new("discover_one_log");
    room.put("token.txt", TOKEN);
    let own: Vec<Value> = small().into_iter().filter(|event| event["org_id"] == "org_v").collect();
    let server = serve(&own, Vec::new());
    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--case", "case", "--token-file", "token.txt"];
    let ran = room.run(&[&["discover", "--base-url", &server.base_url()], &window[..]].concat()).ends(3);
    assert!(ran.flat().contains("this token may not see the others"), "{}", ran.out);
    assert!(ran.flat().contains("own logs are absent: org_a"), "{}", ran.out);
}

#[test]
fn what_is_expected_stands_apart_and_what_has_no_owner_is_counted() {
    let room = Room::new("discover_expected");
    let mut staff = event("s1", "2026-03-01T15:00:00Z", "org_v", ("u_v", "org_v"), "read", ("inv_1", "org_v"));
    staff["actor"]["type"] = "support".into();
    staff["actor"]["impersonated_by"] = json!({ "id": "sup_1", "org_id": "org_s" });
    let mut bare = event("b1", "2026-03-01T16:00:00Z", "org_t", ("u_t", "org_t"), "read", ("inv_77", "org_t"));
    bare["resource"] = json!({ "type": "invoice", "id": "inv_77" });
    let mut nobody = event("n1", "2026-03-01T17:00:00Z", "org_v", ("ghost", "org_v"), "read", ("inv_1", "org_v"));
    nobody["actor"] = json!({ "id": "ghost", "type": "user" });
    let granted = event("g1", "2026-03-01T18:00:00Z", "org_v", ("u_g", "org_g"), "read", ("inv_1", "org_v"));
    room.put("log.ndjson", lines(&[small(), vec![staff, bare, nobody, granted]].concat()));
    room.put("grants.csv", "org_id,record_type,record_id\norg_g,invoice,*\n");
    let asked = ["discover", "--input", "log.ndjson", "--case", "case", "--grants", "grants.csv"];
    let ran = room.run(&asked).ends(3);
    for words in [
        "1 pair of organisations in which one reached into the other. 2 pairs more only as expected",
        "1 record touched whose owner nothing shows; give --catalogue",
        "1 action by actors whose organisation nothing shows; give --members",
        "expected org_s -> org_v: 1 record (1 confirmed), 1 access, 1 of them by staff for somebody else",
        "org_g -> org_v: 0 records, 0 accesses, 1 more by a right",
        "unresolved org_t: 1 record touched whose owner nothing shows",
    ] {
        assert!(ran.flat().contains(words), "{words:?} is not in {}", ran.out);
    }
    let paper = room.paper("case", "pairs.csv");
    let kinds: Vec<(&str, &str)> =
        paper.iter().map(|row| (row["attacker_org"].as_str(), row["kind"].as_str())).collect();
    assert_eq!(kinds, [("org_a", "direct"), ("org_s", "expected"), ("org_g", "expected"), ("org_t", "unresolved")]);
    // Asked again it is the same paper; asked otherwise the one before is put aside.
    let before = room.text("case/reports/internal/pairs.csv");
    room.run(&["discover", "--case", "case", "--quiet"]).ends(3);
    assert!(!room.path.join("case/reports/superseded-0001").exists());
    room.run(&["discover", "--case", "case", "--from", "2026-03-01T10:30:00Z"]).ends(3);
    assert_eq!(room.text("case/reports/superseded-0001/pairs.csv"), before);
}

#[test]
fn a_log_that_stays_within_its_fences_has_no_pair() {
    let room = Room::new("discover_none");
    let own: Vec<Value> = small().into_iter().filter(|e| e["actor"]["org_id"] == e["org_id"]).collect();
    assert!(!own.is_empty());
    let own: Vec<Value> = own.into_iter().filter(|e| e["resource"]["org_id"] == e["org_id"]).collect();
    room.put("log.ndjson", lines(&own));
    let ran = room.run(&["discover", "--input", "log.ndjson", "--case", "case"]).ends(0);
    assert!(ran.out.starts_with("No access across organisations found."), "{}", ran.out);
    assert!(ran.flat().contains("Covered: 3 distinct events"), "{}", ran.out);
}

#[test]
fn names_of_organisations_are_quoted_for_the_shell_and_guarded_for_the_sheet() {
    let room = Room::new("discover_hostile");
    let hostile = "=org'; rm -rf ~ \u{1b}[2J\u{202e}";
    let reach = event("h1", "2026-03-01T10:00:00Z", "org_v", ("u_h", hostile), "read", ("inv_1", "org_v"));
    room.put("log.ndjson", lines(&[reach]));
    let ran = room.run(&["discover", "--input", "log.ndjson", "--case", "case"]).ends(3);
    assert!(ran.out.contains(r"--attacker '=org'\''; rm -rf ~ \u{1b}[2J\u{202e}' --victim org_v"), "{}", ran.out);
    assert!(room.text("case/reports/internal/pairs.csv").contains("'=org';"), "a formula is guarded");
    assert_eq!(room.column("case", "pairs.csv", "attacker_org"), [hostile]);
}

#[test]
fn a_pull_of_everyone_needs_a_window_and_one_token() {
    let room = Room::new("discover_refused");
    room.run(&["discover"]).refuses(2, &["--base-url", "--input", "--case"]);
    room.put("token.txt", TOKEN);
    room.run(&["discover", "--base-url", "http://127.0.0.1:9", "--token-file", "token.txt"]).refuses(2, &["--from"]);
    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--base-url", "http://127.0.0.1:9", "--case", "case"];
    let one = [&["discover", "--token-file", "org_a=token.txt"], &window[..]].concat();
    room.run(&one).refuses(2, &["one platform token"]);
}
