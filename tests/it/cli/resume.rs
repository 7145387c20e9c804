//! A run that is killed, stopped or refused on the way, and the same command again.

use super::pull::{TOKEN, assert_no_token, serve};
use super::support::{ASKED, Ran, Room, event};
use irforensics::rehearsal::{Fault, Server, Trouble};
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Events of a page, so that a few hundred events are many pages.
const LIMIT: usize = 20;
/// Events of the victim's log, and pages.
const EVENTS: u32 = 240;

/// Accesses of `org_a` to records of `org_v`, told by the victim's log; every tenth by both.
fn events() -> Vec<Value> {
    let read = |n: u32, log: &str| {
        let time = format!("2026-03-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60);
        event(&format!("r{n}"), &time, log, ("u_a", "org_a"), "read", (&format!("inv_{n}"), "org_v"))
    };
    let victims = (0..EVENTS).map(|n| read(n, "org_v"));
    victims.chain((0..EVENTS / 2).step_by(2).map(|n| read(n, "org_a"))).collect()
}

fn room(name: &str) -> Room {
    let room = Room::new(name);
    let native = include_str!("../../../src/profile/native.toml");
    let small = native.replace("limit_max = 1000", &format!("limit_max = {LIMIT}")).replace("\"native\"", "\"small\"");
    assert_ne!(small, native);
    room.put("small.toml", small);
    room.put("token.txt", TOKEN);
    room
}

fn words(url: &str) -> Vec<String> {
    let fixed = ["--from", "2026-03-01", "--to", "2026-03-02", "--profile", "small.toml", "--token-file", "token.txt"];
    let all = [&["cross-org"], &ASKED[..], &fixed, &["--no-verify-walk", "--case", "case", "--base-url", url]].concat();
    all.into_iter().map(str::to_owned).collect()
}

fn again(room: &Room, url: &str, more: &[&str]) -> Ran {
    let words = words(url);
    let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
    room.run(&words)
}

/// A server on which the k-th request for the victim's log is never answered.
fn stalling(k: u32) -> Server {
    serve(&events(), vec![Fault::once(k, Trouble::Stall).for_org("org_v")])
}

/// Starts the pull and waits until it hangs at the request that is not answered.
fn started(room: &Room, server: &Server, k: usize) -> Child {
    let words = words(&server.base_url());
    let mut command = Command::new(env!("CARGO_BIN_EXE_irforensics"));
    command.args(words).current_dir(&room.path).env_clear().stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let of_victim = || server.requests().iter().filter(|seen| seen.target.contains("org_id=org_v")).count();
    let of_attacker = || server.requests().len() - of_victim();
    while of_victim() < k || of_attacker() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the pull did not come to request {k}");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Sends a signal as a shell would.
fn signal(child: &Child, name: &str) {
    let sent = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().unwrap();
    assert!(sent.success());
}

/// How a child ends, with what it said on standard error.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

/// What two runs must agree on: the papers without the places in the evidence.
fn answer(room: &Room) -> Vec<Vec<(String, String)>> {
    let mut rows = Vec::new();
    for paper in ["records.csv", "accesses.csv", "actors.csv", "attempts.csv", "bulk.csv", "unresolved.csv"] {
        for row in room.paper("case", paper) {
            rows.push(row.into_iter().filter(|(column, _)| column != "evidence_refs").collect());
        }
    }
    rows
}

fn whole(name: &str) -> Vec<Vec<(String, String)>> {
    let room = room(name);
    let server = serve(&events(), Vec::new());
    again(&room, &server.base_url(), &[]).ends(0);
    let answer = answer(&room);
    assert_eq!(room.paper("case", "records.csv").len(), usize::try_from(EVENTS).unwrap());
    answer
}

/// Ids of the events of all pages of the sealed acquisition, in order: none may come twice from one log.
fn delivered(room: &Room) -> Vec<(String, String)> {
    let journals =
        room.files("case/evidence/acq-0001/data").into_iter().filter(|f| f.to_string_lossy().contains("journal"));
    let mut found = Vec::new();
    for journal in journals {
        for line in fs::read_to_string(journal).unwrap().lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
            if line["kind"] == "page" {
                let body =
                    fs::read(room.path.join("case/evidence/acq-0001").join(line["path"].as_str().unwrap())).unwrap();
                let body: Value = serde_json::from_slice(&plain(body)).unwrap();
                let events = body["data"].as_array().unwrap().iter();
                found.extend(events.map(|e| (e["org_id"].to_string(), e["id"].to_string())));
            }
        }
    }
    found.sort();
    found
}

/// The body without its coding.
fn plain(body: Vec<u8>) -> Vec<u8> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return body;
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&body[..]).read_to_end(&mut plain).unwrap();
    plain
}

