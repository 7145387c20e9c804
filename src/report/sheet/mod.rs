//! The papers for spreadsheets and joins: one CSV a table, columns as the contract has them.

mod aside;
mod ledger;

use super::ReportError;
use super::escape::csv::{guard, join};
use crate::model::{Impact, Moment};
use std::fmt::Display;

/// One CSV paper.
pub(super) struct Sheet {
    /// The file's name.
    pub(super) name: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

/// One value; the order of cells is the order of rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    /// Unknown.
    Empty,
    /// A number of ours.
    Number(i128),
    /// A word, time or place of ours: never guarded.
    Own(String),
    /// Text that came from a log: guarded.
    Log(String),
}

/// Every CSV paper, the ledger first.
pub(super) fn all(impact: &Impact) -> Vec<Sheet> {
    vec![
        ledger::records(&impact.records),
        ledger::accesses(&impact.accesses),
        ledger::attempts(&impact.attempts),
        ledger::bulk(&impact.bulk),
        ledger::unresolved(&impact.unresolved),
        aside::actors(&impact.actors),
        aside::leads(&impact.leads),
        aside::quarantine(&impact.quarantine),
        aside::conflicts(&impact.conflicts),
    ]
}

impl Sheet {
    /// A sheet in the order of its cells, which is total.
    fn sorted(name: &'static str, columns: &'static [&'static str], mut rows: Vec<Vec<Cell>>) -> Self {
        rows.sort_unstable();
        Self { name, columns, rows }
    }

    /// A sheet whose rows are in their order already.
    pub(super) fn ordered(name: &'static str, columns: &'static [&'static str], rows: Vec<Vec<Cell>>) -> Self {
        Self { name, columns, rows }
    }

    /// The paper's bytes: RFC 4180, UTF-8, with a header always.
    pub(super) fn render(&self) -> Result<Vec<u8>, ReportError> {
        let failed = |source| ReportError::Csv { paper: self.name, source };
        let mut bytes = Vec::new();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        writer.write_record(self.columns).map_err(failed)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::text)).map_err(failed)?;
        }
        writer.flush().map_err(|error| failed(error.into()))?;
        drop(writer);
        Ok(bytes)
    }
}

impl Cell {
    /// The cell as it stands in the file.
    fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Own(text) => text.clone(),
            Self::Log(text) => guard(text),
        }
    }
}

pub(super) fn own(value: impl Display) -> Cell {
    Cell::Own(value.to_string())
}

pub(super) fn time(value: Option<Moment>) -> Cell {
    value.map_or(Cell::Empty, own)
}

pub(super) fn number(value: impl Into<i128>) -> Cell {
    Cell::Number(value.into())
}

pub(super) fn maybe(value: Option<i64>) -> Cell {
    value.map_or(Cell::Empty, number)
}

pub(super) fn log(value: &str) -> Cell {
    Cell::Log(value.to_owned())
}

/// Several values of a log in one cell.
pub(super) fn logs(values: &[String]) -> Cell {
    Cell::Log(join(values))
}

/// Several values of ours in one cell.
pub(super) fn owns<T: Display>(values: &[T]) -> Cell {
    Cell::Own(join(values.iter().map(ToString::to_string)))
}
