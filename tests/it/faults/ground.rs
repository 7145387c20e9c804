//! Two logs with a known truth, a server that serves them badly, and a judge who holds a case against the truth.

use crate::canary::Canary;
use irforensics::evidence::{Case, verify};
use irforensics::model::Gap;
pub(super) use irforensics::model::Moment;
pub(super) use irforensics::rehearsal::{Fault, LoggedEvent, OrgLog, Server, Trouble};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const TOKEN: &str = "canary-faults/8c1f+77e02b9d";
pub(super) const ORGS: [&str; 2] = ["org_a", "org_v"];
/// Events of one log inside the window.
pub(super) const EVENTS: i64 = 25;
/// Most events on a page.
pub(super) const PAGE: usize = 10;
pub(super) const WINDOW: [&str; 2] = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"];
const SECOND: i64 = 1_000_000;

/// Every event of both logs by log and id, with its time.
pub(super) type Truth = BTreeMap<(String, String), Moment>;

/// Reads of the victim's records, told by both logs; in pairs that share an instant, over most of the day.
///
/// Three more lie two days before the window.
fn log(org: &str) -> OrgLog {
    let start = Moment::parse_rfc3339(WINDOW[0]).unwrap().micros();
    let row = |n: i64| {
        let hour = if n < 0 { -n * 3600 - 2 * 86_400 } else { n / 2 * 6000 };
        let time = Moment::from_micros(start + hour * SECOND);
        let id = format!("ev-{:04}", n + 100);
        let json = json!({
            "id": id, "timestamp": time.to_string(), "org_id": org,
            "actor": { "id": "u_a", "type": "user", "org_id": "org_a" },
            "action": "invoice.read", "resource": { "type": "invoice", "id": format!("inv_{n}"), "org_id": "org_v" },
            "outcome": "success", "request_id": format!("rq_{n}"),
        });
        LoggedEvent { time, id, json: json.to_string() }
    };
    OrgLog { org: org.to_owned(), events: (-3..EVENTS).map(row).collect() }
}

pub(super) fn serve(mut faults: Vec<Fault>) -> Server {
    // So that there are pages to turn.
    faults.push(Fault::always(Trouble::CapLimit { limit: PAGE }));
    Server::start(ORGS.map(log).to_vec(), TOKEN, faults).unwrap()
}

pub(super) fn truth() -> Truth {
    let (from, to) = (Moment::parse_rfc3339(WINDOW[0]).unwrap(), Moment::parse_rfc3339(WINDOW[1]).unwrap());
    let rows = ORGS.iter().flat_map(|org| log(org).events.into_iter().map(move |event| (org, event)));
    let inside = rows.filter(|(_, event)| from <= event.time && event.time < to);
    inside.map(|(org, event)| (((*org).to_owned(), event.id), event.time)).collect()
}

/// How a pull ended.
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
    pub(super) folder: PathBuf,
    pub(super) obtained: BTreeSet<(String, String)>,
    pub(super) gaps: Vec<Gap>,
    /// Whether an acquisition is open: interrupted, to be gone on with.
    pub(super) open: bool,
    /// Rows of `records.csv`.
    pub(super) records: usize,
}

