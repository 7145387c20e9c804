//! The course of a walk: the windows that are left, what was read of the present one, and what could not be.

use super::address::floor;
use super::guard::beside;
use super::piece::{Move, Piece};
use super::position::Position;
use crate::model::{Moment, Window};
use crate::profile::{Order, Paging, Request};
use crate::wire::PageFacts;
use std::collections::BTreeSet;

/// How often a window is read again because its rows moved, before it is cut.
const RESTARTS: u32 = 3;
const DAY_MICROS: i64 = 86_400_000_000;

/// What a walk does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It asks for the next page.
    Ask,
    /// It has read what it can; what it cannot stands among the gaps.
    Done,
    /// It stops here.
    Stop(String),
}

/// The course of one walk.
#[derive(Debug)]
pub(super) struct Course<'a> {
    request: &'a Request,
    limit: u32,
    /// Windows not yet begun, the next one last.
    pending: Vec<Window>,
    piece: Piece,
    /// Windows that cannot be read whole, and why.
    gaps: Vec<(Window, String)>,
    remarks: BTreeSet<String>,
}

impl<'a> Course<'a> {
    pub(super) fn new(request: &'a Request, window: Window, limit: u32) -> Self {
        let limit = limit.clamp(1, request.limit_max.max(1));
        let mut pending = spans(window, request);
        let piece = Piece::new(pending.pop().unwrap_or(window), request.order);
        Self { request, limit, pending, piece, gaps: Vec::new(), remarks: BTreeSet::new() }
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// The window that is asked for now.
    pub(super) fn window(&self) -> Window {
        self.piece.window
    }

    pub(super) fn position(&self) -> &Position {
        &self.piece.position
    }

    /// Facts about the pages that neither stop the walk nor are a gap, as sentences.
    pub(super) fn remarks(&self) -> Vec<String> {
        self.remarks.iter().cloned().collect()
    }

    /// Windows that cannot be read whole, and why.
    pub(super) fn gaps(&self) -> &[(Window, String)] {
        &self.gaps
    }

    /// What a walk that stops here has not read, beside its gaps.
    pub(super) fn unread(&self) -> Vec<Window> {
        std::iter::once(self.piece.left()).chain(self.pending.iter().copied()).collect()
    }

    /// Takes a page.
    pub(super) fn take(&mut self, facts: &PageFacts) -> Turn {
        self.remark(facts);
        match self.piece.take(facts, self.request, u64::from(self.limit)) {
            Move::On => Turn::Ask,
            Move::End => self.finish(),
            Move::Cut(why) => self.cut(&why),
            Move::Again(why) => self.again(&why),
            Move::Overfull(window, rest) => {
                let why = "one unit of time holds more events than a page, and this API cannot be asked for less";
                self.gaps.push((window, why.to_owned()));
                self.go_on_with(rest.into_iter().collect())
            }
            Move::Astray(why) => Turn::Stop(why),
        }
    }

    /// The server no longer knows the way to this page; tells whether there is another.
    pub(super) fn expired(&mut self) -> bool {
        let counted = matches!(self.request.page, Paging::Number { .. } | Paging::Offset { .. });
        if let Some(narrower) = self.piece.narrower(self.request) {
            self.piece.begin_anew(narrower);
            return true;
        }
        // Some servers refuse to count far: narrower windows need no large numbers.
        if counted && self.piece.keys.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX) {
            return match self.halves() {
                Some(halves) => self.go_on_with(halves) == Turn::Ask,
                None => false,
            };
        }
        if counted || self.piece.restarts > 0 {
            return false;
        }
        self.piece.restarts = 1;
        self.piece.begin_anew(self.piece.window);
        true
    }

