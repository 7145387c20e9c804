//! What all connections share: the log, the token, the faults, and what was seen.

use super::fault::{Fault, Trouble};
use super::log::Log;
use super::page::page;
use super::query::{Query, org_of};
use super::reply::{Reply, dress, instead};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    forgotten: BTreeSet<String>,
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

    pub(super) fn entered(&self) -> u64 {
        self.state().entered
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

    /// Whether the cursor asked with was forgotten, now or before.
    fn forgets(&self, query: &Query, troubles: &[Trouble]) -> bool {
        let Some(cursor) = &query.cursor else { return false };
        let mut state = self.state();
        if troubles.contains(&Trouble::ForgetCursor) {
            state.forgotten.insert(cursor.clone());
        }
        state.forgotten.contains(cursor)
    }

    /// Takes note of a request and answers it.
    pub(super) fn answer(&self, method: &str, seen: &Seen) -> Reply {
        self.state().seen.push(seen.clone());
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
            Ok(query) if self.forgets(&query, &troubles) => {
                Reply::error(410, "cursor_expired", "the cursor has expired")
            }
            Ok(query) => {
                let gzip = seen.header("accept-encoding").split(',').any(|coding| coding.trim() == "gzip");
                dress(page(&self.log, &query, &troubles, authorization), &troubles, gzip)
            }
        }
    }
}
