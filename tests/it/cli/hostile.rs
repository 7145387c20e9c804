//! Text that an intruder put into a log reaches no terminal as anything but text.
//!
//! `Room::run` holds every run of every test against control characters; here they are everywhere.

use super::pull::{pull, serve};
use super::support::{Room, event, lines, small};
use irforensics::rehearsal::{Fault, Trouble};
use serde_json::{Value, json};

/// Titles, colours, bells, C1 controls, overwritten lines, turned text, and formulas.
const EVIL: &str = "=1+1\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\r\u{8}\u{7f}\u{202e}\u{0}\u{85}\nnew line";

/// An event whose every string is hostile.
fn evil(id: &str, log: &str) -> Value {
    let mut event = event(id, "2026-03-01T10:30:00Z", log, ("u", "org_a"), "read", ("r", "org_v"));
    event["actor"]["id"] = format!("u{EVIL}").into();
    event["actor"]["credential_id"] = EVIL.into();
    event["actor"]["session_id"] = EVIL.into();
    event["actor"]["type"] = EVIL.into();
    event["resource"]["type"] = format!("invoice{EVIL}").into();
    event["resource"]["id"] = format!("inv{EVIL}").into();
    event["source_ip"] = EVIL.into();
    event["user_agent"] = EVIL.into();
    event["request_id"] = EVIL.into();
    event["metadata"] = json!({ "reason": EVIL, "filter": EVIL });
    event
}

fn room(name: &str) -> Room {
    let room = Room::new(name);
    let mut events = small();
    events.extend([evil("evil", "org_a"), evil("evil", "org_v"), evil(EVIL, "org_v")]);
    let mut unknown = evil("unknown", "org_a");
    unknown["action"] = format!("x{EVIL}").into();
    unknown["resource"]["org_id"] = EVIL.into();
    let mut denied = evil("denied", "org_v");
    denied["outcome"] = "denied".into();
    denied["http"]["status"] = 403.into();
    events.extend([unknown, denied]);
    room.put("log.ndjson", lines(&events));
    room
}

#[test]
fn the_answer_prints_no_control_character() {
    let room = room("hostile_answer");
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]);
    assert!([0, 3].contains(&ran.code), "{ran:?}");
    assert!(ran.out.contains("owned"), "the text is there, harmless: {}", ran.out);
    let json = room.ask(&["--case", "case", "--json"]);
    assert!(json.out.contains("owned"), "{}", json.out);
    let ids = room.column("case", "records.csv", "record_id");
    assert_eq!(ids, ["inv_1", "inv_2", &format!("inv{EVIL}")], "and exact where it must be");
}

#[test]
fn rows_of_a_query_print_no_control_character() {
    let room = room("hostile_query");
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(0);
    let sql = "SELECT e.source_id, e.actor_id, e.action, e.user_agent, t.record_type, t.record_id, t.record_org \
               FROM events e JOIN targets t ON e.event_key = t.event_key ORDER BY e.event_key";
    let table = room.run(&["query", sql, "--case", "case"]).ends(0);
    assert!(table.out.contains("owned"), "{}", table.out);
    let lines = room.run(&["query", sql, "--case", "case", "--format", "ndjson"]).ends(0).out;
    let exact = format!("inv{EVIL}");
    let found =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).any(|row| row["record_id"] == exact);
    assert!(found, "ndjson is exact: {lines}");
    room.run(&["query", "@cross_pairs", "--case", "case"]).ends(0);
    let column = format!("SELECT verb AS \"a{EVIL}\" FROM events");
    room.run(&["query", &column.replace('\0', ""), "--case", "case"]);
}

#[test]
fn organisations_that_look_like_the_one_asked_about_are_shown_as_text() {
    let room = Room::new("hostile_nearest");
    let owner = format!("org_v{EVIL}");
    let events: Vec<Value> = [event("e", "2026-03-01T10:00:00Z", &owner, ("u", "org_a"), "read", ("r", &owner))].into();
    room.put("log.ndjson", lines(&events));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(3);
    assert!(ran.out.contains("org_v"), "{}", ran.out);
}

#[test]
fn file_names_and_flags_are_shown_as_text() {
    let room = Room::new("hostile_names");
    let name = "bad\u{1b}[2J\u{202e}\r\nname";
    room.put(name, "not json");
    room.ask(&["--input", name, "--case", "case"]).refuses(8, &["000001.body"]);
    room.put(name, format!("{}{{\n", lines(&small())));
    room.ask(&["--input", name, "--case", "other"]).ends(3);
    room.run(&["import", name, "--case", "third"]).ends(3).says(&["quarantined"]);
    room.run(&["import", &format!("no-{name}"), "--case", "fourth"]).refuses(2, &["no-bad"]);
    room.ask(&["--case", "case\u{1b}[2J\nx"]).refuses(2, &["case"]);
    room.ask(&["--input", name, "--profile", "p\u{1b}[2J"]).refuses(2, &["native"]);
    room.ask(&["--input", name, "--from", "\u{1b}[2J"]).refuses(2, &["--from"]);
    room.ask(&["--input", name, "--alias", "\u{1b}[2J\n"]).refuses(2, &["--alias"]);
    room.run(&["query", "@\u{1b}[2J\n", "--case", "other"]).refuses(2, &["@by_verb"]);
    room.run(&["query", "SELECT \"\u{1b}[2J\u{202e}\n\" FROM events", "--case", "other"]).refuses(2, &["2J"]);
}

#[test]
fn words_of_a_server_are_shown_as_text() {
    for (at, code) in [400, 401, 403, 404].into_iter().enumerate() {
        let room = Room::new(&format!("hostile_server_{at}"));
        let body = json!({ "error": { "code": EVIL, "message": EVIL, "required": EVIL } }).to_string();
        let trouble =
            Trouble::Status { code, body, headers: vec![("X-Evil".to_owned(), "\u{9b}31m\u{202e}".to_owned())] };
        let server = serve(&small(), vec![Fault::always(trouble)]);
        let ran = pull(&room, &server.base_url(), &["--token-file", "token.txt"]);
        assert_ne!(ran.code, 0);
        assert!(ran.err.contains(&code.to_string()), "{}", ran.err);
    }
    let room = Room::new("hostile_server_text");
    let trouble = Trouble::Status { code: 400, body: EVIL.to_owned(), headers: Vec::new() };
    let server = serve(&small(), vec![Fault::always(trouble)]);
    pull(&room, &server.base_url(), &["--token-file", "token.txt"]);
}
