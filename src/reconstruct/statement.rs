//! Rule 2: what an action says about who owns a record.

use super::attribution::Attribution;
use super::claims::{Claim, Claims, Scopes, Sources, ValidKey, targets};
use super::effect::{joined, telling};
use super::lives;
use super::sides::Action;
use crate::model::{AccessClass, Moment, OrgId, Outcome, OwnerRule, RecordKey, Relation, Target, Verb};
use crate::profile::ResourceOrg;
use std::collections::{BTreeMap, BTreeSet};

/// What one action says about one record, over all copies of the action.
pub(super) struct Statement<'s> {
    scope: String,
    target: &'s Target,
    verb: Verb,
    time: Option<Moment>,
    actors: BTreeSet<OrgId>,
    jobs_of: BTreeSet<OrgId>,
    acting: BTreeSet<OrgId>,
    named: BTreeSet<OrgId>,
    logs: BTreeSet<OrgId>,
    from_org: Option<OrgId>,
    to_org: Option<OrgId>,
}

impl<'s> Statement<'s> {
    /// One statement for each record that an action names, if it proves anything.
    pub(super) fn of(sources: Sources<'s>, number: usize, action: &Action) -> Vec<Self> {
        let events: Vec<_> = action.events.iter().filter_map(|i| Some((*i, sources.tables.events.get(*i)?))).collect();
        let Some((_, first)) = events.first() else { return Vec::new() };
        // A refused, failed, doubtful or unfinished action proves nothing about owners.
        let copies: Vec<_> = events.iter().map(|(_, event)| *event).collect();
        if joined(&telling(&copies)) != Outcome::Success || first.verb.is_session() {
            return Vec::new();
        }
        let attributions = || events.iter().filter_map(|(i, _)| sources.attributions.get(*i));
        let actors = attributions().flat_map(Attribution::orgs).cloned().collect::<BTreeSet<_>>();
        let jobs_of = attributions().flat_map(|a| a.real.jobs_of.iter().cloned()).collect::<BTreeSet<_>>();
        let acting = attributions().flat_map(|a| a.acting().iter().cloned()).collect::<BTreeSet<_>>();
        let logs = events.iter().filter_map(|(_, event)| event.log_org.clone()).collect::<BTreeSet<_>>();
        let time = events.iter().filter_map(|(_, event)| event.time).min();
        let from_org = events.iter().find_map(|(_, event)| event.from_org.clone());
        let to_org = events.iter().find_map(|(_, event)| event.to_org.clone());
        let scopes = Scopes::of(sources, number, events.iter().map(|(index, _)| *index));
        let mut records: BTreeMap<(&RecordKey, String), Self> = BTreeMap::new();
        for (index, event) in &events {
            for target in targets(sources, *index).iter().filter(|target| target.relation != Relation::Returned) {
                let scope = scopes.scope(target);
                let key = (&target.record, scope.clone());
                let statement = records.entry(key).or_insert_with(|| Statement {
                    scope: scope.clone(),
                    target,
                    verb: event.verb,
                    time,
                    actors: actors.clone(),
                    jobs_of: jobs_of.clone(),
                    acting: acting.clone(),
                    named: BTreeSet::new(),
                    logs: logs.clone(),
                    from_org: from_org.clone(),
                    to_org: to_org.clone(),
                });
                statement.named.extend(target.record_org.clone());
            }
        }
        records.into_values().collect()
    }

    /// A creation or a deletion at a known time: what may begin or end a life.
    pub(super) fn turn(&self) -> Option<((RecordKey, String), lives::Turn)> {
        let created = self.is_creation();
        if !created && (self.verb != Verb::Delete || self.target.class != AccessClass::Deleted) {
            return None;
        }
        let key = (self.target.record.clone(), self.scope.clone());
        Some((key, lives::Turn { at: self.time?, created, by: self.actors.union(&self.jobs_of).cloned().collect() }))
    }

    fn is_creation(&self) -> bool {
        self.verb == Verb::Create && self.target.class == AccessClass::Created
    }

