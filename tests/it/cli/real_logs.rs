//! Logs that others wrote, with truths that others computed.
//!
//! They are found through `IRFORENSICS_REAL_LOGS`; where that is unset there is nothing to read, except in CI.

use super::support::{Room, rows};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The folder of real logs; in CI it must be there.
#[expect(clippy::disallowed_methods, reason = "where the logs of others lie is told by the environment only")]
pub(super) fn logs() -> Option<PathBuf> {
    let folder = std::env::var_os("IRFORENSICS_REAL_LOGS").map(PathBuf::from);
    let missing = folder.is_none() && std::env::var_os("CI").is_some();
    assert!(!missing, "IRFORENSICS_REAL_LOGS must name the folder of real logs in CI");
    folder.inspect(|folder| assert!(folder.is_dir(), "IRFORENSICS_REAL_LOGS: {} is no folder", folder.display()))
}

/// Asks a question about the Panther events; the case is `case`.
fn panther(name: &str, attacker: &str, victim: &str) -> Option<(Room, PathBuf)> {
    let logs = logs()?;
    let room = Room::new(name);
    let file = logs.join("panther/AWS.CloudTrail.ndjson");
    let file_name = file.display().to_string();
    let question = ["cross-org", "--attacker", attacker, "--victim", victim, "--profile", "aws-cloudtrail"];
    room.run(&[&question[..], &["--case", "case", "--input", &file_name]].concat()).ends(3);
    Some((room, logs))
}

#[test]
fn reads_that_only_the_owners_log_explains() {
    let Some((room, _)) = panther("real_reads", "111111111111", "222222222222") else { return };
    let records = room.paper("case", "records.csv");
    assert_eq!(records.len(), 1);
    let record = &records[0];
    let expected = [
        ("record_type", "AWS::S3::Object"),
        ("record_id", "example-bucket/sensitive-file.txt"),
        ("owner_org", "222222222222"),
        ("access_class", "read"),
        ("confidence", "confirmed"),
        ("classes", "read:confirmed"),
        ("first_access_utc", "2023-03-01T00:00:00.000000Z"),
        ("last_access_utc", "2023-03-01T00:00:00.000000Z"),
        ("access_count", "3"),
        ("repeats", "0"),
        ("actor_ids", "AROAEXAMPLE:session-name"),
        ("source_ips", "10.0.0.1"),
        ("owner_rule", "own_log"),
        ("attribution_rule", "named"),
        ("id_guarded", "false"),
    ];
    for (column, value) in expected {
        assert_eq!(record[column], value, "{column}");
    }
    assert_eq!(record["event_ids"].split(';').count(), 3, "three events without an id");
    assert!(record["event_ids"].split(';').all(|id| id.starts_with("sha256:") && id.len() == 19));
    let accesses = room.paper("case", "accesses.csv");
    let direct: Vec<_> = accesses.iter().filter(|row| row["standing"] == "direct").collect();
    assert_eq!(direct.len(), 3, "{accesses:?}");
}

#[test]
fn refused_reads_are_attempts_and_unknown_owners_stay_open() {
    let Some((room, _)) = panther("real_attempts", "111111111111", "222222222222") else { return };
    let attempts = room.paper("case", "attempts.csv");
    let of = |owner: &str| attempts.iter().filter(|row| row["owner_org"] == owner).collect::<Vec<_>>();
    assert_eq!((of("222222222222").len(), of("").len(), attempts.len()), (2, 8, 10));
    assert!(of("222222222222").iter().all(|row| row["record_id"] == "example-bucket/sensitive-file.txt"));
    let reasons: BTreeSet<&str> = of("222222222222").iter().map(|row| row["reason"].as_str()).collect();
    assert_eq!(reasons, BTreeSet::from(["AccessDenied", "VpceAccessDenied"]));
    assert!(attempts.iter().all(|row| row["count"] == "1" && row["outcome"] == "denied"));
    let unresolved = room.paper("case", "unresolved.csv");
    let open = unresolved.iter().find(|row| row["record_id"] == "example-bucket/example-file.txt").unwrap();
    assert_eq!((open["owner_org"].as_str(), open["access_class"].as_str()), ("", "read"));
}

#[test]
fn the_source_of_a_copy_is_exported() {
    let Some((room, _)) = panther("real_copy", "12948575929274", "111111111111") else { return };
    let records = room.paper("case", "records.csv");
    assert_eq!(records.len(), 1);
    assert!(records[0]["record_id"].ends_with("/customer-database.csv"), "{records:?}");
    for (column, value) in [
        ("record_type", "AWS::S3::Object"),
        ("owner_org", "111111111111"),
        ("access_class", "exported"),
        ("confidence", "confirmed"),
        ("access_count", "1"),
        ("event_ids", "12345678-1234-1234-1234-222222222222"),
    ] {
        assert_eq!(records[0][column], value, "{column}");
    }
    assert!(!room.text("case/reports/internal/records.csv").contains("attacker-exfil"), "the copy is the attacker's");
}

