//! Where a token may come from, and where it must never go.

use super::pull::{TOKEN, assert_no_token, pull, serve};
use super::support::{ASKED, Room, small};

const WINDOW: [&str; 6] = ["--from", "2026-03-01", "--to", "2026-03-02", "--case", "case"];

#[test]
fn a_token_comes_from_standard_input() {
    let room = Room::new("token_stdin");
    let server = serve(&small(), Vec::new());
    let url = server.base_url();
    let args = [&["cross-org"], &ASKED[..], &WINDOW, &["--base-url", &url, "--token-file", "-"]].concat();
    let ran = room.run_with(&args, &[], format!("{TOKEN}\n").as_bytes()).ends(0);
    assert_no_token(&room, &ran);
}

#[test]
fn a_token_comes_from_the_environment() {
    let room = Room::new("token_environment");
    let server = serve(&small(), Vec::new());
    let url = server.base_url();
    let args = [&["cross-org"], &ASKED[..], &WINDOW, &["--base-url", &url]].concat();
    let ran = room.run_with(&args, &[("IRFORENSICS_TOKEN", TOKEN)], b"").ends(0);
    assert_no_token(&room, &ran);
}

#[test]
fn each_organisation_may_have_its_own_token() {
    let room = Room::new("token_by_org");
    let server = serve(&small(), Vec::new());
    room.put("wrong.txt", "tok-wrong");
    let both = ["--token-file", "org_a=token.txt", "--token-file", "org_v=token.txt"];
    let ran = pull(&room, &server.base_url(), &both).ends(0);
    assert_no_token(&room, &ran);
    let server = serve(&small(), Vec::new());
    let room = Room::new("token_by_org_wrong");
    room.put("wrong.txt", "tok-wrong");
    pull(&room, &server.base_url(), &["--token-file", "token.txt", "--token-file", "org_v=wrong.txt"]).ends(5);
    let sent: Vec<String> = server.requests().iter().map(|r| r.header("authorization").to_owned()).collect();
    assert!(sent.contains(&"Bearer tok-wrong".to_owned()), "the token of org_v goes before the common one");
}

#[test]
fn a_missing_token_is_told_before_anything_is_sent() {
    let room = Room::new("token_missing");
    let server = serve(&small(), Vec::new());
    pull(&room, &server.base_url(), &[]).refuses(2, &["token", "--token-file", "IRFORENSICS_TOKEN", "audit:read"]);
    pull(&room, &server.base_url(), &["--token-file", "org_a=token.txt"]).refuses(2, &["no token for org_v"]);
    pull(&room, &server.base_url(), &["--token-file", "nowhere.txt"]).refuses(2, &["nowhere.txt"]);
    room.put("empty.txt", "\n");
    pull(&room, &server.base_url(), &["--token-file", "empty.txt"]).refuses(2, &["empty.txt"]);
    assert_eq!(server.requests().len(), 0);
    // The window, given rightly, ends as it should: the failures above left nothing in the way.
    pull(&room, &server.base_url(), &["--token-file", "token.txt"]).ends(0);
}

#[test]
fn fault_058_one_token_does_not_stand_for_two_organisations_where_it_decides_whose_log_is_read() {
    let room = Room::new("token_implied");
    let server = serve(&small(), Vec::new());
    let native = include_str!("../../../src/profile/native.toml").replace("\"parameter org_id\"", "\"token\"");
    room.put("implied.toml", native);
    room.put("other.txt", "tok-other");
    let profile = ["--profile", "./implied.toml", "--token-file", "token.txt"];
    let ran = pull(&room, &server.base_url(), &profile);
    ran.refuses(2, &["the token decides whose log is read", "--token-file org_v=FILE"]);
    assert_eq!(server.requests().len(), 0);
    let each = [&profile[..], &["--token-file", "org_v=other.txt"]].concat();
    pull(&room, &server.base_url(), &each);
    assert!(server.requests().iter().all(|asked| !asked.target.contains("org_id")));
    assert!(!server.requests().is_empty());
}

#[test]
fn a_token_over_plain_http_to_a_stranger_is_refused_or_warned_about() {
    let room = Room::new("token_plain_http");
    // TEST-NET-1: no host answers there, and none must be asked.
    let ran = pull(&room, "http://192.0.2.1", &["--token-file", "token.txt"]);
    ran.refuses(2, &["https"]);
}
