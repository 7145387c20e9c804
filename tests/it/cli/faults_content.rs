//! Faults 65 to 80: what stands in a record, and how a careless reader would count it.

use super::support::{Ran, Room, event, lines, small};
use serde_json::{Value, json};

const A: (&str, &str) = ("u_a", "org_a");

/// The small incident with more events behind it, asked about.
fn asked(name: &str, more: &[Value]) -> (Room, Ran) {
    let room = Room::new(name);
    room.put("log.ndjson", lines(&[&small()[..], more].concat()));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]);
    (room, ran)
}

/// An access of A's that V's log tells, ten minutes after midnight and as many seconds as its number says.
fn read(n: usize, record: &str) -> Value {
    event(&format!("more{n}"), &format!("2026-03-01T00:10:{n:02}Z"), "org_v", A, "read", (record, "org_v"))
}

/// The record ids of the ledger.
fn ledger(room: &Room) -> Vec<String> {
    room.column("case", "records.csv", "record_id")
}

#[test]
fn fault_065_numbers_keep_their_digits() {
    let room = Room::new("fault_065");
    let ids = ["9007199254740993", "18446744073709551616", "-0", "1e400", "0.1000"];
    let record = |(n, id): (usize, &&str)| {
        let text = read(n, "ID").to_string().replace("\"ID\"", id);
        text.replace("\"invoice.read\"", "\"invoice.read\",\"huge\":123456789012345678901234567890")
    };
    let text: Vec<String> = ids.iter().enumerate().map(record).collect();
    room.put("log.ndjson", format!("{}{}\n", lines(&small()), text.join("\n")));
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    let mut expected = ids.map(str::to_owned).to_vec();
    expected.extend(["inv_1", "inv_2"].map(str::to_owned));
    expected.sort();
    assert_eq!(ledger(&room), expected);
}

#[test]
fn fault_065_a_count_that_no_column_holds_is_no_count() {
    let mut list = read(1, "x");
    list["action"] = "invoice.list".into();
    list["resource"] = json!({ "type": "invoice", "org_id": "org_v" });
    list["metadata"] = json!({ "returned_count": 1e300 });
    let (room, ran) = asked("fault_065_count", &[list]);
    ran.ends(0);
    assert_eq!(room.column("case", "bulk.csv", "bound"), ["unbounded"]);
}

#[test]
fn fault_067_keys_that_come_late_and_types_that_change_lose_nothing() {
    let mut log: Vec<Value> = (0..300)
        .map(|n| {
            let second = format!("2026-03-01T00:{:02}:{:02}Z", n / 60, n % 60);
            event(&format!("own{n}"), &second, "org_a", A, "read", ("inv_own", "org_a"))
        })
        .collect();
    for event in &mut log {
        event["note"] = 1.into();
    }
    for (n, note) in
        [json!("text"), json!({ "a": [1] }), json!([1, "b"]), Value::Null, json!(true)].into_iter().enumerate()
    {
        let mut late = read(n, &format!("inv_late_{n}"));
        late["note"] = note;
        late["only_here"] = json!({ "deep": n });
        log.push(late);
    }
    let (room, ran) = asked("fault_067", &log);
    ran.ends(0);
    assert_eq!(ledger(&room).iter().filter(|id| id.starts_with("inv_late_")).count(), 5, "{:?}", ledger(&room));
}

#[test]
fn fault_068_deep_wide_and_long_records_are_read_or_located() {
    let mut wide = read(1, "inv_wide");
    for n in 0..100_000 {
        wide[format!("key{n}")] = n.into();
    }
    let mut long = read(2, "inv_container");
    long["action"] = "invoice.list".into();
    long["resource"] = json!({ "type": "invoice", "org_id": "org_v" });
    let ids: Vec<String> = (0..50_000).map(|n| format!("inv_{n:06}")).collect();
    long["metadata"] = json!({ "returned_ids": ids, "returned_count": 50_000 });
    let (room, ran) = asked("fault_068", &[wide, long]);
    // A returned id is no claim: each is told as touched, of unknown owner.
    ran.ends(3);
    assert_eq!(room.paper("case", "unresolved.csv").len(), 50_000);
    assert_eq!(ledger(&room), ["inv_1", "inv_2", "inv_wide"]);
    let deep = format!("{}1{}", "[".repeat(129), "]".repeat(129));
    let text = read(3, "inv_deep").to_string().replace("\"curl/8\"", &deep);
    room.put("deep.ndjson", format!("{text}\n"));
    room.ask(&["--input", "deep.ndjson", "--case", "deep"]).refuses(8, &["000001.body", "at byte 0"]);
}

