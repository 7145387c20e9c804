//! `--dry-run`: the plan of a pull, and nothing else.

use super::pull::{TOKEN, pull, serve};
use super::support::{ASKED, Room, lines, small};
use serde_json::Value;

#[test]
fn the_plan_is_shown_and_nothing_is_sent_or_made() {
    let room = Room::new("dry_run");
    let server = serve(&small(), Vec::new());
    let ran = pull(&room, &server.base_url(), &["--token-file", "token.txt", "--dry-run"]).ends(0);
    for words in [
        "nothing is sent, no folder is made",
        "window [2026-03-01T00:00:00.000000Z, 2026-03-02T00:00:00.000000Z) (UTC, half-open)",
        "/api/v1/audit-logs?org_id=org_a&from=2026-03-01T00%3A00%3A00.000000Z",
        "the log of org_v, with the token of fingerprint ",
        "up to 1000 events each",
        "kept in the new case case",
    ] {
        assert!(ran.flat().contains(words), "{words:?} is not in {}", ran.out);
    }
    assert!(!ran.out.contains(TOKEN) && !ran.err.contains(TOKEN));
    let base = server.base_url();
    let day = ["--from", "2026-03-01", "--to", "2026-03-02", "--base-url", &base, "--token-file", "token.txt"];
    for verb in [&["discover"][..], &["collect", "--all-orgs"]] {
        let ran = room.run(&[verb, &day, &["--dry-run"]].concat()).ends(0);
        assert!(ran.flat().contains("the log of everyone"), "{}", ran.out);
        assert!(!ran.out.contains("org_id"), "{}", ran.out);
    }
    assert_eq!(server.requests().len(), 0);
    let left: Vec<String> = room.files(".").iter().map(|file| file.display().to_string()).collect();
    assert_eq!(left.len(), 1, "only the token's own file: {left:?}");
    let plan = pull(&room, &base, &["--token-file", "token.txt", "--dry-run", "--json"]).ends(0);
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    assert_eq!((plan["requests"].as_array().unwrap().len(), &plan["new_case"]), (2, &Value::Bool(true)));
}

#[test]
fn what_the_run_would_refuse_the_plan_refuses() {
    let room = Room::new("dry_run_refused");
    room.put("log.ndjson", lines(&small()));
    let files = ["--input", "log.ndjson", "--case", "case"];
    let ran = room.ask(&[&files[..], &["--dry-run"]].concat()).ends(0);
    assert!(ran.flat().contains("input log.ndjson"), "{}", ran.out);
    assert!(!room.path.join("case").exists());
    room.ask(&files).ends(0);
    let before = room.files("case");
    room.ask(&[&files[..], &["--dry-run"]].concat()).refuses(7, &["--again"]);
    room.ask(&[&files[..], &["--dry-run", "--again"]].concat()).ends(0);
    assert_eq!(room.files("case"), before, "the case stays as it was");
    let nothing = [&["cross-org"], &ASKED[..], &["--case", "case", "--dry-run"]].concat();
    room.run(&nothing).refuses(2, &["--base-url or --input"]);
    let url = ["--base-url", "http://127.0.0.1:9", "--from", "-1d", "--to", "now", "--dry-run"];
    room.ask(&url).refuses(2, &["no token"]);
}
