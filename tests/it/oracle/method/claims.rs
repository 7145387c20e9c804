//! Section 2: everything that is said about the owner of one record.

use super::action::{Action, Touched};
use super::event::{Record, Verb};
use super::owner::Owners;
use super::{Ids, ResourceOrg, Time};
use std::collections::BTreeSet;

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    pub rank: u8,
    pub rule: &'static str,
    pub org: String,
    /// First moment at which it holds.
    pub from: Time,
    /// Last moment at which it holds.
    pub to: Time,
    /// The life in which it was said; none means every life, or that the moments decide.
    pub life: Option<usize>,
    /// When it was said; unknown for what is known beside the log.
    pub said: Time,
}

/// A creation or a transfer.
#[derive(Clone, Debug)]
pub struct Change {
    pub time: Time,
    pub after: Ids,
    /// Who owned it until then, where the change tells.
    pub before: Ids,
    /// Whether it is a creation by an accessing organisation.
    pub by_attacker: bool,
    pub doubt: bool,
}

/// Everything about one record.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub claims: Vec<Claim>,
    /// When each life after the first begins.
    pub lives: Vec<i64>,
}

impl Story {
    /// In which life a moment lies.
    pub fn life(&self, t: i64) -> usize {
        self.lives.iter().filter(|begin| **begin <= t).count()
    }
}

/// Collects the claims on a record.
pub fn story(o: &Owners<'_>, record: &Record) -> Story {
    let mut story = Story { lives: lives(o, record), ..Story::default() };
    let mine: Vec<(usize, &Action, &Touched)> = touching(o, record);
    for row in &o.question.catalogue {
        let owner = o.question.name(&row.owner);
        let per_org = o.question.per_org && owner != record.org;
        if row.kind == record.kind && row.id == record.id && !per_org {
            let (from, to) = (row.valid.from, row.valid.to);
            story.claims.push(Claim { rank: 1, rule: "catalogue", org: owner, from, to, life: None, said: None });
        }
    }
    for (i, a, t) in mine {
        if proves(a) && t.acted {
            said(o, &mut story, i, a, t);
        }
    }
    changes(o, record, &mut story);
    story
}

/// Whether an action may prove an owner.
pub fn proves(a: &Action) -> bool {
    a.success()
        && (!super::bend::MISSING_OUTCOME
            || a.copies.iter().all(|e| {
                e.outcome == super::event::Outcome::Success
                    || (e.phase == super::event::Phase::Intent
                        && a.copies.iter().any(|c| c.phase == super::event::Phase::Completion))
            }))
}

