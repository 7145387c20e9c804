//! A lane: one reading of one log over one part of the window, by the same name in every run.

use super::{Moment, OrgId, Window};

/// One walk of an acquisition; an interrupted pull is continued lane by lane.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane {
    /// Whose log; none means everyone's.
    pub org: Option<OrgId>,
    /// First moment of the slice.
    pub from: Option<Moment>,
    /// First moment after it.
    pub to: Option<Moment>,
    /// The how-manieth reading of it, from 1.
    pub pass: u32,
}

impl Lane {
    /// The lane of a slice of a log.
    pub fn new(org: Option<&OrgId>, slice: Window, pass: u32) -> Self {
        Self { org: org.cloned(), from: slice.from(), to: slice.to(), pass }
    }

    /// Reads a lane back from the name that it was written as.
    pub fn parse(name: &str) -> Option<Self> {
        let mut words = name.splitn(4, ' ');
        let pass = words.next()?.strip_prefix("pass=")?.parse().ok()?;
        let (from, to) = (words.next()?, words.next()?);
        let from = if from == "-" { None } else { Some(Moment::parse_rfc3339(from)?) };
        let to = if to == "-" { None } else { Some(Moment::parse_rfc3339(to)?) };
        let org = match words.next()? {
            "everyone" => None,
            org => Some(OrgId::new(org.strip_prefix("org=")?)?),
        };
        Some(Self { org, from, to, pass })
    }
}

impl std::fmt::Display for Lane {
    /// `pass=1 2026-01-01T00:00:00.000000Z 2026-02-01T00:00:00.000000Z org=org_a`, or `everyone` in place of the last.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |moment: Option<Moment>| moment.map_or_else(|| "-".to_owned(), |moment| moment.to_string());
        write!(f, "pass={} {} {} ", self.pass, end(self.from), end(self.to))?;
        match &self.org {
            Some(org) => write!(f, "org={org}"),
            None => f.write_str("everyone"),
        }
    }
}
