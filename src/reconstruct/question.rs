//! What is asked, with everything that the responder knows and the log does not.

use super::own::OwnReads;
use crate::model::{Decoded, Moment, OrgId, RecordKey, Window};
use std::collections::{BTreeMap, BTreeSet};

/// One question of the kind "what did A touch of V's?".
#[derive(Clone, Debug)]
pub struct CrossOrg {
    /// The accessing organisations.
    pub attackers: BTreeSet<OrgId>,
    /// The owning organisations.
    pub victims: BTreeSet<OrgId>,
    /// Other ids of organisations, to the id that the question uses.
    pub aliases: BTreeMap<OrgId, OrgId>,
    /// Which accesses count. Never bounds ownership evidence.
    pub window: Window,
    /// Nothing later was considered.
    pub as_of: Moment,
    /// Whether `as_of` was asked for and cuts off later events.
    pub cut_off: Option<Moment>,
    /// What the responder knows.
    pub knowledge: Knowledge,
}

/// Tables from outside the log.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Who owns which record when.
    pub catalogue: Vec<CatalogueRow>,
    /// Who belongs to which organisation when.
    pub members: Vec<MemberRow>,
    /// Which organisation may touch which record when.
    pub grants: Vec<GrantRow>,
    /// Which accesses are expected.
    pub allow: Vec<AllowRow>,
    /// What shows which reads of the log are our own.
    pub own: OwnReads,
}

/// A span of validity; an open end is unbounded, both ends hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// First moment.
    pub from: Option<Moment>,
    /// Last moment.
    pub to: Option<Moment>,
}

impl Validity {
    /// Whether it holds at a time; at an unknown time it may.
    pub fn holds(&self, at: Option<Moment>) -> bool {
        let Some(at) = at else { return true };
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
    }
}

/// Who owns a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueRow {
    /// The record.
    pub record: RecordKey,
    /// Its owner.
    pub owner: OrgId,
    /// When this row holds.
    pub valid: Validity,
    /// Whether the row says when the record began to exist.
    pub has_lifetime: bool,
    /// The record's container.
    pub parent_id: String,
    /// Kinds of data that it holds.
    pub categories: Vec<String>,
    /// People whom it concerns.
    pub subjects: Vec<String>,
}

/// To whom an actor belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The actor.
    pub actor_id: String,
    /// The organisation.
    pub org: OrgId,
    /// When.
    pub valid: Validity,
}

/// What an organisation was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Who may.
    pub org: OrgId,
    /// Which kind of record.
    pub record_type: String,
    /// Which record; `*` for every one of the type.
    pub record_id: String,
    /// When.
    pub valid: Validity,
}

/// Whose accesses are expected: every column that is not empty must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowRow {
    /// The actor.
    pub actor_id: String,
    /// The credential.
    pub credential_id: String,
    /// The action.
    pub action: String,
}

impl CrossOrg {
    /// Writes every organisation of the rows under the id that the question uses.
    pub(super) fn apply_aliases(&self, decoded: &mut Decoded) {
        if self.aliases.is_empty() {
            return;
        }
        let rename = |org: &mut Option<OrgId>| {
            if let Some(name) = org.as_ref().and_then(|id| self.aliases.get(id)) {
                *org = Some(name.clone());
            }
        };
        for row in &mut decoded.rows {
            let event = &mut row.event;
            rename(&mut event.log_org);
            rename(&mut event.actor_org);
            rename(&mut event.effective_actor_org);
            rename(&mut event.scope_org);
            rename(&mut event.from_org);
            rename(&mut event.to_org);
            for org in event.share.iter_mut().flat_map(|share| &mut share.with) {
                if let Some(name) = self.aliases.get(org) {
                    *org = name.clone();
                }
            }
            row.targets.iter_mut().for_each(|target| rename(&mut target.record_org));
        }
    }

    /// Whether the accessing side was given a record, or without one every record of a type; never at an unknown time.
    pub(super) fn grants(&self, record_type: &str, record_id: Option<&str>, at: Option<Moment>) -> bool {
        at.is_some()
            && self.knowledge.grants.iter().any(|grant| {
                self.is_attacker(&grant.org)
                    && grant.record_type == record_type
                    && (grant.record_id == "*" || record_id == Some(grant.record_id.as_str()))
                    && grant.valid.holds(at)
            })
    }

    /// Whether an organisation is one of the accessing ones.
    pub(super) fn is_attacker(&self, org: &OrgId) -> bool {
        self.attackers.contains(org)
    }

    /// Whether an organisation is one of the victims.
    pub(super) fn is_victim(&self, org: &OrgId) -> bool {
        self.victims.contains(org)
    }
}
