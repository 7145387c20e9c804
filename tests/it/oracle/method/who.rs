//! Section 3: whose action it was.

use super::action::Action;
use super::event::{Event, Verb};
use super::minted::{self, Mint};
use super::{Ids, Question};
use std::collections::BTreeMap;

/// The native worker types.
const WORKERS: [&str; 4] = ["system", "worker", "service", "job"];
/// The native staff types.
const STAFF: [&str; 2] = ["support", "staff"];

/// What the first fact that speaks says of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The fact: `none` where nothing speaks.
    pub rule: &'static str,
    /// The organisations that it gives.
    pub orgs: Ids,
}

impl Said {
    fn new(rule: &'static str, orgs: Ids) -> Option<Self> {
        (!orgs.is_empty()).then_some(Self { rule, orgs })
    }

    fn nothing() -> Self {
        Self { rule: "none", orgs: Ids::new() }
    }
}

/// Whose one action was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Author {
    /// Whoever really acted.
    pub real: Said,
    /// Whom the action was done as.
    pub effective: Said,
}

impl Author {
    /// Every organisation that rule 3 gives to one of the two.
    pub(crate) fn orgs(&self) -> Ids {
        self.real.orgs.union(&self.effective.orgs).cloned().collect()
    }

    /// The members of ranks 4 and 5: the effective actor's where known, else the real one's.
    pub(crate) fn members(&self) -> &Ids {
        if self.effective.orgs.is_empty() { &self.real.orgs } else { &self.effective.orgs }
    }
}

/// Whose every action was, and what was minted.
pub(crate) struct Who {
    pub authors: Vec<Author>,
    pub mints: Vec<Mint>,
}

/// What the facts need.
pub(crate) struct Known<'a> {
    pub events: &'a [Event],
    pub actions: &'a [Action],
    pub question: &'a Question,
    /// Organisations named with each credential.
    credentials: BTreeMap<String, Ids>,
    /// Organisations named by the successful logins of each actor.
    homes: BTreeMap<String, Ids>,
    /// Organisations named by the successful logins of each session.
    sessions: BTreeMap<String, Ids>,
}

/// Attributes every action; what is minted is followed to the end.
pub(crate) fn attribute(events: &[Event], actions: &[Action], question: &Question) -> Who {
    let known = Known::new(events, actions, question);
    let mut mints: Vec<Mint> = Vec::new();
    for _ in 0..=actions.len() {
        let authors: Vec<Author> = (0..actions.len()).map(|i| known.author(i, &mints)).collect();
        let next = minted::mints(&known, &authors);
        if next == mints {
            return Who { authors, mints };
        }
        mints = next;
    }
    let authors = (0..actions.len()).map(|i| known.author(i, &mints)).collect();
    Who { authors, mints }
}

impl<'a> Known<'a> {
    fn new(events: &'a [Event], actions: &'a [Action], question: &'a Question) -> Self {
        let mut known = Self {
            events,
            actions,
            question,
            credentials: BTreeMap::new(),
            homes: BTreeMap::new(),
            sessions: BTreeMap::new(),
        };
        for e in events.iter().filter(|e| !e.actor.org.is_empty() && !e.credential.is_empty()) {
            known.credentials.entry(e.credential.clone()).or_default().insert(e.actor.org.clone());
        }
        for a in actions.iter().filter(|a| a.verb == Verb::Login && a.success()) {
            for org in a.all(|e| &e.actor.org) {
                for actor in a.all(|e| &e.actor.id) {
                    known.homes.entry(actor).or_default().insert(org.clone());
                }
                for session in a.all(|e| &e.session) {
                    known.sessions.entry(session).or_default().insert(org.clone());
                }
            }
        }
        known
    }

    fn author(&self, i: usize, mints: &[Mint]) -> Author {
        let a = &self.actions[i];
        let mut real = self.real(i, mints, true);
        if let Some(requester) = self.requester(a, mints) {
            let theirs: Ids = requester.intersection(&self.question.attackers).cloned().collect();
            if !self.question.any_attacker(&real.orgs) && !real.orgs.is_empty() && !theirs.is_empty() {
                real.orgs.extend(theirs);
                real.rule = "job";
            }
        }
        Author { real, effective: self.effective(i, mints) }
    }

