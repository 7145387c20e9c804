//! Rule 2: who owned a record at a time, by claims with a rank.

use super::claims::{Claim, Claims};
use crate::model::{Moment, OrgId, OwnerRule, RecordKey};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The owner of a record at a time, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ownership {
    /// The owner; several where equal claims disagree; none where nothing claims.
    pub owners: BTreeSet<OrgId>,
    /// Which claim decided.
    pub rule: OwnerRule,
    /// Weaker claims for others, told and not followed.
    pub overruled: BTreeSet<OrgId>,
    /// Whether the claim is the container's.
    pub by_container: bool,
}

impl Ownership {
    const NONE: Self =
        Self { owners: BTreeSet::new(), rule: OwnerRule::Nothing, overruled: BTreeSet::new(), by_container: false };
}

/// Decides the owner of `record` at `time` for an access by `accessing`.
pub(super) fn decide(
    claims: &Claims,
    record: &ClaimedRecord<'_>,
    time: Option<Moment>,
    accessing: &BTreeSet<OrgId>,
) -> Ownership {
    let own = believable(claims, (record.key, &record.scope), time, accessing);
    let own = own.into_iter().map(|claim| of_container(claims, claim, record, accessing));
    let (unowned, ends) = unowned(claims, record, accessing);
    let own: Vec<Cow<'_, Claim>> = own.chain(unowned.into_iter().map(Cow::Owned)).collect();
    let own: Vec<&Claim> = own.iter().map(AsRef::as_ref).collect();
    if own.iter().any(|claim| claim.holds(time) && !owned_only_later(claim, &own, time)) {
        let decided = by_rank(&own, &ends, time);
        let decided = at_first_change(claims, record, (time, accessing), &own, decided);
        return created_again(claims, record, (time, accessing), &own, decided);
    }
    // Where ids are of an organisation, nothing says of which one a container's is.
    let Some(parent) = record.parent.filter(|_| record.scope.is_empty()) else { return Ownership::NONE };
    let passed: Vec<_> = believable(claims, (parent, &record.scope), time, accessing)
        .into_iter()
        .filter(|claim| claim.rule.rank() <= 3)
        .collect();
    Ownership { by_container: !passed.is_empty(), ..by_rank(&passed, &BTreeSet::new(), time) }
}

/// Creations by nobody known: those whose container's owner is known are his, the others only end what was before.
fn unowned(claims: &Claims, record: &ClaimedRecord<'_>, accessing: &BTreeSet<OrgId>) -> (Vec<Claim>, BTreeSet<Moment>) {
    let (mut owned, mut ends) = (Vec::new(), BTreeSet::new());
    for (at, inside) in claims.unowned(record.key, &record.scope) {
        let inside = inside.as_ref().filter(|_| record.scope.is_empty());
        match inside.and_then(|container| sole_owner(claims, container, (*at, accessing))) {
            Some(org) => owned.push(Claim::creation(org, *at)),
            None => ends.extend(*at),
        }
    }
    (owned, ends)
}

/// At the instant of the first change both sides hold, whatever speaks for the side before.
fn at_first_change(
    claims: &Claims,
    record: &ClaimedRecord<'_>,
    (time, accessing): (Option<Moment>, &BTreeSet<OrgId>),
    own: &[&Claim],
    decided: Ownership,
) -> Ownership {
    let held = || own.iter().filter(|c| c.rule.rank() == 2 && c.holds(time) && !owned_only_later(c, own, time));
    let Some(now) = time.filter(|_| decided.rule.rank() == 2 && held().all(|claim| claim.valid.from == time)) else {
        return decided;
    };
    let believed = |claim: &Claim| !own_word(claim, accessing);
    let before = claims.before(record.key, &record.scope, (now, accessing), believed);
    let overruled = decided.overruled.difference(&before).cloned().collect();
    Ownership { owners: decided.owners.union(&before).cloned().collect(), overruled, ..decided }
}

