//! How fast one credential is used: as many requests at once as the server bears, and no more.
//!
//! Additive increase, multiplicative decrease, as TCP does it: what a server bears is known to nobody beforehand.

use super::stop::Stop;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Requests in flight at the beginning: both logs of a question at once.
const FIRST: usize = 2;
/// Most requests in flight with one credential; audit APIs are not made for more.
pub(super) const MOST: usize = 8;
/// Between two looks at the word that ends the run.
const LOOK: Duration = Duration::from_millis(50);

/// How a request fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fared {
    /// The server answered as it should.
    Well,
    /// It refused for load, failed, or did not answer; perhaps with a wish how long to wait.
    Strained { wish: Option<Duration> },
    /// Nothing can be learnt from it.
    Neither,
}

/// The pace of one credential; every lane that uses it asks here first.
#[derive(Debug)]
pub(super) struct Pace {
    state: Mutex<State>,
    changed: Condvar,
    rate: Option<Arc<Rate>>,
}

#[derive(Debug)]
struct State {
    allowed: usize,
    flying: usize,
    /// Successes since `allowed` last grew.
    gained: usize,
    /// When the server was last strained; none while the pace still looks for its bound.
    strained: Option<Instant>,
    /// Nobody asks before this moment: the server said so.
    until: Option<Instant>,
}

/// Leave to send one request.
#[derive(Debug)]
pub(super) struct Leave {
    since: Instant,
}

impl Pace {
    pub(super) fn new(rate: Option<Arc<Rate>>) -> Self {
        let state = State { allowed: FIRST, flying: 0, gained: 0, strained: None, until: None };
        Self { state: Mutex::new(state), changed: Condvar::new(), rate }
    }

    /// Waits for leave to send one request; none once the run is to end.
    pub(super) fn enter(&self, stop: &Stop) -> Option<Leave> {
        let mut state = self.state();
        while !stop.given() {
            let now = Instant::now();
            let pause = state.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
            if pause.is_zero() && state.flying < state.allowed {
                state.flying = state.flying.saturating_add(1);
                drop(state);
                if let Some(rate) = &self.rate {
                    stop.nap(rate.turn());
                }
                return Some(Leave { since: Instant::now() });
            }
            let wait = if pause.is_zero() { LOOK } else { pause.min(LOOK) };
            state = match self.changed.wait_timeout(state, wait) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        None
    }

    /// Gives the leave back and learns from how the request fared.
    pub(super) fn done(&self, leave: &Leave, fared: Fared) {
        let mut state = self.state();
        state.flying = state.flying.saturating_sub(1);
        match fared {
            Fared::Well => state.grow(),
            Fared::Strained { wish } => state.shrink(leave, wish),
            Fared::Neither => {}
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Requests that may be in flight now.
    #[cfg(test)]
    fn allowed(&self) -> usize {
        self.state().allowed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn grow(&mut self) {
        self.gained = self.gained.saturating_add(1);
        // Until the first strain every success adds one; then one is added for each round of successes.
        let needed = if self.strained.is_none() { 1 } else { self.allowed };
        if self.gained >= needed {
            self.allowed = self.allowed.saturating_add(1).min(MOST);
            self.gained = 0;
        }
    }

    fn shrink(&mut self, leave: &Leave, wish: Option<Duration>) {
        let until = wish.and_then(|wish| Instant::now().checked_add(wish));
        self.until = self.until.max(until);
        // Requests that were on their way when the pace was last halved tell the same strain once more.
        if self.strained.is_none_or(|last| leave.since > last) {
            self.allowed = self.allowed.checked_div(2).unwrap_or(1).max(1);
            self.gained = 0;
            self.strained = Some(Instant::now());
        }
    }
}

/// `--rate`: requests a second over the whole run, whatever the number of lanes and credentials.
#[derive(Debug)]
pub(super) struct Rate {
    every: Duration,
    next: Mutex<Option<Instant>>,
}

impl Rate {
    pub(super) fn new(every: Duration) -> Self {
        Self { every, next: Mutex::new(None) }
    }

    /// Takes the next free place; tells how long it is until then.
    fn turn(&self) -> Duration {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let place = next.map_or(now, |next| next.max(now));
        *next = place.checked_add(self.every);
        place.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(pace: &Pace, fared: Fared) {
        pace.done(&pace.enter(&Stop::default()).unwrap(), fared);
    }

    #[test]
    fn the_pace_grows_with_success_and_halves_under_strain() {
        let pace = Pace::new(None);
        (0..20).for_each(|_| send(&pace, Fared::Well));
        assert_eq!(pace.allowed(), MOST);
        send(&pace, Fared::Strained { wish: None });
        assert_eq!(pace.allowed(), MOST / 2);
        (0..MOST / 2 - 1).for_each(|_| send(&pace, Fared::Well));
        assert_eq!(pace.allowed(), MOST / 2, "after a strain it takes a round of successes");
        send(&pace, Fared::Well);
        assert_eq!(pace.allowed(), MOST / 2 + 1);
        (0..9).for_each(|_| send(&pace, Fared::Strained { wish: None }));
        assert_eq!(pace.allowed(), 1, "never nobody");
    }

    #[test]
    fn requests_in_flight_tell_one_strain_once() {
        let pace = Pace::new(None);
        (0..20).for_each(|_| send(&pace, Fared::Well));
        let leaves: Vec<_> = (0..MOST).map(|_| pace.enter(&Stop::default()).unwrap()).collect();
        for leave in &leaves {
            pace.done(leave, Fared::Strained { wish: None });
        }
        assert_eq!(pace.allowed(), MOST / 2);
    }

    #[test]
    fn fault_026_a_wish_of_the_server_holds_every_lane_back() {
        let pace = Pace::new(None);
        let wish = Duration::from_millis(120);
        let begun = Instant::now();
        send(&pace, Fared::Strained { wish: Some(wish) });
        std::thread::scope(|threads| {
            (0..3).for_each(|_| drop(threads.spawn(|| send(&pace, Fared::Well))));
        });
        assert!(begun.elapsed() >= wish);
    }

    #[test]
    fn a_rate_holds_over_all_credentials_together() {
        let rate = Arc::new(Rate::new(Duration::from_millis(30)));
        let paces = [Pace::new(Some(Arc::clone(&rate))), Pace::new(Some(rate))];
        let begun = Instant::now();
        paces.iter().cycle().take(4).for_each(|pace| send(pace, Fared::Well));
        assert!(begun.elapsed() >= Duration::from_millis(90));
    }

    #[test]
    fn the_word_to_stop_ends_every_wait() {
        let (pace, stop) = (Pace::new(None), Stop::default());
        send(&pace, Fared::Strained { wish: Some(Duration::from_hours(1)) });
        std::thread::scope(|threads| {
            let waiting = threads.spawn(|| pace.enter(&stop).is_none());
            stop.give();
            assert!(waiting.join().unwrap());
        });
    }
}
