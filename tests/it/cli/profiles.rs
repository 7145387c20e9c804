//! What the profiles make of records of every shape, on small logs made by hand.

use super::support::{Ran, Room, lines, rows};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Imports records under a profile.
fn import(room: &Room, profile: &str, records: &[Value]) -> Ran {
    let file = room.put("log.ndjson", lines(records));
    room.run(&["import", file, "--profile", profile, "--case", "case", "--json"])
}

fn ask(room: &Room, sql: &str) -> Vec<BTreeMap<String, String>> {
    rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out)
}

/// An activity of `actor` in the log of customer `C1`.
fn activity(qualifier: &str, actor: &Value, events: &Value) -> Value {
    json!({
        "id": { "time": "2026-03-01T10:00:00.000Z", "uniqueQualifier": qualifier, "applicationName": "drive", "customerId": "C1" },
        "actor": actor, "events": events,
    })
}

fn view(document: &str, owner: &str) -> Value {
    json!({ "type": "access", "name": "view", "parameters": [
        { "name": "primary_event", "boolValue": true },
        { "name": "doc_id", "value": document },
        { "name": "owner", "value": owner },
        { "name": "visibility", "value": "people_with_link" },
    ] })
}

#[test]
fn equal_events_of_one_activity_are_events_and_no_conflict() {
    let room = Room::new("explode_equal");
    let twice = json!([view("d1", "v@victim.example"), view("d1", "v@victim.example"), view("d2", "v@victim.example")]);
    let records = [activity("q1", &json!({ "email": "a@Attacker.example" }), &twice)];
    // The same activity comes a second time under another etag: a delivery, not a deed.
    let mut again = records[0].clone();
    again["etag"] = json!("other");
    let ran = import(&room, "google-workspace", &[records[0].clone(), again]).ends(0);
    let counts: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&counts["raw"], &counts["distinct"], &counts["conflicts"]), (&json!(6), &json!(3), &json!(0)));
    let events = ask(&room, "SELECT source_id, actor_org, byte_offset, byte_len FROM events ORDER BY source_id");
    let ids: Vec<_> = events.iter().map(|row| row["source_id"].as_str()).collect();
    let id = "drive/2026-03-01T10:00:00.000Z/q1/view";
    assert_eq!(ids, [format!("{id}#0"), format!("{id}#1"), format!("{id}#2")]);
    let whole = lines(&records[..1]).trim_end().len().to_string();
    assert!(events.iter().all(|row| row["byte_offset"] == "0" && row["byte_len"] == whole), "{events:?}");
    assert!(events.iter().all(|row| row["actor_org"] == "attacker.example"), "a domain has one spelling: {events:?}");
}

#[test]
fn every_access_of_an_activity_is_in_the_ledger() {
    let room = Room::new("explode_ledger");
    let seen = json!([view("d1", "v@victim.example"), view("d1", "v@victim.example"), view("d2", "v@victim.example")]);
    let own = json!([view("d9", "a@attacker.example")]);
    let actor = json!({ "email": "a@attacker.example" });
    let nobody =
        activity("q3", &json!({ "callerType": "KEY", "key": "SYSTEM" }), &json!([view("d3", "v@victim.example")]));
    let file = room.put("log.ndjson", lines(&[activity("q1", &actor, &seen), activity("q2", &actor, &own), nobody]));
    let question = ["cross-org", "--attacker", "attacker.example", "--victim", "victim.example"];
    let more = ["--alias", "victim.example=C1", "--profile", "google-workspace", "--case", "case", "--input", file];
    // Nothing shows who viewed the third document: the answer is a lower bound.
    room.run(&[&question[..], &more].concat()).ends(3);
    let records = room.paper("case", "records.csv");
    let told: Vec<_> = records.iter().map(|row| (row["record_id"].as_str(), row["access_count"].as_str())).collect();
    assert_eq!(told, [("d1", "2"), ("d2", "1")]);
    assert!(records.iter().all(|row| row["record_type"] == "drive document" && row["owner_org"] == "victim.example"));
    let unattributed = ask(&room, "SELECT actor_id, actor_org FROM events WHERE actor_type = 'KEY'");
    assert_eq!(unattributed.len(), 1);
    assert_eq!((unattributed[0]["actor_id"].as_str(), unattributed[0]["actor_org"].as_str()), ("", ""));
}