    /// The window is read; it is believed unless the API itself counts more.
    fn finish(&mut self) -> Turn {
        if let Some((low, high, _)) = self.piece.totals {
            let received = self.piece.distinct();
            if low > received {
                let why = format!("the API counts {low} events in it and {received} different ones came");
                self.gaps.push((self.piece.window, why));
            } else if high < received {
                self.remarks.insert(format!("the API counts {high} events in a window of which {received} came"));
            }
            if low != high {
                self.remarks.insert(format!("the API's count of one window changed from {low} to {high} or back"));
            }
        }
        self.go_on_with(Vec::new())
    }

    /// Rows moved: the window is read again, a few times.
    fn again(&mut self, why: &str) -> Turn {
        self.remarks.insert(format!("{why}; the window was read again"));
        let restarts = self.piece.restarts.saturating_add(1);
        if restarts > RESTARTS {
            return self.cut(&format!("{why}, {restarts} times"));
        }
        self.piece.restarts = restarts;
        self.piece.begin_anew(self.piece.window);
        Turn::Ask
    }

    /// The window is asked for in narrower ones; where there are none it is a gap.
    fn cut(&mut self, why: &str) -> Turn {
        if let Some(rest) = self.piece.narrower(self.request) {
            return self.go_on_with(vec![rest]);
        }
        if let Some(halves) = self.halves() {
            return self.go_on_with(halves);
        }
        self.gaps.push((self.piece.left(), format!("{why}, and no narrower window can be asked for")));
        self.go_on_with(Vec::new())
    }

    /// The two halves of the present window, the newer first, so that the older is read first.
    fn halves(&self) -> Option<Vec<Window>> {
        if self.request.tells_ends() != (true, true) {
            return None;
        }
        let (from, to) = (self.piece.window.from()?, self.piece.window.to()?);
        let width = to.micros().checked_sub(from.micros())?;
        let middle = floor(from.saturating_add(width.div_euclid(2)), self.request.unit());
        Some(vec![Window::new(Some(middle), Some(to))?, Window::new(Some(from), Some(middle))?])
    }

    fn go_on_with(&mut self, windows: Vec<Window>) -> Turn {
        self.pending.extend(windows);
        match self.pending.pop() {
            Some(window) => {
                self.piece = Piece::new(window, self.request.order);
                Turn::Ask
            }
            None => Turn::Done,
        }
    }

    fn remark(&mut self, facts: &PageFacts) {
        let mut say = |applies: bool, sentence: &str| {
            if applies {
                self.remarks.insert(sentence.to_owned());
            }
        };
        let (tells_from, tells_to) = self.request.tells_ends();
        let beside = beside(facts, self.piece.window, self.request.unit());
        say(beside.some && tells_from && tells_to, "events from outside the window asked for came with it");
        let asked = self.request.limit.is_some();
        say(asked && facts.events > u64::from(self.limit), "a page held more events than were asked for");
        let sorted = match self.request.order {
            Order::NewestFirst => facts.descending,
            Order::OldestFirst => facts.ascending,
            Order::Unknown => true,
        };
        say(!sorted, "events came in another order than the profile promises");
    }
}

/// A window as this API may be asked for it, the oldest last: retention takes that first.
fn spans(window: Window, request: &Request) -> Vec<Window> {
    let days = request.window.as_ref().and_then(|times| times.days_max);
    let (Some(days), Some(from), Some(to)) = (days, window.from(), window.to()) else { return vec![window] };
    let unit = request.unit();
    // The ends are widened to whole units, which must not make the window too long.
    let most = i64::from(days).saturating_mul(DAY_MICROS).saturating_sub(unit.saturating_mul(3)).max(unit);
    let mut cuts: Vec<Moment> = vec![from];
    let mut next = floor(from.saturating_add(most), unit);
    while next < to && cuts.last().is_some_and(|last| next > *last) {
        cuts.push(next);
        next = floor(next.saturating_add(most), unit);
    }
    cuts.push(to);
    let windows = cuts.windows(2).filter_map(|ends| match ends {
        [from, to] => Window::new(Some(*from), Some(*to)),
        _ => None,
    });
    let mut windows: Vec<Window> = windows.collect();
    windows.reverse();
    windows
}
