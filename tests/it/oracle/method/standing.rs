//! Section 7: by what right.

use super::action::Action;
use super::event::Record;
use super::exact::Facts;
use super::{Ids, ledger, who};
use std::collections::BTreeSet;

/// The standing of an access to a record, or of a bulk action over a type.
pub(crate) fn standing(f: &Facts<'_>, i: usize, record: Option<&Record>) -> &'static str {
    let a = &f.actions[i];
    if who::support(a, &f.who.authors[i], f.question) {
        "support"
    } else if expected(f, a) {
        "expected"
    } else if granted(f, a, record) || record.is_some_and(|record| shared(f, i, record)) {
        "authorised"
    } else {
        "direct"
    }
}

/// A row of the allow list: every column that is filled in equals the event's.
fn expected(f: &Facts<'_>, a: &Action) -> bool {
    let like = |column: &str, found: &str| column.is_empty() || column == found;
    f.question.allow.iter().any(|row| {
        a.copies.iter().any(|e| {
            like(&row.actor, &e.actor.id) && like(&row.credential, &e.credential) && like(&row.action, &e.action)
        })
    })
}

/// A row of the grants at the known time of the action; of a bulk action one that gives all of its type.
fn granted(f: &Facts<'_>, a: &Action, record: Option<&Record>) -> bool {
    let kind = record.map_or_else(|| a.first(|e| &e.scope_kind), |record| record.kind.clone());
    a.time.is_some()
        && f.question.grants.iter().any(|row| {
            f.question.attackers.contains(&f.question.name(&row.org))
                && row.kind == kind
                && (row.id == "*" || record.is_some_and(|record| record.id == row.id))
                && row.valid.holds(a.time)
        })
}

/// One word of the log about sharing.
struct Word<'a> {
    i: usize,
    a: &'a Action,
    ends: bool,
    with: Ids,
}

/// A successful share in the log gave A the record, or its container, and no unshare lies between.
fn shared(f: &Facts<'_>, i: usize, record: &Record) -> bool {
    let Some(at) = f.actions[i].time else { return false };
    if f.question.per_org && record.org.is_empty() {
        return false;
    }
    // Where ids are of an organisation, a container's bare id joins no share.
    let mut things = if f.question.per_org { BTreeSet::new() } else { ledger::parents(f, i, record) };
    things.insert(record.clone());
    things.iter().any(|thing| {
        let story = f.owners.story(thing);
        let words = words(f, thing);
        words.iter().filter(|w| !w.ends).any(|share| {
            let Some(given) = share.a.time.filter(|time| *time <= at) else { return false };
            let ended = |org: &String| {
                words.iter().any(|w| w.ends && w.with.contains(org) && w.a.time.is_none_or(|t| given <= t && t <= at))
            };
            let ours = share.with.iter().any(|org| f.question.attackers.contains(org) && !ended(org));
            ours && story.life(given) == story.life(at) && counts(f, share, i, record) && !tainted(f, share)
        })
    })
}

/// Shares and unshares of one record.
fn words<'a>(f: &Facts<'a>, thing: &Record) -> Vec<Word<'a>> {
    let mut words = Vec::new();
    for (i, a) in f.actions.iter().enumerate() {
        let acted = a.touched.iter().any(|t| t.acted && t.record == *thing);
        let with: Ids = a.copies.iter().flat_map(|e| e.shared.clone()).collect();
        let last = a.copies[0].action.rsplit(['.', ':', '/']).next().unwrap_or_default();
        if a.success() && acted && !with.is_empty() && matches!(last, "share" | "unshare") {
            words.push(Word { i, a, ends: last == "unshare", with });
        }
    }
    words
}

/// A share counts only from those who own the record at that time, surely and alone, and are not A.
fn counts(f: &Facts<'_>, share: &Word<'_>, i: usize, record: &Record) -> bool {
    let parents = ledger::parents(f, i, record);
    let owner = f.owners.owner(record, &parents, i).orgs;
    owner.len() == 1 && f.who.authors[share.i].orgs() == owner && !f.question.any_attacker(&owner)
}

/// Whether an actor, credential or session of the share was A's too, or minted by A.
fn tainted(f: &Facts<'_>, share: &Word<'_>) -> bool {
    let (people, credentials, sessions) = used(share.a);
    let mine = |i: &usize| f.question.any_attacker(&f.who.authors[*i].orgs());
    let used_too = (0..f.actions.len()).filter(mine).any(|i| {
        let theirs = used(&f.actions[i]);
        !people.is_disjoint(&theirs.0) || !credentials.is_disjoint(&theirs.1) || !sessions.is_disjoint(&theirs.2)
    });
    let minted = f.who.mints.iter().any(|m| {
        let ids = [&people, &credentials, &sessions];
        f.question.any_attacker(&m.by) && m.certain && !m.void && ids.iter().any(|ids| ids.contains(&m.id))
    });
    used_too || minted
}

/// Actors, credentials and sessions of an action.
fn used(a: &Action) -> (Ids, Ids, Ids) {
    let people = a.all(|e| &e.actor.id).union(&a.effective_ids()).cloned().collect();
    (people, a.all(|e| &e.credential), a.all(|e| &e.session))
}