#[test]
fn fault_069_blank_lines_carriage_returns_and_trailing_commas() {
    let room = Room::new("fault_069");
    let text = lines(&small());
    room.put("crlf.ndjson", format!("\r\n\n{}\r\n\n", text.replace('\n', "\r\n\r\n")));
    room.ask(&["--input", "crlf.ndjson", "--case", "case"]).ends(0);
    assert_eq!(ledger(&room), ["inv_1", "inv_2"]);
    let members: Vec<String> = small().iter().map(ToString::to_string).collect();
    room.put("comma.json", format!("[{},]", members.join(",")));
    room.ask(&["--input", "comma.json", "--case", "comma"]).ends(3);
    assert_eq!(room.column("comma", "records.csv", "record_id"), ["inv_1", "inv_2"]);
    assert_eq!(room.paper("comma", "quarantine.csv").len(), 1, "the comma is told");
}

#[test]
fn fault_070_only_the_very_bytes_are_an_organisation() {
    let others = ["org_v0", "org_v ", "ORG_V", "org\u{200b}_v", "\u{202e}org_v", "\u{43e}rg_v", "org_v\u{301}"];
    let log: Vec<Value> = others
        .iter()
        .enumerate()
        .map(|(n, org)| {
            event(&format!("look{n}"), &format!("2026-03-01T00:10:{n:02}Z"), org, A, "read", ("inv_other", org))
        })
        .collect();
    let (room, ran) = asked("fault_070", &log);
    ran.ends(0);
    assert_eq!(ledger(&room), ["inv_1", "inv_2"], "no look-alike is the organisation asked about");
    let leads = room.paper("case", "leads.csv");
    let told = leads.iter().filter(|row| row["kind"] == "look_alike_organisation").count();
    assert!(told >= 5, "look-alikes are told: {leads:?}");
}

