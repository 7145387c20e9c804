//! `timeline`: what the attacker did in the order of time, as bursts, as CSV and as Timesketch imports it.

use super::support::{Room, event, lines, rows, small};
use serde_json::Value;

/// Reads of `org_a` in `org_v` at these times, all but the last by one actor.
fn reads(times: &[&str]) -> Vec<Value> {
    let read = |(n, time): (usize, &&str)| {
        let actor = if n + 1 == times.len() { "u_b" } else { "u_a" };
        event(&format!("r{n}"), time, "org_v", (actor, "org_a"), "read", (&format!("inv_{n}"), "org_v"))
    };
    times.iter().enumerate().map(read).collect()
}

fn asked(name: &str, events: &[Value]) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(events));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]);
    assert!([0, 3].contains(&ran.code), "{ran:?}");
    room
}

fn csv(room: &Room, code: i32) -> Vec<std::collections::BTreeMap<String, String>> {
    rows(&room.run(&["timeline", "case", "--format", "csv"]).ends(code).out)
}

#[test]
fn a_pause_of_five_minutes_ends_a_burst() {
    let times = ["10:00:00Z", "10:04:59Z", "10:09:59Z", "10:09:59Z"].map(|time| format!("2026-03-01T{time}"));
    let room = asked("timeline_pause", &reads(&times.each_ref().map(String::as_str)));
    let told: Vec<(String, String)> =
        csv(&room, 3).iter().map(|row| (row["event_ids"].clone(), row["burst"].clone())).collect();
    // 4:59 goes on; 5:00 does not; another actor at the same time is a burst of their own.
    let expected = [("r0", "1"), ("r1", "1"), ("r2", "2"), ("r3", "3")];
    assert_eq!(told, expected.map(|(id, burst)| (id.to_owned(), burst.to_owned())));
    let table = room.run(&["timeline", "case"]).ends(3).says(&["4 lines in 3 bursts", "LOWER BOUND"]);
    let first = table.out.lines().find(|line| line.contains("10:00:00Z")).unwrap();
    let cells: Vec<&str> =
        first.split("  ").map(|cell| cell.trim_matches([' ', '│'])).filter(|c| !c.is_empty()).collect();
    assert_eq!(cells[..3], ["1", "2026-03-01T10:00:00Z", "4 min 59 s"], "{}", table.out);
    assert!(cells.contains(&"2 read"), "{}", table.out);
}

#[test]
fn every_access_attempt_and_bulk_action_is_a_line() {
    let room = Room::new("timeline_demo");
    room.run(&["demo", "--out", "case", "--quiet"]).ends(0);
    let whole: Value = serde_json::from_str(&room.run(&["timeline", "case", "--json"]).ends(3).out).unwrap();
    let of = |kind: &str| whole["lines"].as_array().unwrap().iter().filter(|line| line["kind"] == *kind).count();
    let tried = |key: &str, name: &str| {
        let rows = whole[key].as_array().unwrap().iter();
        rows.filter(|row| key == "bursts" || row["kind"] == "attempt")
            .map(|row| row[name].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(of("access"), room.paper("case", "accesses.csv").len());
    assert_eq!(of("bulk"), room.paper("case", "bulk.csv").len());
    let counts = room.column("case", "attempts.csv", "count");
    let of_paper: u64 = counts.iter().map(|n| n.parse::<u64>().unwrap()).sum();
    assert_eq!(tried("lines", "count"), of_paper);
    assert_eq!(tried("bursts", "attempts"), of_paper);
    assert!(of("attempt") > counts.len(), "what a paper gathers in one row stands here line by line");
    assert!(of("session") > 0 && of("lead") > 0);
    let sketch = room.run(&["timeline", "case", "--format", "timesketch"]).ends(3).out;
    assert_eq!(sketch.lines().count(), whole["lines"].as_array().unwrap().len());
}

#[test]
fn timesketch_finds_its_three_fields_on_every_line() {
    let mut events = small();
    events[2]["timestamp"] = "half past ten".into();
    events[0]["actor"]["id"] = "=cmd()\u{1b}[2J\u{202e}".into();
    events[1]["actor"]["id"] = "=cmd()\u{1b}[2J\u{202e}".into();
    let room = asked("timeline_timesketch", &events);
    let ran = room.run(&["timeline", "case", "--format", "timesketch"]).ends(3).says(&["1 lines have no usable time"]);
    let told: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 2, "{}", ran.out);
    for line in &told {
        assert!(["message", "datetime", "timestamp_desc"].iter().all(|key| line[key].is_string()), "{line}");
        let flat = line.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array());
        assert!(flat, "{line}");
    }
    assert_eq!(told[0]["datetime"], "2026-03-01T10:00:00.000000+00:00");
    assert_eq!(told[0]["timestamp_desc"], "access");
    assert_eq!(told[0]["actor_id"], "=cmd()\u{1b}[2J\u{202e}", "a program gets the exact text");
    let message = told[0]["message"].as_str().unwrap();
    assert!(message.contains("invoice.read on invoice inv_1 of org_v: success"), "{message}");
    assert!(!message.contains(['\u{1b}', '\u{202e}']), "{message:?}");
    assert_eq!(
        (told[1]["timestamp_desc"].as_str(), told[1]["record_id"].as_str()),
        (Some("Not a time"), Some("inv_2"))
    );
}

#[test]
fn a_spreadsheet_calculates_nothing_of_it() {
    let mut events = small();
    events[2]["user_agent"] = "=HYPERLINK(\"http://192.0.2.1\")".into();
    let room = asked("timeline_formula", &events);
    let out = room.run(&["timeline", "case", "--format", "csv"]).ends(0).out;
    assert!(out.contains("\"'=HYPERLINK("), "{out}");
}

#[test]
fn a_case_that_was_asked_nothing_has_no_timeline() {
    let room = Room::new("timeline_unasked");
    room.put("log.ndjson", lines(&small()));
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(0);
    room.run(&["timeline", "case"]).refuses(2, &["no question yet", "irforensics cross-org --case case"]);
    room.run(&["timeline", "nowhere"]).refuses(2, &["nowhere"]);
}
