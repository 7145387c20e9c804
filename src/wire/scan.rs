//! Where the records of a body lie: structure only, no value is read.
//!
//! Finding the ends of records apart from decoding them keeps one bad record from hiding its neighbours.

use crate::profile::Records;

/// A record larger than this is kept as bytes and not decoded.
pub const MAX_RECORD: usize = 64 << 20;

/// A stretch of the decoded body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
    /// Why no record can be found here, if none can.
    pub broken: Option<String>,
}

impl Span {
    fn record(offset: usize, end: usize) -> Self {
        let length = end.saturating_sub(offset);
        let broken = (length > MAX_RECORD).then(|| format!("a record of {length} bytes, more than {MAX_RECORD}"));
        Self { offset, length, broken }
    }

    fn broken(offset: usize, end: usize, reason: &str) -> Self {
        Self { offset, length: end.saturating_sub(offset), broken: Some(reason.to_owned()) }
    }

    /// The bytes of this stretch.
    pub fn bytes<'b>(&self, body: &'b [u8]) -> &'b [u8] {
        body.get(self.offset..self.offset.saturating_add(self.length)).unwrap_or_default()
    }
}

/// Every record of a body, and every stretch where none can be found; together they leave nothing out.
///
/// `shape` names the members of an envelope whose arrays hold records, and those that make an object a record.
pub fn records(body: &[u8], shape: &Records) -> Vec<Span> {
    let start = skip_space(body, if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
    if start >= body.len() {
        return Vec::new();
    }
    let line_end = end_of_line(body, start);
    let first = value_end(body, start);
    // A first line that is a value of its own, with more below: NDJSON.
    let lines = match first {
        Ok(end) => end <= line_end && skip_space(body, end) < body.len() && skip_space(body, end) >= line_end,
        Err(_) => value_end(body.get(..line_end).unwrap_or_default(), start).is_ok(),
    };
    if lines || (first.is_err() && second_line_stands_alone(body, line_end)) {
        return by_lines(body, start, shape);
    }
    documents(body, start, shape)
}

/// Whether the line after a broken first one is a value: then one line is bad, not the file.
fn second_line_stands_alone(body: &[u8], line_end: usize) -> bool {
    let start = skip_space(body, line_end);
    let end = end_of_line(body, start);
    start < body.len()
        && body.get(start) == Some(&b'{')
        && value_end(body.get(..end).unwrap_or_default(), start).is_ok_and(|e| skip_space(body, e) >= end)
}

fn by_lines(body: &[u8], mut at: usize, shape: &Records) -> Vec<Span> {
    let mut spans = Vec::new();
    while at < body.len() {
        let end = end_of_line(body, at);
        let from = skip_space(body, at).min(end);
        let to = trim_end(body, from, end);
        if from < to {
            let line = body.get(..to).unwrap_or_default();
            match value_end(line, from) {
                Ok(stop) if stop == to => expand(line, from, to, shape, &mut spans),
                Ok(_) => spans.push(Span::broken(from, to, "the line holds more than one value")),
                Err(reason) => spans.push(Span::broken(from, to, reason)),
            }
        }
        at = end.saturating_add(1);
    }
    spans
}

fn documents(body: &[u8], mut at: usize, shape: &Records) -> Vec<Span> {
    let mut spans = Vec::new();
    while at < body.len() {
        match value_end(body, at) {
            Ok(end) => {
                expand(body, at, end, shape, &mut spans);
                at = skip_space(body, end);
            }
            Err(reason) => {
                // The complete records before the break are still records.
                let rest = broken_document(body, at, shape, reason, &mut spans);
                spans.push(rest);
                break;
            }
        }
    }
    spans
}

/// Turns one document into its records: an array's members, an envelope's, or itself.
fn expand(body: &[u8], at: usize, end: usize, shape: &Records, spans: &mut Vec<Span>) {
    match holder(body, at, shape) {
        Holder::Array(open) => {
            let rest = members(body, open, end, spans);
            spans.extend(rest);
        }
        Holder::Record => spans.push(Span::record(at, end)),
        Holder::Several => spans.push(Span::broken(at, end, "the envelope holds more than one list of records")),
    }
}

fn broken_document(body: &[u8], at: usize, shape: &Records, reason: &str, spans: &mut Vec<Span>) -> Span {
    let end = body.len();
    let tail = match holder(body, at, shape) {
        Holder::Array(open) => members(body, open, end, spans),
        Holder::Record | Holder::Several => None,
    };
    tail.unwrap_or_else(|| Span::broken(at, end, reason))
}

/// What holds the records of a document.
enum Holder {
    /// An array that begins after this position.
    Array(usize),
    /// The document is a record itself.
    Record,
    /// More than one array claims to.
    Several,
}

fn holder(body: &[u8], at: usize, shape: &Records) -> Holder {
    match body.get(at) {
        Some(b'[') => Holder::Array(at.saturating_add(1)),
        Some(b'{') => envelope(body, at.saturating_add(1), shape),
        _ => Holder::Record,
    }
}

/// Walks the members of an object: one with a record's members is no envelope, whatever lists it has.
fn envelope(body: &[u8], mut at: usize, shape: &Records) -> Holder {
    let mut arrays = Vec::new();
    while let Some((key, value_start, after)) = member(body, at) {
        if shape.fits.contains(&key) {
            return Holder::Record;
        }
        if body.get(value_start) == Some(&b'[') && shape.containers.contains(&key) {
            arrays.push(value_start.saturating_add(1));
        }
        let Some(after) = after else { break };
        at = after;
    }
    match arrays.as_slice() {
        [] => Holder::Record,
        [open] => Holder::Array(*open),
        _ => Holder::Several,
    }
}

/// The unescaped key of a member, where its value begins, and where the next member begins, if there is one.
fn member(body: &[u8], at: usize) -> Option<(String, usize, Option<usize>)> {
    let key_start = skip_space(body, at);
    let key_end = string_end(body, key_start).ok()?;
    let colon = skip_space(body, key_end);
    (body.get(colon) == Some(&b':')).then_some(())?;
    let value_start = skip_space(body, colon.saturating_add(1));
    // Keys are compared after unescaping: `"d\u0061ta"` is `data`.
    let key: String = serde_json::from_slice(body.get(key_start..key_end)?).ok()?;
    let after = value_end(body, value_start).ok().map(|end| skip_space(body, end));
    let next = after.filter(|end| body.get(*end) == Some(&b',')).map(|end| end.saturating_add(1));
    Some((key, value_start, next))
}

/// Pushes the members of an array; returns the stretch where it breaks off, if it does.
fn members(body: &[u8], mut at: usize, end: usize, spans: &mut Vec<Span>) -> Option<Span> {
    at = skip_space(body, at);
    if body.get(at) == Some(&b']') {
        return None;
    }
    loop {
        let stop = match value_end(body, at) {
            Ok(stop) => stop,
            Err(reason) => return Some(Span::broken(at, end, reason)),
        };
        spans.push(Span::record(at, stop));
        let next = skip_space(body, stop);
        match body.get(next) {
            Some(b',') => at = skip_space(body, next.saturating_add(1)),
            Some(b']') => return None,
            Some(_) => return Some(Span::broken(next, end, "neither a comma nor the end of the array follows")),
            None => return Some(Span::broken(next, end, "the array is cut off")),
        }
    }
}

/// The position after the value that begins at `at`, by brackets and quotes alone.
pub(super) fn value_end(body: &[u8], at: usize) -> Result<usize, &'static str> {
    match body.get(at) {
        Some(b'{' | b'[') => nested_end(body, at),
        Some(b'"') => string_end(body, at),
        Some(b',' | b']' | b'}' | b':') | None => Err("a value is missing"),
        Some(_) => {
            let rest = body.get(at..).unwrap_or_default();
            let length = rest.iter().position(|b| b" \t\r\n,]}:".contains(b)).unwrap_or(rest.len());
            Ok(at.saturating_add(length))
        }
    }
}

