//! Record types against access classes: which data, and what was done to it.

use crate::model::{AccessClass, Impact};
use crate::report::text::Text;
use serde::Serialize;
use std::collections::BTreeMap;

/// Distinct records by type and strongest class; the shade of a cell says how many, and so does its number.
#[derive(Serialize)]
pub(in crate::report) struct Matrix {
    /// What the cells count.
    pub(in crate::report) caption: Text,
    /// The classes that occur, strongest first.
    pub(in crate::report) classes: Vec<&'static str>,
    /// One row per type, then the sums.
    pub(in crate::report) rows: Vec<Row>,
}

/// One record type.
#[derive(Serialize)]
pub(in crate::report) struct Row {
    /// The type.
    pub(in crate::report) label: Text,
    /// A count for each class, then the sum.
    pub(in crate::report) cells: Vec<Cell>,
    /// Whether this row sums the others.
    pub(in crate::report) sum: bool,
}

/// One count.
#[derive(Clone, Copy, Default, Serialize)]
pub(in crate::report) struct Cell {
    /// Distinct records.
    pub(in crate::report) count: u64,
    /// 0 for none, then 1 to 4 by powers of eight; sums have none.
    pub(in crate::report) shade: u32,
}

/// The matrix of the ledger.
pub(super) fn matrix(impact: &Impact) -> Matrix {
    let mut counts: BTreeMap<&str, BTreeMap<AccessClass, u64>> = BTreeMap::new();
    let mut sums: BTreeMap<AccessClass, u64> = BTreeMap::new();
    for row in &impact.records {
        add(counts.entry(&row.record.record_type).or_default(), row.class);
        add(&mut sums, row.class);
    }
    let classes: Vec<AccessClass> = sums.keys().copied().collect();
    let mut rows: Vec<Row> =
        counts.iter().map(|(kind, counts)| line(Text::of(*kind), counts, &classes, false)).collect();
    rows.push(line(Text::own("all types"), &sums, &classes, true));
    Matrix {
        caption: Text::own("Distinct records by type and strongest access class"),
        classes: classes.iter().map(|class| class.as_str()).collect(),
        rows,
    }
}

fn add(counts: &mut BTreeMap<AccessClass, u64>, class: AccessClass) {
    let count = counts.entry(class).or_default();
    *count = count.saturating_add(1);
}

fn line(label: Text, counts: &BTreeMap<AccessClass, u64>, classes: &[AccessClass], sum: bool) -> Row {
    let cell = |class: &AccessClass| {
        let count = counts.get(class).copied().unwrap_or_default();
        Cell { count, shade: if sum { 0 } else { shade(count) } }
    };
    let mut cells: Vec<Cell> = classes.iter().map(cell).collect();
    let total = cells.iter().fold(0_u64, |total, cell| total.saturating_add(cell.count));
    cells.push(Cell { count: total, shade: 0 });
    Row { label, cells, sum }
}

/// Powers of eight: one, a few, dozens, hundreds look different, and thousands need no fifth shade.
const fn shade(count: u64) -> u32 {
    match count {
        0 => 0,
        1..=7 => 1,
        8..=63 => 2,
        64..=511 => 3,
        _ => 4,
    }
}
