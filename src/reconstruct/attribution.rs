//! Rule 3: whose action it is, by the first fact that speaks; never by majority.

use super::claims::Ranges;
use super::effect::{joined, telling};
use super::minted::{FirstActs, Minted};
use super::question::Knowledge;
use super::sides::Action;
use crate::model::{AttributionRule, Event, MintKind, OrgId, Outcome, Tables, Verb};
use crate::profile::{LogScope, Profile};
use std::collections::{BTreeMap, BTreeSet};

/// To which organisations one person of an event belongs, and by which fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Belonging {
    /// The organisations; several where the fact does not decide, none where nothing speaks.
    pub orgs: BTreeSet<OrgId>,
    /// Those for whose job it was done, though it is somebody else's.
    pub jobs_of: BTreeSet<OrgId>,
    /// The fact.
    pub rule: AttributionRule,
}

/// The real and the effective actor of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attribution {
    /// Who really acted.
    pub real: Belonging,
    /// As whom, if as someone else.
    pub effective: Option<Belonging>,
}

impl Attribution {
    /// Every organisation that one of the two belongs to.
    pub(super) fn orgs(&self) -> BTreeSet<&OrgId> {
        self.real.orgs.iter().chain(self.effective.iter().flat_map(|e| &e.orgs)).collect()
    }

    /// Every organisation that may have had a part in it: those, and whose job it was.
    pub(super) fn everyone(&self) -> BTreeSet<OrgId> {
        self.orgs().into_iter().chain(&self.real.jobs_of).cloned().collect()
    }

    /// The organisations in whose name it was done: the effective actor's, else the real one's.
    pub(super) fn acting(&self) -> &BTreeSet<OrgId> {
        self.effective.as_ref().filter(|e| !e.orgs.is_empty()).map_or(&self.real.orgs, |e| &e.orgs)
    }
}

/// Attributes every event; also gives what those actions made.
pub(super) fn attribute(
    tables: &Tables,
    ranges: &Ranges,
    actions: &[Action],
    profile: &Profile,
    knowledge: &Knowledge,
) -> (Vec<Attribution>, Minted) {
    let mut facts = Facts::gather(tables, actions, knowledge);
    let first = FirstActs::of(tables);
    let mut all = vec![Attribution::default(); tables.events.len()];
    for action in actions {
        for index in &action.events {
            if let (Some(slot), Some(event)) = (all.get_mut(*index), tables.events.get(*index)) {
                *slot = facts.attribution(event, profile);
            }
        }
        facts.redacted(tables, action, &mut all);
        // In the order of time, what a made thing makes in turn is known when it acts.
        facts.minted.note(tables, ranges, action, &all, &first);
    }
    inherit_jobs(tables, actions, profile, &mut all);
    // Jobs, equal and unknown times may add makers out of that order; what they made is then known to all.
    for _ in 0..PASSES {
        let mut minted = Minted::default();
        for action in actions {
            minted.note(tables, ranges, action, &all, &first);
        }
        let settled = minted == facts.minted;
        facts.minted = minted;
        if facts.minted == Minted::default() {
            break;
        }
        let before =
            std::mem::replace(&mut all, tables.events.iter().map(|event| facts.attribution(event, profile)).collect());
        for action in actions {
            facts.redacted(tables, action, &mut all);
        }
        inherit_jobs(tables, actions, profile, &mut all);
        if settled && before == all {
            break;
        }
    }
    (all, facts.minted)
}

/// How often makers are looked for again: deeper chains without any order in time are no log's.
const PASSES: usize = 64;

