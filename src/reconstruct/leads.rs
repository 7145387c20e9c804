//! Worth a look, counted nowhere: shared addresses and sessions, logins, look-alike ids.

use super::claims::Sources;
use super::deed::{citation, sorted};
use super::question::CrossOrg;
use crate::model::{Access, Event, Lead, OrgId, Standing, Verb, wide};
use std::collections::{BTreeMap, BTreeSet};

/// Ids shorter than this resemble each other by chance.
const SHORTEST: usize = 4;

/// Events cited per lead; the count tells how many there are.
const CITED: usize = 5;

pub(super) fn of(sources: Sources<'_>, question: &CrossOrg, accesses: &[Access], judged: Vec<Lead>) -> Vec<Lead> {
    let mut found: BTreeMap<(&'static str, String), (String, Vec<String>)> = BTreeMap::new();
    let mut add = |kind, subject: &str, detail: String, event: &Event| {
        let lead = found.entry((kind, subject.to_owned())).or_insert_with(|| (detail, Vec::new()));
        lead.1.push(citation(event));
    };
    let direct = || accesses.iter().filter(|access| access.standing == Standing::Direct);
    let ips: BTreeSet<&str> = direct().map(|a| a.source_ip.as_str()).filter(|ip| !ip.is_empty()).collect();
    let sessions: BTreeSet<&str> = direct().map(|a| a.session_id.as_str()).filter(|id| !id.is_empty()).collect();
    let actors: BTreeSet<&str> = direct().map(|a| a.actor_id.as_str()).collect();
    for event in &sources.tables.events {
        let attacker = |org: &Option<OrgId>| org.as_ref().is_some_and(|org| question.is_attacker(org));
        let known = actors.contains(event.actor_id.as_str());
        let theirs = known || attacker(&event.actor_org) || attacker(&event.effective_actor_org);
        if !theirs && ips.contains(event.source_ip.as_str()) {
            add("shared_source_ip", &event.source_ip, format!("also used by {}", event.actor_id), event);
        }
        if !theirs && sessions.contains(event.session_id.as_str()) {
            add("shared_session", &event.session_id, format!("also used by {}", event.actor_id), event);
        }
        let in_victim_log = event.log_org.as_ref().is_some_and(|org| question.is_victim(org));
        if theirs && in_victim_log && event.verb == Verb::Login {
            add("login_into_victim", &event.actor_id, format!("{} in the victim's log", event.outcome), event);
        }
    }
    let leads = found.into_iter().map(|((kind, subject), (detail, events))| Lead {
        kind: kind.to_owned(),
        subject,
        detail,
        count: wide(events.len()),
        event_ids: sorted(events).into_iter().take(CITED).collect(),
    });
    sorted(leads.chain(look_alikes(sources, question)).chain(gathered(judged)))
}

/// Leads that say the same are one, with their count.
fn gathered(leads: Vec<Lead>) -> Vec<Lead> {
    let mut rows: BTreeMap<(String, String, String), Lead> = BTreeMap::new();
    for lead in leads {
        let key = (lead.kind.clone(), lead.subject.clone(), lead.detail.clone());
        match rows.get_mut(&key) {
            Some(known) => {
                known.count = known.count.saturating_add(lead.count);
                known.event_ids =
                    sorted(known.event_ids.drain(..).chain(lead.event_ids)).into_iter().take(CITED).collect();
            }
            None => {
                rows.insert(key, lead);
            }
        }
    }
    rows.into_values().collect()
}

/// Organisation ids that a hurried eye would take for one of the question.
fn look_alikes(sources: Sources<'_>, question: &CrossOrg) -> Vec<Lead> {
    let events = sources.tables.events.iter().flat_map(|event| [&event.log_org, &event.actor_org]);
    let orgs = events.chain(sources.tables.targets.iter().map(|target| &target.record_org)).flatten();
    let seen: BTreeSet<&OrgId> = orgs.collect();
    let asked = || question.attackers.iter().chain(&question.victims);
    let like = |org: &OrgId, other: &OrgId| {
        let (a, b) = (org.as_str(), other.as_str());
        a != b
            && a.len().min(b.len()) >= SHORTEST
            && (a.starts_with(b)
                || b.starts_with(a)
                || a.eq_ignore_ascii_case(b)
                || strsim::damerau_levenshtein(a, b) == 1)
    };
    let mut leads = Vec::new();
    for org in asked() {
        for other in seen.iter().filter(|other| like(org, other) && !asked().any(|o| o == **other)) {
            leads.push(Lead {
                kind: "look_alike_organisation".to_owned(),
                subject: other.to_string(),
                detail: format!("resembles {org}, is another organisation, and was not counted"),
                count: 1,
                event_ids: Vec::new(),
            });
        }
    }
    leads
}
