//! Every structural edit: each is detected, and what it did is named.

use super::support::{Package, empty, remove};
use std::fs;
use std::path::Path;

/// Makes an edit on a copy of a package and holds every word expected against what is told.
#[track_caller]
fn edit(golden: &Package, name: &str, change: impl Fn(&Package), expected: &[&str]) {
    let copy = golden.copy(&format!("edits-{name}"));
    change(&copy);
    let told = copy.told();
    assert!(!told.is_empty(), "{name} was not noticed");
    for words in expected {
        assert!(told.iter().any(|line| line.contains(words)), "{name}: {words:?} is not in {told:#?}");
    }
}

/// The same edit of each file of a package; the file's path is told, with one of the words.
fn of_each(golden: &Package, name: &str, change: impl Fn(&Path), words: &[&str]) {
    for (number, file) in golden.below("evidence").into_keys().enumerate() {
        let copy = golden.copy(&format!("edits-{name}-{number}"));
        change(&copy.root.join(&file));
        let told = copy.told();
        let named = |line: &String| line.starts_with(&format!("{file} ")) && words.iter().any(|w| line.contains(w));
        assert!(told.iter().any(named), "{name} of {file}: {told:#?}");
    }
}

#[test]
fn fault_099_every_file_deleted_emptied_cut_lengthened_or_replaced_is_named() {
    let golden = Package::new("golden-each", &[2]);
    of_each(&golden, "delete", remove, &["is missing"]);
    of_each(
        &golden,
        "empty",
        |path| fs::write(path, "").unwrap(),
        &["it is empty", "not what was sealed", "EOF", "does not list"],
    );
    let cut = |path: &Path| fs::write(path, &fs::read(path).unwrap()[1..]).unwrap();
    let differs = ["not what was sealed", "SHA-256", "line 1", "expected"];
    of_each(&golden, "cut-front", cut, &differs);
    let cut = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    of_each(&golden, "cut-half", cut, &["not what was sealed", "it was cut", "EOF"]);
    let append = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        bytes.push(b'\n');
        fs::write(path, bytes).unwrap();
    };
    of_each(&golden, "append", append, &["not what was sealed", "line ", "trailing"]);
    let folder = |path: &Path| {
        remove(path);
        fs::create_dir(path).unwrap();
    };
    of_each(&golden, "folder", folder, &["not a plain file", "it is a folder"]);
}

#[cfg(unix)]
#[test]
fn fault_099_every_file_replaced_by_a_link_to_its_own_bytes_is_named() {
    let golden = Package::new("golden-link", &[1]);
    let link = |path: &Path| {
        let aside = path.ancestors().find(|p| p.ends_with("evidence")).unwrap().with_file_name("aside");
        fs::rename(path, &aside).unwrap();
        std::os::unix::fs::symlink(aside, path).unwrap();
    };
    of_each(&golden, "link", link, &["not a plain file", "neither a file nor a folder"]);
    for folder in ["evidence", "evidence/acq-0001", "evidence/acq-0001/data", "evidence/acq-0001/data/pages"] {
        let copy = golden.copy("edits-link-folder");
        link_folder(&copy, folder);
        let told = copy.told();
        assert!(told.iter().any(|line| line.starts_with(&format!("{folder} "))), "{folder}: {told:#?}");
    }
}

#[cfg(unix)]
fn link_folder(copy: &Package, folder: &str) {
    let aside = copy.root.join("aside");
    fs::rename(copy.root.join(folder), &aside).unwrap();
    std::os::unix::fs::symlink(aside, copy.root.join(folder)).unwrap();
}

#[test]
fn fault_099_files_renamed_copied_and_swapped_are_named_with_their_twins() {
    let golden = Package::new("golden-names", &[3]);
    let rename = |from: &'static str, to: &'static str| move |p: &Package| fs::rename(p.at(from), p.at(to)).unwrap();
    let (one, two) = ("data/pages/000001.body", "data/pages/000002.body");
    let twin = "000009.body is not in the manifest: it was added; its bytes are those of data/pages/000001.body";
    edit(&golden, "rename", rename(one, "data/pages/000009.body"), &["000001.body is missing", twin]);
    let copy = |p: &Package| assert!(fs::copy(p.at(one), p.at("data/pages/000009.body")).is_ok());
    edit(&golden, "copy", copy, &[twin]);
    let swap = |p: &Package| {
        rename(one, "data/x")(p);
        rename(two, one)(p);
        rename("data/x", two)(p);
    };
    let swapped =
        ["000001.body is not what was sealed: it holds the bytes of data/pages/000002.body", "000002.body is"];
    edit(&golden, "swap", swap, &swapped);
    edit(&golden, "rename-tag", rename("seal.json", "seal.txt"), &["seal.json is missing", "seal.txt does not belong"]);
    edit(
        &golden,
        "rename-folder",
        rename("data/pages", "data/page"),
        &["pages/000003.body is missing", "page/000003.head is not"],
    );
    edit(
        &golden,
        "rename-data",
        rename("data", "Data"),
        &["data is missing", "Data does not belong", "journal.jsonl is missing"],
    );
}

