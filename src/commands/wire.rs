//! How the API is reached: the words of the command line as bounds and files read.

use super::screen::Screen;
use super::status::Failure;
use crate::cli::{Environment, Wire};
use crate::collect::{Options, Pem, Way};
use crate::evidence::WayRecord;
use std::path::Path;
use std::time::Duration;

/// Bounds and way as the flags say; reads the files that they name.
pub(super) fn options(wire: &Wire) -> Result<Options, Failure> {
    let mut options = Options::default();
    if let Some(seconds) = wire.timeout {
        options.idle = Duration::from_secs_f64(seconds);
        options.connect = options.connect.min(options.idle);
        options.total = options.total.max(options.idle);
    }
    options.retry.attempts = wire.tries.unwrap_or(options.retry.attempts);
    if let Some(seconds) = wire.max_wait {
        options.retry.longest = Duration::from_secs_f64(seconds);
        options.retry.base = options.retry.base.min(options.retry.longest);
    }
    options.way = Way {
        authorities: pem("--ca-cert", wire.ca_cert.as_deref())?,
        certificate: pem("--client-cert", wire.client_cert.as_deref())?,
        key: pem("--client-key", wire.client_key.as_deref())?,
        proxy: wire.proxy.as_deref().map(|proxy| proxy.trim().to_owned()),
    };
    Ok(options)
}

/// Says through whom a pull goes, and which proxy of the environment it does not use.
pub(super) fn tell(options: &Options, environment: &Environment, screen: &Screen) {
    match (&options.way.proxy, environment.proxies.as_slice()) {
        (Some(proxy), _) => screen.note(&format!("through the proxy {proxy}")),
        (None, []) => {}
        (None, names) => screen.note(&format!("no proxy ({} is not followed; --proxy URL is)", names.join(", "))),
    }
}

/// What of the way is written down.
pub(super) fn record(way: &Way) -> WayRecord {
    let fingerprint = |pem: &Option<Pem>| pem.as_ref().map(Pem::fingerprint);
    WayRecord {
        proxy: way.proxy.clone(),
        ca_cert: fingerprint(&way.authorities),
        client_cert: fingerprint(&way.certificate),
    }
}

fn pem(flag: &str, path: Option<&Path>) -> Result<Option<Pem>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let unreadable = |error| Failure::usage(format!("{flag}: cannot read {}: {error}", path.display()));
    Ok(Some(Pem::new(std::fs::read(path).map_err(unreadable)?)))
}
