//! Every pair at once: one pass over the actions, each judged for the organisations it is attributed to.
//!
//! What counts for a pair is decided by the very functions that answer `cross_org` for it, so the numbers are the
//! same. Each action is looked at once for every organisation that acted and every owner that it names or reaches;
//! never once for every pair of the log.

use super::ask::Ask;
use super::claims::{self, Claims, Sources};
use super::cross_org::Reading;
use super::deed::{Deed, Ours, Touched};
use super::effect::Effect;
use super::judge::Judgement;
use super::question::CrossOrg;
use super::shares::Leave;
use super::sides::Action;
use super::tally::{Open, Tally};
use super::{bulk, discovered};
use crate::evidence::Proof;
use crate::model::{Bound, Discovery, OrgId, Tables};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// Finds every pair; `question` brings the window and what is known, its organisations are not looked at.
pub fn discover(tables: &Tables, profile: &Profile, question: &CrossOrg, proof: &Proof) -> Discovery {
    let reading = Reading::of(tables, profile, question);
    let sources = reading.sources(question);
    let claims = claims::gather(sources);
    let leaves = leaves(sources, question);
    let ground = Ground { sources, claims: &claims, leaves: &leaves, none: &Leave::default() };
    let mut found = Found::new(question);
    for (number, action) in sources.actions.iter().enumerate() {
        found.take(ground, number, action);
    }
    discovered::sum_up(&found, sources, question, proof)
}

/// What was shared with each organisation that somebody shared anything with.
fn leaves<'s>(sources: Sources<'s>, question: &CrossOrg) -> BTreeMap<OrgId, Leave<'s>> {
    let shares = sources.tables.events.iter().filter_map(|event| event.share.as_ref());
    let with: BTreeSet<&OrgId> = shares.flat_map(|share| &share.with).collect();
    let of = |org: &OrgId| CrossOrg { attackers: [org.clone()].into(), victims: BTreeSet::new(), ..question.clone() };
    with.into_iter().map(|org| (org.clone(), Leave::gather(sources, &of(org)))).collect()
}

/// What every pair is judged by.
#[derive(Clone, Copy)]
struct Ground<'s> {
    sources: Sources<'s>,
    claims: &'s Claims,
    leaves: &'s BTreeMap<OrgId, Leave<'s>>,
    none: &'s Leave<'s>,
}

impl<'s> Ground<'s> {
    fn ask(self, org: &OrgId, question: &'s CrossOrg) -> Ask<'s> {
        let Self { sources, claims, leaves, none } = self;
        Ask { sources, claims, leave: leaves.get(org).unwrap_or(none), question }
    }
}

/// What was found so far.
pub(super) struct Found {
    /// The question of the pair that is looked at just now.
    asked: CrossOrg,
    pub(super) pairs: BTreeMap<(OrgId, OrgId), Tally>,
    pub(super) open: BTreeMap<OrgId, Open>,
    /// Organisations to which an action was attributed.
    pub(super) acting: BTreeSet<OrgId>,
    /// Counts that are nobody's in particular.
    pub(super) judged: Judgement,
    /// Actions of somebody inside the window.
    pub(super) attributed: u64,
}

impl Found {
    fn new(question: &CrossOrg) -> Self {
        Self {
            asked: CrossOrg { attackers: BTreeSet::new(), victims: BTreeSet::new(), ..question.clone() },
            pairs: BTreeMap::new(),
            open: BTreeMap::new(),
            acting: BTreeSet::new(),
            judged: Judgement::default(),
            attributed: 0,
        }
    }

    fn take(&mut self, ground: Ground<'_>, number: usize, action: &Action) {
        let sources = ground.sources;
        let attributions = action.events.iter().filter_map(|index| sources.attributions.get(*index));
        let orgs: BTreeSet<OrgId> = attributions.flat_map(super::attribution::Attribution::everyone).collect();
        self.asked.victims.clear();
        self.asked.attackers.clear();
        if orgs.is_empty() {
            return self.nobody(sources, number, action);
        }
        let mut concerned = None;
        for org in orgs {
            self.asked.attackers = [org.clone()].into();
            let deed = self.deed(sources, number, action).filter(|deed| deed.in_window(&self.asked));
            let Some(deed) = deed.filter(|deed| matches!(deed.ours, Ours::Yes | Ours::Contested)) else { continue };
            self.acting.insert(org.clone());
            if self.of_org(&org, &deed, ground, action) {
                concerned = Some((deed.time.is_none(), deed.in_conflict()));
            }
        }
        self.attributed = self.attributed.saturating_add(1);
        if let Some((untimed, conflict)) = concerned {
            self.judged.time_unknown = self.judged.time_unknown.saturating_add(u64::from(untimed));
            self.judged.conflicts = self.judged.conflicts.saturating_add(u64::from(conflict));
        }
    }

