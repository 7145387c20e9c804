//! The question, and the tables that the responder has.

use super::world::World;
use crate::oracle::method::targets::canonical_id;
use crate::oracle::method::{Allow, Catalogue, Grant, Member, Question, Span};

/// The question of an incident.
pub(crate) fn question(w: &mut World) -> Question {
    let begin = crate::oracle::spec::BEGIN * 1_000_000;
    let span = w.now - begin + 1;
    let mut from = None;
    let mut to = None;
    if w.chance.percent(50) {
        from = Some(begin + span / 100 * w.chance.between(0, 40));
        to = Some(begin + span / 100 * w.chance.between(60, 110) + 1);
    }
    let (attackers, victims) = (w.attackers, w.victims);
    Question {
        attackers: w.orgs[..attackers].iter().cloned().collect(),
        victims: w.orgs[attackers..attackers + victims].iter().cloned().collect(),
        aliases: w.alias.clone().into_iter().collect(),
        from,
        to,
        resource_org: w.resource_org,
        per_org: w.per_org,
        catalogue: catalogue(w),
        members: members(w),
        grants: grants(w),
        allow: allow(w),
    }
}

/// Who owned what: with lifetimes, or without for what never changed hands.
fn catalogue(w: &mut World) -> Vec<Catalogue> {
    if w.chance.percent(45) {
        return Vec::new();
    }
    let lifetimes = w.chance.percent(60);
    let whole = lifetimes || w.chance.percent(30);
    let mut rows = Vec::new();
    for thing in w.things.clone() {
        if !whole && w.chance.percent(40) {
            continue;
        }
        let parent = thing.parent.map(|p| w.things[p].id.clone()).unwrap_or_default();
        let steady = thing.spans.len() == 1 && thing.spans[0].1.is_none();
        for (from, to, owner) in &thing.spans {
            if !lifetimes && w.honest && !steady {
                continue;
            }
            let valid = if lifetimes {
                Span { from: Some(from.unwrap_or(1_000_000_000_000_000)), to: *to }
            } else {
                Span::default()
            };
            let begins = lifetimes && (w.honest || w.chance.percent(97));
            let row = Catalogue {
                kind: thing.kind.to_owned(),
                id: canonical_id(&thing.id),
                owner: owner.clone(),
                valid: Span { from: valid.from.filter(|_| begins || !lifetimes), ..valid },
                begins,
                parent: canonical_id(&parent),
                ..Catalogue::default()
            };
            rows.push(row);
        }
    }
    rows
}

/// Who belongs where.
fn members(w: &mut World) -> Vec<Member> {
    if w.chance.percent(60) {
        return Vec::new();
    }
    let mut rows: Vec<Member> = Vec::new();
    for person in w.people.clone() {
        if w.chance.percent(70) {
            rows.push(Member { actor: person.id, org: person.org, valid: Span::default() });
        }
    }
    for org in w.orgs.clone() {
        rows.push(Member { actor: "u_two".into(), org, valid: Span::default() });
    }
    if !w.honest {
        let half = crate::oracle::spec::BEGIN * 1_000_000 + (w.now - crate::oracle::spec::BEGIN * 1_000_000) / 2;
        for row in &mut rows {
            if w.chance.percent(20) {
                row.valid = if w.chance.percent(50) {
                    Span { from: Some(half), to: None }
                } else {
                    Span { from: None, to: Some(half) }
                };
            }
        }
    }
    rows
}

/// What A was given.
fn grants(w: &mut World) -> Vec<Grant> {
    let mut rows = Vec::new();
    if w.chance.percent(20) {
        let org = w.attacker();
        let thing = {
            let n = w.chance.below(w.things.len());
            w.things[n].clone()
        };
        let id = if w.chance.percent(15) { "*".to_owned() } else { canonical_id(&thing.id) };
        let to = w.chance.percent(40).then_some(w.now / 2 + crate::oracle::spec::BEGIN * 500_000);
        rows.push(Grant { org, kind: thing.kind.to_owned(), id, valid: Span { from: None, to } });
    }
    rows
}

/// Whose accesses are expected.
fn allow(w: &mut World) -> Vec<Allow> {
    let mut rows = Vec::new();
    if w.chance.percent(15) {
        let person = {
            let n = w.chance.below(w.people.len());
            w.people[n].clone()
        };
        let full = w.chance.percent(50);
        let action = if w.chance.percent(50) { "invoice.read".to_owned() } else { String::new() };
        rows.push(Allow {
            actor: if full || action.is_empty() { person.id } else { String::new() },
            credential: if full { person.credential } else { String::new() },
            action,
        });
    }
    rows
}
