//! Which field is which column.

use super::fields::Field;
use super::names::{self, ACTORS, TARGETS, bare};
use super::shape::{self, Shape};
use crate::model::Outcome;
use std::collections::BTreeMap;

/// Columns looked for, in the order in which a profile tells them.
pub(super) const COLUMNS: [&str; 19] = [
    "id",
    "time",
    "log_org",
    "actor_id",
    "actor_type",
    "actor_org",
    "impersonator_id",
    "impersonator_org",
    "credential_id",
    "session_id",
    "job_id",
    "source_ip",
    "user_agent",
    "action",
    "http_status",
    "request_id",
    "returned_count",
    "total_count",
    "outcome",
];

/// What was picked.
pub(super) struct Picked<'f> {
    /// Candidates of each column, the best first.
    pub(super) columns: BTreeMap<&'static str, Vec<&'f Field>>,
    /// The record acted on: id, type, organisation, container.
    pub(super) target: BTreeMap<&'static str, &'f Field>,
    /// Lists of records: the way to the items, and fields below it.
    pub(super) lists: Vec<List<'f>>,
    /// The member that every record of this kind has.
    pub(super) fits: Option<String>,
}

/// A list that names records.
pub(super) struct List<'f> {
    /// `metadata.returned_ids[]`.
    pub(super) each: String,
    /// The id below an item; none where the item is the id.
    pub(super) id: Option<&'f str>,
    /// The kind below an item.
    pub(super) kind: Option<&'f str>,
    /// Whether the records were handed out and not acted on.
    pub(super) returned: bool,
}

impl<'f> Picked<'f> {
    pub(super) fn of(fields: &'f [Field], records: usize) -> Self {
        let mut columns: BTreeMap<&'static str, Vec<&Field>> = BTreeMap::new();
        for column in COLUMNS {
            let found = candidates(column, fields, records, |field| suits(column, field, records));
            if !found.is_empty() {
                columns.insert(column, found);
            }
        }
        let target = target(fields, records);
        let best = |column: &str| columns.get(column).and_then(|found| found.first());
        let top = |field: &&Field| field.path.split('.').next().unwrap_or_default().to_owned();
        let fits = best("action").or_else(|| best("time")).map(top);
        Self { target, lists: lists(fields), fits, columns }
    }

    /// The best candidate of a column.
    pub(super) fn best(&self, column: &str) -> Option<&'f Field> {
        self.columns.get(column).and_then(|found| found.first()).copied()
    }
}

/// Fields that have a name of the column and suit it: those that most records have first, then by the name, then by depth.
fn candidates<'f>(column: &str, fields: &'f [Field], records: usize, suits: impl Fn(&Field) -> bool) -> Vec<&'f Field> {
    let names = names::of(column);
    let rank = |field: &Field| {
        let parts: Vec<String> = field.path.split('.').map(bare).collect();
        let ends: Vec<String> = (0..parts.len()).filter_map(|from| parts.get(from..)).map(<[String]>::concat).collect();
        let place = names.iter().position(|name| ends.contains(name))?;
        let share = field.count.saturating_mul(10).checked_div(records.max(1)).unwrap_or(0);
        let rare = if share >= 9 { 0 } else { 10_usize.saturating_sub(share) };
        Some((rare, place, parts.len()))
    };
    let mut found: Vec<((usize, usize, usize), &Field)> = fields
        .iter()
        .filter(|field| field.is_plain() && suits(field))
        .filter_map(|field| rank(field).map(|rank| (rank, field)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, field)| field).collect()
}

