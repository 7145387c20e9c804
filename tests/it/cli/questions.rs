//! Every question of `queries/`, asked through the program: it finds what it should and not what is nearly that.

use super::support::Room;
use irforensics::reconstruct::{NamedQuery, named_queries};
use std::path::{Path, PathBuf};

fn samples(query: &NamedQuery) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("queries/samples").join(query.name)
}

/// The answer to a question on the events of one file of its sample.
fn asked(room: &Room, query: &NamedQuery, events: &str) -> String {
    let folder = samples(query);
    let case = format!("{}-{events}", query.name);
    let log = folder.join(format!("{events}.ndjson"));
    room.run(&["import", log.to_str().unwrap(), "--case", &case, "--quiet"]).ends(0);
    let told = std::fs::read_to_string(folder.join("params.txt")).unwrap_or_default();
    let params: Vec<&str> = told.lines().flat_map(|line| ["--param", line]).collect();
    let name = format!("@{}", query.name);
    let ran = room.run(&[&["query", &name, "--case", &case, "--format", "csv"], &params[..]].concat()).ends(0);
    ran.out.replace("\r\n", "\n")
}

#[test]
fn every_question_finds_what_its_sample_expects() {
    let room = Room::new("questions_found");
    for query in named_queries() {
        let expected = std::fs::read_to_string(samples(&query).join("expected.csv")).unwrap();
        assert!(expected.lines().count() > 1, "@{}: the sample expects no row", query.name);
        assert_eq!(asked(&room, &query, "found"), expected, "@{}", query.name);
    }
}

#[test]
fn no_question_finds_what_is_only_nearly_meant() {
    let room = Room::new("questions_near_miss");
    for query in named_queries() {
        // A question that counts everything always finds rows: then the file says which.
        let counted = std::fs::read_to_string(samples(&query).join("expected-near-miss.csv"));
        let expected = counted.unwrap_or_else(|_| format!("{}\n", query.columns.join(",")));
        assert_eq!(asked(&room, &query, "near-miss"), expected, "@{}", query.name);
    }
}

#[test]
fn a_question_is_told_exactly_what_it_asks_for() {
    let room = Room::new("questions_told");
    let log = samples(&named_queries().into_iter().find(|query| query.name == "actor_since").unwrap());
    room.run(&["import", log.join("found.ndjson").to_str().unwrap(), "--case", "case"]).ends(0);
    let ask = |more: &[&str]| room.run(&[&["query", "@actor_since", "--case", "case"], more].concat());
    ask(&[]).refuses(2, &["--param actor=...", "--param from_us=..."]);
    ask(&["--param", "actor=u_a_1"]).refuses(2, &["--param from_us=..."]);
    ask(&["--param", "actor=u_a_1", "--param", "since=2026-03-03"]).refuses(2, &["--param from_us=..."]);
    ask(&["--param", "actor=u_a_1", "--param", "from_us=yesterday"]).refuses(2, &["from_us", "yesterday"]);
    ask(&["--param", "actor=u_a_1", "--param", "actor=u_a_2"]).refuses(2, &["given twice"]);
    ask(&["--param", "actor"]).refuses(2, &["NAME=VALUE"]);
    room.run(&["query", "@by_verb", "--case", "case", "--param", "actor=u_a_1"]).refuses(2, &["takes no --param"]);
    // A time may be given as everywhere else, and the actor is text, whatever it holds.
    let ran = ask(&["--param", "actor=u_a_1", "--param", "from_us=1772496000", "--format", "csv"]).ends(0);
    assert_eq!(ran.out.lines().count(), 3, "{}", ran.out);
    let ran = ask(&["--param", "actor=' OR '1'='1", "--param", "from_us=2020-01-01", "--format", "csv"]).ends(0);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
}

#[test]
fn sql_of_ones_own_is_told_parameters_too() {
    let room = Room::new("questions_own_sql");
    let log = samples(&named_queries().into_iter().find(|query| query.name == "logins").unwrap());
    room.run(&["import", log.join("found.ndjson").to_str().unwrap(), "--case", "case"]).ends(0);
    let sql = "SELECT e.source_id FROM events e JOIN params p ON e.outcome = p.how ORDER BY e.source_id";
    let ran = room.run(&["query", sql, "--case", "case", "--param", "how=failure", "--format", "csv"]).ends(0);
    assert_eq!(ran.out, "source_id\r\ne1\r\ne3\r\n");
    room.run(&["query", sql, "--case", "case"]).refuses(2, &["params"]);
}
