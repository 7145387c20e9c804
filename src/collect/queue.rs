//! The walks of one credential that wait for their turn, and what becomes of those that fail.

use super::cuts::{as_wide, halves};
use super::error::{CollectError, ErrorClass};
use crate::model::{Gap, Moment, Window};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How often the window of one log is cut in two around pages that cannot be read.
const BISECTIONS: u32 = 64;
/// How often a window that is refused as too wide is halved before the refusal is believed.
const HALVINGS: u32 = 10;
/// Walks in a row that fail without any page in between: then the API is down, and no cut will help.
const DOWN_AFTER: u32 = 6;
/// What a walk without any answer counts for: it has waited out every time limit.
const UNANSWERED: u32 = 2;
/// Where parts of a cut stand in the queue: behind first looks, and behind the probes that tell a hole from an outage.
const PARTS: u32 = u32::MAX;

/// One walk to be made.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Which of the logs.
    pub(super) log: usize,
    pub(super) window: Window,
    /// How often it was cut around a failure: then it is only asked whether it can be read at all.
    pub(super) depth: u32,
    /// How often it was halved for being too wide, the older part that waits, and the first refusal.
    narrowed: Option<(u32, Window, Box<CollectError>)>,
}

/// How a walk ended.
#[derive(Debug)]
pub(super) enum End {
    /// At its last page.
    Whole,
    /// Where the unread rest is better read in parts.
    Cut(Vec<Window>),
    /// At an error: what it had not come to, and what cannot be read in narrower windows either.
    Failed { error: CollectError, unread: Vec<Gap>, gaps: Vec<Gap>, too_wide: bool },
    /// Because the run is to end.
    Stopped,
}

/// The queue; it is done when nothing waits and nothing runs.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

/// What stays unread: of which log, why, and what exactly.
type Lost = (usize, CollectError, Gap);

#[derive(Debug, Default)]
struct State {
    /// The unit at which windows are cut; none where they cannot be.
    unit: Option<i64>,
    /// By rank, then the oldest first, because retention takes the oldest away first.
    waiting: BTreeMap<(u32, Option<Moment>, usize), Vec<Job>>,
    running: usize,
    stopped: bool,
    /// Failures since the last page that any walk got.
    failures: u32,
    down: Option<CollectError>,
    /// For each log, how often its window was cut around a failure.
    bisected: BTreeMap<usize, u32>,
}

impl Job {
    /// The first walk over a log.
    pub(super) fn first(log: usize, window: Window) -> Self {
        Self { log, window, depth: 0, narrowed: None }
    }

    fn part(&self, window: Window) -> Self {
        Self { window, narrowed: None, ..self.clone() }
    }

    fn probe(&self, window: Window) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self.part(window) }
    }
}

impl Queue {
    /// A queue that cuts windows at this unit; none where they cannot be cut.
    pub(super) fn cutting_at(unit: Option<i64>) -> Self {
        Self { state: Mutex::new(State { unit, ..State::default() }), changed: Condvar::new() }
    }

    /// Adds walks over whole logs.
    pub(super) fn fill(&self, jobs: impl Iterator<Item = Job>) {
        let mut state = self.state();
        jobs.for_each(|job| state.push(job, 0));
    }

    /// The next walk, once there is one; none when all are done.
    pub(super) fn take(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(job) = state.pop() {
                state.running = state.running.saturating_add(1);
                return Some(job);
            }
            if state.running == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes note that a walk got a page: the API is not down, and a window that was halved is narrow enough.
    pub(super) fn page(&self, job: &mut Job) {
        let mut state = self.state();
        state.failures = 0;
        if let Some((_, rest, _)) = job.narrowed.take() {
            for part in as_wide(rest, job.window, state.unit.unwrap_or(i64::MAX)) {
                state.push(job.part(part), PARTS);
            }
            self.changed.notify_all();
        }
    }

    /// Why the API counts as down, if it does.
    pub(super) fn down(&self) -> Option<CollectError> {
        self.state().down.clone()
    }

    /// Takes note of how a walk ended; gives back what stays unread for good.
    pub(super) fn ended(&self, job: &Job, end: End) -> Vec<Lost> {
        let mut state = self.state();
        state.running = state.running.saturating_sub(1);
        let lost = match end {
            End::Whole => Vec::new(),
            End::Cut(parts) => {
                for part in parts {
                    state.push(job.part(part), PARTS);
                }
                Vec::new()
            }
            End::Failed { error, unread, gaps, too_wide } => {
                let mut lost: Vec<Lost> = gaps.into_iter().map(|gap| (job.log, error.clone(), gap)).collect();
                if !(too_wide && state.narrow(job, &error)) {
                    lost.extend(state.failed(job, &error, unread));
                }
                lost
            }
            End::Stopped => {
                state.stopped = true;
                Vec::new()
            }
        };
        drop(state);
        self.changed.notify_all();
        lost
    }

    /// Lets nobody wait any more.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(&mut self, job: Job, rank: u32) {
        self.waiting.entry((rank, job.window.from(), job.log)).or_default().push(job);
    }

