//! Every pair in its order, and every reason why there may be more.

use super::claims::Sources;
use super::coverage;
use super::discover::Found;
use super::question::CrossOrg;
use super::tally::Tally;
use crate::evidence::Proof;
use crate::model::{Confidence, Coverage, Discovery, Gap, OrgId, Ownerless, Pair, SCHEMA_VERSION, wide};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Organisations that a sentence names; the coverage has all.
const NAMED: usize = 5;

pub(super) fn sum_up(found: &Found, sources: Sources<'_>, question: &CrossOrg, proof: &Proof) -> Discovery {
    let mut pairs: Vec<Pair> = found.pairs.iter().map(|((org, victim), tally)| tally.finish(org, victim)).collect();
    pairs.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let mut unresolved: Vec<Ownerless> = found.open.iter().map(|(org, open)| open.finish(org)).collect();
    unresolved.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.attacker.cmp(&b.attacker)));
    let logs: BTreeSet<&OrgId> = sources.tables.events.iter().filter_map(|event| event.log_org.as_ref()).collect();
    let paired = pairs.iter().flat_map(|pair| [&pair.attacker, &pair.victim]);
    let everyone = CrossOrg {
        attackers: logs.iter().copied().chain(paired).cloned().collect(),
        victims: BTreeSet::new(),
        ..question.clone()
    };
    let mut coverage = coverage::of(sources, &everyone, proof, &found.judged, found.attributed);
    coverage.gaps = gathered(std::mem::take(&mut coverage.gaps));
    let reasons = reasons(found, &unresolved, &coverage, &logs, proof);
    Discovery {
        schema_version: SCHEMA_VERSION,
        tool_version: env!("CARGO_PKG_VERSION"),
        window: question.window,
        as_of: question.as_of,
        profile: sources.profile.name.clone(),
        exact: reasons.is_empty(),
        lower_bound_because: reasons,
        pairs,
        unresolved,
        logs: wide(logs.len()),
        actors_of: wide(found.acting.len()),
        coverage,
        evidence_root: proof.root.clone(),
        acquisitions: proof.acquisitions.iter().map(|a| a.summary.clone()).collect(),
    }
}

type Rank<'p> = (bool, Reverse<u64>, Reverse<u64>, Reverse<u64>, Reverse<u64>, &'p OrgId, &'p OrgId);

/// Most records first, the surer of equal ones, then who did and tried most; what is expected last.
fn rank(pair: &Pair) -> Rank<'_> {
    let sure = pair.by_confidence.get(&Confidence::Confirmed).copied().unwrap_or(0);
    let (records, accesses, attempts) = (Reverse(pair.records), Reverse(pair.accesses), Reverse(pair.attempts));
    (pair.expected, records, Reverse(sure), accesses, attempts, &pair.attacker, &pair.victim)
}

/// The same gap in many logs is one gap of everybody's.
fn gathered(gaps: Vec<Gap>) -> Vec<Gap> {
    type Same = (Option<crate::model::Moment>, Option<crate::model::Moment>, String);
    let mut same: BTreeMap<Same, Vec<Gap>> = BTreeMap::new();
    for gap in gaps {
        same.entry((gap.from, gap.to, gap.reason.clone())).or_default().push(gap);
    }
    let one = |mut gaps: Vec<Gap>| {
        let several = gaps.len() > 1;
        gaps.pop().map(|gap| Gap { log_org: gap.log_org.filter(|_| !several), ..gap })
    };
    same.into_values().filter_map(one).collect()
}

fn reasons(
    found: &Found,
    unresolved: &[Ownerless],
    c: &Coverage,
    logs: &BTreeSet<&OrgId>,
    proof: &Proof,
) -> Vec<String> {
    let sum = |pick: &dyn Fn(&Tally) -> u64| found.pairs.values().fold(0_u64, |n, tally| n.saturating_add(pick(tally)));
    let ownerless = unresolved.iter().fold(0_u64, |n, open| n.saturating_add(open.records));
    let bulk = unresolved.iter().fold(0_u64, |n, open| n.saturating_add(open.bulk));
    let counted = [
        (wide(c.gaps.len()), "gap", "gaps", "in what was collected"),
        (c.quarantined, "record", "records", "in quarantine, not decoded"),
        (ownerless, "record", "records", "touched whose owner nothing shows; give --catalogue"),
        (bulk, "bulk action", "bulk actions", "without a word of whose records"),
        (
            found.judged.unclassified.saturating_add(sum(&|t| t.unclassified)),
            "successful action",
            "successful actions",
            "that the profile does not know",
        ),
        (
            sum(&|t| t.unknown.saturating_add(t.doubtful_bulk())),
            "access or bulk action",
            "accesses or bulk actions",
            "with an unknown outcome or disputed count",
        ),
        (sum(&|t| t.contested), "access", "accesses", "whose owner or actor is contested"),
        (c.conflicts_touching, "event", "events", "of these pairs delivered with differing content"),
        (c.time_unknown_touching, "event", "events", "of these pairs without a usable time"),
        (c.unattributed, "action", "actions", "by actors whose organisation nothing shows; give --members"),
    ];
    let words = |(n, one, many, rest): (u64, &str, &str, &str)| match n {
        0 => None,
        1 => Some(format!("1 {one} {rest}")),
        n => Some(format!("{n} {many} {rest}")),
    };
    let mut reasons: Vec<String> = counted.into_iter().filter_map(words).collect();
    reasons.extend(absent(c));
    reasons.extend((c.distinct > 0 && !c.reads_visible && !c.bulk_visible).then(|| {
        "no read, list, search or export by anyone stands in any log: nothing shows that reads are recorded".to_owned()
    }));
    reasons.extend(partial(logs, proof));
    reasons
}

/// Organisations of a pair whose own log is not there.
fn absent(c: &Coverage) -> Option<String> {
    let names: Vec<&str> = c.absent_logs.iter().map(OrgId::as_str).take(NAMED).collect();
    let more = c.absent_logs.len().saturating_sub(names.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!names.is_empty()).then(|| format!("own logs are absent: {}{more}", names.join(", ")))
}

/// Evidence that is not everybody's log shows no pair between others.
fn partial(logs: &BTreeSet<&OrgId>, proof: &Proof) -> Option<String> {
    let pulled = proof.acquisitions.iter().any(|a| a.summary.source != "files");
    let everyone = proof.acquisitions.iter().any(|a| a.everyone);
    match logs.len() {
        1 if everyone => {
            Some("every event lies in one organisation's log: this token may not see the others".to_owned())
        }
        n if pulled && !everyone => Some(format!(
            "only the logs of the {n} organisations asked for were pulled: pairs among others are not seen; pull \
             everyone's with discover --base-url"
        )),
        _ => None,
    }
}
