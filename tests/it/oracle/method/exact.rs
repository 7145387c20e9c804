//! Section 8: the numbers, and whether the answer is exact.

use super::action::Action;
use super::answer::{Answer, Persistence};
use super::attempts::{self, Tried};
use super::bulk::{self, Found};
use super::event::{Event, Outcome, Verb};
use super::ledger::{self, Deed};
use super::minted::{self, Kind};
use super::owner::Owners;
use super::who::Who;
use super::{Ids, Question, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the answer is made from.
pub(crate) struct Facts<'a> {
    pub question: &'a Question,
    pub events: &'a [Event],
    pub actions: &'a [Action],
    pub who: &'a Who,
    pub owners: &'a Owners<'a>,
}

impl Facts<'_> {
    /// Whether a copy of an action lies in the window.
    fn inside(&self, i: usize) -> bool {
        let times: Vec<_> = self.actions[i].copies.iter().filter_map(|e| e.time).collect();
        times.is_empty() || times.iter().any(|time| self.question.in_window(Some(*time)))
    }

    /// A's actions in the window, or at an unknown time.
    pub(crate) fn ours(&self) -> Vec<usize> {
        let ours = |i: &usize| self.question.any_attacker(&self.who.authors[*i].orgs()) && self.inside(*i);
        (0..self.actions.len()).filter(ours).collect()
    }
}

/// A length as the answer counts.
fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap()
}

/// The whole answer.
pub(crate) fn answer(f: &Facts<'_>, raw: u64, quarantined: u64, conflicts: u64, cut_short: bool) -> Answer {
    let ours = f.ours();
    let found: Vec<Found> = ours.iter().filter_map(|i| bulk::row(f, *i)).collect();
    let deeds = ledger::deeds(f, &found);
    let tried = attempts::tried(f);
    let victims: Vec<&Deed> = deeds.iter().filter(|d| f.question.any_victim(&d.owners)).collect();
    let mut answer = Answer {
        ledger: ledger::ledger(f, &deeds),
        accesses: victims.iter().map(|d| d.access.clone()).collect(),
        attempts: attempts::attempts(&tried),
        bulk: found.iter().map(|one| one.row.clone()).collect(),
        bulk_bound: bulk::total(&found, true),
        bulk_unscoped_bound: bulk::total(&found, false),
        unresolved: ledger::unresolved(&deeds),
        persistence: persistence(f),
        absent_logs: absent(f),
        ..Answer::default()
    };
    answer.sort();
    let time_unknown = f.events.iter().filter(|e| e.time.is_none()).count();
    let in_window = f.events.iter().filter(|e| f.question.in_window(e.time)).count();
    answer.numbers = [
        ("raw", raw),
        ("distinct", wide(f.events.len())),
        ("in_window", wide(in_window)),
        ("by_attackers", wide(ours.len())),
        ("quarantined", quarantined),
        ("time_unknown", wide(time_unknown)),
        ("unattributed", wide(unattributed(f))),
        ("unclassified", wide(unclassified(f, &deeds))),
        ("conflicts", conflicts),
    ]
    .into();
    answer.because = because(f, &answer, &deeds, &found, &tried, cut_short);
    answer.exact = answer.because.is_empty();
    answer
}

