//! Rule 8: what the evidence covers, counted.

use super::claims::Sources;
use super::judge::Judgement;
use super::question::CrossOrg;
use super::tampering;
use crate::evidence::Proof;
use crate::model::{Coverage, Event, Gap, LogCoverage, Moment, OrgId, Outcome, Tables, Verb, wide};
use std::collections::{BTreeMap, BTreeSet};

/// The coverage of one answer.
pub(super) fn of(s: Sources<'_>, q: &CrossOrg, proof: &Proof, judged: &Judgement, by_attackers: u64) -> Coverage {
    let tables = s.tables;
    let count = |test: &dyn Fn(&Event) -> bool| wide(tables.events.iter().filter(|event| test(event)).count());
    let logs = logs(tables, q, proof);
    // A log whose events all lie outside the window says nothing about it, unless a pull walked it.
    let within = |log: &&LogCoverage| log.walked || log.events_in_window > 0;
    let present: BTreeSet<&OrgId> = logs.iter().filter(within).map(|log| &log.org).collect();
    let asked = q.attackers.iter().chain(&q.victims);
    Coverage {
        window: q.window,
        absent_logs: asked.filter(|org| !present.contains(org)).cloned().collect(),
        logs,
        gaps: gaps(tables, q, proof),
        raw: tables.raw,
        distinct: wide(tables.events.len()),
        in_window: count(&|event| event.time.is_none_or(|time| q.window.contains(time))),
        by_attackers,
        quarantined: wide(tables.quarantine.len()),
        quarantined_mentions: wide(tables.quarantine.iter().filter(|row| !row.mentions.is_empty()).count()),
        time_unknown: count(&|event| event.time.is_none()),
        time_unknown_touching: judged.time_unknown,
        zone_assumed: count(&|event| event.zone_assumed),
        unattributed: judged.unattributed,
        unclassified: judged.unclassified.saturating_add(unclassified_accesses(judged)),
        conflicts: wide(tables.conflicts.len()),
        conflicts_touching: judged.conflicts,
        log_altered: tampering::altered(s, q),
        readings: tables.readings.clone(),
        clock_offset_s: proof.acquisitions.iter().filter_map(|a| a.clock_offset_s).max_by_key(|offset| offset.abs()),
        reads_visible: tables.events.iter().any(|event| event.verb == Verb::Read),
        bulk_visible: tables.events.iter().any(|e| matches!(e.verb, Verb::List | Verb::Search | Verb::Export)),
        denials_visible: tables.events.iter().any(|event| event.outcome == Outcome::Denied),
    }
}

fn unclassified_accesses(judged: &Judgement) -> u64 {
    wide(judged.accesses.iter().filter(|a| a.class == crate::model::AccessClass::Unclassified).count())
}

fn logs(tables: &Tables, question: &CrossOrg, proof: &Proof) -> Vec<LogCoverage> {
    let walked = |org: &OrgId| never_pulled(org, question, proof).is_some_and(|gaps| gaps.is_empty());
    let mut logs: BTreeMap<&OrgId, LogCoverage> = BTreeMap::new();
    let fresh = |org: &OrgId| LogCoverage {
        org: org.clone(),
        events: 0,
        events_in_window: 0,
        first: None,
        last: None,
        walked: walked(org),
    };
    // A walk over everyone's log proves nothing of a log that it shows no event of: the token may not see it.
    let by_name = |org: &OrgId| {
        let is_org = |id: &OrgId| id == org || question.aliases.get(id) == Some(org);
        proof.acquisitions.iter().any(|a| a.walked.iter().any(is_org))
    };
    let asked = question.attackers.iter().chain(&question.victims);
    for org in asked.filter(|org| walked(org) && by_name(org)) {
        logs.insert(org, fresh(org));
    }
    for event in &tables.events {
        let asked = |org: &&OrgId| question.is_attacker(org) || question.is_victim(org);
        let Some(org) = event.log_org.as_ref().filter(asked) else { continue };
        let log = logs.entry(org).or_insert_with(|| fresh(org));
        log.events = log.events.saturating_add(1);
        let inside = event.time.is_none_or(|time| question.window.contains(time));
        log.events_in_window = log.events_in_window.saturating_add(u64::from(inside));
        log.first = [log.first, event.time].into_iter().flatten().min();
        log.last = log.last.max(event.time);
    }
    logs.into_values().collect()
}

