//! Direct accesses over time: when it began, when it peaked, whether it stopped.

use super::{Figure, Shape, WIDTH, minute, scaled};
use crate::model::{Access, AccessClass, Impact, Moment, Standing};
use crate::report::reading::Table;
use crate::report::text::Text;
use std::collections::BTreeMap;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// Widths that people think in, with their names.
const STEPS: [(i64, &str); 10] = [
    (SECOND, "second"),
    (10 * SECOND, "10 seconds"),
    (60 * SECOND, "minute"),
    (600 * SECOND, "10 minutes"),
    (HOUR, "hour"),
    (6 * HOUR, "6 hours"),
    (DAY, "day"),
    (7 * DAY, "7 days"),
    (28 * DAY, "28 days"),
    (364 * DAY, "364 days"),
];
/// More bars than this are too thin to tell apart in print.
const BARS: i64 = 72;
/// Height of the plot.
const PLOT: i64 = 140;
/// Room for the number at the axis.
const AXIS: i64 = 44;
/// Where the plot begins.
const TOP: i64 = 12;

/// What kinds of access look like, from the ground up: style and meaning.
const LEGEND: [(&str, &str); 3] = [
    ("changed", "deleted or modified"),
    ("taken", "exported or unclassified"),
    ("seen", "read, searched, listed, created"),
];

/// Counts of one bar, in the order of the legend.
type Bar = [i64; 3];

/// The drawing; none without an access whose time is known.
pub(in crate::report) fn histogram(impact: &Impact) -> Option<Figure> {
    let direct = |a: &&Access| a.standing == Standing::Direct;
    let times: Vec<(i64, AccessClass)> =
        impact.accesses.iter().filter(direct).filter_map(|a| Some((a.time?.micros(), a.class))).collect();
    let first = times.iter().map(|(time, _)| *time).min()?;
    let last = times.iter().map(|(time, _)| *time).max()?;
    let (step, name) = step(first, last)?;
    let mut bars: BTreeMap<i64, Bar> = BTreeMap::new();
    for (time, class) in times {
        let bar = bars.entry(time.div_euclid(step)).or_default();
        if let Some(count) = bar.get_mut(level(class)) {
            *count = count.saturating_add(1);
        }
    }
    let rows: Vec<(Moment, Bar)> =
        bars.iter().map(|(slot, bar)| (Moment::from_micros(slot.saturating_mul(step)), *bar)).collect();
    Some(Figure {
        caption: Text::own(format!("Direct accesses per {name}, UTC")),
        width: WIDTH,
        height: PLOT.saturating_add(TOP).saturating_add(26),
        shapes: shapes(&bars, step),
        legend: LEGEND.to_vec(),
        twin: Table::new(
            &format!("Direct accesses per {name}; times without any are left out"),
            &["From", "#Deleted or modified", "#Exported or unclassified", "#Read, searched, listed, created"],
            "accesses.csv",
            &rows,
            |(from, [changed, taken, seen])| {
                vec![Text::at(*from), Text::own(changed), Text::own(taken), Text::own(seen)]
            },
        ),
    })
}

/// The smallest step that needs no more than [`BARS`] bars; the largest when none does.
fn step(first: i64, last: i64) -> Option<(i64, &'static str)> {
    let fits = |step: i64| last.div_euclid(step).saturating_sub(first.div_euclid(step)) < BARS;
    STEPS.into_iter().find(|(step, _)| fits(*step)).or(STEPS.last().copied())
}

/// Where a class stands in a bar.
const fn level(class: AccessClass) -> usize {
    match class {
        AccessClass::Deleted | AccessClass::Modified => 0,
        AccessClass::Exported | AccessClass::Unclassified => 1,
        AccessClass::Read | AccessClass::Searched | AccessClass::Listed | AccessClass::Created => 2,
    }
}

/// Bars, ground line and axis.
fn shapes(bars: &BTreeMap<i64, Bar>, step: i64) -> Vec<Shape> {
    let (Some(first), Some(last)) = (bars.keys().next().copied(), bars.keys().last().copied()) else {
        return Vec::new();
    };
    let slots = last.saturating_sub(first).saturating_add(1);
    let most = bars.values().map(height).max().unwrap_or_default();
    let plot = WIDTH.saturating_sub(AXIS);
    let ground = TOP.saturating_add(PLOT);
    let edge = |slot: i64| AXIS.saturating_add(scaled(slot.saturating_sub(first), slots, plot));
    let mut shapes = vec![
        Shape::Line { x: AXIS, y: TOP, w: plot },
        Shape::label(AXIS.saturating_sub(8), TOP.saturating_add(4), "end", most.to_string()),
        Shape::label(AXIS.saturating_sub(8), ground.saturating_add(4), "end", "0"),
    ];
    for (slot, bar) in bars {
        let x = edge(*slot);
        // One lone bar across the whole plot would look like a continuous span.
        let w = edge(slot.saturating_add(1)).saturating_sub(x).saturating_sub(1).clamp(1, 40);
        let mut below = 0_i64;
        for (count, (style, _)) in bar.iter().zip(LEGEND) {
            let from = scaled(below, most, PLOT);
            below = below.saturating_add(*count);
            let to = scaled(below, most, PLOT);
            if to > from {
                let y = ground.saturating_sub(to);
                shapes.push(Shape::Bar { x, y, w, h: to.saturating_sub(from), style });
            }
        }
    }
    shapes.push(Shape::Line { x: AXIS, y: ground, w: plot });
    let at = |slot: i64| minute(Moment::from_micros(slot.saturating_mul(step)));
    let below = ground.saturating_add(19);
    shapes.push(Shape::label(AXIS, below, "start", at(first)));
    if slots > 1 {
        shapes.push(Shape::label(WIDTH, below, "end", at(last.saturating_add(1))));
    }
    shapes
}

fn height(bar: &Bar) -> i64 {
    bar.iter().fold(0, |sum, count| sum.saturating_add(*count))
}