    fn pop(&mut self) -> Option<Job> {
        let mut entry = self.waiting.first_entry()?;
        let job = entry.get_mut().pop();
        if entry.get().is_empty() {
            entry.remove();
        }
        job
    }

    fn failed(&mut self, job: &Job, error: &CollectError, unread: Vec<Gap>) -> Vec<Lost> {
        let lost = |unread: Vec<Gap>| unread.into_iter().map(|gap| (job.log, error.clone(), gap)).collect();
        if let Some((_, rest, first)) = &job.narrowed {
            // No width was right: it was something else, and the first answer says what.
            let gap = Gap { log_org: None, from: rest.from(), to: job.window.to(), reason: first.to_string() };
            return vec![(job.log, first.as_ref().clone(), gap)];
        }
        if matches!(error, CollectError::TokenRefused { .. }) {
            // Every other request with this token would be refused as well, and somebody may be counting.
            return self.give_up(error, lost(unread));
        }
        if unread.is_empty() || !matches!(error.class(), ErrorClass::Exhausted | ErrorClass::Unreachable) {
            return lost(unread);
        }
        let counts = if error.class() == ErrorClass::Unreachable { UNANSWERED } else { 1 };
        self.failures = self.failures.saturating_add(counts);
        if self.down.is_some() || self.failures >= DOWN_AFTER {
            return self.give_up(error, lost(unread));
        }
        // What never answered will hardly answer for a narrower window.
        let reached = matches!(error.class(), ErrorClass::Exhausted) || error.place().is_some_and(|p| p.page > 1);
        let cut = self.bisected.entry(job.log).or_default();
        if !reached || *cut >= BISECTIONS {
            return lost(unread);
        }
        let windows: Vec<Window> = unread.iter().filter_map(|gap| Window::new(gap.from, gap.to)).collect();
        let parts = match (windows.as_slice(), self.unit) {
            ([one], Some(unit)) => halves(*one, unit).map_or_else(Vec::new, |(older, newer)| vec![older, newer]),
            ([_], None) => Vec::new(),
            // The one that failed is among them; alone it will be cut.
            (several, _) => several.to_vec(),
        };
        if parts.is_empty() {
            return lost(unread);
        }
        *cut = cut.saturating_add(1);
        for part in parts {
            self.push(job.probe(part), job.depth.saturating_add(1));
        }
        Vec::new()
    }

    /// Halves a window that was refused at once; the newer half is tried, the older one waits.
    fn narrow(&mut self, job: &Job, error: &CollectError) -> bool {
        let (times, rest, first) = match &job.narrowed {
            Some((times, rest, first)) => (*times, Some(*rest), first.clone()),
            None => (0, None, Box::new(error.clone())),
        };
        let parts = self.unit.filter(|_| times < HALVINGS).and_then(|unit| halves(job.window, unit));
        let Some((older, newer)) = parts else { return false };
        let from = rest.map_or(older.from(), |rest| rest.from());
        let Some(rest) = Window::new(from, older.to()) else { return false };
        let narrowed = Some((times.saturating_add(1), rest, first));
        self.push(Job { narrowed, ..job.part(newer) }, 0);
        true
    }

    /// The API is down: what waits is not asked for any more and is told as missing.
    fn give_up(&mut self, error: &CollectError, mut lost: Vec<Lost>) -> Vec<Lost> {
        let waiting = std::mem::take(&mut self.waiting).into_values().flatten();
        lost.extend(waiting.map(|job| {
            let from = job.narrowed.as_ref().map_or(job.window.from(), |(_, rest, _)| rest.from());
            let reason = format!("not asked for, as the API no longer answered: {error}");
            (job.log, error.clone(), Gap { log_org: None, from, to: job.window.to(), reason })
        }));
        self.down.get_or_insert_with(|| error.clone());
        lost
    }
}
