//! The same events in every form in which files come.

use super::support::{ASKED, Room, lines, small};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

fn member(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Two gzip members, cut in the middle of a line.
fn gzip(text: &str) -> Vec<u8> {
    let (first, second) = text.as_bytes().split_at(text.len() / 2);
    [member(first), member(second)].concat()
}

fn zstd(text: &str) -> Vec<u8> {
    let (first, second) = text.as_bytes().split_at(text.len() / 2);
    let frame = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    [frame(first), frame(second)].concat()
}

fn array(events: &[Value]) -> String {
    serde_json::to_string_pretty(&Value::from(events.to_vec())).unwrap()
}

fn envelope(member: &str, events: &[Value]) -> String {
    json!({ "before": { "x": [1, 2] }, member: events, "next_cursor": null }).to_string()
}

/// The small incident in every form, by file name.
fn forms(events: &[Value]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("events.ndjson", lines(events).into_bytes()),
        ("crlf.ndjson", lines(events).replace('\n', "\r\n\r\n").into_bytes()),
        ("no-last-newline.ndjson", lines(events).trim_end().as_bytes().to_vec()),
        ("bom.ndjson", [b"\xef\xbb\xbf", lines(events).as_bytes()].concat()),
        ("array.json", array(events).into_bytes()),
        ("envelope.json", envelope("data", events).into_bytes()),
        ("events.ndjson.gz", gzip(&lines(events))),
        ("array.json.gz", gzip(&array(events))),
        ("events.ndjson.zst", zstd(&lines(events))),
        ("envelope.zst", zstd(&envelope("data", events))),
        ("named-wrongly.txt", gzip(&lines(events))),
    ]
}

fn counts(room: &Room, args: &[&str]) -> (Value, Value, Value) {
    let ran = room.run(&[&["import", "--json"], args].concat()).ends(0);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    (json["raw"].clone(), json["distinct"].clone(), json["quarantined"].clone())
}

#[test]
fn each_form_holds_the_same_events() {
    for (at, (name, bytes)) in forms(&small()).into_iter().enumerate() {
        let room = Room::new(&format!("form_{at}"));
        room.put(name, bytes);
        assert_eq!(counts(&room, &[name, "--case", "imported"]), (json!(6), json!(6), json!(0)), "{name}");
        room.run(&[&["cross-org"], &ASKED[..], &["--input", name, "--case", "case"]].concat()).ends(0);
        assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2"], "{name}");
    }
}

#[test]
fn a_mixed_folder_is_one_log() {
    let room = Room::new("form_mixed");
    let events = small();
    for (at, (name, _)) in forms(&events).iter().enumerate().take(events.len()) {
        let one = &events[at..=at];
        let (_, bytes) = forms(one).swap_remove(at);
        room.put(&format!("logs/{at}/{name}"), bytes);
    }
    assert_eq!(counts(&room, &["logs", "--case", "imported"]), (json!(6), json!(6), json!(0)));
    room.run(&[&["cross-org"], &ASKED[..], &["--input", "logs", "--case", "case"]].concat()).ends(0);
    assert_eq!(room.column("case", "accesses.csv", "event_ids"), ["e1", "e2"]);
}

#[test]
fn several_paths_are_read_and_one_given_twice_is_read_once() {
    let room = Room::new("form_paths");
    let (first, second) = (small()[..3].to_vec(), small()[3..].to_vec());
    room.put("a/one.ndjson", lines(&first));
    room.put("two.json", envelope("data", &second));
    let paths = ["a", "two.json", "./a/one.ndjson", "two.json"];
    assert_eq!(counts(&room, &[&paths[..], &["--case", "imported"]].concat()), (json!(6), json!(6), json!(0)));
}

#[test]
fn the_same_events_twice_are_the_same_events() {
    let room = Room::new("form_twice");
    room.put("one.ndjson", lines(&small()));
    room.put("two.json", array(&small()));
    let args = ["one.ndjson", "two.json", "--case", "imported"];
    assert_eq!(counts(&room, &args), (json!(12), json!(6), json!(0)));
    room.ask(&["--input", "one.ndjson", "two.json", "--case", "case"]).ends(0);
    assert_eq!(room.column("case", "records.csv", "access_count"), ["1", "1"]);
}

#[test]
fn cloudtrail_files_are_envelopes() {
    let record = |id: &str, key: &str| {
        json!({
            "eventID": id, "eventTime": "2026-03-01T10:00:00Z", "eventSource": "s3.amazonaws.com",
            "eventName": "GetObject", "recipientAccountId": "222222222222",
            "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/x", "accountId": "111111111111" },
            "requestParameters": { "bucketName": "b", "key": key },
        })
    };
    let records = vec![record("1", "k1"), record("2", "k2")];
    for (at, bytes) in [
        envelope("Records", &records).into_bytes(),
        gzip(&envelope("Records", &records)),
        lines(&records).into_bytes(),
        zstd(&lines(&records)),
    ]
    .into_iter()
    .enumerate()
    {
        let room = Room::new(&format!("form_cloudtrail_{at}"));
        room.put("trail", bytes);
        let question = ["cross-org", "--attacker", "111111111111", "--victim", "222222222222", "--input", "trail"];
        // The attacker's own log is not among the files: a lower bound.
        room.run(&[&question[..], &["--profile", "aws-cloudtrail", "--case", "case"]].concat()).ends(3);
        assert_eq!(room.column("case", "records.csv", "record_id"), ["b/k1", "b/k2"]);
    }
}
