//! Sealed evidence: nothing is added by accident, nothing is overwritten, and a changed byte is told.

use super::support::{Room, lines, small};
use std::fs;
use std::path::Path;

/// A case with one acquisition and its papers.
fn room(name: &str) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(&small()));
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    room
}

/// Flips the lowest bit of the byte in the middle.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    writable(path);
    fs::write(path, bytes).unwrap();
}

#[cfg(unix)]
fn writable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn writable(_: &Path) {}

/// Every verb that reads a case ends with 4 and names what is wrong.
fn everyone_notices(room: &Room, words: &[&str]) {
    let verified = room.run(&["verify", "case"]).ends(4).says(words);
    assert!(words.iter().all(|word| verified.out.contains(word)), "{verified:?}");
    room.run(&["query", "@by_verb", "--case", "case"]).refuses(4, words);
    room.run(&["cross-org", "--case", "case"]).refuses(4, words);
}

#[test]
fn a_flipped_byte_of_a_page_is_noticed_by_every_verb() {
    let room = room("altered_page");
    flip(&room.path.join("case/evidence/acq-0001/data/pages/000001.body"));
    everyone_notices(&room, &["acq-0001", "000001.body"]);
}

#[test]
fn a_missing_page_is_noticed_by_every_verb() {
    let room = room("altered_missing");
    #[expect(clippy::disallowed_methods, reason = "the test does what an intruder does")]
    fs::remove_file(room.path.join("case/evidence/acq-0001/data/pages/000001.body")).unwrap();
    everyone_notices(&room, &["acq-0001", "000001.body"]);
}

#[test]
fn a_page_that_nobody_sealed_is_noticed() {
    let room = room("altered_extra");
    room.put("case/evidence/acq-0001/data/pages/000002.body", "{}");
    everyone_notices(&room, &["acq-0001", "000002.body"]);
}

#[test]
fn a_flipped_byte_of_any_file_of_the_bag_is_noticed() {
    let room = room("altered_any");
    let files = room.files("case/evidence");
    assert!(files.len() >= 9, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        if bytes.is_empty() {
            continue;
        }
        flip(&file);
        let ran = room.run(&["verify", "case"]);
        assert_eq!(ran.code, 4, "{} was changed: {ran:?}", file.display());
        fs::write(&file, bytes).unwrap();
    }
    room.run(&["verify", "case"]).ends(0);
}

#[test]
fn an_acquisition_that_was_taken_away_is_noticed() {
    let room = room("altered_chain");
    room.ask(&["--input", "log.ndjson", "--case", "case", "--again"]).ends(0);
    fs::rename(room.path.join("case/evidence/acq-0001"), room.path.join("taken")).unwrap();
    everyone_notices(&room, &["acq-0001", "is missing"]);
}

#[test]
fn a_second_acquisition_must_be_asked_for() {
    let room = room("altered_again");
    let sums = room.sums("case");
    let verified = || room.run(&["verify", "case"]).ends(0).out;
    let before = verified();
    room.ask(&["--input", "log.ndjson", "--case", "case"]).refuses(7, &["case", "--again"]);
    room.run(&["import", "log.ndjson", "--case", "case"]).refuses(7, &["case", "--again"]);
    assert_eq!((room.sums("case"), verified()), (sums, before.clone()), "nothing was touched");
    let mut late = small();
    late[2]["id"] = "e6".into();
    late[2]["resource"]["id"] = "inv_3".into();
    room.put("late.ndjson", lines(&late[2..3]));
    room.ask(&["--input", "late.ndjson", "--case", "case", "--again"]).ends(0);
    assert_eq!(room.column("case", "records.csv", "record_id"), ["inv_1", "inv_2", "inv_3"]);
    assert!(verified().contains("acq-0002") && verified() != before);
    assert!(room.path.join("case/reports/superseded-0001/records.csv").exists(), "the earlier answer is kept");
}

#[test]
fn papers_changed_by_hand_are_not_overwritten() {
    let room = room("altered_paper");
    let other = ["cross-org", "--case", "case", "--attacker", "org_t", "--victim", "org_v"];
    let name = "case/reports/internal/records.csv";
    let edited = format!("{}my note\r\n", room.text(name));
    room.put(name, &edited);
    room.run(&other).refuses(7, &["records.csv", "changed by hand", "--force"]);
    room.run(&["cross-org", "--case", "case", "--attacker", "org_a"]).refuses(7, &["records.csv"]);
    assert_eq!(room.text(name), edited);
    room.run(&[&other[..], &["--force"]].concat()).ends(0);
    assert_eq!(room.paper("case", "records.csv").len(), 0);
    room.run(&["verify", "case"]).ends(0);
}

#[test]
fn another_question_puts_the_earlier_papers_aside() {
    let room = room("altered_aside");
    let before = room.text("case/reports/internal/impact.json");
    room.run(&["cross-org", "--case", "case", "--attacker", "org_t", "--victim", "org_v"]).ends(0);
    assert_eq!(room.text("case/reports/superseded-0001/impact.json"), before);
    room.ask(&["--case", "case"]).ends(0);
    assert_eq!(room.text("case/reports/internal/impact.json"), before, "the same question, the same bytes");
}
