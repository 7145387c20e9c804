//! Power cuts on a disk that forgets what was not flushed, and kept pages after them.

mod disk;

use disk::Model;
use irforensics::evidence::{Asked, Body, Case, EvidenceError, Locker, OPEN_FORMAT, RequestRecord, WayRecord, verify};
use irforensics::model::{Moment, OrgId, Window};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Seeds of one run; `IRFORENSICS_CRASH_SEEDS` asks for another number.
const SEEDS: u64 = 1_000;
/// Pages of a lane, and lanes: together they are read in batches, as a pull reads them.
const PAGES: usize = 6;
const LANES: [&str; 2] = ["one", "two"];

fn request() -> RequestRecord {
    RequestRecord {
        way: WayRecord::default(),
        format: OPEN_FORMAT,
        source: "http://127.0.0.1:1".to_owned(),
        orgs: vec![OrgId::new("org_a").unwrap()],
        window: Window::default(),
        profile: "native".to_owned(),
        token_fingerprints: Vec::new(),
        started_at: Moment::from_micros(0),
        verifies: None,
        reading: None,
        asked: Asked::default(),
        tool_version: "0",
    }
}

/// The k-th page of a lane; its length varies around the size of a sector.
fn page(lane: usize, k: usize) -> Vec<u8> {
    let length = [3, 511, 512, 513, 1500, 4096][(lane + k) % 6];
    format!("{lane}/{k}:").bytes().chain(std::iter::repeat_n(b'x', length)).collect()
}

/// What was promised to be safe, by lane.
type Acknowledged = BTreeMap<usize, usize>;

/// One run of a pull until it is sealed or the power goes.
fn run(model: &Model, promised: &mut Acknowledged) -> Result<(), EvidenceError> {
    let case = Case::on(Arc::new(model.clone()), Path::new("/case"))?;
    if case.last_asked()?.is_some_and(|taken| taken.seal().is_some()) {
        return Ok(());
    }
    let mut locker = Locker::open(&case, &request())?;
    let mut next: Vec<usize> = Vec::new();
    for (lane, name) in LANES.iter().enumerate() {
        let kept = locker.kept(name);
        for (k, kept) in kept.iter().enumerate() {
            assert_eq!(kept.load().unwrap().bytes, page(lane, k), "page {k} of lane {lane}");
        }
        assert!(kept.len() >= promised.get(&lane).copied().unwrap_or(0), "a page that was safe is lost");
        next.push(kept.len());
    }
    // Now one lane is ahead, now the other: batches of one, two and three bodies.
    while next.iter().any(|k| *k < PAGES) {
        let most = 1 + next.iter().sum::<usize>() % 3;
        let mut batch = Vec::new();
        for (lane, first) in next.iter().enumerate() {
            for k in (*first..PAGES).take(most - most.min(batch.len())) {
                batch.push((lane, k, page(lane, k)));
            }
        }
        let bodies: Vec<Body<'_>> = batch
            .iter()
            .map(|(lane, _, bytes)| Body { lane: LANES[*lane].to_owned(), bytes, status: 200, ..Body::default() })
            .collect();
        locker.keep_all(&bodies)?;
        for (lane, k, _) in batch {
            next[lane] = k + 1;
            promised.insert(lane, k + 1);
        }
    }
    locker.seal(&[], &[], Moment::from_micros(1))?;
    Ok(())
}

/// Power cuts of one seed until the acquisition is whole.
fn survive(seed: u64, steps: u64) -> Model {
    let mut promised = Acknowledged::new();
    let mut model = Model::new();
    for cut in 0.. {
        // Three cuts at most, so that every seed ends.
        let until = if cut < 3 { disk::chance(seed, cut) % (steps + 1) } else { u64::MAX };
        model.cut_after(until);
        match run(&model, &mut promised) {
            Ok(()) => return model,
            Err(error) => assert!(model.is_dead(), "seed {seed}: {error}"),
        }
        model = model.after_the_cut(disk::chance(seed, cut + 100));
    }
    unreachable!("the last round is not cut")
}

#[test]
fn fault_083_after_any_power_cut_nothing_that_was_safe_is_lost_and_nothing_is_doubled() {
    let whole = Model::new();
    run(&whole, &mut Acknowledged::new()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "how many seeds a test takes is told by the environment only")]
    let asked = std::env::var("IRFORENSICS_CRASH_SEEDS").ok();
    for seed in 0..asked.map_or(SEEDS, |seeds| seeds.parse().unwrap()) {
        let model = survive(seed, whole.steps());
        // Reading every case back from a real disk would take most of the time.
        if seed % 50 == 0 {
            check(&model, seed);
        }
    }
}

/// The sealed acquisition on a real disk, bit for bit.
fn check(model: &Model, seed: u64) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crash-{seed}"));
    if folder.exists() {
        #[expect(clippy::disallowed_methods, reason = "a test empties its own folder")]
        std::fs::remove_dir_all(&folder).unwrap();
    }
    model.pour(&folder);
    let proof = verify(&Case::open(&folder.join("case")).unwrap(), None, None).unwrap();
    assert_eq!(proof.acquisitions.len(), 1, "seed {seed}");
    let mut found: Vec<Vec<u8>> =
        proof.acquisitions[0].pages.iter().map(|page| std::fs::read(&page.path).unwrap()).collect();
    let mut given: Vec<Vec<u8>> = (0..LANES.len()).flat_map(|lane| (0..PAGES).map(move |k| page(lane, k))).collect();
    found.sort();
    given.sort();
    assert!(found == given, "seed {seed}: {} of {} pages", found.len(), given.len());
}

#[test]
fn fault_085_after_a_failed_flush_nothing_more_is_written() {
    let model = Model::new();
    let case = Case::on(Arc::new(model.clone()), Path::new("/case")).unwrap();
    let mut locker = Locker::open(&case, &request()).unwrap();
    let body = |bytes| Body { lane: "one".to_owned(), bytes, ..Body::default() };
    locker.keep(&body(b"first")).unwrap();
    model.fail_next_append();
    locker.keep(&body(b"second")).unwrap_err();
    let error = locker.keep(&body(b"third")).unwrap_err();
    assert!(error.to_string().contains("could not be flushed"), "{error}");
    // Another run reads what is there and goes on.
    let case = Case::on(Arc::new(model), Path::new("/case")).unwrap();
    assert_eq!(Locker::open(&case, &request()).unwrap().kept("one").len(), 1);
}

#[test]
fn fault_084_a_full_disk_loses_nothing_that_was_safe() {
    let whole = Model::new();
    run(&whole, &mut Acknowledged::new()).unwrap();
    for step in 0..whole.steps() {
        let model = Model::new();
        let mut promised = Acknowledged::new();
        model.full_after(step);
        assert!(run(&model, &mut promised).is_err(), "step {step}");
        model.full_after(u64::MAX);
        run(&model, &mut promised).unwrap_or_else(|error| panic!("step {step}: {error}"));
    }
}

#[test]
fn fault_096_a_panic_while_writing_is_loud_and_takes_nothing_with_it() {
    let model = Model::new();
    let mut promised = Acknowledged::new();
    model.panic_after(60);
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&model, &mut promised)));
    assert!(ended.is_err(), "nobody may go on as if nothing had happened");
    assert!(promised.values().sum::<usize>() > 0);
    model.panic_after(u64::MAX);
    run(&model, &mut promised).unwrap();
}
