//! Rule 3: whose a job is.

use super::attribution::{Attribution, Belonging};
use super::sides::Action;
use crate::model::{AttributionRule, Event, OrgId, Tables};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// What a worker does for a job is its requester's: whoever first names the job and is known, however late that is.
pub(super) fn inherit_jobs(tables: &Tables, actions: &[Action], profile: &Profile, all: &mut [Attribution]) {
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
    for (index, event) in of_jobs() {
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
