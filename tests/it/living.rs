//! A log that lives while it is read: what it answers is decided anew for every request.

use irforensics::model::{Moment, Window};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// What a request asks for, and the how-manieth of all it is, from 1.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) number: usize,
    pub(crate) org: Option<String>,
    pub(crate) window: Window,
    pub(crate) limit: usize,
    pub(crate) skip: usize,
    pub(crate) at: Instant,
}

/// An answer: status, headers beside the usual ones, body.
pub(crate) type Reply = (u16, Vec<(&'static str, String)>, String);

/// The server; it stops when dropped.
pub(crate) struct Living {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Ask>>>,
    stop: Arc<AtomicBool>,
}

impl Living {
    /// Answers every request by `answer`.
    pub(crate) fn start(answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (all, ended, answer) = (Arc::clone(&asked), Arc::clone(&stop), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream.unwrap(), &all, &*answer));
            }
        });
        Self { address, asked, stop }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Ask> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

fn serve(mut stream: TcpStream, all: &Mutex<Vec<Ask>>, answer: &dyn Fn(&Ask) -> Reply) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else { return };
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let ask = {
        let mut all = all.lock().unwrap();
        let ask = parse(&first, all.len() + 1);
        all.push(ask.clone());
        ask
    };
    let (status, headers, body) = answer(&ask);
    let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = lines.concat();
    let head = format!("HTTP/1.1 {status} So\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n", body.len());
    drop(stream.write_all(format!("{head}{body}").as_bytes()));
}

fn parse(line: &str, number: usize) -> Ask {
    let target = line.split(' ').nth(1).unwrap();
    let pairs = target.split_once('?').unwrap().1.replace("%3A", ":");
    let pairs: BTreeMap<&str, &str> = pairs.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
    let time = |name: &str| Moment::parse_rfc3339(pairs[name]);
    Ask {
        number,
        org: pairs.get("org_id").map(|org| (*org).to_owned()),
        window: Window::new(time("from"), time("to")).unwrap(),
        limit: pairs["limit"].parse().unwrap(),
        skip: pairs.get("cursor").map_or(0, |cursor| cursor.parse().unwrap()),
        at: Instant::now(),
    }
}

/// The events that a request asks for, newest first, and where the page after them begins.
pub(crate) fn asked_for<'e>(events: &'e [Value], ask: &Ask) -> (Vec<&'e Value>, Option<usize>) {
    let time = |event: &Value| Moment::parse_rfc3339(event["timestamp"].as_str().unwrap()).unwrap();
    let fits = |event: &&Value| {
        ask.window.contains(time(event)) && ask.org.as_ref().is_none_or(|org| event["org_id"] == org.as_str())
    };
    let mut found: Vec<&Value> = events.iter().filter(fits).collect();
    found.sort_by_key(|event| std::cmp::Reverse((time(event), event["id"].to_string())));
    let next = ask.skip + ask.limit;
    let next = (next < found.len()).then_some(next);
    (found.into_iter().skip(ask.skip).take(ask.limit).collect(), next)
}

/// A page as the contract says.
pub(crate) fn page(events: &[Value], ask: &Ask) -> Reply {
    let (data, next) = asked_for(events, ask);
    let body = json!({ "data": data, "next_cursor": next.map(|next| next.to_string()) }).to_string();
    (200, vec![("Content-Type", "application/json".to_owned())], body)
}
