//! Everything that the evidence and the catalogue say about who owns what.

use super::attribution::Attribution;
use super::question::{CatalogueRow, Validity};
use super::sides::Action;
use crate::model::{AccessClass, Moment, OrgId, Outcome, OwnerRule, RecordKey, Relation, Tables, Target, Verb};
use crate::profile::{Profile, ResourceOrg};
use std::collections::{BTreeMap, BTreeSet};

/// One statement that an organisation owns a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    /// What kind of statement.
    pub rule: OwnerRule,
    /// Who would own it.
    pub org: OrgId,
    /// In whose favour may not count: the organisations that acted.
    pub by: BTreeSet<OrgId>,
    /// When it holds.
    pub(super) valid: ValidKey,
    /// The container in which the record was created: its owner owns what is made inside.
    pub(super) inside: Option<RecordKey>,
}

/// `Validity` with an order, so that equal claims are stated once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ValidKey {
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
}

impl Claim {
    pub(super) fn holds(&self, at: Option<Moment>) -> bool {
        Validity { from: self.valid.from, to: self.valid.to }.holds(at)
    }
}

/// All claims, by record and by the scope within which its id is unique.
#[derive(Debug, Default)]
pub(super) struct Claims {
    by_record: BTreeMap<RecordKey, BTreeMap<String, OnRecord>>,
}

/// What is claimed of one record.
#[derive(Debug, Default)]
struct OnRecord {
    claims: BTreeSet<Claim>,
    /// When each organisation was first said to own it.
    first_said: BTreeMap<OrgId, Moment>,
}

impl Claims {
    /// The claims on a record.
    pub(super) fn of(&self, record: &RecordKey, scope: &str) -> impl Iterator<Item = &Claim> {
        self.on(record, scope).into_iter().flat_map(|on| &on.claims)
    }

    /// Whether an organisation was said to own a record before a moment.
    pub(super) fn said_before(&self, record: &RecordKey, scope: &str, org: &OrgId, moment: Option<Moment>) -> bool {
        let first = self.on(record, scope).and_then(|on| on.first_said.get(org));
        first.is_some_and(|first| moment.is_none_or(|moment| *first < moment))
    }

    fn on(&self, record: &RecordKey, scope: &str) -> Option<&OnRecord> {
        self.by_record.get(record).and_then(|scopes| scopes.get(scope))
    }

    fn add(&mut self, record: &RecordKey, scope: &str, claim: Claim, said: Option<Moment>) {
        let scopes = match self.by_record.get_mut(record) {
            Some(scopes) => scopes,
            None => self.by_record.entry(record.clone()).or_default(),
        };
        let on = scopes.entry(scope.to_owned()).or_default();
        if let Some(said) = said {
            let first = on.first_said.entry(claim.org.clone()).or_insert(said);
            *first = said.min(*first);
        }
        on.claims.insert(claim);
    }
}

/// What the claims are gathered from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'s> {
    /// The tables.
    pub tables: &'s Tables,
    /// Targets of each event: first and after the last.
    pub ranges: &'s [(usize, usize)],
    /// The matched actions.
    pub actions: &'s [Action],
    /// Whose events are whose.
    pub attributions: &'s [Attribution],
    /// The profile.
    pub profile: &'s Profile,
    /// The catalogue.
    pub catalogue: &'s [CatalogueRow],
}

/// Gathers every claim of the catalogue and of successful actions.
pub(super) fn gather(sources: Sources<'_>) -> Claims {
    let mut claims = Claims::default();
    for row in sources.catalogue {
        let valid = ValidKey { from: row.valid.from, to: row.valid.to };
        let claim =
            Claim { rule: OwnerRule::Catalogue, org: row.owner.clone(), by: BTreeSet::new(), valid, inside: None };
        let scope = if sources.profile.ids_per_org { row.owner.to_string() } else { String::new() };
        claims.add(&row.record, &scope, claim, None);
    }
    for (number, action) in sources.actions.iter().enumerate() {
        for statement in Statement::of(sources, number, action) {
            statement.claims(sources, &mut claims);
        }
    }
    claims
}

