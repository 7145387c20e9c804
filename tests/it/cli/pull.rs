//! Pulls over real HTTP from a loopback API that answers as the contract says, or as it pleases.

use super::support::{ASKED, Ran, Room, event, small};
use crate::canary::Canary;
use irforensics::model::Moment;
use irforensics::rehearsal::{Fault, LoggedEvent, OrgLog, Server, Trouble};
use serde_json::Value;

pub(super) const TOKEN: &str = "tok-canary-4711-do-not-print";

fn logged(event: &Value) -> LoggedEvent {
    let time = Moment::parse_rfc3339(event["timestamp"].as_str().unwrap()).unwrap();
    LoggedEvent { time, id: event["id"].as_str().unwrap().to_owned(), json: event.to_string() }
}

/// The events as an API serves them, by the log in which they lie.
pub(super) fn serve(events: &[Value], faults: Vec<Fault>) -> Server {
    let of = |org: &str| OrgLog {
        org: org.to_owned(),
        events: events.iter().filter(|event| event["org_id"] == *org).map(logged).collect(),
    };
    Server::start(["org_a", "org_t", "org_v"].map(of).to_vec(), TOKEN, faults).unwrap()
}

/// Pulls the day of the small incident.
pub(super) fn pull(room: &Room, url: &str, more: &[&str]) -> Ran {
    room.put("token.txt", format!("{TOKEN}\n"));
    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--case", "case", "--base-url", url];
    room.run(&[&["cross-org"], &ASKED[..], &window, more].concat())
}

/// Pulls with a fault on the way.
fn pulled(name: &str, fault: Fault) -> (Room, Ran, Server) {
    let room = Room::new(name);
    let server = serve(&small(), vec![fault]);
    // The fault is counted by requests: a second walk would meet it elsewhere.
    let ran = pull(&room, &server.base_url(), &["--token-file", "token.txt", "--no-verify-walk"]);
    assert_no_token(&room, &ran);
    (room, ran, server)
}

/// The token stands in nothing that was written or printed, however it is spelled.
pub(super) fn assert_no_token(room: &Room, ran: &Ran) {
    let canary = Canary::new(TOKEN);
    let printed = [&ran.out, &ran.err].into_iter().find_map(|text| canary.find(text.as_bytes()));
    assert_eq!(printed, None, "printed: {ran:?}");
    if room.path.join("case").exists() {
        assert_eq!(canary.files(&room.path.join("case")), []);
    }
}

fn records(room: &Room) -> Vec<(String, String)> {
    room.paper("case", "records.csv").iter().map(|row| (row["record_id"].clone(), row["classes"].clone())).collect()
}

fn whole_answer() -> Vec<(String, String)> {
    [("inv_1", "read:confirmed"), ("inv_2", "exported:confirmed")].map(|(id, c)| (id.into(), c.into())).to_vec()
}

#[test]
fn a_healthy_api_is_answered_exactly() {
    let room = Room::new("pull_whole");
    let server = serve(&small(), Vec::new());
    let ran = pull(&room, &server.base_url(), &["--token-file", "token.txt"]).ends(0);
    assert_eq!(records(&room), whole_answer());
    assert_eq!(room.column("case", "accesses.csv", "side"), ["both", "v"]);
    assert!(ran.err.contains("so far: "), "{}", ran.err);
    assert_no_token(&room, &ran);
    let seen = server.requests();
    assert!(seen.len() >= 2 && seen.iter().all(|r| r.header("authorization") == format!("Bearer {TOKEN}")));
    let asked = |org: &str| seen.iter().any(|r| r.target.contains(&format!("org_id={org}")));
    assert!(asked("org_a") && asked("org_v") && !asked("org_t"), "both logs and no other");
}

#[test]
fn a_429_with_retry_after_is_waited_for() {
    let trouble = Trouble::Status429 { retry_after: Some("1".to_owned()) };
    let (room, ran, server) = pulled("pull_429", Fault::once(1, trouble));
    ran.ends(0);
    assert_eq!(records(&room), whole_answer());
    assert_eq!(server.requests().len(), 3, "the refused request was sent again");
}

#[test]
fn a_503_and_a_cut_body_are_asked_for_again() {
    let unavailable = Trouble::Status { code: 503, body: "later".to_owned(), headers: Vec::new() };
    for (name, trouble) in [("pull_503", unavailable), ("pull_cut", Trouble::CutBody { after: 40 })] {
        let (room, ran, _) = pulled(name, Fault::once(1, trouble));
        ran.ends(0);
        assert_eq!(records(&room), whole_answer(), "{name}");
        let attempts = room.files("case/evidence/acq-0001/data/attempts");
        assert!(!attempts.is_empty(), "{name}: what was received stays in the case");
    }
}

#[test]
fn a_server_that_never_recovers_leaves_a_lower_bound_or_nothing() {
    let broken = Trouble::Status { code: 400, body: "no".to_owned(), headers: Vec::new() };
    let (room, ran, _) = pulled("pull_half", Fault::always(broken).for_org("org_v"));
    assert!([3, 6, 8].contains(&ran.code), "{ran:?}");
    assert!(ran.err.contains("org_v"), "the log that is missing is named: {}", ran.err);
    if ran.code == 3 {
        assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    }
    assert!(room.path.join("case/evidence/acq-0001/seal.json").exists(), "what was received is sealed");
}

