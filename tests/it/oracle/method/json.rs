//! Strict JSON, paths into it, its canonical text, and times.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// A value whose objects name every key once.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(Walk).map(Strict)
    }
}

/// Walks a value and refuses a key that stands twice.
struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(value)) = seq.next_element()? {
            all.push(value);
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut all = serde_json::Map::new();
        while let Some((key, Strict(value))) = map.next_entry::<String, Strict>()? {
            if all.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(all))
    }
}

/// The value of a text, if it is strict JSON.
pub(crate) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str::<Strict>(text).ok().map(|strict| strict.0)
}

/// What lies at a path such as `actor.id`.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// The text at a path: a string, or a number's digits; empty where the log does not say.
pub(crate) fn text(value: &Value, path: &str) -> String {
    at(value, path).map(word).unwrap_or_default()
}

/// A value as text.
pub(crate) fn word(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Null => String::new(),
        Value::Array(_) | Value::Object(_) => canonical(value),
    }
}

/// A whole number of at least 0 at a path.
pub(crate) fn count(value: &Value, path: &str) -> Option<i64> {
    at(value, path).and_then(Value::as_i64).filter(|n| *n >= 0)
}

/// The text of a value with sorted keys.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            let parts: Vec<_> =
                keys.iter().map(|(k, v)| format!("{}:{}", Value::from(k.as_str()), canonical(v))).collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(all) => format!("[{}]", all.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// The time that a value says: RFC 3339, ISO without zone in UTC, or an epoch by its size.
pub(crate) fn time(value: &Value) -> Option<i64> {
    match value {
        Value::Number(n) => n.as_i64().and_then(epoch),
        Value::String(s) => rfc3339(s).or_else(|| rfc3339(&format!("{s}Z"))).or_else(|| s.parse().ok().and_then(epoch)),
        _ => None,
    }
}

/// Seconds from 1970 to 1990 and to 2100.
const YEARS: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// Seconds, milliseconds, microseconds or nanoseconds, whichever falls into 1990 to 2100.
fn epoch(n: i64) -> Option<i64> {
    [(1, 1_000_000, 1), (1_000, 1_000, 1), (1_000_000, 1, 1), (1_000_000_000, 1, 1_000)]
        .into_iter()
        .find(|(unit, _, _)| YEARS.contains(&n.div_euclid(*unit)))
        .map(|(_, times, by)| (n * times).div_euclid(by))
}

/// `2026-03-02T09:00:00.123456+01:00`; what is finer than a microsecond is cut.
fn rfc3339(s: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc3339(s).ok().map(|time| time.timestamp_micros())
}
