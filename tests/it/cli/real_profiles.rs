//! Logs of Google Workspace, Kubernetes, Microsoft 365 and AWS that others wrote, with truths that others computed.

use super::real_logs::logs;
use super::support::{Room, rows};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Table = Vec<BTreeMap<String, String>>;
type Counts = BTreeMap<String, u64>;

fn truth(logs: &Path, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(logs.join("truth").join(name)).unwrap()).unwrap()
}

fn counts(truth: &Value) -> Counts {
    truth.as_object().unwrap().iter().map(|(key, n)| (key.clone(), n.as_u64().unwrap())).collect()
}

/// Imports files into `case` and holds the number of events; nothing may be quarantined.
fn import(room: &Room, profile: &str, files: &[PathBuf], distinct: u64) {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let args: Vec<&str> = ["import"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let ran = room.run(&[&args[..], &["--profile", profile, "--case", "case", "--json"]].concat()).ends(0);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    for (what, count) in [("distinct", distinct), ("quarantined", 0), ("time_unknown", 0)] {
        assert_eq!(told[what], count, "{what}");
    }
}

fn ask(room: &Room, sql: &str) -> Table {
    rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out)
}

/// Rows counted by a text made of each.
fn counted(table: &Table, key: impl Fn(&BTreeMap<String, String>) -> String) -> Counts {
    table.iter().fold(Counts::new(), |mut counts, row| {
        *counts.entry(key(row)).or_default() += 1;
        counts
    })
}

/// Truths write what is missing as `None`.
fn or_none(text: &str) -> &str {
    if text.is_empty() { "None" } else { text }
}

#[test]
fn workspace_activities_are_told_apart_and_counted_as_others_counted_them() {
    let Some(logs) = logs() else { return };
    let all = truth(&logs, "gws.json");
    for (name, truth) in all.as_object().unwrap() {
        let room = Room::new(&format!("real_gws_{name}"));
        let exploded = truth["events_exploded"].as_u64().unwrap();
        import(&room, "google-workspace", &[logs.join(format!("gws/{name}.json"))], exploded);
        let events =
            ask(&room, "SELECT source_id, byte_offset, byte_len, actor_id, time_us FROM events ORDER BY time_us");
        let activity = |row: &BTreeMap<String, String>| row["source_id"].rsplit_once('/').unwrap().0.to_owned();
        let activities = counted(&events, activity);
        let by_bytes = counted(&events, |row| format!("{}+{}", row["byte_offset"], row["byte_len"]));
        assert_eq!(activities.len(), by_bytes.len(), "{name}: an activity is one stretch of bytes");
        let one_of_each = events.iter().filter(|row| row["source_id"].ends_with("#0")).collect::<Vec<_>>();
        let nameless = one_of_each.iter().filter(|row| row["actor_id"].is_empty()).count();
        let several = activities.values().filter(|n| **n > 1).count();
        for (what, found) in [
            ("activities", one_of_each.len()),
            ("distinct_full_id", activities.len()),
            ("activities_with_more_than_one_event", several),
            ("actor_without_email", nameless),
        ] {
            assert_eq!(truth[what].as_u64().unwrap(), u64::try_from(found).unwrap(), "{name}: {what}");
        }
        let moment =
            |text: &Value| chrono::DateTime::parse_from_rfc3339(text.as_str().unwrap()).unwrap().timestamp_micros();
        let times: Vec<i64> = events.iter().map(|row| row["time_us"].parse().unwrap()).collect();
        assert_eq!((times[0], times[times.len() - 1]), (moment(&truth["first"]), moment(&truth["last"])), "{name}");
        assert_eq!(ask(&room, "SELECT action FROM events WHERE verb = 'unclassified'"), Table::new(), "{name}");
    }
}

