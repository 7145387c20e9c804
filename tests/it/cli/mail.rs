//! Mail as Microsoft 365 logs it: items by Bind, folders by Sync, lists as JSON text.

use super::support::{Room, lines, rows};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Somebody of tenant `t_a` reads mail of tenant `t_v`.
fn accessed(id: &str, how: &str, more: &Value) -> Value {
    let mut event = json!({
        "Id": id, "CreationTime": "2026-03-01T10:00:00", "Operation": "MailItemsAccessed", "RecordType": 50,
        "Workload": "Exchange", "ResultStatus": "Succeeded", "OrganizationId": "t_v", "TokenTenantId": "t_a",
        "UserType": 0, "UserId": "mallory@a.example", "MailboxGuid": "box-1", "MailboxOwnerUPN": "vera@v.example",
        "LogonType": 0, "ExternalAccess": false,
        "OperationProperties": [{ "Name": "MailAccessType", "Value": how }, { "Name": "IsThrottled", "Value": "False" }],
    });
    for (key, value) in more.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

/// A folder with messages.
fn folder(messages: &[&str]) -> Value {
    let items: Vec<_> = messages.iter().map(|id| json!({ "InternetMessageId": format!("<{id}>") })).collect();
    json!({ "Id": "inbox-id", "Path": "\\Inbox", "FolderItems": items })
}

/// Seven entries, six messages.
const LISTED: [&str; 7] = ["m1", "m2", "m3", "m4", "m5", "m5", "m6"];

fn ask(name: &str, events: &[Value], code: i32) -> Room {
    let room = Room::new(name);
    let file = room.put("log.ndjson", lines(events));
    let question = ["cross-org", "--attacker", "t_a", "--victim", "t_v", "--profile", "m365", "--case", "case"];
    room.run(&[&question[..], &["--input", file]].concat()).ends(code);
    room
}

fn cells<'r>(row: &'r BTreeMap<String, String>, columns: &[&str]) -> Vec<&'r str> {
    columns.iter().map(|column| row[*column].as_str()).collect()
}

const BULK: [&str; 6] = ["kind", "record_type", "returned_count", "total_count", "ids_logged", "bound"];

#[test]
fn a_message_listed_twice_is_one_record_and_no_list_is_cut_short() {
    let count = accessed("b1", "Bind", &json!({ "Folders": [folder(&LISTED)], "OperationCount": 7 }));
    let room = ask("mail_twice", &[count], 3);
    let ids = room.column("case", "records.csv", "record_id");
    assert_eq!(ids, ["m1", "m2", "m3", "m4", "m5", "m6"].map(|id| format!("box-1/<{id}>")));
    let bulk = room.paper("case", "bulk.csv");
    assert_eq!(bulk.len(), 1);
    // The log counts seven accesses; six records were handed out, and every one is named.
    assert_eq!(cells(&bulk[0], &BULK), ["read", "mail", "6", "7", "6", "0"]);
    assert!(bulk[0]["basis"].starts_with("exact"), "{bulk:?}");
}

#[test]
fn items_that_the_count_knows_and_the_list_does_not_are_a_bound() {
    let cut = accessed("b1", "Bind", &json!({ "Folders": [folder(&LISTED)], "OperationCount": 9 }));
    let unreadable = accessed("b2", "Bind", &json!({ "Folders": "[{\"FolderItems\":[{\"Inter", "OperationCount": 4 }));
    let room = ask("mail_cut", &[cut, unreadable], 3);
    let bulk = room.paper("case", "bulk.csv");
    let of = |id: &str| bulk.iter().find(|row| row["event_ids"] == id).map(|row| cells(row, &BULK)).unwrap();
    assert_eq!(of("b1"), ["read", "mail", "8", "9", "6", "2"]);
    assert_eq!(of("b2"), ["read", "mail", "4", "4", "0", "4"]);
}

#[test]
fn lists_as_text_are_read_like_lists() {
    let plain = accessed("b1", "Bind", &json!({ "Folders": [folder(&LISTED)] }));
    let mut text = plain.clone();
    for key in ["Folders", "OperationProperties"] {
        text[key] = json!(plain[key].to_string());
    }
    let found = [("mail_list", plain), ("mail_text", text)].map(|(name, event)| {
        let room = ask(name, &[event], 3);
        (room.column("case", "records.csv", "record_id"), room.paper("case", "bulk.csv").len())
    });
    assert_eq!(found[0], found[1]);
    assert_eq!((found[0].0.len(), found[0].1), (6, 0), "a Bind without a count names what was read");
}

#[test]
fn a_synchronised_folder_is_a_bound_and_never_a_record() {
    let sync = accessed("s1", "Sync", &json!({ "Folders": [folder(&["m1"])] }));
    let again = accessed(
        "s2",
        "Sync",
        &json!({
            "CreationTime": "2026-03-01T11:00:00",
            "Item": { "Id": "item-id", "ParentFolder": { "Id": "inbox-id", "Path": "Not Available" } },
        }),
    );
    let room = ask("mail_sync", &[sync, again], 3);
    assert_eq!(room.column("case", "records.csv", "record_id"), Vec::<String>::new());
    let bulk = room.paper("case", "bulk.csv");
    assert_eq!(bulk.len(), 2, "{bulk:?}");
    for row in &bulk {
        assert_eq!(cells(row, &BULK), ["exported", "mail", "", "", "0", "unbounded"]);
        assert_eq!(row["scope"], "MailItemsAccessed Sync, in box-1/inbox-id");
        assert_eq!(row["scoped"], "true");
    }
    assert_eq!(room.column("case", "unresolved.csv", "record_id"), Vec::<String>::new());
}