/// Who creates what others were said to own before may be taking it over: the claim is contested.
fn created_again(
    claims: &Claims,
    record: &ClaimedRecord<'_>,
    (time, accessing): (Option<Moment>, &BTreeSet<OrgId>),
    own: &[&Claim],
    decided: Ownership,
) -> Ownership {
    if decided.rule != OwnerRule::Creation || decided.owners.is_disjoint(accessing) {
        return decided;
    }
    // Whom nobody knows may have been of the accessing side.
    let theirs = |claim: &Claim| {
        claim.by.is_empty()
            || claim.created && !(claim.by.is_disjoint(accessing) && claim.jobs_of.is_disjoint(accessing))
    };
    // Whoever hands a record over says until when he owned it, and creates nothing.
    let for_accessing = |claim: &Claim| accessing.contains(&claim.org) && claim.valid.to.is_none();
    let by_accessing = |claim: &&&Claim| claim.rule == OwnerRule::Creation && for_accessing(claim) && theirs(claim);
    let by_now = |claim: &&&Claim| match (claim.valid.from, time) {
        (Some(from), Some(time)) => from <= time,
        _ => true,
    };
    let mut creations = own.iter().filter(by_accessing).filter(by_now).map(|claim| claim.valid.from).peekable();
    if creations.peek().is_none() {
        return decided;
    }
    // One of unknown time may have come after anything that was said.
    let created = creations.reduce(|a, b| if a.is_none() || b.is_none() { None } else { a.max(b) }).flatten();
    let before = |org: &&OrgId| claims.said_before(record.key, &record.scope, org, (created, accessing));
    let said: BTreeSet<OrgId> = decided.owners.union(&decided.overruled).filter(before).cloned().collect();
    let earlier: BTreeSet<OrgId> = strong(own, said).intersection(&decided.overruled).cloned().collect();
    if earlier.is_empty() {
        return decided;
    }
    let overruled = decided.overruled.difference(&earlier).cloned().collect();
    Ownership { owners: decided.owners.union(&earlier).cloned().collect(), overruled, ..decided }
}

/// Who is said to own by more than reading; readers only where nothing else is said and one alone reads.
fn strong(own: &[&Claim], orgs: BTreeSet<OrgId>) -> BTreeSet<OrgId> {
    let more = |org: &&OrgId| own.iter().any(|claim| claim.org == **org && claim.rule != OwnerRule::Reading);
    let strong: BTreeSet<OrgId> = orgs.iter().filter(more).cloned().collect();
    if strong.is_empty() && orgs.len() == 1 { orgs } else { strong }
}

/// A creation inside a container whose owner is known is a claim of that owner.
fn of_container<'c>(
    claims: &Claims,
    claim: &'c Claim,
    record: &ClaimedRecord<'_>,
    accessing: &BTreeSet<OrgId>,
) -> Cow<'c, Claim> {
    let Some(container) = claim.inside.as_ref().filter(|_| record.scope.is_empty()) else {
        return Cow::Borrowed(claim);
    };
    match sole_owner(claims, container, (claim.valid.from, accessing)) {
        Some(org) => Cow::Owned(Claim { org, ..claim.clone() }),
        // No owner, or several: what the creation itself says stands.
        None => Cow::Borrowed(claim),
    }
}

/// The one owner of a container at a time, as far as it is passed on.
fn sole_owner(
    claims: &Claims,
    container: &RecordKey,
    (at, accessing): (Option<Moment>, &BTreeSet<OrgId>),
) -> Option<OrgId> {
    let passed = believable(claims, (container, ""), at, accessing);
    let passed: Vec<_> = passed.into_iter().filter(|claim| claim.rule.rank() <= 3).collect();
    let mut owners = by_rank(&passed, &BTreeSet::new(), at).owners.into_iter();
    owners.next().filter(|_| owners.next().is_none())
}

/// A record as an event names it.
#[derive(Clone, Debug)]
pub(super) struct ClaimedRecord<'r> {
    /// The record.
    pub key: &'r RecordKey,
    /// Within which the id is unique; empty where ids are global.
    pub scope: String,
    /// Its container.
    pub parent: Option<&'r RecordKey>,
}

/// Leaves out what was said in another life, and what the accessing organisation says in its own favour.
fn believable<'c>(
    claims: &'c Claims,
    (record, scope): (&RecordKey, &str),
    time: Option<Moment>,
    accessing: &BTreeSet<OrgId>,
) -> Vec<&'c Claim> {
    let lives = claims.lives(record, scope);
    let same_life = |claim: &&Claim| lives.is_none_or(|lives| lives.same(claim.life, time, accessing));
    claims.of(record, scope).filter(|claim| !own_word(claim, accessing)).filter(same_life).collect()
}

