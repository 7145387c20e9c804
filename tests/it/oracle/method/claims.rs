//! Section 2: everything that is said about the owner of one record.

use super::action::{Action, Touched};
use super::event::{Record, Verb};
use super::owner::Owners;
use super::{ResourceOrg, Time, changes};

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
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

/// Everything about one record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Story {
    pub claims: Vec<Claim>,
    /// When each life after the first begins.
    pub lives: Vec<i64>,
}

impl Story {
    /// In which life a moment lies.
    pub(crate) fn life(&self, t: i64) -> usize {
        self.lives.iter().filter(|begin| **begin <= t).count()
    }
}

/// Collects the claims on a record, or those that one action makes.
pub(crate) fn story(o: &Owners<'_>, record: &Record, only: Option<usize>) -> Story {
    let mut story = Story { lives: changes::lives(o, record, only), ..Story::default() };
    let mine: Vec<(usize, &Action, &Touched)> = touching(o, record, only);
    for row in &o.question.catalogue {
        let owner = o.question.name(&row.owner);
        let per_org = o.question.per_org && owner != record.org;
        if row.kind == record.kind && row.id == record.id && !per_org {
            let (from, to) = (row.valid.from, row.valid.to);
            story.claims.push(Claim { rank: 1, rule: "catalogue", org: owner, from, to, life: None, said: None });
        }
    }
    for (i, a, t) in mine {
        // A returned id says nothing; a returned row that carries its organisation was read.
        let was_read = t.returned && !t.orgs.is_empty() && o.question.resource_org == ResourceOrg::Row;
        if a.success() && (t.acted || was_read) {
            said(o, &mut story, i, a, t);
        }
    }
    let changes = changes::claims(o, record, &story, only);
    story.claims.extend(changes);
    story
}

/// The actions that name a record.
pub(crate) fn touching<'a>(
    o: &Owners<'a>,
    record: &Record,
    only: Option<usize>,
) -> Vec<(usize, &'a Action, &'a Touched)> {
    let at = |(i, a): (usize, &'a Action)| Some((i, a, a.touched.iter().find(|t| t.record == *record)?));
    o.actions.iter().enumerate().filter(|(i, _)| only.is_none_or(|only| only == *i)).filter_map(at).collect()
}

/// The claims of ranks 3 to 5 that one action makes.
fn said(o: &Owners<'_>, story: &mut Story, i: usize, a: &Action, t: &Touched) {
    let q = o.question;
    let author = &o.who.authors[i];
    let actors = author.orgs();
    let row = q.resource_org == ResourceOrg::Row;
    let life = a.time.map(|time| story.life(time));
    // Who gains a record is named, and logs it, as its owner from then on.
    let gains = changes::transfer(a).map(|(_, to)| to).unwrap_or_default();
    let mut claim = |rank, rule, org: &str| {
        let from = a.time.filter(|_| rank == 3 && org == gains);
        let org = org.to_owned();
        story.claims.push(Claim { rank, rule, org, from, to: None, life, said: a.time });
    };
    for org in &t.orgs {
        if row || (!actors.is_empty() && !actors.contains(org)) {
            claim(3, "named", org);
        }
    }
    if !t.acted {
        return;
    }
    if let Some((from, to)) = changes::transfer(a)
        && !actors.is_empty()
        && (to.is_empty() || actors.contains(&to))
        && !from.is_empty()
        && !actors.contains(&from)
    {
        // Who takes a record, or does not say who gets it, says only whose it was.
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