/// The actions that name a record.
fn touching<'a>(o: &Owners<'a>, record: &Record) -> Vec<(usize, &'a Action, &'a Touched)> {
    let at = |(i, a): (usize, &'a Action)| Some((i, a, a.touched.iter().find(|t| t.record == *record)?));
    o.actions.iter().enumerate().filter_map(at).collect()
}

/// The claims of ranks 3 to 5 that one action makes.
fn said(o: &Owners<'_>, story: &mut Story, i: usize, a: &Action, t: &Touched) {
    let q = o.question;
    let author = &o.who.authors[i];
    let actors = author.orgs();
    let row = q.resource_org == ResourceOrg::Row;
    let life = a.time.map(|time| story.life(time));
    let mut claim = |rank, rule, org: &str| {
        let org = org.to_owned();
        story.claims.push(Claim { rank, rule, org, from: None, to: None, life, said: a.time });
    };
    for org in &t.orgs {
        if row || (!actors.is_empty() && !actors.contains(org)) {
            claim(3, "named", org);
        }
    }
    if let Some((from, to)) = transfer(a)
        && !actors.is_empty()
        && (to.is_empty() || actors.contains(&to))
        && (!actors.contains(&from) || (row && !to.is_empty()))
        && !from.is_empty()
        && !own_word(o, &actors, &from)
    {
        claim(3, "named", &from);
    }
    for log in &a.logs {
        if !actors.is_empty() && !actors.contains(log) && !(row && !t.orgs.is_empty()) {
            claim(3, "own_log", log);
        }
    }
    let members = if actors.is_empty() { &a.logs } else { author.members() };
    for org in members {
        let (rank, rule) = match a.verb {
            Verb::Create | Verb::Update | Verb::Delete => (4, "change"),
            Verb::Read | Verb::List | Verb::Search | Verb::Export => (5, "reading"),
            Verb::Login | Verb::Logout | Verb::Unclassified => continue,
        };
        if !q.attackers.contains(org) {
            claim(rank, rule, org);
        }
    }
}

/// What an accessing organisation says of itself, where the row did not say it.
fn own_word(o: &Owners<'_>, actors: &Ids, org: &str) -> bool {
    !super::bend::LOSER
        && o.question.attackers.contains(org)
        && actors.contains(org)
        && o.question.resource_org != ResourceOrg::Row
}

/// From whom to whom an action hands a record over.
fn transfer(a: &Action) -> Option<(String, String)> {
    let (from, to) = (a.first(|e| &e.from_org), a.first(|e| &e.to_org));
    (!from.is_empty() || !to.is_empty()).then_some((from, to))
}

/// The claims of rank 2: creations and transfers, each until the next.
fn changes(o: &Owners<'_>, record: &Record, story: &mut Story) {
    let mut all: Vec<Change> = Vec::new();
    for (i, a, t) in touching(o, record) {
        if !proves(a) || !t.acted {
            continue;
        }
        let actors = o.who.authors[i].orgs();
        let by_attacker = o.question.any_attacker(&actors);
        if a.verb == Verb::Create {
            let after = creator(o, i, a, t);
            let by_attacker = by_attacker || (actors.is_empty() && o.question.any_attacker(&after));
            all.push(Change { time: a.time, after, before: Ids::new(), by_attacker, doubt: false });
        } else if let Some((from, to)) = transfer(a)
            && !actors.contains(&to)
            && !to.is_empty()
        {
            let told = !from.is_empty() && !own_word(o, &actors, &from);
            let before: Ids = told.then(|| from.clone()).into_iter().collect();
            let mut after = Ids::from([to]);
            if actors.is_empty() {
                after.extend(before.clone());
            }
            let nobody = actors.is_empty() && after.iter().any(|x| o.question.attackers.contains(x));
            let doubt = before
                .iter()
                .any(|x| o.question.attackers.contains(x) && (actors.is_empty() || o.question.any_attacker(&actors)));
            if super::bend::TRANSFER_IN_CONTAINER {
                let container: Ids = t.parents.iter().flat_map(|parent| o.by_container(parent, a.time).0).collect();
                if container.len() == 1 {
                    after = container;
                }
            }
            all.push(Change { time: a.time, after, before, by_attacker: nobody, doubt });
        }
    }
    let mut claims = Vec::new();
    for change in &all {
        let next = change.time.and_then(|t| all.iter().filter_map(|c| c.time).filter(|other| *other > t).min());
        let last = change.time.and_then(|t| all.iter().filter_map(|c| c.time).filter(|other| *other < t).max());
        let mut after = change.after.clone();
        if change.by_attacker && after.iter().all(|org| !o.question.victims.contains(org)) {
            after.extend(owners_before(o, &all, story, change));
        }
        let claim =
            |org: String, from, to| Claim { rank: 2, rule: "creation", org, from, to, life: None, said: change.time };
        let (from, to) = if super::bend::UNKNOWN_CHANGE && change.time.is_none() {
            (None, all.iter().filter_map(|c| c.time).min())
        } else {
            (change.time, next)
        };
        claims.extend(after.into_iter().map(|org| claim(org, from, to)));
        if super::bend::UNKNOWN_CHANGE && change.time.is_none() {
            claims.extend(change.before.iter().map(|org| claim(org.clone(), from, to)));
            continue;
        }
        let mut before = change.before.clone();
        if change.doubt {
            let life = change.time.map(|t| story.life(t));
            let same = |t: Time| t.is_none() || life.is_none() || t.map(|t| story.life(t)) == life;
            before.extend(strong(story.claims.iter().filter(|c| same(c.said))));
            before.extend(change.after.clone());
        }
        if change.time.is_none() {
            claims.extend(before.iter().map(|org| claim(org.clone(), None, None)));
            continue;
        }
        if super::bend::LOSER {
            let first = all.iter().filter_map(|c| c.time).min();
            // strictly before the first, and at the instant
            claims.extend(
                before
                    .iter()
                    .map(|org| claim(org.clone(), None, first.map(|f| if Some(f) == change.time { f } else { f - 1 }))),
            );
            if change.time.is_some() {
                claims.extend(before.iter().map(|org| claim(org.clone(), change.time, change.time)));
            }
            continue;
        }
        claims.extend(before.iter().map(|org| claim(org.clone(), last, change.time)));
    }
    story.claims.extend(claims);
}

/// Who claims, readings only where nothing else is said and only one reads.
fn strong<'a>(claims: impl Iterator<Item = &'a Claim>) -> Ids {
    let (readings, others): (Vec<&Claim>, Vec<&Claim>) = claims.partition(|c| c.rank == 5);
    let orgs = |claims: Vec<&Claim>| claims.into_iter().map(|c| c.org.clone()).collect::<Ids>();
    if others.is_empty() {
        Some(orgs(readings)).filter(|orgs| orgs.len() == 1).unwrap_or_default()
    } else {
        orgs(others)
    }
}

