//! Everything that the evidence and the catalogue say about who owns what.

use super::attribution::Attribution;
use super::lives::{self, Lives};
use super::minted::Minted;
use super::question::{CatalogueRow, Validity};
use super::sides::Action;
use super::statement::Statement;
use crate::model::{Moment, OrgId, OwnerRule, RecordKey, Tables, Target, Verb};
use crate::profile::Profile;
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
    /// Whether it tells of a creation, not of a handing over.
    pub(super) created: bool,
    /// Whether it is a word about handing over that no row bears out.
    pub(super) word: bool,
    /// For whose job the actors worked: that organisation may be speaking for itself.
    pub jobs_of: BTreeSet<OrgId>,
    /// When it holds.
    pub(super) valid: ValidKey,
    /// In which life of the record it was said; none where that is unknown or does not matter.
    pub(super) life: Option<usize>,
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
    /// That somebody owns what was created, by nobody known.
    pub(super) fn creation(org: OrgId, from: Option<Moment>) -> Self {
        Self {
            rule: OwnerRule::Creation,
            org,
            by: BTreeSet::new(),
            created: true,
            word: false,
            jobs_of: BTreeSet::new(),
            valid: ValidKey { from, to: None },
            life: None,
            inside: None,
        }
    }

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
    /// With the first known time at which each was said.
    claims: BTreeMap<Claim, Option<Moment>>,
    /// Creations of which nothing but their container says whose they are: when, and inside which.
    unowned: BTreeSet<(Option<Moment>, Option<RecordKey>)>,
    /// When each organisation was first said to own it, life by life.
    first_said: BTreeMap<(OrgId, Option<usize>), Option<Moment>>,
    /// When its id was made free and taken again.
    lives: Lives,
}

impl Claims {
    /// The claims on a record.
    pub(super) fn of(&self, record: &RecordKey, scope: &str) -> impl Iterator<Item = &Claim> {
        self.on(record, scope).into_iter().flat_map(|on| on.claims.keys())
    }

    /// The organisations of the strongest claims below rank 2 that were said before a moment, in its life.
    pub(super) fn before(
        &self,
        record: &RecordKey,
        scope: &str,
        (moment, accessing): (Moment, &BTreeSet<OrgId>),
        believed: impl Fn(&Claim) -> bool,
    ) -> BTreeSet<OrgId> {
        let Some(on) = self.on(record, scope) else { return BTreeSet::new() };
        let in_time = |claim: &Claim, said: Option<Moment>| {
            claim.rule.rank() > 2
                && said.is_some_and(|said| said < moment)
                && on.lives.same(claim.life, Some(moment), accessing)
        };
        let early = || on.claims.iter().filter(|(claim, said)| in_time(claim, **said) && believed(claim));
        let Some(best) = early().map(|(claim, _)| claim.rule.rank()).min() else { return BTreeSet::new() };
        let orgs: BTreeSet<OrgId> =
            early().filter(|(claim, _)| claim.rule.rank() == best).map(|(claim, _)| claim.org.clone()).collect();
        // Reading decides only where one organisation alone reads.
        if best == OwnerRule::Reading.rank() && orgs.len() > 1 { BTreeSet::new() } else { orgs }
    }

    /// Creations of which nothing but their container says whose they are.
    pub(super) fn unowned(
        &self,
        record: &RecordKey,
        scope: &str,
    ) -> impl Iterator<Item = &(Option<Moment>, Option<RecordKey>)> {
        self.on(record, scope).into_iter().flat_map(|on| &on.unowned)
    }

    /// Whether an organisation was said to own a record before a moment, in the life of that moment.
    pub(super) fn said_before(
        &self,
        record: &RecordKey,
        scope: &str,
        org: &OrgId,
        (moment, accessing): (Option<Moment>, &BTreeSet<OrgId>),
    ) -> bool {
        let Some(on) = self.on(record, scope) else { return false };
        let before = |first: Option<Moment>| moment.is_none_or(|moment| first.is_none_or(|first| first < moment));
        on.first_said
            .iter()
            .any(|((said_of, life), first)| said_of == org && before(*first) && on.lives.same(*life, moment, accessing))
    }

    /// The lives of a record's id.
    pub(super) fn lives(&self, record: &RecordKey, scope: &str) -> Option<&Lives> {
        self.on(record, scope).map(|on| &on.lives)
    }

    fn on(&self, record: &RecordKey, scope: &str) -> Option<&OnRecord> {
        self.by_record.get(record).and_then(|scopes| scopes.get(scope))
    }

