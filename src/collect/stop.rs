//! The word that ends a run early, heard by every lane.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longest sleep between two looks at the word.
const LOOK: Duration = Duration::from_millis(50);

/// A word that anyone may give once: lanes finish the page in hand and ask for no other.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Gives the word.
    pub fn give(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was given.
    pub fn given(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Sleeps, unless the word is given meanwhile.
    pub fn nap(&self, wait: Duration) {
        let begun = Instant::now();
        while !self.given() {
            let rest = wait.saturating_sub(begun.elapsed());
            if rest.is_zero() {
                return;
            }
            std::thread::sleep(rest.min(LOOK));
        }
    }
}