#[test]
fn a_throttled_mailbox_names_a_part_only() {
    let throttled = json!([{ "Name": "MailAccessType", "Value": "Bind" }, { "Name": "IsThrottled", "Value": "True" }]);
    let more = json!({ "Folders": [folder(&["m1", "m2"])], "OperationCount": 2, "OperationProperties": throttled });
    let room = ask("mail_throttled", &[accessed("b1", "Bind", &more)], 3);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["box-1/<m1>", "box-1/<m2>"]);
    let bulk = room.paper("case", "bulk.csv");
    assert_eq!(cells(&bulk[0], &BULK), ["read", "mail", "", "", "2", "unbounded"]);
    assert!(bulk[0]["scope"].starts_with("MailItemsAccessed Bind throttled"), "{bulk:?}");
}

#[test]
fn a_delegate_acts_in_the_owners_name_and_an_owner_in_the_own() {
    let room = Room::new("mail_delegate");
    let logons = [("0", ""), ("1", "vera@v.example"), ("Delegated", "vera@v.example"), ("Owner", "")];
    let one = |(n, (logon, _)): (usize, &(&str, &str))| {
        accessed(&format!("b{n}"), "Bind", &json!({ "LogonType": logon, "Folders": [folder(&["m1"])] }))
    };
    let file = room.put("log.ndjson", lines(&logons.iter().enumerate().map(one).collect::<Vec<_>>()));
    room.run(&["import", file, "--profile", "m365", "--case", "case"]).ends(0);
    let sql = "SELECT actor_id, actor_org, effective_actor_id, effective_actor_org FROM events ORDER BY source_id";
    let events = rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out);
    for (event, (_, owner)) in events.iter().zip(logons) {
        assert_eq!(cells(event, &["actor_id", "actor_org"]), ["mallory@a.example", "t_a"]);
        let org = if owner.is_empty() { "" } else { "t_v" };
        assert_eq!(cells(event, &["effective_actor_id", "effective_actor_org"]), [owner, org]);
    }
    assert_eq!(events.len(), 4);
}

#[test]
fn whoever_is_said_to_be_from_inside_belongs_to_the_tenant_and_nobody_else_does() {
    let room = Room::new("mail_inside");
    let one = |id: &str, external: Value| {
        let mut event = accessed(id, "Bind", &json!({ "ExternalAccess": external, "Folders": [folder(&["m1"])] }));
        event.as_object_mut().unwrap().remove("TokenTenantId");
        event
    };
    let file =
        room.put("log.ndjson", lines(&[one("b1", json!(false)), one("b2", json!(true)), one("b3", json!(null))]));
    room.run(&["import", file, "--profile", "m365", "--case", "case"]).ends(0);
    let sql = "SELECT source_id, actor_org FROM events ORDER BY source_id";
    let events = rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out);
    let orgs: Vec<_> = events.iter().map(|row| row["actor_org"].as_str()).collect();
    assert_eq!(orgs, ["t_v", "", ""]);
}

#[test]
fn one_record_in_two_exports_and_two_spellings_of_time_is_one_moment() {
    let room = Room::new("mail_times");
    let plain = accessed("b1", "Bind", &json!({ "CreationTime": "2021-05-18T21:13:33", "Folders": [folder(&["m1"])] }));
    let mut spelled = plain.clone();
    spelled["Id"] = json!("b2");
    spelled["CreationTime"] = json!("5/18/2021 9:13:33 PM");
    let export = json!({
        "RecordType": "ExchangeItemAggregated", "CreationDate": "5/18/2021 9:13:33 PM", "UserIds": "mallory@a.example",
        "Operation": "MailItemsAccessed", "AuditData": plain.to_string(),
    });
    let unclear = accessed("b4", "Bind", &json!({ "CreationTime": "18/5/2021 21:13", "Folders": [folder(&["m1"])] }));
    let file = room.put("log.ndjson", lines(&[plain, spelled, export, unclear]));
    let ran = room.run(&["import", file, "--profile", "m365", "--case", "case", "--json"]).ends(0);
    let counts: Value = serde_json::from_str(&ran.out).unwrap();
    for (what, count) in [("raw", 4), ("distinct", 3), ("conflicts", 0), ("zone_assumed", 2), ("time_unknown", 1)] {
        assert_eq!(counts[what], count, "{what}");
    }
    let sql = "SELECT time_us FROM events WHERE time_known = true ORDER BY source_id";
    let times = rows(&room.run(&["query", sql, "--case", "case", "--format", "csv"]).ends(0).out);
    assert_eq!(times.iter().map(|row| row["time_us"].as_str()).collect::<Vec<_>>(), ["1621372413000000"; 2]);
}
