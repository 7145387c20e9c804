//! Whether a page may be believed, and whether its cursor leads on.

use super::walk::Scope;
use crate::model::{Moment, Window};
use crate::wire::{Next, PageFacts, excerpt};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Empty pages in a row before the walk is taken for endless; Okta's polling API sends them for ever.
const EMPTY_PAGES: u32 = 100;
/// Servers differ on which end of a window they include; more than this beside it is another window.
const SLACK_MICROS: i64 = 1_000_000;
/// Rows inserted above an offset may repeat one page honestly, hardly twice.
const SAME_PAGE: u32 = 3;

/// What a walk has seen so far.
#[derive(Debug)]
pub(super) struct Guard {
    cursors: BTreeSet<String>,
    contents: BTreeMap<Vec<u8>, u32>,
    empty: u32,
    ordered: bool,
    oldest: Option<Moment>,
}

impl Guard {
    pub(super) fn new() -> Self {
        Self { cursors: BTreeSet::new(), contents: BTreeMap::new(), empty: 0, ordered: true, oldest: None }
    }

    /// Takes note of a page; the error says why its cursor must not be followed.
    pub(super) fn admit(&mut self, facts: &PageFacts, window: Window) -> Result<(), String> {
        // First of all: how far back such a page reaches proves nothing about the window.
        if outside(facts, window) {
            return Err(format!(
                "every event of the page lies outside {window}: the server ignores the times asked for"
            ));
        }
        let follows = match (facts.max_time, self.oldest) {
            (Some(newest), Some(oldest)) => newest <= oldest,
            _ => true,
        };
        self.ordered &= facts.descending && follows && facts.untimed == 0 && facts.undecodable == 0;
        self.oldest = facts.min_time.or(self.oldest);
        self.empty = if facts.events == 0 { self.empty.saturating_add(1) } else { 0 };
        match &facts.next {
            Next::End => Ok(()),
            Next::Unusable(why) => Err(format!("the member that leads to the next page {why}")),
            Next::Cursor(_) if self.empty >= EMPTY_PAGES => Err(format!("{EMPTY_PAGES} empty pages in a row")),
            Next::Cursor(cursor) => self.advances(cursor, facts),
        }
    }

    /// The moment down to which everything was read, if the order of the pages proves it.
    pub(super) fn proven_from(&self) -> Option<Moment> {
        // Others of the same instant may follow on the next page, so it is not yet proven itself.
        self.oldest.filter(|_| self.ordered).map(|oldest| oldest.saturating_add(1))
    }

    fn advances(&mut self, cursor: &str, facts: &PageFacts) -> Result<(), String> {
        if !self.cursors.insert(cursor.to_owned()) {
            return Err("the cursor of the next page came a second time: the pages run in a circle".to_owned());
        }
        let named = u64::try_from(facts.ids.len()).is_ok_and(|ids| ids == facts.events);
        if facts.events == 0 || !named {
            return Ok(());
        }
        let seen = self.contents.entry(content(&facts.ids)).or_default();
        *seen = seen.saturating_add(1);
        if *seen >= SAME_PAGE {
            return Err(format!("the same events came {SAME_PAGE} times: the pages run in a circle"));
        }
        Ok(())
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

fn outside(facts: &PageFacts, window: Window) -> bool {
    let before = window.from().zip(facts.max_time);
    let after = window.to().zip(facts.min_time);
    before.is_some_and(|(from, newest)| newest.saturating_add(SLACK_MICROS) < from)
        || after.is_some_and(|(to, oldest)| oldest > to.saturating_add(SLACK_MICROS))
}

fn content(ids: &[String]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.len().to_le_bytes());
        hash.update(id.as_bytes());
    }
    hash.finalize().to_vec()
}