fn each_once(room: &Room) {
    let delivered = delivered(room);
    assert_eq!(delivered.len(), events().len());
    assert!(delivered.windows(2).all(|pair| pair[0] != pair[1]), "an event was kept twice");
}

#[test]
fn fault_081_a_killed_pull_goes_on_where_it_was() {
    let expected = whole("resume_whole");
    let room = room("resume_kill");
    let server = stalling(6);
    let mut child = started(&room, &server, 6);
    child.kill().unwrap();
    child.wait().unwrap();
    room.run(&["verify", "case"]).ends(3);
    let before = server.requests().len();
    again(&room, &server.base_url(), &[]).ends(0).says(&["goes on with acq-0001"]);
    assert_eq!(server.requests().len() - before, 7, "five of twelve pages were safe");
    assert_eq!(answer(&room), expected);
    each_once(&room);
    room.run(&["verify", "case"]).ends(0);
    again(&room, &server.base_url(), &[]).refuses(7, &["--again"]);
}

#[test]
fn fault_090_a_torn_tail_stays_and_the_next_segment_names_it() {
    let room = room("resume_torn");
    let server = stalling(6);
    let mut child = started(&room, &server, 6);
    child.kill().unwrap();
    child.wait().unwrap();
    let path = room.path.join("case/evidence/acq-0001/data/journal.jsonl");
    let text = fs::read(&path).unwrap();
    let torn = &text[..text.len() - 40];
    fs::write(&path, torn).unwrap();
    // What another interruption leaves: a body half written, and one without its line.
    room.put("case/evidence/acq-0001/data/pages/000777.body.part", "half");
    room.put("case/evidence/acq-0001/data/pages/000778.body", "{}");
    again(&room, &server.base_url(), &[]).ends(0);
    assert_eq!(fs::read(&path).unwrap(), torn, "nothing is cut off or mended");
    let next = room.text("case/evidence/acq-0001/data/journal-0002.jsonl");
    let first: Value = serde_json::from_str(next.lines().next().unwrap()).unwrap();
    assert_eq!((first["kind"].as_str(), first["path"].as_str()), (Some("segment"), Some("data/journal.jsonl")));
    for stray in ["000777.body.part", "000778.body"] {
        assert!(next.lines().any(|line| line.contains("stray") && line.contains(stray)), "{stray}: {next}");
        assert!(room.text("case/evidence/acq-0001/manifest-sha256.txt").contains(stray));
    }
    each_once(&room);
    room.run(&["verify", "case"]).ends(0);
    let segment = room.path.join("case/evidence/acq-0001/data/journal-0002.jsonl");
    fs::write(&segment, next.replacen("stray", "strax", 1)).unwrap();
    room.run(&["verify", "case"]).ends(4).says(&["journal-0002.jsonl"]);
}

#[test]
fn fault_090_an_edited_journal_is_not_continued() {
    type Edit = fn(&mut Vec<String>);
    let edits: [(&str, Edit, &str); 5] = [
        ("edited", |lines| lines[1] = lines[1].replace("\"events\":20", "\"events\":19"), "line 3"),
        ("deleted", |lines| drop(lines.remove(1)), "line 2"),
        ("swapped", |lines| lines.swap(1, 2), "line 2"),
        ("doubled", |lines| lines.insert(1, lines[0].clone()), "line 2"),
        ("garbage", |lines| lines[1] = "garbage".to_owned(), "line 2"),
    ];
    let room = room("resume_edited");
    let server = stalling(6);
    let mut child = started(&room, &server, 6);
    child.kill().unwrap();
    child.wait().unwrap();
    let path = room.path.join("case/evidence/acq-0001/data/journal.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    for (name, edit, line) in edits {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        edit(&mut lines);
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let ran = again(&room, &server.base_url(), &[]).ends(4);
        assert!(ran.err.contains("journal.jsonl") && ran.err.contains(line), "{name}: {}", ran.err);
    }
    fs::write(&path, &text).unwrap();
    let page = room.path.join("case/evidence/acq-0001/data/pages/000002.body");
    let body = fs::read(&page).unwrap();
    for changed in [&body[1..], b""] {
        fs::write(&page, changed).unwrap();
        again(&room, &server.base_url(), &[]).ends(4).says(&["000002.body"]);
    }
    fs::write(&page, &body).unwrap();
    again(&room, &server.base_url(), &[]).ends(0);
    each_once(&room);
}