/// Every reason why the answer is a lower bound.
fn because(
    f: &Facts<'_>,
    answer: &Answer,
    deeds: &[Deed],
    found: &[Found],
    tried: &[Tried],
    cut_short: bool,
) -> Vec<&'static str> {
    let victims: Vec<&Deed> = deeds.iter().filter(|d| f.question.any_victim(&d.owners)).collect();
    let direct = |word: &str| victims.iter().any(|d| d.access.standing == "direct" && d.access.confidence == word);
    let touching: BTreeSet<usize> = deeds
        .iter()
        .filter(|d| f.question.any_victim(&d.owners) || d.owners.is_empty())
        .map(|d| d.action)
        .chain(tried.iter().map(|t| t.action))
        // A bulk action is an access to whatever it handed out.
        .chain(
            found.iter().filter(|one| one.row.scoped || f.actions[one.action].touched.is_empty()).map(|one| one.action),
        )
        .collect();
    let number = |name: &str| answer.numbers[name] > 0;
    [
        ("cut short", cut_short),
        ("quarantined", number("quarantined")),
        ("unresolved", !answer.unresolved.is_empty()),
        ("unclassified", number("unclassified")),
        ("unknown outcome", direct("unknown")),
        ("bulk unsure", found.iter().any(|one| one.row.scoped && one.row.confidence != "confirmed")),
        ("counts differ", found.iter().any(|one| f.actions[one.action].counts_differ)),
        ("contested", direct("contested")),
        ("conflict", touching.iter().any(|i| f.actions[*i].conflict())),
        ("time unknown", touching.iter().any(|i| f.actions[*i].time.is_none())),
        ("unattributed", number("unattributed")),
        ("log altered", altered(f)),
        ("hole in a log", hole(f)),
        ("absent log", !answer.absent_logs.is_empty()),
        ("reads not proven", !reads_proven(f)),
        ("never seen", f.question.attackers.union(&f.question.victims).any(|org| !seen(f, org))),
    ]
    .into_iter()
    .filter_map(|(word, holds)| holds.then_some(word))
    .collect()
}

/// Actions of nobody known that may have touched V.
fn unattributed(f: &Facts<'_>) -> usize {
    let nobody = |i: &usize| {
        let a = &f.actions[*i];
        let touches = a.touched.iter().any(|t| {
            let owner = f.owners.owner(&t.record, &t.parents, *i).orgs;
            owner.is_empty() || f.question.any_victim(&owner)
        });
        let logs = a.logs.is_empty() || f.question.any_attacker(&a.logs) || f.question.any_victim(&a.logs);
        f.who.authors[*i].orgs().is_empty()
            && f.inside(*i)
            && a.effect()
            && !a.is_session()
            && (touches || (a.touched.is_empty() && logs))
    };
    (0..f.actions.len()).filter(nobody).count()
}

/// Actions of A that the profile does not know: on V's record, on one of nobody known, or naming no record.
fn unclassified(f: &Facts<'_>, deeds: &[Deed]) -> usize {
    let unknown = |i: &usize| {
        let a = &f.actions[*i];
        let touches = deeds.iter().any(|d| d.action == *i && (d.owners.is_empty() || f.question.any_victim(&d.owners)));
        a.verb == Verb::Unclassified && a.effect() && (touches || a.touched.is_empty())
    };
    f.ours().iter().filter(|i| unknown(i)).count()
}

/// Whether somebody altered or silenced the log of A or V.
fn altered(f: &Facts<'_>) -> bool {
    let words = ["delete", "purge", "update", "edit", "disable", "stop", "clear", "truncate"];
    let alters = |e: &Event| {
        let last = e.action.rsplit(['.', ':', '/']).next().unwrap_or_default();
        let kind = matches!(e.scope_kind.as_str(), "audit_log" | "audit_trail" | "audit_event");
        kind && words.contains(&last)
    };
    let ours = |a: &Action| {
        let named = a.touched.iter().flat_map(|t| t.orgs.clone()).chain(a.all(|e| &e.scope_org));
        let orgs: Ids = named.chain(a.logs.clone()).collect();
        f.question.any_attacker(&orgs) || f.question.any_victim(&orgs)
    };
    f.actions.iter().any(|a| a.copies.iter().any(alters) && a.effect() && ours(a))
}

/// Whether the own numbers of the log of A or V leave one out.
fn hole(f: &Facts<'_>) -> bool {
    f.question.attackers.union(&f.question.victims).any(|org| {
        let mine = f.events.iter().filter(|e| e.log == *org);
        let numbers: BTreeMap<i64, Time> = mine.flat_map(|e| e.sequence.iter().map(|n| (*n, e.time))).collect();
        let inside = |a: &Time, b: &Time| {
            let (first, last) = if a.is_some() && b.is_some() { (*a.min(b), *a.max(b)) } else { (None, None) };
            let ends = last.is_none_or(|last| f.question.from.is_none_or(|from| from <= last));
            ends && first.is_none_or(|first| f.question.to.is_none_or(|to| first < to))
        };
        numbers.iter().zip(numbers.iter().skip(1)).any(|((a, at), (b, bt))| a + 1 < *b && inside(at, bt))
    })
}

