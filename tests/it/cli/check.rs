//! `check`: what a pull would meet, told before it.

use super::pull::{TOKEN, serve};
use super::support::{Ran, Room, event};
use irforensics::model::Moment;
use irforensics::rehearsal::{Fault, Server, Trouble};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

const HOUR: i64 = 3_600_000_000;

fn hours_ago(now: i64, hours: i64) -> String {
    Moment::from_micros(now - hours * HOUR).to_string()
}

#[expect(clippy::disallowed_methods, reason = "what is visible now is asked for by the clock")]
fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

/// Two logs: a busy one that begins 400 days ago, and a quiet one.
fn logs(now: i64) -> Vec<Value> {
    let at = |hours| hours_ago(now, hours);
    let own = ("inv_1", "org_a");
    let a = |n: i64| event(&format!("a{n}"), &at(n * 8 + 1), "org_a", ("u_a", "org_a"), "read", own);
    let v = event("v1", &at(30), "org_v", ("u_v", "org_v"), "read", ("inv_2", "org_v"));
    (0..1_200).map(a).chain([v]).collect()
}

fn check(room: &Room, server: &Server, more: &[&str]) -> Ran {
    room.put("token.txt", TOKEN);
    let base = server.base_url();
    room.run(&[&["check", "--base-url", &base, "--token-file", "token.txt"], more].concat())
}

#[test]
fn a_healthy_api_is_told_on_one_screen_in_few_requests() {
    let room = Room::new("check_healthy");
    let now = now();
    let server = serve(&logs(now), Vec::new());
    let ran = check(&room, &server, &["--org", "org_a", "--org", "org_v", "--quiet"]).ends(0);
    let told = ran.flat();
    for words in [
        "ok health /health answers 200",
        "ok token accepted, fingerprint",
        "ok order newest first",
        "org_a: every event names it as its log",
        "org_v: every event names it as its log",
        "an organisation that nobody has is given no log",
        "ok earliest the log begins at ",
        "are free for the case",
        "nothing was kept",
    ] {
        assert!(told.contains(words), "{words:?} is not in {}", ran.out);
    }
    assert!(!ran.out.contains("failed") && !ran.out.contains(TOKEN), "{}", ran.out);
    assert!(server.requests().len() <= 20, "{} requests", server.requests().len());
    assert!(told.contains(&format!("{} requests were sent", server.requests().len())), "{told}");
    assert!(told.contains(&format!("begins at {}", hours_ago(now, 1_199 * 8 + 1))), "{told}");
    assert_eq!(room.files(".").len(), 1, "nothing but the token's own file");
    let json = check(&room, &server, &["--org", "org_a", "--json", "--quiet"]).ends(0);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert!(json["checks"].as_array().unwrap().iter().all(|line| line["state"] != "failed"), "{json}");
}

#[test]
fn each_fault_has_its_line_and_its_status() {
    let always = |trouble| vec![Fault::always(trouble)];
    for (name, faults, org, code, words) in [
        ("scope", always(Trouble::RefuseScope), "org_a", 5, "audit:read"),
        ("filter", always(Trouble::IgnoreOrgFilter), "org_v", 5, "failed organisations"),
        ("html", always(Trouble::Html200), "org_a", 6, "HTML"),
        ("own", always(Trouble::OwnOrgOnly { org: "org_a".to_owned() }), "org_a", 5, "it ignores the parameter"),
    ] {
        let room = Room::new(&format!("check_{name}"));
        let server = serve(&logs(now()), faults);
        let ran = check(&room, &server, &["--org", org]).ends(code);
        assert!(ran.flat().contains(words) && ran.out.contains("failed"), "{name}: {}", ran.out);
    }
    let room = Room::new("check_token");
    let server = serve(&logs(now()), Vec::new());
    room.put("other.txt", "tok-other");
    let base = server.base_url();
    let ran = room.run(&["check", "--base-url", &base, "--token-file", "other.txt", "--org", "org_a"]).ends(5);
    assert!(ran.flat().contains("failed token") && ran.out.contains("401"), "{}", ran.out);
    drop(server);
    let ran = room.run(&["check", "--base-url", &base, "--token-file", "other.txt", "--org", "org_a"]).ends(6);
    assert!(ran.flat().contains("failed health"), "{}", ran.out);
}

#[test]
fn an_organisation_without_events_is_a_warning() {
    let room = Room::new("check_quiet");
    let server = serve(&logs(now()), Vec::new());
    let ran = check(&room, &server, &["--org", "org_typo"]).ends(0);
    assert!(ran.flat().contains("warning page no event in the last 30 days"), "{}", ran.out);
    assert!(ran.flat().contains("warning earliest no event at all is visible"), "{}", ran.out);
    room.run(&["check", "--org", "org_a"]).refuses(2, &["--base-url"]);
}
