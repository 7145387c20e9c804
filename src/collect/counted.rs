//! Pages that are counted, and windows that move: the API gives no cursor, so rows must prove that none was skipped.

use super::address::{ceil, floor};
use super::piece::{EMPTY_IS_END, Move, Piece, Recheck};
use super::position::Position;
use crate::model::Window;
use crate::profile::{Order, Request};
use crate::wire::PageFacts;

const MOVED: &str = "rows moved while they were read";

impl Piece {
    /// By offset: each page begins with the last row of the one before, which shows that no row moved up.
    pub(super) fn by_offset(&mut self, facts: &PageFacts, limit: u64) -> Move {
        let (offset, begun) = match &self.position {
            Position::Count(count) => (*count, true),
            Position::Start | Position::Cursor(_) => (0, false),
        };
        // With one row a page there is no room for the row before.
        if begun && limit > 1 {
            let last = self.keys.last();
            if !last.is_some_and(|last| facts.keys.contains(last)) {
                return Move::Again(MOVED.to_owned());
            }
            if facts.events <= 1 {
                return Move::End;
            }
        } else if facts.events == 0 {
            return if self.empty < EMPTY_IS_END { Move::On } else { Move::End };
        }
        let after = offset.saturating_add(facts.events);
        self.position = Position::Count(if limit > 1 { after.saturating_sub(1) } else { after });
        Move::On
    }

    /// By number: where the API does not count the window, each page is read again after the next one.
    pub(super) fn by_number(&mut self, facts: &PageFacts, first: u64) -> Move {
        let number = match &self.position {
            Position::Count(count) => *count,
            Position::Start | Position::Cursor(_) => first,
        };
        if let Some(recheck) = self.recheck.take() {
            return self.rechecked(facts, &recheck);
        }
        if facts.events == 0 && self.empty < EMPTY_IS_END {
            return Move::On;
        }
        let then = (facts.events > 0).then(|| number.saturating_add(1));
        let counted = self.totals.is_some();
        match (self.keys.last(), then) {
            (Some(last), _) if number > first && !counted => {
                self.recheck = Some(Recheck { last: last.clone(), then });
                self.position = Position::Count(number.saturating_sub(1));
                Move::On
            }
            (_, Some(then)) => {
                self.position = Position::Count(then);
                Move::On
            }
            (_, None) => Move::End,
        }
    }

    /// The page before, read again: its last row must still be its last, or have moved down to where it was met.
    fn rechecked(&mut self, facts: &PageFacts, recheck: &Recheck) -> Move {
        let stays = facts.keys.last() == Some(&recheck.last);
        let met_again = !stays && recheck.then.is_some() && self.keys.contains(&recheck.last);
        if !stays && !met_again {
            return Move::Again(MOVED.to_owned());
        }
        match recheck.then {
            Some(then) => {
                self.position = Position::Count(then);
                Move::On
            }
            None => Move::End,
        }
    }

    /// By time: the window moves up to the last row seen, whose instant is read again for the sake of ties.
    pub(super) fn by_time(&mut self, facts: &PageFacts, request: &Request, limit: u64) -> Move {
        if let Some(unit) = self.probe.take() {
            return self.probed(unit, facts, request);
        }
        if facts.events == 0 {
            return if self.empty < EMPTY_IS_END { Move::On } else { Move::End };
        }
        if !self.guard.ordered() {
            return Move::Astray("the events do not come in the order that the profile promises".to_owned());
        }
        if let Some(narrower) = self.narrower(request) {
            self.window = narrower;
            // The next page begins with rows that this one has shown.
            self.guard.step_back();
            return Move::On;
        }
        // Every row is of the unit of time at the window's edge.
        let Some((edge, rest)) = edge(self.window, request) else { return Move::End };
        if request.limit.is_some() && facts.events >= limit {
            return Move::Overfull(edge, rest);
        }
        match rest {
            // The page seems to be all there is; were it cut, rows beyond this unit would not have been shown.
            Some(rest) => {
                (self.window, self.probe) = (rest, Some(edge));
                self.guard.step_back();
                Move::On
            }
            None => Move::End,
        }
    }

    /// What lies beyond a unit of time whose page did not seem to be cut.
    ///
    /// A server that includes the end asked for shows the unit itself once more; then one unit further tells.
    fn probed(&mut self, unit: Window, facts: &PageFacts, request: &Request) -> Move {
        let oldest_first = request.order == Order::OldestFirst;
        let step = request.unit();
        let (beyond, rest, further) = if oldest_first {
            let further = unit.to().map(|end| end.saturating_add(step));
            (
                facts.max_time.zip(unit.to()).is_some_and(|(time, end)| time >= end),
                Window::new(unit.to(), self.window.to()),
                Window::new(further, self.window.to()),
            )
        } else {
            let further = unit.from().map(|begin| begin.saturating_add(step.saturating_neg()));
            (
                facts.min_time.zip(unit.from()).is_some_and(|(time, begin)| time < begin),
                Window::new(self.window.from(), unit.from()),
                Window::new(self.window.from(), further),
            )
        };
        if beyond || facts.untimed > 0 || facts.undecodable > 0 {
            return Move::Overfull(unit, rest);
        }
        let first_look = rest == Some(self.window);
        match further.filter(|_| first_look && facts.events > 0) {
            Some(further) => {
                (self.window, self.probe) = (further, Some(unit));
                self.guard.step_back();
                Move::On
            }
            None => Move::End,
        }
    }

    /// A page that is full, or that says that more lie in the window, is not the whole window.
    pub(super) fn single(facts: &PageFacts, request: &Request, limit: u64) -> Move {
        let full = request.limit.is_some() && facts.events >= limit;
        let counted = facts.total.is_some_and(|total| total > facts.events);
        if full || counted || facts.more == Some(true) {
            return Move::Cut(format!("the page shows {} events and is full", facts.events));
        }
        Move::End
    }
}

/// The unit of time at the moving end of a window, and the window beyond it.
fn edge(window: Window, request: &Request) -> Option<(Window, Option<Window>)> {
    let (unit, from, to) = (request.unit(), window.from()?, window.to()?);
    match request.order {
        Order::OldestFirst => {
            let begins = floor(from, unit);
            let ends = begins.saturating_add(unit);
            Some((Window::new(Some(begins), Some(ends))?, Window::new(Some(ends), Some(to))))
        }
        Order::NewestFirst | Order::Unknown => {
            let ends = ceil(to, unit);
            let begins = ends.saturating_add(unit.saturating_neg());
            Some((Window::new(Some(begins), Some(ends))?, Window::new(Some(from), Some(begins))))
        }
    }
}
