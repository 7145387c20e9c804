//! What becomes of the events on their way: left out, told twice, told otherwise, torn, shuffled.

use super::world::World;
use crate::oracle::method::{Delivered, Question};
use crate::oracle::spec::{rfc3339, set};
use serde_json::{Value, json};

/// Members that honest redaction may take from any event that proves no owner.
const MAY_GO: [&str; 12] = [
    "resource.id",
    "resource.org_id",
    "resource.parent",
    "request_id",
    "outcome",
    "http.status",
    "metadata.returned_ids",
    "metadata.returned_count",
    "metadata.total_count",
    "metadata.returned_hash",
    "metadata.filter",
    "id",
];

/// Members whose loss hides who acted.
const WHO: [&str; 5] = ["actor.id", "actor.org_id", "actor.type", "actor.credential_id", "actor.session_id"];

/// Members that only dishonest redaction takes.
const NEVER: [&str; 12] = [
    "timestamp",
    "org_id",
    "action",
    "resource.type",
    "actor.impersonated_by",
    "metadata.from_org",
    "metadata.to_org",
    "metadata.shared_with",
    "metadata.job_id",
    "metadata.phase",
    "metadata.page_of",
    "metadata.cursor",
];

/// Delivers the events: two acquisitions, pages, duplicates, versions, what cannot be read.
pub(crate) fn deliver(w: &mut World, question: &Question) -> Vec<Delivered> {
    let rate = if w.calm { w.chance.pick(&[0, 0, 2]) } else { w.chance.pick(&[0, 3, 10, 25]) };
    let mut all: Vec<(Value, usize)> = Vec::new();
    for n in 0..w.raw.len() {
        let (key, fragile) = (w.raw[n].key, w.raw[n].fragile);
        let kept = key && w.honest || !w.chance.percent(3);
        if !kept {
            continue;
        }
        w.raw[n].delivered = true;
        let mut value = w.raw[n].value.clone();
        alias(w, &mut value);
        if !w.honest || !key {
            redact(w, &mut value, rate, fragile);
        }
        all.push((value.clone(), n));
        if !w.calm && value.get("id").is_some() && w.chance.percent(rate / 2) {
            let other = version(w, value);
            all.push((other, n));
        }
    }
    if !w.calm && w.chance.percent(10) {
        number(w, &mut all);
    }
    w.cut_short = !w.calm && w.chance.percent(3);
    let mut out: Vec<Delivered> = Vec::new();
    let pages = 1 + w.chance.below(3);
    for (value, _) in all {
        let page = u32::try_from(1 + w.chance.below(pages)).unwrap();
        let acquisition = if w.chance.percent(15) { 2 } else { 1 };
        out.push(Delivered { acquisition, page, text: value.to_string() });
        if w.chance.percent(8) {
            let twice = out.last().unwrap().clone();
            out.push(Delivered { acquisition: w.chance.pick(&[1, 2]), ..twice });
        }
    }
    if !w.calm && !w.cut_short && w.chance.percent(8) {
        out.extend(broken(w, question));
    }
    for n in (1..out.len()).rev() {
        let other = w.chance.below(n + 1);
        if w.chance.percent(30) {
            out.swap(n, other);
        }
    }
    out.sort_by_key(|d| (d.acquisition, d.page));
    out
}

/// The log's own numbers, now and then one left out.
fn number(w: &mut World, all: &mut [(Value, usize)]) {
    let mut next = std::collections::BTreeMap::<String, i64>::new();
    let leaves_out = w.chance.percent(50);
    for (value, _) in all {
        let log = value["org_id"].as_str().unwrap_or_default().to_owned();
        let n = next.entry(log).or_insert(100);
        *n += if leaves_out && w.chance.percent(5) { 2 } else { 1 };
        set(value, "metadata.sequence", (*n).into());
    }
}