#[test]
fn a_key_that_a_service_used_for_the_caller_is_read() {
    let Some((room, _)) = panther("real_key", "111111111111", "999999999999") else { return };
    let records = room.paper("case", "records.csv");
    let key = "arn:aws:kms:us-east-1:999999999999:key/attacker-key-id";
    assert_eq!(records.len(), 1);
    for (column, value) in [("record_id", key), ("record_type", "AWS::KMS::Key"), ("access_class", "read")] {
        assert_eq!(records[0][column], value, "{column}");
    }
    let sql = format!("SELECT relation, record_type FROM targets WHERE record_id = '{key}'");
    let relations = rows(&room.run(&["query", &sql, "--case", "case", "--format", "csv"]).ends(0).out);
    assert_eq!(relations.len(), 1, "{relations:?}");
    assert_eq!(relations[0]["relation"], "used");
}

#[test]
fn cross_pairs_are_the_twelve_that_others_found() {
    let Some((room, logs)) = panther("real_pairs", "111111111111", "222222222222") else { return };
    let truth = std::fs::read_to_string(logs.join("truth/panther_cross_account.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let told = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let mut expected: Vec<_> = truth["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let caller = told(item, "caller");
            // The other organisation: the recipient of the log, or else the owner that is not the caller.
            let owners = item["owner"].as_array().unwrap().iter().filter_map(Value::as_str);
            let recipient = told(item, "recipient");
            let other = owners.chain([recipient.as_str()]).find(|org| **org != *caller).unwrap().to_owned();
            (told(item, "action"), caller, other)
        })
        .collect();
    expected.sort();
    assert_eq!(expected.len(), 12);
    let found = room.run(&["query", "@cross_pairs", "--case", "case", "--format", "csv"]).ends(0);
    let mut found: Vec<_> = rows(&found.out)
        .iter()
        .map(|row| (row["action"].clone(), row["actor_org"].clone(), row["other_org"].clone()))
        .collect();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_conflict_under_one_id_is_listed() {
    let Some((room, logs)) = panther("real_conflicts", "111111111111", "222222222222") else { return };
    let told = std::fs::read_to_string(logs.join("panther/AWS.CloudTrail.ndjson")).unwrap();
    let (by_key, by_id) = differing(&told);
    assert_eq!((by_key.len(), by_id.len()), (40, 39));
    let conflicts = room.paper("case", "conflicts.csv");
    let listed: Vec<_> = conflicts.iter().map(|row| (row["log_org"].clone(), row["source_id"].clone())).collect();
    assert_eq!(listed, by_key.into_iter().collect::<Vec<_>>(), "one row by log and id");
    // Two ids stand in two logs each; one more differs only between two logs, each of which holds it once.
    let ids: BTreeSet<String> = listed.into_iter().map(|(_, id)| id).collect();
    let between: Vec<_> = by_id.difference(&ids).map(String::as_str).collect();
    assert_eq!((ids.len(), between), (38, vec!["12345678-1234-1234-1234-222222222222"]));
    assert!(conflicts.iter().all(|row| ["versions", "distinct"].contains(&row["kind"].as_str())));
}

/// The ids with more than one content, by log and id and by id alone, found without the program.
fn differing(ndjson: &str) -> (BTreeSet<(String, String)>, BTreeSet<String>) {
    let mut by_key: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut by_id: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in ndjson.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let event = line["event"].as_object_mut().unwrap();
        event.retain(|key, _| !key.starts_with("p_"));
        event.sort_keys();
        let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (log, id) = (text("recipientAccountId"), text("eventID"));
        if id.is_empty() {
            continue;
        }
        let content = Value::from(event.clone()).to_string();
        by_id.entry(id.clone()).or_default().insert(content.clone());
        by_key.entry((log, id)).or_default().insert(content);
    }
    let several = |contents: &BTreeSet<String>| contents.len() > 1;
    (
        by_key.into_iter().filter(|(_, contents)| several(contents)).map(|(key, _)| key).collect(),
        by_id.into_iter().filter(|(_, contents)| several(contents)).map(|(id, _)| id).collect(),
    )
}

#[test]
fn an_attack_simulation_is_counted_as_others_counted_it() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_invictus");
    let folder = logs.join("invictus_aws_dataset/CloudTrail").display().to_string();
    let ran = room.run(&["import", &folder, "--profile", "aws-cloudtrail", "--case", "case", "--json"]).ends(0);
    let counts: Value = serde_json::from_str(&ran.out).unwrap();
    for (what, count) in [("raw", 2900), ("distinct", 2900), ("quarantined", 0), ("time_unknown", 0)] {
        assert_eq!(counts[what], count, "{what}");
    }
    assert_eq!(counts["by_outcome"], serde_json::json!({ "denied": 60, "failure": 240, "success": 2600 }));
    assert_eq!(counts["by_verb"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>(), 2900);
}

#[test]
fn records_without_the_usual_time_are_read() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_otrf");
    let folder = logs.join("otrf");
    let named = |path: &PathBuf| path.display().to_string().contains("ec2_proxy_s3_exfiltration_");
    let file = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(named).unwrap();
    let file = file.display().to_string();
    let ran = room.run(&["import", &file, "--profile", "aws-cloudtrail", "--case", "case", "--json"]).ends(0);
    let counts: Value = serde_json::from_str(&ran.out).unwrap();
    for (what, count) in [("raw", 103), ("distinct", 103), ("quarantined", 0), ("time_unknown", 0)] {
        assert_eq!(counts[what], count, "{what}");
    }
}
