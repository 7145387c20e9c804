//! The custody chain: what was done to sealed evidence, and that nobody wrote it anew.

use super::support::{Package, at, remove};
use irforensics::evidence::{Act, Case, record};
use std::fs;
use std::path::PathBuf;

fn verified(by: &str) -> Act {
    Act::Verified { evidence_root: String::new(), findings: 0, unsealed: 0, by: by.to_owned() }
}

/// Four entries: two seals, two verifications.
fn golden(name: &str) -> Package {
    let mut package = Package::new(name, &[1, 2]);
    let case = Case::open_or_create(&package.root).unwrap();
    for by in ["Jane", "Joe"] {
        record(&case, verified(by), at(300)).unwrap();
    }
    package.remember();
    assert_eq!(package.inspect().custody.entries.len(), 4);
    package
}

fn entry(package: &Package, number: u32) -> PathBuf {
    package.root.join(format!("custody/{number:04}.json"))
}

#[track_caller]
fn told(golden: &Package, name: &str, change: impl Fn(&Package), words: &str) {
    let copy = golden.copy(&format!("custody-{name}"));
    change(&copy);
    let told = copy.told();
    assert!(
        told.iter().any(|line| line.starts_with("custody") && line.contains(words)),
        "{name}: {words:?} is not in {told:#?}"
    );
    if name != "unfinished" {
        let refused = record(&Case::open_or_create(&copy.root).unwrap(), verified("Eve"), at(400));
        // Only what the case knows shows that the end is missing; a new entry then stands on another branch.
        assert!(refused.is_err() || name.starts_with("last"), "{name}: a broken chain is not continued");
        assert!(!copy.told().is_empty(), "{name}: an entry behind it heals nothing");
    }
}

#[test]
fn fault_109_entries_edited_removed_or_reordered_are_named() {
    let golden = golden("custody-golden");
    let edit = |number: u32, old: &'static str, new: &'static str| {
        move |p: &Package| {
            let text = fs::read_to_string(entry(p, number)).unwrap();
            assert!(text.contains(old));
            fs::write(entry(p, number), text.replace(old, new)).unwrap();
        }
    };
    told(&golden, "edit", edit(3, "Jane", "June"), "0004.json does not continue the entry before it");
    told(
        &golden,
        "last-edit",
        edit(4, "Joe", "Jim"),
        "that the case knows: it was changed, or those after it are gone",
    );
    told(&golden, "number", edit(2, "\"number\": 2", "\"number\": 3"), "0002.json is entry 3 of format 1");
    told(&golden, "blank", edit(2, "\"number\": 2", "\"number\":  2"), "0002.json is not in the form");
    told(&golden, "member", edit(2, "\"number\"", "\"more\": 1, \"number\""), "0002.json is no custody entry");
    for number in 1..=3 {
        let remove = move |p: &Package| remove(&entry(p, number));
        told(&golden, &format!("remove-{number}"), remove, &format!("{number:04}.json is missing"));
    }
    told(
        &golden,
        "last-removed",
        |p| remove(&entry(p, 4)),
        "that the case knows: it was changed, or those after it are gone",
    );
    let swap = |p: &Package| {
        fs::rename(entry(p, 2), p.root.join("x")).unwrap();
        fs::rename(entry(p, 3), entry(p, 2)).unwrap();
        fs::rename(p.root.join("x"), entry(p, 3)).unwrap();
    };
    told(&golden, "swap", swap, "0002.json is entry 3");
    told(&golden, "last-folder", |p| super::support::empty(&p.root.join("custody")), "that the case knows");
    told(
        &golden,
        "file",
        |p| fs::write(p.root.join("custody/0003b.json"), "{}").unwrap(),
        "0003b.json does not belong",
    );
    told(&golden, "far", |p| assert!(fs::copy(entry(p, 1), entry(p, 4_000_000_000)).is_ok()), "0005.json is missing");
}

#[test]
fn fault_109_two_branches_are_no_chain() {
    let golden = golden("custody-two");
    let branch = |p: &Package| {
        let text = fs::read_to_string(entry(p, 4)).unwrap();
        fs::write(entry(p, 5), text.replace("\"number\": 4", "\"number\": 5")).unwrap();
    };
    told(&golden, "branch", branch, "0005.json does not continue the entry before it");
}

#[test]
fn fault_101_custody_misses_an_acquisition_that_no_case_file_remembers() {
    let mut golden = golden("custody-tail");
    golden.known.seal = None;
    golden.known.custody_head = None;
    super::support::empty(&golden.root.join("evidence/acq-0002"));
    let told = golden.told();
    assert!(told.iter().any(|line| line.starts_with("evidence/acq-0002 is not what custody knows")), "{told:#?}");
}

#[test]
fn what_an_interruption_left_of_the_next_entry_is_no_alarm() {
    let golden = golden("custody-part");
    fs::write(golden.root.join("custody/0005.json.part"), "{").unwrap();
    assert_eq!(golden.told(), Vec::<String>::new());
    record(&Case::open_or_create(&golden.root).unwrap(), verified("Jane"), at(400)).unwrap();
}
