//! Every way to a value in the records, and what stands there.

use super::shape::{self, Shape};
use crate::wire::Json;
use std::collections::{BTreeMap, BTreeSet};

/// Ways followed; a log whose members are named by data has no end of them.
const MOST: usize = 1_000;
/// Distinct values remembered of each.
const VALUES: usize = 400;
/// Deeper values are no columns.
const DEPTH: usize = 6;

/// One way through a record, as a profile writes it, and its values.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    pub(super) path: String,
    /// Values found, in all records.
    pub(super) count: usize,
    /// Different ones, in their order; not all of very many.
    pub(super) values: BTreeSet<String>,
    /// What the first value looks like, where all look alike.
    pub(super) shape: Option<Shape>,
    mixed: bool,
    order: usize,
}

/// The fields of some records, in the order in which they first appear.
pub(super) fn of(records: &[Json]) -> Vec<Field> {
    let mut fields: BTreeMap<String, Field> = BTreeMap::new();
    for record in records {
        walk(record, "", 0, &mut fields);
    }
    let mut fields: Vec<Field> = fields.into_values().collect();
    fields.sort_by_key(|field| field.order);
    fields
}

fn walk(value: &Json, path: &str, depth: usize, fields: &mut BTreeMap<String, Field>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Json::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| can_be_written(name)) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(value, &path, depth.saturating_add(1), fields);
            }
        }
        // A list inside a list has no way of its own in a profile.
        Json::Array(items) if !path.contains("[]") => {
            let path = format!("{path}[]");
            for item in items {
                walk(item, &path, depth.saturating_add(1), fields);
            }
        }
        Json::Null | Json::Array(_) => {}
        Json::Bool(_) | Json::Number(_) | Json::Text(_) => {
            if let Some(text) = value.scalar() {
                note(&text, path, fields);
            }
        }
    }
}

fn note(text: &str, path: &str, fields: &mut BTreeMap<String, Field>) {
    let order = fields.len();
    if order >= MOST && !fields.contains_key(path) {
        return;
    }
    let field =
        fields.entry(path.to_owned()).or_insert_with(|| Field { path: path.to_owned(), order, ..Field::default() });
    field.count = field.count.saturating_add(1);
    let shape = shape::of(text);
    match field.shape {
        None if !field.mixed => field.shape = Some(shape),
        Some(known) if known != shape => (field.shape, field.mixed) = (None, true),
        Some(_) | None => {}
    }
    if field.values.len() < VALUES {
        field.values.insert(text.to_owned());
    }
}

/// Whether a name can stand in a path: the language has signs of its own.
fn can_be_written(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "_-@$:/".contains(c);
    !name.is_empty() && name.chars().all(plain)
}
