//! A loopback API whose answers a test writes itself, and profiles that describe it.

use super::super::support::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// From 1.
    pub(super) number: usize,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let value = found.next();
        assert_eq!(found.next(), None, "{name} is sent twice");
        value
    }

    pub(super) fn number_of(&self, name: &str) -> Option<usize> {
        self.get(name).map(|value| value.parse().unwrap())
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) link: Option<String>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn ok(body: String) -> Self {
        Self { status: 200, link: None, body }
    }

    pub(super) fn status(status: u16) -> Self {
        Self { status, link: None, body: r#"{"message":"no"}"#.to_owned() }
    }
}

type Handler = dyn FnMut(&Asked) -> Answer + Send;

pub(super) struct Backend {
    address: std::net::SocketAddr,
    seen: Arc<Mutex<Vec<Asked>>>,
    listening: Option<std::thread::JoinHandle<()>>,
}

impl Backend {
    /// Answers every request by the handler; one connection a request, one after the other.
    pub(super) fn start(mut handler: Box<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(mut asked) = stream.ok().and_then(|mut stream| Some((read(&mut stream)?, stream))) else {
                    break;
                };
                asked.0.number = noted.lock().unwrap().len() + 1;
                noted.lock().unwrap().push(asked.0.clone());
                let answer = handler(&asked.0);
                let link = answer.link.map(|link| format!("Link: {link}\r\n")).unwrap_or_default();
                let length = answer.body.len();
                let head = format!(
                    "HTTP/1.1 {} X\r\nContent-Type: application/json\r\n{link}Content-Length: {length}\r\nConnection: close\r\n\r\n",
                    answer.status
                );
                let _sent = asked.1.write_all(format!("{head}{}", answer.body).as_bytes());
            }
        });
        Self { address, seen, listening: Some(listening) }
    }

    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn seen(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // A connection that says nothing ends the listener.
        drop(TcpStream::connect(self.address));
        let ended = self.listening.take().unwrap().join();
        assert!(ended.is_ok() || std::thread::panicking(), "the server's thread panicked");
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = text.split("\r\n");
    let target = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pair = |pair: &str| pair.split_once('=').map(|(k, v)| (unescape(k), unescape(v)));
    let query = query.split('&').filter_map(pair).collect();
    Some(Asked { number: 0, path: path.to_owned(), query, headers })
}

fn unescape(text: &str) -> String {
    let bytes = text.replace('+', " ").into_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at] == b'%' {
            out.push(u8::from_str_radix(std::str::from_utf8(&bytes[at + 1..at + 3]).unwrap(), 16).unwrap());
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap()
}

/// The native profile with another `[request]`; `unwrap` names the member in which records are wrapped.
pub(super) fn profile(request: &str) -> Profile {
    load("styled", Some(&text(request))).unwrap()
}

pub(super) fn text(request: &str) -> String {
    let native = include_str!("../../../../src/profile/native.toml");
    let (before, rest) = native.split_once("[request]").unwrap();
    let (_, after) = rest.split_once("[records]").unwrap();
    format!("{before}[request]\n{request}\n[records]\nunwrap = [\"event\"]{after}")
}

/// One record; `at` is in microseconds after the beginning of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) at: i64,
    pub(super) id: String,
}

impl Row {
    pub(super) fn new(at: i64, id: &str) -> Self {
        Self { at, id: id.to_owned() }
    }

    pub(super) fn json(&self) -> String {
        let time = Moment::from_micros(START + self.at);
        format!(r#"{{"id":"{}","timestamp":"{time}","org_id":"org_a","action":"file.read"}}"#, self.id)
    }
}

/// 25 records, newest first, in pairs that share an instant, a second between two pairs.
pub(super) fn rows() -> Vec<Row> {
    (0..25_i64).rev().map(|n| Row::new(n / 2 * 1_000_000, &format!("e{n:02}"))).collect()
}

pub(super) fn ids(rows: &[Row]) -> BTreeSet<String> {
    rows.iter().map(|row| row.id.clone()).collect()
}

pub(super) fn list(rows: &[Row]) -> String {
    rows.iter().map(Row::json).collect::<Vec<_>>().join(",")
}

/// Walks a backend with pages of ten.
pub(super) fn walk(backend: &Backend, profile: &Profile) -> Walk {
    walk_over(backend, profile, window())
}

pub(super) fn walk_over(backend: &Backend, profile: &Profile, window: Window) -> Walk {
    let client = Client::new(&backend.base_url(), quick()).unwrap();
    Walk::of(pages(&client, Scope { window, ..scope(profile, Some("org_a")) }))
}

/// Every id of a walk, once.
pub(super) fn found(walk: &Walk) -> BTreeSet<String> {
    walk.ids().into_iter().collect()
}
