//! One request and its answer, read to the end or to the point where it broke off.

use super::client::{Client, causes};
use super::retry::header;
use crate::clock;
use crate::model::Moment;
use reqwest::Url;
use reqwest::blocking::Response;
use reqwest::header::HeaderMap;
use std::io::{ErrorKind, Read};
use std::time::Instant;

/// What came back.
pub(super) struct Exchange {
    pub(super) at: Moment,
    pub(super) status: Option<u16>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) failure: Option<Failure>,
}

/// Why an answer is missing or not whole, in a few words.
pub(super) enum Failure {
    /// Worth another try.
    Passing(String),
    /// Another try would end the same.
    Lasting(String),
}

impl Client {
    /// Sends one request; the token stands in one of its headers and nowhere else. Without headers nothing is sent.
    pub(super) fn exchange(&self, url: &Url, headers: Option<HeaderMap>) -> Exchange {
        let at = clock::now();
        let started = Instant::now();
        let Some(headers) = headers else {
            let failure = Some(Failure::Lasting("a header of the request holds what no header may hold".to_owned()));
            return Exchange { at, status: None, headers: Vec::new(), body: Vec::new(), failure };
        };
        match self.http.get(url.clone()).headers(headers).send() {
            Ok(response) => self.receive(response, at, started),
            Err(error) => {
                let failure = Some(unanswered(error));
                Exchange { at, status: None, headers: Vec::new(), body: Vec::new(), failure }
            }
        }
    }

    fn receive(&self, mut response: Response, at: Moment, started: Instant) -> Exchange {
        let status = Some(response.status().as_u16());
        let headers: Vec<_> = response.headers().iter().map(|(k, v)| (k.to_string(), text(v.as_bytes()))).collect();
        let mut body = Vec::new();
        let mut failure = self.read(&mut response, &mut body, started).err();
        let told = header(&headers, "content-length").and_then(|length| length.parse::<usize>().ok());
        if let Some(told) = told.filter(|told| failure.is_none() && *told != body.len()) {
            failure = Some(Failure::Passing(format!("the body has {} of {told} bytes", body.len())));
        }
        Exchange { at, status, headers, body, failure }
    }

    fn read(&self, from: &mut impl Read, body: &mut Vec<u8>, started: Instant) -> Result<(), Failure> {
        let mut chunk = vec![0; 64 << 10];
        let (mut since, mut then) = (Instant::now(), 0_usize);
        loop {
            match from.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(count) => body.extend_from_slice(chunk.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(broken_off(&error, body.len())),
            }
            if body.len() > self.options.max_wire {
                let most = self.options.max_wire;
                return Err(Failure::Lasting(format!("the body is longer than {most} bytes")));
            }
            if since.elapsed() >= self.options.idle {
                let came = body.len().saturating_sub(then);
                if came < self.options.fewest() {
                    let seconds = self.options.idle.as_secs_f32();
                    return Err(Failure::Passing(format!("the body drips: {came} bytes in {seconds} s")));
                }
                (since, then) = (Instant::now(), body.len());
            }
            if started.elapsed() > self.options.total {
                let seconds = self.options.total.as_secs_f32();
                return Err(Failure::Passing(format!("the body was not complete after {seconds} s")));
            }
        }
    }
}

/// A header's value; bytes that are not UTF-8 are read as Latin-1, so none is lost.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

fn unanswered(error: reqwest::Error) -> Failure {
    // The address would bring its query into the message.
    let error = error.without_url();
    if let Some(why) = certificate(&error) {
        return Failure::Lasting(format!("the secure connection was refused on our side: {why}"));
    }
    let why = match io_kind(&error) {
        _ if error.is_dns() => "the host name cannot be resolved".to_owned(),
        _ if error.is_timeout() && error.is_connect() => "no connection within the time limit".to_owned(),
        _ if error.is_timeout() => "no answer within the time limit".to_owned(),
        Some(ErrorKind::ConnectionRefused) => "connection refused: nothing listens at this address".to_owned(),
        Some(ErrorKind::ConnectionReset) => "the connection was reset before an answer".to_owned(),
        _ => format!("no answer: {}", causes(&error)),
    };
    Failure::Passing(why)
}

fn broken_off(error: &std::io::Error, received: usize) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    if error.kind() == ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout) {
        return Failure::Passing(format!("the body stopped coming after {received} bytes"));
    }
    Failure::Passing(format!("the body broke off after {received} bytes"))
}

/// What the TLS layer refuses: a certificate, a version. Trying again would not change it.
fn certificate(error: &reqwest::Error) -> Option<String> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(causes(tls));
        }
        // An input/output error hides what it wraps from `source`, and here one wraps another.
        let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        source = wrapped.map_or_else(|| cause.source(), |inner| Some(inner));
    }
    None
}

fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        source = cause.source();
    }
    None
}
