//! What stops a walk, told by what the responder can do next.

use crate::model::OrgId;
use crate::wire::excerpt;

/// Where a walk stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The configured origin and path, without query.
    pub base: String,
    /// Whose log was asked for; none means every organisation's.
    pub org: Option<OrgId>,
    /// The page's number in this walk, from 1; 0 before the first.
    pub page: u64,
    /// The cursor that the page was asked with.
    pub cursor: Option<String>,
}

/// Why a walk cannot go on. Every text from the server is escaped, cut and free of the token.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CollectError {
    /// The request makes no sense; nothing was sent.
    #[error("{why}")]
    Usage {
        /// What to change.
        why: String,
    },
    /// 401.
    #[error(
        "{place}: the token was refused (status 401{said}); check that it belongs to this API and has not expired, then run again with a valid one"
    )]
    TokenRefused {
        /// Where.
        place: Box<Place>,
        /// What the server says, with a leading colon, or nothing.
        said: String,
    },
    /// 403.
    #[error(
        "{place}: the token may not read this log (status 403{said}); it needs the scope {scope}: run again with a token that has it"
    )]
    ScopeMissing {
        /// Where.
        place: Box<Place>,
        /// The scope needed.
        scope: String,
        /// What the server says, with a leading colon, or nothing.
        said: String,
    },
    /// The answer holds other organisations' events: the parameter was ignored.
    #[error(
        "{place}: asked for the log of {asked}, the answer holds {seen}; this token does not see that organisation: give one that does with --token-file {asked}=FILE"
    )]
    WrongOrg {
        /// Where.
        place: Box<Place>,
        /// The organisation asked for, escaped.
        asked: String,
        /// What was seen instead.
        seen: String,
    },
    /// No answer came.
    #[error("{place}: {why} ({}); check the address and the network, then run again", tries(*attempts))]
    Unreachable {
        /// Where.
        place: Box<Place>,
        /// What happened the last time.
        why: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// Something answered, but it is not this API.
    #[error("{place}: {why}; check --base-url and --profile")]
    NotThisApi {
        /// Where.
        place: Box<Place>,
        /// What came instead.
        why: String,
    },
    /// The API answers, but not with this page.
    #[error("{place}: {why} ({}); run again later, what was received is kept", tries(*attempts))]
    Exhausted {
        /// Where.
        place: Box<Place>,
        /// What happened the last time.
        why: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// A kept page is none that this walk would have asked for next.
    #[error("{place}: the pages kept do not continue with this one ({why}); pull anew with --again")]
    Diverged {
        /// Where.
        place: Box<Place>,
        /// What differs.
        why: String,
    },
    /// The walk came to its end, but some windows could not be read whole.
    #[error("{place}: {why}{}; the rest of the log was read", and_more(*more))]
    Partial {
        /// Where.
        place: Box<Place>,
        /// The first of them, and why.
        why: String,
        /// How many others there are.
        more: usize,
    },
    /// The pages lead nowhere; asking again would not help.
    #[error("{place}: {why}; the walk stops here and the rest of the window is a gap")]
    Astray {
        /// Where.
        place: Box<Place>,
        /// What is wrong with the way on.
        why: String,
    },
}

/// What an error means for the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// Exit 2: nothing was sent.
    Usage,
    /// Exit 5: the token does not open this log.
    Unauthorised,
    /// A gap: exit 6 if nothing of a required log was obtained, else 3.
    Unreachable,
    /// A gap, as for `Unreachable`.
    NotThisApi,
    /// A gap, as for `Unreachable`.
    Exhausted,
}

impl ErrorClass {
    /// Whether what was not read is a gap in the evidence.
    pub fn leaves_gap(self) -> bool {
        matches!(self, Self::Unreachable | Self::NotThisApi | Self::Exhausted)
    }
}

impl CollectError {
    /// What this error means for the exit status.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Usage { .. } | Self::Diverged { .. } => ErrorClass::Usage,
            Self::TokenRefused { .. } | Self::ScopeMissing { .. } | Self::WrongOrg { .. } => ErrorClass::Unauthorised,
            Self::Unreachable { .. } => ErrorClass::Unreachable,
            Self::NotThisApi { .. } => ErrorClass::NotThisApi,
            Self::Exhausted { .. } | Self::Partial { .. } | Self::Astray { .. } => ErrorClass::Exhausted,
        }
    }

    /// Where the walk stood, if it had begun.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Usage { .. } => None,
            Self::TokenRefused { place, .. }
            | Self::ScopeMissing { place, .. }
            | Self::WrongOrg { place, .. }
            | Self::Unreachable { place, .. }
            | Self::NotThisApi { place, .. }
            | Self::Exhausted { place, .. }
            | Self::Diverged { place, .. }
            | Self::Partial { place, .. }
            | Self::Astray { place, .. } => Some(place),
        }
    }

    /// Fills in how often a page was asked for.
    #[must_use]
    pub(super) fn after(mut self, tried: u32) -> Self {
        if let Self::Unreachable { attempts, .. } | Self::Exhausted { attempts, .. } = &mut self {
            *attempts = tried;
        }
        self
    }

    /// The cause alone, for the note beside a failed attempt.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::TokenRefused { said, .. } => format!("status 401{said}"),
            Self::ScopeMissing { said, .. } => format!("status 403{said}"),
            Self::WrongOrg { seen, .. } => format!("the answer holds {seen}"),
            Self::Usage { why }
            | Self::Unreachable { why, .. }
            | Self::NotThisApi { why, .. }
            | Self::Exhausted { why, .. }
            | Self::Diverged { why, .. }
            | Self::Partial { why, .. }
            | Self::Astray { why, .. } => why.clone(),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.base)?;
        match &self.org {
            Some(org) => write!(f, ", log of {}", excerpt(org.as_str().as_bytes(), 60))?,
            None => write!(f, ", all organisations")?,
        }
        if self.page > 0 {
            write!(f, ", page {}", self.page)?;
        }
        match &self.cursor {
            Some(cursor) => write!(f, " (cursor {})", excerpt(cursor.as_bytes(), 24)),
            None => Ok(()),
        }
    }
}

fn tries(attempts: u32) -> String {
    if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") }
}

fn and_more(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" (and {more} more windows)") }
}
