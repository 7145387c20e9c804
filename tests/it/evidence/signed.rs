//! Signatures: what only the holder of a key can make, read in one form and no other.

use super::support::{KEY, PUBLIC, Package, folder, remove};
use irforensics::evidence::{Signers, SigningKey};
use std::fs;

const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";
/// Another key; nobody here holds its private half.
const STRANGER: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL1HlRkbc+/YlwnqF/ycIcql74LoHR31YhhUDXOBB3A6 them@example.org";

#[track_caller]
fn says(package: &Package, words: &str) {
    let told = package.told();
    assert!(told.iter().any(|line| line.contains(words)), "{words:?} is not in {told:#?}");
}

#[test]
fn fault_102_evidence_written_anew_without_the_key_does_not_pass() {
    let golden = Package::signed("signed-golden", &[2]).expecting(PUBLIC);
    assert_eq!(golden.told(), Vec::<String>::new());
    let by = golden.inspect().proof.acquisitions[0].signed_by.clone().unwrap();
    assert_eq!(
        (by.key.as_str(), by.who.as_deref()),
        ("SHA256:BMKo1rqIVbKujduBvX+mYye7tW5n+hm3VO9M7HxnCTU", Some("me@example.org"))
    );
    // Another page, and all hashes, seal and custody fit it: whoever knows nothing from elsewhere must believe it.
    let forged = Package::new("signed-forged", &[3]);
    assert_eq!(forged.told(), Vec::<String>::new());
    let forged = forged.expecting(PUBLIC);
    says(&forged, "tagmanifest-sha256.txt.sig is missing: UNSIGNED, and a signer is expected");
    forged.put(SIGNATURE, golden.text(SIGNATURE));
    says(&forged, "tagmanifest-sha256.txt.sig does not sign the tag manifest that lies beside it");
}

#[test]
fn fault_103_a_signature_that_was_removed_is_missed_even_where_no_signer_is_expected() {
    let golden = Package::signed("signed-removed", &[1]);
    remove(&golden.at(SIGNATURE));
    says(&golden, "tagmanifest-sha256.txt.sig is missing: the seal says that ssh-ed25519 AAAAC3");
    let unsigned = Package::new("signed-never", &[1]);
    assert_eq!(unsigned.inspect().proof.acquisitions[0].signed_by, None);
    assert_eq!(unsigned.told(), Vec::<String>::new());
}

/// The bytes inside the armour.
fn blob(text: &str) -> Vec<u8> {
    use base64::Engine;
    let inside: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(inside).unwrap()
}

fn armour(blob: &[u8], columns: usize) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(blob);
    let lines: Vec<&str> = text.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
}