#[test]
fn fault_071_no_id_becomes_a_path() {
    for (n, org) in ["..", "../../etc/passwd", "C:\\x", "CON", "a/b", "-rf", "~root", ".hidden"].iter().enumerate() {
        let room = Room::new(&format!("fault_071_{n}"));
        let log = [event("e", "2026-03-01T10:00:00Z", org, A, "read", (org, org))];
        room.put("log.ndjson", lines(&log));
        let asked = format!("--victim={org}");
        room.run(&["cross-org", "--attacker", "org_a", &asked, "--input", "log.ndjson", "--case", "case"]).ends(3);
        assert_eq!(ledger(&room), [*org]);
        let known = ["case.toml", "custody", "evidence", "inputs", "lock", "reports"];
        let made: Vec<_> = std::fs::read_dir(room.path.join("case")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(made.iter().all(|name| known.contains(&name.to_str().unwrap())), "{made:?}");
        let beside: Vec<_> = std::fs::read_dir(&room.path).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(beside.len(), 2, "{beside:?}");
    }
    let long = "o".repeat(5_000);
    let (_, ran) = asked("fault_071_long", &[event("e", "2026-03-01T10:00:00Z", &long, A, "read", (&long, &long))]);
    ran.ends(0);
}

#[test]
fn fault_072_every_kind_of_actor_has_its_place() {
    let (room, ran) = asked("fault_072_same", &[]);
    ran.ends(0);
    room.run(&["cross-org", "--attacker", "org_v", "--victim", "org_v", "--case", "case"]).refuses(2, &["org_v"]);
    let mut nobody = read(1, "inv_nobody");
    nobody["actor"] = json!({ "id": "who", "type": "user" });
    let mut service = read(2, "inv_service");
    service["actor"]["type"] = "service_account".into();
    let mut staff = read(3, "inv_staff");
    staff["actor"]["impersonated_by"] = json!({ "id": "sup_1", "org_id": "vendor" });
    let (room, ran) = asked("fault_072", &[nobody, service, staff]);
    let ran = ran.ends(3);
    assert!(
        ran.flat().contains("1 action that may concern the victim"),
        "the actor of no organisation is told: {}",
        ran.out
    );
    assert_eq!(ledger(&room), ["inv_1", "inv_2", "inv_service"]);
    let standing: Vec<String> = room.column("case", "accesses.csv", "standing");
    assert_eq!(standing.iter().filter(|s| *s == "support").count(), 1, "{standing:?}");
}

#[test]
fn fault_073_exact_is_said_only_where_ids_are_logged() {
    let list = |n: usize, metadata: Value| {
        let mut list = read(n, "x");
        list["action"] = "invoice.list".into();
        list["resource"] =
            json!({ "type": "invoice", "org_id": "org_v", "parent": { "type": "folder", "id": format!("f{n}") } });
        list["metadata"] = metadata;
        list
    };
    let (room, ran) = asked(
        "fault_073",
        &[
            list(1, json!({ "returned_ids": ["inv_1", "inv_2"], "returned_count": 2 })),
            list(2, json!({ "returned_ids": ["inv_1", "inv_2"], "returned_count": 250 })),
            list(3, json!({ "returned_count": 40 })),
            list(4, json!({})),
            list(5, json!({ "returned_ids": ["inv_1"] })),
            list(6, json!({ "returned_count": 0, "total_count": 900 })),
        ],
    );
    ran.ends(0);
    assert_eq!(room.column("case", "bulk.csv", "bound"), ["0", "248", "40", "unbounded", "unbounded", "0"]);
    assert_eq!(ledger(&room), ["inv_1", "inv_2"], "a count is never a record");
}

#[test]
fn fault_074_what_did_not_or_may_have_happened_has_its_own_place() {
    let ended = |n: usize, record: &str, word: &str, outcome: &str, status: u16| {
        let mut event = read(n, record);
        event["action"] = format!("invoice.{word}").into();
        event["outcome"] = outcome.into();
        event["http"]["status"] = status.into();
        event
    };
    let mut asynchronous = ended(6, "inv_async", "export", "success", 202);
    asynchronous["metadata"] = json!({ "phase": "intent" });
    let tried = [
        ended(1, "inv_403", "read", "denied", 403),
        ended(2, "inv_404", "read", "failure", 404),
        ended(3, "inv_502", "read", "failure", 502),
        ended(4, "inv_504", "delete", "failure", 504),
        ended(5, "inv_odd", "read", "success", 500),
        asynchronous,
    ];
    // What failed proves no owner, so the owner's own changes must.
    let owned = ["inv_504", "inv_async", "inv_odd"].map(|id| {
        event(&format!("own_{id}"), "2026-03-01T00:00:00Z", "org_v", ("u_v", "org_v"), "update", (id, "org_v"))
    });
    let (room, ran) = asked("fault_074", &[&tried[..], &owned].concat());
    ran.ends(3);
    let sure: Vec<(String, String)> =
        room.paper("case", "records.csv").iter().map(|r| (r["record_id"].clone(), r["confidence"].clone())).collect();
    let unknown: Vec<&str> = sure.iter().filter(|(_, c)| c == "unknown").map(|(id, _)| id.as_str()).collect();
    assert_eq!(unknown, ["inv_504", "inv_async", "inv_odd"]);
    assert_eq!(sure.len(), 5);
    assert_eq!(room.column("case", "attempts.csv", "record_id"), ["inv_403", "inv_404", "inv_502"]);
}

#[test]
fn fault_075_an_unknown_action_is_counted_and_blocks_an_exact_answer() {
    let mut strange = read(1, "inv_strange");
    strange["action"] = "invoice.frobnicate".into();
    let (room, ran) = asked("fault_075", &[strange]);
    let ran = ran.ends(3);
    assert!(ran.out.contains("LOWER BOUND") && ran.flat().contains("that the profile does not know"), "{}", ran.out);
    let row = &room.paper("case", "records.csv")[2];
    assert_eq!((row["record_id"].as_str(), row["access_class"].as_str()), ("inv_strange", "unclassified"));
}

#[test]
fn fault_076_hands_on_the_log_and_holes_in_its_numbers_are_told_first() {
    let mut purge = read(1, "log-2026-03");
    purge["action"] = "audit_log.purge".into();
    purge["resource"] = json!({ "type": "audit_log", "id": "log-2026-03" });
    let (room, ran) = asked("fault_076", &[purge]);
    let ran = ran.ends(3);
    assert!(ran.flat().contains("the audit log itself was altered or silenced by u_a: audit_log.purge"), "{}", ran.out);
    assert!(room.column("case", "leads.csv", "kind").contains(&"audit_log_altered".to_owned()));
    let numbered = |n: usize, number: i64| {
        let mut event = read(n, "inv_1");
        event["metadata"] = json!({ "sequence": number });
        event
    };
    let (_, ran) = asked("fault_076_whole", &[numbered(1, 7), numbered(2, 8), numbered(3, 9)]);
    ran.ends(0);
    let (room, ran) = asked("fault_076_hole", &[numbered(1, 7), numbered(2, 8), numbered(3, 12)]);
    let ran = ran.ends(3);
    assert!(ran.out.contains("1 gap"), "{}", ran.out);
    let impact: Value = serde_json::from_str(&room.text("case/reports/internal/impact.json")).unwrap();
    let gap = &impact["coverage"]["gaps"][0];
    assert!(gap["reason"].as_str().unwrap().contains("from 8 to 12: 3 events"), "{gap}");
    assert_eq!(gap["from"], "2026-03-01T00:10:02.000000Z");
}

#[test]
fn fault_077_an_event_inside_a_field_stays_a_field() {
    let mut carrier = read(1, "inv_1");
    let fake = read(2, "inv_fake").to_string();
    carrier["user_agent"] = format!("x\"}}\n{fake}\n{{\"a\":\"").into();
    carrier["note"] = format!("\n{fake}\n").into();
    let (room, ran) = asked("fault_077", &[carrier]);
    ran.ends(0);
    assert_eq!(ledger(&room), ["inv_1", "inv_2"]);
}

#[test]
fn fault_078_nothing_found_is_said_with_its_proof() {
    let room = Room::new("fault_078");
    let own = |log: &str, actor: (&str, &str)| event(log, "2026-03-01T10:00:00Z", log, actor, "read", (log, log));
    room.put("log.ndjson", lines(&[own("org_a", A), own("org_v", ("u_v", "org_v"))]));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    assert!(
        ran.flat().contains("No access found by org_a to records of org_v. Covered: 2 distinct events"),
        "{}",
        ran.out
    );
    assert_eq!(ledger(&room), [""; 0]);
    assert!(room.text("case/reports/internal/records.csv").starts_with("record_type,record_id"), "the header stays");
    room.put("half.ndjson", lines(&[own("org_a", A)]));
    let ran = room.ask(&["--input", "half.ndjson", "--case", "half"]).ends(3);
    assert!(!ran.flat().contains("No access found"), "with V's log absent nothing is said to be nothing: {}", ran.out);
}

#[test]
fn fault_079_one_event_and_one_loud_tenant() {
    let room = Room::new("fault_079_one");
    room.put("log.ndjson", lines(&small()[..1]));
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(3);
    assert_eq!(ledger(&room), ["inv_1"]);
    let loud: Vec<Value> = (0..30_000)
        .map(|n| {
            let time = format!("2026-03-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60);
            event(
                &format!("loud{n}"),
                &time,
                "org_t",
                ("u_t", "org_t"),
                "read",
                (&format!("inv_t{}", n % 997), "org_t"),
            )
        })
        .collect();
    let (room, ran) = asked("fault_079_loud", &loud);
    ran.ends(0);
    assert_eq!(ledger(&room), ["inv_1", "inv_2"]);
}

#[test]
fn fault_080_evidence_that_overlaps_is_counted_once() {
    let room = Room::new("fault_080");
    let whole = small();
    room.put("first.ndjson", lines(&whole[..4]));
    room.put("second.ndjson", lines(&whole[2..]));
    room.put("third.json", json!({ "data": whole, "next_cursor": null }).to_string());
    room.ask(&["--input", "first.ndjson", "--case", "case"]);
    room.ask(&["--input", "second.ndjson", "--case", "case", "--again"]).ends(0);
    let once = room.paper("case", "records.csv");
    room.ask(&["--input", "third.json", "first.ndjson", "--case", "case", "--again"]).ends(0);
    let again = room.paper("case", "records.csv");
    let counts = |rows: &[std::collections::BTreeMap<String, String>]| -> Vec<(String, String, String)> {
        rows.iter().map(|r| (r["record_id"].clone(), r["access_count"].clone(), r["event_ids"].clone())).collect()
    };
    assert_eq!(counts(&once), counts(&again));
    assert_eq!(counts(&again).len(), 2);
}
