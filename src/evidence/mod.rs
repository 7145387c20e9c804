//! Bytes at rest: kept before they are read, sealed, and verified by anyone.

mod bag;
mod case;
mod disk;
mod journal;
mod locker;
mod seal;
mod space;
mod verify;

pub use case::Case;
pub use disk::sha256_hex;
pub use locker::{Body, Locker, RequestRecord};
pub use space::free_bytes;
pub use verify::{Acquisition, Proof, StoredPage, verify};

use std::path::PathBuf;

/// What can go wrong with evidence, by what the responder can do next.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The disk refuses; what was journalled before is intact.
    #[error("cannot write or read {path}: {source}; everything kept before this is intact", path = path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// An input file cannot be read.
    #[error("cannot read the input {path}: {source}", path = path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Something stands where a new file should be.
    #[error("{path} exists already and is never overwritten", path = path.display())]
    WouldOverwrite {
        /// The file.
        path: PathBuf,
    },
    /// Sealed evidence is not what was sealed.
    #[error("evidence altered: {path} {problem}", path = path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Another process writes this case.
    #[error("the case is in use: {path} is held by {holder}; wait for it or end it", path = path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it.
        holder: String,
    },
    /// The folder is no case.
    #[error("{path} is not a case: it has no evidence folder", path = path.display())]
    NoCase {
        /// The folder.
        path: PathBuf,
    },
    /// A fault of this tool.
    #[error("internal failure: {0}")]
    Internal(String),
}
