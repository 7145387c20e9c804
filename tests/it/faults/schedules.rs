//! Faults in pairs, and faults by chance: exact, or a status that says otherwise and gaps that cover what is missing.
//!
//! `IRFORENSICS_SCHEDULES` says how many schedules are tried, `IRFORENSICS_SEED` where they begin.

use super::ground::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What may go wrong, each of its own kind; all of it can be told from a healthy page.
fn core() -> Vec<Trouble> {
    let status = |code| Trouble::Status { code, body: "no".to_owned(), headers: vec![] };
    vec![
        Trouble::Reset { after: 100 },
        Trouble::CutBody { after: 1 },
        Trouble::Stall,
        Trouble::SilentBody { after: 50 },
        Trouble::LongContentLength,
        Trouble::ShortContentLength { by: 20 },
        Trouble::Chunked { cut: Some(150) },
        Trouble::UntilClose { cut: Some(180) },
        Trouble::TruncatedGzip,
        Trouble::WrongGzip,
        Trouble::GzipTwoMembers,
        Trouble::GzipTwice,
        Trouble::Html200,
        Trouble::ErrorIn200,
        Trouble::NullData,
        Trouble::Status429 { retry_after: Some("1".to_owned()) },
        status(503),
        status(410),
        status(401),
        status(413),
        Trouble::ForgetCursor,
        Trouble::RepeatCursor,
        Trouble::MissingNext,
        Trouble::EmptyPageInTheMiddle,
        Trouble::DuplicateDelivery { events: 3 },
        Trouble::Unordered,
        Trouble::Crowded,
        Trouble::CapLimit { limit: 4 },
        Trouble::OutsideWindow,
        Trouble::IgnoreOrgFilter,
        Trouble::EchoToken,
        Trouble::TooWide { seconds: 40_000, code: 400 },
    ]
}

/// `SplitMix64`: the same seed gives the same schedule everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    fn fault(&mut self) -> Fault {
        let core = core();
        let trouble = core[self.below(core.len())].clone();
        let k = u32::try_from(self.below(6)).unwrap() + 1;
        let fault = match self.below(7) {
            0 => Fault::since(k, trouble),
            1 => Fault::first(k, trouble),
            2 | 3 => Fault::every(k + 1, trouble),
            _ => Fault::once(k, trouble),
        };
        match self.below(3) {
            0 => fault.for_org(ORGS[self.below(2)]),
            _ => fault,
        }
    }
}

fn schedule(seed: u64) -> Vec<Fault> {
    let mut chance = Chance(seed);
    (0..=chance.below(4)).map(|_| chance.fault()).collect()
}

/// Runs many pulls on two threads; gives the number of exact ones.
fn all(schedules: &[(String, Vec<Fault>)]) -> usize {
    let (next, exact) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                while let Some((name, faults)) = schedules.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let ended = hasty(&serve(faults.clone())).keeps_faith(&format!("{name}: {faults:?}"));
                    exact.fetch_add(usize::from(ended.exact()), Ordering::Relaxed);
                }
            });
        }
    });
    exact.into_inner()
}

#[test]
fn pairs_of_faults_keep_faith() {
    let core = core();
    let mut schedules = Vec::new();
    for (n, first) in core.iter().enumerate() {
        for second in &core[n + 1..] {
            // In turns: the first on every second answer, the second on every third.
            let faults = vec![Fault::every(2, first.clone()), Fault::every(3, second.clone())];
            schedules.push(("a pair".to_owned(), faults));
        }
    }
    let exact = all(&schedules);
    assert!(exact > schedules.len() / 20 && exact < schedules.len(), "{exact} of {} are exact", schedules.len());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how much is tried is told by who tries it")]
fn random_schedules_keep_faith() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (count, seed) = (number("IRFORENSICS_SCHEDULES", 300), number("IRFORENSICS_SEED", 1));
    let schedules: Vec<_> =
        (seed..seed + count).map(|seed| (format!("IRFORENSICS_SEED={seed}"), schedule(seed))).collect();
    let exact = all(&schedules);
    println!("{count} schedules from seed {seed}: {exact} exact, {} told to be incomplete", schedules.len() - exact);
    assert!(count < 100 || exact > schedules.len() / 20, "{exact} exact: nothing but gaps proves little");
}
