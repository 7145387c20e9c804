//! Answers: what the contract says, and what a fault makes of it.

#![expect(clippy::wildcard_enum_match_arm, reason = "each function handles the troubles of its own layer")]

use super::fault::Trouble;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Manner {
    /// Whole.
    #[default]
    Whole,
    /// That many bytes of the body, then the end.
    Cut(usize),
    /// That many bytes of the body, then a reset.
    Reset(usize),
    /// With that length told, whatever it is.
    Told(usize),
    /// Whole, so many milliseconds late.
    Late(u64),
    /// In chunks; with a number cut after so many bytes, without the end.
    Chunked(Option<usize>),
    /// Without a length; with a number cut after so many bytes.
    UntilClose(Option<usize>),
    /// Blanks for ever after the body.
    Endless,
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
        Trouble::Endless => Reply { manner: Manner::Endless, ..Reply::json(200, r#"{"data":["#) },
        Trouble::Body { body } => Reply::json(200, body.as_slice()),
        Trouble::Raw { bytes } => Reply { body: bytes.clone(), manner: Manner::Raw, ..Reply::default() },
        Trouble::Stall => Reply { manner: Manner::Never, ..Reply::default() },
        _ => return None,
    })
}

/// Coding and manner of a page under the troubles that change them.
pub(super) fn dress(mut reply: Reply, troubles: &[Trouble], gzip: bool) -> Reply {
    let plain = troubles.iter().any(|trouble| matches!(trouble, Trouble::Told { .. } | Trouble::Endless));
    if gzip && !plain || troubles.iter().any(is_coded) {
        let two = troubles.contains(&Trouble::GzipTwoMembers);
        reply = reply.gzip(if two { 2 } else { 1 });
    }
    for trouble in troubles {
        miscode(&mut reply, trouble);
        let length = reply.body.len();
        reply.manner = match trouble {
            Trouble::CutBody { after } => Manner::Cut(*after),
            Trouble::Reset { after } => Manner::Reset(*after),
            Trouble::SilentBody { after } => Manner::Silent(*after),
            Trouble::LongContentLength => Manner::Told(length.saturating_add(10)),
            Trouble::ShortContentLength { by } => Manner::Told(length.saturating_sub(*by)),
            Trouble::Chunked { cut } => Manner::Chunked(*cut),
            Trouble::UntilClose { cut } => Manner::UntilClose(*cut),
            Trouble::Drip { millis } => Manner::Drip(*millis),
            Trouble::Late { millis } => Manner::Late(*millis),
            Trouble::Endless => Manner::Endless,
            _ => continue,
        };
    }
    reply
}

/// Whether a trouble needs a body in gzip, whatever the client takes.
fn is_coded(trouble: &Trouble) -> bool {
    use Trouble::{Bomb, GzipAndMore, GzipTwice, GzipTwoMembers, GzipUntold, TruncatedGzip, WrongGzip};
    matches!(trouble, GzipTwoMembers | TruncatedGzip | WrongGzip | GzipAndMore | GzipTwice | GzipUntold | Bomb { .. })
}

/// What a trouble makes of a coded body, or of the header that tells of it.
fn miscode(reply: &mut Reply, trouble: &Trouble) {
    let length = reply.body.len();
    match trouble {
        Trouble::TruncatedGzip => reply.body.truncate(length.saturating_sub(8)),
        // RFC 1952: the checksum is the first half of the last eight bytes.
        Trouble::WrongGzip => reply.body.iter_mut().rev().skip(4).take(4).for_each(|byte| *byte = !*byte),
        Trouble::GzipAndMore => reply.body.extend_from_slice(b"and more"),
        Trouble::GzipTwice => reply.body = member(&reply.body).unwrap_or_default(),
        Trouble::GzipUntold => reply.headers.retain(|(name, _)| name != "Content-Encoding"),
        Trouble::Told { coding } => reply.headers.push(header("Content-Encoding", coding)),
        _ => {}
    }
}

fn member(bytes: &[u8]) -> Option<Vec<u8>> {
    // A bomb is as small as it can be made.
    let level = if bytes.len() > 1 << 20 { Compression::best() } else { Compression::fast() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
