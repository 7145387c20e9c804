//! One record as strict JSON: no duplicate key, no rounded number, no replaced character.

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use std::collections::BTreeSet;

/// Deeper nesting than any audit log needs; bounds the stack against hostile input.
pub const MAX_DEPTH: u32 = 128;

/// A JSON value whose numbers keep the digits that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    Array(Vec<Json>),
    /// An object in the order written; keys are distinct.
    Object(Vec<(String, Json)>),
}

/// Why bytes are not one strict JSON value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {offset} of the record")]
pub struct JsonError {
    /// Byte within the record.
    pub offset: usize,
    /// What is wrong, in a few words.
    pub reason: String,
}

impl Json {
    /// Decodes exactly one value; trailing bytes are an error.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        if let Err(error) = std::str::from_utf8(bytes) {
            return Err(JsonError { offset: error.valid_up_to(), reason: "invalid UTF-8".into() });
        }
        let mut reader = Jiter::new(bytes);
        let peek = reader.peek().map_err(broken)?;
        let value = value(&mut reader, peek, 0)?;
        reader.finish().map_err(broken)?;
        Ok(value)
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Array(_) => None,
        }
    }

    /// The text of a scalar, if it holds one that is not empty.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => (!text.is_empty()).then(|| text.clone()),
            Self::Bool(value) => Some(value.to_string()),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// Appends an unambiguous form with sorted keys, leaving out top-level members named in `volatile`.
    pub fn canonical(&self, volatile: &[String], out: &mut Vec<u8>) {
        match self {
            Self::Null => out.push(b'n'),
            Self::Bool(value) => out.push(if *value { b't' } else { b'f' }),
            Self::Number(text) => framed(b'#', text.as_bytes(), out),
            Self::Text(text) => framed(b'"', text.as_bytes(), out),
            Self::Array(items) => {
                framed(b'[', items.len().to_string().as_bytes(), out);
                for item in items {
                    item.canonical(&[], out);
                }
            }
            Self::Object(members) => {
                let mut kept: Vec<_> = members.iter().filter(|(key, _)| !volatile.contains(key)).collect();
                kept.sort_by(|a, b| a.0.cmp(&b.0));
                framed(b'{', kept.len().to_string().as_bytes(), out);
                for (key, value) in kept {
                    framed(b':', key.as_bytes(), out);
                    value.canonical(&[], out);
                }
            }
        }
    }
}

impl std::fmt::Display for Json {
    /// Compact JSON in the order written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(value) => f.write_str(&text(value)),
            Self::Array(items) => {
                let items: Vec<_> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(","))
            }
            Self::Object(members) => {
                let members: Vec<_> = members.iter().map(|(key, value)| format!("{}:{value}", text(key))).collect();
                write!(f, "{{{}}}", members.join(","))
            }
        }
    }
}

/// A tag, the length and the bytes: no two values share a form.
fn framed(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(bytes.len().to_string().as_bytes());
    out.push(b';');
    out.extend_from_slice(bytes);
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
fn broken(error: JiterError) -> JsonError {
    let is =
        |kinds: &[JsonErrorType]| matches!(&error.error_type, JiterErrorType::JsonError(kind) if kinds.contains(kind));
    let reason = if is(&[JsonErrorType::UnexpectedEndOfHexEscape, JsonErrorType::LoneLeadingSurrogateInHexEscape]) {
        "lone surrogate, or an escape that is cut off".to_owned()
    } else if is(&[JsonErrorType::InvalidUnicodeCodePoint]) {
        "invalid UTF-8, or an escape that is no character".to_owned()
    } else {
        error.error_type.to_string()
    };
    JsonError { offset: error.index, reason }
}

fn value(reader: &mut Jiter<'_>, peek: Peek, depth: u32) -> Result<Json, JsonError> {
    if depth > MAX_DEPTH {
        return Err(JsonError { offset: reader.current_index(), reason: format!("more than {MAX_DEPTH} levels") });
    }
    match peek {
        Peek::Null => reader.known_null().map(|()| Json::Null).map_err(broken),
        Peek::True | Peek::False => reader.known_bool(peek).map(Json::Bool).map_err(broken),
        Peek::String => reader.known_str().map(|text| Json::Text(text.to_owned())).map_err(broken),
        Peek::Array => array(reader, depth.saturating_add(1)),
        Peek::Object => object(reader, depth.saturating_add(1)),
        number => {
            let digits = reader.known_number_bytes(number).map_err(broken)?;
            Ok(Json::Number(String::from_utf8_lossy(digits).into_owned()))
        }
    }
}

fn array(reader: &mut Jiter<'_>, depth: u32) -> Result<Json, JsonError> {
    let mut items = Vec::new();
    let mut next = reader.known_array().map_err(broken)?;
    while let Some(peek) = next {
        items.push(value(reader, peek, depth)?);
        next = reader.array_step().map_err(broken)?;
    }
    Ok(Json::Array(items))
}

fn object(reader: &mut Jiter<'_>, depth: u32) -> Result<Json, JsonError> {
    let mut members = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = reader.known_object().map_err(broken)?.map(str::to_owned);
    while let Some(key) = next {
        // Two parsers read a repeated key differently, so an attacker could show each another value.
        if !seen.insert(key.clone()) {
            return Err(JsonError { offset: reader.current_index(), reason: format!("duplicate key {key:?}") });
        }
        let peek = reader.peek().map_err(broken)?;
        members.push((key, value(reader, peek, depth)?));
        next = reader.next_key().map_err(broken)?.map(str::to_owned);
    }
    Ok(Json::Object(members))
}
