//! How far back the log reaches: found by halving, in few requests.

use super::api::{Asker, First, before};
use crate::collect::Scope;
use crate::model::{Moment, Window};

/// Requests spent on it at most.
const MOST: u32 = 14;
/// As far back as any log of a service goes, in days.
const FARTHEST: i64 = 3_650;
const DAY: i64 = 86_400_000_000;

/// Looks for the earliest event that the API still shows.
///
/// Nothing is older than `empty`, and something is as old as `seen`. The time between them is asked for, first whole and
/// then its older half, until a page holds the rest whole or a day is all that is left between them.
pub(super) fn check(asker: &mut Asker<'_>, scope: &Scope<'_>, first: &First) {
    let Some(now) = scope.window.to() else { return };
    let mut empty = before(now, FARTHEST);
    let mut seen = earliest(first);
    let mut middle = seen.unwrap_or(now);
    for _ in 0..MOST {
        let Some(window) = Window::new(Some(empty), Some(middle)) else { break };
        let page = match asker.ask(&Scope { window, ..scope.clone() }) {
            Ok(page) => page,
            Err(error) => {
                let advice = "the API may bound the window; look at what the provider says of retention";
                return asker.report.warn("earliest", format!("cannot be found: {error}"), advice);
            }
        };
        match earliest(&page) {
            Some(oldest) if page.last => return found(asker, oldest, None),
            Some(oldest) => seen = Some(oldest),
            // Nothing lies between the beginning of time and what was seen.
            None if seen.is_none_or(|seen| middle >= seen) => return settle(asker, seen),
            None => empty = middle,
        }
        let upper = seen.unwrap_or(now);
        let span = upper.micros().saturating_sub(empty.micros());
        if span <= DAY {
            break;
        }
        let newest_first = page.page.facts.as_ref().is_none_or(|facts| facts.descending);
        // Oldest first, one more page shows the very beginning.
        middle = if newest_first { empty.saturating_add(span.saturating_div(2)) } else { upper };
    }
    match seen {
        Some(oldest) => found(asker, oldest, Some(empty)),
        None => settle(asker, None),
    }
}

fn earliest(first: &First) -> Option<Moment> {
    first.page.facts.as_ref().filter(|facts| facts.events > 0)?.min_time
}

fn settle(asker: &mut Asker<'_>, seen: Option<Moment>) {
    match seen {
        Some(oldest) => found(asker, oldest, None),
        None => asker.report.warn(
            "earliest",
            "no event at all is visible".to_owned(),
            "check --org and what the token may see",
        ),
    }
}

/// `empty` is given where the search ended before the very first event was known.
fn found(asker: &mut Asker<'_>, oldest: Moment, empty: Option<Moment>) {
    let text = match empty {
        None => format!("the log begins at {oldest}: what lies before is gone, or was never written"),
        Some(empty) => format!("the log reaches back to {oldest} at least, and shows nothing from before {empty}"),
    };
    asker.report.good("earliest", text);
}
