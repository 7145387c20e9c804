//! The files around the payload: exactly those that were sealed, byte for byte.

use super::finding::Findings;
use crate::evidence::manifest::{self, Manifest};
use crate::evidence::seal::Seal;
use crate::evidence::{EvidenceError, bag, disk};
use crate::model::{Moment, wide};
use std::collections::BTreeMap;
use std::path::Path;

/// What is known of a tag file without its tag manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It is what it must be.
    Sound,
    /// It is not, and that has been told.
    Bad,
    /// Nothing.
    Open,
}

/// A seal as read, its hash, and whether something outside the acquisition vouches for it.
pub(super) struct Sealed<'s> {
    pub(super) seal: &'s Seal,
    pub(super) hash: &'s str,
    pub(super) vouched: bool,
}

/// Tells what stands beside the payload and has no place there.
pub(super) fn strangers(root: &Path, findings: &mut Findings) -> Result<(), EvidenceError> {
    let at_home = |name: &str| bag::TAGS.contains(&name) || [bag::TAG_MANIFEST, bag::SIGNATURE, "data"].contains(&name);
    for (name, _) in disk::entries(root)? {
        if name == "fetch.txt" {
            findings.add(root.join(name), "was added: it names files that a bag does not hold itself");
        } else if !at_home(&name) {
            findings.add(root.join(name), "does not belong to the acquisition: it was added");
        }
    }
    Ok(())
}

/// Reads a manifest and tells everything that is wrong with its form.
pub(super) fn read_manifest(path: &Path, findings: &mut Findings) -> Result<Option<(Manifest, String)>, EvidenceError> {
    let Some(bytes) = findings.absorb(disk::read_plain(path))? else { return Ok(None) };
    let mut read = manifest::read(&bytes);
    for problem in std::mem::take(&mut read.problems) {
        findings.add(path, problem);
    }
    Ok(Some((read, disk::sha256_hex(&bytes))))
}

/// Holds the tag files against the seal, and the tag manifest against them.
///
/// `payload` is the number of bytes of the payload and of its files, where it is whole.
pub(super) fn inspect(
    root: &Path,
    sealed: Option<&Sealed<'_>>,
    payload: Option<(u64, u64)>,
    findings: &mut Findings,
) -> Result<(), EvidenceError> {
    let mut files = BTreeMap::new();
    for name in bag::TAGS {
        let Some(bytes) = findings.absorb(disk::read_plain(&root.join(name)))? else { continue };
        let known = known(name, &bytes, sealed, payload);
        if known == Known::Bad {
            findings.add(root.join(name), "is not what was sealed");
        }
        files.insert(name, (disk::sha256_hex(&bytes), known));
    }
    let path = root.join(bag::TAG_MANIFEST);
    let Some((tags, _)) = read_manifest(&path, findings)? else { return Ok(()) };
    for name in tags.hashes.keys().filter(|name| !bag::TAGS.contains(&name.as_str())) {
        findings.add(&path, format!("lists {name}, which was not sealed"));
    }
    for name in bag::TAGS {
        let Some(listed) = tags.hashes.get(name) else {
            findings.add(&path, format!("does not list {name}"));
            continue;
        };
        let Some((hash, known)) = files.get(name).filter(|(hash, _)| hash != listed) else { continue };
        if *known != Known::Bad {
            findings.add(&path, format!("does not hold the SHA-256 of {name}, which is {hash}"));
        }
        if *known != Known::Sound {
            findings.add(root.join(name), "is not what was sealed: its SHA-256 differs from the tag manifest's");
        }
    }
    Ok(())
}

fn known(name: &str, bytes: &[u8], sealed: Option<&Sealed<'_>>, payload: Option<(u64, u64)>) -> Known {
    let text = || String::from_utf8_lossy(bytes);
    let sound = |is: bool| if is { Known::Sound } else { Known::Bad };
    match (name, sealed) {
        ("bagit.txt", _) => sound(bytes == bag::BAGIT.as_bytes()),
        (bag::MANIFEST, Some(sealed)) => sound(disk::sha256_hex(bytes) == sealed.seal.manifest_sha256),
        ("bag-info.txt", Some(sealed)) => {
            let at = Moment::from_micros(sealed.seal.sealed_at_us).to_string();
            // Which version wrote it is the one thing that nothing else tells.
            let is = bag::is_info(&text(), &sealed.seal.acquisition, &at, payload);
            if is { Known::Open } else { Known::Bad }
        }
        ("seal.json", Some(sealed)) if sealed.vouched => Known::Sound,
        _ => Known::Open,
    }
}

/// Bytes and files of a payload that is whole.
pub(super) fn oxum(bytes: Option<u64>, manifest: &Manifest) -> Option<(u64, u64)> {
    bytes.map(|bytes| (bytes, wide(manifest.hashes.len())))
}
