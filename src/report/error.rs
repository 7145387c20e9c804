//! What can go wrong while papers are written, by what the responder can do next.

use std::path::PathBuf;

/// A paper could not be rendered or written; no paper was replaced unless the error says so.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Another answer lies there already. Exit status 7.
    #[error("{} holds another answer; --force overwrites reports", path.display())]
    WouldOverwrite {
        /// The paper in the way.
        path: PathBuf,
    },
    /// A link, a folder or a device lies where a paper belongs. Exit status 7.
    #[error("{} is not an ordinary {wanted}; it is not followed and not replaced", path.display())]
    InTheWay {
        /// What lies there.
        path: PathBuf,
        /// `file` or `folder`.
        wanted: &'static str,
    },
    /// The disk refused. Exit status 7.
    #[error("cannot {action} {}", path.display())]
    Disk {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The template of a paper is wrong: a fault of this program.
    #[error("the template of {paper} failed")]
    Template {
        /// The paper.
        paper: &'static str,
        /// Where and why.
        #[source]
        source: Box<minijinja::Error>,
    },
    /// A table could not be written as CSV: a fault of this program.
    #[error("{paper} could not be written as CSV")]
    Csv {
        /// The paper.
        paper: &'static str,
        /// Why.
        #[source]
        source: csv::Error,
    },
    /// The answer could not be written as JSON: a fault of this program.
    #[error("{paper} could not be written as JSON")]
    Json {
        /// The paper.
        paper: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}