    /// The facts of the real actor, from the strongest; a job speaks only where `job` is set.
    fn real(&self, i: usize, mints: &[Mint], job: bool) -> Said {
        let a = &self.actions[i];
        let ids = a.all(|e| &e.actor.id);
        let credentials = a.all(|e| &e.credential);
        let named = Said::new("named", a.all(|e| &e.actor.org));
        let credential = || Said::new("credential", pick(&self.credentials, &credentials));
        let members = || Said::new("members", self.members(a, &ids));
        let inside = |said: Said| {
            let more = minted::hosts(mints, a.time, &said.orgs, &credentials, &ids, &a.all(|e| &e.session));
            self.both(said, &more)
        };
        let worker = a.copies.iter().any(|e| WORKERS.contains(&e.kind.as_str()));
        let asked = || if job { self.requester(a, mints).and_then(|orgs| Said::new("job", orgs)) } else { None };
        let own = named
            .or_else(credential)
            .or_else(members)
            .map(inside)
            .or_else(|| self.minted(i, mints, &ids))
            .or_else(|| self.home(&ids));
        match own {
            Some(own) if !worker => own,
            own => asked().map(inside).or(own).unwrap_or_else(Said::nothing),
        }
    }

    /// What belongs to its host and to who minted it; where only that makes it A's, it is the fact that speaks.
    fn both(&self, said: Said, more: &Ids) -> Said {
        let decides = !self.question.any_attacker(&said.orgs) && self.question.any_attacker(more);
        let orgs = said.orgs.union(more).cloned().collect();
        Said { rule: if decides { "minted" } else { said.rule }, orgs }
    }

    /// The facts of whom the action was done as.
    fn effective(&self, i: usize, mints: &[Mint]) -> Said {
        let a = &self.actions[i];
        let ids = a.effective_ids();
        let inside = |said: Said| {
            let more = minted::hosts(mints, a.time, &said.orgs, &Ids::new(), &ids, &Ids::new());
            self.both(said, &more)
        };
        Said::new("named", a.effective_orgs())
            .or_else(|| Said::new("members", self.members(a, &ids)))
            .map(inside)
            .or_else(|| Said::new("minted", minted::of(mints, minted::Kind::Member, &ids, a.time, i)))
            .or_else(|| self.home(&ids))
            .unwrap_or_else(Said::nothing)
    }

    /// Whose job an action belongs to: whoever first named it and is known.
    fn requester(&self, a: &Action, mints: &[Mint]) -> Option<Ids> {
        let jobs = a.all(|e| &e.job);
        let mut naming = self.events.iter().enumerate().filter(|(_, e)| jobs.contains(&e.job));
        naming.find_map(|(at, _)| {
            let i = self.actions.iter().position(|a| a.at.contains(&at))?;
            let said = self.real(i, mints, false);
            let orgs: Ids = said.orgs.union(&self.effective(i, mints).orgs).cloned().collect();
            (!orgs.is_empty()).then_some(orgs)
        })
    }

    /// The membership table; where it gives several, the session's, if that is one of them.
    fn members(&self, a: &Action, ids: &Ids) -> Ids {
        let rows = self.question.members.iter();
        let orgs: Ids = rows
            .filter(|m| ids.contains(&m.actor) && m.valid.holds(a.time))
            .map(|m| self.question.name(&m.org))
            .collect();
        let session = pick(&self.sessions, &a.all(|e| &e.session));
        if orgs.len() > 1 && session.len() == 1 && session.is_subset(&orgs) { session } else { orgs }
    }

    /// The credential, else the session, else the member was minted.
    fn minted(&self, i: usize, mints: &[Mint], ids: &Ids) -> Option<Said> {
        let a = &self.actions[i];
        let by = |kind, ids: &Ids| Said::new("minted", minted::of(mints, kind, ids, a.time, i));
        by(minted::Kind::Credential, &a.all(|e| &e.credential))
            .or_else(|| by(minted::Kind::Session, &a.all(|e| &e.session)))
            .or_else(|| by(minted::Kind::Member, ids))
    }

    /// The organisations that the logins of an actor name.
    fn home(&self, ids: &Ids) -> Option<Said> {
        Said::new("home", pick(&self.homes, ids))
    }
}

/// Everything that a map gives for some keys.
fn pick(map: &BTreeMap<String, Ids>, keys: &Ids) -> Ids {
    keys.iter().filter_map(|key| map.get(key)).flatten().cloned().collect()
}

/// Whether somebody acts for a customer as staff.
pub(crate) fn support(a: &Action, author: &Author, question: &Question) -> bool {
    let ours = |orgs: &Ids| question.any_attacker(orgs) || question.any_victim(orgs);
    let staff = a.copies.iter().any(|e| STAFF.contains(&e.kind.as_str()));
    a.impersonated() && !ours(&author.real.orgs) && (!a.all(|e| &e.actor.org).is_empty() || staff)
}

/// Whether the impersonator may be anyone.
pub(crate) fn anyone(a: &Action, author: &Author) -> bool {
    let staff = a.copies.iter().any(|e| STAFF.contains(&e.kind.as_str()));
    a.impersonated() && author.real.orgs.is_empty() && !staff
}