fn nested_end(body: &[u8], mut at: usize) -> Result<usize, &'static str> {
    let mut open = Vec::new();
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => {
                at = string_end(body, at)?;
                continue;
            }
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(*byte) {
                    return Err("brackets do not match");
                }
                if open.is_empty() {
                    return Ok(at.saturating_add(1));
                }
            }
            _ => {}
        }
        at = at.saturating_add(1);
    }
    Err("the record is cut off")
}

pub(super) fn string_end(body: &[u8], at: usize) -> Result<usize, &'static str> {
    if body.get(at) != Some(&b'"') {
        return Err("a string is missing");
    }
    let mut at = at.saturating_add(1);
    loop {
        match body.get(at) {
            Some(b'"') => return Ok(at.saturating_add(1)),
            Some(b'\\') => at = at.saturating_add(2),
            Some(_) => at = at.saturating_add(1),
            None => return Err("a string is cut off"),
        }
    }
}

pub(super) fn skip_space(body: &[u8], at: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    let skipped = rest.iter().position(|b| !b" \t\r\n".contains(b)).unwrap_or(rest.len());
    at.saturating_add(skipped)
}

fn trim_end(body: &[u8], from: usize, mut end: usize) -> usize {
    while end > from && body.get(end.saturating_sub(1)).is_some_and(|b| b" \t\r\n".contains(b)) {
        end = end.saturating_sub(1);
    }
    end
}

fn end_of_line(body: &[u8], at: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    at.saturating_add(rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()))
}
