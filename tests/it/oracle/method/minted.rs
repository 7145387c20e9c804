//! Section 3, minted: credentials, sessions, members and webhooks that an action made.

use super::event::{Event, Verb};
use super::who::{Author, Known};
use super::{Ids, Time};

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Credential,
    Member,
    Session,
    Webhook,
}

/// One thing that an action made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mint {
    pub kind: Kind,
    pub id: String,
    /// Whose action made it.
    pub by: Ids,
    /// Inside whom.
    pub inside: Ids,
    /// From when on.
    pub time: Time,
    /// Which action.
    pub action: usize,
    /// Whether the action certainly took effect.
    pub certain: bool,
    /// Whether it acted before, so that nothing was minted.
    pub void: bool,
    /// Whether it is the session of a login.
    pub login: bool,
}

/// Everything that attributed actions mint, those too that only may have taken effect.
pub(crate) fn mints(known: &Known<'_>, authors: &[Author]) -> Vec<Mint> {
    let mut all: Vec<Mint> = Vec::new();
    for (i, a) in known.actions.iter().enumerate() {
        let by = authors[i].orgs();
        if by.is_empty() || !a.effect() {
            continue;
        }
        // Where several may be the maker, everyone is other than one of them.
        let other = |orgs: Ids| if by.len() > 1 { orgs } else { orgs.difference(&by).cloned().collect::<Ids>() };
        // Each copy speaks for itself: where the victim's log has it, it lies inside the victim too.
        let of_copy = |e: &Event| {
            let set = |org: &String| Some(org.clone()).filter(|org| !org.is_empty()).into_iter().collect::<Ids>();
            let named = other(e.targets.iter().flat_map(|t| t.orgs.clone()).collect());
            let choices = [named, other(set(&e.scope_org)), other(set(&e.log))];
            choices.into_iter().find(|orgs| !orgs.is_empty()).unwrap_or_default()
        };
        let inside: Ids = a.copies.iter().flat_map(of_copy).collect();
        for e in &a.copies {
            for id in &e.minted {
                let kind = kind(e);
                let void = known
                    .events
                    .iter()
                    .any(|e| acts(e, kind, id) && matches!((e.time, a.time), (Some(x), Some(y)) if x < y));
                let mint = Mint {
                    kind,
                    id: id.clone(),
                    by: by.clone(),
                    inside: inside.clone(),
                    time: a.time,
                    action: i,
                    certain: a.success(),
                    void,
                    login: e.verb == Verb::Login,
                };
                if !all.contains(&mint) {
                    all.push(mint);
                }
            }
        }
    }
    all
}

/// What an event that mints makes.
fn kind(e: &Event) -> Kind {
    match (e.verb, e.scope_kind.as_str()) {
        (Verb::Login, _) | (_, "session") => Kind::Session,
        (_, "api_key" | "token" | "credential") => Kind::Credential,
        (_, "webhook" | "integration") => Kind::Webhook,
        _ => Kind::Member,
    }
}

/// Whether an event is an act of what was made.
pub(crate) fn acts(e: &Event, kind: Kind, id: &str) -> bool {
    match kind {
        Kind::Credential => e.credential == id,
        Kind::Session => e.session == id,
        Kind::Member => e.actor.id == id || e.effective.as_ref().is_some_and(|p| p.id == id),
        Kind::Webhook => false,
    }
}

/// Whether something was minted at a time.
fn holds(mint: &Mint, time: Time) -> bool {
    mint.certain && !mint.void && !matches!((mint.time, time), (Some(from), Some(at)) if at < from)
}

/// Who minted these, for another action than the minting one.
pub(crate) fn of(mints: &[Mint], kind: Kind, ids: &Ids, time: Time, action: usize) -> Ids {
    mints
        .iter()
        .filter(|m| m.kind == kind && ids.contains(&m.id) && holds(m, time) && m.action != action)
        .flat_map(|m| m.by.clone())
        .collect()
}

/// Who minted the credential, the member or the session inside an organisation to which other facts give it.
pub(crate) fn hosts(mints: &[Mint], time: Time, orgs: &Ids, credentials: &Ids, members: &Ids, sessions: &Ids) -> Ids {
    mints
        .iter()
        .filter(|m| match m.kind {
            Kind::Credential => credentials.contains(&m.id),
            Kind::Member => members.contains(&m.id),
            Kind::Session => !m.login && sessions.contains(&m.id),
            Kind::Webhook => false,
        })
        .filter(|m| holds(m, time) && !m.inside.is_disjoint(orgs))
        .flat_map(|m| m.by.clone())
        .collect()
}
