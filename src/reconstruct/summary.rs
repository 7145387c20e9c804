//! The numbers that leave the company, and every reason why they are a lower bound.

use super::{bulk, ledger};
use crate::model::{
    Access, Attempt, Bound, BulkAction, Confidence, Coverage, LedgerRecord, Moment, Quarantined, Reading, Standing,
    Summary, Unresolved, Verdict, wide,
};
use std::collections::BTreeMap;

/// What the summary is made from.
pub(super) struct Parts<'p> {
    pub(super) records: &'p [LedgerRecord],
    pub(super) accesses: &'p [Access],
    pub(super) attempts: &'p [Attempt],
    pub(super) bulk: &'p [BulkAction],
    pub(super) unresolved: &'p [Unresolved],
    pub(super) coverage: &'p Coverage,
    pub(super) not_seen: &'p BTreeMap<String, Vec<String>>,
    pub(super) quarantine: &'p [Quarantined],
    pub(super) newest: Option<Moment>,
}

pub(super) fn of(parts: &Parts<'_>) -> Summary {
    let direct = || parts.accesses.iter().filter(|access| access.standing == Standing::Direct);
    let reasons = reasons(parts);
    let scoped = || parts.bulk.iter().filter(|row| row.scoped);
    let unscoped = || parts.bulk.iter().filter(|row| !row.scoped);
    let tried = |known: bool| {
        let rows = parts.attempts.iter().filter(|a| a.owners.is_empty() != known);
        rows.fold(0_u64, |sum, a| sum.saturating_add(u64::try_from(a.count).unwrap_or(0)))
    };
    let bulk_bound = bulk::total(scoped());
    let direct_scoped = scoped().any(|row| row.standing == Standing::Direct && row.bound != Bound::AtMost(0));
    Summary {
        verdict: verdict(parts, reasons.is_empty(), direct_scoped),
        exact: reasons.is_empty(),
        lower_bound_because: reasons,
        records: wide(parts.records.len()),
        headline: ledger::by_headline(parts.records),
        by_class: ledger::by_class(parts.records),
        accesses: wide(direct().count()),
        other_standing: wide(parts.accesses.len().saturating_sub(direct().count())),
        attempts_on_victim: tried(true),
        attempts_owner_unknown: tried(false),
        unresolved: wide(parts.unresolved.len()),
        bulk_scoped: wide(scoped().count()),
        bulk_bound,
        bulk_unscoped: wide(unscoped().count()),
        bulk_unscoped_bound: bulk::total(unscoped()),
        first_access: direct().filter_map(|access| access.time).min(),
        last_access: direct().filter_map(|access| access.time).max(),
        newest_event: parts.newest,
    }
}

fn verdict(parts: &Parts<'_>, exact: bool, bulk: bool) -> Verdict {
    let sure = |row: &LedgerRecord| matches!(row.confidence, Confidence::Confirmed | Confidence::Reconstructed);
    match () {
        () if parts.records.iter().any(sure) => Verdict::Accessed,
        // Records were handed out for certain, though the log does not name them.
        () if parts.bulk.iter().any(handed_out) => Verdict::Accessed,
        () if !parts.records.is_empty() || bulk => Verdict::Possible,
        // What may have run over anybody's records leaves no room for "none".
        () if !exact || bulk::total(parts.bulk.iter().filter(|row| !row.scoped)) != Bound::AtMost(0) => {
            Verdict::Undetermined
        }
        () if !parts.attempts.is_empty() => Verdict::AttemptedOnly,
        () => Verdict::NoneFound,
    }
}

/// A bulk action on the victim that certainly returned or changed records which it does not name.
fn handed_out(row: &BulkAction) -> bool {
    row.scoped
        && row.standing == Standing::Direct
        && row.confidence == Confidence::Confirmed
        && row.returned_count.is_some_and(|count| count > 0)
        && row.bound != Bound::AtMost(0)
}

/// Every reason why the answer is a lower bound, one sentence each.
fn reasons(parts: &Parts<'_>) -> Vec<String> {
    let c = parts.coverage;
    let direct = |confidence: Confidence| {
        parts.accesses.iter().filter(|a| a.standing == Standing::Direct && a.confidence == confidence).count()
    };
    let (unknown, contested) = (direct(Confidence::Unknown), direct(Confidence::Contested));
    let unknown_bulk = parts.bulk.iter().filter(|row| row.scoped && row.confidence != Confidence::Confirmed).count();
    let counted = [
        (wide(c.gaps.len()), "gap", "in what was collected"),
        (c.quarantined, "record", "in quarantine, not decoded"),
        (wide(parts.unresolved.len()), "record", "of unknown owner, touched; fill in unresolved.csv"),
        (c.unclassified, "successful action", "that the profile does not know"),
        (
            wide(unknown.saturating_add(unknown_bulk)),
            "access or bulk action",
            "with an unknown outcome or disputed count",
        ),
        (wide(contested), "access", "whose owner or actor is contested"),
        (c.conflicts_touching, "event", "of the answer delivered with differing content"),
        (c.time_unknown_touching, "event", "of the answer without a usable time"),
        (
            c.unattributed,
            "action",
            "that may concern the victim, by actors whose organisation nothing shows; give --members",
        ),
    ];
    let mut reasons: Vec<String> = counted
        .into_iter()
        .filter(|(n, _, _)| *n > 0)
        .map(|(n, noun, rest)| match n {
            1 => format!("1 {noun} {rest}"),
            n if noun.ends_with("ss") => format!("{n} {noun}es {rest}"),
            n => format!("{n} {noun}s {rest}"),
        })
        .collect();
    reasons.extend(
        c.log_altered
            .iter()
            .map(|lead| format!("the audit log itself was altered or silenced by {}: {}", lead.subject, lead.detail)),
    );
    reasons.extend(readings(c));
    reasons.extend(c.absent_logs.iter().map(|org| format!("the own log of {org} is absent")));
    reasons.extend(parts.not_seen.iter().map(|(org, near)| match near.as_slice() {
        [] => format!("{org} appears in no event"),
        near => format!("{org} appears in no event; the nearest ids seen are {}", near.join(", ")),
    }));
    let mentions = parts.quarantine.iter().filter(|q| !q.mentions.is_empty()).map(|q| q.place.to_string());
    let mentions: Vec<_> = mentions.take(5).collect();
    if !mentions.is_empty() {
        reasons.push(format!("quarantined bytes mention ids of the question: {}", mentions.join(", ")));
    }
    reasons
}

/// Readings of one log that do not agree: where they differ once, they may differ again.
fn readings(c: &Coverage) -> impl Iterator<Item = String> {
    let sum = |of: &dyn Fn(&Reading) -> usize| c.readings.iter().fold(0_usize, |sum, one| sum.saturating_add(of(one)));
    let appearing = sum(&Reading::still_appearing);
    let vanished = sum(&Reading::vanished);
    let events = |n: usize| if n == 1 { "1 event".to_owned() } else { format!("{n} events") };
    let late = (appearing > 0).then(|| {
        format!("{} came to light only in the last reading: more may come, pull again with --again", events(appearing))
    });
    let gone = (vanished > 0).then(|| {
        format!("{} of an earlier reading had vanished from the log in a later one: it loses events", events(vanished))
    });
    let left_out = sum(&Reading::left_out);
    let narrow = (left_out > 0).then(|| {
        format!("the API's filter by organisation left out {} that a page of everyone's log shows", events(left_out))
    });
    late.into_iter().chain(gone).chain(narrow)
}