#[test]
fn an_activity_of_any_shape_is_a_row_or_in_quarantine() {
    let room = Room::new("explode_shapes");
    let actor = json!({ "email": "a@attacker.example" });
    let mut without = activity("q0", &actor, &json!([]));
    without.as_object_mut().unwrap().remove("events");
    let shapes = [
        (json!([]), 1, 0),
        (json!(null), 1, 0),
        (view("d1", "v@victim.example"), 1, 0),
        (json!("view"), 0, 1),
        (json!([view("d2", "v@victim.example"), 7, ["view"], {}]), 2, 2),
        (json!([{ "name": "view", "parameters": "doc_id" }]), 1, 0),
        (json!([{ "name": "view", "parameters": { "name": "doc_id", "value": "d3" } }]), 1, 0),
        (json!([{ "name": ["view"], "parameters": [null, "x", { "name": "doc_id", "value": null }] }]), 1, 0),
        (json!([{ "name": "view", "parameters": [{ "name": "doc_id", "value": { "id": "d4" } }] }]), 0, 1),
    ];
    let (events, quarantined) = shapes.iter().fold((0, 1), |(r, q), (_, events, bad)| (r + events, q + bad));
    let mut records: Vec<_> =
        shapes.iter().enumerate().map(|(n, (events, ..))| activity(&format!("q{n}"), &actor, events)).collect();
    records.push(without);
    let ran = import(&room, "google-workspace", &records)
        .ends(3)
        .says(&["it has no events", "item 0 of events is not an object"]);
    let counts: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&counts["distinct"], &counts["quarantined"]), (&json!(events), &json!(quarantined)));
    let sql = "SELECT record_id FROM targets WHERE record_type = 'drive document' ORDER BY record_id";
    let named = rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(3).out);
    assert_eq!(named.iter().map(|row| row["record_id"].as_str()).collect::<Vec<_>>(), ["d1", "d2", "d3"]);
}

#[test]
fn a_parameter_named_twice_says_nothing() {
    let room = Room::new("lookup_twice");
    let event = |second: &str| {
        json!([{ "name": "view", "parameters": [
            { "name": "doc_id", "value": "d1" }, { "name": "doc_id", "value": second }, { "name": "owner", "value": "v@victim.example" },
        ] }])
    };
    let actor = json!({ "email": "a@attacker.example" });
    import(&room, "google-workspace", &[activity("q1", &actor, &event("d1")), activity("q2", &actor, &event("d2"))])
        .ends(0);
    let named = ask(&room, "SELECT e.source_id FROM targets t JOIN events e ON t.event_key = e.event_key");
    assert_eq!(named.len(), 1, "two documents under one name are neither of them: {named:?}");
    assert!(named[0]["source_id"].contains("/q1/"), "{named:?}");
}

#[test]
fn folders_are_found_in_lists_of_values() {
    let room = Room::new("lookup_values");
    let parameters = json!([
        { "name": "doc_id", "value": "d1" }, { "name": "doc_type", "value": "folder" },
        { "name": "destination_folder_id", "multiValue": ["f1", "f2"] },
    ]);
    let event = json!([{ "name": "add_to_folder", "parameters": parameters }]);
    import(&room, "google-workspace", &[activity("q1", &json!({ "email": "a@attacker.example" }), &event)]).ends(0);
    let named = ask(&room, "SELECT record_type, record_id, relation FROM targets ORDER BY ordinal");
    let told: Vec<_> = named.iter().map(|row| (row["record_id"].as_str(), row["relation"].as_str())).collect();
    assert_eq!(told, [("d1", "acted_on"), ("f1", "destination"), ("f2", "destination")]);
    assert!(named.iter().all(|row| row["record_type"] == "drive folder"), "{named:?}");
}

