//! Rows of a query for people, spreadsheets and programs.

use super::status::{Failure, Status};
use crate::cli::Format;
use crate::reconstruct::{Cell, Grid};
use crate::report::escape::csv::guard;
use crate::report::escape::json::visible;
use crate::report::escape::terminal::clean;
use serde_json::{Map, Value};

/// The rows in a format.
pub(super) fn render(grid: &Grid, format: Format) -> String {
    match format {
        Format::Table => table(grid),
        Format::Csv => csv(grid).unwrap_or_else(|failure| failure.message),
        Format::Ndjson => grid.rows.iter().fold(String::new(), |text, row| {
            text + &visible(&object(grid, row).to_string())
                + "
"
        }),
    }
}

/// A two-column answer as one JSON object: first column to second.
pub(super) fn pairs(grid: &Grid) -> Value {
    let pair = |row: &Vec<Cell>| match row.as_slice() {
        [key, value, ..] => Some((text(key), json(value))),
        _ => None,
    };
    Value::Object(grid.rows.iter().filter_map(pair).collect())
}

fn table(grid: &Grid) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_BORDERS_ONLY);
    table.set_header(grid.columns.iter().map(|name| clean(name)));
    for row in &grid.rows {
        table.add_row(row.iter().map(|cell| clean(&text(cell))));
    }
    format!("{table}\n")
}

fn csv(grid: &Grid) -> Result<String, Failure> {
    let failed = |error: csv::Error| Failure::new(Status::Internal, error.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(&grid.columns).map_err(failed)?;
    for row in &grid.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(value) => guard(value),
            Cell::Null | Cell::Int(_) | Cell::Float(_) | Cell::Bool(_) => text(cell),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::new(Status::Internal, error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn object(grid: &Grid, row: &[Cell]) -> Value {
    let members: Map<String, Value> = grid.columns.iter().cloned().zip(row.iter().map(json)).collect();
    Value::Object(members)
}

fn json(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(n) => Value::from(*n),
        Cell::Float(n) => Value::from(*n),
        Cell::Bool(b) => Value::from(*b),
        Cell::Text(text) => Value::from(text.as_str()),
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Int(n) => n.to_string(),
        Cell::Float(n) => n.to_string(),
        Cell::Bool(b) => b.to_string(),
        Cell::Text(text) => text.clone(),
    }
}
