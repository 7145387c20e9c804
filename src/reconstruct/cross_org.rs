//! The main question: which of V's records did A touch?

use super::ask::Ask;
use super::attribution::{Attribution, attribute};
use super::bulk;
use super::claims::{self, Sources};
use super::deed::Deed;
use super::judge::Judgement;
use super::minted::Minted;
use super::own::own_reads;
use super::question::CrossOrg;
use super::shares::Leave;
use super::sides::{Action, actions};
use super::{actors, coverage, data, leads, ledger, persistence, summary};
use crate::evidence::Proof;
use crate::model::{
    Access, Attempt, BulkAction, Decoded, Impact, Moment, Persistence, QuarantineRow, Question, SCHEMA_VERSION,
    Standing, Tables,
};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// Everything about the tables that does not depend on who is asked about.
pub(super) struct Reading<'t> {
    tables: &'t Tables,
    profile: &'t Profile,
    ranges: Vec<(usize, usize)>,
    actions: Vec<Action>,
    attributions: Vec<Attribution>,
    minted: Minted,
    own: BTreeSet<usize>,
}

impl<'t> Reading<'t> {
    /// Matches the sides and attributes every event.
    pub(super) fn of(tables: &'t Tables, profile: &'t Profile, question: &CrossOrg) -> Self {
        let ranges = claims::ranges(tables);
        let actions = actions(tables, profile);
        let (attributions, minted) = attribute(tables, &ranges, &actions, profile, &question.knowledge);
        let own = own_reads(tables, profile, question);
        Self { tables, profile, ranges, actions, attributions, minted, own }
    }

    pub(super) fn sources<'s>(&'s self, question: &'s CrossOrg) -> Sources<'s> {
        Sources {
            tables: self.tables,
            ranges: &self.ranges,
            actions: &self.actions,
            attributions: &self.attributions,
            minted: &self.minted,
            own: &self.own,
            profile: self.profile,
            catalogue: &question.knowledge.catalogue,
        }
    }
}

/// What was found, before it is summed up.
pub(super) struct Findings {
    pub(super) judged: Judgement,
    pub(super) bulk: Vec<BulkAction>,
    pub(super) persistence: Vec<Persistence>,
    pub(super) by_attackers: u64,
}

/// Gives organisations the names of the question, before it is decided what is one event.
pub fn rename(decoded: &mut Decoded, question: &CrossOrg) {
    question.apply_aliases(decoded);
}

/// Leaves out what the question may not know yet.
pub fn cut_off(tables: &mut Tables, question: &CrossOrg) {
    let Some(cut) = question.cut_off else { return };
    // Knowledge ends at the cut-off: later events are as if not yet written.
    let keep: Vec<bool> = tables.events.iter().map(|event| event.time.is_none_or(|time| time <= cut)).collect();
    let kept = |index: usize| keep.get(index).copied().unwrap_or(false);
    let mut moved = vec![0_usize; keep.len()];
    let mut next = 0_usize;
    for (index, slot) in moved.iter_mut().enumerate() {
        *slot = next;
        next = next.saturating_add(usize::from(kept(index)));
    }
    let mut index = 0_usize;
    tables.events.retain(|_| {
        let keep = kept(index);
        index = index.saturating_add(1);
        keep
    });
    tables.targets.retain(|target| kept(target.event));
    for target in &mut tables.targets {
        target.event = moved.get(target.event).copied().unwrap_or(0);
    }
}