/// What a worker does for a job is its requester's: whoever first names the job and is known, however late that is.
fn inherit_jobs(tables: &Tables, actions: &[Action], profile: &Profile, all: &mut [Attribution]) {
    let worker = |event: &Event| profile.worker_types.contains(&event.actor_type);
    let of_jobs = || tables.events.iter().enumerate().filter(|(_, event)| !event.job_id.is_empty());
    if of_jobs().next().is_none() {
        return;
    }
    let copies: BTreeMap<usize, &[usize]> = actions
        .iter()
        .flat_map(|action| action.events.iter().map(|index| (*index, action.events.as_slice())))
        .collect();
    let copies = |index: usize| copies.get(&index).copied().unwrap_or_default();
    let mut requesters: BTreeMap<&str, (&[usize], BTreeSet<OrgId>)> = BTreeMap::new();
    for (index, event) in of_jobs().filter(|(_, event)| !worker(event)) {
        // Whoever asked, in any copy, may be the one for whom it is done.
        let who = copies(index).iter().filter_map(|copy| all.get(*copy)).flat_map(Attribution::orgs);
        let who: BTreeSet<OrgId> = who.cloned().collect();
        if !who.is_empty() {
            requesters.entry(&event.job_id).or_insert_with(|| (copies(index), who));
        }
    }
    for (index, event) in of_jobs() {
        let Some((requester, orgs)) = requesters.get(event.job_id.as_str()) else { continue };
        let Some(attribution) = all.get_mut(index).filter(|_| !requester.contains(&index)) else { continue };
        if worker(event) || attribution.real.orgs.is_empty() {
            let (orgs, jobs_of) = (orgs.clone(), BTreeSet::new());
            attribution.real = Belonging { orgs, jobs_of, rule: AttributionRule::Job };
        } else {
            // Someone else with a name of their own: it is theirs, and may be the requester's.
            attribution.real.jobs_of.extend(orgs.iter().cloned());
        }
    }
}

struct Facts<'k> {
    credentials: BTreeMap<String, BTreeSet<OrgId>>,
    homes: BTreeMap<String, BTreeSet<OrgId>>,
    sessions: BTreeMap<String, BTreeSet<OrgId>>,
    members: BTreeMap<&'k str, Vec<&'k super::question::MemberRow>>,
    minted: Minted,
}

impl<'k> Facts<'k> {
    fn gather(tables: &Tables, actions: &[Action], knowledge: &'k Knowledge) -> Self {
        let mut facts = Facts {
            credentials: BTreeMap::new(),
            homes: BTreeMap::new(),
            sessions: BTreeMap::new(),
            members: BTreeMap::new(),
            minted: Minted::default(),
        };
        for event in &tables.events {
            let Some(org) = &event.actor_org else { continue };
            if !event.credential_id.is_empty() {
                facts.credentials.entry(event.credential_id.clone()).or_default().insert(org.clone());
            }
        }
        for action in actions {
            facts.login(&action.events.iter().filter_map(|index| tables.events.get(*index)).collect::<Vec<_>>());
        }
        for row in &knowledge.members {
            facts.members.entry(&row.actor_id).or_default().push(row);
        }
        facts
    }

    /// A successful login says where its actor and its session belong.
    fn login(&mut self, copies: &[&Event]) {
        if copies.first().is_none_or(|first| first.verb != Verb::Login) || joined(&telling(copies)) != Outcome::Success
        {
            return;
        }
        let orgs: BTreeSet<&OrgId> = copies.iter().filter_map(|event| event.actor_org.as_ref()).collect();
        let mut say = |facts: fn(&mut Self) -> &mut BTreeMap<String, BTreeSet<OrgId>>, id: &String| {
            // Whoever has no id is nobody in particular: one login must not speak for all of them.
            if !id.is_empty() && !orgs.is_empty() {
                facts(self).entry(id.clone()).or_default().extend(orgs.iter().copied().cloned());
            }
        };
        for event in copies {
            say(|facts| &mut facts.homes, &event.actor_id);
            say(|facts| &mut facts.sessions, &event.session_id);
        }
    }

    fn attribution(&self, event: &Event, profile: &Profile) -> Attribution {
        let real = self.real(event, profile);
        let impersonated = !event.effective_actor_id.is_empty() || event.effective_actor_org.is_some();
        Attribution { real, effective: impersonated.then(|| self.effective(event)) }
    }

    fn real(&self, event: &Event, profile: &Profile) -> Belonging {
        let own_log = || match (profile.log_scope, &event.log_org) {
            (LogScope::Actor, Some(org)) => Some([org.clone()].into()),
            _ => None,
        };
        let told = named(event.actor_org.as_ref())
            .or_else(|| of(self.credentials.get(&event.credential_id).cloned(), AttributionRule::Credential))
            .or_else(|| of(self.member(&event.actor_id, event), AttributionRule::Members));
        let ids = hands(event);
        if let Some(told) = told {
            return self.also_made(told, event, &ids);
        }
        self.made(event, &ids)
            .or_else(|| of(own_log(), AttributionRule::OwnLog))
            .or_else(|| of(self.homes.get(&event.actor_id).cloned(), AttributionRule::Home))
            .unwrap_or_default()
    }

