//! The paper for reading before it is Markdown or HTML: sections of sentences, tables and figures.

mod answer;
mod aside;
mod matrix;
mod touched;

pub(super) use matrix::Matrix;

use super::chart::Figure;
use super::reading::Table;
use super::sentence;
use super::text::Text;
use crate::model::{Impact, Verdict};
use serde::Serialize;

/// One paper, whatever its format.
#[derive(Serialize)]
pub(super) struct Document {
    /// Who may read it.
    pub(super) tlp: &'static str,
    /// What was asked.
    pub(super) question: Text,
    /// Window and state of knowledge.
    pub(super) as_of: Text,
    /// The answer in one word.
    pub(super) verdict: Verdict,
    /// The answer.
    pub(super) answer: Text,
    /// The banner of an answer that is not exact.
    pub(super) lower_bound: Option<Text>,
    /// Why it is not exact.
    pub(super) reasons: Vec<Text>,
    /// The numbers that matter most.
    pub(super) tiles: Vec<Tile>,
    /// The rest, in the order of reading.
    pub(super) sections: Vec<Section>,
    /// What fixes the evidence.
    pub(super) evidence: Text,
    /// Which program wrote it.
    pub(super) tool: String,
}

/// A number with its meaning.
#[derive(Serialize)]
pub(super) struct Tile {
    /// The number.
    pub(super) number: String,
    /// What it counts.
    pub(super) label: &'static str,
}

/// A section with a heading that can be linked to.
#[derive(Serialize)]
pub(super) struct Section {
    /// The link's target.
    pub(super) id: &'static str,
    /// The heading.
    pub(super) title: &'static str,
    /// What stands below.
    pub(super) blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Serialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub(super) enum Block {
    /// A sentence or two.
    Paragraph(Text),
    /// A heading within the section.
    Heading(&'static str),
    /// Sentences of equal weight.
    List(Vec<Text>),
    /// A table.
    Table(Table),
    /// Record types against access classes.
    Matrix(Matrix),
    /// A drawing with its table.
    Figure(Box<Figure>),
    /// Lines to copy.
    Lines(Vec<Text>),
}

/// Composes the paper of one answer.
pub(super) fn compose(impact: &Impact) -> Document {
    Document {
        tlp: sentence::TLP,
        question: sentence::question(impact),
        as_of: sentence::as_of(impact),
        verdict: impact.summary.verdict,
        answer: sentence::verdict(impact),
        lower_bound: sentence::lower_bound(impact),
        reasons: impact.summary.lower_bound_because.iter().map(Text::from_prose).collect(),
        tiles: answer::tiles(&impact.summary),
        sections: vec![
            answer::answer(impact),
            answer::coverage(impact),
            touched::accessed(impact),
            touched::bulk(impact),
            touched::changed(impact),
            touched::attempts(impact),
            aside::unknown(impact),
            aside::actors(impact),
            touched::timeline(impact),
            aside::method(impact),
        ],
        evidence: sentence::evidence(impact),
        tool: format!("irforensics {}, answer format {}", impact.tool_version, impact.schema_version),
    }
}

/// A paragraph for each sentence.
fn paragraphs(texts: impl IntoIterator<Item = Text>) -> Vec<Block> {
    texts.into_iter().map(Block::Paragraph).collect()
}
