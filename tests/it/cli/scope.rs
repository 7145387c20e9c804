//! The proof of scope: what a log shows at all, how far back, and what an absence in it is worth.

use super::pull::{pull, serve};
use super::support::{Room, event, lines, small};
use serde_json::{Value, json};

const A: (&str, &str) = ("u_a", "org_a");
const V: (&str, &str) = ("u_v", "org_v");

fn impact(room: &Room, case: &str) -> Value {
    serde_json::from_str(&room.text(&format!("{case}/reports/internal/impact.json"))).unwrap()
}

fn log<'i>(impact: &'i Value, org: &str) -> &'i Value {
    impact["coverage"]["logs"].as_array().unwrap().iter().find(|log| log["org"] == *org).unwrap()
}

/// Both organisations work on their own records; nobody reads anything.
fn writers() -> Vec<Value> {
    vec![
        event("w1", "2026-03-01T10:00:00Z", "org_a", A, "update", ("inv_a", "org_a")),
        event("w2", "2026-03-01T11:00:00Z", "org_v", V, "update", ("inv_v", "org_v")),
    ]
}

fn asked(room: &Room, case: &str, events: &[Value], code: i32, more: &[&str]) -> String {
    let name = format!("{case}.ndjson");
    room.put(&name, lines(events));
    room.ask(&[&["--input", &name, "--case", case], more].concat()).ends(code).flat()
}

#[test]
fn a_log_in_which_nobody_ever_reads_cannot_say_that_nothing_was_read() {
    let room = Room::new("scope_reads");
    let told = asked(&room, "silent", &writers(), 3, &[]);
    assert!(told.contains("Not determined") && !told.contains("No access found"), "{told}");
    assert!(told.contains("nothing shows that reads are recorded"), "{told}");
    let read = |id: &str, time: &str, log: &str, who, action: &str, record| {
        [writers(), vec![event(id, time, log, who, action, record)]].concat()
    };
    let day = "2026-03-01T12:00:00Z";
    for (case, events) in [
        ("own", read("r1", day, "org_a", A, "read", ("inv_a", "org_a"))),
        ("owners", read("r1", day, "org_v", V, "list", ("inv_v", "org_v"))),
    ] {
        let told = asked(&room, case, &events, 0, &[]);
        assert!(told.contains("No access found"), "{case}: {told}");
    }
    let elsewhere = read("r1", day, "org_t", ("u_t", "org_t"), "read", ("inv_t", "org_t"));
    asked(&room, "elsewhere", &elsewhere, 3, &[]);
    let mut refused = read("r1", day, "org_v", V, "read", ("inv_v", "org_v"));
    refused[2]["outcome"] = json!("denied");
    refused[2]["http"]["status"] = json!(403);
    asked(&room, "refused", &refused, 3, &[]);
    let mut pulled = read("r1", day, "org_v", V, "read", ("log", "org_v"));
    pulled[2]["action"] = json!("audit_log.read");
    asked(&room, "pulled", &pulled, 3, &[]);
    // Switched on after the window, it says nothing of the window.
    let later = read("r1", "2026-03-05T12:00:00Z", "org_v", V, "read", ("inv_v", "org_v"));
    asked(&room, "later", &later, 3, &["--to", "2026-03-02"]);
}

#[test]
fn what_each_log_shows_is_told_with_an_event_that_shows_it() {
    let room = Room::new("scope_shows");
    let told = asked(&room, "case", &small(), 0, &[]);
    assert!(told.contains("shows no refusal and may not record any"), "{told}");
    let impact = impact(&room, "case");
    let shows = &log(&impact, "org_v")["shows"];
    assert_eq!(shows["reads"], json!({ "events": 1, "example": "e1" }));
    assert_eq!(shows["bulk_reads"], json!({ "events": 1, "example": "e2" }));
    assert_eq!(shows["outsiders"], json!({ "events": 2, "example": "e1" }));
    assert_eq!(shows["refusals"], json!({ "events": 0, "example": null }));
    room.run(&["explain", "e2", "--case", "case"]).ends(0);
    let page = room.text("case/reports/internal/impact.md");
    assert!(page.contains("What each own log shows in the window") && page.contains("never seen"), "{page}");
    assert_eq!(log(&impact, "org_a")["shows"]["outsiders"]["events"], 0);
}

#[test]
fn actors_who_left_are_looked_for() {
    let room = Room::new("scope_departed");
    room.put("members.csv", "actor_id,org_id,valid_from,valid_to\nu_gone,org_v,2026-01-01,2026-02-01\n");
    let told = asked(&room, "unseen", &small(), 0, &["--members", "members.csv"]);
    assert!(told.contains("shows nothing by 1 actor known to have left and may leave out such actors"), "{told}");
    let gone = event("g1", "2026-03-01T09:00:00Z", "org_v", ("u_gone", "org_v"), "read", ("inv_1", "org_v"));
    let told = asked(&room, "seen", &[small(), vec![gone]].concat(), 0, &["--members", "members.csv"]);
    assert!(!told.contains("known to have left"), "{told}");
    let impact = impact(&room, "seen");
    assert_eq!(log(&impact, "org_v")["shows"]["departed"], json!({ "events": 1, "example": "g1" }));
    let mut removal = event("g2", "2026-03-01T15:00:00Z", "org_v", V, "delete", ("u_fired", "org_v"));
    removal["action"] = json!("member.delete");
    removal["resource"]["type"] = json!("member");
    let told = asked(&room, "removed", &[small(), vec![removal]].concat(), 0, &[]);
    assert!(told.contains("1 actor known to have left"), "the log itself tells who was removed: {told}");
}

#[test]
fn fault_057_a_log_that_begins_long_after_the_window_says_so() {
    let room = Room::new("scope_begins");
    let told = asked(&room, "late", &small(), 0, &["--from", "2026-02-01"]);
    let begins = "own log of org_v 3 events from 2026-03-01T10:00:00Z to 2026-03-01T12:00:00Z, may only begin at \
                  2026-03-01T10:00:00Z";
    assert!(told.contains(begins), "{told}");
    let told = asked(&room, "soon", &small(), 0, &["--from", "2026-03-01"]);
    assert!(!told.contains("may only begin"), "a quiet night is no edge: {told}");
}

#[test]
fn fault_057_what_expired_before_the_pull_is_a_gap_and_what_expires_next_is_told() {
    let room = Room::new("scope_retention");
    let native = room.run(&["profile", "show", "native"]).ends(0).out;
    let kept = |days: u32| native.replace("skew_seconds = 5", &format!("skew_seconds = 5\nretention_days = {days}"));
    room.put("short.toml", kept(30));
    room.put("long.toml", kept(30_000));
    let only_a: Vec<Value> = small().into_iter().filter(|event| event["org_id"] == "org_a").collect();
    let server = serve(&only_a, Vec::new());
    let token = ["--token-file", "token.txt"];
    let ran = pull(&room, &server.base_url(), &[&token[..], &["--profile", "short.toml"]].concat()).ends(3);
    assert!(ran.flat().contains("1 gap"), "{}", ran.out);
    let gaps = impact(&room, "case")["coverage"]["gaps"].clone();
    assert_eq!(gaps[0]["log_org"], "org_v", "an event from before shows that org_a's log is kept longer: {gaps}");
    assert_eq!(gaps[0]["reason"], "gone before it was pulled: this log is kept 30 days");
    let ran = pull(&room, &server.base_url(), &[&token[..], &["--profile", "long.toml", "--again"]].concat()).ends(0);
    assert!(ran.flat().contains("the beginning of the window falls out of the log at 2108-"), "{}", ran.out);
}
