//! What a provider's API and records look like: one TOML a provider, parsed and checked.

mod expr;
mod file;
mod form;
mod load;
mod path;
mod request;
mod request_file;
mod rules;

pub use expr::{Expr, Scope, first};
pub use form::{Form, IdForm};
pub use load::{ProfileError, builtin_names, load, resource_org};
pub use path::{Path, items};
pub use request::{Credential, End, Ends, Members, Order, OrgIn, Paging, Request, TimeForm, TimeNames, TimeParameters};
pub use rules::{MintRule, PhaseRule, ShareRule};

use crate::model::{Outcome, Relation, Verb};
use regex::Regex;

/// Whose actions an organisation's log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogScope {
    /// What its own actors did.
    Actor,
    /// What its actors did and what anyone did to its records.
    Both,
}

/// Where the organisation that an event names for a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceOrg {
    /// Read from the record itself: it may be believed of anyone.
    Row,
    /// Copied from the session of whoever asked.
    Session,
    /// Nobody knows.
    Unknown,
}

/// A provider, ready to be applied.
#[derive(Clone, Debug)]
pub struct Profile {
    /// `native`, `aws-cloudtrail`.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// The TOML text, kept with the case so that an answer can be given again.
    pub source: String,
    /// Whose actions a log holds.
    pub log_scope: LogScope,
    /// How far an organisation named for a record may be believed.
    pub resource_org: ResourceOrg,
    /// Whether ids are unique within one organisation only.
    pub ids_per_org: bool,
    /// Offset of times without a zone, in seconds east of UTC.
    pub zone_seconds: i32,
    /// Spellings of a time that no standard names, tried in order.
    pub time_formats: Vec<String>,
    /// How far apart the clocks of two logs may be, in microseconds.
    pub skew_micros: i64,
    /// Top-level members that differ between deliveries of one event.
    pub volatile: Vec<String>,
    /// Actor types that are staff acting for a customer.
    pub staff_types: Vec<String>,
    /// Actor types that are the provider's own machinery and belong to no organisation.
    pub system_types: Vec<String>,
    /// Actor types that carry out jobs for whoever requested them.
    pub worker_types: Vec<String>,
    /// Actions that alter or silence the audit log itself.
    pub altered: Option<Regex>,
    /// Actions that read the audit log itself.
    pub audit_read: Option<Regex>,
    /// How the API is asked, if it can be.
    pub request: Option<Request>,
    /// Where records stand in a body.
    pub records: Records,
    /// Where the columns of an event stand in a record.
    pub map: Map,
    /// What actions do; the first match decides.
    pub verbs: Vec<(Regex, Verb)>,
    /// How actions end.
    pub outcomes: Outcomes,
    /// Which records an event names.
    pub targets: Vec<TargetRule>,
    /// How ids that are written in several ways become one.
    pub id_forms: Vec<IdForm>,
    /// How the two halves of an action are told apart.
    pub phase: Option<PhaseRule>,
    /// Which actions make something that can act on its own.
    pub mints: Vec<MintRule>,
    /// Which actions give leave, or take it back.
    pub shares: Vec<ShareRule>,
}

/// Where records stand in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// Members of an envelope whose arrays hold records.
    pub containers: Vec<String>,
    /// Members in which a record may be wrapped.
    pub unwrap: Vec<String>,
    /// Members that hold the record as JSON text.
    pub embedded: Vec<String>,
    /// Members that may hold a list or an object as JSON text.
    pub json_text: Vec<String>,
    /// The member whose items are the events that one record tells.
    pub explode: Option<String>,
    /// Members of which a record of this provider has at least one.
    pub fits: Vec<String>,
}

/// Where each column stands: alternatives, the first with a value wins.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each field is the column of that name, documented at model::Event")]
pub struct Map {
    pub id: Vec<Expr>,
    pub shared_id: Vec<Expr>,
    pub time: Vec<Expr>,
    pub log_org: Vec<Expr>,
    pub actor_id: Vec<Expr>,
    pub actor_type: Vec<Expr>,
    pub actor_org: Vec<Expr>,
    pub impersonator_id: Vec<Expr>,
    pub impersonator_org: Vec<Expr>,
    pub effective_actor_id: Vec<Expr>,
    pub effective_actor_org: Vec<Expr>,
    pub credential_id: Vec<Expr>,
    pub session_id: Vec<Expr>,
    pub job_id: Vec<Expr>,
    pub source_ip: Vec<Expr>,
    pub user_agent: Vec<Expr>,
    pub action: Vec<Expr>,
    pub outcome_reason: Vec<Expr>,
    pub http_status: Vec<Expr>,
    pub request_id: Vec<Expr>,
    pub returned_count: Vec<Expr>,
    pub total_count: Vec<Expr>,
    pub sequence: Vec<Expr>,
    pub returned_hash: Vec<Expr>,
    pub page_of: Vec<Expr>,
    pub cursor: Vec<Expr>,
    pub filter: Vec<Expr>,
    pub repeats: Vec<Expr>,
    pub scope_org: Vec<Expr>,
    pub scope_type: Vec<Expr>,
    pub scope_id: Vec<Expr>,
    pub from_org: Vec<Expr>,
    pub to_org: Vec<Expr>,
}

/// How outcomes are read: the first rule whose value matches decides.
#[derive(Clone, Debug)]
pub struct Outcomes {
    /// Value, pattern, outcome.
    pub rules: Vec<(Expr, Regex, Outcome)>,
    /// When no rule decides.
    pub default: Outcome,
    /// Reasons of failures that may nevertheless have taken effect.
    pub open_failure: Option<Regex>,
}

/// One way in which an event names records.
#[derive(Clone, Debug)]
pub struct TargetRule {
    /// Path to the items, if there may be many.
    pub each: Option<Path>,
    /// Actions that the rule is for.
    pub when: Option<Regex>,
    /// Actions that the rule is not for.
    pub unless: Option<Regex>,
    /// The kind of record.
    pub record_type: Vec<Expr>,
    /// The record's id.
    pub id: Vec<Expr>,
    /// The organisation named for the record.
    pub org: Vec<Expr>,
    /// The kind of container.
    pub parent_type: Vec<Expr>,
    /// The container's id.
    pub parent_id: Vec<Expr>,
    /// What the record is to the event.
    pub relation: Relation,
    /// Whether a record of another organisation is the source and one's own the destination.
    pub relation_by_owner: bool,
    /// Whether a record that an earlier rule named is not named again.
    pub skip_if_named: bool,
}

impl Profile {
    /// What an action does.
    pub fn verb(&self, action: &str) -> Verb {
        let found = self.verbs.iter().find(|(pattern, _)| pattern.is_match(action));
        found.map_or(Verb::Unclassified, |(_, verb)| *verb)
    }

    /// A record's id in its canonical form; the first rule for its type decides.
    pub fn canonical(&self, record_type: &str, id: String) -> String {
        match self.id_forms.iter().find(|rule| rule.record_type.is_match(record_type)) {
            Some(rule) => rule.form.apply(id),
            None => id,
        }
    }
}
