//! `query`: questions by name and in SQL, in three formats.

use super::support::{Room, event, lines, rows, small};
use serde_json::Value;

fn room(name: &str) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(&small()));
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(0);
    room
}

#[test]
fn questions_are_listed_and_asked_by_name() {
    let room = room("query_named");
    let list = room.run(&["query", "--case", "case"]).ends(0).out;
    for name in ["@by_outcome", "@by_verb", "@cross_pairs"] {
        assert!(list.contains(name), "{list}");
        room.run(&["query", name, "--case", "case"]).ends(0);
    }
    let pairs = room.run(&["query", "@cross_pairs", "--case", "case", "--format", "csv"]).ends(0).out;
    let ids: Vec<String> = rows(&pairs).iter().map(|row| row["source_id"].clone()).collect();
    assert_eq!(ids.iter().filter(|id| *id == "e1").count(), 2, "one in each log: {pairs}");
    assert_eq!(ids.iter().filter(|id| *id == "e2").count(), 1, "{pairs}");
    assert_eq!(ids.len(), 3, "{pairs}");
}

#[test]
fn every_format_holds_the_same_rows() {
    let room = room("query_formats");
    let ask = |format: &str| room.run(&["query", "@by_verb", "--case", "case", "--format", format]).ends(0).out;
    let expected = [("export", 1), ("read", 4), ("update", 1)];
    assert_eq!(ask("csv"), "verb,events\r\nexport,1\r\nread,4\r\nupdate,1\r\n");
    let objects: Vec<Value> = ask("ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = objects.iter().map(|o| (o["verb"].as_str().unwrap(), o["events"].as_i64().unwrap())).collect();
    assert_eq!(told, expected);
    let table = ask("table");
    for (verb, count) in expected {
        let row = table.lines().find(|line| line.contains(verb)).unwrap();
        assert!(row.contains(&count.to_string()), "{table}");
    }
}

#[test]
fn sql_reads_both_tables_and_what_the_last_question_decided() {
    let room = room("query_sql");
    room.ask(&["--case", "case"]).ends(0);
    let sql = "SELECT e.source_id, t.record_id, t.owner_org FROM events e JOIN targets t ON e.event_key = t.event_key \
               WHERE t.owner_org = 'org_v' ORDER BY e.source_id, t.record_id";
    let answer = rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out);
    let ids: Vec<&str> = answer.iter().map(|row| row["source_id"].as_str()).collect();
    assert_eq!(ids, ["e1", "e1", "e2", "e3"]);
}

#[test]
fn large_numbers_and_text_come_out_as_they_went_in() {
    let room = Room::new("query_exact");
    let mut odd =
        event("9007199254740993", "2026-03-01T10:00:00.123456Z", "org_a", ("u_a", "org_a"), "read", ("00042", "org_v"));
    odd["user_agent"] = "comma, \"quote\"\nline".into();
    room.put("log.ndjson", lines(&[odd]));
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(0);
    let sql = "SELECT source_id, time_us, user_agent FROM events";
    let line = room.run(&["query", sql, "--case", "case", "--format", "ndjson"]).ends(0).out;
    let row: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(row["source_id"], "9007199254740993");
    assert_eq!(row["time_us"], 1_772_359_200_123_456_i64);
    assert_eq!(row["user_agent"], "comma, \"quote\"\nline");
    let csv = rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out);
    assert_eq!(csv[0]["user_agent"], "comma, \"quote\"\nline");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let room = room("query_refused");
    room.run(&["query", "@by_verbs", "--case", "case"]).refuses(2, &["by_verbs", "@by_verb", "@cross_pairs"]);
    room.run(&["query", "SELEC verb FROM events", "--case", "case"]).refuses(2, &["SELEC"]);
    room.run(&["query", "SELECT nothing FROM events", "--case", "case"]).refuses(2, &["nothing"]);
    room.run(&["query", "SELECT verb FROM elsewhere", "--case", "case"]).refuses(2, &["elsewhere"]);
    room.run(&["query", "", "--case", "case"]).refuses(2, &["SELECT"]);
    room.run(&["query", "DROP TABLE events", "--case", "case"]).refuses(2, &["SELECT"]);
    room.run(&["query", "SELECT 1 AS a; SELECT 2 AS b", "--case", "case"]).refuses(2, &["one"]);
    room.run(&["verify", "case"]).ends(0);
}

#[test]
fn quarantined_records_are_told_beside_the_rows() {
    let room = Room::new("query_quarantine");
    room.put("log.ndjson", format!("{}{{\n", lines(&small())));
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(3);
    room.run(&["query", "@by_verb", "--case", "case"]).ends(3).says(&["quarantine"]);
}