/// The gaps of the acquisitions, and what the question asks for beyond a pull's window.
fn gaps(tables: &Tables, question: &CrossOrg, proof: &Proof) -> Vec<Gap> {
    // What a further reading did not reach was read before: it is not compared, and that is told elsewhere.
    let firsts = proof.acquisitions.iter().filter(|a| a.verifies.is_none());
    let mut gaps: Vec<Gap> = firsts.flat_map(|a| a.gaps.iter().cloned()).collect();
    // A log that a later acquisition walked to its end over the same window has no gap left there.
    gaps.retain(|gap| {
        !proof.acquisitions.iter().any(|a| {
            let covers = a.window.from() <= gap.from && (a.window.to().is_none() || a.window.to() >= gap.to);
            covers && gap.to.is_some() && (a.everyone || gap.log_org.as_ref().is_some_and(|org| a.walked.contains(org)))
        })
    });
    for org in question.attackers.iter().chain(&question.victims) {
        gaps.extend(never_pulled(org, question, proof).unwrap_or_default());
    }
    gaps.extend(tampering::holes(tables, question));
    gaps.extend(tables.cut_short.then(|| Gap {
        log_org: None,
        from: None,
        to: None,
        reason: "the imported pages say that more follow, and no last page is among them".to_owned(),
    }));
    gaps.extend(proof.unsealed.iter().map(|name| Gap {
        log_org: None,
        from: None,
        to: None,
        reason: format!(
            "acquisition {name} was interrupted before its seal and is not used; run the command that began it again"
        ),
    }));
    gaps.sort();
    gaps.dedup();
    gaps
}

/// Parts of the asked window that no pull of this log walked; none for a log that was never pulled at all.
fn never_pulled(org: &OrgId, question: &CrossOrg, proof: &Proof) -> Option<Vec<Gap>> {
    let is_org = |id: &OrgId| id == org || question.aliases.get(id) == Some(org);
    let begin = |moment: Option<Moment>| moment.map_or(i64::MIN, Moment::micros);
    let end = |moment: Option<Moment>| moment.map_or(i64::MAX, Moment::micros);
    let pulls = proof.acquisitions.iter().filter(|a| a.everyone || a.walked.iter().any(is_org));
    let mut walked: Vec<(i64, i64)> = pulls.map(|a| (begin(a.window.from()), end(a.window.to()))).collect();
    walked.sort_unstable();
    if walked.is_empty() {
        return None;
    }
    let (mut reached, last) = (begin(question.window.from()), end(question.window.to()));
    let mut open = Vec::new();
    // An empty walk at the end closes the last gap.
    for (from, to) in walked.into_iter().chain([(last, last)]) {
        if reached < from.min(last) {
            open.push((reached, from.min(last)));
        }
        reached = reached.max(to);
    }
    let moment = |micros: i64| (micros != i64::MIN && micros != i64::MAX).then(|| Moment::from_micros(micros));
    let gap = |(from, to): (i64, i64)| Gap {
        log_org: Some(org.clone()),
        from: moment(from),
        to: moment(to),
        reason: "asked for, but never pulled; pull it with --again".to_owned(),
    };
    Some(open.into_iter().map(gap).collect())
}

/// Organisations asked about that appear in no event, with the nearest ids seen.
pub(super) fn not_seen(tables: &Tables, question: &CrossOrg) -> BTreeMap<String, Vec<String>> {
    let events = tables.events.iter().flat_map(|e| [&e.log_org, &e.actor_org, &e.effective_actor_org, &e.scope_org]);
    let seen: BTreeSet<&OrgId> = events.chain(tables.targets.iter().map(|t| &t.record_org)).flatten().collect();
    let asked = question.attackers.iter().chain(&question.victims);
    asked.filter(|org| !seen.contains(org)).map(|org| (org.to_string(), nearest(org, &seen))).collect()
}

/// The three ids most like one that was not found.
fn nearest(wanted: &OrgId, seen: &BTreeSet<&OrgId>) -> Vec<String> {
    let mut near: Vec<_> =
        seen.iter().map(|org| (strsim::normalized_damerau_levenshtein(wanted.as_str(), org.as_str()), *org)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(3).map(|(_, org)| org.to_string()).collect()
}
