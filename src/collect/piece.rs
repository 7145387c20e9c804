//! One window of a walk, read page by page: how each style of paging leads on, and when it has ended.
//!
//! What comes next depends on the pages taken and on nothing else, so that kept pages lead to the same place again.

use super::address::{ceil, floor};
use super::guard::{Guard, beside};
use super::position::Position;
use crate::model::{Moment, Window};
use crate::profile::{End, Order, Paging, Request};
use crate::wire::{Next, PageFacts};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Empty pages in a row before a walk is taken for endless; Okta's polling API sends them for ever.
const EMPTY_PAGES: u32 = 100;
/// One empty page may be a slip; where emptiness is the only end, it is asked for a second time.
pub(super) const EMPTY_IS_END: u32 = 2;

/// What follows a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The next page, at the position set.
    On,
    /// Nothing: the window is read.
    End,
    /// More lies in the window than this API will show of it at once.
    Cut(String),
    /// One unit of time holds more than a page, and no narrower window can be asked for.
    Overfull(Window, Option<Window>),
    /// Rows moved while they were read: the window is read again.
    Again(String),
    /// Nothing sensible.
    Astray(String),
}

/// One window and how far it was read.
#[derive(Debug)]
pub(super) struct Piece {
    /// What is asked for now; it shrinks where the order of the pages proves a part.
    pub(super) window: Window,
    pub(super) position: Position,
    pub(super) guard: Guard,
    /// How often it was begun anew.
    pub(super) restarts: u32,
    pub(super) empty: u32,
    /// Records of this reading, repeats included.
    pub(super) records: u64,
    /// Keys of the last page that held records.
    pub(super) keys: Vec<String>,
    /// A unit of time that seemed to be whole, while a page beyond it shows whether it was.
    pub(super) probe: Option<Window>,
    /// The page that is read a second time, and what follows it.
    pub(super) recheck: Option<Recheck>,
    distinct: BTreeSet<u64>,
    /// Lowest and highest count that the pages gave, and the last one.
    pub(super) totals: Option<(u64, u64, u64)>,
}

/// A counted page that is read again, to see whether rows have moved since.
#[derive(Clone, Debug)]
pub(super) struct Recheck {
    /// The key of the last record that the page had.
    pub(super) last: String,
    /// Number of the page to go on with; none at the end.
    pub(super) then: Option<u64>,
}

impl Piece {
    pub(super) fn new(window: Window, order: Order) -> Self {
        Self {
            window,
            position: Position::Start,
            guard: Guard::new(order),
            restarts: 0,
            empty: 0,
            records: 0,
            keys: Vec::new(),
            probe: None,
            recheck: None,
            distinct: BTreeSet::new(),
            totals: None,
        }
    }

    /// Takes a page and says what follows; `limit` is the number of records asked for.
    pub(super) fn take(&mut self, facts: &PageFacts, request: &Request, limit: u64) -> Move {
        // First of all: how far such a page reaches proves nothing about the window.
        let beside = beside(facts, self.window, request.unit());
        let (tells_from, tells_to) = request.tells_ends();
        if (tells_from && beside.all_before) || (tells_to && beside.all_after) {
            let why =
                format!("every event of the page lies outside {}: the server ignores the times asked for", self.window);
            return Move::Astray(why);
        }
        let rechecked = self.recheck.is_some();
        let mut dropped = false;
        // A page that is read a second time lies before what was reached.
        if !rechecked {
            dropped = self.count(facts, request.total.is_some());
            self.guard.observe(facts);
        }
        // An end that cannot be asked for is watched here.
        let passed = match request.order {
            Order::NewestFirst => !tells_from && beside.all_before,
            Order::OldestFirst => !tells_to && beside.all_after,
            Order::Unknown => false,
        };
        if passed && self.guard.ordered() {
            return Move::End;
        }
        // A window that moves by time reads its edge again and ends by itself.
        let by_place = !matches!(request.page, Paging::Time | Paging::Single);
        if let Some(why) = by_place.then(|| self.guard.progress(facts).err()).flatten() {
            return Move::Astray(why);
        }
        if dropped && matches!(request.page, Paging::Number { .. }) && self.position != Position::Start {
            return Move::Again("the API counts fewer events than a page ago: rows moved up".to_owned());
        }
        let next = match &request.page {
            Paging::Cursor { .. } | Paging::NextUrl { .. } | Paging::Link { .. } | Paging::Item { .. } => {
                self.by_cursor(facts, request)
            }
            Paging::Number { first, .. } => self.by_number(facts, *first),
            Paging::Offset { .. } => self.by_offset(facts, limit),
            Paging::Time => self.by_time(facts, request, limit),
            Paging::Single => Self::single(facts, request, limit),
        };
        if matches!(next, Move::On | Move::End) && request.results_max.is_some_and(|most| self.records >= most) {
            return Move::Cut(format!("the API shows no more than {} events of a query", self.records));
        }
        if facts.events > 0 && !rechecked {
            self.keys.clone_from(&facts.keys);
        }
        next
    }

