//! Where the records of a body lie: structure only, no value is read.
//!
//! Finding the ends of records apart from decoding them keeps one bad record from hiding its neighbours.

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
/// `containers` names the members of an envelope whose arrays hold the records.
pub fn records(body: &[u8], containers: &[String]) -> Vec<Span> {
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
        return by_lines(body, start, containers);
    }
    documents(body, start, containers)
}

/// Whether the line after a broken first one is a value: then one line is bad, not the file.
fn second_line_stands_alone(body: &[u8], line_end: usize) -> bool {
    let start = skip_space(body, line_end);
    let end = end_of_line(body, start);
    start < body.len()
        && body.get(start) == Some(&b'{')
        && value_end(body.get(..end).unwrap_or_default(), start).is_ok_and(|e| skip_space(body, e) >= end)
}

fn by_lines(body: &[u8], mut at: usize, containers: &[String]) -> Vec<Span> {
    let mut spans = Vec::new();
    while at < body.len() {
        let end = end_of_line(body, at);
        let from = skip_space(body, at).min(end);
        let to = trim_end(body, from, end);
        if from < to {
            let line = body.get(..to).unwrap_or_default();
            match value_end(line, from) {
                Ok(stop) if stop == to => expand(line, from, to, containers, &mut spans),
                Ok(_) => spans.push(Span::broken(from, to, "the line holds more than one value")),
                Err(reason) => spans.push(Span::broken(from, to, reason)),
            }
        }
        at = end.saturating_add(1);
    }
    spans
}

fn documents(body: &[u8], mut at: usize, containers: &[String]) -> Vec<Span> {
    let mut spans = Vec::new();
    while at < body.len() {
        match value_end(body, at) {
            Ok(end) => {
                expand(body, at, end, containers, &mut spans);
                at = skip_space(body, end);
            }
            Err(reason) => {
                // The complete records before the break are still records.
                let rest = broken_document(body, at, containers, reason, &mut spans);
                spans.push(rest);
                break;
            }
        }
    }
    spans
}

/// Turns one document into its records: an array's members, an envelope's, or itself.
fn expand(body: &[u8], at: usize, end: usize, containers: &[String], spans: &mut Vec<Span>) {
    match array_of(body, at, end, containers) {
        Some(open) => {
            if let Some(rest) = members(body, open, end, spans) {
                spans.push(rest);
            }
        }
        None => spans.push(Span::record(at, end)),
    }
}

fn broken_document(body: &[u8], at: usize, containers: &[String], reason: &str, spans: &mut Vec<Span>) -> Span {
    let end = body.len();
    match array_of(body, at, end, containers) {
        Some(open) => members(body, open, end, spans).unwrap_or_else(|| Span::broken(at, end, reason)),
        None => Span::broken(at, end, reason),
    }
}

/// The position after `[` of the array that holds the records of a document.
fn array_of(body: &[u8], at: usize, end: usize, containers: &[String]) -> Option<usize> {
    match body.get(at)? {
        b'[' => Some(at.saturating_add(1)),
        b'{' => container(body, at.saturating_add(1), end, containers),
        _ => None,
    }
}

/// Walks the members of an object until one is a container that holds an array.
fn container(body: &[u8], mut at: usize, end: usize, containers: &[String]) -> Option<usize> {
    loop {
        let key_start = skip_space(body, at);
        let key_end = string_end(body, key_start).ok()?;
        let colon = skip_space(body, key_end);
        (body.get(colon) == Some(&b':')).then_some(())?;
        let value_start = skip_space(body, colon.saturating_add(1));
        let key = body.get(key_start.saturating_add(1)..key_end.saturating_sub(1))?;
        if body.get(value_start) == Some(&b'[') && containers.iter().any(|name| name.as_bytes() == key) {
            return Some(value_start.saturating_add(1));
        }
        let value_stop = skip_space(body, value_end(body, value_start).ok()?);
        (value_stop < end && body.get(value_stop) == Some(&b',')).then_some(())?;
        at = value_stop.saturating_add(1);
    }
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
