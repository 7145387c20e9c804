//! Certificates, client certificates and proxies: what is refused, and what is named.

use super::ground::*;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, Stream};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults/tls").join(name)
}

fn word(name: &str) -> String {
    file(name).display().to_string()
}

/// A server that speaks TLS with this certificate before the audit API; with `strict`, to known clients only.
fn secure(api: &Server, name: &str, strict: bool) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let config = if strict {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(file("ours.pem")).unwrap()).unwrap();
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        config.with_client_cert_verifier(clients)
    } else {
        config.with_no_client_auth()
    };
    let chain = vec![CertificateDer::from_pem_file(file(&format!("{name}.pem"))).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key"))).unwrap();
    let config = Arc::new(config.with_single_cert(chain, key).unwrap());
    let behind = api.base_url().trim_start_matches("http://").to_owned();
    listen(move |mut stream| {
        let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = Stream::new(&mut tls, &mut stream);
        while let Some(request) = head(&mut stream) {
            if stream.write_all(&ask(&behind, &request)).is_err() {
                break;
            }
        }
    })
}

/// Serves each connection in a thread of its own, as long as the test runs.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream.unwrap()));
        }
    });
    address
}

/// The head of a request; none where the client has gone or the connection cannot be secured.
fn head(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    Some(head)
}

fn ask(address: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

fn request_record(ended: &Ended) -> serde_json::Value {
    let path = ended.folder.join("case/evidence/acq-0001/data/request.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn fault_031_a_certificate_is_checked_and_nothing_is_sent_without() {
    let api = serve(vec![]);
    let authority = word("ours.pem");
    for (name, host, says) in [
        ("expired", "localhost", "expired"),
        ("elsewhere", "localhost", "not valid for"),
        ("good", "127.0.0.2", "not valid for"),
        ("stranger", "localhost", "UnknownIssuer"),
    ] {
        let address = secure(&api, name, false);
        let url = format!("https://{host}:{}", address.port());
        // 127.0.0.2 is another name of the same machine where the whole block is the loopback.
        let ended = pull_from(&url.replace("127.0.0.2", "127.0.0.1"), &["--ca-cert", &authority], &[]);
        if host == "127.0.0.2" {
            ended.ends_exact("the address stands in the certificate");
            continue;
        }
        let before = api.requests().len();
        let ended = ended.ends(name, 6, &["secure connection was refused on our side", "1 attempt"]);
        assert!(ended.err.contains(says), "{name}: {}", ended.err);
        assert_eq!(api.requests().len(), before, "{name}: a request went out");
    }
}

#[test]
fn a_named_authority_is_the_only_one_and_is_written_down() {
    let api = serve(vec![]);
    let address = secure(&api, "good", false);
    let url = format!("https://localhost:{}", address.port());
    let ended = pull_from(&url, &["--ca-cert", &word("ours.pem")], &[]).ends_exact("our authority");
    let hash = irforensics::evidence::sha256_hex(&std::fs::read(file("ours.pem")).unwrap());
    assert_eq!(request_record(&ended)["way"]["ca_cert"], hash[..12]);
    pull_from(&url, &["--ca-cert", &word("other.pem")], &[]).ends("another", 6, &["UnknownIssuer"]);
    for (name, says) in [("good.key", "no certificate"), ("nowhere.pem", "cannot read"), ("make.sh", "no certificate")]
    {
        let ended = pull_from(&url, &["--ca-cert", &word(name)], &[]);
        assert!(ended.code == 2 && ended.err.contains(says), "{name}: {}", ended.err);
    }
}

#[test]
fn a_client_certificate_is_shown_where_it_was_named() {
    let api = serve(vec![]);
    let address = secure(&api, "good", true);
    let url = format!("https://localhost:{}", address.port());
    let (ca, cert, key) = (word("ours.pem"), word("client.pem"), word("client.key"));
    let quick = ["--ca-cert", &ca, "--tries", "2", "--max-wait", "0.01"];
    let ended = pull_from(&url, &quick, &[]).keeps_faith("without");
    assert!(ended.code == 6 && api.requests().is_empty(), "{}", ended.err);
    let shown = [&quick[..], &["--client-cert", &cert, "--client-key", &key]].concat();
    let ended = pull_from(&url, &shown, &[]).ends_exact("with");
    assert!(request_record(&ended)["way"]["client_cert"].is_string());
    let secret = std::fs::read_to_string(file("client.key")).unwrap();
    let line = secret.lines().nth(1).unwrap();
    assert!(!ended.out.contains(line) && !ended.err.contains(line));
    let half = [&quick[..], &["--client-cert", &cert]].concat();
    assert_eq!(pull_from(&url, &half, &[]).code, 2, "a certificate without its key");
    let swapped = [&quick[..], &["--client-cert", &key, "--client-key", &cert]].concat();
    assert!([2, 0].contains(&pull_from(&url, &swapped, &[]).code));
}

#[test]
fn fault_033_a_proxy_is_used_only_where_it_was_named_and_is_written_down() {
    let api = serve(vec![]);
    let tunnelled = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&tunnelled);
    let proxy = listen(move |mut stream| {
        let Some(request) = head(&mut stream) else { return };
        seen.lock().unwrap().push(String::from_utf8(request.clone()).unwrap());
        let text = String::from_utf8(request).unwrap();
        let to = text.split(' ').nth(1).unwrap().to_owned();
        let mut far = TcpStream::connect(to).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut back, mut up) = (far.try_clone().unwrap(), stream.try_clone().unwrap());
        std::thread::spawn(move || drop(std::io::copy(&mut back, &mut up)));
        drop(std::io::copy(&mut stream, &mut far));
    });
    let proxy = format!("http://{proxy}");
    let address = secure(&api, "good", false);
    let url = format!("https://localhost:{}", address.port());
    let ca = word("ours.pem");
    let surprises = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"].map(|name| (name, proxy.as_str()));
    let ended = pull_from(&url, &["--ca-cert", &ca], &surprises).ends_exact("the environment's proxy");
    assert!(ended.err.contains("no proxy (HTTPS_PROXY, https_proxy, ALL_PROXY is not followed"), "{}", ended.err);
    assert!(tunnelled.lock().unwrap().is_empty(), "a proxy of the environment was used in silence");
    assert_eq!(request_record(&ended)["way"].get("proxy"), None);

    let ended = pull_from(&url, &["--ca-cert", &ca, "--proxy", &proxy], &[]).ends_exact("a proxy that was named");
    assert!(ended.err.contains(&format!("through the proxy {proxy}")), "{}", ended.err);
    assert_eq!(request_record(&ended)["way"]["proxy"], proxy.as_str());
    let seen = tunnelled.lock().unwrap().concat();
    assert!(seen.starts_with("CONNECT localhost:"), "{seen}");
    assert!(!seen.contains("Bearer") && !seen.contains(TOKEN), "the proxy saw the token");
}

