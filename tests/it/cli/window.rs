//! Windows and whatever else a question says once and the case keeps.

use super::support::{Ran, Room, event, lines, small};
use serde_json::Value;

const A: (&str, &str) = ("u_a", "org_a");

fn window(ran: &Ran) -> &str {
    let line = ran.err.lines().find(|line| line.starts_with("window ")).unwrap();
    line.strip_prefix("window ").unwrap().strip_suffix(" (UTC, half-open)").unwrap()
}

/// Accesses to records named after their place in time.
fn around() -> Vec<Value> {
    [
        ("before", "2026-02-28T23:59:59.999999Z"),
        ("first", "2026-03-01T00:00:00Z"),
        ("last", "2026-03-01T23:59:59.999999Z"),
        ("after", "2026-03-02T00:00:00Z"),
    ]
    .into_iter()
    .flat_map(|(id, time)| ["org_a", "org_v"].map(|log| event(&format!("e_{id}"), time, log, A, "read", (id, "org_v"))))
    .collect()
}

#[test]
fn the_first_moment_is_in_and_the_last_is_out() {
    let room = Room::new("window_edges");
    room.put("log.ndjson", lines(&around()));
    let ran =
        room.ask(&["--input", "log.ndjson", "--case", "case", "--from", "2026-03-01", "--to", "2026-03-02"]).ends(0);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["first", "last"]);
    assert_eq!(window(&ran), "[2026-03-01T00:00:00.000000Z, 2026-03-02T00:00:00.000000Z)");
    assert!(ran.flat().contains("From 2026-03-01T00:00:00Z until before 2026-03-02T00:00:00Z"), "{}", ran.out);
    // The case keeps the window; another one is another answer.
    let again = room.run(&["cross-org", "--case", "case"]).ends(0);
    assert_eq!(window(&again), window(&ran));
    room.run(&["cross-org", "--case", "case", "--to", "2026-03-02T00:00:00.000001Z"]).ends(0);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["after", "first", "last"]);
}

#[test]
fn every_spelling_of_a_time_is_the_same_moment() {
    let room = Room::new("window_spellings");
    room.put("log.ndjson", lines(&small()));
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(0);
    for spelling in [
        "2026-03-01",
        "2026-03-01T00:00:00Z",
        "2026-03-01T02:00:00+02:00",
        "2026-02-28T18:30:00.000-05:30",
        "1772323200",
        "1772323200000",
        "1772323200000000",
    ] {
        let ran = room.ask(&["--case", "case", "--from", spelling, "--to", "2026-03-02"]).ends(0);
        assert_eq!(window(&ran), "[2026-03-01T00:00:00.000000Z, 2026-03-02T00:00:00.000000Z)", "{spelling}");
    }
}

#[test]
fn a_relative_window_is_resolved_once_and_kept() {
    let room = Room::new("window_relative");
    room.put("log.ndjson", lines(&small()));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case", "--from", "-3d", "--to", "now"]).ends(0);
    let first = window(&ran).to_owned();
    let ends: Vec<&str> = first.trim_start_matches('[').trim_end_matches(')').split(", ").collect();
    let micros = |text: &str| irforensics::model::Moment::parse_rfc3339(text).unwrap().micros();
    assert_eq!(micros(ends[1]) - micros(ends[0]), 3 * 86_400_000_000);
    let again = room.run(&["cross-org", "--case", "case"]).ends(0);
    assert_eq!(window(&again), first);
    let ran = room.run(&["cross-org", "--case", "case", "--from=-90m"]).ends(0);
    assert_ne!(window(&ran), first);
}

#[test]
fn no_window_is_all_of_the_evidence() {
    let room = Room::new("window_none");
    room.put("log.ndjson", lines(&around()));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    assert_eq!(room.paper("case", "records.csv").len(), 4);
    assert!(ran.flat().contains("From the beginning without end"), "{}", ran.out);
}

#[test]
fn an_access_without_a_time_is_kept_and_makes_a_lower_bound() {
    let room = Room::new("window_timeless");
    let mut events = around();
    events[2]["timestamp"] = "yesterday at noon".into();
    events[3]["timestamp"] = "yesterday at noon".into();
    room.put("log.ndjson", lines(&events));
    room.ask(&["--input", "log.ndjson", "--case", "case", "--from", "2026-03-01", "--to", "2026-03-02"]).ends(3);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["first", "last"]);
    assert_eq!(room.column("case", "records.csv", "first_access_utc")[0], "");
}

