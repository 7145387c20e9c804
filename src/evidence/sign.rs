//! Signatures of evidence, in OpenSSH's form: what we sign `ssh-keygen -Y verify` accepts, and the reverse.

mod key;
mod signers;
mod sshsig;
mod wire;

pub use key::SigningKey;
pub use signers::Signers;

pub(super) use key::PublicKey;
pub(super) use sshsig::{read, write};

/// What a signature of this tool is for; `ssh-keygen -Y verify -n` takes the same word.
pub const NAMESPACE: &str = "irforensics-evidence";

/// The one kind of key that is used: small, deterministic, and everybody's `ssh-keygen` makes it.
const KIND: &[u8] = b"ssh-ed25519";
