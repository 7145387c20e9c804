//! The deeds of the accessing side in the order of time, and the bursts in which they came.

use super::ask::Ask;
use super::bulk;
use super::claims;
use super::cross_org::Reading;
use super::deed::{Deed, Ours, sorted};
use super::effect::Effect;
use super::judge::Judgement;
use super::question::CrossOrg;
use super::shares::Leave;
use crate::model::{
    Access, AccessClass, Attempt, BulkAction, Burst, Confidence, LineKind, RecordKey, Standing, Tables, Timeline,
    TimelineLine, wide,
};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// A pause that ends a burst, in microseconds: five minutes. Somebody who works through records one by one looks at
/// each for less, and a script waits for less; who comes back after more has done something else in between.
const PAUSE_MICROS: i64 = 5 * 60 * 1_000_000;

/// Every line of a question, and the bursts.
pub fn timeline(tables: &Tables, profile: &Profile, question: &CrossOrg) -> Timeline {
    let reading = Reading::of(tables, profile, question);
    let sources = reading.sources(question);
    let (claims, leave) = (claims::gather(sources), Leave::gather(sources, question));
    let ask = Ask { sources, claims: &claims, leave: &leave, question };
    let mut lines = Vec::new();
    for (number, action) in sources.actions.iter().enumerate() {
        let deed = Deed::of(sources, question, number, action);
        let ours = |deed: &Deed<'_>| matches!(deed.ours, Ours::Yes | Ours::Contested) && deed.in_window(question);
        if let Some(deed) = deed.filter(ours) {
            lines.extend(of_deed(&deed, ask));
        }
    }
    leave_out_strangers_sessions(&mut lines);
    lines.sort_by(|a, b| order(a).cmp(&order(b)));
    let bursts = bursts(&mut lines);
    Timeline { bursts, lines }
}

type Order<'l> = (bool, Option<crate::model::Moment>, &'l [String], LineKind, &'l Option<RecordKey>);

fn order(line: &TimelineLine) -> Order<'_> {
    (line.time.is_none(), line.time, &line.event_ids, line.kind, &line.record)
}

/// The lines of one deed: one for each record that concerns the question, one if it is a bulk action.
fn of_deed(deed: &Deed<'_>, ask: Ask<'_>) -> Vec<TimelineLine> {
    let Some((_, event)) = deed.events.first() else { return Vec::new() };
    if event.verb.is_session() {
        return vec![line(deed, LineKind::Session, event.verb.class())];
    }
    let mut judged = Judgement::default();
    judged.judge(deed, ask);
    let bulk = bulk::row(deed, ask, &mut judged);
    let mut lines: Vec<TimelineLine> = judged.accesses.into_iter().map(|access| accessed(deed, access)).collect();
    lines.extend(judged.attempts.into_iter().map(|attempt| attempted(deed, attempt)));
    lines.extend(judged.ownerless.into_iter().map(|touch| TimelineLine {
        record: Some(touch.record),
        detail: touch.why,
        ..line(deed, LineKind::Unresolved, touch.class)
    }));
    lines.extend(judged.leads.into_iter().map(|lead| TimelineLine {
        detail: format!("{}: {}", lead.subject, lead.detail),
        ..line(deed, LineKind::Lead, event.verb.class())
    }));
    lines.extend(bulk.as_ref().map(|row| ran_over(deed, row)));
    lines
}

/// What every line of a deed has in common.
fn line(deed: &Deed<'_>, kind: LineKind, class: AccessClass) -> TimelineLine {
    TimelineLine {
        time: deed.time,
        kind,
        burst: None,
        class,
        confidence: (deed.effect == Effect::May).then_some(Confidence::Unknown),
        standing: None,
        record: None,
        owners: Vec::new(),
        owner_rule: None,
        actor_id: deed.shown(|e| &e.actor_id),
        effective_actor_id: deed.shown(|e| &e.effective_actor_id),
        credential_id: deed.shown(|e| &e.credential_id),
        session_id: deed.shown(|e| &e.session_id),
        source_ip: deed.shown(|e| &e.source_ip),
        user_agent: deed.shown(|e| &e.user_agent),
        action: deed.shown(|e| &e.action),
        outcome: deed.outcome,
        http_status: deed.first(|e| e.http_status),
        request_id: deed.shown(|e| &e.request_id),
        count: deed.repeats().saturating_add(1),
        detail: String::new(),
        event_ids: deed.citations(),
        evidence_refs: deed.places(),
    }
}

fn accessed(deed: &Deed<'_>, access: Access) -> TimelineLine {
    TimelineLine {
        confidence: Some(access.confidence),
        standing: Some(access.standing),
        record: Some(access.record),
        owners: access.owners,
        owner_rule: Some(access.owner_rule),
        detail: access.basis.join("; "),
        ..line(deed, LineKind::Access, access.class)
    }
}

fn attempted(deed: &Deed<'_>, attempt: Attempt) -> TimelineLine {
    let class = deed.events.first().map_or(AccessClass::Unclassified, |(_, event)| event.verb.class());
    let named = !attempt.record_type.is_empty() || !attempt.record_id.is_empty();
    let record = RecordKey { record_type: attempt.record_type, record_id: attempt.record_id };
    TimelineLine {
        record: named.then_some(record),
        owners: attempt.owners,
        detail: attempt.reason,
        ..line(deed, LineKind::Attempt, class)
    }
}