/// The scope within which a target's id is unique. A bare id of a per-organisation profile joins nothing.
pub(super) fn scope(profile: &Profile, target: &Target, action: usize) -> String {
    match (profile.ids_per_org, &target.record_org) {
        (false, _) => String::new(),
        (true, Some(org)) => org.to_string(),
        (true, None) => format!("#{action}"),
    }
}

/// What one action says about one record, over all copies of the action.
struct Statement<'s> {
    action: usize,
    target: &'s Target,
    verb: Verb,
    time: Option<Moment>,
    actors: BTreeSet<OrgId>,
    acting: BTreeSet<OrgId>,
    named: BTreeSet<OrgId>,
    logs: BTreeSet<OrgId>,
    from_org: Option<OrgId>,
    to_org: Option<OrgId>,
}

impl<'s> Statement<'s> {
    fn of(sources: Sources<'s>, number: usize, action: &Action) -> Vec<Self> {
        let events: Vec<_> = action.events.iter().filter_map(|i| Some((*i, sources.tables.events.get(*i)?))).collect();
        let Some((_, first)) = events.first() else { return Vec::new() };
        // A refused, failed or doubtful action proves nothing about owners.
        if !events.iter().all(|(_, event)| event.outcome == Outcome::Success) || first.verb.is_session() {
            return Vec::new();
        }
        let attributions = || events.iter().filter_map(|(i, _)| sources.attributions.get(*i));
        let actors = attributions().flat_map(Attribution::orgs).cloned().collect::<BTreeSet<_>>();
        let acting = attributions().flat_map(|a| a.acting().iter().cloned()).collect::<BTreeSet<_>>();
        let logs = events.iter().filter_map(|(_, event)| event.log_org.clone()).collect::<BTreeSet<_>>();
        let time = events.iter().filter_map(|(_, event)| event.time).min();
        let from_org = events.iter().find_map(|(_, event)| event.from_org.clone());
        let to_org = events.iter().find_map(|(_, event)| event.to_org.clone());
        let mut records: BTreeMap<(&RecordKey, String), Self> = BTreeMap::new();
        for (index, event) in &events {
            for target in targets(sources, *index).iter().filter(|target| target.relation != Relation::Returned) {
                let key = (&target.record, scope(sources.profile, target, number));
                let statement = records.entry(key).or_insert_with(|| Statement {
                    action: number,
                    target,
                    verb: event.verb,
                    time,
                    actors: actors.clone(),
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

    fn claims(&self, sources: Sources<'_>, claims: &mut Claims) {
        let row = sources.profile.resource_org == ResourceOrg::Row;
        let created = self.verb == Verb::Create && self.target.class == AccessClass::Created;
        let key = scope(sources.profile, self.target, self.action);
        let mut add = |rule, org: &OrgId, from: Option<Moment>, to: Option<Moment>| {
            let inside = self.target.parent.clone().filter(|_| rule == OwnerRule::Creation && to.is_none());
            let valid = ValidKey { from, to };
            let claim = Claim { rule, org: org.clone(), by: self.speakers().clone(), valid, inside };
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
        if created {
            // A container's owner goes before these; `ownership` looks it up when it decides.
            for org in self.created_for() {
                add(OwnerRule::Creation, &org, self.time, None);
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

pub(super) fn targets(sources: Sources<'_>, event: usize) -> &[Target] {
    let (from, to) = sources.ranges.get(event).copied().unwrap_or_default();
    sources.tables.targets.get(from..to).unwrap_or_default()
}

/// Where the targets of each event lie in the table of targets.
pub(super) fn ranges(tables: &Tables) -> Vec<(usize, usize)> {
    let mut ranges = vec![(0, 0); tables.events.len()];
    for (position, target) in tables.targets.iter().enumerate() {
        let after = position.saturating_add(1);
        if let Some(range) = ranges.get_mut(target.event) {
            *range = if range.1 == 0 { (position, after) } else { (range.0, after) };
        }
    }
    ranges
}
