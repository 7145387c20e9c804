//! The log is read a second time: what that confirms, amends and cannot know.

use super::pull::{TOKEN, assert_no_token};
use super::support::{ASKED, Ran, Room, event, small};
use crate::living::{Ask, Living, Reply, page};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn ask(room: &Room, server: &Living, more: &[&str]) -> Ran {
    room.put("token.txt", TOKEN);
    let url = server.url();
    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--case", "case", "--base-url", &url];
    let ran = room.run(&[&["cross-org"], &ASKED[..], &window, &["--token-file", "token.txt"], more].concat());
    assert_no_token(room, &ran);
    ran
}

/// A log whose first reading, of one page each, is `first`, and every later one `then`.
fn changing(first: Vec<Value>, then: Vec<Value>) -> Living {
    Living::start(move |ask| page(if ask.number <= 2 { &first } else { &then }, ask))
}

fn readings(room: &Room) -> Value {
    let impact: Value = serde_json::from_str(&room.text("case/reports/internal/impact.json")).unwrap();
    impact["coverage"]["readings"].clone()
}

fn late() -> Value {
    event("late", "2026-03-01T15:00:00Z", "org_v", ("u_a", "org_a"), "delete", ("inv_3", "org_v"))
}

#[test]
fn a_second_walk_confirms_the_answer_with_other_pages_and_cuts() {
    let room = Room::new("readings_same");
    let server = changing(small(), small());
    let ran = ask(&room, &server, &[]).ends(0).says(&["rests on a single walk", "a second time"]);
    assert!(ran.flat().contains("acq-0001 is a single walk"), "{}", ran.out);
    let last = ran.out.lines().last().unwrap();
    assert!(
        last.starts_with("acq-0001 confirmed by a second walk (acq-0002): the same 5 events; the filter"),
        "{last}"
    );
    assert!(room.text("case/reports/internal/impact.md").contains("confirmed by a second walk"));
    let asked = server.asked();
    assert_eq!(asked[0].limit, 1000);
    let mut second = asked[2..].iter().filter(|ask| ask.org.is_some());
    assert!(second.all(|ask| ask.limit == 667 && ask.window != asked[0].window), "{asked:?}");
    let seals = [1, 2].map(|n| room.text(&format!("case/evidence/acq-000{n}/seal.json")));
    assert!(seals[0].contains(r#""reading": "single walk""#) && seals[1].contains(r#""reading": "second walk""#));
    let sums = room.sums("case");
    drop(server);
    let again = room.run(&["cross-org", "--case", "case"]).ends(0);
    assert_eq!(room.sums("case"), sums, "offline the same is said");
    assert!(again.flat().contains("confirmed by a second walk"));
    room.run(&["verify", "case"]).ends(0);
}

#[test]
fn without_a_second_walk_the_answer_says_so() {
    let room = Room::new("readings_single");
    let server = changing(small(), small());
    let ran = ask(&room, &server, &["--no-verify-walk"]).ends(0);
    assert!(ran.flat().contains("acq-0001 is a single walk, which no second reading confirms"), "{}", ran.out);
    assert_eq!(server.asked().len(), 2);
    assert!(!room.path.join("case/evidence/acq-0002").exists());
}

#[test]
fn with_json_standard_output_carries_the_last_word_alone() {
    let room = Room::new("readings_json");
    let server = changing(small(), [small(), vec![late()]].concat());
    let ran = ask(&room, &server, &["--json"]).ends(0);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["summary"]["records"], 3);
    assert_eq!(told["coverage"]["readings"][0]["again"].as_array().unwrap().len(), 2);
}

#[test]
fn fault_051_an_event_that_comes_late_amends_the_answer() {
    let room = Room::new("readings_late");
    let ran = ask(&room, &changing(small(), [small(), vec![late()]].concat()), &[]);
    let ran = ran.ends(0).says(&["the second walk showed more than the first"]);
    assert!(ran.out.contains("2 distinct records") && ran.out.contains("3 distinct records"), "{}", ran.out);
    assert!(
        ran.out.contains("acq-0001 amended by a second walk (acq-0002): 5 events as before, 1 not seen before;"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("confirmed by a second walk (acq-0003): the same 6 events"), "{}", ran.out);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2", "inv_3"]);
    assert_eq!(readings(&room)[0]["again"][0]["appeared"][0]["event"], "late");
}

#[test]
fn fault_051_a_log_that_never_holds_still_is_a_lower_bound() {
    let room = Room::new("readings_moving");
    let growing = |ask: &Ask| {
        let more = |n: usize| {
            let time = format!("2026-03-01T15:{n:02}:00Z");
            event(&format!("late{n}"), &time, "org_v", ("u_v", "org_v"), "read", ("inv_2", "org_v"))
        };
        page(&[small(), (0..ask.number).map(more).collect()].concat(), ask)
    };
    let ran = ask(&room, &Living::start(growing), &[]).ends(3);
    assert!(ran.flat().contains("came to light only in the last reading"), "{}", ran.out);
    assert!(room.path.join("case/evidence/acq-0003").exists() && !room.path.join("case/evidence/acq-0004").exists());
}

#[test]
fn fault_053_an_event_that_changed_between_two_readings_is_two_versions() {
    let room = Room::new("readings_changed");
    let mut then = small();
    let changed = then.iter_mut().find(|event| event["id"] == "e2").unwrap();
    changed["outcome"] = json!("denied");
    let ran = ask(&room, &changing(small(), then), &[]).ends(3);
    assert!(ran.out.contains("1 with other content"), "{}", ran.out);
    let conflicts = room.paper("case", "conflicts.csv");
    assert_eq!((conflicts[0]["source_id"].as_str(), conflicts[0]["kind"].as_str()), ("e2", "versions"));
    assert!(conflicts[0].values().any(|v| v.contains("acq-0001") && v.contains("acq-0002")), "{conflicts:?}");
}

#[test]
fn fault_054_an_event_that_vanished_between_two_readings_stays_and_is_told() {
    let room = Room::new("readings_vanished");
    let then = small().into_iter().filter(|event| event["id"] != "e2").collect();
    let ran = ask(&room, &changing(small(), then), &[]).ends(3);
    assert!(ran.out.contains("1 no longer there"), "{}", ran.out);
    assert!(ran.flat().contains("had vanished from the log in a later one"), "{}", ran.out);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2"], "it is not forgotten");
    let conflicts = room.paper("case", "conflicts.csv");
    assert_eq!((conflicts[0]["source_id"].as_str(), conflicts[0]["kind"].as_str()), ("e2", "vanished"));
    let told = conflicts[0].values().find(|v| v.contains("present in acq-0001 at 2026")).unwrap();
    assert!(told.contains("absent in acq-0002 at 2026"), "{told}");
}

#[test]
fn fault_057_events_that_fall_out_at_the_old_end_are_retention_and_no_loss() {
    let room = Room::new("readings_expired");
    // The oldest of V's log is gone at the second reading.
    let then = small().into_iter().filter(|event| event["timestamp"] != "2026-03-01T10:00:00Z").collect();
    let ran = ask(&room, &changing(small(), then), &[]).ends(0);
    assert!(ran.out.contains("2 events had meanwhile fallen out of the log at its old end"), "{}", ran.out);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2"]);
}

#[test]
fn a_second_walk_that_fails_takes_nothing_from_the_first_answer() {
    let room = Room::new("readings_refused");
    let refusing = |ask: &Ask| -> Reply {
        if ask.number <= 2 { page(&small(), ask) } else { (401, Vec::new(), "expired".to_owned()) }
    };
    let ran = ask(&room, &Living::start(refusing), &[]).ends(0).says(&["the further reading is not whole", "401"]);
    assert!(ran.out.contains("not confirmed: a second walk (acq-0002) broke off"), "{}", ran.out);
    let sums = room.sums("case");
    let again = room.run(&["cross-org", "--case", "case"]).ends(0);
    assert!(again.flat().contains("no known gap"), "what was read once has no gap: {}", again.out);
    assert_eq!(room.sums("case"), sums);
}

#[test]
fn everyones_log_is_read_twice_as_well() {
    let room = Room::new("readings_discover");
    room.put("token.txt", TOKEN);
    let server =
        Living::start(|ask| page(&[small(), if ask.number > 1 { vec![late()] } else { vec![] }].concat(), ask));
    let url = server.url();
    let args = ["discover", "--from", "2026-03-01", "--to", "2026-03-02", "--case", "case", "--base-url", &url];
    let ran = room.run(&[&args[..], &["--token-file", "token.txt"]].concat());
    assert!(ran.out.contains("amended by a second walk (acq-0002)"), "{}", ran.out);
    assert_eq!(room.column("case", "pairs.csv", "records")[0], "3");
}

#[test]
fn fault_051_time_for_late_events_is_waited_for_and_the_tail_read_again() {
    let room = Room::new("readings_settle");
    room.put("token.txt", TOKEN);
    let begun = Instant::now();
    let now = irforensics::clock::now();
    let late =
        event("late", &now.saturating_add(-300_000).to_string(), "org_v", ("u_a", "org_a"), "read", ("i9", "org_v"));
    let early =
        event("early", &now.saturating_add(-9_000_000).to_string(), "org_v", ("u_v", "org_v"), "read", ("i8", "org_v"));
    let server = Living::start(move |ask| {
        let arrived = begun.elapsed() > Duration::from_millis(1200);
        page(&if arrived { vec![early.clone(), late.clone()] } else { vec![early.clone()] }, ask)
    });
    let (url, from, to) = (server.url(), now.saturating_add(-3_600_000_000).to_string(), now.to_string());
    let args = ["--from", &from, "--to", &to, "--case", "case", "--base-url", &url, "--token-file", "token.txt"];
    let more = ["--no-verify-walk", "--settle", "2s"];
    let ran = room.run(&[&["cross-org"], &ASKED[..], &args, &more].concat()).says(&["for late events"]);
    assert!(ran.out.contains("amended by a tail read again (acq-0002)"), "{}\n{}", ran.out, ran.err);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["i9"]);
    let asked = server.asked();
    let tail = asked[asked.len() - 1].window;
    assert!(tail.from().unwrap() > now.saturating_add(-60_000_000), "only the tail: {tail}");
}

#[test]
fn fault_036_a_server_whose_clock_is_days_off_is_told() {
    let room = Room::new("readings_clock");
    let date = |days: i64| {
        let at = irforensics::clock::now().saturating_add(days * 86_400_000_000).micros() / 1_000_000;
        chrono::DateTime::from_timestamp(at, 0).unwrap().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let server = Living::start(move |ask| {
        let (status, mut headers, body) = page(&small(), ask);
        headers.push(("Date", date(2)));
        (status, headers, body)
    });
    let ran = ask(&room, &server, &["--no-verify-walk"]).ends(0).says(&["warning: the server's clock is 17", "ahead"]);
    assert!(ran.flat().contains("the server's clock ran 17"), "{}", ran.out);
    let seal: Value = serde_json::from_str(&room.text("case/evidence/acq-0001/seal.json")).unwrap();
    let offset = seal["clock_offset_s"].as_i64().unwrap();
    assert!((offset - 172_800).abs() < 5, "{offset}");
}

#[test]
fn fault_059_a_filter_that_leaves_events_out_is_found_by_a_page_of_everyones_log() {
    let room = Room::new("readings_filter");
    let shouted = event("loud", "2026-03-01T11:30:00Z", "ORG_V", ("u_v", "org_v"), "read", ("inv_2", "org_v"));
    let narrow = move |ask: &Ask| {
        let all = [small(), vec![shouted.clone()]].concat();
        let kept = all.into_iter().filter(|event| ask.org.is_none() || event["id"] != "e2").collect::<Vec<_>>();
        page(&kept, ask)
    };
    let ran = ask(&room, &Living::start(narrow), &[]).ends(3);
    assert!(ran.flat().contains("the filter by organisation left out 1 of 5 events of these logs"), "{}", ran.out);
    assert!(ran.flat().contains("ids much like those asked for: ORG_V"), "{}", ran.out);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2"], "what was found counts");
    assert!(!room.text("case/reports/internal/impact.json").contains("inv_7"), "what concerns others is left alone");
}

#[test]
fn fault_059_where_everyones_log_is_closed_the_filter_is_not_checked_and_that_is_said() {
    let room = Room::new("readings_filter_closed");
    let closed = |ask: &Ask| if ask.org.is_none() { (403, Vec::new(), "no".to_owned()) } else { page(&small(), ask) };
    let ran = ask(&room, &Living::start(closed), &[]).ends(0);
    assert!(ran.flat().contains("confirmed by a second walk"), "{}", ran.out);
    assert!(room.text("case/reports/internal/impact.md").contains("was not checked: everyone's log was not shown"));
}
