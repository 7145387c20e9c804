//! How an API is asked for an audit log, and how its pages lead on.

use std::collections::BTreeSet;

/// How an API is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Path of the endpoint; `{org}` stands for the organisation.
    pub path: String,
    /// Scope that the token needs, for messages.
    pub scope: String,
    /// Header in which the token goes.
    pub credential: Credential,
    /// Where the organisation is named.
    pub org: OrgIn,
    /// Further headers of every request.
    pub headers: Vec<(String, String)>,
    /// Further parameters of every request.
    pub parameters: Vec<(String, String)>,
    /// Member that holds the records; empty where the body is the list itself.
    pub items: String,
    /// How the window is told; none where the API takes no times.
    pub window: Option<TimeParameters>,
    /// Parameter of the page size, if there is one.
    pub limit: Option<String>,
    /// Largest page size.
    pub limit_max: u32,
    /// The most records that one query ever yields, however many pages are asked for.
    pub results_max: Option<u64>,
    /// The order in which records come.
    pub order: Order,
    /// How one page leads to the next.
    pub page: Paging,
    /// What ends a walk.
    pub ends: Ends,
    /// Member that says whether more follow.
    pub more: Option<Members>,
    /// Member that counts the records of the window.
    pub total: Option<Members>,
}

/// The header that carries the token: `Authorization: Bearer TOKEN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Name of the header.
    pub header: String,
    /// What stands before the token, with its space.
    pub before: String,
}

/// Where a request names the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrgIn {
    /// In this parameter; left out, everyone's log is asked for.
    Parameter(String),
    /// In the path, at `{org}`.
    Path,
    /// In this header.
    Header(String),
    /// Nowhere: the token belongs to one organisation.
    Token,
}

/// How a window is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeParameters {
    /// The parameters.
    pub names: TimeNames,
    /// How a moment is written.
    pub form: TimeForm,
    /// Whether a record of the very first moment is known to be included.
    pub from_included: bool,
    /// The longest window that one query may have, in days.
    pub days_max: Option<u32>,
}

/// The parameters that tell a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeNames {
    /// One for each end; an end without one is watched on our side.
    Ends {
        /// Of the first moment.
        from: Option<String>,
        /// Of the moment after the last.
        to: Option<String>,
    },
    /// One for both, such as `created:{from}..{to}`.
    Template {
        /// The parameter.
        name: String,
        /// Its value, with `{from}` and `{to}`.
        template: String,
    },
}

/// How a moment is written in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    /// RFC 3339 in UTC with six digits after the second.
    Rfc3339,
    /// RFC 3339 in UTC with three digits.
    Rfc3339Millis,
    /// RFC 3339 in UTC with whole seconds.
    Rfc3339Seconds,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// A day in UTC.
    Date,
}

/// The order in which records come; it is watched, never trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By time, descending.
    NewestFirst,
    /// By time, ascending.
    OldestFirst,
    /// None that is promised.
    Unknown,
}

/// How one page leads to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paging {
    /// The body holds a cursor.
    Cursor {
        /// Parameter in which it is sent back.
        parameter: String,
        /// Where it stands.
        next: Members,
    },
    /// The body holds the address of the next page.
    NextUrl {
        /// The parameter that is taken from it; none takes its whole query.
        parameter: Option<String>,
        /// Where it stands.
        next: Members,
    },
    /// The header `Link` holds the address of the next page (RFC 8288, `rel="next"`).
    Link {
        /// The parameter that is taken from it; none takes its whole query.
        parameter: Option<String>,
    },
    /// Each record holds a cursor or an id; that of the last one leads on.
    Item {
        /// Parameter in which it is sent back.
        parameter: String,
        /// Where it stands in a record.
        member: Members,
    },
    /// Pages are counted.
    Number {
        /// Parameter of the number.
        parameter: String,
        /// The number of the first page.
        first: u64,
    },
    /// Records are counted.
    Offset {
        /// Parameter of the number of records before the page.
        parameter: String,
    },
    /// The window moves up to the last record seen.
    Time,
    /// A window is one page; what does not fit is asked for in narrower windows.
    Single,
}

/// The way to a member through objects: `response_metadata.next_cursor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members(Vec<String>);

/// What, in place of a cursor, says that a page is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// `null`.
    Null,
    /// The member or header is not there.
    Absent,
    /// An empty text.
    EmptyText,
    /// A page without records that leads on, as polling interfaces send for ever.
    EmptyPage,
}

/// Everything that says that a page is the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends(pub(super) BTreeSet<End>);

impl Ends {
    /// Whether this says that a page is the last.
    pub fn has(&self, end: End) -> bool {
        self.0.contains(&end)
    }
}

impl Members {
    /// Reads names joined by dots; none may be empty.
    pub fn parse(text: &str) -> Option<Self> {
        let names: Vec<String> = text.split('.').map(str::to_owned).collect();
        names.iter().all(|name| !name.is_empty()).then_some(Self(names))
    }

    /// The member of the outermost object.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The names below the first.
    pub fn below(&self) -> &[String] {
        self.0.get(1..).unwrap_or_default()
    }
}

impl std::fmt::Display for Members {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl TimeForm {
    /// The step in which moments can be told, in microseconds.
    pub const fn unit(self) -> i64 {
        match self {
            Self::Rfc3339 => 1,
            Self::Rfc3339Millis | Self::EpochMillis => 1_000,
            Self::Rfc3339Seconds | Self::EpochSeconds => 1_000_000,
            Self::Date => 86_400_000_000,
        }
    }
}

impl Request {
    /// The step in which the ends of a window can be told, in microseconds.
    pub fn unit(&self) -> i64 {
        self.window.as_ref().map_or(1, |window| window.form.unit())
    }

    /// Whether the first and the last moment of a window can be asked for.
    pub fn tells_ends(&self) -> (bool, bool) {
        match self.window.as_ref().map(|window| &window.names) {
            None => (false, false),
            Some(TimeNames::Ends { from, to }) => (from.is_some(), to.is_some()),
            Some(TimeNames::Template { .. }) => (true, true),
        }
    }
}
