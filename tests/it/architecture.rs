//! The map of the house, held against `src/`.

use irforensics::model::Tables;
use irforensics::reconstruct::{Engine, named, named_queries};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Which rooms each room names. The same table stands in ARCHITECTURE.md.
const ROOMS: [(&str, &str); 13] = [
    ("model", ""),
    ("clock", "model"),
    ("profile", "model, wire"),
    ("wire", "model, profile"),
    ("collect", "clock, model, profile, wire"),
    ("evidence", "model"),
    ("normalize", "evidence, model, profile, wire"),
    ("reconstruct", "evidence, model, profile"),
    ("report", "model"),
    ("rehearsal", "model"),
    ("cli", ""),
    ("commands", "cli, clock, collect, evidence, model, normalize, profile, reconstruct, rehearsal, report"),
    ("main", "cli, commands"),
];

/// Powers over the outside world, as a pattern, and the only places that have them.
const POWERS: [(&str, &str, &[&str]); 14] = [
    ("HTTP and TLS", r"\b(?:reqwest|rustls)::", &["collect/"]),
    ("the engine", r"\bpolars::", &["reconstruct/engine.rs"]),
    ("the words of the command line", r"\bclap::", &["cli.rs", "cli/", "main.rs"]),
    ("tables and progress on a terminal", r"\b(?:comfy_table|indicatif|terminal_size)::", &["commands/"]),
    ("templates", r"\bminijinja::", &["report/"]),
    (
        "writing files",
        r"\bfs::(?:write|rename|copy|create_dir\w*|remove\w*|set_permissions|hard_link)\b|\bFile::create|\bOpenOptions\b|\bDirBuilder\b",
        &["evidence/", "report/files.rs", "commands/papers.rs"],
    ),
    ("free room on a disk", r"\brustix::", &["evidence/space.rs"]),
    ("reading input", r"\bstdin\(", &["commands/token.rs"]),
    ("the terminal", r"\b(?:stdout|stderr)\(|\be?print(?:ln)?!|\bdbg!", &["commands/screen.rs"]),
    ("the clock", r"\bSystemTime\b|\bUtc::now\b|\bLocal::now\b", &["clock.rs"]),
    ("the environment", r"\bstd::env\b|\benv::(?:var|args)", &["cli.rs"]),
    ("sockets", r"\b(?:Tcp(?:Listener|Stream)|UdpSocket|Unix(?:Listener|Stream|Datagram))\b", &["rehearsal/server"]),
    ("signals", r"\bsignal_hook::", &["commands/interrupt.rs"]),
    ("processes", r"\bCommand::new\b|\bstd::process::(?:exit|abort|Command)", &[]),
];

/// What stands nowhere in `src/`.
const NOWHERE: [&str; 7] =
    [r"process::exit", r"\bstatic mut\b", r"#!?\[allow", r"#\[ignore", r"\bunsafe\b", r"\bHashMap\b", r"\bHashSet\b"];

/// Lines that a file may have.
const LONGEST: usize = 300;

/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every source file by its path below `src/`, without lines that are comments.
fn sources() -> BTreeMap<String, String> {
    let src = root().join("src");
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(path).unwrap();
        let code: String = text
            .lines()
            .map(|line| if line.trim_start().starts_with("//") { "\n".into() } else { format!("{line}\n") })
            .collect();
        (name, code)
    };
    let sources: BTreeMap<_, _> = files(&src, "rs").iter().map(read).collect();
    assert!(sources.len() > 50, "the sources were not found");
    sources
}

fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

fn line_of(text: &str, position: usize) -> usize {
    text[..position].lines().count().max(1)
}

#[test]
fn every_room_names_exactly_the_rooms_that_the_map_gives_it() {
    let named_room = Regex::new(r"\b(?:crate|irforensics)::(\{|\w+)").unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, code) in sources() {
        if file == "lib.rs" {
            continue;
        }
        let own = room(&file).to_owned();
        let rooms = found.entry(own.clone()).or_default();
        for capture in named_room.captures_iter(&code) {
            let name = &capture[1];
            assert_ne!(name, "{", "{file}: one `use crate::room` a line, so that the map can be read");
            if name != own {
                rooms.insert(name.to_owned());
            }
        }
    }
    let found: BTreeMap<String, String> =
        found.into_iter().map(|(room, rooms)| (room, rooms.into_iter().collect::<Vec<_>>().join(", "))).collect();
    let map: BTreeMap<String, String> = ROOMS.iter().map(|(room, rooms)| ((*room).into(), (*rooms).into())).collect();
    assert_eq!(found, map);
}

