//! `explain`: why this owner, class and confidence, down to the bytes.

use super::support::{Room, event, lines, small};
use serde_json::Value;

fn asked(name: &str, events: &[Value]) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(events));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]);
    assert!([0, 3].contains(&ran.code), "{ran:?}");
    room
}

fn explained(room: &Room, subject: &str) -> Value {
    serde_json::from_str(&room.run(&["explain", subject, "--case", "case", "--json"]).ends(0).out).unwrap()
}

#[test]
fn every_claim_is_told_with_its_events_and_their_bytes() {
    let room = asked("explain_claims", &small());
    let told = explained(&room, "invoice:inv_1");
    assert_eq!(told, explained(&room, "inv_1"), "a bare id that is one record is enough");
    let claims = told["records"][0]["claims"].as_array().unwrap();
    let claim = |rank: u64, rule: &str, org: &str, believed: bool, decided: bool, event: &str| {
        let fits = |c: &&Value| c["rank"] == rank && c["rule"] == *rule && c["org"] == *org;
        let found = claims.iter().find(fits).unwrap_or_else(|| panic!("no {rule} of {org}: {claims:?}"));
        assert_eq!((&found["believed"], &found["decided"]), (&believed.into(), &decided.into()), "{found}");
        assert_eq!(found["event_ids"], serde_json::json!([event]), "{found}");
    };
    // The profile reads resource.org_id from the row; the owner's own update says so too, and both stand.
    claim(4, "change", "org_v", true, false, "e3");
    claim(5, "reading", "org_a", false, false, "e1");
    let named = claims.iter().filter(|c| c["rule"] == "named" && c["org"] == "org_v" && c["decided"] == true);
    assert!(named.flat_map(|c| c["event_ids"].as_array().unwrap()).any(|id| id == "e1"), "{claims:?}");
    assert_eq!(told["records"][0]["decisions"][0]["owners"], serde_json::json!(["org_v"]));
    assert_eq!(told["by_others"], 1, "the owner's update");
    let action = &told["actions"][0];
    assert_eq!(
        (action["side"].as_str(), action["matched_by"].as_str()),
        (Some("both"), Some("the same event id and action"))
    );
    assert_eq!(action["results"][0]["confidence"], "confirmed");
    assert_eq!(action["attribution"][0]["rule"], "named");
    let bytes: Vec<&str> = told["bytes"].as_array().unwrap().iter().map(|b| b["text"].as_str().unwrap()).collect();
    let received = [0, 1, 3].map(|n| small()[n].to_string());
    assert_eq!(bytes, received, "exactly as received, in the order of their places");
}

#[test]
fn an_event_is_found_by_its_id_its_content_and_its_place() {
    let room = asked("explain_event", &small());
    let by_id = explained(&room, "e2");
    assert_eq!(by_id["actions"].as_array().unwrap().len(), 1);
    assert_eq!(by_id["records"][0]["record"]["record_id"], "inv_2");
    let place = by_id["actions"][0]["evidence_refs"][0].as_str().unwrap();
    assert_eq!(explained(&room, place), by_id);
    let sql = "SELECT content_hash FROM events WHERE source_id = 'e2'";
    let hash = room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out;
    let hash = hash.lines().nth(1).unwrap();
    assert_eq!(explained(&room, &format!("sha256:{}", &hash[..12])), by_id);
    let screen = room.run(&["explain", "e2", "--case", "case"]).ends(0).flat();
    for words in [
        "owner org_v by named",
        "DECIDED",
        "invoice.export: success (200); it took effect: an access.",
        "who u_a of org_a, by named",
        "in the log of org_v (side v); stands in one log only",
        "invoice inv_2: exported, confirmed, direct",
    ] {
        assert!(screen.contains(words), "{words:?} is not in {screen}");
    }
}

#[test]
fn what_disagrees_is_told_with_what_would_resolve_it() {
    let update = |id: &str, actor: (&str, &str)| {
        let mut update = event(id, "2026-02-01T08:00:00Z", actor.1, actor, "update", ("inv_5", "org_v"));
        update["resource"] = serde_json::json!({ "type": "invoice", "id": "inv_5" });
        update
    };
    let mut read = event("r1", "2026-03-01T10:00:00Z", "org_a", ("u_a", "org_a"), "read", ("inv_5", "org_v"));
    read["resource"] = serde_json::json!({ "type": "invoice", "id": "inv_5" });
    let room = asked("explain_contested", &[update("v1", ("u_v", "org_v")), update("t1", ("u_t", "org_t")), read]);
    let told = explained(&room, "inv_5");
    assert_eq!(told["records"][0]["decisions"][0]["owners"], serde_json::json!(["org_t", "org_v"]));
    assert!(told["records"][0]["would_resolve"].as_str().unwrap().contains("--catalogue"));
    assert_eq!(told["actions"][0]["results"][0]["confidence"], "contested");
    let screen = room.run(&["explain", "inv_5", "--case", "case"]).ends(0).flat();
    assert!(screen.contains("contested between org_t, org_v, all by change"), "{screen}");
}

#[test]
fn what_is_not_one_thing_is_refused_with_what_there_is() {
    let mut events = small();
    events.push(event("e6", "2026-03-01T14:00:00Z", "org_v", ("u_a", "org_a"), "read", ("inv_1", "org_v")));
    events[6]["resource"]["type"] = "file".into();
    let room = asked("explain_refused", &events);
    let ask = |subject: &str| room.run(&["explain", subject, "--case", "case"]);
    ask("inv_1").refuses(2, &["several things", "file:inv_1", "invoice:inv_1"]);
    ask("invoice:inv_11").refuses(2, &["no record", "invoice:inv_1"]);
    ask("acq-0001/000001@1+1").refuses(2, &["no record, event or place"]);
    ask("file:inv_1").ends(0);
}

#[test]
fn hostile_text_reaches_the_screen_as_text() {
    let mut events = small();
    events[2]["user_agent"] = "\u{1b}]0;owned\u{7}\u{202e}".into();
    let room = asked("explain_hostile", &events);
    // The room itself refuses a control character on standard output.
    let out = room.run(&["explain", "e2", "--case", "case"]).ends(0).out;
    assert!(out.contains(r"\u{202e}") || out.contains(r"\u202e"), "{out}");
}

#[test]
fn bytes_that_are_not_what_was_sealed_end_with_4() {
    let room = asked("explain_altered", &small());
    let body = "case/evidence/acq-0001/data/pages/000001.body";
    room.put(body, room.text(body).replace("inv_2", "inv_3"));
    room.run(&["explain", "inv_1", "--case", "case"]).refuses(4, &["altered"]);
}