    fn effective(&self, event: &Event) -> Belonging {
        let told = named(event.effective_actor_org.as_ref())
            .or_else(|| of(self.member(&event.effective_actor_id, event), AttributionRule::Members));
        let ids = [(MintKind::Member, &event.effective_actor_id)];
        if let Some(told) = told {
            return self.also_made(told, event, &ids);
        }
        self.made(event, &ids)
            .or_else(|| of(self.homes.get(&event.effective_actor_id).cloned(), AttributionRule::Home))
            .unwrap_or_default()
    }

    /// Who acted is told by the copy that tells it best: a copy that leaves it out says nothing else.
    fn redacted(&self, tables: &Tables, action: &Action, all: &mut [Attribution]) {
        let told = |rule: AttributionRule| {
            matches!(rule, AttributionRule::Named | AttributionRule::Credential | AttributionRule::Members)
        };
        let copies = || action.events.iter().filter_map(|index| all.get(*index)).map(|copy| &copy.real);
        let known = |real: &&Belonging| !real.orgs.is_empty() && told(real.rule);
        let Some(best) = copies().filter(known).map(|real| real.rule).min().filter(|_| action.events.len() > 1) else {
            return;
        };
        let orgs: BTreeSet<OrgId> =
            copies().filter(|real| real.rule == best).flat_map(|real| real.orgs.iter().cloned()).collect();
        for index in &action.events {
            let (Some(copy), Some(event)) = (all.get_mut(*index), tables.events.get(*index)) else { continue };
            if copy.real.rule > best {
                let told = Belonging { orgs: orgs.clone(), rule: best, ..Belonging::default() };
                copy.real = self.also_made(told, event, &hands(event));
            }
        }
    }

    /// Whose it is because they made the credential, the session or the member; the first that speaks.
    fn made(&self, event: &Event, ids: &[(MintKind, &String)]) -> Option<Belonging> {
        let makers = ids.iter().map(|(kind, id)| self.minted.makers(*kind, id, event.time));
        makers.into_iter().find(|orgs| !orgs.is_empty()).and_then(|orgs| of(Some(orgs), AttributionRule::Minted))
    }

    /// What strangers made inside an organisation belongs to both, whatever the organisation's own events say.
    fn also_made(&self, mut told: Belonging, event: &Event, ids: &[(MintKind, &String)]) -> Belonging {
        let made = || ids.iter().flat_map(|(kind, id)| self.minted.of(*kind, id, event.time));
        // A login opens a session where it belongs: that makes nobody a stranger.
        let strangers = made()
            .filter(|made| !made.by_login && !made.into.is_disjoint(&told.orgs) && !made.by.is_subset(&told.orgs));
        let strangers: BTreeSet<OrgId> = strangers.flat_map(|made| made.by.iter().cloned()).collect();
        if !strangers.is_empty() {
            told.orgs.extend(strangers);
            told.rule = AttributionRule::Minted;
        }
        told
    }

    fn member(&self, actor: &str, event: &Event) -> Option<BTreeSet<OrgId>> {
        let rows = self.members.get(actor)?.iter();
        let orgs: BTreeSet<_> = rows.filter(|row| row.valid.holds(event.time)).map(|row| row.org.clone()).collect();
        if orgs.len() > 1 {
            // Of a member of several organisations the session tells which one is at work.
            let session = self.sessions.get(&event.session_id);
            if let Some(session) = session.filter(|session| session.len() == 1 && session.is_subset(&orgs)) {
                return Some(session.clone());
            }
        }
        (!orgs.is_empty()).then_some(orgs)
    }
}

/// Under which ids the real actor of an event acts.
fn hands(event: &Event) -> [(MintKind, &String); 3] {
    [
        (MintKind::Credential, &event.credential_id),
        (MintKind::Session, &event.session_id),
        (MintKind::Member, &event.actor_id),
    ]
}

fn named(org: Option<&OrgId>) -> Option<Belonging> {
    org.map(|org| Belonging { orgs: [org.clone()].into(), rule: AttributionRule::Named, ..Belonging::default() })
}

fn of(orgs: Option<BTreeSet<OrgId>>, rule: AttributionRule) -> Option<Belonging> {
    orgs.map(|orgs| Belonging { orgs, rule, ..Belonging::default() })
}
