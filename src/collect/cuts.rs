//! Where a window is cut, so that its parts can be read at once or around a hole. Pure.

use super::address::{ceil as ceiling, floor};
use crate::model::Window;
use crate::profile::Request;

/// Pages that must still be expected before a cut is worth its extra requests.
const WORTH: i128 = 8;
/// Pages that one part should hold: each part costs one page that is not full.
const PAGES_A_PART: i128 = 4;
/// Most parts of one cut; a part that is still long is cut again.
const MOST_PARTS: i128 = 16;
/// A cut is thought about at the first page of a walk and after every so many more.
const EVERY_PAGES: u64 = 8;
/// One second: the coarsest unit in which providers take the ends of a window.
const UNIT: i64 = 1_000_000;

/// The unit at which the windows of an API are cut; none where it cannot be asked for both ends of one.
pub(super) fn unit(request: &Request) -> Option<i64> {
    (request.tells_ends() == (true, true)).then(|| request.unit().max(UNIT))
}

/// How far a walk is.
#[derive(Clone, Copy, Debug)]
pub(super) struct SoFar {
    pub(super) window: Window,
    /// The part of it that the order of the pages does not prove to have been read.
    pub(super) left: Window,
    pub(super) pages: u64,
    pub(super) events: u64,
    pub(super) unit: i64,
}

/// The parts into which the unread rest is cut; none where the walk had better go on as it is.
///
/// It depends on the walk's own pages alone, so a pull begun again makes the same cuts.
pub(super) fn rest(far: SoFar) -> Option<Vec<Window>> {
    let due = far.pages > 0 && far.pages.saturating_sub(1).checked_rem(EVERY_PAGES) == Some(0);
    let (all, left) = (length(far.window)?, length(far.left)?);
    let read = all.checked_sub(left).filter(|read| due && *read > 0)?;
    let (pages, least) = (i128::from(far.pages), i128::from(far.events.min(1)));
    // What was read took so many pages; what is left takes as many for the time that it covers.
    let expected = pages.checked_mul(left)?.checked_mul(least)?.checked_div(read)?;
    if expected < WORTH {
        return None;
    }
    let parts = expected.checked_div(PAGES_A_PART)?.clamp(2, MOST_PARTS);
    // Out to whole units: an API that cuts fractions off would leave out what lies between.
    let (from, to) = (far.left.from()?, far.left.to()?);
    let from = floor(from, far.unit).max(far.window.from()?);
    let to = ceiling(to, far.unit).min(far.window.to()?);
    let parts = even(Window::new(Some(from), Some(to))?, parts, 0, far.unit);
    (parts.len() > 1).then_some(parts)
}

/// Cuts a window for the reading of that number: in other places than every other reading does.
pub fn parts(window: Window, parts: u64, pass: u32, request: &Request) -> Vec<Window> {
    // Multiples of the golden section keep clear of each other.
    let shift = i128::from(pass).saturating_sub(1).saturating_mul(382).checked_rem(1000).unwrap_or(0);
    match unit(request) {
        Some(unit) => even(window, i128::from(parts), shift, unit),
        None => vec![window],
    }
}

/// Cuts a window into equal parts at whole units; `shift` in thousandths of a part moves every cut.
pub(super) fn even(window: Window, parts: i128, shift: i128, unit: i64) -> Vec<Window> {
    let (Some(from), Some(to), Some(length)) = (window.from(), window.to(), length(window)) else {
        return vec![window];
    };
    let place = |k: i128| {
        let steps = k.checked_mul(1000)?.checked_sub(shift)?;
        let offset = length.checked_mul(steps)?.checked_div(parts.checked_mul(1000)?)?;
        Some(floor(from.saturating_add(i64::try_from(offset).ok()?), unit))
    };
    let inner = (1..parts.max(1)).filter_map(place).filter(|cut| *cut > from && *cut < to);
    let mut found = Vec::new();
    let mut begin = from;
    for end in inner.chain([to]) {
        // Cuts that fall on the same unit make one.
        if let Some(part) = (end > begin).then(|| Window::new(Some(begin), Some(end))).flatten() {
            found.push(part);
            begin = end;
        }
    }
    found
}