#[test]
fn fault_099_every_change_is_named_and_not_only_the_first() {
    let golden = Package::new("golden-all", &[3, 2]);
    let change = |p: &Package| {
        p.put("data/pages/000001.body", "{}");
        remove(&p.at("data/pages/000002.body"));
        p.put("data/attempts/000009.body", "added");
        p.put("notes.txt", "added");
        fs::write(p.root.join("evidence/acq-0002/data/request.json"), "{}").unwrap();
        fs::create_dir(p.root.join("evidence/acq-9")).unwrap();
    };
    let expected = [
        "acq-0001/data/pages/000001.body is not what was sealed",
        "acq-0001/data/pages/000002.body is missing",
        "acq-0001/data/attempts/000009.body is not in the manifest",
        "acq-0001/notes.txt does not belong",
        "acq-0002/data/request.json is not what was sealed",
        "evidence/acq-9 does not belong",
    ];
    edit(&golden, "all", change, &expected);
    let copy = golden.copy("edits-all-sorted");
    change(&copy);
    let inspection = copy.inspect();
    assert_eq!(inspection.altered, ["acq-0001", "acq-0002"]);
    assert!(inspection.findings.is_sorted() && inspection.findings.len() == 6, "{:#?}", inspection.findings);
}

/// Takes pages away together with their lines in journal and manifest, everything hashed again but the seal.
fn take_pages(p: &Package, taken: std::ops::RangeInclusive<usize>) {
    let names: Vec<String> = taken.map(|page| format!("data/pages/{page:06}.")).collect();
    let of_taken = |line: &&str| !names.iter().any(|name| line.contains(name));
    let kept = |text: &str| text.lines().filter(of_taken).fold(String::new(), |text, line| text + line + "\n");
    for name in &names {
        remove(&p.at(&format!("{name}body")));
        remove(&p.at(&format!("{name}head")));
    }
    let journal = rechain(&kept(&p.text("data/journal.jsonl")));
    let old = p.text("manifest-sha256.txt");
    let manifest: String = kept(&old)
        .lines()
        .map(|line| match line.split_once("  ") {
            Some((_, "data/journal.jsonl")) => format!("{}  data/journal.jsonl\n", sha256(&journal)),
            _ => format!("{line}\n"),
        })
        .collect();
    let tags = p.text("tagmanifest-sha256.txt").replace(&sha256(&old), &sha256(&manifest));
    p.put("data/journal.jsonl", journal);
    p.put("manifest-sha256.txt", manifest);
    p.put("tagmanifest-sha256.txt", tags);
}

/// A journal whose lines were counted and chained again.
fn rechain(journal: &str) -> String {
    let mut head = "0".repeat(64);
    let mut text = String::new();
    for (number, line) in journal.lines().enumerate() {
        let mut entry: serde_json::Value = serde_json::from_str(line).unwrap();
        entry["seq"] = (number + 1).into();
        entry["prev"] = head.into();
        let line = entry.to_string();
        head = sha256(&line);
        text += &(line + "\n");
    }
    text
}

fn sha256(text: &str) -> String {
    irforensics::evidence::sha256_hex(text.as_bytes())
}