/// Who was said to own a record, in the same life, before an accessing organisation created it.
fn owners_before(o: &Owners<'_>, all: &[Change], story: &Story, creation: &Change) -> Ids {
    let before = |said: Time| {
        if super::bend::UNKNOWN_SAID {
            matches!((said, creation.time), (Some(s), Some(c)) if s < c)
        } else {
            !matches!((said, creation.time), (Some(s), Some(c)) if s >= c)
        }
    };
    let same = |said: Time| match (said, creation.time) {
        (Some(s), Some(c)) => story.life(s) == story.life(c),
        _ => true,
    };
    let begins = creation.time.is_some_and(|c| story.lives.contains(&c));
    let early = |claim: &&Claim| {
        if claim.rank == 1 {
            !super::bend::CATALOGUE_BEFORE && !begins && before(claim.from)
        } else {
            before(claim.said) && same(claim.said)
        }
    };
    let mut orgs = strong(story.claims.iter().filter(early));
    for change in all.iter().filter(|c| before(c.time) && same(c.time) && !std::ptr::eq(*c, creation)) {
        orgs.extend(change.after.union(&change.before).cloned());
    }
    orgs.into_iter().filter(|org| !o.question.attackers.contains(org)).collect()
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
fn lives(o: &Owners<'_>, record: &Record) -> Vec<i64> {
    let mut creations: Vec<i64> = Vec::new();
    let mut deletions: Vec<(i64, bool)> = Vec::new();
    for (i, a, _) in touching(o, record).into_iter().filter(|(_, a, t)| proves(a) && t.acted) {
        let actors = o.who.authors[i].orgs();
        match (a.verb, a.time) {
            (Verb::Create, Some(time)) => creations.push(time),
            (Verb::Delete, Some(time)) => {
                deletions.push((time, !actors.is_empty() && !o.question.any_attacker(&actors)));
            }
            _ => {}
        }
    }
    let begins = |c: &i64| {
        let after_all = |d: &i64| creations.iter().filter(|e| *e < c).all(|e| d > e);
        // The last deletion is the one that ended the life before.
        let last = deletions.iter().filter(|(d, _)| d <= c).map(|(d, _)| *d).max();
        last.is_some_and(|last| {
            after_all(&last) && deletions.iter().filter(|(d, _)| *d == last).all(|(_, frees)| *frees)
        })
    };
    let begun: BTreeSet<i64> = creations.iter().filter(|c| begins(c)).copied().collect();
    begun.into_iter().collect()
}