/// Another name of V, here and there.
fn alias(w: &mut World, value: &mut Value) {
    let Some((alias, name)) = w.alias.clone() else { return };
    for path in ["/org_id", "/resource/org_id", "/actor/org_id", "/metadata/from_org", "/metadata/to_org"] {
        if let Some(org) = value.pointer_mut(path)
            && *org == name.as_str()
            && w.chance.percent(30)
        {
            *org = alias.clone().into();
        }
    }
}

/// Takes members away, and in dishonest logs changes some.
fn redact(w: &mut World, value: &mut Value, rate: usize, fragile: bool) {
    let mut may: Vec<&str> = MAY_GO.to_vec();
    if !fragile || !w.honest {
        may.extend(WHO);
    }
    if !w.honest {
        may.extend(NEVER);
    }
    for path in may {
        if w.chance.percent(rate / 3 + 1) && rate > 0 {
            take(value, path);
        }
    }
    if w.honest || rate == 0 {
        if w.chance.percent(rate / 6) {
            set(value, "timestamp", "some time in March".into());
        } else if w.chance.percent(10) {
            respell(w, value);
        }
        return;
    }
    if w.chance.percent(rate / 5) {
        let org = w.anyone();
        let path =
            w.chance.pick(&["org_id", "resource.org_id", "actor.org_id", "metadata.to_org", "metadata.from_org"]);
        if !path.starts_with("metadata") || value["metadata"].get("to_org").is_some() {
            set(value, path, org.into());
        }
    }
    if w.chance.percent(rate / 5) {
        let time = w.chance.pick(&[Value::Null, "soon".into(), json!(12), "2026-03-02".into()]);
        set(value, "timestamp", time);
    } else if w.chance.percent(10) {
        respell(w, value);
    }
}

/// The same time in another spelling.
fn respell(w: &mut World, value: &mut Value) {
    let Some(text) = value["timestamp"].as_str() else { return };
    let Ok(time) = chrono::DateTime::parse_from_rfc3339(text) else { return };
    let micros = time.timestamp_micros();
    let spelled: Value = match w.chance.below(4) {
        0 => micros.into(),
        1 if micros % 1_000_000 == 0 => (micros / 1_000_000).into(),
        2 if micros % 1_000 == 0 => (micros / 1_000).into(),
        3 => rfc3339(micros).replace('Z', "789Z").into(),
        _ => rfc3339(micros + 3_600_000_000).replace('Z', "+01:00").into(),
    };
    set(value, "timestamp", spelled);
}

/// Removes what lies at a path.
fn take(value: &mut Value, path: &str) {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let at = parent.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get_mut(key));
    if let Some(object) = at.and_then(Value::as_object_mut) {
        object.shift_remove(key);
    }
}

/// The same event, told otherwise.
fn version(w: &mut World, mut value: Value) -> Value {
    match w.chance.below(6) {
        0 => set(&mut value, "outcome", "denied".into()),
        1 if value["resource"].get("id").is_some() => {
            let org = w.anyone();
            set(&mut value, "resource.org_id", org.into());
        }
        2 => set(&mut value, "timestamp", rfc3339(w.now).into()),
        3 => set(&mut value, "metadata.note", "second thoughts".into()),
        _ => set(&mut value, "user_agent", "curl/8".into()),
    }
    value
}

/// Records that nobody can read, or that do not fit.
fn broken(w: &mut World, question: &Question) -> Vec<Delivered> {
    let name = question.victims.first().unwrap().clone();
    let texts = [
        "{\"action\":\"invoice.read\",\"id\":".to_owned(),
        json!({ "id": "q1", "org_id": name }).to_string(),
        "{\"action\":\"invoice.read\",\"id\":\"q2\",\"id\":\"q3\"}".to_owned(),
        "{\"action\":\"invoice.read\",\"id\":\"\\ud800\"}".to_owned(),
        json!({ "id": "q4", "action": "invoice.read", "resource": { "type": "invoice", "id": { "n": 1 } } })
            .to_string(),
    ];
    let text = w.chance.pick(&texts);
    vec![Delivered { acquisition: 1, page: 1, text }]
}
