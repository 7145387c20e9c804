//! Questions that make no sense are refused in one line, before anything is written.

use super::support::{Room, lines, small};

fn room(name: &str) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(&small()));
    room
}

/// Asks with a sound input and these flags; refused, and no case folder is made.
fn refused(name: &str, args: &[&str], words: &[&str]) {
    let room = room(name);
    room.run(&[&["cross-org", "--input", "log.ndjson", "--case", "case"], args].concat()).refuses(2, words);
    assert!(!room.path.join("case").exists(), "{args:?} made a case folder");
}

#[test]
fn an_organisation_cannot_reach_into_itself() {
    refused("q_same", &["--attacker", "org_a", "--victim", "org_a"], &["org_a", "both attacker and victim"]);
    let alias = ["--attacker", "org_a", "--victim", "org_b", "--alias", "org_a=org_b"];
    refused("q_same_alias", &alias, &["org_a", "both attacker and victim"]);
    let repeated = ["--attacker", "org_x", "--attacker", "org_v", "--victim", "org_v"];
    refused("q_same_repeated", &repeated, &["org_v"]);
}

#[test]
fn both_organisations_are_needed() {
    refused("q_no_victim", &["--attacker", "org_a"], &["--victim"]);
    refused("q_no_attacker", &["--victim", "org_v"], &["--attacker"]);
    refused("q_empty", &["--attacker", "", "--victim", "org_v"], &["--attacker", "empty"]);
}

#[test]
fn a_window_must_have_a_length() {
    let asked = ["--attacker", "org_a", "--victim", "org_v"];
    for (at, (from, to)) in
        [("2026-03-02", "2026-03-01"), ("2026-03-01", "2026-03-01"), ("now", "-1d")].iter().enumerate()
    {
        refused(&format!("q_window_{at}"), &[&asked[..], &["--from", from, "--to", to]].concat(), &["--to", "--from"]);
    }
}

#[test]
fn times_that_can_be_read_in_two_ways_are_refused() {
    let asked = ["--attacker", "org_a", "--victim", "org_v"];
    let times = [
        "03/04/2026",
        "3d",
        "yesterday",
        "2026-03-01T00:00:00",
        "2026-03-01 00:00:00",
        "2026-3-1",
        "20260301",
        "2026-02-30",
        "2026-03-01T25:00:00Z",
        "-3",
        "-d",
        "-3w",
        "--3d",
        "+3d",
        "",
        "Now",
        "12:00",
        "1772323200.5",
    ];
    for (at, time) in times.iter().enumerate() {
        for flag in ["--from", "--to", "--as-of"] {
            let name = format!("q_time_{at}{flag}");
            let given = format!("{flag}={time}");
            refused(&name, &[&asked[..], &[&given]].concat(), &[flag, "RFC 3339"]);
        }
    }
}

#[test]
fn an_unknown_profile_is_refused_with_the_known_ones() {
    let asked = ["--attacker", "org_a", "--victim", "org_v"];
    refused("q_profile", &[&asked[..], &["--profile", "nativ"]].concat(), &["nativ", "native", "aws-cloudtrail"]);
    refused("q_profile_file", &[&asked[..], &["--profile", "./mine.toml"]].concat(), &["./mine.toml"]);
    refused("q_resource_org", &[&asked[..], &["--resource-org", "column"]].concat(), &["column", "row", "session"]);
    let room = room("q_profile_import");
    room.run(&["import", "log.ndjson", "--case", "case", "--profile", "nativ"]).refuses(2, &["nativ", "native"]);
    assert!(!room.path.join("case").exists());
}

#[test]
fn a_question_needs_something_to_read() {
    let asked = ["cross-org", "--attacker", "org_a", "--victim", "org_v"];
    let room = room("q_nothing");
    room.run(&asked).refuses(2, &["--base-url", "--input", "--case"]);
    room.run(&[&asked[..], &["--case", "nowhere"]].concat()).refuses(2, &["nowhere"]);
    room.run(&["query", "@by_verb", "--case", "nowhere"]).refuses(2, &["nowhere"]);
    room.run(&["verify", "nowhere"]).refuses(2, &["nowhere"]);
    assert!(!room.path.join("nowhere").exists());
    room.run(&[&asked[..], &["--input", "nothing-here.ndjson", "--case", "case"]].concat())
        .refuses(2, &["nothing-here.ndjson"]);
    assert!(!room.path.join("case").exists());
}

#[test]
fn a_case_without_evidence_answers_nothing() {
    let room = room("q_no_evidence");
    // A run that is refused after its folder was made.
    room.put("owners.csv", "record_type,record_id,owner_org\ninvoice,,org_v\n");
    let bad = ["--input", "log.ndjson", "--case", "case", "--catalogue", "owners.csv"];
    room.ask(&bad).refuses(2, &["owners.csv, line 2"]);
    room.put("case/case.toml", "profile = \"native\"\n");
    let asked = ["cross-org", "--case", "case", "--attacker", "org_a", "--victim", "org_v"];
    room.run(&asked).refuses(2, &["holds no evidence"]);
    room.run(&["query", "@by_verb", "--case", "case"]).refuses(2, &["holds no evidence"]);
}

#[test]
fn a_pull_needs_a_window_of_the_past() {
    let room = room("q_pull");
    let asked = ["cross-org", "--attacker", "org_a", "--victim", "org_v", "--base-url", "http://127.0.0.1:9"];
    room.run(&asked).refuses(2, &["--from", "--to"]);
    room.run(&[&asked[..], &["--from", "2026-03-01"]].concat()).refuses(2, &["--from", "--to"]);
    let future = ["--from", "2026-03-01", "--to", "2999-01-01"];
    room.run(&[&asked[..], &future].concat()).refuses(2, &["future"]);
    let token = ["--from", "2026-03-01", "--to", "2026-03-02", "--token-file", "log.ndjson"];
    room.run(&[&["cross-org", "--attacker", "a", "--victim", "b", "--base-url", "nonsense"], &token[..]].concat())
        .ends(2);
}

#[test]
fn a_table_that_is_not_there_is_told_before_a_folder_is_made() {
    let asked = ["--attacker", "org_a", "--victim", "org_v"];
    for (at, flag) in ["--catalogue", "--members", "--grants", "--allow"].into_iter().enumerate() {
        refused(&format!("q_table_{at}"), &[&asked[..], &[flag, "nowhere.csv"]].concat(), &["nowhere.csv"]);
    }
}

#[test]
fn tables_that_cannot_be_used_are_named_with_their_line() {
    let asked = ["--attacker", "org_a", "--victim", "org_v"];
    for (flag, text, words) in [
        ("--catalogue", "record_type,record_id,owner_org\ninvoice,,org_v\n", ["table.csv, line 2", "record_id"]),
        ("--catalogue", "record_type,record_id,owner_org,valid_from\ninvoice,i,org_v,soon\n", ["line 2", "valid_from"]),
        ("--catalogue", "record_type,record_id,owner_org\ninvoice,i\n", ["table.csv", "line"]),
        ("--members", "actor_id\nu_a\n", ["table.csv, line 2", "org_id"]),
        ("--allow", "actor_id,credential_id,action\n,,\n", ["line 2", "everything"]),
    ] {
        let room = room("q_tables");
        room.put("table.csv", text);
        let args =
            [&["cross-org", "--input", "log.ndjson", "--case", "case"], &asked[..], &[flag, "table.csv"]].concat();
        room.run(&args).refuses(2, &words);
    }
}