/// Answers the question from prepared tables and verified evidence.
pub fn cross_org(tables: &Tables, profile: &Profile, question: &CrossOrg, proof: &Proof) -> Impact {
    let reading = Reading::of(tables, profile, question);
    let sources = reading.sources(question);
    let claims = claims::gather(sources);
    let leave = Leave::gather(sources, question);
    let ask = Ask { sources, claims: &claims, leave: &leave, question };
    let Findings { mut judged, mut bulk, mut persistence, by_attackers } = find(ask);
    persistence::follow(&mut persistence, ask);
    let persistence = persistence::each_once(persistence);
    judged.accesses.sort_by(|a, b| access_order(a).cmp(&access_order(b)));
    bulk.sort_by_key(bulk::order);
    let attempts: Vec<Attempt> = ledger::attempts(std::mem::take(&mut judged.attempts));
    let mut records = ledger::ledger(&judged.accesses, profile.ids_per_org);
    data::fill(&mut records, &judged.accesses, sources.catalogue, profile.ids_per_org);
    let unresolved = ledger::unresolved(&judged.ownerless);
    let coverage = coverage::of(sources, question, proof, &judged, by_attackers);
    let not_seen = coverage::not_seen(tables, question);
    let actors = actors::actors(&judged.accesses, &attempts, &bulk, &actors::who(tables, sources.attributions));
    judged.leads.extend(leave.leads().chain(coverage.log_altered.iter().cloned()));
    let leads = leads::of(sources, question, &judged.accesses, std::mem::take(&mut judged.leads));
    let parts = summary::Parts {
        records: &records,
        accesses: &judged.accesses,
        attempts: &attempts,
        bulk: &bulk,
        unresolved: &unresolved,
        coverage: &coverage,
        not_seen: &not_seen,
        quarantine: &tables.quarantine,
        newest: tables.events.iter().filter_map(|event| event.time).max(),
    };
    let summary = summary::of(&parts);
    let data = data::held(&records, &unresolved, summary.bulk_bound, sources.catalogue);
    Impact {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        question: asked(question, profile),
        summary,
        records,
        accesses: judged.accesses,
        attempts,
        bulk,
        unresolved,
        persistence,
        data,
        actors,
        leads,
        quarantine: tables.quarantine.iter().map(QuarantineRow::from).collect(),
        conflicts: tables.conflicts.clone(),
        not_seen,
        coverage,
        evidence_root: proof.root.clone(),
        acquisitions: proof.acquisitions.iter().map(|a| a.summary.clone()).collect(),
    }
}

/// How many distinct records are confirmed so far; for the line that is shown while a pull runs.
pub fn confirmed_so_far(tables: &Tables, profile: &Profile, question: &CrossOrg) -> usize {
    let reading = Reading::of(tables, profile, question);
    let sources = reading.sources(question);
    let (claims, leave) = (claims::gather(sources), Leave::gather(sources, question));
    let findings = find(Ask { sources, claims: &claims, leave: &leave, question });
    let confirmed = |row: &&crate::model::LedgerRecord| row.confidence == crate::model::Confidence::Confirmed;
    ledger::ledger(&findings.judged.accesses, profile.ids_per_org).iter().filter(confirmed).count()
}

fn find(ask: Ask<'_>) -> Findings {
    let mut findings =
        Findings { judged: Judgement::default(), bulk: Vec::new(), persistence: Vec::new(), by_attackers: 0 };
    for (number, action) in ask.sources.actions.iter().enumerate() {
        let deed = Deed::of(ask.sources, ask.question, number, action).filter(|deed| deed.in_window(ask.question));
        let Some(deed) = deed else { continue };
        if matches!(deed.ours, super::deed::Ours::Yes | super::deed::Ours::Contested) {
            findings.by_attackers = findings.by_attackers.saturating_add(1);
        }
        findings.judged.judge(&deed, ask);
        findings.bulk.extend(bulk::row(&deed, ask, &mut findings.judged));
        findings.persistence.extend(persistence::rows(&deed, ask));
    }
    findings
}

fn asked(question: &CrossOrg, profile: &Profile) -> Question {
    let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (alias, org) in &question.aliases {
        aliases.entry(org.to_string()).or_default().push(alias.to_string());
    }
    Question {
        attackers: question.attackers.iter().cloned().collect(),
        victims: question.victims.iter().cloned().collect(),
        aliases,
        window: question.window,
        as_of: question.as_of,
        profile: profile.name.clone(),
    }
}

type AccessOrder<'a> = (bool, Option<Moment>, &'a crate::model::RecordKey, Standing, &'a [String]);

fn access_order(access: &Access) -> AccessOrder<'_> {
    (access.time.is_none(), access.time, &access.record, access.standing, &access.event_ids)
}