/// Replaces bytes once; both have the same length.
fn with(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[test]
fn fault_104_signatures_of_another_form_do_not_pass() {
    let golden = Package::signed("signed-forms", &[1]);
    let text = golden.text(SIGNATURE);
    let good = blob(&text);
    assert_eq!(armour(&good, 70), text, "the form of ssh-keygen");
    let longer = [&good[..], b"\0"].concat();
    let forms: Vec<(String, &str)> = vec![
        (armour(&good, 76), "is not in canonical armour"),
        (text.replace('\n', "\r\n"), "is not in canonical armour"),
        (text.trim_end().to_owned(), "is not in canonical armour"),
        (format!("{text}\n"), "is not in canonical armour"),
        (format!(" {text}"), "is not in canonical armour"),
        (text.replacen("U1NI", "U1 NI", 1), "is not in canonical armour"),
        (format!("{text}more\n"), "is not an armoured SSH signature"),
        (text.replace("SSH SIGNATURE", "PGP SIGNATURE"), "is not an armoured SSH signature"),
        (armour(&longer, 70), "holds bytes that belong to no part of it"),
        (armour(&good[..good.len() - 1], 70), "is cut"),
        (armour(&with(&good, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\0"), 70), "has SSHSIG version 0"),
        (armour(&with(&good, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\x02"), 70), "has SSHSIG version 2"),
        (armour(&with(&good, b"irforensics-evidence", b"irforensics-Evidence"), 70), "is for the namespace"),
        (armour(&with(&good, b"sha512", b"sha256"), 70), "does not sign the tag manifest"),
        (armour(&with(&good, b"sha512", b"sha999"), 70), "uses a hash that SSHSIG does not know"),
        (armour(&with(&good, b"ssh-ed25519", b"ssh-ed25518"), 70), "is by a key of kind \"ssh-ed25518\""),
        (armour(b"SSHSIX", 70), "is no SSHSIG signature"),
        (String::new(), "is not an armoured SSH signature"),
    ];
    for (form, words) in forms {
        golden.put(SIGNATURE, form);
        says(&golden, &format!("{SIGNATURE} {words}"));
    }
}

#[test]
fn fault_104_the_key_must_be_an_expected_one_and_valid_when_it_signed() {
    let signers: [(String, Option<&str>); 10] = [
        (PUBLIC.to_owned(), None),
        (format!("# ours\n\n{STRANGER}\nme@example.org {PUBLIC}\n"), None),
        (format!("me@example.org namespaces=\"git,irforensics-evidence\" {PUBLIC}"), None),
        (format!("\"me and you\" valid-after=\"20260225Z\",valid-before=\"20260301Z\" {PUBLIC}"), None),
        (
            format!("me valid-before=\"20260225000000Z\" {PUBLIC}\nme valid-after=\"202602251009Z\" {PUBLIC}"),
            Some("not valid when"),
        ),
        (
            STRANGER.to_owned(),
            Some("is by SHA256:BMKo1rqIVbKujduBvX+mYye7tW5n+hm3VO9M7HxnCTU, who is not an expected signer"),
        ),
        (format!("me valid-before=\"20260225Z\" {PUBLIC}"), Some("whose key was not valid when this was sealed")),
        (format!("me valid-after=\"20260226Z\" {PUBLIC}"), Some("whose key was not valid when this was sealed")),
        (format!("me namespaces=\"git\" {PUBLIC}\n{STRANGER}"), Some("who is not an expected signer")),
        (format!("me valid-before=\"20260301Z\",namespaces=\"*\" {PUBLIC}"), None),
    ];
    let golden = Package::signed("signed-signers", &[1]);
    for (number, (text, expected)) in signers.iter().enumerate() {
        let copy = golden.copy(&format!("signed-signers-{number}")).expecting(text);
        match expected {
            None => assert_eq!(copy.told(), Vec::<String>::new(), "{text}"),
            Some(words) => says(&copy, words),
        }
    }
    // Signed by hand, and the seal names another key.
    let mut named = golden.text("seal.json");
    named = named.replace(PUBLIC.rsplit_once(' ').unwrap().0, STRANGER.rsplit_once(' ').unwrap().0);
    golden.put("seal.json", named);
    says(
        &golden,
        "the seal says that ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL1HlRkbc+/YlwnqF/ycIcql74LoHR31YhhUDXOBB3A6",
    );
}

#[test]
fn signers_and_keys_that_cannot_be_used_are_refused_with_what_to_do() {
    let folder = folder("signed-refused");
    let path = folder.join("file");
    let refused = |text: &str| {
        fs::write(&path, text).unwrap();
        (Signers::read(&path).err().map(|e| e.to_string()), SigningKey::read(&path).err().map(|e| e.to_string()))
    };
    let signers = [
        ("", "it names no key for the namespace irforensics-evidence"),
        (&format!("me namespaces=\"git\" {PUBLIC}"), "it names no key"),
        (&format!("me cert-authority {PUBLIC}"), "line 1: certificates are not understood here"),
        (&format!("me valid-before=\"20260301\" {PUBLIC}"), "in UTC"),
        (&format!("{PUBLIC}\nme no-such-option {PUBLIC}"), "line 2: the option \"no-such-option\" is not understood"),
        ("ssh-ed25519 AAAA", "is no public key"),
        ("ssh-ed25519", "is cut: it holds no key"),
    ];
    for (text, words) in signers {
        let told = refused(text).0.unwrap();
        assert!(told.contains(words) && told.contains("file"), "{words:?} is not in {told}");
    }
    let cut: String = KEY.lines().take(4).fold(String::new(), |text, line| text + line + "\n");
    let keys = [
        (PUBLIC, "it is not a private key of OpenSSH"),
        (&KEY.replace("AAAABG5vbmU", "AAAABG5vbnU"), "it has a passphrase"),
        (&format!("{cut}-----END OPENSSH PRIVATE KEY-----"), "cut or broken"),
        (&KEY.replacen("3vWy6gY5f", "3vWy6gY5e", 1), "cut or broken"),
    ];
    for (text, words) in keys {
        let told = refused(text).1.unwrap();
        assert!(told.contains(words) && !told.contains("AAAA"), "{words:?} is not in {told}");
    }
    fs::write(&path, KEY).unwrap();
    let key = SigningKey::read(&path).unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey(\"SHA256:BMKo1rqIVbKujduBvX+mYye7tW5n+hm3VO9M7HxnCTU\")");
    super::support::empty(&folder);
}
