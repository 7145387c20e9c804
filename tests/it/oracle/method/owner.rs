//! Section 2: who owns a record at a time.

use super::action::Action;
use super::claims::{self, Claim, Story};
use super::event::Record;
use super::who::Who;
use super::{Ids, Question, ResourceOrg, Time, changes};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Answers who owns what.
pub(crate) struct Owners<'a> {
    pub actions: &'a [Action],
    pub who: &'a Who,
    pub question: &'a Question,
    stories: RefCell<BTreeMap<Record, Story>>,
    /// Records whose story is being told, so that no circle of containers is endless.
    telling: RefCell<Vec<Record>>,
}

/// Who owns a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The owner, several where it is contested, nobody where nothing shows one.
    pub orgs: Ids,
    /// The claim that decides.
    pub rule: &'static str,
    /// Its rank; 9 is none.
    pub rank: u8,
}

impl<'a> Owners<'a> {
    pub(crate) fn new(actions: &'a [Action], who: &'a Who, question: &'a Question) -> Self {
        Self { actions, who, question, stories: RefCell::default(), telling: RefCell::default() }
    }

    /// Everything about one record.
    pub(crate) fn story(&self, record: &Record) -> Story {
        if let Some(story) = self.stories.borrow().get(record) {
            return story.clone();
        }
        if self.telling.borrow().contains(record) {
            return Story::default();
        }
        self.telling.borrow_mut().push(record.clone());
        let story = claims::story(self, record, None);
        self.telling.borrow_mut().pop();
        self.stories.borrow_mut().insert(record.clone(), story.clone());
        story
    }

    /// Who owns a record somewhere between the times of an action's copies, which name these containers for it.
    pub(crate) fn owner(&self, record: &Record, parents: &BTreeSet<Record>, i: usize) -> Owner {
        let times: BTreeSet<i64> = self.actions[i].copies.iter().filter_map(|e| e.time).collect();
        let all = times.iter().map(|at| self.owner_at(record, parents, i, Some(*at)));
        let all: Vec<Owner> =
            if times.is_empty() { vec![self.owner_at(record, parents, i, None)] } else { all.collect() };
        let best = all.iter().min_by_key(|owner| owner.rank).unwrap();
        Owner { orgs: all.iter().flat_map(|owner| owner.orgs.clone()).collect(), ..best.clone() }
    }

    fn owner_at(&self, record: &Record, parents: &BTreeSet<Record>, i: usize, at: Time) -> Owner {
        let nothing = Owner { orgs: Ids::new(), rule: "none", rank: 9 };
        // Where ids are of an organisation, a bare one joins nothing: only what its own action says of it counts.
        let bare = self.question.per_org && record.org.is_empty();
        let story = if bare { claims::story(self, record, Some(i)) } else { self.story(record) };
        let held = held(&story, at);
        if !held.is_empty() {
            return decide(&story, &held, at).unwrap_or(nothing);
        }
        let all: Vec<(Ids, Option<Claim>)> = parents.iter().map(|parent| self.by_container(parent, at, true)).collect();
        match all.iter().filter_map(|(_, claim)| claim.as_ref()).min_by_key(|c| (c.rank, c.rule)) {
            Some(best) => Owner {
                orgs: all.iter().flat_map(|(orgs, _)| orgs.clone()).collect(),
                rule: best.rule,
                rank: best.rank,
            },
            None => nothing,
        }
    }

    /// The owner that a container's claims of ranks 1 to 3 show; `mine` where A says what lies in it.
    pub(crate) fn by_container(&self, container: &Record, at: Time, mine: bool) -> (Ids, Option<Claim>) {
        if self.question.per_org {
            return (Ids::new(), None);
        }
        // In which container a record lies is A's own word, unless the record itself was read.
        let own_word =
            |c: &Claim| self.question.resource_org != ResourceOrg::Row && self.question.attackers.contains(&c.org);
        let held = held(&self.story(container), at).into_iter().filter(|c| c.rank <= 3 && !(mine && own_word(c)));
        let held: Vec<Claim> = held.collect();
        let best = held.iter().min_by_key(|c| (c.rank, c.rule));
        let orgs = held.iter().filter(|c| best.is_some_and(|b| b.rank == c.rank)).map(|c| c.org.clone()).collect();
        (orgs, best.cloned())
    }
}

/// The claims that hold at a time.
fn held(story: &Story, at: Time) -> Vec<Claim> {
    let holds = |c: &&Claim| {
        let Some(at) = at else { return true };
        let spans = c.from.is_none_or(|from| from <= at) && c.to.is_none_or(|to| at <= to);
        spans && c.life.is_none_or(|life| life == story.life(at))
    };
    story.claims.iter().filter(holds).cloned().collect()
}

/// The strongest claims decide; readings only where no other organisation has any claim.
fn decide(story: &Story, held: &[Claim], at: Time) -> Option<Owner> {
    let best = held.iter().min_by_key(|c| (c.rank, c.rule))?;
    let mut orgs: Ids = held.iter().filter(|c| c.rank == best.rank).map(|c| c.org.clone()).collect();
    if best.rank == 5 {
        let elsewhere = |c: &&Claim| match (c.life, at) {
            (Some(life), Some(at)) => life != story.life(at),
            _ => false,
        };
        let others = story.claims.iter().filter(|c| !elsewhere(c)).any(|c| !orgs.contains(&c.org));
        if orgs.len() > 1 || others {
            return None;
        }
    }
    if best.rank == 2 && at.is_some() && held.iter().filter(|c| c.rank == 2).all(|c| c.from == at) {
        // The instant of the first change that is known: both sides hold, whatever rank speaks for the side before.
        let before = held.iter().filter(|c| c.rank > 2 && c.said.is_some_and(|said| Some(said) < at));
        let rank = before.clone().map(|c| c.rank).min();
        orgs.extend(changes::strong(before.filter(|c| Some(c.rank) == rank)));
    }
    Some(Owner { orgs, rule: best.rule, rank: best.rank })
}
