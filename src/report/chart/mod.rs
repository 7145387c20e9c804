//! Drawings as data: whole numbers in, shapes out, and a table that says the same.
//!
//! The template draws the shapes and escapes their labels. Whole numbers only, so that every machine draws alike.

mod coverage;
mod funnel;
mod histogram;

pub(super) use coverage::coverage;
pub(super) use funnel::funnel;
pub(super) use histogram::histogram;

use super::escape::html::clean;
use super::reading::Table;
use super::text::Text;
use crate::model::Moment;
use serde::Serialize;

/// Width of every drawing, in units of the drawing.
const WIDTH: i64 = 760;
/// Where bars begin when labels stand to their left.
const LEFT: i64 = 190;
/// Height of a row with one bar.
const ROW: i64 = 30;
/// Longer labels are cut in the drawing; the table has them whole.
const LABEL: usize = 26;

/// A drawing and its table.
#[derive(Serialize)]
pub(super) struct Figure {
    /// What it shows.
    pub(super) caption: Text,
    /// Width in units.
    pub(super) width: i64,
    /// Height in units.
    pub(super) height: i64,
    /// What is drawn, in order.
    pub(super) shapes: Vec<Shape>,
    /// What the colours and patterns mean: style and meaning.
    pub(super) legend: Vec<(&'static str, &'static str)>,
    /// The same in words.
    pub(super) twin: Table,
}

/// One mark of a drawing.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Shape {
    /// A bar.
    Bar {
        /// Left edge.
        x: i64,
        /// Upper edge.
        y: i64,
        /// Width.
        w: i64,
        /// Height.
        h: i64,
        /// Its style's name.
        style: &'static str,
    },
    /// A thin horizontal line.
    Line {
        /// Left end.
        x: i64,
        /// Height of the line.
        y: i64,
        /// Length.
        w: i64,
    },
    /// A label.
    Label {
        /// Anchor.
        x: i64,
        /// Baseline.
        y: i64,
        /// `start`, `middle` or `end`.
        anchor: &'static str,
        /// What it says.
        text: String,
    },
}

impl Shape {
    fn label(x: i64, y: i64, anchor: &'static str, text: impl Into<String>) -> Self {
        Self::Label { x, y, anchor, text: text.into() }
    }
}

/// `value / most` of `length`, rounded down; 0 when there is no most.
fn scaled(value: i64, most: i64, length: i64) -> i64 {
    let product = i128::from(value).saturating_mul(i128::from(length));
    product.checked_div(i128::from(most)).and_then(|share| i64::try_from(share).ok()).unwrap_or_default()
}

/// A label that fits, with hidden characters written out before it is cut.
fn short(text: &str) -> String {
    let shown = clean(text);
    match shown.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}

/// A moment to the minute, for axes.
fn minute(moment: Moment) -> String {
    let text = moment.to_string();
    text.get(..16).map_or_else(|| text.clone(), |minute| minute.replace('T', " "))
}
