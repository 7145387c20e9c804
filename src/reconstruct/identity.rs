//! Rule 4: what is one event, delivered how often, in how many versions.

use crate::model::{
    Conflict, ConflictKind, Decoded, Event, Moment, OrgId, Outcome, Phase, RecordKey, Row, Tables, Target, hex, wide,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Joins repeated deliveries; every conflict is listed, nothing is dropped.
pub fn distinct(decoded: Decoded) -> Tables {
    let raw = decoded.rows.len().saturating_add(decoded.quarantine.len());
    let mut tables = Tables {
        quarantine: decoded.quarantine,
        raw: wide(raw),
        cut_short: decoded.continued > 0 && decoded.ending == 0,
        ..Tables::default()
    };
    tables.quarantine.sort();
    let (with_id, without_id) = decoded.rows.into_iter().partition(|row: &Row| !row.event.source_id.is_empty());
    let mut rows = by_id(with_id, &mut tables.conflicts);
    rows.extend(by_content(without_id));
    rows.sort_by(|a, b| order(&a.event).cmp(&order(&b.event)));
    for row in rows {
        let index = tables.events.len();
        tables.targets.extend(row.targets.into_iter().map(|target| Target { event: index, ..target }));
        tables.events.push(row.event);
    }
    tables
}

fn order(event: &Event) -> (bool, Option<Moment>, Option<&OrgId>, &str, &str) {
    (event.time.is_none(), event.time, event.log_org.as_ref(), &event.source_id, &event.key)
}

type LogKey = (Option<OrgId>, String);

fn by_id(rows: Vec<Row>, conflicts: &mut Vec<Conflict>) -> Vec<Row> {
    // Two phases of one action may share an id.
    let mut groups: BTreeMap<(LogKey, Phase), Vec<Row>> = BTreeMap::new();
    for row in rows {
        let key = (row.event.log_org.clone(), row.event.source_id.clone());
        groups.entry((key, row.event.phase)).or_default().push(row);
    }
    let mut out = Vec::new();
    for (_, mut group) in groups {
        if group.len() == 1 {
            out.extend(group.pop().map(|row| single(row, 0)));
            continue;
        }
        let contents = by_hash(group);
        let differing = contents.len() > 1;
        let mut clusters: BTreeMap<Sameness, Vec<Row>> = BTreeMap::new();
        for row in contents {
            clusters.entry(sameness(&row)).or_default().push(row);
        }
        if differing {
            conflicts.push(conflict(&clusters));
        }
        out.extend(clusters.into_values().map(|versions| merge(versions, differing)));
    }
    out
}

/// One row for each content, with every place where it was delivered.
fn by_hash(rows: Vec<Row>) -> Vec<Row> {
    let mut contents: BTreeMap<String, Row> = BTreeMap::new();
    for row in rows {
        match contents.get_mut(&row.event.content_hash) {
            Some(known) => known.event.refs.extend(row.event.refs),
            None => {
                contents.insert(row.event.content_hash.clone(), row);
            }
        }
    }
    contents.into_values().collect()
}

/// What two versions of one event must agree on.
type Sameness = (Option<Moment>, String, Option<OrgId>, String, BTreeSet<RecordKey>);

fn sameness(row: &Row) -> Sameness {
    let Event { time, actor_id, actor_org, action, .. } = &row.event;
    let records = row.targets.iter().map(|t| t.record.clone()).collect();
    (*time, actor_id.clone(), actor_org.clone(), action.clone(), records)
}

/// Joins versions of one event; where they disagree on what counts, the event is disputed.
fn merge(versions: Vec<Row>, in_conflict: bool) -> Row {
    let hashes: Vec<String> = versions.iter().map(|v| v.event.content_hash.clone()).collect();
    let mut versions = versions.into_iter();
    let Some(mut first) = versions.next() else { return Row { event: Event::default(), targets: Vec::new() } };
    for other in versions {
        absorb(&mut first, other);
    }
    first.event.disagreement.any = in_conflict;
    finish(first, &hashes, 0)
}

fn absorb(first: &mut Row, other: Row) {
    fill(&mut first.event, &other.event);
    first.event.refs.extend(other.event.refs);
    if first.event.outcome != other.event.outcome {
        first.event.outcome = Outcome::Unknown;
        first.event.disagreement.outcome = true;
    }
    if first.event.effective_actor_org != other.event.effective_actor_org {
        first.event.disagreement.orgs = true;
    }
    first.event.repeats = first.event.repeats.max(other.event.repeats);
    for target in other.targets {
        let same = |t: &&mut Target| t.record == target.record && t.relation == target.relation;
        let Some(known) = first.targets.iter_mut().find(same) else { continue };
        match (&known.record_org, &target.record_org) {
            (None, Some(_)) => known.record_org = target.record_org,
            // Versions that name different owners are both claims.
            (Some(one), Some(other)) if one != other => {
                first.event.disagreement.orgs = true;
                first.targets.push(target);
            }
            _ => {}
        }
    }
}

/// What one version does not say, another may.
fn fill(event: &mut Event, other: &Event) {
    let texts: [(&mut String, &String); 14] = [
        (&mut event.actor_type, &other.actor_type),
        (&mut event.effective_actor_id, &other.effective_actor_id),
        (&mut event.credential_id, &other.credential_id),
        (&mut event.session_id, &other.session_id),
        (&mut event.job_id, &other.job_id),
        (&mut event.source_ip, &other.source_ip),
        (&mut event.outcome_reason, &other.outcome_reason),
        (&mut event.request_id, &other.request_id),
        (&mut event.filter, &other.filter),
        (&mut event.returned_hash, &other.returned_hash),
        (&mut event.page_of, &other.page_of),
        (&mut event.cursor, &other.cursor),
        (&mut event.scope_type, &other.scope_type),
        (&mut event.scope_id, &other.scope_id),
    ];
    for (text, other) in texts.into_iter().filter(|(text, _)| text.is_empty()) {
        text.clone_from(other);
    }
    let orgs = [
        (&mut event.effective_actor_org, &other.effective_actor_org),
        (&mut event.scope_org, &other.scope_org),
        (&mut event.from_org, &other.from_org),
        (&mut event.to_org, &other.to_org),
    ];
    for (org, other) in orgs.into_iter().filter(|(org, _)| org.is_none()) {
        org.clone_from(other);
    }
    event.http_status = event.http_status.or(other.http_status);
    event.returned_count = event.returned_count.max(other.returned_count);
    event.total_count = event.total_count.max(other.total_count);
}

fn conflict(clusters: &BTreeMap<Sameness, Vec<Row>>) -> Conflict {
    let rows: Vec<&Row> = clusters.values().flatten().collect();
    let kind = if clusters.len() > 1 { ConflictKind::Distinct } else { ConflictKind::Versions };
    let mut places: Vec<_> = rows.iter().flat_map(|row| row.event.refs.iter().copied()).collect();
    places.sort_unstable();
    let (log_org, source_id) = rows.first().map_or_else(Default::default, |row| {
        (row.event.log_org.as_ref().map(ToString::to_string).unwrap_or_default(), row.event.source_id.clone())
    });
    Conflict { log_org, source_id, kind, fields: differing_fields(&rows), places }
}

/// A normalised column: its name, and its value as text.
type Column = (&'static str, fn(&Row) -> String);

fn differing_fields(rows: &[&Row]) -> Vec<String> {
    let columns: [Column; 11] = [
        ("time", |r| format!("{:?}", r.event.time)),
        ("actor_id", |r| r.event.actor_id.clone()),
        ("actor_type", |r| r.event.actor_type.clone()),
        ("actor_org", |r| format!("{:?}", r.event.actor_org)),
        ("action", |r| r.event.action.clone()),
        ("outcome", |r| r.event.outcome.to_string()),
        ("source_ip", |r| r.event.source_ip.clone()),
        ("user_agent", |r| r.event.user_agent.clone()),
        ("credential_id", |r| r.event.credential_id.clone()),
        ("request_id", |r| r.event.request_id.clone()),
        ("targets", |r| format!("{:?}", r.targets.iter().map(|t| (&t.record, &t.record_org)).collect::<Vec<_>>())),
    ];
    let differs = |value: fn(&Row) -> String| rows.iter().map(|r| value(r)).collect::<BTreeSet<_>>().len() > 1;
    let fields: Vec<_> =
        columns.iter().filter(|(_, value)| differs(*value)).map(|(name, _)| (*name).to_owned()).collect();
    if fields.is_empty() { vec!["content".to_owned()] } else { fields }
}

/// Without an id: equal content is one event, as often as the fullest single acquisition shows it.
fn by_content(rows: Vec<Row>) -> Vec<Row> {
    let mut groups: BTreeMap<LogKey, BTreeMap<u32, Vec<Row>>> = BTreeMap::new();
    for row in rows {
        let acquisition = row.event.refs.first().map_or(0, |place| place.acquisition);
        let key = (row.event.log_org.clone(), row.event.content_hash.clone());
        groups.entry(key).or_default().entry(acquisition).or_default().push(row);
    }
    let mut out = Vec::new();
    for (_, readings) in groups {
        let mut merged: Vec<Row> = Vec::new();
        for reading in readings.into_values() {
            for (k, row) in reading.into_iter().enumerate() {
                match merged.get_mut(k) {
                    Some(known) => known.event.refs.extend(row.event.refs),
                    None => merged.push(row),
                }
            }
        }
        out.extend(merged.into_iter().enumerate().map(|(k, row)| single(row, k)));
    }
    out
}

/// An event of one content.
fn single(row: Row, repetition: usize) -> Row {
    let hashes = [row.event.content_hash.clone()];
    finish(row, &hashes, repetition)
}

/// Gives an event its key: from content alone, so that page size and order change nothing.
fn finish(mut row: Row, hashes: &[String], repetition: usize) -> Row {
    row.event.refs.sort_unstable();
    row.event.refs.dedup();
    let log = row.event.log_org.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [log.as_str(), &row.event.source_id, &hashes.join(","), &repetition.to_string()] {
        digest.update(part.len().to_string().as_bytes());
        digest.update(b":");
        digest.update(part.as_bytes());
    }
    row.event.key = hex(digest.finalize().get(..8).unwrap_or_default());
    row.event.content_hash = hashes.first().cloned().unwrap_or_default();
    row
}
