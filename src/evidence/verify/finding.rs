//! What is not as it was sealed: every single thing, not only the first.

use crate::evidence::EvidenceError;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One missing, added or altered thing of a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Its path, relative to the case.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Findings as they come up, each told once.
#[derive(Debug, Default)]
pub(in crate::evidence) struct Findings {
    found: BTreeSet<(PathBuf, String)>,
}

impl Findings {
    pub(in crate::evidence) fn add(&mut self, path: impl Into<PathBuf>, problem: impl Into<String>) {
        self.found.insert((path.into(), problem.into()));
    }

    /// A value, or none where reading it found an alteration; a disk that refuses remains an error.
    pub(in crate::evidence) fn absorb<T>(
        &mut self,
        result: Result<T, EvidenceError>,
    ) -> Result<Option<T>, EvidenceError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(EvidenceError::Altered { path, problem }) => {
                self.add(path, problem);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub(in crate::evidence) fn append(&mut self, mut other: Self) {
        self.found.append(&mut other.found);
    }

    /// Whether there are none.
    pub(in crate::evidence) fn none(&self) -> bool {
        self.found.is_empty()
    }

    /// The first by path.
    pub(in crate::evidence) fn first(&self) -> Option<(PathBuf, String)> {
        self.found.first().cloned()
    }

    /// All of them, sorted by path, relative to the case.
    pub(in crate::evidence) fn relative_to(self, case: &Path) -> Vec<Finding> {
        let relative = |(path, problem): (PathBuf, String)| {
            let path = path.strip_prefix(case).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            Finding { path, problem }
        };
        self.found.into_iter().map(relative).collect()
    }
}
