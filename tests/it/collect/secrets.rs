//! The token, the one origin, and hostile words.

use super::support::*;

#[test]
fn fault_043_a_cursor_that_holds_the_token_is_not_sent() {
    let fault = Fault::always(Trouble::Next { json: format!("\"next?token={TOKEN}\"") });
    let server = serve(vec![fault]);
    let profile = native();
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let mut walk = pages(&client, scope(&profile, Some("org_a")));
    let steps: Vec<_> = walk.by_ref().collect();
    let page = steps.iter().flatten().find(|fetched| fetched.kind == Kind::Page).unwrap();
    assert!(page.echoes_token && page.cursor_out.is_none());
    let error = steps.last().unwrap().as_ref().unwrap_err();
    assert!(error.to_string().contains("holds the token") && !format!("{error:?}").contains(TOKEN));
    assert!(server.requests().iter().all(|request| !request.target.contains("cursor")));
}

#[test]
fn fault_115_what_a_server_says_is_escaped_and_cut() {
    let body = format!("{{\"error\":{{\"message\":\"\\u001b[2J\\r{}\"}}}}", "x".repeat(5000));
    let trouble = Trouble::Status { code: 404, body, headers: vec![] };
    let walk = ends(Fault::always(trouble), ErrorClass::NotThisApi, &["status 404", "\\u{1b}[2J\\r"]);
    assert!(walk.message().len() < 600);
}

#[test]
fn fault_119_an_echoed_token_is_replaced_and_told() {
    let walk = ends(Fault::always(Trouble::EchoToken), ErrorClass::NotThisApi, &["status 400", "Bearer ***"]);
    assert!(walk.attempts[0].redacted);
    assert!(String::from_utf8_lossy(&walk.attempts[0].body).contains("Bearer ***"));
}

#[test]
fn fault_118_tokens_are_trimmed_checked_and_never_printed() {
    let token = Token::new(&format!(" {TOKEN}\r\n")).unwrap();
    assert_eq!(format!("{token} {token:?} {:#?}", Some(&token)), "*** *** Some(\n    ***,\n)");
    assert_eq!(token.fingerprint(), Token::new(TOKEN).unwrap().fingerprint());
    assert_eq!(token.fingerprint().len(), 12);
    for bad in ["", " \n", "two words", "umlaut-ü", "a\u{0}b", "a\nb"] {
        let error = Token::new(bad).unwrap_err().to_string();
        assert!(bad.trim().is_empty() || !error.contains(bad), "{error}");
    }
}

#[test]
fn base_addresses_are_https_or_loopback_and_nothing_more() {
    for good in [
        "https://api.example.com",
        "https://api.example.com/v2/",
        "http://localhost:1",
        "http://127.9.9.9",
        "http://[::1]:80",
    ] {
        assert!(Client::new(good, quick()).is_ok(), "{good}");
    }
    for bad in [
        "http://api.example.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil",
        "ftp://h",
        "api.example.com",
        "https://user:hunter2@h/",
        "https://h/?q=1",
        "https://h/#f",
        "file:///etc/passwd",
        "",
    ] {
        let error = Client::new(bad, quick()).err().unwrap_or_else(|| panic!("{bad} was taken"));
        assert_eq!(error.class(), ErrorClass::Usage);
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn nothing_is_sent_without_a_closed_window_or_an_api() {
    let server = serve(vec![]);
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let profile = native();
    let open = Scope { window: Window::default(), ..scope(&profile, None) };
    assert_eq!(Walk::of(pages(&client, open)).class(), ErrorClass::Usage);
    let files_only = Profile { request: None, ..native() };
    assert_eq!(Walk::of(pages(&client, scope(&files_only, None))).class(), ErrorClass::Usage);
    assert!(server.requests().is_empty());
}

#[test]
fn fault_119_an_echo_in_a_header_or_under_gzip_is_replaced_too() {
    use std::io::Write;
    let location = vec![("Location".to_owned(), format!("/login?token={TOKEN}"))];
    let trouble = Trouble::Status { code: 307, body: String::new(), headers: location };
    let walk = ends(Fault::always(trouble), ErrorClass::NotThisApi, &["redirects to /login?token=***"]);
    assert!(walk.attempts[0].redacted);

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    write!(encoder, "you sent {TOKEN}").unwrap();
    let body = encoder.finish().unwrap();
    let head = format!("HTTP/1.1 400 X\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    let bytes = [head.as_bytes(), &body].concat();
    let walk = ends(Fault::always(Trouble::Raw { bytes }), ErrorClass::NotThisApi, &["you sent ***"]);
    assert_eq!(walk.attempts[0].body, b"you sent ***");
    assert!(walk.attempts[0].redacted && walk.attempts[0].headers.iter().all(|(name, _)| name != "content-encoding"));
}
