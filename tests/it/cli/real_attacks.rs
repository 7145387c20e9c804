//! Attacks on AWS that others simulated: what one stolen role and one credential took.

use super::real_logs::logs;
use super::support::{Room, rows};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ROLE: &str = "MordorNginxStack-BankingWAFRole-9S3E0UAE1MM0";
const ACCOUNT: &str = "123456789123";

fn exfiltration(logs: &Path) -> PathBuf {
    let named = |path: &PathBuf| path.display().to_string().contains("ec2_proxy_s3_exfiltration_");
    std::fs::read_dir(logs.join("otrf")).unwrap().map(|entry| entry.unwrap().path()).find(named).unwrap()
}

/// The account's own role was stolen, so that no account reaches into another. A profile in which the session of a
/// role belongs to the role makes of it what the question needs: two sides.
fn stolen_role_profile() -> String {
    let built_in = concat!(env!("CARGO_MANIFEST_DIR"), "/src/profile/aws-cloudtrail.toml");
    let text = std::fs::read_to_string(built_in).unwrap();
    let (from, to) = ("actor_org = [\n", "actor_org = [\n  'userIdentity.arn ~ :assumed-role/([^/]+)/',\n");
    assert!(text.contains(from));
    text.replacen(from, to, 1)
}

#[test]
fn a_stolen_role_seen_as_a_side_of_its_own_reads_one_object_twice_and_lists_one_bucket_seven_times() {
    let Some(logs) = logs() else { return };
    let truth = std::fs::read_to_string(logs.join("truth/otrf_s3_exfiltration.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let room = Room::new("real_stolen_role");
    room.put("stolen.toml", stolen_role_profile());
    let file = exfiltration(&logs).display().to_string();
    let question =
        ["cross-org", "--attacker", ROLE, "--victim", ACCOUNT, "--profile", "./stolen.toml", "--case", "case"];
    room.run(&[&question[..], &["--input", &file]].concat()).ends(3);
    let objects: Vec<_> =
        room.paper("case", "records.csv").into_iter().filter(|row| row["record_type"] == "AWS::S3::Object").collect();
    let read: BTreeMap<&str, u64> =
        objects.iter().map(|row| (row["record_id"].as_str(), row["access_count"].parse().unwrap())).collect();
    let told = truth["records_read"].as_object().unwrap();
    assert_eq!(read, told.iter().map(|(id, n)| (id.as_str(), n.as_u64().unwrap())).collect());
    assert_eq!((objects.len(), objects[0]["access_class"].as_str()), (1, "read"));
    assert!(objects[0]["event_ids"].contains(';'), "two accesses cite two events: {objects:?}");
    let of = |action: &str| {
        let who = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/i-0317f6c6b66ae9c40|{action}|success|1.2.3.4");
        usize::try_from(truth["s3_by_principal_action_outcome_ip"][who].as_u64().unwrap()).unwrap()
    };
    let bulk = room.paper("case", "bulk.csv");
    let lists: Vec<_> = bulk.iter().filter(|row| row["scope"].starts_with("s3:ListObjects,")).collect();
    let scopes: BTreeSet<_> = lists.iter().map(|row| (&row["record_type"], &row["scope"])).collect();
    assert_eq!((lists.len(), scopes.len()), (of("ListObjects"), 1), "{lists:?}");
    assert!(lists.iter().all(|row| row["bound"] == "unbounded" && row["scoped"] == "true"));
    assert_eq!(bulk.iter().filter(|row| row["scope"] == "s3:ListBuckets").count(), of("ListBuckets"));
}

#[test]
fn under_the_built_in_profile_the_stolen_role_is_the_account_s_own_and_a_query_tells_its_reads() {
    let Some(logs) = logs() else { return };
    let room = Room::new("real_own_role");
    let file = exfiltration(&logs).display().to_string();
    room.run(&["import", &file, "--profile", "aws-cloudtrail", "--case", "case"]).ends(0);
    let sql = format!(
        "SELECT e.action, t.record_id, COUNT(*) AS accesses FROM events e JOIN targets t ON e.event_key = t.event_key \
         WHERE e.actor_id LIKE '%/{ROLE}/%' AND e.action LIKE 's3:%' AND e.outcome = 'success' \
         GROUP BY e.action, t.record_id ORDER BY e.action, t.record_id"
    );
    let found = rows(&room.run(&["query", &sql, "--case", "case", "--format", "csv"]).ends(0).out);
    let found: Vec<_> =
        found.iter().map(|row| ["action", "record_id", "accesses"].map(|column| row[column].as_str())).collect();
    let bucket = "mordors3stack-s3bucket-llp2yingx64a";
    let object = format!("{bucket}/ring.txt");
    assert_eq!(found, [["s3:GetObject", &object, "2"], ["s3:ListObjects", bucket, "7"]]);
}

/// How many distinct records of a type one credential read, by the action.
const TAKEN: &str = "
WITH takings AS (
    SELECT e.action, t.record_type, t.record_id
    FROM events e
    JOIN targets t ON e.event_key = t.event_key
    WHERE e.credential_id = 'AKIATFQR7NSC8Q4X20BJ' AND e.outcome = 'success'
      AND (e.action = 'secretsmanager:GetSecretValue' OR e.action = 'ssm:GetParameter' OR e.action = 'ssm:GetParameters')
    GROUP BY e.action, t.record_type, t.record_id
)
SELECT record_type, COUNT(DISTINCT record_id) AS records
FROM takings
GROUP BY record_type
ORDER BY record_type";

#[test]
fn one_credential_took_twenty_secrets_and_forty_two_parameters() {
    let Some(logs) = logs() else { return };
    let truth = std::fs::read_to_string(logs.join("truth/invictus_aws.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let room = Room::new("real_taken");
    let folder = logs.join("invictus_aws_dataset/CloudTrail").display().to_string();
    room.run(&["import", &folder, "--profile", "aws-cloudtrail", "--case", "case"]).ends(0);
    let taken = rows(&room.run(&["query", TAKEN, "--case", "case", "--format", "csv"]).ends(0).out);
    let taken: BTreeMap<&str, u64> =
        taken.iter().map(|row| (row["record_type"].as_str(), row["records"].parse().unwrap())).collect();
    let told = |what: &str, key: &str| truth[what][key].as_u64().unwrap();
    let expected = [
        ("AWS::SSM::Parameter", told("ssm_get", "distinct_parameter_names_success")),
        ("AWS::SecretsManager::Secret", told("GetSecretValue", "distinct_secretIds_success_normalised_name_or_arn")),
    ];
    assert_eq!(taken, BTreeMap::from(expected));
    assert_eq!(expected.map(|(_, n)| n), [42, 20]);
}
