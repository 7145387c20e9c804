//! The token: in nothing that is written or printed, and at no other origin.

use super::ground::*;
use crate::canary::Canary;

/// An answer that repeats the token in this way, on every request.
fn echo(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Fault::always(Trouble::Status { code: status, body: body.to_owned(), headers })
}

#[test]
fn fault_119_what_a_server_repeats_of_the_token_is_nowhere() {
    let url = TOKEN.replace('/', "%2F").replace('+', "%2B");
    let html = TOKEN.replace('/', "&#x2f;").replace('+', "&#43;");
    let hex = TOKEN.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    // `Bearer ` and the token, as a debugging page may show it.
    let base64 = "QmVhcmVyIGNhbmFyeS1mYXVsdHMvOGMxZis3N2UwMmI5ZA==";
    for spelled in [TOKEN, &url, &html, &hex, base64] {
        for status in [302, 400, 401, 403, 429, 500, 503] {
            let named = [("Location", spelled), ("X-Request", spelled), ("Retry-After", spelled)];
            let body = format!("{{\"error\":{{\"message\":\"you sent {spelled}\",\"required\":\"{spelled}\"}}}}");
            pull(&serve(vec![echo(status, &named, &body)]), &[]).keeps_faith(&format!("{status} {spelled}"));
        }
        // Not a page, though it says 200; and a body that breaks off within the token.
        pull(&serve(vec![echo(200, &[], &format!("{{\"data\":null,\"sent\":\"{spelled}\"}}"))]), &[])
            .keeps_faith(spelled);
        let half = &spelled[..spelled.len() / 2 + 4];
        let cut = format!("HTTP/1.1 500 X\r\nContent-Length: 900\r\n\r\nyou sent {half}");
        pull(&serve(vec![Fault::always(Trouble::Raw { bytes: cut.into_bytes() })]), &[]).keeps_faith("cut");
    }
    pull(&serve(vec![Fault::always(Trouble::EchoToken)]), &[]).keeps_faith("the header repeated");
}

#[test]
fn fault_043_a_cursor_that_holds_the_token_is_not_followed() {
    for spelled in [TOKEN.to_owned(), TOKEN.replace('/', "%2F").replace('+', "%2B")] {
        let json = format!("\"https://api.example.com/next?token={spelled}\"");
        let server = serve(vec![Fault::since(2, Trouble::Next { json }).for_org("org_v")]);
        let ended = pull(&server, &[]);
        assert_eq!(ended.code, 3, "{}", ended.err);
        // The page itself is evidence and stays as it came; nothing else may hold the token.
        only_in_pages(&ended);
        assert!(server.requests().iter().all(|request| !request.target.contains("canary")));
    }
}

#[test]
fn fault_119_a_page_that_holds_the_token_is_kept_and_flagged_and_nothing_else_holds_it() {
    let server = serve(vec![Fault::once(1, Trouble::EchoTokenInPage)]);
    let ended = pull(&server, &[]);
    assert_eq!((ended.code, ended.records), (0, 25), "{}", ended.err);
    assert!(ended.err.contains("warning: page ") && ended.err.contains("holds the token itself"), "{}", ended.err);
    let page = only_in_pages(&ended);
    let head = std::fs::read_to_string(page.with_extension("head")).unwrap();
    assert!(head.contains("\"echoes_token\": true"), "{head}");
}

/// The token stands in page bodies and nowhere else; gives the first of them.
#[track_caller]
fn only_in_pages(ended: &Ended) -> std::path::PathBuf {
    let canary = Canary::new(TOKEN);
    assert_eq!(canary.find(ended.out.as_bytes()).or(canary.find(ended.err.as_bytes())), None);
    let held = canary.files(&ended.folder);
    assert!(held.iter().all(|(path, _)| path.parent().unwrap().ends_with("data/pages")), "{held:?}");
    assert!(held.iter().all(|(path, _)| path.extension().unwrap() == "body"), "{held:?}");
    held.first().expect("the page was to be kept").0.clone()
}

#[test]
fn fault_042_no_way_to_the_next_page_leads_elsewhere() {
    let other = serve(vec![]);
    let url = other.base_url();
    let host = url.trim_start_matches("http://");
    let links = [
        url.clone(),
        format!("{url}/api/v1/audit-logs?cursor=x"),
        format!("//{host}/x"),
        format!("https://api@{host}/"),
        format!("http://127.0.0.1\\@{host}/"),
        format!("http:{host}"),
        format!("\\\\\\\\{host}\\\\x"),
        format!("x HTTP/1.1 Host: {host}"),
        format!("?cursor=x#{url}"),
        "http://api.example.com\u{3002}evil/".to_owned(),
        "../../../health".to_owned(),
    ];
    for link in links {
        let json = if link.contains("\\\\") { format!("\"{link}\"") } else { serde_json::json!(link).to_string() };
        let server = serve(vec![Fault::once(1, Trouble::Next { json })]);
        pull(&server, &[]).keeps_faith(&link);
        let path = |target: &str| target.starts_with("/api/v1/audit-logs?org_id=");
        assert!(server.requests().iter().all(|request| path(&request.target)), "{link}: {:?}", server.requests());
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn fault_118_a_token_is_never_taken_from_an_argument() {
    let server = serve(vec![]);
    let ended = pull(&server, &["--token", TOKEN]);
    assert_eq!((ended.code, server.connections()), (2, 0));
}
