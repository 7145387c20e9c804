//! The signature of an acquisition: whose it is, whether it is good, and whether it must be there.

use super::finding::Findings;
use crate::evidence::seal::Seal;
use crate::evidence::sign::{self, PublicKey, Signers};
use crate::evidence::{EvidenceError, bag, disk};
use crate::model::Moment;
use serde::Serialize;
use std::path::Path;

/// Whose signature an acquisition has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedBy {
    /// The key, as `ssh-keygen -l` prints it.
    pub key: String,
    /// Who that is, by the signers given; none where none were given.
    pub who: Option<String>,
}

/// Checks the signature if there is one, and misses it where the seal or the caller expects one.
pub(super) fn inspect(
    root: &Path,
    seal: Option<&Seal>,
    signers: Option<&Signers>,
    findings: &mut Findings,
) -> Result<Option<SignedBy>, EvidenceError> {
    let path = root.join(bag::SIGNATURE);
    let named = seal.and_then(|seal| seal.signer.as_deref());
    if path.symlink_metadata().is_err() {
        match (named, signers) {
            (Some(key), _) => findings.add(path, format!("is missing: the seal says that {key} signed")),
            (None, Some(_)) => findings.add(path, "is missing: UNSIGNED, and a signer is expected"),
            (None, None) => {}
        }
        return Ok(None);
    }
    let tags = root.join(bag::TAG_MANIFEST);
    let (Some(text), Ok(signed)) = (findings.absorb(disk::read_plain(&path))?, disk::read_plain(&tags)) else {
        return Ok(None);
    };
    let sealed_at = Moment::from_micros(seal.map_or(0, |seal| seal.sealed_at_us));
    match judge(&text, &signed, named, signers, sealed_at) {
        Ok(by) => Ok(Some(by)),
        Err(problem) => {
            findings.add(path, problem);
            Ok(None)
        }
    }
}

fn judge(
    text: &[u8],
    signed: &[u8],
    named: Option<&str>,
    signers: Option<&Signers>,
    sealed_at: Moment,
) -> Result<SignedBy, String> {
    let key: PublicKey = sign::read(text, signed)?;
    if let Some(other) = named.filter(|named| *named != key.line()) {
        return Err(format!("is by {}; the seal says that {other} signed", key.line()));
    }
    let who = signers.map(|signers| signers.who(&key, sealed_at)).transpose()?;
    Ok(SignedBy { key: key.fingerprint(), who })
}
