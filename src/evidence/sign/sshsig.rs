//! SSHSIG, OpenSSH's `PROTOCOL.sshsig`: written in one form and read in no other.

use super::key::{PublicKey, SigningKey};
use super::wire::{Wire, put};
use super::{KIND, NAMESPACE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha256, Sha512};

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
/// Columns of a line, as `ssh-keygen` writes them.
const COLUMNS: usize = 70;

/// Signs a message, as `ssh-keygen -Y sign` would: the same key and message give the same text.
pub(in crate::evidence) fn write(key: &SigningKey, message: &[u8]) -> String {
    let mut signature = Vec::new();
    put(&mut signature, KIND);
    put(&mut signature, &key.sign(&to_sign(b"sha512", &Sha512::digest(message))));
    let mut blob = MAGIC.to_owned();
    blob.extend(VERSION.to_be_bytes());
    for part in [key.public().blob(), NAMESPACE.as_bytes(), b"", b"sha512", &signature] {
        put(&mut blob, part);
    }
    armour(&blob)
}

/// Checks a signature of a message; returns whose key made it, or what is wrong.
///
/// Stricter than `ssh-keygen -Y verify`: of all the texts that decode to a signature, only the one that is written.
pub(in crate::evidence) fn read(text: &[u8], message: &[u8]) -> Result<PublicKey, String> {
    let text =
        std::str::from_utf8(text).map_err(|error| format!("is not UTF-8 from byte {} on", error.valid_up_to()))?;
    let blob = dearmour(text).ok_or("is not an armoured SSH signature")?;
    if armour(&blob) != text {
        return Err("is not in canonical armour: it was written again by hand".to_owned());
    }
    let short = "is cut: its parts are not whole";
    let mut wire = Wire(blob.strip_prefix(MAGIC).ok_or("is no SSHSIG signature")?);
    let version = wire.number().ok_or(short)?;
    if version != VERSION {
        return Err(format!("has SSHSIG version {version}; there is only version {VERSION}"));
    }
    let mut part = || wire.string().ok_or(short);
    let (key, namespace, reserved, hash, signature) = (part()?, part()?, part()?, part()?, part()?);
    if !wire.ended() || !reserved.is_empty() {
        return Err("holds bytes that belong to no part of it".to_owned());
    }
    if namespace != NAMESPACE.as_bytes() {
        let namespace = String::from_utf8_lossy(namespace).into_owned();
        return Err(format!("is for the namespace {namespace:?}, not {NAMESPACE:?}"));
    }
    let signed = match hash {
        b"sha512" => to_sign(hash, &Sha512::digest(message)),
        b"sha256" => to_sign(hash, &Sha256::digest(message)),
        _ => return Err("uses a hash that SSHSIG does not know".to_owned()),
    };
    check(&PublicKey::from_blob(key), signature, &signed)
}

fn check(key: &PublicKey, signature: &[u8], signed: &[u8]) -> Result<PublicKey, String> {
    let Some(bytes) = key.bytes() else {
        let kind = String::from_utf8_lossy(key.kind().unwrap_or_default()).into_owned();
        return Err(format!("is by a key of kind {kind:?}; only ssh-ed25519 is verified here, ssh-keygen knows more"));
    };
    let mut wire = Wire(signature);
    let (kind, value) = (wire.string(), wire.string());
    match value.filter(|_| kind == Some(KIND) && wire.ended()) {
        Some(value) if UnparsedPublicKey::new(&ED25519, bytes).verify(signed, value).is_ok() => Ok(key.clone()),
        Some(_) => Err("does not sign the tag manifest that lies beside it".to_owned()),
        None => Err("is cut: its parts are not whole".to_owned()),
    }
}

fn to_sign(hash: &[u8], digest: &[u8]) -> Vec<u8> {
    let mut message = MAGIC.to_owned();
    for part in [NAMESPACE.as_bytes(), b"", hash, digest] {
        put(&mut message, part);
    }
    message
}

fn armour(blob: &[u8]) -> String {
    let base64 = STANDARD.encode(blob);
    let mut text = BEGIN.to_owned();
    for (n, c) in base64.chars().enumerate() {
        if n > 0 && n.checked_rem(COLUMNS) == Some(0) {
            text.push('\n');
        }
        text.push(c);
    }
    text + "\n" + END
}

fn dearmour(text: &str) -> Option<Vec<u8>> {
    let inside = text.trim().strip_prefix(BEGIN.trim())?.strip_suffix(END.trim())?;
    let base64: String = inside.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(base64).ok()
}