#[test]
fn fault_033_a_netrc_is_ignored() {
    let api = serve(vec![]);
    let home = folder();
    std::fs::write(home.join(".netrc"), "machine 127.0.0.1 login someone password hunter2\n").unwrap();
    let home = home.display().to_string();
    let ended = pull_from(&api.base_url(), &[], &[("HOME", &home), ("NETRC", &format!("{home}/.netrc"))]);
    ended.ends_exact("netrc");
    assert!(api.requests().iter().all(|request| request.header("authorization") == format!("Bearer {TOKEN}")));
    #[expect(clippy::disallowed_methods, reason = "a test empties its own folder")]
    std::fs::remove_dir_all(home).unwrap();
}

#[test]
fn fault_002_a_server_that_listens_only_later_is_reached() {
    let api = serve(vec![]);
    let behind = api.base_url().trim_start_matches("http://").to_owned();
    let place = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let later = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        let listener = TcpListener::bind(address).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, behind) = (stream.unwrap(), behind.clone());
                std::thread::spawn(move || {
                    while let Some(request) = head(&mut stream) {
                        stream.write_all(&ask(&behind, &request)).unwrap();
                    }
                });
            }
        });
    });
    let url = format!("http://{address}");
    pull_from(&url, &["--tries", "200", "--max-wait", "0.05"], &[]).ends_exact("refused at first");
    later.join().unwrap();
}