/// Whether a claim is what the accessing organisation says in its own favour.
pub(super) fn own_word(claim: &Claim, accessing: &BTreeSet<OrgId>) -> bool {
    let theirs = |orgs: &BTreeSet<OrgId>| !orgs.is_disjoint(accessing);
    accessing.contains(&claim.org)
        && match claim.rule {
            OwnerRule::Change | OwnerRule::Reading => theirs(&claim.by) || theirs(&claim.jobs_of),
            OwnerRule::Named | OwnerRule::OwnLog => theirs(&claim.jobs_of),
            // Nobody clears his own past by giving away, and whom nobody knows may have been of his people.
            OwnerRule::Creation => {
                claim.word
                    && claim.valid.to.is_some()
                    && (claim.by.is_empty() || theirs(&claim.by) || theirs(&claim.jobs_of))
            }
            OwnerRule::Catalogue | OwnerRule::Nothing => false,
        }
}

/// The strongest claims; `ends` are moments at which a creation by nobody ended what was before.
fn by_rank(claims: &[&Claim], ends: &BTreeSet<Moment>, time: Option<Moment>) -> Ownership {
    for rank in 1..=5 {
        let of_rank: Vec<&Claim> = claims
            .iter()
            .copied()
            .filter(|c| c.rule.rank() == rank && c.holds(time) && !owned_only_later(c, claims, time))
            .collect();
        let deciding = if rank == 2 { latest(&of_rank, ends, time) } else { of_rank };
        let owners: BTreeSet<OrgId> = deciding.iter().map(|claim| claim.org.clone()).collect();
        let Some(rule) = deciding.iter().map(|claim| claim.rule).min() else { continue };
        let others = |owners: &BTreeSet<OrgId>| -> BTreeSet<OrgId> {
            claims.iter().map(|claim| &claim.org).filter(|org| !owners.contains(org)).cloned().collect()
        };
        let overruled = others(&owners);
        // Reading decides only where nobody else has any claim at all.
        if rule == OwnerRule::Reading && (owners.len() > 1 || !overruled.is_empty()) {
            return Ownership { overruled: claims.iter().map(|c| c.org.clone()).collect(), ..Ownership::NONE };
        }
        return Ownership { owners, rule, overruled, by_container: false };
    }
    Ownership::NONE
}

/// Whether a claim is a loser's: until it was handed over, without a beginning of its own.
fn is_losers(claim: &Claim) -> bool {
    claim.rule.rank() == 2 && claim.valid.from.is_none() && claim.valid.to.is_some()
}

/// Whether a loser came to the record only by a later change: his time goes back to the change before, no further.
fn owned_only_later(claim: &Claim, claims: &[&Claim], time: Option<Moment>) -> bool {
    let Some(time) = time.filter(|_| is_losers(claim)) else { return false };
    let others = claims.iter().filter(|other| other.rule.rank() == 2).filter_map(|other| other.valid.from);
    others.filter(|from| Some(*from) < claim.valid.to).max().is_some_and(|before| time < before)
}

/// Of creations and transfers, those that hold at a time: the latest change, and at its instant both sides.
fn latest<'c>(claims: &[&'c Claim], ends: &BTreeSet<Moment>, time: Option<Moment>) -> Vec<&'c Claim> {
    let Some(time) = time else { return claims.to_vec() };
    let begun = claims.iter().filter(|c| c.valid.from.is_none_or(|from| from <= time));
    let changes = || begun.clone().filter_map(|c| c.valid.from).chain(ends.iter().copied().filter(|end| *end <= time));
    let newest = changes().max();
    let before = changes().filter(|from| *from < time).max();
    begun
        .filter(|c| {
            // A change of unknown time may have been the latest.
            let any_time = c.valid.from.is_none() && c.valid.to.is_none();
            c.valid.from == newest
                || any_time
                || is_losers(c)
                || (newest == Some(time) && (c.valid.from == before || c.valid.from.is_none()))
        })
        .copied()
        .collect()
}