#[test]
fn a_bad_profile_is_refused_in_one_line() {
    let room = Room::new("bad_profiles");
    room.put("log.ndjson", lines(&[json!({ "action": "x" })]));
    let native = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/profile/native.toml")).unwrap();
    let wrong = [
        ("id = [\"id\"]", "id = [\"a[name=x\"]", "a bracket is not closed"),
        ("id = [\"id\"]", "id = [\"a[0]\"]", "neither [] nor [member=value]"),
        ("id = [\"id\"]", "id = [\"a[x=y]b\"]", "neither a dot nor a bracket follows"),
        ("id = [\"id\"]", "id = [\"a]\"]", "a bracket is not opened"),
        ("id = [\"id\"]", "id = [\"\"]", "an expression is empty"),
        ("each = \"metadata.returned_ids[]\"", "each = \"metadata.returned_ids[\"", "target.each"),
        ("skew_seconds = 5", "skew_seconds = 5\ntime_formats = [\"%Q\"]", "is not a format of a time"),
        ("containers = [\"data\"]", "containers = [\"data\"]\nexplode = [\"events\"]", "explode"),
    ];
    for (from, to, word) in wrong {
        assert!(native.contains(from), "{from}");
        let file = room.put("bad.toml", native.replacen(from, to, 1)).to_owned();
        let args = ["import", "log.ndjson", "--profile", &format!("./{file}"), "--case", "case"];
        room.run(&args).refuses(2, &[word]);
    }
}

/// A request to a cluster.
fn request(id: &str, user: &str, verb: &str, object: &Value, code: u16) -> Value {
    json!({
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": id, "stage": "ResponseComplete",
        "requestURI": "/x", "verb": verb, "user": { "username": user }, "sourceIPs": ["203.0.113.7", "10.0.0.1"],
        "objectRef": object, "responseStatus": { "code": code }, "requestReceivedTimestamp": "2026-03-01T10:00:00.000000Z",
    })
}

#[test]
fn a_namespace_s_service_account_in_another_namespace_is_one_organisation_in_another() {
    let room = Room::new("cluster");
    let who = "system:serviceaccount:team-a:bot";
    let object = |resource: &str, name: Value| json!({ "resource": resource, "namespace": "team-v", "name": name });
    let sub = |resource: &str, sub: &str| json!({ "resource": resource, "namespace": "team-v", "name": "web", "subresource": sub });
    let mut posing = request("k7", who, "get", &object("secrets", json!("s3")), 200);
    posing["impersonatedUser"] = json!({ "username": "system:serviceaccount:team-v:web" });
    let events = [
        request("k1", who, "get", &object("secrets", json!("s1")), 200),
        request("k2", who, "get", &object("secrets", json!("s2")), 403),
        request("k3", who, "list", &object("secrets", Value::Null), 200),
        request("k4", who, "deletecollection", &object("pods", Value::Null), 200),
        request("k5", who, "create", &sub("pods", "exec"), 101),
        request("k6", who, "create", &sub("serviceaccounts", "token"), 201),
        posing,
        request("k8", who, "delete", &object("secrets", json!("s1")), 404),
    ];
    let file = room.put("log.ndjson", lines(&events));
    let question =
        ["cross-org", "--attacker", "team-a", "--victim", "team-v", "--profile", "kubernetes", "--case", "case"];
    room.run(&[&question[..], &["--input", file]].concat()).ends(3);
    let told = |paper: &str, columns: &[&str]| -> Vec<String> {
        let cells =
            |row: &BTreeMap<String, String>| columns.iter().map(|c| row[*c].clone()).collect::<Vec<_>>().join(" ");
        room.paper("case", paper).iter().map(cells).collect()
    };
    assert_eq!(
        told("records.csv", &["record_type", "record_id", "access_class"]),
        // A command run in a pod, or a token made for an account, is more than a read and no creation.
        [
            "pods team-v/web unclassified",
            "secrets team-v/s1 read",
            "secrets team-v/s3 read",
            "serviceaccounts team-v/web unclassified"
        ]
    );
    let bulk = told("bulk.csv", &["kind", "record_type", "bound", "scoped"]);
    assert_eq!(bulk, ["deleted pods unbounded true", "listed secrets unbounded true"]);
    let attempts = told("attempts.csv", &["record_id", "outcome"]);
    assert_eq!(attempts, ["team-v/s1 failure", "team-v/s2 denied"]);
    let ips = room.column("case", "actors.csv", "source_ip");
    assert!(ips.iter().all(|ip| ip == "203.0.113.7;10.0.0.1"), "{ips:?}");
    let posing =
        ask(&room, "SELECT actor_id, effective_actor_id, effective_actor_org FROM events WHERE request_id = 'k7'");
    assert_eq!(posing[0]["actor_id"], who);
    assert_eq!(posing[0]["effective_actor_id"], "system:serviceaccount:team-v:web");
    assert_eq!(posing[0]["effective_actor_org"], "team-v");
}

