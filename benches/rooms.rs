//! How fast the rooms are beside a naive peer on the same bytes: right first, timed afterwards.
//!
//! The ratio is what is worth keeping; the milliseconds are those of the machine.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark that cannot go on has nothing to tell")]

use irforensics::evidence::Proof;
use irforensics::model::{Decoded, Impact, Moment, OrgId, RecordKey, Tables, Window};
use irforensics::normalize::{self, Place};
use irforensics::profile::{self, Profile};
use irforensics::reconstruct::{self, CatalogueRow, CrossOrg, GrantRow, Knowledge, Validity};
use irforensics::rehearsal::{Incident, compare, incident};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

/// Odd, so that the median is a run.
const RUNS: usize = 9;

fn main() {
    let incident = incident(1);
    let bytes = ndjson(&incident);
    let profile = profile::load("native", None).expect("the built-in profile");
    let question = question(&incident);

    let decoded = decode(&bytes, &profile);
    let peer: Vec<Value> = parse(&bytes);
    assert_eq!((decoded.rows.len(), decoded.quarantine.len()), (peer.len(), 0), "every line is a row");
    for (row, value) in decoded.rows.iter().zip(&peer) {
        assert_eq!(Some(row.event.source_id.as_str()), value["id"].as_str());
    }
    let tables = tables(&decoded, &question);
    let impact = answer(&tables, &profile, &question);
    assert_eq!(compare(&incident.truth.with_catalogue, &impact), Vec::<String>::new(), "the planted truth");
    let naive = recount(&peer, &incident);

    let mut out = std::io::stdout().lock();
    let mut say = |line: String| writeln!(out, "{line}").expect("standard output");
    let megabytes = bytes.len().div_ceil(1_000_000);
    say(format!(
        "{} events, {megabytes} MB of NDJSON, {} threads, median of {RUNS}",
        peer.len(),
        rayon::current_num_threads()
    ));
    let (ours, theirs) = race(|| decode(&bytes, &profile).rows.len(), || parse(&bytes).len());
    say(row("decode + normalise / serde_json::Value a line", ours, theirs));
    let (ours, theirs) = race(
        || {
            let tables = self::tables(&decoded, &question);
            answer(&tables, &profile, &question).records.len()
        },
        || recount(&peer, &incident),
    );
    say(row("distinct + reconstruct / naive recount", ours, theirs));
    say(format!("the naive recount finds {naive} records, the truth is {}", impact.records.len()));
}

/// The logs of both sides, one event a line.
fn ndjson(incident: &Incident) -> Vec<u8> {
    let sides = [&incident.attacker, &incident.victim];
    let logs = incident.logs.iter().filter(|log| sides.contains(&&log.org));
    // As a pull would get them: only what lies in the window.
    let window = Window::new(Some(incident.window_from), Some(incident.window_to)).expect("a window");
    let events = logs.flat_map(|log| &log.events).filter(|event| window.contains(event.time));
    events.flat_map(|event| [event.json.as_bytes(), b"\n"].concat()).collect()
}

fn decode(bytes: &[u8], profile: &Profile) -> Decoded {
    normalize::body(bytes, None, Place { acquisition: 1, page: 1, file: "log.ndjson" }, profile)
}

/// The peer of `normalize`: each line to a tree, in parallel as well.
fn parse(bytes: &[u8]) -> Vec<Value> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    lines.par_iter().map(|line| serde_json::from_slice(line).expect("JSON")).collect()
}

fn tables(decoded: &Decoded, question: &CrossOrg) -> Tables {
    let mut decoded = decoded.clone();
    reconstruct::rename(&mut decoded, question);
    reconstruct::distinct(decoded)
}

fn answer(tables: &Tables, profile: &Profile, question: &CrossOrg) -> Impact {
    reconstruct::cross_org(tables, profile, question, &Proof::default())
}

/// The peer of `reconstruct`: what a short script would count, without any of the rules.
fn recount(events: &[Value], incident: &Incident) -> usize {
    let by_attacker = |e: &&Value| e["actor"]["org_id"] == incident.attacker.as_str() && e["outcome"] == "success";
    let of_victim =
        |e: &&Value| e["org_id"] == incident.victim.as_str() || e["resource"]["org_id"] == incident.victim.as_str();
    let touched = events.iter().filter(by_attacker).filter(of_victim);
    let records: BTreeSet<(&str, &str)> =
        touched.filter_map(|e| Some((e["resource"]["type"].as_str()?, e["resource"]["id"].as_str()?))).collect();
    records.len()
}

fn question(incident: &Incident) -> CrossOrg {
    let org = |id: &str| OrgId::new(id).expect("an organisation");
    let key = |row: &BTreeMap<String, String>| RecordKey {
        record_type: row["record_type"].clone(),
        record_id: row["record_id"].clone(),
    };
    let moment = |cell: &String| Moment::parse_rfc3339(cell);
    let valid =
        |row: &BTreeMap<String, String>| Validity { from: moment(&row["valid_from"]), to: moment(&row["valid_to"]) };
    let catalogue = rows(&incident.catalogue_csv).map(|row| CatalogueRow {
        record: key(&row),
        owner: org(&row["owner_org"]),
        valid: valid(&row),
        has_lifetime: !row["valid_from"].is_empty(),
        parent_id: String::new(),
        categories: Vec::new(),
        subjects: Vec::new(),
    });
    let grants = rows(&incident.grants_csv).map(|row| GrantRow {
        org: org(&row["org_id"]),
        record_type: row["record_type"].clone(),
        record_id: row["record_id"].clone(),
        valid: valid(&row),
    });
    CrossOrg {
        attackers: [org(&incident.attacker)].into(),
        victims: [org(&incident.victim)].into(),
        aliases: BTreeMap::new(),
        window: Window::new(Some(incident.window_from), Some(incident.window_to)).expect("a window"),
        as_of: incident.window_to,
        cut_off: None,
        knowledge: Knowledge { catalogue: catalogue.collect(), grants: grants.collect(), ..Knowledge::default() },
    }
}

fn rows(text: &str) -> impl Iterator<Item = BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let row =
        |record: csv::StringRecord| headers.iter().zip(record.iter()).map(|(h, c)| (h.into(), c.into())).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect::<Vec<_>>().into_iter()
}

/// Both in turn, so that what slows the machine slows both; the medians.
fn race<T, U>(ours: impl Fn() -> T, theirs: impl Fn() -> U) -> (Duration, Duration) {
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        times[0].push(time(&ours));
        times[1].push(time(&theirs));
    }
    let [ours, theirs] = times.map(|mut runs| {
        runs.sort();
        runs[RUNS / 2]
    });
    (ours, theirs)
}

fn time<T>(run: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn row(what: &str, ours: Duration, theirs: Duration) -> String {
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    format!("{what:<48} {:>8.1} ms / {:>6.1} ms = {ratio:.2}", ours.as_secs_f64() * 1e3, theirs.as_secs_f64() * 1e3)
}