/// The two halves of a window, older first; none where it is too narrow to be cut.
pub(super) fn halves(window: Window, unit: i64) -> Option<(Window, Window)> {
    let mut parts = even(window, 2, 0, unit).into_iter();
    parts.next().zip(parts.next())
}

/// Cuts what lies before a part that the server bears into parts no wider than that one.
pub(super) fn as_wide(rest: Window, borne: Window, unit: i64) -> Vec<Window> {
    let length = |window: Window| length(window).unwrap_or(0);
    let parts = length(rest).checked_div(length(borne).max(1)).unwrap_or(0).saturating_add(1);
    even(rest, parts.clamp(1, 1 << 12), 0, unit)
}

fn length(window: Window) -> Option<i128> {
    let (from, to) = window.from().zip(window.to())?;
    Some(i128::from(to.micros()).saturating_sub(i128::from(from.micros())))
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]
mod tests {
    use super::*;
    use crate::model::Moment;

    fn seconds(from: i64, to: i64) -> Window {
        let at = |s: i64| Some(Moment::from_micros(s.checked_mul(UNIT).unwrap()));
        Window::new(at(from), at(to)).unwrap()
    }

    fn far(pages: u64, proven: i64) -> SoFar {
        let (window, proven) = (seconds(0, 1000), Moment::from_micros(proven * UNIT + 1));
        let left = Window::new(window.from(), Some(proven)).unwrap();
        SoFar { window, left, pages, events: pages * 10, unit: UNIT }
    }

    #[test]
    fn a_short_rest_is_walked_and_a_long_one_cut() {
        assert_eq!(rest(far(1, 900)).unwrap().len(), 2, "nine pages more");
        assert_eq!(rest(far(1, 800)), None, "four pages more");
        assert_eq!(rest(far(1, 999)).unwrap().len(), 16, "a thousand, but not so many parts");
        assert_eq!(rest(far(2, 990)), None, "not at every page");
        assert!(rest(far(9, 990)).is_some(), "but again after some");
        assert_eq!(rest(SoFar { left: seconds(0, 1000), ..far(1, 0) }), None, "without an order nothing is proven");
    }

    #[test]
    fn fault_047_the_parts_leave_out_no_moment_and_overlap_the_page_only_within_a_unit() {
        let parts = rest(far(1, 990)).unwrap();
        assert_eq!(parts.first().unwrap().from(), Some(Moment::from_micros(0)));
        assert_eq!(parts.last().unwrap().to(), Some(Moment::from_micros(991 * UNIT)), "rounded up, never down");
        assert!(parts.windows(2).all(|pair| matches!(pair, [one, next] if one.to() == next.from())));
    }

    #[test]
    fn other_cuts_lie_elsewhere_and_cover_the_same() {
        let (plain, shifted) = (even(seconds(0, 1000), 3, 0, UNIT), even(seconds(0, 1000), 3, 381, UNIT));
        let ends =
            |parts: &[Window]| parts.iter().filter_map(Window::to).map(|t| t.micros() / UNIT).collect::<Vec<_>>();
        assert_eq!(ends(&plain), [333, 666, 1000]);
        assert_eq!(ends(&shifted), [206, 539, 1000]);
    }

    #[test]
    fn fault_029_a_window_too_wide_is_cut_to_what_the_server_bears() {
        assert_eq!(as_wide(seconds(0, 875), seconds(875, 1000), UNIT).len(), 8);
        assert_eq!(halves(seconds(0, 2), UNIT), Some((seconds(0, 1), seconds(1, 2))));
        assert_eq!(halves(seconds(0, 1), UNIT), None);
    }
}
