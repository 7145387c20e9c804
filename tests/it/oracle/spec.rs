//! Events in short hand: `log=V t=5 by=u1@A do=invoice.read on=inv_9 org=V rq=rq-7`.

use serde_json::{Map, Value, json};

/// 2026-03-02T00:00:00Z, from which `t` counts seconds.
pub(crate) const BEGIN: i64 = 1_772_409_600;

/// Microseconds of the moment `t` seconds after the beginning.
pub(crate) fn moment(t: i64) -> Option<i64> {
    Some((BEGIN + t) * 1_000_000)
}

/// RFC 3339 of so many microseconds.
pub(crate) fn rfc3339(micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(micros).unwrap().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// Sets a path such as `actor.id`.
pub(crate) fn set(v: &mut Value, path: &str, value: Value) {
    let mut at = v;
    for key in path.split('.') {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = at.as_object_mut().unwrap().entry(key).or_insert(Value::Null);
    }
    *at = value;
}

/// One record; `id` is its id unless the line gives one.
pub(crate) fn record(line: &str, id: &str) -> String {
    let mut v = json!({ "id": id, "outcome": "success" });
    for word in line.split_whitespace() {
        let (key, value) = word.split_once('=').unwrap();
        let text = || Value::from(value);
        let number = || value.parse::<i64>().map_or(text(), Value::from);
        let list = || value.split(',').filter(|id| !id.is_empty()).map(Value::from).collect::<Vec<_>>();
        match key {
            "t" => {
                let micros = value.parse::<f64>().map_or(value.into(), |t| {
                    Value::from(rfc3339(BEGIN * 1_000_000 + format!("{:.0}", t * 1e6).parse::<i64>().unwrap()))
                });
                set(&mut v, "timestamp", micros);
            }
            "by" | "imp" => {
                let path = if key == "by" { "actor" } else { "actor.impersonated_by" };
                let (id, org) = value.split_once('@').unwrap_or((value, ""));
                set(&mut v, &format!("{path}.id"), id.into());
                if !org.is_empty() {
                    set(&mut v, &format!("{path}.org_id"), org.into());
                }
            }
            "do" => {
                set(&mut v, "action", text());
                if v.pointer("/resource/type").is_none() {
                    set(&mut v, "resource.type", value.split('.').next().unwrap().into());
                }
            }
            "in" => {
                let (kind, id) = value.split_once('/').unwrap();
                set(&mut v, "resource.parent", json!({ "type": kind, "id": id }));
            }
            "status" => set(&mut v, "http.status", number()),
            "n" => set(&mut v, "metadata.returned_count", number()),
            "affected" => set(&mut v, "metadata.affected_count", number()),
            "total" => set(&mut v, "metadata.total_count", number()),
            "repeats" => set(&mut v, "metadata.suppressed_repeats", number()),
            "returned" => set(&mut v, "metadata.returned_ids", list().into()),
            "ids" => set(&mut v, "metadata.affected_ids", list().into()),
            "out" if value == "-" => drop(v.as_object_mut().unwrap().shift_remove("outcome")),
            _ => set(&mut v, place(key), text()),
        }
    }
    v.to_string()
}

/// Where a short word stands in the record.
fn place(key: &str) -> &str {
    match key {
        "id" => "id",
        "log" => "org_id",
        "type" => "actor.type",
        "cred" => "actor.credential_id",
        "sess" => "actor.session_id",
        "kind" => "resource.type",
        "on" => "resource.id",
        "org" => "resource.org_id",
        "out" => "outcome",
        "rq" => "request_id",
        "reason" => "metadata.reason",
        "from" => "metadata.from_org",
        "to" => "metadata.to_org",
        "with" => "metadata.shared_with",
        "phase" => "metadata.phase",
        "job" => "metadata.job_id",
        "hash" => "metadata.returned_hash",
        "walk" => "metadata.page_of",
        "cursor" => "metadata.cursor",
        "filter" => "metadata.filter",
        "agent" => "user_agent",
        "made" => "metadata.credential_id",
        "member" => "metadata.member_id",
        other => panic!("no short word {other}"),
    }
}
