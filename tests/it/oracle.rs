//! The oracle: the method implemented a second time, from METHODOLOGY.md alone, and held against the tool.
//!
//! Three things must agree on every incident: the oracle, the tool, and what really happened.
//! Incidents come from a seed, so that a difference can be looked at again; `IRFORENSICS_INCIDENTS` says how many,
//! `IRFORENSICS_SEED` from which on.

#![expect(
    clippy::pedantic,
    clippy::wildcard_enum_match_arm,
    clippy::nonminimal_bool,
    reason = "the oracle is read beside METHODOLOGY.md: plain before quick, and as the page puts it"
)]

mod differences;
pub(crate) mod incident;
pub(crate) mod method;
mod spec;
pub(crate) mod tool;
mod truth;
mod worked;

use incident::Incident;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Incidents where nobody asks for more.
const INCIDENTS: u64 = 2_000;

/// Differences that are told in full before the rest is only counted.
const TOLD: u64 = 5;

fn number(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a test looks for differences is told by the environment only"
    )]
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap())
}

#[test]
fn zero_differences_on_all_incidents() {
    let first = number("IRFORENSICS_SEED").unwrap_or(0);
    let last = first + number("IRFORENSICS_INCIDENTS").unwrap_or(INCIDENTS);
    let next = AtomicU64::new(first);
    let found: Mutex<Vec<(u64, Vec<String>)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= last {
                        break;
                    }
                    let wrong = look(&Incident::of(seed));
                    if !wrong.is_empty() {
                        found.lock().unwrap().push((seed, wrong));
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    let told: Vec<String> = found
        .iter()
        .take(usize::try_from(number("IRFORENSICS_TOLD").unwrap_or(TOLD)).unwrap())
        .map(|(seed, wrong)| tell(*seed, wrong))
        .collect();
    assert!(found.is_empty(), "{} of {} incidents differ\n{}", found.len(), last - first, told.join("\n"));
}

/// What is wrong with the answers to an incident.
fn look(incident: &Incident) -> Vec<String> {
    let oracle = method::answer(&incident.log, &incident.question);
    let tool = tool::answer(incident);
    let mut wrong = differences::differences(&oracle, &tool);
    wrong.extend(truth::wrong(incident, &tool));
    wrong
}

/// One wrong answer in full.
fn tell(seed: u64, wrong: &[String]) -> String {
    let incident = Incident::of(seed);
    let small = differences::of(&incident);
    if !small.is_empty() {
        return differences::report(&incident);
    }
    // Oracle and tool agree, and what really happened says otherwise: the whole log is needed to see why.
    let log: Vec<String> =
        incident.log.records.iter().map(|r| format!("  {}/{} {}", r.acquisition, r.page, r.text)).collect();
    format!("seed {seed}: {}\n{}\n{:?}", wrong.join("\n  "), log.join("\n"), incident.question)
}
