//! Files that hold no log: each its own clear message and exit status, and the bytes stay in the case.

use super::support::{Room, lines, small};

/// Asks a file that holds no log.
fn refused(name: &str, bytes: &[u8], code: i32, words: &[&str]) -> Room {
    let room = Room::new(name);
    room.put("log", bytes);
    room.ask(&["--input", "log", "--case", "case"]).refuses(code, words);
    room.run(&["import", "log", "--case", "imported"]).refuses(code, words);
    room
}

/// What was received stays in the case and can be verified.
fn kept(room: &Room, bytes: &[u8]) {
    let pages = room.files("case/evidence/acq-0001/data/pages");
    assert!(pages.iter().any(|page| std::fs::read(page).unwrap() == bytes), "the bytes are not in the case");
    room.run(&["verify", "case"]).ends(0);
}

#[test]
fn what_is_no_json_is_not_understood() {
    for (name, bytes) in [
        ("bad_text", &b"Mar  1 10:00:00 host sshd[1]: Accepted publickey\nMar  1 10:00:01 host sshd[1]: bye\n"[..]),
        ("bad_binary", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\xfd"),
        ("bad_html", b"<!doctype html><title>Sign in</title>"),
        ("bad_csv", b"id,timestamp\ne1,2026-03-01\n"),
        ("bad_scalar", b"42\n\"text\"\nnull\n"),
    ] {
        let room = refused(name, bytes, 8, &["acq-0001", "000001.body", "--profile"]);
        kept(&room, bytes);
    }
}

#[test]
fn a_profile_that_fits_no_record_is_not_believed() {
    let bytes = lines(&[serde_json::json!({ "eventName": "GetObject", "eventID": "1" })]);
    let room = refused("bad_fit", bytes.as_bytes(), 8, &["native", "action", "aws-cloudtrail", "--profile"]);
    kept(&room, bytes.as_bytes());
    // The bytes need not be read again: another profile answers from the case.
    let asked = ["cross-org", "--case", "case", "--attacker", "org_a", "--victim", "org_v"];
    room.run(&[&asked[..], &["--profile", "aws-cloudtrail"]].concat()).ends(3);
}

#[test]
fn empty_input_is_refused() {
    let room = Room::new("bad_empty_folder");
    std::fs::create_dir(room.path.join("log")).unwrap();
    room.ask(&["--input", "log", "--case", "case"]).refuses(2, &["log", "nothing to read"]);
    room.run(&["import", "log", "--case", "case"]).refuses(2, &["log", "nothing to read"]);
    assert!(!room.path.join("case").exists());
    let room = refused("bad_empty_file", b"", 2, &["log", "nothing to read"]);
    assert!(!room.path.join("case").exists());
}

#[test]
fn files_without_a_record_answer_nothing() {
    for (name, bytes) in [("bad_blank_file", "\n\n \n"), ("bad_empty_array", "[]"), ("bad_empty_page", "{\"data\":[]}")]
    {
        let room = Room::new(name);
        room.put("log", bytes);
        let ran = room.ask(&["--input", "log", "--case", "case"]).ends(3);
        let told = ran.flat();
        assert!(told.contains("LOWER BOUND") && told.contains("the own log of org_v is absent"), "{}", ran.out);
        assert!(!told.to_lowercase().contains("no access found"), "{}", ran.out);
    }
}

#[test]
fn an_empty_file_beside_a_full_one_is_no_trouble() {
    let room = Room::new("bad_empty_beside");
    room.put("logs/empty.ndjson", "");
    room.put("logs/full.ndjson", lines(&small()));
    room.ask(&["--input", "logs", "--case", "case"]).ends(0);
}

#[test]
fn an_organisation_that_never_appears_is_answered_with_the_nearest() {
    let room = Room::new("bad_org");
    room.put("log", lines(&small()));
    let ran = room.run(&["cross-org", "--attacker", "org_aa", "--victim", "org_v", "--input", "log", "--case", "case"]);
    let ran = ran.ends(3);
    let told = ran.flat();
    assert!(
        told.contains("org_aa") && told.contains("org_a,") | told.contains("org_a ") | told.contains("org_a;"),
        "{}",
        ran.out
    );
    assert!(told.contains("LOWER BOUND") || told.contains("ot determined"), "{}", ran.out);
    assert!(!told.to_lowercase().contains("no access found"), "{}", ran.out);
    let room = Room::new("bad_org_victim");
    room.put("log", lines(&small()));
    let ran = room
        .run(&["cross-org", "--attacker", "org_a", "--victim", "ORG_V", "--input", "log", "--case", "case"])
        .ends(3);
    assert!(ran.flat().contains("org_v"), "ids are compared byte for byte, and the nearest is shown: {}", ran.out);
    assert_eq!(room.paper("case", "records.csv").len(), 0);
}

#[test]
fn a_truncated_archive_is_a_gap_and_not_an_answer() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(lines(&small()).as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    let room = Room::new("bad_gzip");
    room.put("logs/cut.ndjson.gz", &whole[..whole.len() - 9]);
    room.put("logs/whole.ndjson", lines(&small()));
    let ran = room.ask(&["--input", "logs", "--case", "case"]).ends(3);
    assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    let rows = room.paper("case", "quarantine.csv");
    assert_eq!(rows.len(), 1, "{rows:?}");
    let page = std::fs::read(room.path.join("case").join(&rows[0]["file"])).unwrap();
    assert_eq!(page, whole[..whole.len() - 9], "the page named is the file that is cut");
}
