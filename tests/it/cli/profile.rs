//! `profile`: shown, tried, and drafted from what a provider serves.

use super::pull::{TOKEN, serve};
use super::real_logs::logs;
use super::support::{Room, lines, small};
use serde_json::{Value, json};

/// A page of a made-up provider.
fn page() -> Value {
    let record = |n: usize, kind: &str, result: &str| {
        json!({
            "uuid": format!("00000000-0000-4000-8000-{n:012}"), "createdAt": format!("2026-03-01T10:{n:02}:00Z"),
            "organizationId": "org-1", "eventType": kind, "result": result, "ip": "203.0.113.9",
            "actor": { "userId": "u-1", "kind": "user", "organizationId": "org-2" },
            "target": { "id": format!("doc-{n}"), "type": "document", "tenantId": "org-1" },
            "details": { "returnedIds": ["doc-7", "doc-8"], "labels": ["x"] },
        })
    };
    let items = [
        record(1, "document.viewed", "SUCCESS"),
        record(2, "DOCUMENT_DOWNLOAD", "SUCCESS"),
        record(3, "document.deleted", "DENIED"),
    ];
    json!({ "items": items, "nextPageToken": "abc" })
}

#[test]
fn built_in_profiles_are_listed_and_shown() {
    let room = Room::new("profile_show");
    let ran = room.run(&["profile", "list"]).ends(0);
    let names: Vec<&str> = ran.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(["native", "aws-cloudtrail", "kubernetes", "m365"].iter().all(|name| names.contains(name)), "{names:?}");
    let listed: Value = serde_json::from_str(&room.run(&["profile", "list", "--json"]).ends(0).out).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), names.len());
    room.put("log.ndjson", lines(&small()));
    for name in names {
        room.put("shown.toml", room.run(&["profile", "show", name]).ends(0).out);
        let [built_in, file] = [name, "shown.toml"].map(|p| room.run(&["profile", "test", p, "log.ndjson"]));
        assert_eq!((built_in.code, &built_in.out), (file.code, &file.out), "{name}");
        assert_eq!(built_in.code == 0, name == "native", "{name}: {}", built_in.out);
    }
    room.run(&["profile", "show", "natve"]).refuses(2, &["unknown profile", "native"]);
}

#[test]
fn a_test_tells_what_fits_what_is_filled_and_what_is_not_understood() {
    let room = Room::new("profile_test");
    let mut events = small();
    events[4]["action"] = json!("invoice.frobnicate");
    room.put("log.ndjson", lines(&events) + "{\"action\": \"x\", \"action\": \"y\"}\n");
    let ran = room.run(&["profile", "test", "native", "log.ndjson"]).ends(3);
    for words in [
        "6 of 7 records fit, 0 without a time, 1 of an unknown action",
        "unclassified 1 of invoice.frobnicate",
        "log.ndjson at byte",
        "actor_org 100 %",
        "job_id 0 %",
        "targets 100 % acted_on invoice inv_1 of org_v",
    ] {
        assert!(ran.flat().contains(words), "{words:?} is not in {}", ran.out);
    }
    let told = room.run(&["profile", "test", "native", "log.ndjson", "--json"]).ends(3);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((&told["events"], &told["quarantined"], &told["filled"]["time"]), (&json!(6), &json!(1), &json!(6)));
    room.put("other.ndjson", "{\"a\": 1}\n");
    room.run(&["profile", "test", "native", "other.ndjson"]).ends(8);
    assert_eq!(room.files(".").len(), 2, "a test keeps nothing");
}