fn suits(column: &str, field: &Field, records: usize) -> bool {
    let parts: Vec<String> = field.path.split('.').map(bare).collect();
    let above = parts.split_last().map_or(&[][..], |(_, above)| above);
    let under = |names: &[&str]| above.iter().any(|part| names.iter().any(|name| part.starts_with(name)));
    let (of_actor, of_target) = (under(&ACTORS), under(&TARGETS));
    // What stands deep inside something else is a column of that, and not of the event.
    let of_event = above.iter().all(|part| names::EVENTS.contains(&part.as_str()));
    match column {
        "id" => of_event && field.values.len().saturating_mul(2) > field.count.min(400),
        "time" => {
            let times = field.values.iter().filter(|value| shape::is_time(value)).count();
            times > 0 && times.saturating_mul(5) >= field.values.len().saturating_mul(4)
        }
        "log_org" => !of_actor && !of_target && above.iter().all(|part| holds_org(part)),
        "action" => of_event && is_action(field, records),
        "outcome" => !of_target && field.values.iter().any(|value| outcome(value).is_some()),
        "http_status" => field.values.iter().all(|value| value.parse::<u16>().is_ok_and(|n| (100..600).contains(&n))),
        "returned_count" | "total_count" => field.values.iter().all(|value| value.parse::<u64>().is_ok()),
        "source_ip" => field.shape != Some(Shape::Number) && field.shape != Some(Shape::Flag),
        "actor_id" | "actor_type" | "actor_org" => !of_target && !field.path.to_lowercase().contains("impersonat"),
        _ => true,
    }
}

/// Whether a member may hold the organisation of the whole event.
fn holds_org(part: &str) -> bool {
    let own =
        ["context", "id", "organization", "organisation", "org", "tenant", "account", "workspace", "team", "customer"];
    names::EVENTS.contains(&part) || own.contains(&part)
}

/// Few different words, many records: what is done, and neither an id nor a time.
fn is_action(field: &Field, records: usize) -> bool {
    let words = matches!(field.shape, Some(Shape::Word | Shape::Text) | None);
    words && (records < 20 || field.values.len() < records.saturating_div(2).max(10))
}

/// What an outcome's value says.
pub(super) fn outcome(value: &str) -> Option<Outcome> {
    match value.to_lowercase().as_str() {
        "success" | "succeeded" | "successful" | "ok" | "allow" | "allowed" | "true" => Some(Outcome::Success),
        "denied" | "deny" | "forbidden" | "unauthorized" | "unauthorised" | "refused" => Some(Outcome::Denied),
        "failure" | "failed" | "fail" | "error" | "false" => Some(Outcome::Failure),
        _ => None,
    }
}

fn target(fields: &[Field], records: usize) -> BTreeMap<&'static str, &Field> {
    let mut found = BTreeMap::new();
    for column in ["target_id", "target_type", "target_org", "target_parent", "target_parent_type"] {
        let suits = |field: &Field| !matches!(field.shape, Some(Shape::Time | Shape::Flag));
        if let Some(field) = candidates(column, fields, records, suits).first() {
            found.insert(column, *field);
        }
    }
    found
}

/// Lists whose name says that they hold records or their ids.
fn lists(fields: &[Field]) -> Vec<List<'_>> {
    let mut lists: Vec<List<'_>> = Vec::new();
    for field in fields {
        let Some((before, after)) = field.path.split_once("[]") else { continue };
        let name = bare(before.rsplit('.').next().unwrap_or_default());
        let of_records = TARGETS.iter().any(|target| name.starts_with(target)) || name.ends_with("ids");
        let each = format!("{before}[]");
        if !of_records || matches!(field.shape, Some(Shape::Time | Shape::Flag)) {
            continue;
        }
        let below = after.strip_prefix('.');
        let (id, kind) = match below.map(bare).as_deref() {
            None | Some("id" | "uuid" | "uid" | "key") => (true, false),
            Some("type" | "kind") => (false, true),
            Some(_) => (false, false),
        };
        if !id && !kind {
            continue;
        }
        let returned = ["returned", "result", "viewed", "listed", "read"].iter().any(|word| name.contains(word));
        let known = lists.iter().position(|list| list.each == each);
        let at = known.unwrap_or_else(|| {
            lists.push(List { each, id: None, kind: None, returned });
            lists.len().saturating_sub(1)
        });
        if let Some(list) = lists.get_mut(at) {
            if id {
                list.id = below.or(list.id);
            } else {
                list.kind = below;
            }
        }
    }
    // A list of kinds without ids names nothing.
    lists.retain(|list| list.id.is_some() || list.kind.is_none());
    lists
}