    pub(super) fn add(&mut self, record: &RecordKey, scope: &str, mut claim: Claim, said: Option<Moment>) {
        let on = self.entry(record, scope);
        let life = on.lives.of_moment(said);
        if claim.rule != OwnerRule::Catalogue {
            // At an unknown time it may have been said before anything else.
            let first = on.first_said.entry((claim.org.clone(), life)).or_insert(said);
            *first = said.min(*first);
        }
        // Creations, transfers and the catalogue carry their own time.
        claim.life = life.filter(|_| claim.rule.rank() > 2);
        let known = on.claims.entry(claim).or_insert(said);
        *known = [*known, said].into_iter().flatten().min();
    }

    /// Notes a creation by nobody known that names nobody.
    pub(super) fn add_unowned(
        &mut self,
        (record, scope): (&RecordKey, &str),
        at: Option<Moment>,
        inside: Option<RecordKey>,
    ) {
        self.entry(record, scope).unowned.insert((at, inside));
    }

    fn entry(&mut self, record: &RecordKey, scope: &str) -> &mut OnRecord {
        let scopes = self.by_record.entry(record.clone()).or_default();
        scopes.entry(scope.to_owned()).or_default()
    }
}

/// What the claims are gathered from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'s> {
    /// The tables.
    pub tables: &'s Tables,
    /// Targets of each event: first and after the last.
    pub ranges: &'s Ranges,
    /// The matched actions.
    pub actions: &'s [Action],
    /// Whose events are whose.
    pub attributions: &'s [Attribution],
    /// What actions made that can act on its own.
    pub minted: &'s Minted,
    /// The profile.
    pub profile: &'s Profile,
    /// The catalogue.
    pub catalogue: &'s [CatalogueRow],
}

/// Where the targets of each event lie: first and after the last.
pub(super) type Ranges = [(usize, usize)];

/// Gathers every claim of the catalogue and of successful actions.
pub(super) fn gather(sources: Sources<'_>) -> Claims {
    let mut claims = Claims::default();
    for row in sources.catalogue {
        let valid = ValidKey { from: row.valid.from, to: row.valid.to };
        let claim = Claim {
            rule: OwnerRule::Catalogue,
            org: row.owner.clone(),
            by: BTreeSet::new(),
            jobs_of: BTreeSet::new(),
            created: false,
            word: false,
            valid,
            life: None,
            inside: None,
        };
        let scope = if sources.profile.ids_per_org { row.owner.to_string() } else { String::new() };
        claims.add(&row.record, &scope, claim, None);
    }
    let numbered = || sources.actions.iter().enumerate();
    let turning = |action: &Action| {
        let first = action.events.first().and_then(|index| sources.tables.events.get(*index));
        first.is_some_and(|event| matches!(event.verb, Verb::Create | Verb::Delete))
    };
    let turns = numbered()
        .filter(|(_, action)| turning(action))
        .flat_map(|(number, action)| Statement::of(sources, number, action))
        .filter_map(|statement| statement.turn());
    // Lives come first: a claim speaks only of the life in which it was made.
    for ((record, scope), turns) in lives::turns(turns) {
        if let Some(lives) = Lives::of(turns) {
            claims.entry(&record, &scope).lives = lives;
        }
    }
    for statement in numbered().flat_map(|(number, action)| Statement::of(sources, number, action)) {
        statement.claims(sources, &mut claims);
    }
    claims
}

/// Within which organisation the ids of one action are unique.
pub(super) struct Scopes<'s> {
    per_org: bool,
    action: usize,
    named: BTreeMap<&'s RecordKey, BTreeSet<&'s OrgId>>,
}

impl<'s> Scopes<'s> {
    /// Looks at every copy: what one leaves out, another may name.
    pub(super) fn of(sources: Sources<'s>, action: usize, events: impl Iterator<Item = usize>) -> Self {
        let mut named: BTreeMap<&RecordKey, BTreeSet<&OrgId>> = BTreeMap::new();
        if sources.profile.ids_per_org {
            for target in events.flat_map(|event| targets(sources, event)) {
                named.entry(&target.record).or_default().extend(&target.record_org);
            }
        }
        Self { per_org: sources.profile.ids_per_org, action, named }
    }

    /// The scope of a target. A bare id of a per-organisation profile joins nothing but its own action.
    pub(super) fn scope(&self, target: &Target) -> String {
        let first = || self.named.get(&target.record).and_then(|orgs| orgs.first());
        match (self.per_org, &target.record_org) {
            (false, _) => String::new(),
            (true, Some(org)) => org.to_string(),
            (true, None) => first().map_or_else(|| format!("#{}", self.action), ToString::to_string),
        }
    }
}

pub(super) fn targets(sources: Sources<'_>, event: usize) -> &[Target] {
    targets_of(sources.tables, sources.ranges, event)
}

/// The targets of an event.
pub(super) fn targets_of<'t>(tables: &'t Tables, ranges: &Ranges, event: usize) -> &'t [Target] {
    let (from, to) = ranges.get(event).copied().unwrap_or_default();
    tables.targets.get(from..to).unwrap_or_default()
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
