//! Connections that fail, bodies that break, codings that lie.

use super::support::*;

#[test]
fn fault_002_refused_connections_end_after_bounded_attempts() {
    let base = serve(vec![]).base_url();
    let profile = native();
    for base in [base.replace("http:", "https:"), base] {
        // A machine without certificates refuses https earlier.
        let Ok(client) = Client::new(&base, quick()) else { continue };
        let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
        assert_eq!(walk.class(), ErrorClass::Unreachable);
        assert!(walk.message().contains("connection refused"), "{}", walk.message());
        assert_eq!(walk.attempts.len(), 4);
        assert!(walk.attempts.iter().all(|attempt| attempt.status.is_none()));
    }
}

#[test]
fn fault_003_cut_bodies_are_kept_and_asked_for_again() {
    for after in [0, 1, 60] {
        heals(&Trouble::CutBody { after }, "broke off after");
    }
    let walk = Walk::run(&serve(vec![Fault::once(1, Trouble::CutBody { after: 60 })]), Some("org_a"));
    assert_eq!(walk.attempts[0].body.len(), 60);
    assert_eq!(walk.attempts[0].status, Some(200));
}

#[test]
fn fault_004_a_server_that_never_answers_is_left_in_time() {
    let started = Instant::now();
    heals(&Trouble::Stall, "no answer within the time limit");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn fault_005_a_dripping_body_is_left_by_the_slowest_rate_and_by_the_total_limit() {
    let walk = ends(Fault::always(Trouble::Drip { millis: 100 }), ErrorClass::Exhausted, &["the body drips: "]);
    assert!(walk.attempts.iter().all(|attempt| !attempt.body.is_empty()));
    let server = serve(vec![Fault::always(Trouble::Drip { millis: 20 })]);
    let profile = native();
    let patient = Options { slowest: 1, total: Duration::from_millis(300), ..quick() };
    let client = Client::new(&server.base_url(), patient).unwrap();
    let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    assert!(walk.message().contains("was not complete after 0.3 s"), "{}", walk.message());
    assert!(walk.attempts.iter().all(|attempt| !attempt.body.is_empty()));
}

#[test]
fn fault_006_a_length_that_is_too_long_is_a_cut_body() {
    heals(&Trouble::LongContentLength, "broke off after");
}

#[test]
fn fault_010_truncated_gzip_is_asked_for_again() {
    heals(&Trouble::TruncatedGzip, "Gzip body is damaged");
}

#[test]
fn fault_012_gzip_two_members() {
    let server = serve(vec![Fault::always(Trouble::GzipTwoMembers)]);
    let walk = Walk::run(&server, Some("org_a"));
    assert_eq!(walk.ids(), expected("org_a"));
    assert!(walk.attempts.is_empty());
}

#[test]
fn fault_016_a_body_above_the_wire_limit_is_left() {
    let server = serve(vec![]);
    let profile = native();
    let client = Client::new(&server.base_url(), Options { max_wire: 50, ..quick() }).unwrap();
    let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    assert_eq!(walk.class(), ErrorClass::Exhausted);
    assert!(walk.message().contains("longer than 50 bytes"), "{}", walk.message());
}

#[test]
fn fault_015_a_body_that_grows_beyond_the_limit_is_left() {
    let server = serve(vec![]);
    let profile = native();
    let options = Options { limits: Limits { max_decoded: 100, ..Limits::PAGE }, ..quick() };
    let client = Client::new(&server.base_url(), options).unwrap();
    let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    assert!(walk.message().contains("beyond 100 bytes"), "{}", walk.message());
    assert_eq!(walk.attempts.len(), 1, "it is not asked for again");
}

fn raw(text: &str) -> Trouble {
    Trouble::Raw { bytes: text.as_bytes().to_vec() }
}

#[test]
fn fault_004_a_body_that_falls_silent_is_left_in_time() {
    heals(&Trouble::SilentBody { after: 40 }, "the body stopped coming after 40 bytes");
}

#[test]
fn fault_003_a_connection_that_ends_before_any_answer_is_asked_again() {
    heals(&raw(""), "no answer");
    heals(&raw("HTTP/1.1 200 O"), "no answer");
}

#[test]
fn fault_007_a_length_that_is_too_short_is_no_page() {
    heals(
        &raw("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"data\":[],\"next_cursor\":null}"),
        "the page is damaged",
    );
}

#[test]
fn fault_008_chunks_without_an_end_are_no_page() {
    let page = "{\"data\":[],\"next_cursor\":null}";
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    heals(&raw(&format!("{head}{:x}\r\n{page}\r\n", page.len())), "broke off after 30 bytes");
}

#[test]
fn fault_009_a_body_that_only_the_end_of_the_connection_ends_must_be_whole() {
    heals(&raw("HTTP/1.1 200 OK\r\n\r\n{\"data\":[{\"id\":\"a\"}\n"), "the page is damaged");
    let whole = "HTTP/1.1 200 OK\r\n\r\n{\"data\":[],\"next_cursor\":null}";
    assert!(Walk::run(&serve(vec![Fault::always(raw(whole))]), Some("org_a")).walked);
}

#[test]
fn fault_011_and_013_a_wrong_checksum_and_bytes_after_gzip_are_no_page() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(br#"{"data":[],"next_cursor":null}"#).unwrap();
    let good = encoder.finish().unwrap();
    let mut wrong_sum = good.clone();
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 1;
    for body in [wrong_sum, [good.as_slice(), b"more"].concat()] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
        let bytes = [head.as_bytes(), &body].concat();
        heals(&Trouble::Raw { bytes }, "Gzip body is damaged");
    }
}