    fn deed<'s>(&self, sources: Sources<'s>, number: usize, action: &Action) -> Option<Deed<'s>> {
        Deed::of(sources, &self.asked, number, action)
    }

    /// Nobody's action may be anybody's reach: it is counted, and every number is a lower bound.
    fn nobody(&mut self, sources: Sources<'_>, number: usize, action: &Action) {
        let Some(deed) = self.deed(sources, number, action).filter(|deed| deed.in_window(&self.asked)) else { return };
        let system = deed.events.iter().any(|(_, event)| sources.profile.system_types.contains(&event.actor_type));
        let session = deed.events.iter().any(|(_, event)| event.verb.is_session());
        if deed.effect != Effect::Not && !system && !session {
            self.judged.unattributed = self.judged.unattributed.saturating_add(1);
        }
    }

    /// One action of one organisation; says whether it concerns anybody else.
    fn of_org(&mut self, org: &OrgId, deed: &Deed<'_>, ground: Ground<'_>, action: &Action) -> bool {
        let sources = ground.sources;
        let touched = deed.touched(sources, ground.claims, &self.asked.attackers);
        let named = named(deed, sources);
        let owners = touched.iter().flat_map(|touch| &touch.ownership.owners);
        let others: BTreeSet<OrgId> = owners.chain(named.iter().copied()).filter(|o| *o != org).cloned().collect();
        let mut concerned = false;
        for victim in others {
            concerned |= self.of_pair((org, &victim), deed, &touched, ground, action);
        }
        self.asked.victims.clear();
        concerned | self.without_owner(org, deed, &touched, &named, ground)
    }

    /// What it means for one other organisation.
    fn of_pair(
        &mut self,
        (org, victim): (&OrgId, &OrgId),
        deed: &Deed<'_>,
        touched: &[Touched],
        ground: Ground<'_>,
        action: &Action,
    ) -> bool {
        let sources = ground.sources;
        self.asked.victims = [victim.clone()].into();
        // By what right somebody acts depends on whose records they are.
        let Some(deed) = self.deed(sources, deed.number, action) else { return false };
        let mut judged = Judgement::default();
        for touch in touched.iter().filter(|touch| touch.ownership.owners.contains(victim)) {
            judged.touch(&deed, touch, ground.ask(org, &self.asked));
        }
        if touched.is_empty() && bulk::is_scoped(&deed, &self.asked, &[]) {
            judged.without_record(&deed, &self.asked);
        }
        let bulk = bulk::row(&deed, ground.ask(org, &self.asked), &mut judged).filter(|row| row.scoped);
        if judged.accesses.is_empty() && judged.attempts.is_empty() && bulk.is_none() {
            return false;
        }
        self.judged.unclassified = self.judged.unclassified.saturating_add(judged.unclassified);
        let tally = self.pairs.entry((org.clone(), victim.clone())).or_default();
        let staff = is_staff_for_others(&deed, org, sources);
        judged.accesses.iter().for_each(|access| tally.access(access, staff, sources.profile.ids_per_org));
        judged.attempts.iter().for_each(|attempt| tally.attempt(attempt));
        if let Some(row) = bulk {
            tally.bulk(row);
        }
        true
    }

    /// Records whose owner nothing shows, and bulk actions that say nothing of whose records they ran over.
    fn without_owner(
        &mut self,
        org: &OrgId,
        deed: &Deed<'_>,
        touched: &[Touched],
        named: &BTreeSet<&OrgId>,
        ground: Ground<'_>,
    ) -> bool {
        let ask = ground.ask(org, &self.asked);
        let mut judged = Judgement::default();
        for touch in touched.iter().filter(|touch| touch.ownership.owners.is_empty()) {
            judged.touch(deed, touch, ask);
        }
        // Its own log is where everything of an organisation lies: that alone says nothing of whose the records are.
        let says_whose =
            deed.events.iter().any(|(_, event)| event.scope_org.is_some()) || named.iter().any(|o| *o != org);
        let bulk = if says_whose { None } else { bulk::row(deed, ask, &mut judged) };
        let bulk = bulk.filter(|row| row.bound != Bound::AtMost(0));
        if touched.is_empty() && !says_whose {
            judged.without_record(deed, &self.asked);
        }
        self.judged.unclassified = self.judged.unclassified.saturating_add(judged.unclassified);
        let nothing = judged.ownerless.is_empty() && judged.attempts.is_empty() && bulk.is_none();
        if nothing {
            return false;
        }
        let open = self.open.entry(org.clone()).or_default();
        judged.ownerless.iter().for_each(|touch| open.touch(touch));
        judged.attempts.iter().for_each(|attempt| open.attempt(attempt));
        if let Some(row) = &bulk {
            open.bulk(row);
        }
        true
    }
}

/// The organisations that an action names for what it ran over, or in whose log it lies.
fn named<'s>(deed: &Deed<'s>, sources: Sources<'s>) -> BTreeSet<&'s OrgId> {
    let events = deed.events.iter().flat_map(|(_, event)| [&event.log_org, &event.scope_org]);
    events.chain(deed.targets(sources).map(|(_, target)| &target.record_org)).flatten().collect()
}

/// Whether staff of an organisation act as the user of another, as support does.
fn is_staff_for_others(deed: &Deed<'_>, org: &OrgId, sources: Sources<'_>) -> bool {
    let staff = deed.events.iter().any(|(_, event)| sources.profile.staff_types.contains(&event.actor_type));
    let mut attributions = deed.events.iter().filter_map(|(index, _)| sources.attributions.get(*index));
    staff
        && attributions.any(|attribution| {
            let acts_as = attribution.effective.as_ref().is_some_and(|e| !e.orgs.is_empty() && !e.orgs.contains(org));
            attribution.real.orgs.contains(org) && acts_as
        })
}