#[test]
fn aliases_are_other_names_of_one_organisation_and_stay_with_the_case() {
    let room = Room::new("window_alias");
    let events: Vec<Value> = ["org_v", "org_v_old", "org_v_eu"]
        .iter()
        .flat_map(|org| {
            [*org, "org_a"].map(|log| {
                event(&format!("e_{org}"), "2026-03-01T10:00:00Z", log, A, "read", (&format!("of_{org}"), org))
            })
        })
        .collect();
    room.put("log.ndjson", lines(&events));
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["of_org_v"]);
    let all = ["of_org_v", "of_org_v_eu", "of_org_v_old"];
    room.run(&["cross-org", "--case", "case", "--alias", "org_v=org_v_old,org_v_eu"]).ends(0);
    assert_eq!(room.column("case", "records.csv", "record_id"), all);
    let sums = room.sums("case");
    room.run(&["cross-org", "--case", "case"]).ends(0);
    assert_eq!(room.sums("case"), sums);
    let twice = ["cross-org", "--case", "case", "--alias", "org_v=org_v_old", "--alias", "org_v=org_v_eu"];
    room.run(&twice).ends(0);
    assert_eq!(room.column("case", "records.csv", "record_id"), all, "a flag given twice says both");
    for bad in ["org_v", "=org_v_old", "org_v=", "org_v=a,,b"] {
        room.run(&["cross-org", "--case", "case", "--alias", bad]).refuses(2, &["--alias"]);
    }
}

#[test]
fn several_attackers_and_several_victims_are_one_question() {
    let room = Room::new("window_several");
    let read = |actor: (&str, &str), record: (&str, &str)| {
        let id = format!("e_{}_{}", actor.0, record.0);
        [actor.1, record.1].map(|log| event(&id, "2026-03-01T10:00:00Z", log, actor, "read", record))
    };
    let (b, c) = (("u_b", "org_b"), ("u_c", "org_c"));
    let (v, w) = (("of_v", "org_v"), ("of_w", "org_w"));
    let events: Vec<Value> = [read(A, v), read(b, w), read(b, v), read(c, w)].concat();
    room.put("log.ndjson", lines(&events));
    let ran = ["--input", "log.ndjson", "--case", "case", "--attacker", "org_b", "--victim", "org_w"];
    room.ask(&ran).ends(0);
    let records = room.paper("case", "records.csv");
    let told: Vec<_> = records.iter().map(|row| (row["record_id"].as_str(), row["access_count"].as_str())).collect();
    assert_eq!(told, [("of_v", "2"), ("of_w", "1")], "org_c is nobody's");
    assert_eq!(room.column("case", "records.csv", "owner_org"), ["org_v", "org_w"]);
}

#[test]
fn profile_and_tables_stay_with_the_case() {
    let room = Room::new("window_kept");
    let mut events = small();
    for event in &mut events {
        event["resource"].as_object_mut().unwrap().remove("org_id");
    }
    // Only the attacker's log: nothing shows whose inv_1 is.
    events.retain(|event| event["org_id"] == "org_a");
    room.put("log.ndjson", lines(&events));
    let native = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/profile/native.toml")).unwrap();
    room.put("mine.toml", native.replace("\"native\"", "\"mine\""));
    room.ask(&["--input", "log.ndjson", "--case", "case", "--profile", "mine.toml"]).ends(3);
    assert_eq!(room.column("case", "unresolved.csv", "record_id"), ["inv_1", "inv_9"]);
    room.put("owners.csv", "record_type,record_id,owner_org\ninvoice,inv_1,org_v\ninvoice,inv_9,org_a\n");
    // The victim's own log is absent, and that stays a lower bound.
    room.run(&["cross-org", "--case", "case", "--catalogue", "owners.csv"]).ends(3);
    assert_eq!(room.column("case", "records.csv", "owner_rule"), ["catalogue"]);
    let sums = room.sums("case");
    for gone in ["owners.csv", "mine.toml", "log.ndjson"] {
        std::fs::rename(room.path.join(gone), room.path.join(format!("{gone}.gone"))).unwrap();
    }
    room.run(&["cross-org", "--case", "case"]).ends(3);
    assert_eq!(room.sums("case"), sums);
}
