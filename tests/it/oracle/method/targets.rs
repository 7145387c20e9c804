//! Section 0: the records that an event names, and how many.

use super::event::{Record, Target};
use super::{Ids, Question, json};
use serde_json::Value;
use std::collections::BTreeSet;

/// `6F96…` of a UUID in lower case; every other id as it is.
pub(crate) fn canonical_id(id: &str) -> String {
    let dashes = [8, 13, 18, 23];
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(i, b)| if dashes.contains(&i) { b == b'-' } else { b.is_ascii_hexdigit() });
    if is_uuid { id.to_ascii_lowercase() } else { id.to_owned() }
}

/// The ids that a value holds: text, a number, or a list of these; nothing else is an id.
pub(crate) fn ids(value: Option<&Value>) -> Option<Vec<String>> {
    let one = |v: &Value| match v {
        Value::String(_) | Value::Number(_) => Some(json::word(v)),
        Value::Null => Some(String::new()),
        _ => None,
    };
    let all = match value {
        None => Vec::new(),
        Some(Value::Array(all)) => all.iter().map(one).collect::<Option<Vec<_>>>()?,
        Some(v) => vec![one(v)?],
    };
    Some(all.into_iter().filter(|id| !id.is_empty()).collect())
}

/// The records that an event names, none twice in one relation.
pub(crate) fn targets(v: &Value, question: &Question) -> Option<Vec<Target>> {
    let kind = json::text(v, "resource.type");
    let parent_kind = json::text(v, "resource.parent.type");
    let parent_id = json::text(v, "resource.parent.id");
    let parent = Some(Record { org: String::new(), kind: parent_kind, id: canonical_id(&parent_id) })
        .filter(|p| !p.id.is_empty() && !p.kind.is_empty());
    let set = |org: String| Some(question.name(&org)).filter(|org| !org.is_empty()).into_iter().collect::<Ids>();
    let mut found: Vec<(String, String, Ids, Option<Record>, bool, bool)> = Vec::new();
    for id in ids(json::at(v, "resource.id"))? {
        found.push((kind.clone(), id, set(json::text(v, "resource.org_id")), parent.clone(), false, false));
    }
    for (path, returned) in [("metadata.returned_ids", true), ("metadata.affected_ids", false)] {
        for item in json::at(v, path).and_then(Value::as_array).into_iter().flatten() {
            if item.is_object() {
                let own = Some(json::text(item, "type")).filter(|t| !t.is_empty()).unwrap_or_else(|| kind.clone());
                for id in ids(item.get("id"))? {
                    found.push((own.clone(), id, set(json::text(item, "org_id")), None, returned, true));
                }
            } else {
                for id in ids(Some(item))? {
                    found.push((kind.clone(), id, Ids::new(), None, returned, true));
                }
            }
        }
    }
    let mut targets: Vec<Target> = Vec::new();
    for (kind, id, orgs, parent, returned, listed) in found {
        let org = if question.per_org { orgs.first().cloned().unwrap_or_default() } else { String::new() };
        let record = Record { org, kind, id: canonical_id(&id) };
        match targets.iter_mut().find(|t| t.record == record && t.returned == returned) {
            Some(same) => {
                same.orgs.extend(orgs);
                same.parent = same.parent.clone().or(parent);
                same.listed |= listed;
            }
            None => targets.push(Target { record, orgs, parent, returned, listed }),
        }
    }
    Some(without_containers(targets))
}

/// A container listed beside a record inside it is no target; its organisation is the record's, where that has none.
fn without_containers(mut targets: Vec<Target>) -> Vec<Target> {
    let parents: Vec<Record> = targets.iter().filter_map(|t| t.parent.clone()).collect();
    let named: Vec<(Record, Ids)> = targets.iter().map(|t| (t.record.clone(), t.orgs.clone())).collect();
    for target in &mut targets {
        for (record, orgs) in &named {
            if target.orgs.is_empty() && target.parent.as_ref() == Some(record) {
                target.orgs.clone_from(orgs);
            }
        }
    }
    targets.retain(|t| !parents.contains(&t.record));
    targets
}

/// A count, less the repeats of a list of which it covers every entry.
pub(crate) fn counted(v: &Value, count: &str, list: &str) -> Option<i64> {
    let counted = json::count(v, count)?;
    let entries: Vec<(String, String)> =
        json::at(v, list).and_then(Value::as_array).into_iter().flatten().map(entry).collect();
    let entries: Vec<_> = entries.into_iter().filter(|(_, id)| !id.is_empty()).collect();
    let distinct: BTreeSet<_> = entries.iter().collect();
    let length = |n: usize| i64::try_from(n).unwrap();
    let repeats = length(entries.len()) - length(distinct.len());
    Some(if counted >= length(entries.len()) { counted - repeats } else { counted })
}

/// Type and id of an entry of a list.
fn entry(item: &Value) -> (String, String) {
    if item.is_object() {
        (json::text(item, "type"), canonical_id(&json::text(item, "id")))
    } else {
        (String::new(), canonical_id(&json::word(item)))
    }
}