#[test]
fn the_map_of_the_architecture_page_is_this_one() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (room, rooms) in ROOMS {
        let start = format!("| `{room}` | {} |", if rooms.is_empty() { "nothing" } else { rooms });
        assert!(page.lines().any(|line| line.starts_with(&start)), "ARCHITECTURE.md has no row {start:?}");
    }
}

#[test]
fn powers_over_the_outside_world_stay_in_their_rooms() {
    let sources = sources();
    let mut strays = Vec::new();
    for (power, pattern, places) in POWERS {
        let pattern = Regex::new(pattern).unwrap();
        for (file, code) in &sources {
            if places.iter().any(|place| file.starts_with(place)) {
                continue;
            }
            strays.extend(pattern.find_iter(code).map(|m| format!("{file}:{}: {power}", line_of(code, m.start()))));
        }
        for place in places {
            let used = sources.iter().any(|(file, code)| file.starts_with(place) && pattern.is_match(code));
            assert!(used, "{place} no longer uses {power}: take it off the map");
        }
    }
    assert_eq!(strays, Vec::<String>::new());
}

#[test]
fn what_the_house_does_without_stands_nowhere() {
    for pattern in NOWHERE {
        let pattern = Regex::new(pattern).unwrap();
        for (file, code) in sources() {
            let place = pattern.find(&code).map(|m| format!("{file}:{}: {}", line_of(&code, m.start()), m.as_str()));
            assert_eq!(place, None);
        }
    }
}

#[test]
fn no_file_outgrows_one_reading() {
    for path in files(&root().join("src"), "rs") {
        let name = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().into_owned();
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        let excepted = LONGER.iter().any(|(file, _)| *file == name);
        assert!(lines <= LONGEST || excepted, "src/{name} has {lines} lines: more than one noun or verb?");
        assert!(lines > LONGEST || !excepted, "src/{name} is no exception any more");
    }
}

#[test]
fn every_question_has_a_true_header_and_is_registered() {
    let mut in_folder = BTreeSet::new();
    let mut engine = Engine::new(&Tables::default(), &[]).unwrap();
    for path in files(&root().join("queries"), "sql") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let keys = ["question", "playbook", "parameters", "columns"];
        for (key, line) in keys.iter().zip(text.lines()) {
            let value = line.strip_prefix(&format!("-- {key}: "));
            assert!(
                value.is_some_and(|v| !v.trim().is_empty()),
                "{name}.sql: `-- {key}: ` is missing, out of order or empty"
            );
        }
        let query = named(&name).unwrap_or_else(|| panic!("{name}.sql is not registered in reconstruct/queries.rs"));
        assert_eq!(query.sql, text, "{name}");
        assert!(query.question.ends_with('?'), "{name}: {:?} asks nothing", query.question);
        check_sample(&name, &query.parameters);
        engine.tell(&query.parameters.iter().map(|name| (name.clone(), "0".to_owned())).collect()).unwrap();
        let answer = engine.ask(query.sql).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(answer.columns, query.columns, "{name}: the header's columns are not the answer's");
        let body: Vec<&str> = text.lines().skip(keys.len()).collect();
        assert!(
            body.iter().any(|line| line.starts_with("ORDER BY")),
            "{name}: without ORDER BY its rows have no order"
        );
        in_folder.insert(name);
    }
    let registered: BTreeSet<String> = named_queries().iter().map(|q| q.name.to_owned()).collect();
    assert_eq!(registered, in_folder);
}

/// A question has events on which it finds rows, events on which it must not, and a line that says why not.
fn check_sample(name: &str, parameters: &[String]) {
    let folder = root().join("queries/samples").join(name);
    for file in ["found.ndjson", "expected.csv", "near-miss.ndjson", "near-miss.txt"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert!(!text.trim().is_empty(), "{name}: queries/samples/{name}/{file} is missing or empty");
    }
    let told = std::fs::read_to_string(folder.join("params.txt")).unwrap_or_default();
    let told: Vec<&str> = told.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    assert_eq!(told, parameters, "{name}: params.txt does not tell what the header asks for");
}