#[test]
fn fault_100_pages_taken_with_their_journal_lines_are_missed_by_the_seal() {
    let golden = Package::new("golden-pages", &[5]);
    for (first, n) in [(1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (4, 2), (5, 1)] {
        let take = |p: &Package| take_pages(p, first..=first + n - 1);
        let expected = ["manifest-sha256.txt is not what was sealed", "journal.jsonl does not end where the seal says"];
        edit(&golden, &format!("take-{first}-{n}"), take, &expected);
    }
}

#[test]
fn fault_101_a_tail_that_was_taken_away_with_its_seals_is_missed_by_the_case() {
    let golden = Package::new("golden-tail", &[1, 2, 1]);
    let take = |p: &Package| empty(&p.root.join("evidence/acq-0003"));
    edit(&golden, "last", take, &["evidence no longer holds the acquisition that was sealed as"]);
    let middle = |p: &Package| empty(&p.root.join("evidence/acq-0002"));
    edit(&golden, "middle", middle, &["acq-0002 is missing", "acq-0003/seal.json does not continue"]);
    let unsealed = |p: &Package| remove(&p.root.join("evidence/acq-0003/seal.json"));
    edit(&golden, "seal", unsealed, &["acq-0003/seal.json is missing"]);
    let moved = |p: &Package| fs::rename(p.at(""), p.root.join("evidence/acq-0004")).unwrap();
    edit(&golden, "moved", moved, &["acq-0001 is missing", "acq-0004/seal.json is the seal of acq-0001"]);
    let far = |p: &Package| fs::rename(p.at(""), p.root.join("evidence/acq-4000000000")).unwrap();
    edit(&golden, "far", far, &["acq-0004 is missing, and 3999999995 after it"]);
}

type Form = fn(&str) -> String;

#[test]
fn fault_105_manifests_of_another_form_are_rejected_and_the_form_is_named() {
    let golden = Package::new("golden-forms", &[1]);
    let forms: [(&str, Form, &str); 13] = [
        ("upper", |t| t.to_ascii_uppercase().replace("DATA/", "data/"), "has its hash in upper case"),
        ("crlf", |t| t.replace('\n', "\r\n"), "line 1: ends with CR LF"),
        ("bom", |t| format!("\u{feff}{t}"), "begins with a byte order mark"),
        ("dot", |t| t.replacen("  ", "  ./", 1), "line 1: has a path that begins with `./`"),
        ("star", |t| t.replacen("  ", " *", 1), "line 1: has the binary flag `*`"),
        ("percent", |t| format!("{t}{}  data/a%0D%0Ab\n", "0".repeat(64)), "has a percent-encoded path"),
        ("same", |t| format!("{t}{}\n", t.lines().last().unwrap()), "a second time"),
        (
            "other",
            |t| format!("{t}{}{}\n", "0".repeat(64), &t.lines().last().unwrap()[64..]),
            "a second time, with another hash",
        ),
        ("absolute", |t| format!("{t}{}  /etc/passwd\n", "0".repeat(64)), "has an absolute path"),
        ("up", |t| format!("{t}{}  data/../../x\n", "0".repeat(64)), "leaves the acquisition by `..`"),
        ("home", |t| format!("{t}{}  ~/x\n", "0".repeat(64)), "in somebody's home folder"),
        ("order", |t| t.lines().rev().fold(String::new(), |text, line| text + line + "\n"), "is out of order"),
        ("spaces", |t| t.replacen("  ", "   ", 1), "with a character that no file of an acquisition has"),
    ];
    for (name, form, words) in forms {
        for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
            let change = |p: &Package| p.put(manifest, form(&p.text(manifest)));
            edit(
                &golden,
                name,
                change,
                &[
                    &format!("{manifest} {}", if words.starts_with("line") || name == "bom" { words } else { "line" }),
                    words,
                ],
            );
        }
    }
}

#[test]
fn fault_105_what_no_manifest_covers_is_rejected_by_name() {
    let golden = Package::new("golden-extra", &[1]);
    let put = |path: &'static str| move |p: &Package| p.put(path, "https://example.org/x 3 data/x\n");
    edit(&golden, "fetch", put("fetch.txt"), &["fetch.txt was added: it names files that a bag does not hold itself"]);
    edit(&golden, "tag", put("notes.txt"), &["notes.txt does not belong to the acquisition: it was added"]);
    edit(&golden, "other-manifest", put("manifest-md5.txt"), &["manifest-md5.txt does not belong"]);
    let make = |path: &'static str| move |p: &Package| fs::create_dir(p.at(path)).unwrap();
    edit(&golden, "empty", make("data/pages/more"), &["data/pages/more is an empty folder that was added"]);
    edit(&golden, "empty-tag", make("more"), &["more does not belong to the acquisition: it was added"]);
    edit(&golden, "no-tags", |p| remove(&p.at("tagmanifest-sha256.txt")), &["tagmanifest-sha256.txt is missing"]);
    let info = |p: &Package| {
        let (old, new) = (p.text("bag-info.txt"), format!("{}Contact-Name: me\n", p.text("bag-info.txt")));
        p.put("tagmanifest-sha256.txt", p.text("tagmanifest-sha256.txt").replace(&sha256(&old), &sha256(&new)));
        p.put("bag-info.txt", new);
    };
    edit(&golden, "info", info, &["bag-info.txt is not what was sealed"]);
}
