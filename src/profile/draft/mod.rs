//! A profile proposed from one page or file: names and shapes of values, never a guess passed off as knowledge.

mod fields;
mod names;
mod pick;
mod shape;
mod verbs;
mod write;

use super::Records;
use crate::wire::{Coding, Json, Limits, decode, records};
use fields::Field;

/// Records looked at: enough to see every kind of event of a page, and soon done for a file of a gigabyte.
const LOOKED_AT: usize = 2_000;

/// Why no profile can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The content coding cannot be undone.
    #[error("it cannot be decoded: {0}")]
    Coding(String),
    /// There is no JSON object in it.
    #[error("no record stands in it: neither a list of JSON objects, nor lines of them, nor one object")]
    NoRecords,
    /// The records are JSON, but say nothing that an audit log says.
    #[error("{0} records stand in it, and no member of theirs looks like an action or a time")]
    NoLog(usize),
}

/// The text of a profile for these bytes; `from` tells where they come from.
pub fn draft(bytes: &[u8], from: &str) -> Result<String, DraftError> {
    let decoded =
        decode(bytes, Coding::sniff(bytes), Limits::FILE).map_err(|error| DraftError::Coding(error.to_string()))?;
    let found = Found::of(&decoded).ok_or(DraftError::NoRecords)?;
    let fields = fields::of(&found.records);
    let picked = pick::Picked::of(&fields, found.records.len());
    match &picked.fits {
        Some(_) => Ok(write::toml(&found, &fields, &picked, from)),
        None => Err(DraftError::NoLog(found.records.len())),
    }
}

/// The records of a body, and how it holds them.
struct Found {
    records: Vec<Json>,
    /// The member of an envelope that holds them.
    container: Option<String>,
    /// The member in which each is wrapped.
    unwrap: Option<String>,
    /// Scalar members of the envelope: the way to the next page is among them.
    envelope: Vec<String>,
}

impl Found {
    fn of(body: &[u8]) -> Option<Self> {
        let (mut objects, mut container, mut envelope) = (objects(body, &[]), None, Vec::new());
        if let [Json::Object(members)] = objects.as_slice() {
            let count = |value: &Json| {
                let Json::Array(items) = value else { return 0 };
                items.iter().filter(|item| matches!(item, Json::Object(_))).count()
            };
            let longest = members.iter().max_by_key(|(_, value)| count(value)).filter(|(_, value)| count(value) > 0);
            // One event may hold a list too; an envelope has no time of its own.
            let is_event = members.iter().any(|(_, value)| value.scalar().is_some_and(|text| shape::is_time(&text)));
            if let Some((name, _)) = longest.filter(|_| !is_event) {
                container = Some(name.clone());
                let scalar = |(_, value): &&(String, Json)| !matches!(value, Json::Array(_));
                envelope = members.iter().filter(scalar).map(|(name, _)| name.clone()).collect();
            }
        }
        if let Some(name) = &container {
            objects = self::objects(body, std::slice::from_ref(name));
        }
        let unwrap = wrapped(&objects);
        if let Some(name) = &unwrap {
            objects = objects.iter().filter_map(|object| object.get(name)).cloned().collect();
        }
        (!objects.is_empty()).then_some(Self { records: objects, container, unwrap, envelope })
    }
}

fn objects(body: &[u8], containers: &[String]) -> Vec<Json> {
    let shape = Records {
        containers: containers.to_vec(),
        unwrap: Vec::new(),
        embedded: Vec::new(),
        json_text: Vec::new(),
        explode: None,
        fits: Vec::new(),
    };
    let spans = records(body, &shape).into_iter().filter(|span| span.broken.is_none()).take(LOOKED_AT);
    let parsed = spans.filter_map(|span| Json::parse(span.bytes(body)).ok());
    parsed.filter(|json| matches!(json, Json::Object(_))).collect()
}

/// The one member that holds an object in every record, beside at most two values such as a cursor.
fn wrapped(objects: &[Json]) -> Option<String> {
    let inner = |object: &Json| {
        let Json::Object(members) = object else { return None };
        let is_object = |value: &Json| matches!(value, Json::Object(_));
        let mut inner = members.iter().filter(|(_, value)| is_object(value));
        let rest = members.iter().all(|(_, value)| is_object(value) || !shape::is_event_value(value));
        let only = inner.next().filter(|_| inner.next().is_none() && rest && members.len() <= 3)?;
        Some(only.0.clone())
    };
    let name = inner(objects.first()?)?;
    objects.iter().all(|object| inner(object).as_ref() == Some(&name)).then_some(name)
}

impl Field {
    /// Whether a profile's expression leads to it.
    fn is_plain(&self) -> bool {
        !self.path.contains("[]")
    }
}
