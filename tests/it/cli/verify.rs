//! `verify` as an outsider runs it: what it names, what it exits with, and that it writes nothing unasked.

use super::support::{Room, lines, small};
use crate::evidence::support::{KEY, PUBLIC};
use serde_json::Value;
use std::fs;

fn room(name: &str, more: &[&str]) -> Room {
    let room = Room::new(name);
    room.put("log.ndjson", lines(&small()));
    room.put("key", KEY);
    room.put("key.pub", PUBLIC);
    room.put("signers", format!("counsel@example.org namespaces=\"irforensics-evidence\" {PUBLIC}\n"));
    room.run(&[&["import", "log.ndjson", "--case", "case"], more].concat()).ends(0);
    room
}

#[test]
fn every_altered_thing_is_named_on_standard_output() {
    let room = room("verify_names", &[]);
    let bag = "case/evidence/acq-0001";
    room.put(&format!("{bag}/data/pages/000001.body"), "{}");
    room.put(&format!("{bag}/data/pages/\u{1b}[31m\u{202e}.body"), "{}");
    fs::rename(room.path.join(bag).join("data/coverage.json"), room.path.join("away")).unwrap();
    let ran = room
        .run(&["verify", "case"])
        .ends(4)
        .says(&["error: evidence altered: evidence/acq-0001/data/coverage.json is missing; 2 more"]);
    for words in [
        "acq-0001  ALTERED",
        "coverage.json  is missing",
        "000001.body  is not what was sealed",
        "[31m\\u{202e}.body  is not in",
        "evidence root none",
    ] {
        assert!(ran.out.contains(words), "{words:?} is not in {}", ran.out);
    }
    let ran = room.run(&["verify", "case", "--json"]).ends(4);
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&answer["intact"], &answer["altered"][0]), (&Value::Bool(false), &Value::from("acq-0001")));
    let paths: Vec<&str> = answer["findings"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 3, "{paths:?}");
    assert_eq!(paths[0], "evidence/acq-0001/data/coverage.json");
    room.run(&["cross-org", "--case", "case", "--attacker", "org_a", "--victim", "org_v"])
        .refuses(4, &["coverage.json is missing; 2 more: `irforensics verify` names them all"]);
}

#[test]
fn verify_writes_nothing_unless_it_is_asked_to_record_itself() {
    let room = room("verify_record", &[]);
    let files =
        || room.files("case").into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect::<Vec<_>>();
    let before = files();
    let plain = room.run(&["verify", "case"]).ends(0).out;
    assert_eq!(files(), before);
    assert!(plain.contains("custody   1 entry,"), "{plain}");
    room.run(&["verify", "case", "--by", "Jane"]).ends(2).says(&["--record"]);
    room.run(&["verify", "case", "--record", "--by", "Jane \u{1b}Doe"])
        .ends(0)
        .says(&["recorded in the custody chain"]);
    let entry: Value = serde_json::from_str(&room.text("case/custody/0002.json")).unwrap();
    assert_eq!(entry["act"]["verified"]["by"], "Jane \u{1b}Doe");
    assert_eq!(entry["act"]["verified"]["findings"], 0);
    assert!(room.text("case/case.toml").contains("custody_head"));
    room.run(&["verify", "case"]).ends(0);
    fs::rename(room.path.join("case/custody/0002.json"), room.path.join("away")).unwrap();
    room.run(&["verify", "case"]).ends(4).says(&["custody/0001.json is not the entry"]);
    room.run(&["query", "@by_verb", "--case", "case"]).refuses(4, &["custody"]);
    room.run(&["verify", "case", "--record"]).ends(4).says(&["not recorded"]);
    assert!(!room.path.join("case/custody/0002.json").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(room.path.join("case"), fs::Permissions::from_mode(0o755)).unwrap();
        room.run(&["verify", "case"]).says(&["others on this machine may enter the case", "chmod -R go= case"]);
    }
    room.run(&["verify", "nowhere", "--record"]).ends(2);
    assert!(!room.path.join("nowhere").exists());
}

#[test]
fn evidence_is_signed_and_the_expected_signer_is_held_against_it() {
    let signed = room("verify_signed", &["--sign-key", "key"]);
    let told = |signer: &str| signed.run(&["verify", "case", "--signer", signer]);
    assert!(signed.run(&["verify", "case"]).ends(0).out.contains("signed by SHA256:BMKo1rqIVbKujduBvX"));
    assert!(told("signers").ends(0).out.contains("(counsel@example.org)"));
    assert!(told("key.pub").ends(0).out.contains("(me@example.org)"));
    told("log.ndjson").refuses(2, &["log.ndjson", "line 1"]);
    told("key").refuses(2, &["key"]);
    told("nowhere").refuses(2, &["nowhere"]);
    let unsigned = room("verify_unsigned", &[]);
    assert!(unsigned.run(&["verify", "case"]).ends(0).out.contains("UNSIGNED"));
    unsigned.run(&["verify", "case", "--signer", "key.pub"]).ends(4).says(&["UNSIGNED, and a signer is expected"]);
    // A second acquisition without the key is not covered by the first one's signature.
    signed.run(&["import", "log.ndjson", "--case", "case", "--again"]).ends(0);
    told("key.pub").ends(4).says(&["acq-0002/tagmanifest-sha256.txt.sig is missing: UNSIGNED"]);
}

#[test]
fn a_key_that_cannot_sign_is_refused_before_a_case_is_made() {
    let room = room("verify_key", &[]);
    for (key, words) in [("key.pub", "not a private key"), ("nowhere", "nowhere"), ("log.ndjson", "not a private key")]
    {
        room.run(&["import", "log.ndjson", "--case", "new", "--sign-key", key]).refuses(2, &[words]);
        room.ask(&["--input", "log.ndjson", "--case", "new", "--sign-key", key]).refuses(2, &[words]);
    }
    assert!(!room.path.join("new").exists());
    let ran = room.ask(&["--input", "log.ndjson", "--case", "new", "--sign-key", "key"]).ends(0);
    assert!(!ran.out.contains("AAAAB3") && room.path.join("new/evidence/acq-0001/tagmanifest-sha256.txt.sig").exists());
}