#[test]
fn fault_091_what_a_later_version_began_is_not_continued() {
    let room = room("resume_newer");
    let server = stalling(6);
    let mut child = started(&room, &server, 6);
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = room.path.join("case/evidence/acq-0001/data/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("{\"seq\":2", "{\"tide\":1,\"seq\":2", 1)).unwrap();
    again(&room, &server.base_url(), &[]).refuses(7, &["line 2", "later version"]);
    fs::write(&journal, &text).unwrap();
    let request = room.path.join("case/evidence/acq-0001/data/request.json");
    let newer = fs::read_to_string(&request).unwrap().replacen("\"format\": 1", "\"format\": 2", 1);
    fs::write(&request, newer).unwrap();
    again(&room, &server.base_url(), &[]).refuses(7, &["format 2", "later version"]);
    assert_eq!(fs::read_to_string(&journal).unwrap(), text, "nothing was written");
    room.run(&["verify", "case"]).ends(3);
}

#[test]
fn another_question_does_not_go_on_with_what_was_interrupted() {
    let room = room("resume_other");
    let server = stalling(6);
    let mut child = started(&room, &server, 6);
    child.kill().unwrap();
    child.wait().unwrap();
    let url = server.base_url();
    let other = |more: &[&str]| {
        let fixed = ["cross-org", "--attacker", "org_a", "--victim", "org_v", "--profile", "small.toml"];
        let times = ["--token-file", "token.txt", "--from", "2026-03-01", "--to", "2026-03-01T12:00:00Z"];
        room.run(&[&fixed[..], &times, &["--no-verify-walk", "--case", "case", "--base-url", &url], more].concat())
    };
    other(&[]).refuses(7, &["acq-0001", "interrupted", "--again"]);
    other(&["--again"]).ends(3);
    assert!(room.path.join("case/evidence/acq-0002/seal.json").exists());
    assert!(!room.path.join("case/evidence/acq-0001/seal.json").exists(), "it stays as it was");
}

#[test]
fn fault_082_once_finishes_the_page_in_hand_and_prints_the_command_that_goes_on() {
    let expected = whole("resume_signal_whole");
    for name in ["INT", "TERM", "HUP"] {
        let room = room(&format!("resume_{name}"));
        // The page in hand comes, slowly; the one after it is not asked for.
        let server = serve(&events(), vec![Fault::once(6, Trouble::Drip { millis: 1 }).for_org("org_v")]);
        let child = started(&room, &server, 6);
        signal(&child, name);
        let (code, said) = ended(child);
        assert_eq!(code, Some(130), "{name}: {said}");
        let of_victim = server.requests().iter().filter(|seen| seen.target.contains("org_id=org_v")).count();
        assert_eq!(of_victim, 6, "{name}");
        let line = said.lines().find(|line| line.contains("to go on: ")).unwrap_or_else(|| panic!("{said}"));
        let (_, command) = line.split_once("to go on: irforensics ").unwrap();
        assert!(line.contains("9 pages are safe in case"), "{line}");
        let ran = room.run(&command.split(' ').collect::<Vec<_>>()).ends(0);
        assert_no_token(&room, &ran);
        assert_eq!(answer(&room), expected, "{name}");
        each_once(&room);
    }
}

