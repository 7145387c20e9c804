//! From everything received to the records that count.

use super::{Figure, LEFT, ROW, Shape, WIDTH, scaled};
use crate::model::Impact;
use crate::report::reading::Table;
use crate::report::text::Text;

/// Room for the number behind the longest bar.
const NUMBER: i64 = 90;
/// Parts of one doubling, so that whole numbers draw a smooth scale.
const PARTS: i64 = 1024;

/// How many of each step were left for the next.
pub(in crate::report) fn funnel(impact: &Impact) -> Figure {
    let coverage = &impact.coverage;
    let steps = [
        ("received", coverage.raw),
        ("distinct events", coverage.distinct),
        ("inside the window", coverage.in_window),
        ("by the accessing side", coverage.by_attackers),
        ("direct accesses", impact.summary.accesses),
        ("distinct records", impact.summary.records),
    ];
    let most = steps.iter().map(|(_, count)| doublings(*count)).max().unwrap_or_default();
    let mut shapes = Vec::new();
    let mut y = 0_i64;
    for (label, count) in steps {
        let length = WIDTH.saturating_sub(LEFT).saturating_sub(NUMBER);
        let w = scaled(doublings(count), most, length).max(i64::from(count > 0).saturating_mul(2));
        let baseline = y.saturating_add(19);
        let behind = LEFT.saturating_add(w).saturating_add(8);
        shapes.push(Shape::label(LEFT.saturating_sub(12), baseline, "end", label));
        shapes.push(Shape::Bar { x: LEFT, y: y.saturating_add(5), w, h: 20, style: "seen" });
        shapes.push(Shape::label(behind, baseline, "start", count.to_string()));
        y = y.saturating_add(ROW);
    }
    Figure {
        caption: Text::own("From what was received to what counts (bar lengths are logarithmic)"),
        width: WIDTH,
        height: y,
        shapes,
        legend: Vec::new(),
        twin: Table::new("The steps in numbers", &["Step", "#Count"], "impact.json", &steps, |(label, count)| {
            vec![Text::own(label), Text::own(count)]
        }),
    }
}

/// The binary logarithm of `count + 1` in [`PARTS`], straight between powers of two.
fn doublings(count: u64) -> i64 {
    let count = count.saturating_add(1);
    let power = count.checked_ilog2().unwrap_or_default();
    let floor = 1_u64.checked_shl(power).unwrap_or(1);
    let above = i64::try_from(count.saturating_sub(floor)).unwrap_or(i64::MAX);
    let part = scaled(above, i64::try_from(floor).unwrap_or(i64::MAX), PARTS);
    i64::from(power).saturating_mul(PARTS).saturating_add(part)
}
