//! Whether a page may be believed, and whether its cursor leads on.

use super::walk::Scope;
use crate::model::{Moment, Window};
use crate::profile::Order;
use crate::wire::{PageFacts, excerpt};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Servers differ on which end of a window they include; more than this beside it is another window.
const SLACK_MICROS: i64 = 1_000_000;
/// Rows inserted above an offset may repeat one page honestly, hardly twice.
const SAME_PAGE: u32 = 3;

/// What a walk has seen of a window so far.
#[derive(Debug)]
pub(super) struct Guard {
    order: Order,
    cursors: BTreeSet<String>,
    contents: BTreeMap<Vec<u8>, u32>,
    ordered: bool,
    reached: Option<Moment>,
}

impl Guard {
    pub(super) fn new(order: Order) -> Self {
        let (cursors, contents) = (BTreeSet::new(), BTreeMap::new());
        Self { order, cursors, contents, ordered: order != Order::Unknown, reached: None }
    }

    /// Takes note of the order of a page.
    pub(super) fn observe(&mut self, facts: &PageFacts) {
        let (sorted, near, far) = match self.order {
            Order::NewestFirst => (facts.descending, facts.max_time, facts.min_time),
            Order::OldestFirst => (facts.ascending, facts.min_time, facts.max_time),
            Order::Unknown => return,
        };
        let follows = near.zip(self.reached).is_none_or(|(near, reached)| match self.order {
            Order::OldestFirst => near >= reached,
            Order::NewestFirst | Order::Unknown => near <= reached,
        });
        self.ordered &= sorted && follows && facts.untimed == 0 && facts.undecodable == 0;
        self.reached = far.or(self.reached);
    }

    /// Whether every page so far came in the order that the profile promises.
    pub(super) fn ordered(&self) -> bool {
        self.ordered
    }

    /// The part of a window that the order of the pages does not prove to have been read.
    ///
    /// Others of the instant that was reached may follow on the next page, so it is not proven itself.
    pub(super) fn left(&self, window: Window) -> Option<Window> {
        let reached = self.reached.filter(|_| self.ordered)?;
        let end = reached.saturating_add(1);
        match self.order {
            Order::NewestFirst => Window::new(window.from(), Some(window.to().map_or(end, |to| to.min(end)))),
            Order::OldestFirst => {
                Window::new(Some(window.from().map_or(reached, |from| from.max(reached))), window.to())
            }
            Order::Unknown => None,
        }
    }

    /// Whether a cursor leads on; the error says why it must not be followed.
    pub(super) fn follow(&mut self, cursor: &str) -> Result<(), String> {
        if self.cursors.insert(cursor.to_owned()) {
            return Ok(());
        }
        Err("the cursor of the next page came a second time: the pages run in a circle".to_owned())
    }

    /// Whether a page brings anything new; the error says that it came too often.
    pub(super) fn progress(&mut self, facts: &PageFacts) -> Result<(), String> {
        if facts.events == 0 {
            return Ok(());
        }
        let seen = self.contents.entry(content(&facts.keys)).or_default();
        *seen = seen.saturating_add(1);
        if *seen >= SAME_PAGE {
            return Err(format!("the same events came {SAME_PAGE} times: the pages run in a circle"));
        }
        Ok(())
    }

    /// Forgets the way, not how far it led: the window is read anew, and the same cursors may come again.
    pub(super) fn begin_anew(&mut self) {
        self.cursors.clear();
        self.contents.clear();
        self.step_back();
    }

    /// What follows begins before the point that was reached; the window says how far it is proven.
    pub(super) fn step_back(&mut self) {
        self.reached = None;
    }
}

/// Events of a page that should not be there, in words; none if every event is of the log asked for.
pub(super) fn strangers(facts: &PageFacts, scope: &Scope<'_>) -> Option<String> {
    let asked = scope.org.as_ref()?;
    if scope.profile.map.log_org.is_empty() {
        return None;
    }
    let ours = |org: &str| asked.as_str() == org || scope.aliases.iter().any(|alias| alias.as_str() == org);
    let strange: Vec<_> = facts.log_orgs.iter().filter(|org| !ours(org)).collect();
    if strange.is_empty() {
        return (facts.orgless > 0).then(|| format!("{} events that name no organisation", facts.orgless));
    }
    let named: Vec<_> = strange.iter().take(3).map(|org| excerpt(org.as_bytes(), 60)).collect();
    let more = strange.len().saturating_sub(named.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(format!("events of {}{more}", named.join(", ")))
}

/// On which sides of a window events of a page lie.
pub(super) struct Beside {
    /// Whether every event is earlier.
    pub(super) all_before: bool,
    /// Whether every event is later.
    pub(super) all_after: bool,
    /// Whether any event is either.
    pub(super) some: bool,
}

/// Holds the times of a page against a window; an end is not sharper than the unit in which it is told.
pub(super) fn beside(facts: &PageFacts, window: Window, unit: i64) -> Beside {
    let slack = SLACK_MICROS.max(unit.saturating_mul(2));
    let before =
        |time: Option<Moment>| window.from().zip(time).is_some_and(|(from, time)| time.saturating_add(slack) < from);
    let after = |time: Option<Moment>| window.to().zip(time).is_some_and(|(to, time)| time > to.saturating_add(slack));
    Beside {
        all_before: before(facts.max_time),
        all_after: after(facts.min_time),
        some: before(facts.min_time) || after(facts.max_time),
    }
}

fn content(keys: &[String]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for key in keys {
        hash.update(key.len().to_le_bytes());
        hash.update(key.as_bytes());
    }
    hash.finalize().to_vec()
}