fn ran_over(deed: &Deed<'_>, row: &BulkAction) -> TimelineLine {
    let whose = if row.scoped { "in question" } else { "does not say over whose records" };
    TimelineLine {
        confidence: Some(row.confidence),
        standing: Some(row.standing),
        detail: format!("{}; {whose}; bound {}; {}", row.scope, row.bound, row.basis),
        ..line(deed, LineKind::Bulk, row.kind)
    }
}

/// Who only logs in and does nothing in question has no place here.
fn leave_out_strangers_sessions(lines: &mut Vec<TimelineLine>) {
    let acted: BTreeSet<String> =
        lines.iter().filter(|line| line.kind != LineKind::Session).map(|line| line.actor_id.clone()).collect();
    lines.retain(|line| line.kind != LineKind::Session || acted.contains(&line.actor_id));
}

/// Whose bursts they are: one actor with one credential.
type Who = (String, String);

/// Numbers the lines by burst; lines are in the order of time.
fn bursts(lines: &mut [TimelineLine]) -> Vec<Burst> {
    let mut bursts: Vec<(Burst, BTreeSet<RecordKey>)> = Vec::new();
    let mut known: BTreeMap<Who, Vec<usize>> = BTreeMap::new();
    for line in lines.iter_mut().filter(|line| is_deed(line)) {
        let theirs = known.entry(who(line)).or_default();
        let last = theirs.last().copied().filter(|at| bursts.get(*at).is_some_and(|(burst, _)| goes_on(burst, line)));
        let at = last.unwrap_or(bursts.len());
        if last.is_none() {
            theirs.push(at);
            bursts.push((fresh(wide(at).saturating_add(1), line), BTreeSet::new()));
        }
        if let Some((burst, records)) = bursts.get_mut(at) {
            line.burst = Some(burst.number);
            take(burst, records, line);
        }
    }
    let counted = |(burst, records): (Burst, BTreeSet<RecordKey>)| Burst { records: wide(records.len()), ..burst };
    let bursts: Vec<Burst> = bursts.into_iter().map(counted).collect();
    // What is no deed begins no burst, and belongs to one that it lies beside.
    for line in lines.iter_mut().filter(|line| !is_deed(line)) {
        let theirs = known.get(&who(line)).into_iter().flatten().filter_map(|at| bursts.get(*at));
        line.burst = theirs.into_iter().find(|burst| lies_beside(burst, line)).map(|burst| burst.number);
    }
    bursts
}

fn who(line: &TimelineLine) -> Who {
    (line.actor_id.clone(), line.credential_id.clone())
}

/// Sessions and leads are worth a line and are nothing done to the victim.
fn is_deed(line: &TimelineLine) -> bool {
    !matches!(line.kind, LineKind::Session | LineKind::Lead)
}

fn lies_beside(burst: &Burst, line: &TimelineLine) -> bool {
    let (Some(first), Some(last), Some(time)) = (burst.first, burst.last, line.time) else { return false };
    first.saturating_add(PAUSE_MICROS.saturating_neg()) < time && time < last.saturating_add(PAUSE_MICROS)
}

/// Whether a line still belongs to a burst; those without a time are together, apart from all others.
fn goes_on(burst: &Burst, line: &TimelineLine) -> bool {
    match (burst.last, line.time) {
        (Some(last), Some(time)) => time.micros().saturating_sub(last.micros()) < PAUSE_MICROS,
        (None, None) => true,
        _ => false,
    }
}

fn fresh(number: u64, line: &TimelineLine) -> Burst {
    Burst {
        number,
        first: line.time,
        last: line.time,
        actor_id: line.actor_id.clone(),
        credential_id: line.credential_id.clone(),
        source_ips: Vec::new(),
        records: 0,
        accesses: BTreeMap::new(),
        other_standing: 0,
        attempts: 0,
        bulk: 0,
        unresolved: 0,
    }
}

fn take(burst: &mut Burst, records: &mut BTreeSet<RecordKey>, line: &TimelineLine) {
    let add = |n: &mut u64, more: u64| *n = n.saturating_add(more);
    burst.last = burst.last.max(line.time);
    if !line.source_ip.is_empty() {
        burst.source_ips = sorted(burst.source_ips.drain(..).chain([line.source_ip.clone()]));
    }
    match line.kind {
        LineKind::Access if line.standing == Some(Standing::Direct) => {
            add(burst.accesses.entry(line.class).or_default(), 1);
            records.extend(line.record.clone());
        }
        LineKind::Access => add(&mut burst.other_standing, 1),
        LineKind::Attempt => add(&mut burst.attempts, u64::try_from(line.count).unwrap_or(1)),
        LineKind::Bulk => add(&mut burst.bulk, 1),
        LineKind::Unresolved => add(&mut burst.unresolved, 1),
        LineKind::Lead | LineKind::Session => {}
    }
}
