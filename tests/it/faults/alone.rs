//! Each fault alone, on the first page, in the middle, now and then, and for ever.

use super::ground::*;

fn status(code: u16) -> Trouble {
    Trouble::Status { code, body: r#"{"message":"no"}"#.to_owned(), headers: vec![] }
}

fn with_header(code: u16, name: &str, value: &str) -> Trouble {
    let headers = vec![(name.to_owned(), value.to_owned())];
    Trouble::Status { code, body: String::new(), headers }
}

/// Heals when it comes once; for ever it is a gap, and the other log is read all the same.
#[track_caller]
fn passes(trouble: &Trouble) {
    for k in [1, 2] {
        let ended = pull(&serve(vec![Fault::once(k, trouble.clone())]), &[]);
        ended.ends_exact(&format!("{trouble:?} on request {k}"));
    }
    is_told(trouble);
}

/// Whatever it does, nothing is missing in silence.
#[track_caller]
fn is_told(trouble: &Trouble) {
    pull(&serve(vec![Fault::every(3, trouble.clone())]), &[]).keeps_faith(&format!("{trouble:?}, every third"));
    for fault in [Fault::since(2, trouble.clone()), Fault::always(trouble.clone())] {
        let fault = fault.for_org("org_v");
        let ended = pull(&serve(vec![fault.clone()]), &[]).keeps_faith(&format!("{fault:?}"));
        assert!([3, 5, 6].contains(&ended.code), "{fault:?}: {}\n{}", ended.code, ended.err);
        assert!(!ended.missing().is_empty() && !ended.gaps.is_empty(), "{fault:?}");
        let other = ended.obtained.iter().filter(|(org, _)| org == "org_a").count();
        assert!(other >= 25, "{fault:?}: the other log has {other} events");
    }
}

/// A healthy server is answered exactly; everything below is held against this.
#[test]
fn no_fault_is_an_exact_answer() {
    let ended = pull(&serve(vec![]), &[]).ends_exact("healthy");
    assert_eq!((ended.obtained.len(), ended.records), (50, 25));
}

#[test]
fn fault_003_a_body_cut_or_reset_anywhere() {
    for after in [0, 1, 200] {
        passes(&Trouble::Reset { after });
        passes(&Trouble::CutBody { after });
    }
    // Gzip's last byte is as needed as any other.
    passes(&Trouble::Chunked { cut: Some(usize::MAX) });
}

#[test]
fn fault_004_an_answer_that_never_comes_or_falls_silent() {
    passes(&Trouble::Stall);
    passes(&Trouble::SilentBody { after: 100 });
}

#[test]
fn fault_005_a_body_that_drips() {
    passes(&Trouble::Drip { millis: 20 });
}

#[test]
fn fault_006_a_length_that_promises_more() {
    passes(&Trouble::LongContentLength);
}

#[test]
fn fault_007_a_length_that_promises_less() {
    passes(&Trouble::ShortContentLength { by: 1 });
    passes(&Trouble::ShortContentLength { by: 150 });
}

#[test]
fn fault_008_chunks_without_the_end() {
    passes(&Trouble::Chunked { cut: Some(150) });
    let whole = Fault::always(Trouble::Chunked { cut: None });
    pull(&serve(vec![whole]), &[]).ends_exact("whole chunks");
}

#[test]
fn fault_009_a_body_that_only_the_end_of_the_connection_ends() {
    passes(&Trouble::UntilClose { cut: Some(150) });
    let whole = Fault::always(Trouble::UntilClose { cut: None });
    pull(&serve(vec![whole]), &[]).ends_exact("whole, without a length");
}

#[test]
fn fault_010_gzip_without_its_end() {
    passes(&Trouble::TruncatedGzip);
}

#[test]
fn fault_011_gzip_with_a_wrong_sum() {
    passes(&Trouble::WrongGzip);
}

#[test]
fn fault_012_gzip_in_two_members_is_read_whole() {
    pull(&serve(vec![Fault::always(Trouble::GzipTwoMembers)]), &[]).ends_exact("two members");
}

#[test]
fn fault_013_bytes_behind_gzip() {
    passes(&Trouble::GzipAndMore);
}

#[test]
fn fault_014_codings_that_are_not_what_is_told() {
    passes(&Trouble::Told { coding: "gzip".to_owned() });
    is_told(&Trouble::GzipTwice);
    is_told(&Trouble::GzipUntold);
    for coding in ["br", "zstd", "deflate", "gzip, gzip"] {
        is_told(&Trouble::Told { coding: coding.to_owned() });
    }
}

#[test]
fn fault_015_a_bomb_is_left_before_it_fills_the_memory() {
    let fault = Fault::since(2, Trouble::Bomb { mebibytes: 40 }).for_org("org_v");
    // Time to make the bomb.
    let ended = pull_from(&serve(vec![fault]).base_url(), &["--timeout", "20", "--tries", "2"], &[]).ends(
        "bomb",
        3,
        &["grows beyond 16777216 bytes"],
    );
    // Kept as it came, still small.
    let size = |path: std::path::PathBuf| path.metadata().unwrap().len();
    let kept = std::fs::read_dir(ended.folder.join("case/evidence/acq-0001/data/attempts")).unwrap();
    assert!(kept.map(|file| size(file.unwrap().path())).all(|length| length < 1 << 20));
    let harmless = serve(vec![Fault::always(Trouble::Bomb { mebibytes: 2 })]);
    pull_from(&harmless.base_url(), &["--timeout", "20"], &[]).ends_exact("blanks that do no harm");
}

#[test]
fn fault_016_a_body_without_end() {
    let fault = Fault::since(2, Trouble::Endless).for_org("org_v");
    pull(&serve(vec![fault]), &[]).ends("endless", 3, &["longer than 67108864 bytes"]);
}

#[test]
fn fault_017_a_page_for_people() {
    is_told(&Trouble::Html200);
    pull(&serve(vec![Fault::always(Trouble::Html200)]), &[]).ends("html", 6, &["an HTML page", "not the API"]);
}

#[test]
fn fault_018_errors_null_and_other_statuses_are_no_empty_page() {
    for trouble in [Trouble::ErrorIn200, Trouble::NullData, status(204), status(206), status(304), status(203)] {
        is_told(&trouble);
    }
    for json in ["{\"data\":{}}", "{}", "[]", "null", "", "{\"data\":[]}", "{\"errors\":[1],\"data\":[]}"] {
        is_told(&Trouble::Body { body: json.as_bytes().to_vec() });
    }
}

#[test]
fn fault_019_redirects_on_the_same_origin_are_named_not_followed() {
    for code in [301, 302, 303, 307, 308] {
        for to in ["/elsewhere", "/api/v1/audit-logs?x=1", "?", ""] {
            let server = serve(vec![Fault::always(with_header(code, "Location", to))]);
            pull(&server, &[]).ends(&format!("{code} {to}"), 6, &["redirects to", to, "not followed"]);
            assert!(server.requests().iter().all(|request| request.target.starts_with("/api/v1/audit-logs?org_id=")));
        }
    }
    is_told(&with_header(302, "Location", "/loop"));
    let hostile = with_header(302, "Location", "/\u{9b}31m");
    pull(&serve(vec![Fault::always(hostile)]), &[]).ends("escaped", 6, &["\\u{9b}31m"]);
}

#[test]
fn fault_020_redirects_elsewhere_get_not_one_byte() {
    let other = serve(vec![]);
    for code in [301, 302, 307, 308] {
        for to in [other.base_url(), other.base_url().replace("http:", ""), other.base_url().replace("http:", "https:")]
        {
            let server = serve(vec![Fault::always(with_header(code, "Location", &to))]);
            pull(&server, &[]).ends(&to, 6, &["redirects to"]);
        }
    }
    is_told(&Trouble::Redirect { to: other.base_url() });
    assert_eq!(other.connections(), 0, "not even a connection was made");
}

#[test]
fn fault_021_pages_that_break_their_word() {
    // Its window is halved until the server keeps its word, or what is left is a gap.
    for fault in [Fault::since(2, Trouble::OutsideWindow), Fault::always(Trouble::OutsideWindow)] {
        pull(&serve(vec![fault.for_org("org_v")]), &[]).keeps_faith("outside the window");
    }
    // More than asked for, or in another order: nothing is lost by it, and nothing is proven by the order.
    for trouble in [Trouble::Unordered, Trouble::Crowded] {
        pull(&serve(vec![Fault::always(trouble.clone())]), &[]).ends_exact(&format!("{trouble:?}"));
        let faults = vec![Fault::always(trouble), Fault::since(3, status(503)).for_org("org_v")];
        pull(&serve(faults), &[]).keeps_faith("and then broken off");
    }
}

#[test]
fn fault_022_a_refused_token_ends_with_5() {
    let ended = pull(&serve(vec![Fault::always(status(401))]), &[]);
    ended.ends("401", 5, &["status 401", "token was refused"]);
    pull(&serve(vec![Fault::always(Trouble::RefuseScope)]), &[]).ends("403", 5, &["audit:read"]);
}

#[test]
fn fault_023_a_token_that_expires_on_the_way_leaves_a_gap_below_what_was_read() {
    let server = serve(vec![Fault::since(2, status(401)).for_org("org_v")]);
    let ended = pull(&server, &[]).ends("401 on the way", 5, &["page 2", "run again with a valid one"]);
    assert!(ended.open && ended.err.contains("pages are safe"), "what was read before is kept: {}", ended.err);
}

#[test]
fn fault_024_a_403_is_a_limit_or_a_refusal() {
    passes(&with_header(403, "Retry-After", "0"));
    passes(&with_header(403, "X-RateLimit-Remaining", "0"));
    let told = r#"{"message":"You have exceeded a secondary rate limit"}"#.to_owned();
    passes(&Trouble::Status { code: 403, body: told, headers: vec![] });
    is_told(&status(403));
    pull(&serve(vec![Fault::always(status(403))]), &[]).ends("refusal", 5, &["audit:read"]);
}

#[test]
fn fault_025_a_cursor_forgotten_for_ever_is_begun_anew_below_what_was_read() {
    for k in [2, 3] {
        let server = serve(vec![Fault::once(k, Trouble::ForgetCursor).for_org("org_v")]);
        pull(&server, &[]).ends_exact(&format!("forgotten on request {k}"));
    }
    let every = vec![Fault::every(2, Trouble::ForgetCursor)];
    pull(&serve(every), &[]).keeps_faith("forgotten every time");
}

#[test]
fn fault_026_every_retry_after_is_capped() {
    let date = "Fri, 31 Dec 2100 23:59:59 GMT";
    for retry_after in
        [Some("0"), Some("3"), Some(date), Some("-1"), Some("315360000"), Some("99999999999999999999"), None]
    {
        passes(&Trouble::Status429 { retry_after: retry_after.map(str::to_owned) });
    }
}

#[test]
fn fault_027_a_429_for_ever_is_a_gap() {
    let fault = Fault::since(2, Trouble::Status429 { retry_after: Some("1".to_owned()) }).for_org("org_v");
    pull(&serve(vec![fault]), &[]).ends("429 for ever", 3, &["status 429", "attempts"]);
}

#[test]
fn fault_028_server_errors_once_often_and_for_ever() {
    for code in [500, 502, 503, 504] {
        passes(&status(code));
    }
    let alternating = vec![Fault::every(2, status(500))];
    pull(&serve(alternating), &[]).ends_exact("every second answer");
}

#[test]
fn fault_029_a_window_that_is_too_wide_is_told() {
    for code in [400, 413, 414, 431] {
        let fault = Fault::always(Trouble::TooWide { seconds: 7 * 3600, code });
        pull(&serve(vec![fault]), &[]).keeps_faith(&format!("too wide, {code}"));
    }
}

#[test]
fn fault_030_heads_out_of_all_bounds() {
    let page = "{\"data\":[],\"next_cursor\":null}";
    let many = (0..10_000).map(|n| format!("X-{n}: y\r\n")).collect::<Vec<_>>().concat();
    let long = format!("X: {}\r\n", "y".repeat(1 << 20));
    let folded = "X: a\r\n  b\r\nContent-Length: 30\r\n";
    for headers in [many.as_str(), &long, "Content-Length: 1\r\nContent-Length: 30\r\n", folded] {
        is_told(&Trouble::Raw { bytes: format!("HTTP/1.1 200 OK\r\n{headers}\r\n{page}").into_bytes() });
    }
}

#[test]
fn fault_037_an_answer_that_comes_too_late_is_counted_once() {
    for k in [1, 2, 3] {
        let server = serve(vec![Fault::once(k, Trouble::Late { millis: 1500 })]);
        pull(&server, &[]).ends_exact("late");
    }
    let again = Fault::every(2, Trouble::DuplicateDelivery { events: 4 });
    let ended = pull(&serve(vec![again]), &[]).ends_exact("delivered twice");
    let counts = std::fs::read_to_string(ended.folder.join("case/reports/internal/records.csv")).unwrap();
    assert!(counts.contains(",read:confirmed,"), "{counts}");
}

#[test]
fn fault_049_a_limit_that_is_capped_in_silence_is_paged_on() {
    for limit in [1, 3, 7] {
        pull(&serve(vec![Fault::always(Trouble::CapLimit { limit })]), &[]).ends_exact(&format!("{limit} a page"));
    }
}

#[test]
fn fault_058_a_filter_that_is_ignored_ends_with_5() {
    pull(&serve(vec![Fault::always(Trouble::IgnoreOrgFilter)]), &[]).ends("ignored", 5, &["--token-file"]);
    is_told(&Trouble::IgnoreOrgFilter);
}
