//! Every incident under `samples/` is answered as its hand-written truth says, and its papers stay as they were.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

type Row = BTreeMap<String, String>;

/// The truth of a sample, the paper that must agree with it, and whether the paper must be empty without that truth.
const TRUTHS: [(&str, &str, bool); 5] = [
    ("truth.csv", "records.csv", true),
    ("truth-accesses.csv", "accesses.csv", false),
    ("truth-attempts.csv", "attempts.csv", true),
    ("truth-bulk.csv", "bulk.csv", true),
    ("truth-unresolved.csv", "unresolved.csv", true),
];

/// The papers that a sample keeps in `expected/`.
const EXPECTED: [&str; 8] = [
    "records.csv",
    "accesses.csv",
    "attempts.csv",
    "bulk.csv",
    "unresolved.csv",
    "actors.csv",
    "leads.csv",
    "impact.md",
];

/// Set to 1, `expected/` is written instead of compared. No truth is ever written by code.
const WRITE: &str = "IRFORENSICS_WRITE_EXPECTED";

#[test]
fn each_sample_is_answered_as_its_truth_says_row_by_row() {
    let wrong: Vec<String> = samples().iter().flat_map(|sample| against_truth(sample)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_sample_gives_its_expected_papers_byte_for_byte() {
    let wrong: Vec<String> = samples().iter().flat_map(|sample| against_expected(sample)).collect();
    assert!(wrong.is_empty(), "{}\nlook at each; if all are right, {WRITE}=1 writes them", wrong.join("\n"));
}

/// What does not agree with the truth.
fn against_truth(sample: &Path) -> Vec<String> {
    let answer = Answer::of(sample, "truth");
    let mut wrong = Vec::new();
    let status = told(&answer.story, "Exit status:");
    if answer.status != status {
        wrong.push(format!("{}: exit status {}, not {status}: {}", answer.name, answer.status, answer.said));
    }
    for (truth, paper, empty_without) in TRUTHS {
        let (columns, expected) = match sample.join(truth) {
            path if path.is_file() => rows(&path),
            _ if empty_without => (Vec::new(), Vec::new()),
            _ => continue,
        };
        let only = |row: Row| -> Row { row.into_iter().filter(|(column, _)| columns.contains(column)).collect() };
        let found: Vec<Row> = rows(&answer.paper(paper)).1.into_iter().map(only).collect();
        if found != expected {
            let [says, truth_says] = [&found, &expected].map(|rows| written(&columns, rows));
            let count = found.len();
            wrong.push(format!("{}: {paper}, rows {count}:\n{says}  but {truth} has\n{truth_says}", answer.name));
        }
    }
    wrong.extend(against_counts(sample, &answer));
    answer.clear();
    wrong
}

/// `truth-counts.csv` gives single values of `impact.json`, each by its JSON pointer.
fn against_counts(sample: &Path, answer: &Answer) -> Vec<String> {
    let path = sample.join("truth-counts.csv");
    if !path.is_file() {
        return Vec::new();
    }
    let impact = answer.impact();
    let wrong = |row: Row| {
        let found = impact.pointer(&row["pointer"]).map_or_else(|| "nothing".to_owned(), plain);
        (found != row["value"]).then(|| format!("{}: {} is {found}, not {}", answer.name, row["pointer"], row["value"]))
    };
    rows(&path).1.into_iter().filter_map(wrong).collect()
}

/// Which papers are not those of `expected/`; or, where asked, those papers written.
fn against_expected(sample: &Path) -> Vec<String> {
    let answer = Answer::of(sample, "expected");
    let folder = sample.join("expected");
    let mut wrong = Vec::new();
    for paper in EXPECTED {
        let found = answer.steady(paper);
        let path = folder.join(paper);
        if writing() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, found).unwrap();
        } else if let Some(difference) = difference(&found, &std::fs::read_to_string(&path).unwrap_or_default()) {
            wrong.push(format!("{}: {paper} is not expected/{paper}: {difference}", answer.name));
        }
    }
    answer.clear();
    wrong
}

/// One run of the tool on a sample.
struct Answer {
    name: String,
    story: String,
    case: PathBuf,
    status: String,
    said: String,
}

