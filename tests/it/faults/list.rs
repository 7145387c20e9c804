//! FAULTS.md beside the tests: every fault of the catalogue has a test of its number, or a line that says why not.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Faults of the catalogue.
const LAST: u16 = 126;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of tests by the faults that they name.
fn tests() -> BTreeMap<u16, BTreeSet<String>> {
    let name = Regex::new(r"#\[test\]\s*(?:#\[[^\n]*\n\s*)*fn (fault_\d{3}\w*)").unwrap();
    let number = Regex::new(r"(?:fault|and)_(\d{3})").unwrap();
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    sources(&root().join("tests/it"), &mut files);
    let mut tests: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        for found in name.captures_iter(&std::fs::read_to_string(file).unwrap()) {
            for fault in number.captures_iter(&found[1]) {
                tests.entry(fault[1].parse().unwrap()).or_default().insert(found[1].to_owned());
            }
        }
    }
    tests
}

#[test]
fn every_fault_has_a_test_or_a_reason() {
    let text = std::fs::read_to_string(root().join("tests/it/FAULTS.md")).unwrap();
    let line = Regex::new(r"(?m)^\| (\d+) \| ([^|]+) \|(.*)\|$").unwrap();
    let tests = tests();
    let mut listed = BTreeSet::new();
    let mut wrong = String::new();
    for row in line.captures_iter(&text) {
        let number: u16 = row[1].parse().unwrap();
        assert!(listed.insert(number), "fault {number} is listed twice");
        if !tests.contains_key(&number) && row[3].trim().is_empty() {
            writeln!(wrong, "fault {number} has neither a test nor a reason").unwrap();
        }
    }
    wrong.extend((1..=LAST).filter(|n| !listed.contains(n)).map(|n| format!("fault {n} is not listed\n")));
    wrong.extend(tests.keys().filter(|n| !(1..=LAST).contains(n)).map(|n| format!("there is no fault {n}\n")));
    let cited = Regex::new(r"`(fault_\w+)`").unwrap();
    let known: BTreeSet<&String> = tests.values().flatten().collect();
    for name in cited.captures_iter(&text) {
        if !known.contains(&name[1].to_owned()) {
            writeln!(wrong, "{} is named and does not exist", &name[1]).unwrap();
        }
    }
    assert_eq!(wrong, "");
    let tested = (1..=LAST).filter(|number| tests.contains_key(number)).count();
    println!("{tested} of {LAST} faults have a test");
    for (number, names) in tests {
        println!("{number:03} {}", names.into_iter().collect::<Vec<_>>().join(" "));
    }
}
