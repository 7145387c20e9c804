//! Our own footprint: reading the audit log writes to it, and only three facts together tell that it was us.

use super::pull::{pull, serve};
use super::support::{Room, event, small};
use irforensics::model::Moment;
use serde_json::{Value, json};

/// A read of A's own audit log, as a provider writes it.
fn audit_read(id: &str, time: &str, credential: &str) -> Value {
    let mut read = event(id, time, "org_a", ("sv_audit", "org_a"), "list", ("", ""));
    read["action"] = json!("audit_log.list");
    read["resource"] = json!({"type": "audit_log"});
    read["actor"]["credential_id"] = json!(credential);
    read
}

/// When the first page of the case came in.
fn received(room: &Room) -> Moment {
    let journal = std::fs::read_to_string(room.path.join("case/evidence/acq-0001/data/journal.jsonl")).unwrap();
    let line: Value = serde_json::from_str(journal.lines().next().unwrap()).unwrap();
    Moment::parse_rfc3339(line["at"].as_str().unwrap()).unwrap()
}

/// A pull, then a second reading of the log that holds what the pull left there.
fn standings(name: &str, credential: &str, offset_seconds: i64, told: &[&str]) -> Vec<String> {
    let room = Room::new(name);
    let server = serve(&small(), Vec::new());
    let ran = pull(&room, &server.base_url(), &["--token-file", "token.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let at = Moment::from_micros(received(&room).micros() + offset_seconds * 1_000_000).to_string();
    let read = audit_read("own_1", &at, credential);
    room.put("later.ndjson", format!("{read}\n"));
    let later = ["--case", "case", "--again", "--from", "2026-03-01", "--to", "2100-01-01", "--input", "later.ndjson"];
    let ran = room.run(&[&["cross-org", "--json"][..], &later, told].concat());
    let impact: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    let rows = impact["bulk"].as_array().unwrap().iter().filter(|row| row["event_ids"][0] == "own_1");
    rows.map(|row| row["standing"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn our_own_read_of_the_log_is_told_apart_where_all_three_agree() {
    assert_eq!(standings("own-all-three", "key_audit", -1, &["--own-credential", "key_audit"]), ["own_tool"]);
}

#[test]
fn a_read_by_another_credential_at_another_time_or_untold_is_an_access() {
    assert_eq!(standings("own-other-key", "key_9", -1, &["--own-credential", "key_audit"]), ["direct"]);
    assert_eq!(standings("own-other-time", "key_audit", -3600, &["--own-credential", "key_audit"]), ["direct"]);
    assert_eq!(standings("own-untold", "key_audit", -1, &[]), ["direct"]);
}
