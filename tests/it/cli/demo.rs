//! The rehearsed incident from end to end: pulled, answered, asked again, completed.

use super::support::{Ran, Room, rows};
use irforensics::rehearsal::incident;
use irforensics::report::escape::csv::guard;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};

/// The words of a command that was printed, without the program's name.
fn printed<'r>(ran: &'r Ran, before: &str) -> Vec<&'r str> {
    let (_, command) = ran.out.split_once(before).unwrap();
    let line = command.lines().next().unwrap().split('#').next().unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[0], "irforensics");
    words[1..].to_vec()
}

#[test]
fn the_answer_is_the_planted_truth_and_the_printed_command_repeats_it() {
    let room = Room::new("demo");
    let ran = room.run(&["demo", "--out", "case"]).ends(0).says(&["so far: ", "confirmed, still reading"]);
    assert!(ran.out.contains("the answer equals the planted truth, row by row"), "{}", ran.out);
    assert_eq!(room.paper("case", "records.csv").len(), incident(1).truth.with_catalogue.ledger.len());
    let before = room.sums("case");
    assert!(before.lines().count() > 10, "{before}");
    room.run(&printed(&ran, "ask again, offline: ")).ends(3);
    assert_eq!(room.sums("case"), before);
    assert!(!room.path.join("case/reports/superseded-0001").exists(), "equal papers are left as they are");
}

#[test]
fn one_thread_or_many_write_the_same_bytes() {
    let room = Room::new("demo_threads");
    let ran = room.run(&["demo", "--out", "case", "--seed", "3"]).ends(0);
    let question = printed(&ran, "ask again, offline: ");
    let many = room.sums("case");
    for (number, threads) in ["1", "2", "7"].into_iter().enumerate() {
        // Papers that stand already would hide that others were meant to be written.
        fs::rename(room.path.join("case/reports/internal"), room.path.join(format!("earlier-{number}"))).unwrap();
        let env = [("RAYON_NUM_THREADS", threads), ("POLARS_MAX_THREADS", threads)];
        room.run_with(&question, &env, b"").ends(3);
        assert_eq!(room.sums("case"), many, "{threads} threads");
    }
}

#[test]
fn two_seeds_are_two_incidents() {
    let room = Room::new("demo_seeds");
    room.run(&["demo", "--out", "one", "--seed", "1", "--quiet"]).ends(0);
    room.run(&["demo", "--out", "two", "--seed", "2", "--quiet"]).ends(0);
    assert_ne!(room.text("one/reports/internal/records.csv"), room.text("two/reports/internal/records.csv"));
}

#[test]
fn filled_in_owners_complete_the_answer() {
    let room = Room::new("demo_unresolved");
    let ran = room.run(&["demo", "--out", "case", "--without-catalogue"]).ends(0);
    let open = room.paper("case", "unresolved.csv");
    assert_eq!(open.len(), incident(1).truth.without_catalogue.unresolved.len());
    assert!(!open.is_empty() && open.iter().all(|row| row["owner_org"].is_empty()), "{open:?}");
    assert!(ran.out.contains("LOWER BOUND"), "{}", ran.out);
    let before = room.paper("case", "records.csv").len();

    fill_in(&room, "case/reports/internal/unresolved.csv");
    let next = printed(&ran, "next        ");
    assert!(next.contains(&"--catalogue"), "{next:?}");
    let ran = room.run(&next).ends(3);
    assert_eq!(room.paper("case", "unresolved.csv").len(), 0, "{}", ran.out);
    assert!(ran.flat().contains("0 records touched whose owner nothing shows"), "{}", ran.out);
    let after = room.paper("case", "records.csv").len();
    assert!(after > before, "{after} records after, {before} before");
    let mut found = room.column("case", "records.csv", "record_id");
    let mut planted: Vec<_> = incident(1).truth.with_catalogue.ledger.into_iter().map(|row| row.record_id).collect();
    found.sort();
    planted.sort();
    assert_eq!(found, planted, "as complete as with the whole catalogue");

    // The filled-in table stays with the case: the same question needs it no more.
    let sums = room.sums("case");
    room.run(&["cross-org", "--case", "case"]).ends(3);
    assert_eq!(room.sums("case"), sums);
}

#[test]
fn the_api_stays_up_for_another_terminal() {
    let room = Room::new("demo_serving");
    let mut serving = room.start(&["demo", "--out", "case", "--keep-serving"]);
    let lines = BufReader::new(serving.stdout.take().unwrap()).lines().map(Result::unwrap);
    let command = lines.skip_while(|line| !line.starts_with("the audit API stays up")).nth(1).unwrap();
    let words: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(words[..2], ["irforensics", "cross-org"]);
    let ran = room.run(&[&words[1..], &["--case", "other"]].concat());
    serving.kill().unwrap();
    serving.wait().unwrap();
    ran.ends(3);
    for paper in ["records.jsonl", "attempts.csv", "bulk.csv", "unresolved.csv"] {
        // Where a page lies may differ from pull to pull; what it says may not.
        let told = |case: &str| {
            let rows = room.text(&format!("{case}/reports/internal/{paper}"));
            rows.split(['"', ',', ';']).filter(|cell| !cell.starts_with("acq-")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(told("other"), told("case"), "{paper}");
    }
}

/// Does what a database owner does with `unresolved.csv`: fills in the owner's column, and where a record changed
/// hands, one row for each owner with the time in which it held.
fn fill_in(room: &Room, name: &str) {
    let owners = rows(&incident(1).catalogue_csv);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["record_type", "record_id", "owner_org", "access_count", "why", "valid_from", "valid_to"])
        .unwrap();
    for open in room.rows(name) {
        let same = |row: &&BTreeMap<String, String>| {
            ["record_type", "record_id"].iter().all(|column| row[*column] == open[*column])
        };
        let held: Vec<_> = owners.iter().filter(same).collect();
        assert!(!held.is_empty(), "no owner of {open:?} in the catalogue");
        for row in held {
            let owner = row["owner_org"].as_str();
            let cells = [&open["record_type"], &guard(&open["record_id"]), owner, &open["access_count"], &open["why"]];
            writer.write_record(cells.into_iter().chain([row["valid_from"].as_str(), &row["valid_to"]])).unwrap();
        }
    }
    room.put(name, writer.into_inner().unwrap());
}
