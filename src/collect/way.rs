//! The way to the API: whom we trust, who we say we are, and through whom we go. Nothing of it is taken from the machine
//! in silence: a proxy is used only where it was named.

use super::CollectError;
use super::client::is_loopback;
use crate::model::hex;
use reqwest::blocking::ClientBuilder;
use reqwest::{Certificate, Identity, Proxy, Url};
use sha2::{Digest, Sha256};

/// How the API is reached; by default directly, by the machine's own certificate authorities.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// PEM of the only certificate authorities that are trusted.
    pub authorities: Option<Pem>,
    /// PEM of the client certificate, with what leads to its authority.
    pub certificate: Option<Pem>,
    /// PEM of the private key of that certificate.
    pub key: Option<Pem>,
    /// Address of an HTTP proxy.
    pub proxy: Option<String>,
}

/// The bytes of a PEM file, which may hold a private key: it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Pem(Vec<u8>);

impl Pem {
    /// Takes the bytes of a file; they are read when a client is made.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// First 12 hex digits of the file's SHA-256.
    pub fn fingerprint(&self) -> String {
        hex(Sha256::digest(&self.0).get(..6).unwrap_or_default())
    }
}

impl std::fmt::Debug for Pem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Way {
    /// Sets a client up for this way to an API at `base`.
    pub(super) fn prepare(&self, builder: ClientBuilder, base: &Url) -> Result<ClientBuilder, CollectError> {
        let builder = self.trusting(builder, base)?;
        let builder = self.identified(builder)?;
        // Without this the variables of the environment would choose one.
        let direct = builder.no_proxy();
        let Some(proxy) = &self.proxy else { return Ok(direct) };
        let named = Proxy::all(proxy_address(proxy, base)?).map_err(|error| unusable("--proxy", &error))?;
        Ok(direct.proxy(named))
    }

    fn trusting(&self, builder: ClientBuilder, base: &Url) -> Result<ClientBuilder, CollectError> {
        let Some(pem) = &self.authorities else {
            // Over http no certificate is checked, so a machine without a certificate store will do.
            return Ok(if base.scheme() == "http" { builder.tls_certs_only([]) } else { builder });
        };
        let found = Certificate::from_pem_bundle(&pem.0).map_err(|error| unusable("--ca-cert", &error))?;
        if found.is_empty() {
            return Err(CollectError::Usage { why: "--ca-cert: the file holds no certificate in PEM form".to_owned() });
        }
        Ok(builder.tls_certs_only(found))
    }

    fn identified(&self, builder: ClientBuilder) -> Result<ClientBuilder, CollectError> {
        let (Some(certificate), Some(key)) = (&self.certificate, &self.key) else { return Ok(builder) };
        let both = [certificate.0.as_slice(), b"\n", &key.0].concat();
        let identity = Identity::from_pem(&both).map_err(|error| unusable("--client-cert and --client-key", &error))?;
        Ok(builder.identity(identity))
    }
}

/// A proxy's address: http or https, without a password; for an API in the clear it must lie on the same machine.
fn proxy_address(text: &str, base: &Url) -> Result<Url, CollectError> {
    let refuse = |why: &str| CollectError::Usage { why: format!("--proxy {why}") };
    let url = Url::parse(text.trim()).map_err(|error| refuse(&format!("is not an address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(refuse("must begin with http:// or https:// and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not hold a user or a password: every process of the machine could read it"));
    }
    if base.scheme() == "http" && !is_loopback(&url) {
        return Err(refuse("would see the token in the clear: --base-url begins with http://"));
    }
    Ok(url)
}

fn unusable(what: &str, error: &dyn std::error::Error) -> CollectError {
    CollectError::Usage { why: format!("{what}: {}", super::client::causes(error)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_holds_no_secret_and_sees_none() {
        let secure = Url::parse("https://api.example.com").unwrap();
        let clear = Url::parse("http://127.0.0.1:1").unwrap();
        assert!(proxy_address("http://proxy.example:3128", &secure).is_ok());
        assert!(proxy_address("http://127.0.0.1:3128", &clear).is_ok());
        for (proxy, base, says) in [
            ("http://proxy.example:3128", &clear, "in the clear"),
            ("http://user:hunter2@proxy.example", &secure, "user or a password"),
            ("socks5://proxy.example", &secure, "http://"),
            ("proxy", &secure, "not an address"),
        ] {
            let error = proxy_address(proxy, base).unwrap_err().to_string();
            assert!(error.contains(says) && !error.contains("hunter2"), "{error}");
        }
    }
}