impl Answer {
    fn of(sample: &Path, purpose: &str) -> Self {
        let story = std::fs::read_to_string(sample.join("story.md")).unwrap();
        let name = sample.file_name().unwrap().to_string_lossy().into_owned();
        let case = format!("sample-{name}-{purpose}-{}", std::process::id());
        let case = Path::new(env!("CARGO_TARGET_TMPDIR")).join(case);
        let run = Command::new(env!("CARGO_BIN_EXE_irforensics"))
            .current_dir(sample)
            .arg("cross-org")
            .args(told(&story, "Question:").split_whitespace())
            .args(["--input", "pages", "--case"])
            .arg(&case)
            .env_clear()
            .output()
            .unwrap();
        let status = run.status.code().map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(case.join("reports/internal/impact.json").is_file(), "{name}: no answer: {said}");
        Self { name, story, case, status, said }
    }

    fn paper(&self, name: &str) -> PathBuf {
        self.case.join("reports/internal").join(name)
    }

    fn impact(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.paper("impact.json")).unwrap()).unwrap()
    }

    /// A paper without what differs from run to run or from version to version. A sample is one acquisition, so the
    /// evidence root is the hash of its seal, and `as_of` the time of its sealing.
    fn steady(&self, paper: &str) -> String {
        let text = std::fs::read_to_string(self.paper(paper)).unwrap();
        if !paper.starts_with("impact.") {
            return text;
        }
        let impact = self.impact();
        let mut text = text.replace(&format!("irforensics {}", plain(&impact["tool_version"])), "irforensics VERSION");
        let mut steady = |value: &serde_json::Value, word: &str| {
            let value = plain(value);
            assert!(!value.is_empty(), "{}: impact.json has no {word}", self.name);
            text = text.replace(&value, word).replace(&in_short(&value), word);
        };
        steady(&impact["evidence_root"], "EVIDENCE-ROOT");
        steady(&impact["question"]["as_of"], "AS-OF");
        text
    }

    #[expect(clippy::disallowed_methods, reason = "a case that a test made is no evidence")]
    fn clear(self) {
        std::fs::remove_dir_all(self.case).unwrap();
    }
}

/// The folders that hold a story.
fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("story.md").is_file())
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no sample was found");
    found
}

/// The rest of the story's line that starts with a word.
fn told(story: &str, word: &str) -> String {
    let line = story.lines().find_map(|line| line.strip_prefix(word));
    line.unwrap_or_else(|| panic!("the story has no line {word:?}")).trim().trim_matches('`').to_owned()
}

fn rows(path: &Path) -> (Vec<String>, Vec<Row>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| headers.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    let rows = reader.records().map(|record| row(record.unwrap())).collect();
    (headers, rows)
}

/// Rows for reading, in the order of their columns.
fn written(columns: &[String], rows: &[Row]) -> String {
    let cell = |row: &Row, column: &String| row.get(column).cloned().unwrap_or_else(|| "no such column".to_owned());
    let line = |row| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(",");
    rows.iter().fold(String::new(), |text, row| text + "    " + &line(row) + "\n")
}

/// The first line in which two papers differ, if they do.
fn difference(found: &str, expected: &str) -> Option<String> {
    if found == expected {
        return None;
    }
    let [mut left, mut right] = [found, expected].map(|text| text.split_inclusive('\n').enumerate());
    loop {
        match (left.next(), right.next()) {
            (Some((_, left)), Some((_, right))) if left == right => {}
            (Some((at, left)), right) => {
                return Some(format!("line {} is\n  {left:?}, not\n  {:?}", at + 1, right.map(|(_, line)| line)));
            }
            (None, right) => return Some(format!("it ends before {:?}", right.map(|(_, line)| line))),
        }
    }
}

/// A JSON value as a cell has it.
fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A time as sentences have it, without the zeros of its fraction.
fn in_short(time: &str) -> String {
    let Some(time) = time.strip_suffix('Z') else { return time.to_owned() };
    format!("{}Z", time.trim_end_matches('0').trim_end_matches('.'))
}

#[expect(clippy::disallowed_methods, reason = "asked for by whoever runs the tests, not by whoever runs the tool")]
fn writing() -> bool {
    std::env::var_os(WRITE).is_some_and(|value| value == "1")
}