/// Whether every own log of A, or every one of V, shows in the window that something was read.
fn reads_proven(f: &Facts<'_>) -> bool {
    let reading = |e: &&Event| {
        let hands_out = matches!(e.verb, Verb::Read | Verb::List | Verb::Search | Verb::Export);
        let of_the_log = format!("{} {}", e.action, e.scope_kind).to_lowercase().contains("audit");
        hands_out && !of_the_log && e.outcome == Outcome::Success && e.time.is_some() && f.question.in_window(e.time)
    };
    let logs: Ids = f.events.iter().filter(reading).map(|e| e.log.clone()).collect();
    f.question.attackers.is_subset(&logs) || f.question.victims.is_subset(&logs)
}

/// Organisations asked about whose own log shows nothing in the window.
fn absent(f: &Facts<'_>) -> Ids {
    let shows = |org: &String| f.events.iter().any(|e| e.log == *org && f.question.in_window(e.time));
    f.question.attackers.union(&f.question.victims).filter(|org| !shows(org)).cloned().collect()
}

/// Whether an organisation appears in some event.
fn seen(f: &Facts<'_>, org: &str) -> bool {
    f.events.iter().any(|e| {
        [&e.log, &e.actor.org, &e.scope_org, &e.from_org, &e.to_org].into_iter().any(|o| o == org)
            || e.effective.as_ref().is_some_and(|p| p.org == org)
            || e.shared.contains(org)
            || e.targets.iter().any(|t| t.orgs.contains(org))
    })
}

/// What A's actions in the window made inside V, a login aside.
fn persistence(f: &Facts<'_>) -> Vec<Persistence> {
    let ours = f.ours();
    let word = |kind| match kind {
        Kind::Credential => "credential",
        Kind::Member => "member",
        Kind::Session => "session",
        Kind::Webhook => "webhook",
    };
    let mut rows: Vec<Persistence> = Vec::new();
    for mint in &f.who.mints {
        let made = &f.actions[mint.action];
        if !ours.contains(&mint.action) || made.verb == Verb::Login || !f.question.any_victim(&mint.inside) {
            continue;
        }
        let uses: Vec<&Action> = f
            .actions
            .iter()
            .enumerate()
            .filter(|(i, a)| *i != mint.action && a.copies.iter().any(|e| minted::acts(e, mint.kind, &mint.id)))
            .map(|(_, a)| a)
            .filter(|a| !matches!((a.time, mint.time), (Some(used), Some(made)) if used < made))
            .collect();
        // A bare id of one organisation among many joins nothing.
        let known = |record: &&super::event::Record| !f.question.per_org || !record.org.is_empty();
        let records: Vec<_> = made.touched.iter().map(|t| &t.record).filter(known).collect();
        let deletes = |a: &&Action| {
            let later = !matches!((a.time, mint.time), (Some(d), Some(m)) if d < m);
            a.verb == Verb::Delete && a.success() && later && a.touched.iter().any(|t| records.contains(&&t.record))
        };
        let removed = f.actions.iter().filter(deletes).filter_map(|a| a.time).min();
        for org in mint.inside.intersection(&f.question.victims) {
            rows.push(Persistence {
                kind: word(mint.kind),
                id: mint.id.clone(),
                org: org.clone(),
                time: mint.time,
                certain: mint.certain
                    && made.copies.iter().all(|e| e.torn.is_empty())
                    && ledger::attribution_confidence(f, mint.action) == "confirmed",
                uses: wide(uses.len()),
                last_use: uses.iter().filter_map(|a| a.time).max(),
                removed,
                events: made.cited(),
            });
        }
    }
    rows.sort();
    rows.dedup();
    rows
}
