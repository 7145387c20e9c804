//! Rule 7: leave that the log itself shows, and hands that may not give it.

use super::claims::{Claims, Sources};
use super::deed::{Deed, Touched};
use super::effect::Effect;
use super::question::CrossOrg;
use crate::model::{Event, Lead, MintKind, Moment, OrgId, RecordKey, Relation};
use std::collections::{BTreeMap, BTreeSet};

/// What was shared with the accessing side, and taken back.
#[derive(Debug, Default)]
pub(super) struct Leave<'s> {
    given: BTreeMap<(&'s RecordKey, String), Vec<Given<'s>>>,
}

/// One share or unshare of a record with the accessing side.
#[derive(Debug)]
struct Given<'s> {
    at: Option<Moment>,
    with: &'s OrgId,
    ends: bool,
    by: BTreeSet<OrgId>,
    /// Whether the accessing side may itself have been the sharer.
    suspect: bool,
    event: &'s Event,
}

/// Who is said to own what, and who accessed.
type Told<'c> = (&'c Claims, &'c BTreeSet<OrgId>);

/// Whether a share covers an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Covered<'s> {
    /// It does.
    Yes,
    /// Only one by a hand that the accessing side also used.
    Suspect(&'s Event),
    /// None does.
    No,
}

impl<'s> Leave<'s> {
    /// Every share with the accessing side, in the order of the log.
    pub(super) fn gather(sources: Sources<'s>, question: &CrossOrg) -> Self {
        let mut leave = Self::default();
        let shares = |index: &usize| sources.tables.events.get(*index).is_some_and(|event| event.share.is_some());
        let mut hands: Option<Hands<'_>> = None;
        for (number, action) in sources.actions.iter().enumerate().filter(|(_, a)| a.events.iter().any(shares)) {
            let Some(deed) = Deed::of(sources, question, number, action).filter(|d| d.effect == Effect::Took) else {
                continue;
            };
            let hands = hands.get_or_insert_with(|| Hands::of(sources, question));
            leave.note(sources, question, &deed, hands);
        }
        leave
    }

    fn note(&mut self, sources: Sources<'s>, question: &CrossOrg, deed: &Deed<'s>, hands: &Hands<'_>) {
        let suspect = deed.events.iter().any(|(_, event)| hands.include(event));
        let attributions = deed.events.iter().filter_map(|(index, _)| sources.attributions.get(*index));
        let by: BTreeSet<OrgId> = attributions.flat_map(super::attribution::Attribution::everyone).collect();
        let scopes = deed.scopes(sources);
        // One copy may tell what was shared, another with whom.
        for (event, share) in deed.events.iter().filter_map(|(_, event)| Some((*event, event.share.as_ref()?))) {
            for (_, target) in deed.targets(sources).filter(|(_, target)| target.relation != Relation::Returned) {
                for with in share.with.iter().filter(|org| question.is_attacker(org)) {
                    let key = (&target.record, scopes.scope(target));
                    let (at, ends, by) = (deed.time, share.ends, by.clone());
                    self.given.entry(key).or_default().push(Given { at, with, ends, by, suspect, event });
                }
            }
        }
    }

    /// Whether the owner had shared a record, or its container, when it was accessed.
    pub(super) fn covers(&self, touch: &Touched, time: Option<Moment>, (claims, accessing): Told<'_>) -> Covered<'s> {
        let Some(time) = time else { return Covered::No };
        let mut covered = Covered::No;
        for key in std::iter::once(&touch.record).chain(touch.parent.iter().filter(|_| touch.scope.is_empty())) {
            let Some(given) = self.given.get(&(key, touch.scope.clone())) else { continue };
            // What was shared in another life of the id was another record.
            let lives = claims.lives(key, &touch.scope);
            let same = |share: &&Given<'_>| {
                lives.is_none_or(|lives| lives.same(lives.of_moment(share.at), Some(time), accessing))
            };
            for share in given.iter().filter(|share| !share.ends && share.holds(given, time)).filter(same) {
                // Only the one sure owner can give leave.
                let by_owner = share.by.len() == 1 && share.by == touch.ownership.owners;
                if by_owner && !share.suspect {
                    return Covered::Yes;
                }
                if share.suspect && covered == Covered::No {
                    covered = Covered::Suspect(share.event);
                }
            }
        }
        covered
    }

    /// Shares that the accessing side may have given itself.
    pub(super) fn leads(&self) -> impl Iterator<Item = Lead> {
        let suspect = self.given.iter().flat_map(|((record, _), given)| {
            given.iter().filter(|share| share.suspect && !share.ends).map(move |share| (*record, share))
        });
        suspect.map(|(record, share)| Lead {
            kind: "suspect_share".to_owned(),
            subject: record.record_id.clone(),
            detail: format!(
                "{} shared with {} by {}, whose actor, credential or session the accessing side also used: no leave",
                record.record_type, share.with, share.event.actor_id
            ),
            count: 1,
            event_ids: vec![super::deed::citation(share.event)],
        })
    }
}

impl Given<'_> {
    /// Whether a share still holds; at an unknown time it gives nothing, and an end takes all.
    fn holds(&self, given: &[Given<'_>], time: Moment) -> bool {
        let Some(from) = self.at.filter(|from| *from <= time) else { return false };
        let ended =
            |end: &&Given<'_>| end.ends && end.with == self.with && end.at.is_none_or(|end| from <= end && end <= time);
        !given.iter().any(|end| ended(&end))
    }
}

/// Actors, credentials and sessions through which the accessing side acted, or which it made.
struct Hands<'s> {
    actors: BTreeSet<&'s str>,
    credentials: BTreeSet<&'s str>,
    sessions: BTreeSet<&'s str>,
}

impl<'s> Hands<'s> {
    fn of(sources: Sources<'s>, question: &'s CrossOrg) -> Self {
        let made = |kind| sources.minted.ids_by(kind, &question.attackers).collect::<BTreeSet<&str>>();
        let mut hands = Self {
            actors: made(MintKind::Member),
            credentials: made(MintKind::Credential),
            sessions: made(MintKind::Session),
        };
        for (event, attribution) in sources.tables.events.iter().zip(sources.attributions) {
            if attribution.everyone().iter().any(|org| question.is_attacker(org)) {
                hands.actors.extend([event.actor_id.as_str(), event.effective_actor_id.as_str()]);
                hands.credentials.insert(&event.credential_id);
                hands.sessions.insert(&event.session_id);
            }
        }
        hands
    }

    fn include(&self, event: &Event) -> bool {
        let has = |set: &BTreeSet<&str>, id: &str| !id.is_empty() && set.contains(id);
        has(&self.actors, &event.actor_id)
            || has(&self.credentials, &event.credential_id)
            || has(&self.sessions, &event.session_id)
    }
}
