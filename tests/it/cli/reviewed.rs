//! Cases in which an earlier version was silently wrong; each says what an examiner would expect.

use super::support::Room;

/// Two harmless lines, so that both own logs hold events.
const BOTH_LOGS: &str = r#"{"id":"b1","timestamp":"2026-03-01T00:00:00Z","org_id":"org_a","actor":{"id":"u_a","type":"user","org_id":"org_a"},"action":"note.read","resource":{"type":"note","id":"n1","org_id":"org_a"},"outcome":"success"}
{"id":"b2","timestamp":"2026-03-01T00:00:00Z","org_id":"org_v","actor":{"id":"u_v","type":"user","org_id":"org_v"},"action":"note.read","resource":{"type":"note","id":"n2","org_id":"org_v"},"outcome":"success"}
"#;

/// Asks about lines beside the harmless ones and expects an exit status.
fn ask(name: &str, lines: &str, status: i32) -> serde_json::Value {
    let room = Room::new(&format!("reviewed_{name}"));
    room.put("log.ndjson", format!("{BOTH_LOGS}{lines}\n"));
    let ran = room.ask(&["--input", "log.ndjson", "--case", "case", "--json"]).ends(status);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn nobody_s_read_of_nobody_s_record_is_a_lower_bound() {
    let line = r#"{"id":"1","timestamp":"2026-03-02T00:00:00Z","org_id":"org_a","actor":{"id":"u_x","type":"user"},"action":"invoice.read","resource":{"type":"invoice","id":"inv_9"},"outcome":"success"}"#;
    let answer = ask("nobody", line, 3);
    assert_eq!(answer["summary"]["verdict"], "undetermined");
    assert_eq!(answer["coverage"]["unattributed"], 1);
}

#[test]
fn a_record_with_a_member_named_like_the_envelope_s_list_is_a_record() {
    let line = r#"{"id":"1","timestamp":"2026-03-02T00:00:00Z","org_id":"org_v","actor":{"id":"u_a","org_id":"org_a"},"action":"invoice.read","resource":{"type":"invoice","id":"inv_9","org_id":"org_v"},"outcome":"success","data":[]}"#;
    assert_eq!(ask("data_member", line, 0)["summary"]["records"], 1);
}

#[test]
fn a_record_of_another_schema_is_quarantined_with_its_mentions() {
    let line = r#"{"event_id":"x","tenant":"org_a","verb":"invoice.read","object":{"id":"inv_9","tenant":"org_v"}}"#;
    let answer = ask("schema", line, 3);
    assert_eq!(answer["coverage"]["quarantined"], 1);
    assert_eq!(answer["quarantine"][0]["mentions"], serde_json::json!(["org_a", "org_v"]));
}

#[test]
fn the_container_of_a_list_is_not_one_of_its_ids() {
    let line = r#"{"id":"1","timestamp":"2026-03-02T00:00:00Z","org_id":"org_v","actor":{"id":"u_a","org_id":"org_a"},"action":"folder.list","resource":{"type":"folder","id":"f1","org_id":"org_v"},"outcome":"success","metadata":{"returned_count":1}}"#;
    assert_eq!(ask("container", line, 0)["summary"]["bulk_bound"], 1);
}

#[test]
fn counts_on_which_the_logs_disagree_are_a_lower_bound_of_the_larger() {
    let event = |log: &str, count: u32| {
        format!(
            r#"{{"id":"{log}-1","timestamp":"2026-03-02T00:00:00Z","org_id":"{log}","actor":{{"id":"u_a","org_id":"org_a"}},"action":"doc.list","resource":{{"type":"doc","org_id":"org_v"}},"outcome":"success","request_id":"rq1","metadata":{{"returned_count":{count}}}}}"#
        )
    };
    let answer = ask("counts", &format!("{}\n{}", event("org_a", 0), event("org_v", 500)), 3);
    assert_eq!(answer["summary"]["bulk_bound"], 500);
}

#[test]
fn a_word_for_staff_clears_nobody_who_impersonates_nobody() {
    let line = r#"{"id":"1","timestamp":"2026-03-02T00:00:00Z","org_id":"org_v","actor":{"id":"u_a","org_id":"org_a","type":"support"},"action":"doc.read","resource":{"type":"doc","id":"d1","org_id":"org_v"},"outcome":"success"}"#;
    assert_eq!(ask("staff", line, 0)["summary"]["records"], 1);
}

#[test]
fn what_others_owned_before_is_not_taken_over_by_creating_it_again() {
    let lines = r#"{"id":"1","timestamp":"2026-03-02T00:00:00Z","org_id":"org_v","actor":{"id":"u_v","org_id":"org_v"},"action":"invoice.update","resource":{"type":"invoice","id":"inv_9","org_id":"org_v"},"outcome":"success"}
{"id":"2","timestamp":"2026-03-03T00:00:00Z","org_id":"org_a","actor":{"id":"u_a","org_id":"org_a"},"action":"invoice.import","resource":{"type":"invoice","id":"inv_9"},"outcome":"success"}
{"id":"3","timestamp":"2026-03-04T00:00:00Z","org_id":"org_v","actor":{"id":"u_a","org_id":"org_a"},"action":"invoice.delete","resource":{"type":"invoice","id":"inv_9","org_id":"org_v"},"outcome":"success"}"#;
    let answer = ask("import", lines, 3);
    assert_eq!(answer["records"][0]["confidence"], "contested");
    assert_eq!(answer["records"][0]["owners"], serde_json::json!(["org_a", "org_v"]));
}

#[test]
fn an_id_that_is_a_list_names_every_record_in_it() {
    let line = r#"{"id":"1","timestamp":"2026-03-02T00:00:00Z","org_id":"org_v","actor":{"id":"u_a","org_id":"org_a"},"action":"invoice.delete","resource":{"type":"invoice","id":["inv_1","inv_2"],"org_id":"org_v"},"outcome":"success"}"#;
    assert_eq!(ask("id_list", line, 0)["summary"]["records"], 2);
}

#[test]
fn pages_that_say_that_more_follow_are_a_gap() {
    let room = Room::new("reviewed_more_follows");
    let events = BOTH_LOGS.trim().replace('\n', ",");
    room.put("page.json", format!(r#"{{"data":[{events}],"next_cursor":"abc"}}"#));
    let ran = room.ask(&["--input", "page.json", "--case", "case", "--json"]).ends(3);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(answer["coverage"]["gaps"].as_array().unwrap().len(), 1);
}

#[test]
fn an_acquisition_taken_away_and_an_input_changed_are_alterations() {
    let room = Room::new("reviewed_taken_away");
    room.put("log.ndjson", BOTH_LOGS);
    room.put("owners.csv", "record_type,record_id,owner_org\nnote,n9,org_v\n");
    room.ask(&["--input", "log.ndjson", "--case", "case", "--catalogue", "owners.csv"]).ends(0);
    let inputs = room.path.join("case/inputs");
    let kept = std::fs::read_dir(&inputs).unwrap().next().unwrap().unwrap().path();
    let honest = std::fs::read(&kept).unwrap();
    std::fs::write(&kept, "record_type,record_id,owner_org\nnote,n9,org_a\n").unwrap();
    room.run(&["cross-org", "--case", "case"]).ends(4);
    std::fs::write(&kept, honest).unwrap();
    room.run(&["verify", "case"]).ends(0);
    std::fs::rename(room.path.join("case/evidence/acq-0001"), room.path.join("elsewhere")).unwrap();
    room.run(&["verify", "case"]).ends(4);
}

#[test]
fn everyone_whom_the_logs_name_as_the_actor_is_told() {
    let event = |log: &str, actor: &str| {
        format!(
            r#"{{"id":"{log}-1","timestamp":"2026-03-02T00:00:00Z","org_id":"{log}","actor":{{"id":"{actor}","org_id":"org_a"}},"action":"doc.read","resource":{{"type":"doc","id":"d1","org_id":"org_v"}},"outcome":"success","request_id":"rq1"}}"#
        )
    };
    let answer = ask("two_actors", &format!("{}\n{}", event("org_a", "u_1"), event("org_v", "u_2")), 3);
    assert_eq!(answer["records"][0]["actor_ids"], serde_json::json!(["u_1", "u_2"]));
    assert_eq!(answer["records"][0]["confidence"], "contested");
}
