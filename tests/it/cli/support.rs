//! A folder for one test, the program run inside it, and a small incident.

use irforensics::report::escape::csv::unguard;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The two organisations of the small incident.
pub(super) const ASKED: [&str; 4] = ["--attacker", "org_a", "--victim", "org_v"];

/// A fresh folder in which the program runs.
pub(super) struct Room {
    pub(super) path: PathBuf,
}

/// How a run ended and what it printed.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Room {
    /// A folder of this test alone, empty at first.
    pub(super) fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
        if path.exists() {
            #[expect(clippy::disallowed_methods, reason = "a test empties its own folder")]
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    /// Writes a file, and the folders above it; gives its name back.
    pub(super) fn put<'n>(&self, name: &'n str, bytes: impl AsRef<[u8]>) -> &'n str {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        name
    }

    /// The text of a file.
    pub(super) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).unwrap()
    }

    /// The rows of a CSV file by column, cells as they were before they were guarded.
    pub(super) fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.text(name))
    }

    /// The rows of a paper of `reports/internal`.
    pub(super) fn paper(&self, case: &str, name: &str) -> Vec<BTreeMap<String, String>> {
        self.rows(&format!("{case}/reports/internal/{name}"))
    }

    /// One column of a paper, in its order.
    pub(super) fn column(&self, case: &str, paper: &str, column: &str) -> Vec<String> {
        self.paper(case, paper).iter().map(|row| row[column].clone()).collect()
    }

    /// The papers' hashes.
    pub(super) fn sums(&self, case: &str) -> String {
        self.text(&format!("{case}/reports/internal/papers.sha256"))
    }

    /// Every file below a folder, sorted.
    pub(super) fn files(&self, folder: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(&self.path.join(folder), &mut files);
        files.sort();
        files
    }

    /// Runs the program.
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], b"")
    }

    /// Runs the program with an environment and a standard input.
    ///
    /// Whatever happens, it must not panic, and it must not pass a control character on to a terminal.
    pub(super) fn run_with(&self, args: &[&str], env: &[(&str, &str)], input: &[u8]) -> Ran {
        let mut child = self.command(args).envs(env.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that does not read its standard input may have closed it.
        drop(child.stdin.take().unwrap().write_all(input));
        let output = child.wait_with_output().unwrap();
        let ran = Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
        // RFC 4180 ends its lines with both.
        let out = if args.contains(&"csv") { ran.out.replace("\r\n", "\n") } else { ran.out.clone() };
        for text in [&out, &ran.err] {
            let bad = text.chars().find(|c| *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c)));
            assert_eq!(bad, None, "{args:?} printed a control character: {text:?}");
        }
        ran
    }

    /// Starts the program and leaves it running; whoever starts it ends it.
    pub(super) fn start(&self, args: &[&str]) -> Child {
        self.command(args).stderr(Stdio::null()).spawn().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_irforensics"));
        command.args(args).current_dir(&self.path).env_clear().env("PATH", "/usr/bin:/bin");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    /// Asks about the small incident's organisations.
    pub(super) fn ask(&self, more: &[&str]) -> Ran {
        self.run(&[&["cross-org"], &ASKED[..], more].concat())
    }
}

impl Ran {
    /// Holds the exit status against the one expected.
    #[track_caller]
    pub(super) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Holds what was printed on standard error.
    #[track_caller]
    pub(super) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in:\n{}", self.err);
        }
        self
    }

    /// Refused with exactly one line that names the error and holds these words; nothing on standard output.
    #[track_caller]
    pub(super) fn refuses(self, code: i32, words: &[&str]) -> Self {
        let ran = self.ends(code).says(words);
        let errors: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "one error, one line:\n{}", ran.err);
        let others = ran.err.lines().filter(|line| !line.starts_with("error: "));
        let known = |line: &&str| {
            line.starts_with("window [")
                || line.ends_with("files kept")
                || line.starts_with("goes on with ")
                || line.starts_with("    ")
        };
        assert_eq!(others.filter(|line| !known(line)).count(), 0, "lines that explain nothing:\n{}", ran.err);
        assert_eq!(ran.out, "", "a refusal answers nothing");
        ran
    }

    /// What was printed on standard output, words joined by single spaces.
    pub(super) fn flat(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// CSV by column.
pub(super) fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |row: csv::StringRecord| headers.iter().cloned().zip(row.iter().map(unguard)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// An event as the native API serves it.
pub(super) fn event(id: &str, time: &str, log: &str, actor: (&str, &str), action: &str, record: (&str, &str)) -> Value {
    let (actor, org) = actor;
    let (record, owner) = record;
    json!({
        "id": id, "timestamp": time, "org_id": log,
        "actor": { "id": actor, "type": "user", "org_id": org, "credential_id": format!("cred_{actor}") },
        "action": format!("invoice.{action}"),
        "resource": { "type": "invoice", "id": record, "org_id": owner },
        "outcome": "success", "http": { "method": "GET", "path": "/invoices/{id}", "status": 200 },
        "request_id": format!("rq_{id}"), "source_ip": "203.0.113.7", "user_agent": "curl/8",
    })
}

/// Six events, two of them accesses of `org_a` to `org_v`'s records: one told by both logs, one by the victim's.
pub(super) fn small() -> Vec<Value> {
    let (a, v) = (("u_a", "org_a"), ("u_v", "org_v"));
    vec![
        event("e1", "2026-03-01T10:00:00Z", "org_a", a, "read", ("inv_1", "org_v")),
        event("e1", "2026-03-01T10:00:00Z", "org_v", a, "read", ("inv_1", "org_v")),
        event("e2", "2026-03-01T11:00:00Z", "org_v", a, "export", ("inv_2", "org_v")),
        event("e3", "2026-03-01T12:00:00Z", "org_v", v, "update", ("inv_1", "org_v")),
        event("e4", "2026-03-01T12:30:00Z", "org_a", a, "read", ("inv_9", "org_a")),
        event("e5", "2026-03-01T13:00:00Z", "org_t", ("u_t", "org_t"), "read", ("inv_7", "org_t")),
    ]
}

/// Events as lines.
pub(super) fn lines(events: &[Value]) -> String {
    events.iter().fold(String::new(), |lines, event| lines + &event.to_string() + "\n")
}