    /// Adds what it claims.
    pub(super) fn claims(&self, sources: Sources<'_>, claims: &mut Claims) {
        let row = sources.profile.resource_org == ResourceOrg::Row;
        let key = self.scope.clone();
        let made_for = self.created_for();
        let mut add = |rule, org: &OrgId, from: Option<Moment>, to: Option<Moment>| {
            let inside = self.target.parent.clone().filter(|_| rule == OwnerRule::Creation && self.is_creation());
            let valid = ValidKey { from, to };
            // What the row itself says is nobody's word.
            let jobs_of = if row && rule == OwnerRule::Named { BTreeSet::new() } else { self.jobs_of.clone() };
            // A creation by nobody known is nobody's word, not that of the log it stands in.
            let nobody = rule == OwnerRule::Creation && self.actors.is_empty();
            let by = if nobody { BTreeSet::new() } else { self.speakers().clone() };
            let created = rule == OwnerRule::Creation && self.is_creation();
            let word = rule == OwnerRule::Creation && !created && !row;
            let claim = Claim { rule, org: org.clone(), by, created, word, jobs_of, valid, life: None, inside };
            claims.add(&self.target.record, &key, claim, self.time);
        };
        for org in self.named.iter().filter(|org| row || (self.is_foreign(org) && !self.actors.is_empty())) {
            add(OwnerRule::Named, org, None, None);
        }
        // What the row itself says stands over the log that it lies in.
        if (!row || self.named.is_empty()) && !self.actors.is_empty() {
            for org in self.logs.iter().filter(|org| self.is_foreign(org)) {
                add(OwnerRule::OwnLog, org, None, None);
            }
        }
        if self.is_creation() {
            // A container's owner goes before these; `ownership` looks it up when it decides.
            for org in &made_for {
                add(OwnerRule::Creation, org, self.time, None);
            }
        }
        self.transfer(&mut add);
        let rule = match self.verb {
            Verb::Create | Verb::Update | Verb::Delete => OwnerRule::Change,
            Verb::Read | Verb::List | Verb::Search | Verb::Export => OwnerRule::Reading,
            Verb::Login | Verb::Logout | Verb::Unclassified => return,
        };
        // Where nothing shows who acted, the owner of the log is the weakest guess, not the strongest.
        let members = if self.acting.is_empty() { &self.logs } else { &self.acting };
        for org in members {
            add(rule, org, None, None);
        }
        if self.is_creation() && made_for.is_empty() {
            claims.add_unowned((&self.target.record, &key), self.time, self.target.parent.clone());
        }
    }

    /// What a transfer says: the loser owned the record until then, and the gainer from then on.
    fn transfer(&self, add: &mut impl FnMut(OwnerRule, &OrgId, Option<Moment>, Option<Moment>)) {
        let by_gainer = self.to_org.as_ref().is_none_or(|to| !self.is_foreign(to));
        if self.actors.is_empty() || !by_gainer {
            if let Some(to) = &self.to_org {
                add(OwnerRule::Creation, to, self.time, None);
            }
            for from in self.from_org.iter().filter(|_| self.to_org.is_some()) {
                add(OwnerRule::Creation, from, None, self.time);
                // Where nothing shows who handed it over, the gainer may have taken it: both hold afterwards.
                if self.actors.is_empty() {
                    add(OwnerRule::Creation, from, self.time, None);
                }
            }
        } else if let Some(from) = self.from_org.as_ref().filter(|from| self.is_foreign(from)) {
            // Taking something for oneself is no claim, but it names whose it was.
            add(OwnerRule::Named, from, None, None);
        }
    }

    /// Whose word a claim is: the actors', or where nothing shows them that of the log it stands in.
    fn speakers(&self) -> &BTreeSet<OrgId> {
        if self.actors.is_empty() { &self.logs } else { &self.actors }
    }

    fn is_foreign(&self, org: &OrgId) -> bool {
        !self.actors.contains(org)
    }

    /// The owner by creation: an organisation other than the creator's that is named or in whose log it lies.
    fn created_for(&self) -> BTreeSet<OrgId> {
        let foreign = |orgs: &BTreeSet<OrgId>| -> BTreeSet<OrgId> {
            orgs.iter().filter(|org| self.is_foreign(org)).cloned().collect()
        };
        [foreign(&self.named), foreign(&self.logs), self.acting.clone()]
            .into_iter()
            .find(|orgs| !orgs.is_empty())
            .unwrap_or_default()
    }
}