#[test]
fn drive_tells_who_did_what_to_whose_document_and_who_could_reach_it() {
    let Some(logs) = logs() else { return };
    let truth = &truth(&logs, "gws.json")["drive"];
    let room = Room::new("real_gws_documents");
    import(&room, "google-workspace", &[logs.join("gws/drive.json")], 61);
    let sql = "SELECT e.event_key, e.actor_id, e.action, e.outcome_reason, t.record_id, t.parent_id, \
               CASE WHEN e.actor_id = t.parent_id THEN 'True' ELSE 'False' END AS own \
               FROM events e JOIN targets t ON e.event_key = t.event_key \
               WHERE t.relation = 'acted_on' AND t.record_type LIKE 'drive %' ORDER BY e.event_key, t.ordinal";
    let touched = ask(&room, sql);
    let told = counted(&touched, |row| {
        let action = row["action"].strip_prefix("drive:").unwrap();
        format!("{}|{action}|{}|{}", or_none(&row["actor_id"]), row["own"], row["outcome_reason"])
    });
    assert_eq!(told, counts(&truth["actor_action_own_visibility"]));
    let documents: BTreeSet<(String, &str)> = touched
        .iter()
        .map(|row| (format!("{}->{}", or_none(&row["actor_id"]), row["parent_id"]), row["record_id"].as_str()))
        .collect();
    let by_pair = documents.iter().fold(Counts::new(), |mut counts, (pair, _)| {
        *counts.entry(pair.clone()).or_default() += 1;
        counts
    });
    assert_eq!(by_pair, counts(&truth["distinct_docs_by_actor_owner"]));
}

#[test]
fn a_delete_by_nobody_known_is_an_event_that_nothing_attributes() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_gws_nobody");
    let file = logs.join("gws/drive.json").display().to_string();
    let question = ["cross-org", "--attacker", "throwawaymail.com", "--victim", "cloud-response.com", "--alias"];
    let more = ["cloud-response.com=C00mpaiwz", "--profile", "google-workspace", "--case", "case", "--input", &file];
    room.run(&[&question[..], &more].concat()).ends(3);
    assert!(room.paper("case", "records.csv").is_empty());
    let sql = "SELECT e.actor_id, e.actor_org, t.record_id, t.record_org, t.owner_org, t.attribution FROM events e \
               JOIN targets t ON e.event_key = t.event_key WHERE e.verb = 'delete' ORDER BY t.record_id";
    let deletes = ask(&room, sql);
    assert_eq!(deletes.len(), 1);
    for (column, value) in
        [("actor_id", ""), ("actor_org", ""), ("attribution", ""), ("record_org", "cloud-response.com")]
    {
        assert_eq!(deletes[0][column], value, "{column}");
    }
}

#[test]
fn impersonated_requests_to_a_cluster_are_told_of_both() {
    let Some(logs) = logs() else { return };
    let truth = truth(&logs, "audit2rbac.json");
    let room = Room::new("real_k8s");
    import(&room, "kubernetes", &[logs.join("audit2rbac/demo.log")], truth["lines"].as_u64().unwrap());
    let sql = "SELECT e.request_id, e.actor_id, e.effective_actor_id, e.action, e.outcome, t.record_id \
               FROM events e LEFT JOIN targets t ON e.event_key = t.event_key ORDER BY e.event_key";
    let events = ask(&room, sql);
    let ids: BTreeSet<&str> = events.iter().map(|row| row["request_id"].as_str()).collect();
    assert_eq!(u64::try_from(ids.len()).ok(), truth["distinct_auditID"].as_u64());
    assert!(events.iter().all(|row| row["actor_id"] == "system:admin"), "the real actor is the one signed in");
    let by_effective = counted(&events, |row| format!("{}|{}", row["effective_actor_id"], row["outcome"]));
    assert_eq!(by_effective, counts(&truth["effective_user_outcome"]));
    let by_verb = counted(&events, |row| {
        let (verb, resource) = row["action"].split_once(' ').unwrap_or((&row["action"], "None"));
        let named = if row["record_id"].is_empty() { "False" } else { "True" };
        format!("{verb}|{resource}|named={named}|{}", row["outcome"])
    });
    assert_eq!(by_verb, counts(&truth["by_verb_resource_named"]));
    let logs = rows(&room.run(&["query", "@logs", "--case", "case", "--format", "csv"]).ends(0).out);
    let namespace =
        |row: &BTreeMap<String, String>| if row["log_org"].is_empty() { "null" } else { &row["log_org"] }.to_owned();
    let namespaces: Counts = logs.iter().map(|row| (namespace(row), row["events"].parse().unwrap())).collect();
    assert_eq!(namespaces, counts(&truth["namespaces"]));
}

