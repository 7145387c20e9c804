//! Keys as OpenSSH writes them: a public one to know a signer by, a private one to sign with.

use super::KIND;
use super::wire::{Wire, put};
use crate::evidence::EvidenceError;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};
use std::path::Path;

/// First and last line of a private key file.
const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";
/// What the bytes of a private key file begin with.
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// A public key in SSH's binary form, of any kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::evidence) struct PublicKey(Vec<u8>);

impl PublicKey {
    pub(super) fn ed25519(key: &[u8]) -> Self {
        let mut blob = Vec::new();
        put(&mut blob, KIND);
        put(&mut blob, key);
        Self(blob)
    }

    pub(super) fn from_blob(blob: &[u8]) -> Self {
        Self(blob.to_owned())
    }

    /// Reads `ssh-ed25519 AAAA...`; what follows is a comment.
    pub(in crate::evidence) fn parse(kind: &str, base64: &str) -> Option<Self> {
        let key = Self(STANDARD.decode(base64).ok()?);
        (key.kind()? == kind.as_bytes()).then_some(key)
    }

    /// `ssh-ed25519 AAAA...`, as a `.pub` file has it.
    pub(in crate::evidence) fn line(&self) -> String {
        let kind = String::from_utf8_lossy(self.kind().unwrap_or_default());
        format!("{kind} {}", STANDARD.encode(&self.0))
    }

    /// `SHA256:...`, as `ssh-keygen -l` prints it.
    pub(in crate::evidence) fn fingerprint(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&self.0)))
    }

    pub(super) fn blob(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn kind(&self) -> Option<&[u8]> {
        Wire(&self.0).string()
    }

    /// The 32 bytes, where it is an Ed25519 key and nothing else.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        let mut wire = Wire(&self.0);
        let key = (wire.string()? == KIND).then(|| wire.string()).flatten()?;
        (key.len() == 32 && wire.ended()).then_some(key)
    }
}

/// A private key that seals are signed with; it reaches no output.
pub struct SigningKey {
    pair: Ed25519KeyPair,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public().fingerprint()).finish()
    }
}

impl SigningKey {
    /// Reads an unencrypted Ed25519 key as `ssh-keygen -t ed25519` writes it.
    pub fn read(path: &Path) -> Result<Self, EvidenceError> {
        let input = |source| EvidenceError::Input { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(input)?;
        let refused = |problem: &str| EvidenceError::Key { path: path.to_owned(), problem: problem.to_owned() };
        let text = std::str::from_utf8(&bytes).map_err(|_error| refused(NO_KEY))?;
        parse(text).map_err(refused)
    }

    pub(in crate::evidence) fn public(&self) -> PublicKey {
        PublicKey::ed25519(self.pair.public_key().as_ref())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_owned()
    }
}

const NO_KEY: &str = "it is not a private key of OpenSSH; make one with ssh-keygen -t ed25519";
const BROKEN: &str = "it is a private key of OpenSSH that is cut or broken";
const OTHER: &str = "it is not an Ed25519 key, the one kind that is used here; make one with ssh-keygen -t ed25519";
const LOCKED: &str = "it has a passphrase, which is asked for nowhere here; use a key for evidence alone that has none, or \
                      sign the sealed tag manifest with ssh-keygen -Y sign -n irforensics-evidence";

fn parse(text: &str) -> Result<SigningKey, &'static str> {
    let inside = text.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)).ok_or(NO_KEY)?;
    let base64: String = inside.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(base64).map_err(|_error| BROKEN)?;
    let mut wire = Wire(bytes.strip_prefix(MAGIC).ok_or(BROKEN)?);
    let (cipher, _derivation) = (wire.string().ok_or(BROKEN)?, wire.string().ok_or(BROKEN)?);
    if cipher != b"none" {
        return Err(LOCKED);
    }
    wire.string().ok_or(BROKEN)?;
    if wire.number() != Some(1) {
        return Err(BROKEN);
    }
    let public = PublicKey::from_blob(wire.string().ok_or(BROKEN)?);
    let public = public.bytes().ok_or(OTHER)?;
    let mut private = Wire(wire.string().ok_or(BROKEN)?);
    if private.number().ok_or(BROKEN)? != private.number().ok_or(BROKEN)? || private.string() != Some(KIND) {
        return Err(BROKEN);
    }
    let same = private.string() == Some(public);
    let seed = private.string().and_then(|pair| pair.get(..32)).filter(|_| same && wire.ended()).ok_or(BROKEN)?;
    // The public half is derived again: one that does not belong to the seed would give the seed away.
    let pair = Ed25519KeyPair::from_seed_and_public_key(seed, public).map_err(|_error| BROKEN)?;
    Ok(SigningKey { pair })
}
