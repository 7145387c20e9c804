//! Records that no two parsers read alike go to quarantine: located, counted, and named in the answer.

use super::support::{Ran, Room, lines, small};
use std::time::{Duration, Instant};

/// Asks the small incident with broken bytes after its third line; gives the one quarantined row.
fn quarantined(name: &str, broken: &[u8]) -> (Room, Ran, String) {
    let room = Room::new(name);
    let (before, after) = (lines(&small()[..3]), lines(&small()[3..]));
    room.put("log.ndjson", [before.as_bytes(), broken, after.as_bytes()].concat());
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(3);
    assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    let rows = room.paper("case", "quarantine.csv");
    assert_eq!(rows.len(), 1, "{rows:?}");
    let (file, offset) = (rows[0]["file"].as_str(), rows[0]["offset"].as_str());
    assert_eq!(offset, before.len().to_string());
    let page = std::fs::read(room.path.join("case").join(file)).unwrap();
    assert!(page[before.len()..].starts_with(broken.trim_ascii_end()), "file and offset lead to the bytes");
    assert_eq!(rows[0]["length"], broken.trim_ascii_end().len().to_string());
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2"], "the others are read");
    let reason = rows[0]["reason"].clone();
    assert!(!reason.is_empty());
    room.run(&["import", "log.ndjson", "--case", "imported"]).ends(3).says(&[
        "quarantined",
        file,
        &format!("at byte {offset}"),
        &reason,
    ]);
    (room, ran, reason)
}

#[test]
fn fault_064_duplicate_keys_are_compared_after_unescaping() {
    for (at, broken) in [
        r#"{"id":"x","id":"y","timestamp":"2026-03-01T10:00:00Z","org_id":"org_a","action":"invoice.read"}"#,
        r#"{"id":"x","\u0069d":"y","timestamp":"2026-03-01T10:00:00Z","org_id":"org_a","action":"invoice.read"}"#,
        r#"{"id":"x","action":"invoice.read","actor":{"id":"u_a","deep":[{"a":1,"\u0061":2}]}}"#,
    ]
    .into_iter()
    .enumerate()
    {
        let (_, _, reason) = quarantined(&format!("broken_keys_{at}"), format!("{broken}\n").as_bytes());
        assert!(reason.to_lowercase().contains("duplicate") || reason.contains("twice"), "{reason}");
    }
}

#[test]
fn fault_066_lone_surrogates_and_invalid_utf8_are_no_text() {
    for (at, broken) in [
        &br#"{"id":"x","action":"invoice.read","user_agent":"\ud800"}"#[..],
        br#"{"id":"x","action":"invoice.read","user_agent":"\udc00\ud800"}"#,
        b"{\"id\":\"x\",\"action\":\"invoice.read\",\"user_agent\":\"\xff\xfe\"}",
        b"{\"id\":\"x\",\"action\":\"invoice.read\",\"user_agent\":\"\xed\xa0\x80\"}",
        b"{\"id\":\"x\",\"action\":\"invoice.read\",\"\xc0\xaf\":1}",
    ]
    .into_iter()
    .enumerate()
    {
        let (_, _, reason) = quarantined(&format!("broken_text_{at}"), &[broken, b"\n"].concat());
        assert!(reason.contains("surrogate") || reason.contains("UTF-8"), "{reason}");
    }
}

#[test]
fn values_that_are_no_json_are_no_records() {
    for (at, broken) in [
        &br#"{"id":"x","action":"invoice.read","n":NaN}"#[..],
        br#"{"id":"x","action":"invoice.read","n":01}"#,
        br#"{"id":"x","action":"invoice.read",}"#,
        br#"{"id":"x","action":"invoice.read"} {"id":"z"}"#,
        b"plain words",
        b"[1,2",
    ]
    .into_iter()
    .enumerate()
    {
        quarantined(&format!("broken_json_{at}"), &[broken, b"\n"].concat());
    }
    let deep = format!("{{\"action\":\"invoice.read\",\"d\":{}1{}}}\n", "[".repeat(5000), "]".repeat(5000));
    quarantined("broken_deep", deep.as_bytes());
}

#[test]
fn a_quarantined_record_that_mentions_the_question_is_named() {
    let broken = br#"{"id":"x","id":"y","org_id":"org_v","resource":{"id":"inv_2"}}"#;
    let (room, ran, _) = quarantined("broken_mention", &[&broken[..], b"\n"].concat());
    let mentions = &room.paper("case", "quarantine.csv")[0]["mentions"];
    assert!(mentions.split(';').any(|id| id == "org_v") && mentions.split(';').any(|id| id == "inv_2"), "{mentions}");
    assert!(ran.out.contains("quarantine"), "{}", ran.out);
}

#[test]
fn fault_069_a_truncated_last_line_is_located() {
    let room = Room::new("broken_last");
    let whole = lines(&small());
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    let cut = [whole.as_bytes(), &whole.as_bytes()[..last - 30]].concat();
    let begins = whole.len() + whole[..last - 30].rfind('\n').unwrap() + 1;
    room.put("logs/cut.ndjson", &cut);
    room.ask(&["--input", "logs", "--case", "case"]).ends(3);
    let rows = room.paper("case", "quarantine.csv");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(room.text(&format!("case/{}", rows[0]["file"])).as_bytes(), cut);
    assert_eq!(rows[0]["offset"], begins.to_string());
    assert_eq!(rows[0]["length"], (cut.len() - begins).to_string());
}

#[test]
fn fault_068_a_line_of_100_mb_is_told_and_the_rest_is_read() {
    let started = Instant::now();
    let mut broken = br#"{"id":"x","action":"invoice.read","note":""#.to_vec();
    broken.resize(100 << 20, b'a');
    broken.extend_from_slice(b"\"}\n");
    let room = Room::new("broken_long");
    let whole = lines(&small());
    room.put("log.ndjson", [whole.as_bytes(), &broken, whole.as_bytes()].concat());
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(3);
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    let rows = room.paper("case", "quarantine.csv");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["offset"], whole.len().to_string());
    assert_eq!(rows[0]["length"], (broken.len() - 1).to_string());
    assert_eq!(room.column("case", "records.csv", "access_count"), ["1", "1"], "delivered twice, counted once");
}

#[test]
fn an_array_with_a_broken_member_keeps_the_others() {
    let room = Room::new("broken_member");
    let good: Vec<String> = small().iter().map(ToString::to_string).collect();
    let text = format!(
        "[{},{{\"id\":\"x\",\"id\":\"y\",\"action\":\"invoice.read\"}},{}]",
        good[..3].join(","),
        good[3..].join(",")
    );
    room.put("log.json", text);
    room.ask(&["--input", "log.json", "--case", "case"]).ends(3);
    assert_eq!(room.paper("case", "quarantine.csv").len(), 1);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2"]);
}
