//! Exit statuses, and the failures that lead to them.

use crate::evidence::EvidenceError;
use crate::normalize::NormalizeError;
use crate::profile::ProfileError;
use crate::reconstruct::EngineError;
use crate::report::ReportError;
use std::path::{Path, PathBuf};

/// How a run ended; others build on these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Answered, every obtained record accounted for.
    Answered,
    /// A fault of this tool.
    Internal,
    /// The command line makes no sense.
    Usage,
    /// Answered, but a lower bound.
    LowerBound,
    /// Evidence is not what was sealed.
    Altered,
    /// The token is refused, lacks the scope, or cannot see an organisation.
    Unauthorised,
    /// Nothing of a required log could be obtained.
    NothingObtained,
    /// Disk, lock, or a paper would be overwritten.
    Disk,
    /// The profile fits no record.
    NotUnderstood,
    /// Records were accessed, and `--fail-on exposure` asked to be told so.
    Exposure,
    /// Interrupted, resumable.
    Interrupted,
}

impl Status {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Answered => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::LowerBound => 3,
            Self::Altered => 4,
            Self::Unauthorised => 5,
            Self::NothingObtained => 6,
            Self::Disk => 7,
            Self::NotUnderstood => 8,
            Self::Exposure => 10,
            Self::Interrupted => 130,
        }
    }

    /// The one that counts of two: 130 > 4 > 7 > 5 > 6 > 8 > 3 > 10 > 0; 1 and 2 end a run at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        const ORDER: [Status; 11] = [
            Status::Internal,
            Status::Usage,
            Status::Interrupted,
            Status::Altered,
            Status::Disk,
            Status::Unauthorised,
            Status::NothingObtained,
            Status::NotUnderstood,
            Status::LowerBound,
            Status::Exposure,
            Status::Answered,
        ];
        ORDER.into_iter().find(|status| *status == self || *status == other).unwrap_or(Self::Internal)
    }
}

/// Why a run ended without its answer.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// How the run ends.
    pub status: Status,
    /// What, where, what is safe, what to do next.
    pub message: String,
    /// The case in which the same command goes on.
    pub goes_on_in: Option<PathBuf>,
}

impl Failure {
    /// A failure with its message.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), goes_on_in: None }
    }

    /// Says that the same command goes on in a case.
    #[must_use]
    pub fn goes_on_in(self, case: &Path) -> Self {
        Self { goes_on_in: Some(case.to_owned()), ..self }
    }

    /// A command line that makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Status::Usage, message)
    }
}

impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Self {
        let status = match &error {
            EvidenceError::Disk { .. }
            | EvidenceError::WouldOverwrite { .. }
            | EvidenceError::Planted { .. }
            | EvidenceError::Newer { .. }
            | EvidenceError::Locked { .. } => Status::Disk,
            EvidenceError::Input { .. } | EvidenceError::Key { .. } | EvidenceError::NoCase { .. } => Status::Usage,
            EvidenceError::Altered { .. } => Status::Altered,
            EvidenceError::Internal(_) => Status::Internal,
        };
        Self::new(status, error.to_string())
    }
}

impl From<NormalizeError> for Failure {
    fn from(error: NormalizeError) -> Self {
        Self::new(Status::Disk, error.to_string())
    }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let status = match error {
            EngineError::Query(_) => Status::Usage,
            EngineError::Tables(_) => Status::Internal,
        };
        Self::new(status, error.to_string())
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        let status = match &error {
            ReportError::WouldOverwrite { .. } | ReportError::InTheWay { .. } | ReportError::Disk { .. } => {
                Status::Disk
            }
            ReportError::Template { .. } | ReportError::Csv { .. } | ReportError::Json { .. } => Status::Internal,
        };
        Self::new(status, error.to_string())
    }
}
