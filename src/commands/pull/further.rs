//! After the first answer: the log is read again, otherwise than before, and held against it.

use super::super::screen::Screen;
use super::super::status::{Failure, Status};
use super::{Acquire, First, Plan, Pulled, acquire, logs};
use crate::cli;
use crate::clock;
use crate::collect::Stop;
use crate::evidence::Case;
use crate::model::{Coverage, Moment, ReadingKind, Window, wide};
use std::time::Duration;

/// A third reading is made where the second one showed more than the first; beyond that the log does not hold still.
const MOST_PASSES: u32 = 3;
/// Pages that one part of a further reading should hold.
const PAGES_A_PART: u64 = 4;
const MOST_PARTS: u64 = 16;
/// One second: the sample must hold the newest event known, whatever unit the API counts in.
const UNIT: i64 = 1_000_000;

/// The readings that follow the first one.
pub(in crate::commands) struct Further<'f> {
    case: &'f Case,
    plan: &'f Plan<'f>,
    wanted: &'f cli::Reading,
    screen: &'f Screen,
    first: First,
    pass: u32,
    settled: bool,
    stopped: bool,
}

impl<'f> Further<'f> {
    /// Further readings of a pull; none where none is wanted, or where it walked no log to its end.
    pub(in crate::commands) fn of(
        first: Option<First>,
        case: &'f Case,
        plan: Option<&'f Plan<'f>>,
        wanted: &'f cli::Reading,
        screen: &'f Screen,
    ) -> Option<Self> {
        let first = first.filter(|first| !first.walked.is_empty())?;
        let any = wanted.twice() || wanted.settle.is_some();
        any.then_some(Self {
            case,
            plan: plan?,
            wanted,
            screen,
            pass: first.pass,
            first,
            settled: false,
            stopped: false,
        })
    }

    /// Makes the next reading, if one is due; true where there is new evidence to answer from.
    ///
    /// Whatever happens here takes nothing from the answer that was given.
    pub(in crate::commands) fn read(&mut self, coverage: &Coverage) -> bool {
        let reading = coverage.readings.iter().find(|reading| reading.acquisition == self.first.name);
        let unsettled = reading.is_some_and(|r| r.still_appearing() > 0 && r.again.last().is_some_and(|a| a.whole));
        if self.wanted.twice() && (self.pass == 1 || (self.pass < MOST_PASSES && unsettled)) {
            self.screen.note(match self.pass {
                1 => "the answer rests on a single walk; everything is read a second time to confirm it",
                _ => "the second walk showed more than the first; everything is read a third time",
            });
            return self.again(
                ReadingKind::Second,
                self.first.window,
                coverage.logs.iter().filter_map(|log| log.last).max(),
            );
        }
        match self.wanted.settle.filter(|_| !self.settled) {
            Some(lateness) => {
                self.settled = true;
                self.settle(lateness)
            }
            None => false,
        }
    }

    /// Waits until events of the window can no longer be late, then reads what may have been missed.
    fn settle(&mut self, lateness: Duration) -> bool {
        let late = i64::try_from(lateness.as_micros()).unwrap_or(i64::MAX);
        let Some(to) = self.first.window.to() else { return false };
        // What happened so long before the reading began had arrived by then.
        let tail = self.first.begun.saturating_add(late.saturating_neg());
        let Some(window) = Window::new(self.first.window.from().map(|from| from.max(tail)), Some(to)) else {
            self.screen.note("the window had ended long enough before it was read: no event of it can be late");
            return false;
        };
        let wait = to.saturating_add(late).micros().saturating_sub(clock::now().micros());
        let wait = Duration::from_micros(u64::try_from(wait).unwrap_or(0));
        if !wait.is_zero() {
            self.screen.note(&format!("waiting {} s for late events; the answer stands meanwhile", wait.as_secs()));
        }
        Stop::default().nap(wait);
        self.again(ReadingKind::Tail, window, None)
    }

    /// Whether a signal ended a further reading, which the same command then finishes.
    pub(in crate::commands) fn stopped(&self) -> bool {
        self.stopped
    }

    fn again(&mut self, reading: ReadingKind, window: Window, newest: Option<Moment>) -> bool {
        self.pass = self.pass.saturating_add(1);
        let walks = wide(self.first.walked.len()).max(1);
        let parts = self.first.pages.checked_div(walks.saturating_mul(PAGES_A_PART)).unwrap_or(0);
        // Once is enough: the filter does the same every time.
        let sample = newest.filter(|_| self.pass == 2).and_then(|newest| {
            let end = newest.saturating_add(UNIT).min(window.to().unwrap_or(newest));
            Window::new(window.from(), Some(end))
        });
        let how = logs::Otherwise { pass: self.pass, window, parts: parts.clamp(2, MOST_PARTS), sample };
        let verifies = Some(self.first.seal.clone());
        let kind = Acquire { reading, verifies, pass: self.pass, window, provisional: None };
        let logs = logs::again(self.plan, &how, &self.first.walked);
        let pulled = logs.and_then(|logs| acquire(self.case, self.plan, &logs, &kind, self.screen));
        self.told(pulled)
    }

    fn told(&mut self, pulled: Result<Pulled, Failure>) -> bool {
        match pulled {
            Ok(pulled) => {
                for failure in &pulled.failures {
                    self.screen.note(&format!("the further reading is not whole: {failure}"));
                }
                true
            }
            Err(failure) if failure.status == Status::Interrupted => {
                self.stopped = true;
                self.screen.note(&format!(
                    "the further reading was {failure}; the answer stands as a single walk, and the same command finishes the reading"
                ));
                false
            }
            Err(failure) => {
                self.screen.note(&format!("no further reading could be made: {failure}; the answer stands as it is"));
                false
            }
        }
    }
}
