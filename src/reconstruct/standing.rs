//! Rule 7: staff who act for a customer, and what is expected.

use super::attribution::Attribution;
use super::question::CrossOrg;
use crate::model::{Event, OrgId, Standing};
use crate::profile::Profile;
use std::collections::BTreeSet;

/// By what right a deed was done, as far as its actor tells.
pub(super) fn standing(
    events: &[(usize, &Event)],
    attributions: &[&Attribution],
    question: &CrossOrg,
    profile: &Profile,
) -> Standing {
    let impersonator = Impersonator::of(events, attributions, profile);
    // Staff act as a customer's user; a word for staff alone clears nobody, least of all one of A's own.
    let ours = |org: &&&OrgId| question.is_attacker(org) || question.is_victim(org);
    let for_customer =
        impersonator.as_ref().is_some_and(|one| !one.orgs.iter().any(|org| ours(&org)) && one.is_known());
    let expected = question.knowledge.allow.iter().any(|row| {
        let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        events.iter().any(|(_, e)| {
            fits(&row.actor_id, &e.actor_id)
                && fits(&row.credential_id, &e.credential_id)
                && fits(&row.action, &e.action)
        })
    });
    match () {
        () if for_customer => Standing::Support,
        () if expected => Standing::Expected,
        () => Standing::Direct,
    }
}

/// Who acts as somebody else, over all copies.
pub(super) struct Impersonator<'s> {
    orgs: BTreeSet<&'s OrgId>,
    named: bool,
    staff: bool,
}

impl<'s> Impersonator<'s> {
    /// None where nobody is impersonated.
    pub(super) fn of(events: &[(usize, &Event)], attributions: &[&'s Attribution], profile: &Profile) -> Option<Self> {
        attributions.iter().any(|a| a.effective.is_some()).then(|| Self {
            orgs: attributions.iter().flat_map(|a| &a.real.orgs).collect(),
            named: events.iter().any(|(_, event)| event.actor_org.is_some()),
            staff: events.iter().any(|(_, event)| profile.staff_types.contains(&event.actor_type)),
        })
    }

    /// Whether the log says to whom the impersonator belongs, or that it is staff.
    fn is_known(&self) -> bool {
        self.named || self.staff
    }

    /// Whether it may be anyone.
    pub(super) fn may_be_anyone(&self) -> bool {
        self.orgs.is_empty() && !self.staff
    }
}
