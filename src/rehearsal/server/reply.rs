//! Answers: what the contract says, and what a fault makes of it.

#![expect(clippy::wildcard_enum_match_arm, reason = "each function handles the troubles of its own layer")]

use super::fault::Trouble;
use super::log::Log;
use super::query::Query;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// An answer before it is written; how it is written may be part of a fault.
#[derive(Debug, Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) manner: Manner,
}

/// How an answer goes out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Manner {
    /// Whole.
    #[default]
    Whole,
    /// That many bytes of the body, then the end.
    Cut(usize),
    /// With a length that is too long by ten.
    Overstated,
    /// Not at all.
    Never,
    /// That many bytes of the body, then silence.
    Silent(usize),
    /// The body is all that goes out, head included.
    Raw,
    /// One byte at a time, with this many milliseconds between two.
    Drip(u64),
}

impl Reply {
    /// An answer with a JSON body.
    pub(super) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![header("Content-Type", "application/json")];
        Self { status, headers, body: body.into(), manner: Manner::Whole }
    }

    /// An answer with an error object.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        let error = serde_json::json!({ "error": { "code": code, "message": message } });
        Self::json(status, error.to_string())
    }

    /// Gzip, as one member or more.
    pub(super) fn gzip(mut self, members: usize) -> Self {
        let size = self.body.len().div_ceil(members.max(1)).max(1);
        let packed: Option<Vec<_>> = self.body.chunks(size).map(member).collect();
        if let Some(packed) = packed.filter(|packed| !packed.is_empty()) {
            self.body = packed.concat();
            self.headers.push(header("Content-Encoding", "gzip"));
        }
        self
    }
}

/// The answer to a good query, with the troubles that change the page itself.
pub(super) fn page(log: &Log, query: &Query, troubles: &[Trouble]) -> Reply {
    let mut org = query.org.as_deref();
    let (mut skip, mut take, mut empty) = (query.position, query.limit, 0);
    for trouble in troubles {
        match trouble {
            Trouble::IgnoreOrgFilter => org = None,
            Trouble::OwnOrgOnly { org: own } => org = Some(own),
            Trouble::DuplicateDelivery { events } => skip = skip.saturating_sub(*events),
            Trouble::EmptyPageInTheMiddle => (take, empty) = (0, query.empty.saturating_add(1)),
            _ => {}
        }
    }
    let (rows, total) = log.stretch(org, query.window, skip, take);
    let end = skip.saturating_add(rows.len());
    let next = if end < total { quoted(&query.cursor_at(end, empty)) } else { "null".to_owned() };
    let mut member = format!(",\"next_cursor\":{next}");
    for trouble in troubles {
        match trouble {
            Trouble::RepeatCursor => {
                let same = query.cursor.clone().unwrap_or_else(|| query.cursor_at(end, empty));
                member = format!(",\"next_cursor\":{}", quoted(&same));
            }
            Trouble::MissingNext => member.clear(),
            Trouble::Next { json } => member = format!(",\"next_cursor\":{json}"),
            _ => {}
        }
    }
    Reply::json(200, format!("{{\"data\":[{}]{member}}}", rows.join(",")))
}

/// The answer that a trouble puts in place of a page, if it does.
pub(super) fn instead(trouble: &Trouble, target: &str, authorization: &str) -> Option<Reply> {
    Some(match trouble {
        Trouble::Status429 { retry_after } => {
            let mut reply = Reply::error(429, "rate_limited", "too many requests");
            reply.headers.extend(retry_after.iter().map(|value| header("Retry-After", value)));
            reply
        }
        Trouble::Status { code, body, headers } => {
            let mut reply = Reply::json(*code, body.as_str());
            reply.headers.extend(headers.iter().cloned());
            reply
        }
        Trouble::Html200 => {
            let mut reply = Reply::json(200, "<!doctype html><title>Sign in</title><p>Please sign in.");
            reply.headers = vec![header("Content-Type", "text/html; charset=utf-8")];
            reply
        }
        Trouble::RefuseScope => Reply::json(403, r#"{"error":{"code":"insufficient_scope","required":"audit:read"}}"#),
        Trouble::ErrorIn200 => Reply::error(200, "internal", "try again"),
        Trouble::NullData => Reply::json(200, r#"{"data":null}"#),
        Trouble::Redirect { to } => {
            let mut reply = Reply::json(302, "");
            reply.headers.push(header("Location", &format!("{}{target}", to.trim_end_matches('/'))));
            reply
        }
        Trouble::EchoToken => Reply::error(400, "bad_request", &format!("not understood: {authorization}")),
        Trouble::Body { body } => Reply::json(200, body.as_slice()),
        Trouble::Raw { bytes } => Reply { body: bytes.clone(), manner: Manner::Raw, ..Reply::default() },
        Trouble::Stall => Reply { manner: Manner::Never, ..Reply::default() },
        _ => return None,
    })
}

/// Coding and manner of a page under the troubles that change them.
pub(super) fn dress(mut reply: Reply, troubles: &[Trouble], gzip: bool) -> Reply {
    let two = troubles.contains(&Trouble::GzipTwoMembers);
    let truncated = troubles.contains(&Trouble::TruncatedGzip);
    if two || truncated || gzip {
        reply = reply.gzip(if two { 2 } else { 1 });
    }
    if truncated {
        reply.body.truncate(reply.body.len().saturating_sub(8));
    }
    for trouble in troubles {
        match trouble {
            Trouble::CutBody { after } => reply.manner = Manner::Cut(*after),
            Trouble::SilentBody { after } => reply.manner = Manner::Silent(*after),
            Trouble::LongContentLength => reply.manner = Manner::Overstated,
            Trouble::Drip { millis } => reply.manner = Manner::Drip(*millis),
            _ => {}
        }
    }
    reply
}

fn member(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