#[test]
fn fault_014_a_coding_that_is_not_what_it_says_is_told() {
    let page = "{\"data\":[],\"next_cursor\":null}";
    let says = |coding: &str| raw(&format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n{page}"));
    ends(Fault::always(says("gzip")), ErrorClass::Exhausted, &["Gzip body is damaged"]);
    let walk = ends(Fault::always(says("br")), ErrorClass::Exhausted, &["unknown content coding"]);
    assert_eq!(walk.attempts[0].body, page.as_bytes(), "what came is kept");
    ends(Fault::always(says("gzip, gzip")), ErrorClass::Exhausted, &["unknown content coding"]);
    let bare = Trouble::Body { body: vec![0x1f, 0x8b, 8, 0, 0, 0] };
    ends(Fault::once(1, bare), ErrorClass::NotThisApi, &["not JSON"]);
}

#[test]
fn fault_030_heads_out_of_all_bounds_end_with_an_error() {
    let many = (0..10_000).map(|n| format!("X-{n}: y\r\n")).collect::<Vec<_>>().concat();
    let long = format!("X: {}\r\n", "y".repeat(1 << 20));
    for headers in [many, long, "Content-Length: 1\r\nContent-Length: 2\r\n".to_owned()] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{headers}\r\n{{\"data\":[],\"next_cursor\":null}}");
        let walk = ends(Fault::always(raw(&bytes)), ErrorClass::Unreachable, &["no answer"]);
        assert!(walk.message().len() < 600);
    }
}

#[test]
fn fault_031_a_connection_that_cannot_be_secured_is_not_tried_again() {
    let server = serve(vec![]);
    let profile = native();
    // Needs the machine's certificates, which a bare container may lack: then it says so before anything is sent.
    let walk = match Client::new(&server.base_url().replace("http:", "https:"), quick()) {
        Ok(client) => Walk::of(pages(&client, scope(&profile, Some("org_a")))),
        Err(error) => return assert!(error.to_string().contains("HTTPS client cannot be set up")),
    };
    assert_eq!((walk.class(), walk.attempts.len()), (ErrorClass::Unreachable, 1), "{}", walk.message());
    assert!(walk.message().contains("secure connection was refused"), "{}", walk.message());
    assert!(server.requests().is_empty(), "the token is never sent in the clear");
}
