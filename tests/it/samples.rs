//! Every incident under `samples/` is answered as its hand-written truth says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

type Row = BTreeMap<String, String>;

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

#[test]
fn each_sample_is_answered_as_its_truth_says_row_by_row() {
    for sample in samples() {
        let story = std::fs::read_to_string(sample.join("story.md")).unwrap();
        let name = sample.file_name().unwrap().to_string_lossy().into_owned();
        let case = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sample-{name}-{}", std::process::id()));
        let run = Command::new(env!("CARGO_BIN_EXE_irforensics"))
            .arg("cross-org")
            .args(told(&story, "Question:").split_whitespace())
            .arg("--input")
            .arg(sample.join("pages"))
            .arg("--case")
            .arg(&case)
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(
            run.status.code().map(|code| code.to_string()),
            Some(told(&story, "Exit status:")),
            "{name}: {said}"
        );
        let (columns, truth) = rows(&sample.join("truth.csv"));
        let (_, found) = rows(&case.join("reports/internal/records.csv"));
        let of_truth = |row: Row| -> Row { row.into_iter().filter(|(column, _)| columns.contains(column)).collect() };
        let found: Vec<Row> = found.into_iter().map(of_truth).collect();
        assert_eq!(found, truth, "{name}: records.csv is not truth.csv");
        clear(&case);
    }
}

#[expect(clippy::disallowed_methods, reason = "a case that a test made is no evidence")]
fn clear(case: &Path) {
    std::fs::remove_dir_all(case).unwrap();
}
