//! Answers to paper. This room knows only `model`: it words, lays out and escapes, and computes no answer.
//!
//! Every number is taken from one [`Impact`], every sentence is worded once in `sentence`, and the two papers for
//! reading, `impact.md` and `impact.html`, are two renderings of one `document`; so papers cannot disagree.

mod chart;
mod discovery;
mod document;
mod error;
pub mod escape;
mod files;
mod html;
mod json;
mod markdown;
mod reading;
mod sentence;
mod sheet;
mod terminal;
mod text;
mod timeline;

pub use discovery::{PAIRS, discovery_json, pairs_csv};
pub use error::ReportError;
pub use files::{Overwrite, Written};
pub use terminal::{Links, Style, answer, explained, pairs};
pub use timeline::{timeline_csv, timesketch};

use crate::model::{Impact, Reading};
use std::path::Path;

/// A paper before it is a file: its name and its bytes.
type Paper = (&'static str, Vec<u8>);

/// Names of the papers of `reports/internal/`, in the order of reading.
pub const PAPERS: [&str; 13] = [
    "impact.html",
    "impact.md",
    "impact.json",
    "records.csv",
    "records.jsonl",
    "accesses.csv",
    "attempts.csv",
    "bulk.csv",
    "unresolved.csv",
    "actors.csv",
    "leads.csv",
    "quarantine.csv",
    "conflicts.csv",
];

/// What the newest further reading of a log did to an answer, in one line; none where there was none.
pub fn amendment(readings: &[Reading]) -> Option<String> {
    sentence::amendment(readings).map(|text| text.plain())
}

/// Writes every paper of one audience into `dir`, which is made if it is missing.
///
/// All papers are rendered and lie beside their places before the first takes its place, so a failed run leaves no
/// half set. Papers that hold these very bytes already are left as they are.
pub fn write(impact: &Impact, dir: &Path, overwrite: Overwrite) -> Result<Vec<Written>, ReportError> {
    files::place(&render(impact)?, dir, overwrite)
}

/// Every paper in memory, in the order of [`PAPERS`].
fn render(impact: &Impact) -> Result<Vec<Paper>, ReportError> {
    let document = document::compose(impact);
    let mut papers = vec![
        ("impact.html", html::render(&document)?.into_bytes()),
        ("impact.md", markdown::render(&document).into_bytes()),
        ("impact.json", json::impact(impact)?),
    ];
    for sheet in sheet::all(impact) {
        let name = sheet.name;
        papers.push((name, sheet.render()?));
        if name == "records.csv" {
            papers.push(("records.jsonl", json::records(impact)?));
        }
    }
    Ok(papers)
}