    /// Begins the window anew, or what is left of it.
    pub(super) fn begin_anew(&mut self, window: Window) {
        self.window = window;
        self.position = Position::Start;
        self.guard.begin_anew();
        (self.empty, self.records) = (0, 0);
        self.keys.clear();
        (self.recheck, self.probe) = (None, None);
        self.distinct.clear();
        self.totals = None;
    }

    /// What the pages so far do not prove to have been read.
    pub(super) fn left(&self) -> Window {
        self.guard.left(self.window).unwrap_or(self.window)
    }

    /// What is left, where it can be asked for as a narrower window than the present one.
    pub(super) fn narrower(&self, request: &Request) -> Option<Window> {
        let left = self.guard.left(self.window)?;
        let unit = request.unit();
        let (tells_from, tells_to) = request.tells_ends();
        let later =
            |a: Option<Moment>, b: Option<Moment>| a.zip(b).is_some_and(|(a, b)| floor(a, unit) > floor(b, unit));
        let narrower = match request.order {
            Order::NewestFirst => {
                let earlier = left.to().zip(self.window.to()).is_some_and(|(a, b)| ceil(a, unit) < ceil(b, unit));
                tells_to && earlier
            }
            Order::OldestFirst => tells_from && later(left.from(), self.window.from()),
            Order::Unknown => false,
        };
        narrower.then_some(left)
    }

    /// How many different records were received, where the API gives a count to hold against it.
    pub(super) fn distinct(&self) -> u64 {
        u64::try_from(self.distinct.len()).unwrap_or(u64::MAX)
    }

    /// Counts a page; tells whether the API's own count fell since the page before.
    fn count(&mut self, facts: &PageFacts, has_total: bool) -> bool {
        self.records = self.records.saturating_add(facts.events);
        self.empty = if facts.events == 0 { self.empty.saturating_add(1) } else { 0 };
        if !has_total {
            return false;
        }
        for key in &facts.keys {
            let mut hash = DefaultHasher::new();
            key.hash(&mut hash);
            self.distinct.insert(hash.finish());
        }
        let Some(total) = facts.total else { return false };
        let (low, high, last) = self.totals.unwrap_or((total, total, total));
        self.totals = Some((low.min(total), high.max(total), total));
        total < last
    }

    fn by_cursor(&mut self, facts: &PageFacts, request: &Request) -> Move {
        let is_end = facts.events == 0 && facts.more == Some(false);
        let polls = facts.events == 0 && request.ends.has(End::EmptyPage);
        match &facts.next {
            Next::End => Move::End,
            _ if is_end || (polls && self.empty >= EMPTY_IS_END) => Move::End,
            Next::Unusable(why) => Move::Astray(format!("the member that leads to the next page {why}")),
            _ if self.empty >= EMPTY_PAGES => Move::Astray(format!("{EMPTY_PAGES} empty pages in a row")),
            Next::Cursor(cursor) => {
                // A polling interface gives an empty page the address that it was asked for at.
                let led = if polls { Ok(()) } else { self.guard.follow(cursor) };
                match led {
                    Ok(()) => {
                        self.position = Position::Cursor(cursor.clone());
                        Move::On
                    }
                    Err(why) => Move::Astray(why),
                }
            }
            // No record, so no cursor of one: the same page is asked for again.
            Next::Unsaid if self.empty < EMPTY_IS_END => Move::On,
            Next::Unsaid | Next::Header | Next::Url(_) => Move::End,
        }
    }
}
