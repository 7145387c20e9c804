//! Rule 8: what each organisation's own log holds, how far back, and which kinds of events it shows at all.

use super::claims::Sources;
use super::coverage::never_pulled;
use super::deed::citation;
use super::question::CrossOrg;
use crate::evidence::Proof;
use crate::model::{Event, Gap, LogCoverage, MintKind, Moment, OrgId, Outcome, Relation, Shows, Sight, Verb};
use crate::profile::LogScope;
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400_000_000;

/// How each log in question is covered, by organisation.
pub(super) fn of(s: Sources<'_>, q: &CrossOrg, proof: &Proof) -> Vec<LogCoverage> {
    let walked = |org: &OrgId| never_pulled(org, q, proof).is_some_and(|gaps| gaps.is_empty());
    let fresh = |org: &OrgId| LogCoverage { walked: walked(org), ..LogCoverage::of(org.clone()) };
    let mut logs: BTreeMap<&OrgId, (LogCoverage, i64)> = BTreeMap::new();
    // A walk over everyone's log proves nothing of a log that it shows no event of: the token may not see it.
    let by_name = |org: &OrgId| {
        let is_org = |id: &OrgId| id == org || q.aliases.get(id) == Some(org);
        proof.acquisitions.iter().any(|a| a.walked.iter().any(is_org))
    };
    for org in q.attackers.iter().chain(&q.victims).filter(|org| walked(org) && by_name(org)) {
        logs.insert(org, (fresh(org), 0));
    }
    let departed = departed(s, q);
    for (index, event) in s.tables.events.iter().enumerate() {
        let asked = |org: &&OrgId| q.is_attacker(org) || q.is_victim(org);
        let Some(org) = event.log_org.as_ref().filter(asked) else { continue };
        let (log, silence) = logs.entry(org).or_insert_with(|| (fresh(org), 0));
        log.events = log.events.saturating_add(1);
        let inside = event.time.is_none_or(|time| q.window.contains(time));
        log.events_in_window = log.events_in_window.saturating_add(u64::from(inside));
        if let (Some(before), Some(time)) = (log.last, event.time) {
            // Events come in the order of time.
            *silence = (*silence).max(time.micros().saturating_sub(before.micros()));
        }
        log.first = [log.first, event.time].into_iter().flatten().min();
        log.last = log.last.max(event.time);
        if event.time.is_some_and(|time| q.window.contains(time)) {
            let left = departed.get(org);
            let from_elsewhere = s.attributions.get(index).is_some_and(|a| a.orgs().into_iter().any(|o| o != org));
            note(&mut log.shows, event, from_elsewhere, left);
        }
    }
    let finish = |(org, (mut log, silence)): (&OrgId, (LogCoverage, i64))| {
        log.shows.departed_known = departed.get(org).map_or(0, |left| crate::model::wide(left.len()));
        log.begins = begins(&log, q, silence);
        log
    };
    logs.into_iter().map(finish).collect()
}

/// What one event proves that its log records.
fn note(shows: &mut Shows, event: &Event, from_elsewhere: bool, left: Option<&BTreeSet<&str>>) {
    // Whoever reads the log, as a pull does, proves only that reading the log is logged.
    let of_the_log = [&event.action, &event.scope_type].iter().any(|name| name.to_lowercase().contains("audit"));
    let success = event.outcome == Outcome::Success && !of_the_log;
    let gone = |id: &str| left.is_some_and(|left| left.contains(id));
    let Shows { reads, bulk_reads, refusals, outsiders, departed, departed_known: _ } = shows;
    let kinds = [
        (reads, success && event.verb == Verb::Read),
        (bulk_reads, success && matches!(event.verb, Verb::List | Verb::Search | Verb::Export)),
        (refusals, event.outcome == Outcome::Denied),
        (outsiders, from_elsewhere),
        (departed, gone(&event.actor_id) || gone(&event.effective_actor_id)),
    ];
    for (sight, seen) in kinds {
        if seen {
            see(sight, event);
        }
    }
}

