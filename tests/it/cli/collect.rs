//! `collect`: evidence first, the question later.

use super::pull::{TOKEN, assert_no_token, pull, serve};
use super::support::{Ran, Room, small};
use irforensics::rehearsal::{Fault, Trouble};
use serde_json::Value;

const DAY: [&str; 4] = ["--from", "2026-03-01", "--to", "2026-03-02"];

fn collect(room: &Room, url: &str, more: &[&str]) -> Ran {
    room.put("token.txt", TOKEN);
    let place = ["--case", "kept", "--base-url", url, "--token-file", "token.txt"];
    room.run(&[&["collect"], &DAY[..], &place, more].concat())
}

#[test]
fn what_was_collected_answers_a_later_question_as_a_pull_would_have() {
    let room = Room::new("collect_then_ask");
    let server = serve(&small(), Vec::new());
    let ran = collect(&room, &server.base_url(), &["--org", "org_a", "--org", "org_v"]).ends(0);
    assert_no_token(&room, &ran);
    for words in [
        "safe 5 records in 2 pages",
        "org_a: 2 events from 2026-03-01T10:00:00.000000Z to 2026-03-01T12:30:00.000000Z; whole window read",
        "irforensics cross-org --case kept --attacker org_a --victim org_v",
        "irforensics discover --case kept",
        "irforensics verify kept",
    ] {
        assert!(ran.flat().contains(words), "{words:?} is not in {}", ran.out);
    }
    let asked = server.requests().len();
    assert!(!room.path.join("kept/reports").exists(), "nobody has asked anything yet");
    pull(&room, &server.base_url(), &["--token-file", "token.txt"]).ends(0);
    drop(server);
    assert!(asked >= 2);
    room.run(&["cross-org", "--case", "kept", "--attacker", "org_a", "--victim", "org_v"]).ends(0);
    for paper in ["records.csv", "accesses.csv", "attempts.csv", "bulk.csv", "unresolved.csv"] {
        // Which log comes first decides the numbers of the pages, and nothing else.
        let told = |case| {
            let mut rows = room.paper(case, paper);
            for row in &mut rows {
                row.remove("evidence_refs");
            }
            rows
        };
        assert_eq!(told("kept"), told("case"), "{paper}");
    }
    let impact: Value = serde_json::from_str(&room.text("kept/reports/internal/impact.json")).unwrap();
    assert_eq!(
        impact["question"]["window"]["from"], "2026-03-01T00:00:00.000000Z",
        "the window collected is asked about"
    );
    let walked = impact["coverage"]["logs"].as_array().unwrap().iter().map(|log| log["walked"].as_bool().unwrap());
    assert_eq!(walked.collect::<Vec<_>>(), [true, true]);
}

#[test]
fn everyones_log_is_collected_in_one_walk_and_discovered_offline() {
    let room = Room::new("collect_everyone");
    let server = serve(&small(), Vec::new());
    let ran = collect(&room, &server.base_url(), &["--all-orgs", "--json", "--quiet"]).ends(0);
    let safe: Value = serde_json::from_str(&ran.out).unwrap();
    let orgs: Vec<&str> = safe["logs"].as_array().unwrap().iter().map(|log| log["org"].as_str().unwrap()).collect();
    assert_eq!((orgs.as_slice(), &safe["walked_everyone"]), (&["org_a", "org_t", "org_v"][..], &Value::Bool(true)));
    assert!(server.requests().iter().all(|request| !request.target.contains("org_id")));
    drop(server);
    let ran = room.run(&["discover", "--case", "kept"]).ends(0);
    assert!(ran.out.contains("org_a"), "{}", ran.out);
}

#[test]
fn a_log_that_cannot_be_collected_is_named_and_the_others_are_safe() {
    let room = Room::new("collect_half");
    let refused = Trouble::RefuseScope;
    let server = serve(&small(), vec![Fault::always(refused).for_org("org_v")]);
    let ran = collect(&room, &server.base_url(), &["--org", "org_a", "--org", "org_v"])
        .ends(5)
        .says(&["org_v", "audit:read"]);
    assert!(ran.flat().contains("org_a: 2 events"), "{}", ran.out);
    assert!(ran.out.contains("gap") && ran.out.contains("log of org_v"), "{}", ran.out);
    room.run(&["verify", "kept"]).ends(0);
}

#[test]
fn what_makes_no_sense_is_refused_before_a_folder_is_made() {
    let room = Room::new("collect_usage");
    room.put("token.txt", TOKEN);
    let base = ["--base-url", "http://127.0.0.1:9", "--token-file", "token.txt", "--case", "kept"];
    let run = |more: &[&str]| room.run(&[&["collect"], more, &base].concat());
    run(&["--org", "org_a", "--from", "2026-03-02", "--to", "2026-03-01"]).refuses(2, &["--to must lie after --from"]);
    run(&["--org", "org_a", "--from", "-1d", "--to", "2126-03-01"]).refuses(2, &["future"]);
    run(&["--org", "org_a", "--alias", "org_b=B", "--from", "-1d", "--to", "now"]).refuses(2, &["org_b is no --org"]);
    run(&["--from", "-1d", "--to", "now"]).ends(2).says(&["--org <ORG>"]);
    let files = ["collect", "--org", "org_a", "--from", "-1d", "--to", "now", "--input", "token.txt"];
    room.run(&files).refuses(2, &["import"]);
    assert!(!room.path.join("kept").exists());
}
