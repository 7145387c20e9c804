//! One connection: requests in, answers out, until either side has had enough.

use super::fault::{Fault, Trouble};
use super::log::Log;
use super::query::{Query, org_of};
use super::reply::{Manner, Reply, dress, instead, page};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest head of a request.
const MAX_HEAD: usize = 64 << 10;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Path and query.
    pub target: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
}

impl Seen {
    /// The value of a header; empty if it was not sent.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

/// What all connections share.
pub(super) struct Shared {
    log: Log,
    token: String,
    faults: Vec<Fault>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stopped: bool,
    seen: Vec<Seen>,
    /// For each fault, how many requests concerned it.
    counts: Vec<u32>,
    open: BTreeMap<u64, TcpStream>,
    entered: u64,
}

impl Shared {
    pub(super) fn new(log: Log, token: &str, faults: Vec<Fault>) -> Self {
        let state = State { counts: vec![0; faults.len()], ..State::default() };
        Self { log, token: token.to_owned(), faults, state: Mutex::new(state) }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    pub(super) fn stopped(&self) -> bool {
        self.state().stopped
    }

    /// Ends every open connection, so that no worker stays behind.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        for stream in state.open.values() {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    /// Remembers a connection, to be able to end it; none if it cannot be held.
    pub(super) fn enter(&self, stream: &TcpStream) -> Option<u64> {
        let hold = stream.try_clone().ok()?;
        let mut state = self.state();
        state.entered = state.entered.saturating_add(1);
        let number = state.entered;
        state.open.insert(number, hold);
        Some(number)
    }

    pub(super) fn leave(&self, number: u64) {
        self.state().open.remove(&number);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request for a log and tells which troubles befall it.
    fn troubles(&self, org: Option<&str>) -> Vec<Trouble> {
        let mut state = self.state();
        let mut found = Vec::new();
        for (fault, count) in self.faults.iter().zip(&mut state.counts) {
            if fault.concerns(org) {
                *count = count.saturating_add(1);
                if fault.befalls(*count) {
                    found.push(fault.trouble().clone());
                }
            }
        }
        found
    }

    fn answer(&self, method: &str, seen: &Seen) -> Reply {
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        match path {
            "/health" | "/ready" => return Reply::json(200, r#"{"status":"ok"}"#),
            "/api/v1/audit-logs" if method == "GET" => {}
            "/api/v1/audit-logs" => return Reply::error(405, "method_not_allowed", "only GET"),
            _ => return Reply::error(404, "not_found", "no such path"),
        }
        let authorization = seen.header("authorization");
        let troubles = self.troubles(org_of(query).as_deref());
        if let Some(reply) = troubles.iter().find_map(|trouble| instead(trouble, &seen.target, authorization)) {
            return reply;
        }
        if authorization.strip_prefix("Bearer ") != Some(&self.token) {
            return Reply::error(401, "unauthorized", "the token is missing or not valid");
        }
        match Query::parse(query) {
            Err(message) => Reply::error(400, "bad_request", &message),
            Ok(query) => {
                let gzip = seen.header("accept-encoding").split(',').any(|coding| coding.trim() == "gzip");
                dress(page(&self.log, &query, &troubles), &troubles, gzip)
            }
        }
    }
}

/// Answers requests until the connection ends.
pub(super) fn serve(mut stream: TcpStream, shared: &Shared) {
    let mut buffer = Vec::new();
    while let Ok(Some((method, seen))) = read_request(&mut stream, &mut buffer) {
        shared.state().seen.push(seen.clone());
        let reply = shared.answer(&method, &seen);
        if !matches!(write_reply(&mut stream, &reply), Ok(true)) {
            break;
        }
    }
    drop(stream.shutdown(Shutdown::Both));
}

/// One request without a body; what follows it stays in the buffer.
fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<(String, Seen)>> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        let parsed = request.parse(buffer).map_err(io::Error::other)?;
        if let httparse::Status::Complete(length) = parsed {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let headers = request.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
            let seen = Seen { target: request.path.unwrap_or_default().to_owned(), headers };
            let method = request.method.unwrap_or_default().to_owned();
            buffer.drain(..length);
            return Ok(Some((method, seen)));
        }
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk)?;
        if count == 0 || buffer.len() > MAX_HEAD {
            return Ok(None);
        }
        buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
    }
}

/// Writes an answer; tells whether the connection may serve another request.
fn write_reply(stream: &mut TcpStream, reply: &Reply) -> io::Result<bool> {
    if reply.manner == Manner::Never {
        // Ends when the client gives up or the server stops.
        let mut ignored = [0; 64];
        while stream.read(&mut ignored)? > 0 {}
        return Ok(false);
    }
    let excess = if reply.manner == Manner::Overstated { 10 } else { 0 };
    let length = reply.body.len().saturating_add(excess);
    let mut head = Vec::new();
    write!(head, "HTTP/1.1 {} {}\r\nContent-Length: {length}\r\n", reply.status, reason(reply.status))?;
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n")?;
    }
    head.extend_from_slice(b"\r\n");
    stream.write_all(&head)?;
    match reply.manner {
        Manner::Cut(after) => stream.write_all(reply.body.get(..after).unwrap_or(&reply.body))?,
        Manner::Drip(millis) => {
            for byte in &reply.body {
                stream.write_all(std::slice::from_ref(byte))?;
                std::thread::sleep(Duration::from_millis(millis));
            }
        }
        Manner::Whole | Manner::Overstated | Manner::Never => stream.write_all(&reply.body)?,
    }
    stream.flush()?;
    Ok(reply.manner == Manner::Whole)
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