#[test]
fn a_drafted_profile_reads_the_page_that_it_was_drafted_from() {
    let room = Room::new("profile_draft");
    room.put("page.json", page().to_string());
    let ran = room.run(&["profile", "draft", "page.json"]).ends(0).says(&["3 of 3 records fit"]);
    assert_eq!(room.files(".").len(), 1, "a draft is printed and never written");
    room.put("mine.toml", &ran.out);
    let told = room.run(&["profile", "test", "mine.toml", "page.json", "--json"]).ends(0);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    for column in ["id", "time", "log_org", "actor_id", "actor_type", "actor_org", "action", "outcome", "source_ip"] {
        assert_eq!(told["filled"][column], 3, "{column}: {told}");
    }
    assert_eq!(told["verbs"], json!({ "delete": 1, "export": 1, "read": 1 }));
    assert_eq!(told["outcomes"], json!({ "denied": 1, "success": 2 }));
    let targets = told["example"]["targets"].as_str().unwrap();
    let both = ["acted_on document doc-1 of org-1", "returned document doc-7"];
    assert!(both.iter().all(|target| targets.contains(target)), "{targets}");
    assert!(ran.out.contains("nextPageToken"), "the way on is named for whoever writes [request]: {}", ran.out);
    let asked = ["cross-org", "--attacker", "org-2", "--victim", "org-1", "--profile", "mine.toml"];
    room.run(&[&asked[..], &["--input", "page.json", "--case", "case"]].concat());
    assert!(room.column("case", "records.csv", "record_id").contains(&"doc-1".to_owned()));
}

#[test]
fn an_address_is_drafted_from_like_a_file() {
    let room = Room::new("profile_address");
    let server = serve(&small(), Vec::new());
    let day = "org_id=org_v&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
    let page = format!("{}/api/v1/audit-logs?{day}", server.base_url());
    room.put("token.txt", TOKEN);
    let ran = room.run(&["profile", "draft", &page, "--token-file", "token.txt"]).ends(0).says(&["3 of 3 records fit"]);
    assert!(ran.out.contains("containers = [\"data\"]"), "{}", ran.out);
    assert!(!ran.out.contains(TOKEN) && !ran.out.contains("org_id=org_v"), "neither token nor query: {}", ran.out);
    assert_eq!(server.requests().len(), 1);
    room.put("other.txt", "tok-other");
    room.run(&["profile", "draft", &page, "--token-file", "other.txt"]).refuses(5, &["401"]);
    room.run(&["profile", "draft", &page]).refuses(2, &["no token"]);
}

#[test]
fn names_and_values_of_an_attacker_stay_text() {
    let room = Room::new("profile_hostile");
    let hostile = "x'''\"\\\u{1b}]0;owned\u{7}\nis = \"read\"\n#\u{202e}";
    let record = |n: usize| {
        json!({
            "timestamp": format!("2026-03-01T10:0{n}:00Z"), "action": format!("{hostile}.read"),
            "id": format!("{hostile}{n}"), hostile: hostile, "a.b[]": "c", "actor": { "id": hostile }, "outcome": hostile,
        })
    };
    room.put("log.ndjson", lines(&[record(1), record(2)]));
    let ran = room.run(&["profile", "draft", "log.ndjson"]).ends(0);
    room.put("mine.toml", &ran.out);
    let told = room.run(&["profile", "test", "mine.toml", "log.ndjson", "--json"]);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((&told["events"], &told["verbs"]), (&json!(2), &json!({ "read": 2 })));
    for bytes in ["[]", "{\"a\": 1}", "<html>", "1e400", "[[[", "{\"items\": []}"] {
        room.put("odd", bytes);
        room.run(&["profile", "draft", "odd"]).refuses(8, &["odd: "]);
    }
}

#[test]
fn real_logs_of_every_kind_are_drafted_from() {
    let Some(logs) = logs() else { return };
    let room = Room::new("profile_real");
    let (mut drafted, mut all) = (0, 0);
    for entry in std::fs::read_dir(logs.join("panther")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ndjson") {
            continue;
        }
        let ran = room.run(&["profile", "draft", &path.display().to_string(), "--json", "--quiet"]);
        assert!([0, 3, 8].contains(&ran.code), "{}: {ran:?}", path.display());
        all += 1;
        drafted += u32::from(ran.code != 8);
    }
    assert!(all > 80 && drafted * 10 >= all * 8, "{drafted} of {all}");
}
