//! Bytes at rest: kept before they are read, sealed, and verified by anyone.

mod bag;
mod body;
mod case;
mod custody;
mod disk;
mod files;
mod journal;
mod lock;
mod locker;
mod manifest;
mod request;
mod resume;
mod seal;
mod segments;
mod sign;
mod verify;

pub use body::Body;
pub use case::Case;
pub use custody::{Act, Custody, record};
pub use disk::{file_sha256, sha256_hex};
pub use files::{Disk, FileKind, Files};
pub use locker::Locker;
pub use request::{Asked, FILES, OPEN_FORMAT, RequestRecord, Taken, WayRecord};
pub use resume::{Kept, KeptBody};
pub use sign::{NAMESPACE, Signers, SigningKey};
pub use verify::{Acquisition, Finding, Inspection, Known, Proof, SignedBy, StoredPage, inspect, verify};

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
    /// A key that cannot be used.
    #[error("cannot use the key {path}: {problem}", path = path.display())]
    Key {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// A link or a strange thing where a file or folder of the case belongs.
    #[error("{path} {problem}; take it away and run again", path = path.display())]
    Planted {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A later version of this tool began it.
    #[error(
        "{path} {problem}: a later version began this acquisition; finish it with that version, or begin another with --again",
        path = path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// What is not understood.
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
