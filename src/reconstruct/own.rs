//! Rule 9: our own reads of the log, where credential, journalled request and action all agree.

use super::question::CrossOrg;
use crate::model::{Event, Moment, Outcome, Tables};
use crate::profile::Profile;
use std::collections::BTreeSet;

/// Longest time from sending a request to its last byte, in microseconds: the log may note either end.
const LONGEST_REQUEST: i64 = 5 * 60 * 1_000_000;

/// What shows which reads of the audit log are our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnReads {
    /// Ids of our credentials, as the log writes them.
    pub credentials: BTreeSet<String>,
    /// When the answers to our requests came in, as the journals say.
    pub requests: Vec<Moment>,
}

/// The events that our own requests left behind: each request explains one event at most.
pub(super) fn own_reads(tables: &Tables, profile: &Profile, question: &CrossOrg) -> BTreeSet<usize> {
    let OwnReads { credentials, requests } = &question.knowledge.own;
    let Some(audit_read) = profile.audit_read.as_ref().filter(|_| !credentials.is_empty()) else {
        return BTreeSet::new();
    };
    let mut free: Vec<Moment> = requests.clone();
    free.sort_unstable();
    let mut own = BTreeSet::new();
    let reads = tables.events.iter().enumerate().filter(|(_, event)| {
        // A refusal is told as what it is: somebody may be trying our credential.
        credentials.contains(&event.credential_id)
            && audit_read.is_match(&event.action)
            && event.outcome == Outcome::Success
    });
    for (index, event) in reads {
        if let Some(position) = free.iter().position(|at| agrees(event, *at, profile.skew_micros)) {
            free.remove(position);
            own.insert(index);
        }
    }
    own
}

fn agrees(event: &Event, at: Moment, skew: i64) -> bool {
    let Some(time) = event.time else { return false };
    let late = at.micros().saturating_sub(time.micros());
    late >= skew.saturating_neg() && late <= LONGEST_REQUEST.saturating_add(skew)
}
