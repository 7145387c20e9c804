//! The timeline for spreadsheets and for Timesketch.

use super::ReportError;
use super::escape::json::visible;
use super::sheet::{Cell, Sheet, log, logs, maybe, number, own, owns, time};
use super::text::Text;
use crate::model::{Confidence, LineKind, Moment, Standing, Timeline, TimelineLine};
use serde_json::{Map, Value, json};

#[rustfmt::skip]
const COLUMNS: &[&str] = &[
    "time_utc", "kind", "burst", "access_class", "confidence", "standing", "record_type", "record_id", "owner_org",
    "owner_rule", "actor_id", "effective_actor_id", "credential_id", "session_id", "source_ip", "user_agent", "action",
    "outcome", "http_status", "request_id", "count", "detail", "event_ids", "evidence_refs",
];

/// What Timesketch shows beside a time that is none, as plaso words it.
const NO_TIME: &str = "Not a time";

/// The lines as CSV, one a row, in the order of time.
pub fn timeline_csv(timeline: &Timeline) -> Result<String, ReportError> {
    let sheet = Sheet::ordered("timeline.csv", COLUMNS, timeline.lines.iter().map(row).collect());
    Ok(String::from_utf8_lossy(&sheet.render()?).into_owned())
}

/// The lines as Timesketch imports them: one JSON object a line with `message`, `datetime`, `timestamp_desc`.
///
/// A line without a time stands at 1970-01-01 and is described as no time, since Timesketch takes none without one.
pub fn timesketch(timeline: &Timeline) -> String {
    timeline.lines.iter().fold(String::new(), |text, line| text + &visible(&object(line).to_string()) + "\n")
}

fn row(l: &TimelineLine) -> Vec<Cell> {
    let (record_type, record_id) = record(l);
    vec![
        time(l.time),
        own(l.kind),
        l.burst.map_or(Cell::Empty, number),
        own(l.class),
        l.confidence.map_or(Cell::Empty, own),
        l.standing.map_or(Cell::Empty, own),
        log(record_type),
        log(record_id),
        logs(&l.owners),
        l.owner_rule.map_or(Cell::Empty, own),
        log(&l.actor_id),
        log(&l.effective_actor_id),
        log(&l.credential_id),
        log(&l.session_id),
        log(&l.source_ip),
        log(&l.user_agent),
        log(&l.action),
        own(l.outcome),
        maybe(l.http_status),
        log(&l.request_id),
        number(l.count),
        log(&l.detail),
        logs(&l.event_ids),
        owns(&l.evidence_refs),
    ]
}

/// Flat, since Timesketch searches attributes by name; what is unknown is left out.
fn object(l: &TimelineLine) -> Value {
    let (record_type, record_id) = record(l);
    let datetime = l.time.unwrap_or(Moment::from_micros(0)).to_string().replace('Z', "+00:00");
    let described = if l.time.is_some() { l.kind.as_str() } else { NO_TIME };
    let places: Vec<String> = l.evidence_refs.iter().map(ToString::to_string).collect();
    let all = [
        ("message", json!(message(l).plain())),
        ("datetime", json!(datetime)),
        ("timestamp_desc", json!(described)),
        ("kind", json!(l.kind)),
        ("burst", json!(l.burst)),
        ("access_class", json!(l.class)),
        ("confidence", json!(l.confidence.map_or("", Confidence::as_str))),
        ("standing", json!(l.standing.map_or("", Standing::as_str))),
        ("record_type", json!(record_type)),
        ("record_id", json!(record_id)),
        ("owner_org", json!(l.owners.join(";"))),
        ("owner_rule", json!(l.owner_rule)),
        ("actor_id", json!(l.actor_id)),
        ("effective_actor_id", json!(l.effective_actor_id)),
        ("credential_id", json!(l.credential_id)),
        ("session_id", json!(l.session_id)),
        ("source_ip", json!(l.source_ip)),
        ("user_agent", json!(l.user_agent)),
        ("action", json!(l.action)),
        ("outcome", json!(l.outcome)),
        ("http_status", json!(l.http_status)),
        ("request_id", json!(l.request_id)),
        ("count", json!(l.count)),
        ("detail", json!(l.detail)),
        ("event_ids", json!(l.event_ids.join(";"))),
        ("evidence_refs", json!(places.join(";"))),
    ];
    let said = all.into_iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
    Value::Object(said.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn record(l: &TimelineLine) -> (&str, &str) {
    l.record.as_ref().map_or(("", ""), |record| (&record.record_type, &record.record_id))
}

/// What happened, in one sentence.
fn message(l: &TimelineLine) -> Text {
    let who = match l.actor_id.as_str() {
        "" => Text::own("an unknown actor"),
        id => Text::of(id),
    };
    let did = match l.kind {
        LineKind::Access | LineKind::Unresolved | LineKind::Lead => " did ",
        LineKind::Attempt => " tried ",
        LineKind::Bulk => " ran ",
        LineKind::Session => " session ",
    };
    let mut text = who.say(did).value(&l.action);
    if let Some(record) = &l.record {
        text = text.say(" on ").value(&record.record_type).say(" ").value(&record.record_id);
    }
    if !l.owners.is_empty() {
        text = text.say(" of ").values(&l.owners);
    }
    text = text.say(": ").word(l.outcome.as_str());
    if !l.source_ip.is_empty() {
        text = text.say(", from ").value(&l.source_ip);
    }
    text
}