#[test]
fn fault_082_twice_stops_at_once_and_nothing_is_lost() {
    let room = room("resume_twice");
    let server = stalling(6);
    let child = started(&room, &server, 6);
    signal(&child, "INT");
    // The first one is heard when it has disarmed itself; a shell sends the next one later than that.
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, "INT");
    let (code, _) = ended(child);
    assert_eq!(code, Some(130));
    again(&room, &server.base_url(), &[]).ends(0);
    each_once(&room);
}

#[test]
fn fault_082_closed_pipes_are_no_failure() {
    let room = room("resume_pipes");
    let server = serve(&events(), vec![Fault::once(6, Trouble::Drip { millis: 1 }).for_org("org_v")]);
    let mut child = started(&room, &server, 6);
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    room.run(&["verify", "case"]).ends(0);
    each_once(&room);
}

#[test]
fn fault_023_a_token_that_expires_on_the_way_is_replaced() {
    let expected = whole("resume_token_whole");
    let room = room("resume_token");
    let refused = Trouble::Status { code: 401, body: r#"{"error":"expired"}"#.to_owned(), headers: Vec::new() };
    let server = serve(&events(), vec![Fault::once(6, refused).for_org("org_v")]);
    let ran = again(&room, &server.base_url(), &[]).ends(5).says(&["401", "pages are safe", "to go on: "]);
    assert!(ran.out.is_empty(), "no answer yet: {}", ran.out);
    // The same secret in another file stands for a renewed one.
    again(&room, &server.base_url(), &[]).ends(0);
    assert_eq!(answer(&room), expected);
    each_once(&room);
    let noted: Value = serde_json::from_str(&room.text("case/evidence/acq-0001/data/request-0002.json")).unwrap();
    assert_eq!(noted["token_fingerprints"].as_array().unwrap().len(), 1);
}

#[test]
fn fault_023_a_token_that_stays_refused_leaves_a_gap_the_second_time() {
    let room = room("resume_refused");
    let refused = Trouble::Status { code: 401, body: r#"{"error":"expired"}"#.to_owned(), headers: Vec::new() };
    let server = serve(&events(), vec![Fault::since(6, refused).for_org("org_v")]);
    again(&room, &server.base_url(), &[]).ends(5).says(&["to go on: "]);
    let ran = again(&room, &server.base_url(), &[]).ends(5);
    assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    assert!(room.path.join("case/evidence/acq-0001/seal.json").exists());
}

#[test]
fn fault_081_relative_times_are_resolved_once() {
    let room = room("resume_relative");
    let server = stalling(3);
    let url = server.base_url();
    let fixed = ["cross-org", "--attacker", "org_a", "--victim", "org_v", "--profile", "small.toml"];
    let more = [
        "--token-file",
        "token.txt",
        "--from",
        "-300d",
        "--to",
        "now",
        "--case",
        "case",
        "--no-verify-walk",
        "--base-url",
        &url,
    ];
    let words = [&fixed[..], &more].concat();
    let mut child = room.start(&words);
    let begun = Instant::now();
    while server.requests().iter().filter(|seen| seen.target.contains("org_id=org_v")).count() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    room.run(&words).ends(0).says(&["goes on with acq-0001"]);
    each_once(&room);
}

#[test]
fn fault_081_a_second_reading_that_was_killed_is_finished_too() {
    let room = room("resume_second");
    // Twelve pages of the first reading, then some of the second.
    let server = stalling(15);
    let words: Vec<String> = words(&server.base_url()).into_iter().filter(|w| w != "--no-verify-walk").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut child = room.start(&words);
    let begun = Instant::now();
    while server.requests().iter().filter(|seen| seen.target.contains("org_id=org_v")).count() < 15 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(room.path.join("case/evidence/acq-0001/seal.json").exists());
    let expected = answer(&room);
    let ran = room.run(&words).ends(0).says(&["goes on with acq-0001, sealed"]);
    assert!(ran.out.contains("confirmed"), "{}", ran.out);
    assert!(room.path.join("case/evidence/acq-0002/data/journal-0002.jsonl").exists());
    assert!(!room.path.join("case/evidence/acq-0003").exists());
    let agrees = |row: &Vec<(String, String)>| expected.contains(row);
    assert!(answer(&room).iter().all(agrees), "the answer is the same");
    room.run(&words).refuses(7, &["--again"]);
}
