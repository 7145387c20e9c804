//! Legal packages of every kind: none raises an alarm, wherever it was moved to.

use super::support::{Package, at, copy_folder, empty, folder, request};
use crate::oracle::incident::Chance;
use irforensics::evidence::{Act, Body, Case, Inspection, Known, Locker, SigningKey, inspect, record};
use irforensics::model::{Gap, OrgId};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

const PACKAGES: u64 = 500;

/// A case as chance has it: acquisitions, pages, attempts, gaps, files, signatures, verifications.
fn generate(root: &Path, chance: &mut Chance) {
    fs::write(root.join("key"), super::support::KEY).unwrap();
    let key = chance.percent(50).then(|| SigningKey::read(&root.join("key")).unwrap());
    let case = Case::open_or_create(root).unwrap().signing(key);
    for acquisition in 0..=chance.between(0, 1) {
        let mut locker = Locker::create(&case, &request()).unwrap();
        for _ in 0..chance.below(4) {
            let bytes: Vec<u8> = (0..chance.below(300)).map(|_| u8::try_from(chance.below(256)).unwrap()).collect();
            let url = chance.pick(&["/audit?cursor=a%0Ab", "/\u{202e}x", "", "/?q=\"'\n"]).to_owned();
            let attempt = chance.percent(25).then(|| "status 503: \u{1b}[31m".to_owned());
            let headers = vec![("content-encoding".to_owned(), "gzip".to_owned())];
            let status = u16::try_from(chance.below(600)).unwrap();
            locker.keep(&Body { bytes: &bytes, url, attempt, status, headers, ..Body::default() }).unwrap();
        }
        if chance.percent(30) {
            let file = root.join("  %0D%0A ..name\u{e9}.ndjson");
            fs::write(&file, "{}\n").unwrap();
            locker.keep_file(&file, at(1)).unwrap();
        }
        let gap = Gap { log_org: OrgId::new("org \u{0}"), from: None, to: Some(at(9)), reason: "x\ny".to_owned() };
        let gaps = if chance.percent(50) { vec![gap] } else { Vec::new() };
        locker.seal(&[], &gaps, at(100 + acquisition)).unwrap();
        if chance.percent(30) {
            let by = "Jane\nDoe \u{202e}".to_owned();
            record(&case, Act::Verified { evidence_root: String::new(), findings: 0, unsealed: 0, by }, at(1)).unwrap();
        }
    }
}

fn look(root: &Path) -> Inspection {
    inspect(&Case::open(root).unwrap(), &Known::default(), None).unwrap()
}

/// Where the packages are left for other people's programs, if anywhere.
#[expect(clippy::disallowed_methods, reason = "a test may be told where to leave its packages")]
fn packages() -> Option<PathBuf> {
    std::env::var_os("IRFORENSICS_PACKAGES").map(PathBuf::from)
}

#[test]
fn legal_packages_raise_no_alarm() {
    let folder = folder("legal");
    let alarms: Vec<String> = (0..PACKAGES)
        .into_par_iter()
        .flat_map_iter(|number| {
            let root = folder.join(format!("{number:04}"));
            fs::create_dir_all(&root).unwrap();
            generate(&root, &mut Chance::new(number));
            let seen = look(&root);
            assert!(!seen.proof.acquisitions.is_empty() && seen.proof.unsealed.is_empty());
            seen.findings.into_iter().map(move |finding| format!("{number}: {finding:?}"))
        })
        .collect();
    assert_eq!(alarms, Vec::<String>::new());
    if let Some(packages) = packages() {
        copy_folder(&folder, &packages);
    }
    empty(&folder);
}

#[test]
fn fault_108_a_package_that_was_moved_renamed_or_packed_still_verifies() {
    let golden = Package::signed("legal-moved", &[2, 1]);
    let copy = golden.copy("legal moved \u{e9}\u{202e} elsewhere");
    // Archives drop folders that hold nothing, and give every file the time of its unpacking.
    for file in copy.files().into_keys() {
        let file = fs::File::options().write(true).open(copy.root.join(file)).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    }
    let bare = Package::new("legal-bare", &[0]);
    fs::remove_dir(bare.at("data/pages")).unwrap();
    fs::create_dir(bare.at("data/pages")).unwrap();
    fs::remove_dir(bare.at("data/pages")).unwrap();
    for package in [&copy, &bare] {
        assert_eq!(package.told(), Vec::<String>::new());
    }
}

#[cfg(unix)]
#[test]
fn fault_108_a_package_that_cannot_be_written_verifies_and_stays_as_it_was() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let golden = Package::signed("legal-still", &[2]);
    let mode = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let mut folders = vec![golden.root.clone()];
    let mut at = 0;
    while let Some(folder) = folders.get(at).cloned() {
        let inside = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(inside.filter(|path| path.is_dir()));
        at += 1;
    }
    for folder in &folders {
        mode(folder, 0o500);
    }
    let state = || {
        let times = |path: &std::path::PathBuf| (path.clone(), path.metadata().unwrap().ctime_nsec());
        let names = |path: &std::path::PathBuf| fs::read_dir(path).unwrap().count();
        (folders.iter().map(times).collect::<Vec<_>>(), folders.iter().map(names).sum::<usize>())
    };
    let before = state();
    assert_eq!(golden.told(), Vec::<String>::new());
    assert_eq!(state(), before, "verification writes nothing");
    for folder in &folders {
        mode(folder, 0o700);
    }
}