#[test]
fn refused_tokens_end_with_5_and_say_what_is_missing() {
    let refused = Trouble::Status { code: 401, body: r#"{"error":"who?"}"#.to_owned(), headers: Vec::new() };
    let (_, ran, server) = pulled("pull_401", Fault::always(refused));
    ran.ends(5).says(&["401"]);
    assert!(server.requests().len() <= 2, "a refused token is not tried again");
    let (_, ran, _) = pulled("pull_scope", Fault::always(Trouble::RefuseScope));
    ran.ends(5).says(&["audit:read"]);
}

#[test]
fn the_wrong_token_is_refused_by_the_api_itself() {
    let room = Room::new("pull_wrong_token");
    let server = serve(&small(), Vec::new());
    room.put("other.txt", "tok-other");
    let ran = pull(&room, &server.base_url(), &["--token-file", "other.txt"]).ends(5).says(&["401"]);
    assert!(!ran.err.contains("tok-other"), "{}", ran.err);
}

#[test]
fn a_token_that_sees_one_organisation_is_found_out() {
    let (_, ran, _) = pulled("pull_own_only", Fault::always(Trouble::OwnOrgOnly { org: "org_a".to_owned() }));
    ran.ends(5).says(&["org_v", "--token-file"]);
    let (_, ran, _) = pulled("pull_ignored", Fault::always(Trouble::IgnoreOrgFilter));
    ran.ends(5).says(&["--token-file"]);
}

#[test]
fn what_is_no_audit_api_ends_with_6() {
    let (_, ran, _) = pulled("pull_html", Fault::always(Trouble::Html200));
    ran.ends(6).says(&["HTML"]);
    let room = Room::new("pull_refused");
    // A port that was free a moment ago and on which nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = pull(&room, &format!("http://{free}"), &["--token-file", "token.txt"]).ends(6);
    assert!(ran.err.contains(&free.to_string()), "{}", ran.err);
    assert_no_token(&room, &ran);
}

#[test]
fn a_redirect_is_not_followed_and_no_other_origin_sees_the_token() {
    let elsewhere = serve(&small(), Vec::new());
    let (_, ran, _) = pulled("pull_redirect", Fault::always(Trouble::Redirect { to: elsewhere.base_url() }));
    assert!([5, 6].contains(&ran.code), "{ran:?}");
    assert_eq!(elsewhere.requests().len(), 0);
}

#[test]
fn an_api_that_repeats_the_token_cannot_bring_it_into_the_case() {
    let (_, ran, _) = pulled("pull_echo", Fault::always(Trouble::EchoToken));
    assert_ne!(ran.code, 0);
}

#[test]
fn gzip_on_the_wire_is_read_to_its_last_member() {
    let (room, ran, _) = pulled("pull_gzip", Fault::always(Trouble::GzipTwoMembers));
    ran.ends(0);
    assert_eq!(records(&room), whole_answer());
}

#[test]
fn pages_are_walked_to_the_end_and_answered_again_offline() {
    let room = Room::new("pull_pages");
    let reads = |n: u32| {
        let time = format!("2026-03-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60);
        event(&format!("r{n}"), &time, "org_v", ("u_a", "org_a"), "read", (&format!("inv_{n}"), "org_v"))
    };
    let mut events: Vec<Value> = (0..2500).map(reads).collect();
    events.extend(small().into_iter().filter(|event| event["id"] == "e5"));
    let server = serve(&events, Vec::new());
    pull(&room, &server.base_url(), &["--token-file", "token.txt"]).ends(0);
    assert_eq!(records(&room).len(), 2500);
    drop(server);
    let sums = room.sums("case");
    room.run(&["cross-org", "--case", "case"]).ends(0);
    assert_eq!(room.sums("case"), sums);
    room.run(&["verify", "case"]).ends(0);
}

#[test]
fn evidence_from_before_the_window_shows_owners_and_counts_no_access() {
    let room = Room::new("pull_ownership");
    let bare = |id: &str, time: &str, log: &str, actor: (&str, &str), action: &str| {
        let mut event = event(id, time, log, actor, action, ("inv_7", "org_v"));
        event["resource"] = serde_json::json!({ "type": "invoice", "id": "inv_7" });
        event
    };
    let events = [
        bare("before", "2026-02-20T10:00:00Z", "org_v", ("u_v", "org_v"), "update"),
        bare("early", "2026-02-20T11:00:00Z", "org_a", ("u_a", "org_a"), "read"),
        bare("inside", "2026-03-01T10:00:00Z", "org_a", ("u_a", "org_a"), "read"),
        event("own", "2026-03-01T11:00:00Z", "org_v", ("u_v", "org_v"), "read", ("inv_8", "org_v")),
    ];
    let server = serve(&events, Vec::new());
    pull(&room, &server.base_url(), &["--token-file", "token.txt"]).ends(3);
    assert_eq!(room.column("case", "unresolved.csv", "record_id"), ["inv_7"]);
    let wider = ["--token-file", "token.txt", "--again", "--ownership-from", "2026-02-01"];
    pull(&room, &server.base_url(), &wider).ends(0);
    assert_eq!(room.column("case", "records.csv", "owner_rule"), ["change"]);
    assert_eq!(room.column("case", "accesses.csv", "event_ids"), ["inside"], "the window still bounds accesses");
    let late = ["--token-file", "token.txt", "--again", "--ownership-from", "2026-03-01T12:00:00Z"];
    pull(&room, &server.base_url(), &late).refuses(2, &["--ownership-from"]);
}
