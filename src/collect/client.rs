//! The HTTP client: one origin, no redirects, no hidden decoding, every wait bounded.

use super::{CollectError, Retry, Way};
use crate::wire::{Limits, excerpt};
use reqwest::Url;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use std::net::IpAddr;
use std::time::Duration;

/// Bounds of one request.
#[derive(Clone, Debug)]
pub struct Options {
    /// Longest wait for a connection.
    pub connect: Duration,
    /// Longest silence: until the first byte, and between two reads.
    pub idle: Duration,
    /// Longest time for one answer, body included.
    pub total: Duration,
    /// Most bytes of one body on the wire.
    pub max_wire: usize,
    /// How much a body may grow when decoded.
    pub limits: Limits,
    /// Fewest bytes of a body a second, over each span of `idle`: a server that drips would hold a walk up for ever.
    pub slowest: usize,
    /// Asking again.
    pub retry: Retry,
    /// How the API is reached.
    pub way: Way,
}

impl Default for Options {
    /// Generous for a slow audit API, short enough that a dead one is noticed within a minute.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(45),
            total: Duration::from_mins(5),
            max_wire: 64 << 20,
            limits: Limits::PAGE,
            // Far below the slowest line, far above one byte a second.
            slowest: 100,
            retry: Retry::default(),
            way: Way::default(),
        }
    }
}

impl Options {
    /// Fewest bytes of a body in one span of `idle`.
    pub(super) fn fewest(&self) -> usize {
        let millis = usize::try_from(self.idle.as_millis()).unwrap_or(usize::MAX);
        self.slowest.saturating_mul(millis).div_ceil(1000)
    }
}

/// A client for one API at one origin.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) http: reqwest::blocking::Client,
    pub(super) options: Options,
    base: Url,
}

impl Client {
    /// A client for the API at `base_url`: https, or http on the loopback; no user, query or fragment.
    pub fn new(base_url: &str, options: Options) -> Result<Self, CollectError> {
        let base = checked(base_url)?;
        let http = builder(&options);
        let http = options.way.prepare(http, &base)?.build().map_err(|error| CollectError::Usage {
            why: format!("the HTTPS client cannot be set up: {}", causes(&error.without_url())),
        })?;
        Ok(Self { http, options, base })
    }

    /// How the API is reached.
    pub fn way(&self) -> &Way {
        &self.options.way
    }

    /// The configured address, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The address of an endpoint under the configured one, which may already name it.
    pub(super) fn endpoint(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let prefix = self.base.path().trim_end_matches('/');
        let prefix = prefix.strip_suffix(path.trim_end_matches('/')).unwrap_or(prefix);
        url.set_path(&format!("{prefix}/{}", path.trim_start_matches('/')));
        url
    }
}

fn builder(options: &Options) -> reqwest::blocking::ClientBuilder {
    // A second client in the same process finds the provider installed, which is just as well.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    // Undone in `wire`, with every gzip member and under our limits; the wire bytes are the evidence.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, identity"));
    reqwest::blocking::Client::builder()
        .user_agent(concat!("irforensics/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(options.connect)
        // In the blocking client this bounds each wait: for the head, then for every read.
        .timeout(options.idle.min(options.total))
}

/// An error and what caused it, in one line.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    excerpt(text.as_bytes(), 300)
}

fn checked(text: &str) -> Result<Url, CollectError> {
    let refuse = |why: &str| CollectError::Usage { why: format!("--base-url {why}") };
    let url = Url::parse(text.trim()).map_err(|error| refuse(&format!("is not an address: {error}")))?;
    // The address itself is not repeated where it may hold a password.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not hold a user or a password; the token is given with --token-file"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("must end before any ? or #"));
    }
    match url.scheme() {
        _ if url.host().is_none() => Err(refuse("names no host")),
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(refuse("must begin with https://: over http anyone on the way could read the token")),
        _ => Err(refuse("must begin with https://")),
    }
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