#[test]
fn a_stage_without_a_response_ends_in_nothing_known() {
    let room = Room::new("cluster_stages");
    let mut received = request("k1", "alice", "get", &json!({ "resource": "nodes", "name": "n1" }), 200);
    let completed = received.clone();
    received["stage"] = json!("RequestReceived");
    received.as_object_mut().unwrap().remove("responseStatus");
    let ran = import(&room, "kubernetes", &[received, completed]).ends(0);
    let counts: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&counts["distinct"], &counts["conflicts"]), (&json!(2), &json!(0)));
    let stages = ask(&room, "SELECT source_id, outcome, actor_org FROM events ORDER BY source_id");
    let told: Vec<_> = stages.iter().map(|row| (row["source_id"].as_str(), row["outcome"].as_str())).collect();
    assert_eq!(told, [("k1/RequestReceived", "unknown"), ("k1/ResponseComplete", "success")]);
    assert!(stages.iter().all(|row| row["actor_org"].is_empty()), "alice's organisation stands nowhere");
}

#[test]
fn whatever_stands_in_a_member_no_record_is_lost() {
    let odd = [
        json!(null),
        json!(true),
        json!(-7),
        json!(""),
        json!("x"),
        json!("["),
        json!("[{\"a\":1,\"a\":2}]"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([{}]),
        json!({ "x": [null] }),
        json!(["a", { "name": "doc_id", "value": [1] }]),
    ];
    let mail = json!({
        "Id": "b1", "CreationTime": "2026-03-01T10:00:00", "Operation": "MailItemsAccessed", "OrganizationId": "t_v",
        "ResultStatus": "Succeeded", "UserId": "mallory@a.example", "MailboxGuid": "box-1", "LogonType": 1,
        "MailboxOwnerUPN": "vera@v.example", "OperationCount": 1, "AffectedItems": "[]", "Item": {}, "TargetResources": [],
        "OperationProperties": [{ "Name": "MailAccessType", "Value": "Bind" }],
        "Folders": [{ "Id": "inbox-id", "FolderItems": [{ "InternetMessageId": "<m1>" }] }],
    });
    let object = json!({ "resource": "secrets", "namespace": "team-v", "name": "s1" });
    let wholes = [
        ("google-workspace", activity("q1", &json!({ "email": "a@a.example" }), &json!([view("d1", "v@v.example")]))),
        ("kubernetes", request("k1", "alice", "get", &object, 200)),
        ("m365", mail),
    ];
    for (profile, whole) in wholes {
        let room = Room::new(&format!("odd_{profile}"));
        let keys: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
        let put = |(key, value): (&String, &Value)| {
            let mut record = whole.clone();
            record[key] = value.clone();
            record
        };
        let records: Vec<Value> = keys.iter().flat_map(|key| odd.iter().map(move |odd| (key, odd))).map(put).collect();
        let ran = import(&room, profile, &records);
        assert!([0, 3].contains(&ran.code), "{profile}: {}", ran.err);
        let counts: Value = serde_json::from_str(&ran.out).unwrap();
        // The last of the odd values is a list of two, which an activity tells as two.
        let told = records.len() + usize::from(profile == "google-workspace");
        assert_eq!(counts["raw"], told, "{profile}: every record is a row or in quarantine");
    }
}