#[test]
fn what_a_cluster_lists_names_nothing_and_is_a_bound() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_k8s_bounds");
    let file = logs.join("audit2rbac/demo.log").display().to_string();
    let question = ["cross-org", "--attacker", "ns1", "--victim", "default", "--profile", "kubernetes"];
    room.run(&[&question[..], &["--case", "case", "--input", &file]].concat()).ends(3);
    assert!(room.paper("case", "records.csv").is_empty(), "a list names nothing");
    // The service account of ns1 listed the pods of every namespace once, and was refused four times.
    let mut refused: Vec<_> = room.paper("case", "attempts.csv").iter().map(|row| row["owner_org"].clone()).collect();
    refused.sort();
    assert_eq!(refused, ["", "", "default", "default"]);
    let bulk = room.paper("case", "bulk.csv");
    assert_eq!(bulk.len(), 1, "{bulk:?}");
    for (column, value) in
        [("kind", "listed"), ("record_type", "pods"), ("bound", "unbounded"), ("actor_id", "system:admin")]
    {
        assert_eq!(bulk[0][column], value, "{column}");
    }
}

#[test]
fn a_bind_of_seven_entries_names_six_messages() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_m365");
    let files = ["otrf/OfficeActivityEvents.json", "otrf/AADAuditEvents.json"].map(|name| logs.join(name));
    // Two rows of one directory event differ in what a query added to them.
    import(&room, "m365", &files, 4);
    let sql = "SELECT e.action, e.verb, e.outcome, e.actor_id, e.effective_actor_id, t.record_id, t.relation \
               FROM events e JOIN targets t ON e.event_key = t.event_key WHERE t.record_type = 'mail' ORDER BY t.ordinal";
    let messages = ask(&room, sql);
    let ids: BTreeSet<&str> = messages.iter().map(|row| row["record_id"].as_str()).collect();
    assert_eq!((messages.len(), ids.len()), (6, 6));
    let told = std::fs::read_to_string(logs.join("otrf/OfficeActivityEvents.json")).unwrap();
    assert_eq!(told.matches("InternetMessageId").count(), 7, "the log lists one of them twice");
    for (column, value) in [
        ("action", "MailItemsAccessed Bind"),
        ("verb", "read"),
        ("outcome", "success"),
        ("actor_id", "pgustavo@simulandlabs.com"),
        ("effective_actor_id", ""),
        ("relation", "acted_on"),
    ] {
        assert!(messages.iter().all(|row| row[column] == value), "{column}: {messages:?}");
    }
}

#[test]
fn every_microsoft_record_is_an_event_whose_end_is_known() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_m365_panther");
    let names = ["AzureActiveDirectory", "Exchange", "SharePoint"];
    let files = names.map(|name| logs.join(format!("panther/Microsoft365.Audit.{name}.ndjson")));
    import(&room, "m365", &files, 10);
    let sql = "SELECT action, outcome, verb, log_org FROM events ORDER BY event_key";
    let events = ask(&room, sql);
    assert!(events.iter().all(|row| !row["log_org"].is_empty() && row["outcome"] != "unknown"), "{events:?}");
    assert!(events.iter().all(|row| row["verb"] != "unclassified"), "{events:?}");
    // A sign-in that failed bears the word Success.
    let refused: Vec<_> = events.iter().filter(|row| row["outcome"] == "failure").collect();
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0]["action"].as_str(), refused[0]["verb"].as_str()), ("UserLoginFailed", "login"));
}