fn see(sight: &mut Sight, event: &Event) {
    sight.events = sight.events.saturating_add(1);
    sight.example.get_or_insert_with(|| citation(event));
}

/// Actors who are known to have left, by organisation: their membership ended, or they were deleted as its member.
fn departed<'s>(s: Sources<'s>, q: &'s CrossOrg) -> BTreeMap<&'s OrgId, BTreeSet<&'s str>> {
    let mut left: BTreeMap<&OrgId, BTreeSet<&str>> = BTreeMap::new();
    let members = &q.knowledge.members;
    for row in members.iter().filter(|row| row.valid.to.is_some_and(|to| to < q.as_of)) {
        let stays = members.iter().any(|other| {
            (&other.actor_id, &other.org) == (&row.actor_id, &row.org) && other.valid.to.is_none_or(|to| to >= q.as_of)
        });
        if !stays {
            left.entry(&row.org).or_default().insert(&row.actor_id);
        }
    }
    let rules = || s.profile.mints.iter().filter(|rule| rule.kind == MintKind::Member);
    let is_member = |kind: &str| rules().any(|rule| rule.record_type.as_ref().is_some_and(|r| r.is_match(kind)));
    for target in s.tables.targets.iter().filter(|target| target.relation == Relation::ActedOn) {
        let Some(event) = s.tables.events.get(target.event) else { continue };
        let removed = event.verb == Verb::Delete && event.outcome == Outcome::Success;
        let org = target.record_org.as_ref().or(event.log_org.as_ref());
        if let Some(org) = org.filter(|_| removed && is_member(&target.record.record_type)) {
            left.entry(org).or_default().insert(&target.record.record_id);
        }
    }
    left
}

/// Where a log begins, if it is silent from the beginning of the window for more than a day, and longer than ever after.
fn begins(log: &LogCoverage, q: &CrossOrg, longest_silence: i64) -> Option<Moment> {
    let (from, first) = (q.window.from()?, log.first?);
    let silence = first.micros().saturating_sub(from.micros());
    (silence > DAY && silence > longest_silence).then_some(first)
}

/// Whether what A read of V's would have been recorded: in A's own log, or in V's where a log tells what anyone did.
pub(super) fn reads_proven(logs: &[LogCoverage], q: &CrossOrg, scope: LogScope) -> bool {
    let records = |org: &OrgId| logs.iter().any(|log| log.org == *org && log.shows.any_reading());
    let told_by_owners = scope == LogScope::Both && q.victims.iter().all(records);
    told_by_owners || q.attackers.iter().all(records)
}

fn days(days: u32) -> i64 {
    i64::from(days).saturating_mul(DAY)
}

/// When the beginning of the window falls out of the log; none if it has, or nobody says.
pub(super) fn expires(q: &CrossOrg, retention: Option<u32>) -> Option<Moment> {
    let falls_out = q.window.from()?.saturating_add(days(retention?));
    (falls_out > q.as_of).then_some(falls_out)
}

/// What had fallen out of a log before it was first pulled, by what the profile says of how long it is kept.
pub(super) fn expired(logs: &[LogCoverage], q: &CrossOrg, proof: &Proof, retention: Option<u32>) -> Vec<Gap> {
    let (Some(retention), Some(from)) = (retention, q.window.from()) else { return Vec::new() };
    let gap = |log: &LogCoverage| {
        let is_org = |id: &OrgId| *id == log.org || q.aliases.get(id) == Some(&log.org);
        let pulls = proof.acquisitions.iter().filter(|a| a.everyone || a.walked.iter().any(is_org));
        let kept_from = pulls.map(|a| a.summary.sealed_at.saturating_add(days(retention).saturating_neg())).min()?;
        let to = q.window.to().map_or(kept_from, |to| to.min(kept_from));
        // An event from before shows that the log was kept longer than its provider promises.
        let older = log.first.is_some_and(|first| first < kept_from);
        let reason = format!("gone before it was pulled: this log is kept {retention} days");
        (from < to && !older).then(|| Gap { log_org: Some(log.org.clone()), from: Some(from), to: Some(to), reason })
    };
    logs.iter().filter_map(gap).collect()
}
