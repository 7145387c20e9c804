//! Section 2, rank 2: creations and transfers, and the lives of an id.

use super::action::{Action, Touched};
use super::claims::{Claim, Story, touching};
use super::event::{Record, Verb};
use super::owner::Owners;
use super::{Ids, Time};
use std::collections::BTreeSet;

/// A creation or a transfer.
struct Change {
    time: Time,
    after: Ids,
    /// Who owned it until then, where the change tells.
    before: Ids,
    /// Whether it is in A's favour, and by A or by nobody known.
    own_favour: bool,
}

/// From whom to whom an action hands a record over.
pub(crate) fn transfer(a: &Action) -> Option<(String, String)> {
    let (from, to) = (a.first(|e| &e.from_org), a.first(|e| &e.to_org));
    (!from.is_empty() || !to.is_empty()).then_some((from, to))
}

/// The claims of rank 2, each from one change until the next.
pub(crate) fn claims(o: &Owners<'_>, record: &Record, story: &Story, only: Option<usize>) -> Vec<Claim> {
    let all = changes(o, record, only);
    let mut claims = Vec::new();
    for change in &all {
        let next = change.time.and_then(|t| all.iter().filter_map(|c| c.time).filter(|other| *other > t).min());
        let last = change.time.and_then(|t| all.iter().filter_map(|c| c.time).filter(|other| *other < t).max());
        let claim = |org: &String, from, to| Claim {
            rank: 2,
            rule: "creation",
            org: org.clone(),
            from,
            to,
            life: None,
            said: change.time,
        };
        let mut after = change.after.clone();
        if change.own_favour {
            after.extend(owners_before(o, &all, story, change));
        }
        claims.extend(after.iter().map(|org| claim(org, change.time, next)));
        claims.extend(change.before.iter().map(|org| claim(org, last, change.time)));
    }
    claims
}

/// Every creation of a record, and every transfer by someone other than the gaining organisation.
fn changes(o: &Owners<'_>, record: &Record, only: Option<usize>) -> Vec<Change> {
    let mut all = Vec::new();
    for (i, a, t) in touching(o, record, only).into_iter().filter(|(_, a, t)| a.success() && t.acted) {
        let actors = o.who.authors[i].orgs();
        let (before, after) = match transfer(a) {
            _ if a.verb == Verb::Create => (Ids::new(), creator(o, i, a, t)),
            Some((from, to)) if !to.is_empty() && !actors.contains(&to) => {
                let from: Ids = Some(from).filter(|from| !from.is_empty()).into_iter().collect();
                let stays = if actors.is_empty() { from.clone() } else { Ids::new() };
                // Nobody clears his own past by giving away.
                let own_past = a.time.is_some()
                    && o.question.resource_org != super::ResourceOrg::Row
                    && o.question.any_attacker(&from)
                    && (actors.is_empty() || o.question.any_attacker(&actors));
                let before = if own_past { Ids::new() } else { from };
                (before, stays.into_iter().chain([to]).collect())
            }
            _ => continue,
        };
        let by_attacker = a.verb == Verb::Create && o.question.any_attacker(&actors);
        let by_nobody = actors.is_empty() && o.question.any_attacker(&after);
        let own_favour = by_attacker || by_nobody;
        all.push(Change { time: a.time, after, before, own_favour });
    }
    all
}

/// Who was said by actions to own a record, in the same life, before A made itself its owner.
fn owners_before(o: &Owners<'_>, all: &[Change], story: &Story, change: &Change) -> Ids {
    let before = |said: Time| !matches!((said, change.time), (Some(s), Some(c)) if s >= c);
    let same = |said: Time| match (said, change.time) {
        (Some(s), Some(c)) => story.life(s) == story.life(c),
        _ => true,
    };
    let early = |claim: &&Claim| claim.rank > 1 && before(claim.said) && same(claim.said);
    let mut orgs = strong(story.claims.iter().filter(early));
    for other in all.iter().filter(|c| before(c.time) && same(c.time) && !std::ptr::eq(*c, change)) {
        orgs.extend(other.after.union(&other.before).cloned());
    }
    orgs.into_iter().filter(|org| !o.question.attackers.contains(org)).collect()
}

/// Who claims; readings only where nothing else is said and only one reads.
pub(crate) fn strong<'a>(claims: impl Iterator<Item = &'a Claim>) -> Ids {
    let (readings, others): (Vec<&Claim>, Vec<&Claim>) = claims.partition(|c| c.rank == 5);
    let orgs = |claims: Vec<&Claim>| claims.into_iter().map(|c| c.org.clone()).collect::<Ids>();
    if !others.is_empty() {
        return orgs(others);
    }
    Some(orgs(readings)).filter(|orgs| orgs.len() == 1).unwrap_or_default()
}

/// The owner by creation.
fn creator(o: &Owners<'_>, i: usize, a: &Action, t: &Touched) -> Ids {
    let author = &o.who.authors[i];
    let actors = author.orgs();
    let container: Ids = t.parents.iter().flat_map(|parent| o.by_container(parent, a.time).0).collect();
    let other = |orgs: &Ids| orgs.difference(&actors).cloned().collect::<Ids>();
    let choices = [if container.len() == 1 { container } else { Ids::new() }, other(&t.orgs), other(&a.logs)];
    choices.into_iter().find(|orgs| !orgs.is_empty()).unwrap_or_else(|| author.members().clone())
}

/// When the later lives of a record begin.
pub(crate) fn lives(o: &Owners<'_>, record: &Record, only: Option<usize>) -> Vec<i64> {
    let mut creations: Vec<i64> = Vec::new();
    let mut deletions: Vec<(i64, bool)> = Vec::new();
    for (i, a, _) in touching(o, record, only).into_iter().filter(|(_, a, t)| a.success() && t.acted) {
        let actors = o.who.authors[i].orgs();
        let frees = !actors.is_empty() && !o.question.any_attacker(&actors);
        match (a.verb, a.time) {
            (Verb::Create, Some(time)) => creations.push(time),
            (Verb::Delete, Some(time)) => deletions.push((time, frees)),
            _ => {}
        }
    }
    let begins = |c: &i64| {
        // The last deletion is the one that ended the life before.
        let Some(last) = deletions.iter().map(|(d, _)| *d).filter(|d| d <= c).max() else { return false };
        let after_all = creations.iter().filter(|e| *e < c).all(|e| last > *e);
        after_all && deletions.iter().filter(|(d, _)| *d == last).all(|(_, frees)| *frees)
    };
    let begun: BTreeSet<i64> = creations.iter().filter(|c| begins(c)).copied().collect();
    begun.into_iter().collect()
}
