//! What is asked, and what is known beside the log.

use super::{Ids, Time};
use std::collections::BTreeMap;

/// An organisation's id.
pub(crate) type Org = String;

/// One delivered record: where it was delivered, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// Number of the acquisition.
    pub acquisition: u32,
    /// Number of the page in it.
    pub page: u32,
    /// The record as JSON text; broken ones are part of the exercise.
    pub text: String,
}

/// Everything delivered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// Every record, in the order of delivery.
    pub records: Vec<Delivered>,
    /// Whether a page says that more follows, and none is the last.
    pub cut_short: bool,
}

/// From where a record's organisation in an event comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceOrg {
    /// From the record's own row.
    Row,
    /// From the session of the actor.
    Session,
    /// Nobody knows.
    Unknown,
}

/// A span of validity: both ends hold, an open end is unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// First moment.
    pub from: Time,
    /// Last moment.
    pub to: Time,
}

impl Span {
    /// Whether it holds at a time; at an unknown time it may.
    pub(crate) fn holds(&self, at: Time) -> bool {
        at.is_none_or(|at| self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to))
    }
}

/// A row of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Catalogue {
    /// Type of the record.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its owner.
    pub owner: Org,
    /// When the row holds.
    pub valid: Span,
    /// Whether the row has a beginning.
    pub begins: bool,
    /// The container, or nothing.
    pub parent: String,
    /// What the record holds.
    pub categories: Vec<String>,
    /// Of whom it tells.
    pub subjects: Vec<String>,
}

/// A row of the membership table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The actor.
    pub actor: String,
    /// The organisation.
    pub org: Org,
    /// When.
    pub valid: Span,
}

/// A row of the grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Who may.
    pub org: Org,
    /// Type of the record.
    pub kind: String,
    /// Its id, or `*`.
    pub id: String,
    /// When.
    pub valid: Span,
}

/// A row of the allow list; empty columns match everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allow {
    /// The actor.
    pub actor: String,
    /// The credential.
    pub credential: String,
    /// The action.
    pub action: String,
}

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The accessing organisations, `A`.
    pub attackers: Ids,
    /// The owners asked about, `V`.
    pub victims: Ids,
    /// Another id of an organisation, to the id asked about.
    pub aliases: BTreeMap<Org, Org>,
    /// First moment of the window.
    pub from: Time,
    /// First moment after the window.
    pub to: Time,
    /// Where record organisations come from.
    pub resource_org: ResourceOrg,
    /// Whether ids are unique only within an organisation.
    pub per_org: bool,
    /// Who owned what when.
    pub catalogue: Vec<Catalogue>,
    /// Who belonged where when.
    pub members: Vec<Member>,
    /// Who was given what when.
    pub grants: Vec<Grant>,
    /// Whose accesses are expected.
    pub allow: Vec<Allow>,
}

impl Question {
    /// The id that the question uses for an organisation.
    pub(crate) fn name(&self, org: &str) -> Org {
        self.aliases.get(org).cloned().unwrap_or_else(|| org.to_owned())
    }

    /// Whether a moment lies in the window; an unknown one may.
    pub(crate) fn in_window(&self, time: Time) -> bool {
        time.is_none_or(|t| self.from.is_none_or(|from| from <= t) && self.to.is_none_or(|to| t < to))
    }

    /// Whether one of these is an accessing organisation.
    pub(crate) fn any_attacker(&self, orgs: &Ids) -> bool {
        orgs.iter().any(|org| self.attackers.contains(org))
    }

    /// Whether one of these is a victim.
    pub(crate) fn any_victim(&self, orgs: &Ids) -> bool {
        orgs.iter().any(|org| self.victims.contains(org))
    }
}