/// A folder in memory where the machine has one: nothing here is about the disk.
pub(super) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let memory = PathBuf::from("/dev/shm");
    let root = if memory.is_dir() { memory } else { PathBuf::from(env!("CARGO_TARGET_TMPDIR")) };
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = root.join(format!("irforensics-faults-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Drop for Ended {
    fn drop(&mut self) {
        #[expect(clippy::disallowed_methods, reason = "a test empties its own folder")]
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// Asks the whole question of a server, with as little patience as a busy machine allows.
pub(super) fn pull(server: &Server, more: &[&str]) -> Ended {
    let patience = ["--timeout", "1", "--tries", "3", "--max-wait", "0.01"];
    pull_from(&server.base_url(), &[&patience, more].concat(), &[])
}

/// In haste, for what must hold however slow the machine is.
pub(super) fn hasty(server: &Server) -> Ended {
    pull_from(&server.base_url(), &["--timeout", "0.25", "--tries", "3", "--max-wait", "0.01"], &[])
}

/// Asks the whole question of an address, with flags and an environment.
pub(super) fn pull_from(url: &str, more: &[&str], environment: &[(&str, &str)]) -> Ended {
    let folder = folder();
    std::fs::write(folder.join("token.txt"), TOKEN).unwrap();
    let asked = [
        "cross-org",
        "--attacker",
        "org_a",
        "--victim",
        "org_v",
        "--case",
        "case",
        "--token-file",
        "token.txt",
        "--no-verify-walk",
    ];
    let window = ["--from", WINDOW[0], "--to", WINDOW[1], "--base-url", url];
    let mut command = Command::new(env!("CARGO_BIN_EXE_irforensics"));
    command.args([&asked[..], &window, more].concat()).current_dir(&folder);
    command.env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the token's own file is no output")]
    std::fs::remove_file(folder.join("token.txt")).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let mut ended = Ended {
        code: output.status.code().unwrap(),
        out: text(output.stdout),
        err: text(output.stderr),
        obtained: BTreeSet::new(),
        gaps: Vec::new(),
        open: false,
        records: 0,
        folder,
    };
    ended.read();
    ended
}

impl Ended {
    /// Reads the case by the seal, and its pages by other means than the program's.
    fn read(&mut self) {
        let case = self.folder.join("case");
        let Ok(case) = Case::open(&case) else { return };
        let proof = verify(&case, None, None).unwrap();
        self.open = !proof.unsealed.is_empty();
        for acquisition in proof.acquisitions {
            self.gaps.extend(acquisition.gaps);
            for page in acquisition.pages {
                self.obtained.extend(ids(&page.path));
            }
        }
        let papers = std::fs::read_to_string(case.root().join("reports/internal/records.csv"));
        self.records = papers.map_or(0, |text| text.lines().count().saturating_sub(1));
    }

    /// What of the truth is missing.
    pub(super) fn missing(&self) -> Vec<((String, String), Moment)> {
        truth().into_iter().filter(|(key, _)| !self.obtained.contains(key)).collect()
    }

    /// Whether everything was obtained and told so.
    pub(super) fn exact(&self) -> bool {
        self.code == 0 && self.missing().is_empty() && self.gaps.is_empty()
    }

    /// What is wrong with this end, if anything: silence about something missing, or a cry about nothing known.
    pub(super) fn violations(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if ![0, 3, 5, 6].contains(&self.code) || self.err.contains("panicked") {
            wrong.push(format!("status {}", self.code));
        }
        let missing = self.missing();
        if self.code == 0 && !missing.is_empty() {
            wrong.push(format!("answered as exact without {missing:?}"));
        }
        if self.code == 0 && (!self.gaps.is_empty() || self.records != 25) {
            wrong.push(format!("status 0 with gaps {:?} and {} records", self.gaps, self.records));
        }
        // What is not sealed is not answered from either: all of it is open, and said to be.
        if self.open && self.code != 0 && self.out.is_empty() && self.err.contains("error: ") {
            return wrong.into_iter().chain(self.leaks()).collect();
        }
        for ((org, id), time) in missing {
            if !self.gaps.iter().any(|gap| covers(gap, &org, time)) {
                wrong.push(format!("no gap covers {org} {id} at {time}: {:?}", self.gaps));
            }
        }
        wrong.extend(self.leaks());
        wrong
    }

    /// Where the token stands.
    fn leaks(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let canary = Canary::new(TOKEN);
        for (name, text) in [("standard output", &self.out), ("standard error", &self.err)] {
            wrong.extend(canary.find(text.as_bytes()).map(|form| format!("{name} holds the token {form}")));
        }
        wrong.extend(
            canary.files(&self.folder).iter().map(|(path, form)| format!("{} holds it {form}", path.display())),
        );
        wrong
    }

    #[track_caller]
    pub(super) fn keeps_faith(self, what: &str) -> Self {
        let wrong = self.violations();
        assert_eq!(wrong, Vec::<String>::new(), "{what}\nstatus {}\n{}{}", self.code, self.out, self.err);
        self
    }

    #[track_caller]
    pub(super) fn ends_exact(self, what: &str) -> Self {
        let ended = self.keeps_faith(what);
        assert!(ended.exact(), "{what}: status {}, {:?}\n{}{}", ended.code, ended.gaps, ended.out, ended.err);
        ended
    }

    #[track_caller]
    pub(super) fn ends(self, what: &str, code: i32, words: &[&str]) -> Self {
        let ended = self.keeps_faith(what);
        assert_eq!(ended.code, code, "{what}\n{}{}", ended.out, ended.err);
        for word in words {
            assert!(ended.err.contains(word), "{what}: {word:?} is not in:\n{}", ended.err);
        }
        ended
    }
}

fn covers(gap: &Gap, org: &str, time: Moment) -> bool {
    gap.log_org.as_ref().is_none_or(|log| log.as_str() == org)
        && gap.from.is_none_or(|from| from <= time)
        && gap.to.is_none_or(|to| time < to)
}

/// Log and id of every event of a page.
fn ids(path: &Path) -> Vec<(String, String)> {
    let bytes = std::fs::read(path).unwrap();
    let mut text = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::bufread::MultiGzDecoder::new(&*bytes).read_to_end(&mut text).unwrap();
    } else {
        text = bytes;
    }
    let page: Value = serde_json::from_slice(&text).unwrap();
    let word = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
    page["data"].as_array().unwrap().iter().map(|event| (word(event, "org_id"), word(event, "id"))).collect()
}
