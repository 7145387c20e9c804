//! The collector against the loopback audit API, healthy and faulty.

use irforensics::collect::{Client, CollectError, ErrorClass, Fetched, Kind, Options, Pages, Retry, Scope, Token, pages};
use irforensics::model::{Moment, OrgId, Window};
use irforensics::profile::{Profile, load};
use irforensics::rehearsal::{EventRow, Fault, OrgLog, Server, Trouble};
use irforensics::wire::{Coding, Limits, decode, page_facts};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const TOKEN: &str = "s3cret-canary/t0ken+0123456789";
const START: i64 = 1_760_000_000_000_000;

/// Events one second apart, in pairs that share an instant.
fn log(org: &str, count: i64) -> OrgLog {
    let row = |n: i64| {
        let time = Moment::from_micros(START + n / 2 * 1_000_000);
        let json = format!(r#"{{"id":"{org}-{n:04}","timestamp":"{time}","org_id":"{org}","action":"file.read"}}"#);
        EventRow { time, json }
    };
    OrgLog { org: org.to_owned(), events: (0..count).map(row).collect() }
}

fn serve(faults: Vec<Fault>) -> Server {
    Server::start(vec![log("org_a", 25), log("org_b", 25)], TOKEN, faults).unwrap()
}

fn quick() -> Options {
    let retry = Retry { attempts: 4, base: Duration::from_millis(2), longest: Duration::from_millis(50) };
    Options { idle: Duration::from_millis(400), total: Duration::from_secs(2), retry, ..Options::default() }
}

fn native() -> Profile {
    load("native", None).unwrap()
}

fn window() -> Window {
    Window::new(Some(Moment::from_micros(START)), Some(Moment::from_micros(START + 100_000_000))).unwrap()
}

fn scope<'a>(profile: &'a Profile, org: Option<&str>) -> Scope<'a> {
    let org = org.map(|org| OrgId::new(org).unwrap());
    Scope { org, aliases: BTreeSet::new(), window: window(), limit: 10, profile, token: Token::new(TOKEN).unwrap() }
}

/// Everything that a walk yields, and how it ended.
struct Walk {
    pages: Vec<Fetched>,
    attempts: Vec<Fetched>,
    error: Option<CollectError>,
    walked: bool,
    gap_to: Option<Moment>,
}

impl Walk {
    fn of(mut pages: Pages<'_>) -> Self {
        let mut walk = Self { pages: vec![], attempts: vec![], error: None, walked: false, gap_to: None };
        for step in &mut pages {
            match step {
                Ok(fetched) if fetched.kind == Kind::Page => walk.pages.push(fetched),
                Ok(fetched) => walk.attempts.push(fetched),
                Err(error) => walk.error = Some(error),
            }
        }
        walk.walked = pages.walked();
        assert_eq!(walk.walked, walk.error.is_none(), "a walk ends whole or with an error");
        walk.gap_to = walk.error.as_ref().and_then(|error| pages.gap(error).to);
        let told = format!("{:?} {:?} {:?}", walk.error, walk.attempts, walk.pages);
        assert!(!told.contains(TOKEN), "the token is printed");
        for attempt in &walk.attempts {
            assert!(!String::from_utf8_lossy(&attempt.body).contains(TOKEN), "the token stands in an attempt");
        }
        walk
    }

    fn run(server: &Server, org: Option<&str>) -> Self {
        let profile = native();
        let client = Client::new(&server.base_url(), quick()).unwrap();
        Self::of(pages(&client, scope(&profile, org)))
    }

    fn ids(&self) -> Vec<String> {
        self.pages.iter().flat_map(|page| page.facts.as_ref().unwrap().ids.clone()).collect()
    }

    fn reasons(&self) -> Vec<&str> {
        let reason = |fetched: &'_ Fetched| match &fetched.kind {
            Kind::Attempt { reason } => reason.clone(),
            Kind::Page => unreachable!("attempts only"),
        };
        self.attempts.iter().map(|a| &*reason(a).leak()).collect()
    }

    fn message(&self) -> String {
        self.error.as_ref().expect("the walk should have ended with an error").to_string()
    }

    fn class(&self) -> ErrorClass {
        self.error.as_ref().expect("the walk should have ended with an error").class()
    }
}

/// Ids of one organisation in the order of the contract: newest first.
fn expected(org: &str) -> Vec<String> {
    (0..25).rev().map(|n| format!("{org}-{n:04}")).collect()
}

/// One fault, healed by asking again: every event exactly once, and the failed attempt kept.
fn heals(trouble: Trouble, cause: &str) {
    for k in 1..=3 {
        let server = serve(vec![Fault::once(k, trouble.clone())]);
        let walk = Walk::run(&server, Some("org_a"));
        assert!(walk.error.is_none(), "{:?}", walk.error);
        assert_eq!(walk.ids(), expected("org_a"));
        assert_eq!(walk.attempts.len(), 1, "request {k}");
        let reasons = walk.reasons();
        assert!(reasons[0].contains(cause), "{reasons:?}");
        assert_eq!(u64::from(k), walk.attempts[0].page);
    }
}

/// One fault that stays: the walk ends with an error of that class, whose message says so.
fn ends(fault: Fault, class: ErrorClass, says: &[&str]) -> Walk {
    let server = serve(vec![fault]);
    let walk = Walk::run(&server, Some("org_a"));
    assert_eq!(walk.class(), class, "{}", walk.message());
    for words in says {
        assert!(walk.message().contains(words), "{words:?} not in {:?}", walk.message());
    }
    assert!(!walk.message().chars().any(char::is_control));
    walk
}

#[test]
fn a_full_walk_returns_every_event_once_in_several_pages() {
    let server = serve(vec![]);
    let walk = Walk::run(&server, Some("org_a"));
    assert_eq!(walk.ids(), expected("org_a"));
    assert_eq!((walk.pages.len(), walk.attempts.len()), (3, 0));
    let seen = server.requests();
    assert_eq!(seen.len(), 3);
    for (request, page) in seen.iter().zip(&walk.pages) {
        assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(request.header("accept-encoding"), "gzip, identity");
        assert_eq!(request.target, page.url);
    }
    assert_eq!(walk.pages[0].cursor_in, None);
    assert_eq!(walk.pages[0].cursor_out, walk.pages[1].cursor_in);
    assert_eq!(walk.pages[2].cursor_out, None);
    let facts = walk.pages[0].facts.as_ref().unwrap();
    assert!(facts.descending && facts.log_orgs.iter().eq(["org_a"]) && facts.untimed == 0);
}

#[test]
fn the_body_is_kept_as_it_came_still_coded() {
    let walk = Walk::run(&serve(vec![]), Some("org_a"));
    let page = &walk.pages[0];
    assert!(page.headers.iter().any(|(name, value)| name == "content-encoding" && value == "gzip"));
    let decoded = decode(&page.body, Coding::Gzip, Limits::PAGE).unwrap();
    assert_eq!(page_facts(&decoded, &native()).unwrap(), *page.facts.as_ref().unwrap());
}

#[test]
fn a_platform_token_reads_every_organisation_at_once() {
    let walk = Walk::run(&serve(vec![]), None);
    assert_eq!(walk.ids().len(), 50);
    assert!(!walk.pages[0].url.contains("org_id"));
}

#[test]
fn an_organisation_without_events_is_an_empty_page_not_an_error() {
    let walk = Walk::run(&serve(vec![]), Some("org_none"));
    assert!(walk.walked && walk.ids().is_empty() && walk.pages.len() == 1);
}

#[test]
fn fault_002_refused_connections_end_after_bounded_attempts() {
    let base = serve(vec![]).base_url();
    let profile = native();
    let client = Client::new(&base, quick()).unwrap();
    let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    assert_eq!(walk.class(), ErrorClass::Unreachable);
    assert!(walk.message().contains("connection refused"), "{}", walk.message());
    assert_eq!(walk.attempts.len(), 4);
    assert!(walk.attempts.iter().all(|attempt| attempt.status.is_none()));
}

#[test]
fn fault_003_cut_bodies_are_kept_and_asked_for_again() {
    for after in [0, 1, 60] {
        heals(Trouble::CutBody { after }, "broke off after");
    }
    let walk = Walk::run(&serve(vec![Fault::once(1, Trouble::CutBody { after: 60 })]), Some("org_a"));
    assert_eq!(walk.attempts[0].body.len(), 60);
    assert_eq!(walk.attempts[0].status, Some(200));
}

#[test]
fn fault_004_a_server_that_never_answers_is_left_in_time() {
    let started = Instant::now();
    heals(Trouble::Stall, "no answer within the time limit");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn fault_005_a_dripping_body_ends_at_the_total_limit() {
    let walk = ends(Fault::always(Trouble::Drip { millis: 100 }), ErrorClass::Exhausted, &["was not complete after 2 s"]);
    assert!(walk.attempts.iter().all(|attempt| !attempt.body.is_empty()));
}

#[test]
fn fault_006_a_length_that_is_too_long_is_a_cut_body() {
    heals(Trouble::LongContentLength, "broke off after");
}

#[test]
fn fault_010_truncated_gzip_is_asked_for_again() {
    heals(Trouble::TruncatedGzip, "Gzip body is damaged");
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
    let options = Options { limits: Limits { max_decoded: 100 }, ..quick() };
    let client = Client::new(&server.base_url(), options).unwrap();
    let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    assert!(walk.message().contains("beyond 100 bytes"), "{}", walk.message());
    assert_eq!(walk.attempts.len(), 1, "it is not asked for again");
}

#[test]
fn fault_017_an_html_page_is_not_the_api() {
    let walk = ends(Fault::always(Trouble::Html200), ErrorClass::NotThisApi, &["an HTML page", "not the API", "--base-url"]);
    assert_eq!(walk.attempts.len(), 1);
    assert!(walk.attempts[0].body.starts_with(b"<!doctype"), "what came is kept");
    let server = serve(vec![Fault::once(2, Trouble::Html200)]);
    assert_eq!(Walk::run(&server, Some("org_a")).ids(), expected("org_a"), "in the middle it may pass");
}

#[test]
fn fault_018_errors_and_null_are_no_empty_page() {
    ends(Fault::always(Trouble::ErrorIn200), ErrorClass::NotThisApi, &["an error with status 200"]);
    ends(Fault::always(Trouble::NullData), ErrorClass::NotThisApi, &["\"data\" is not a list"]);
    for code in [204, 206, 304] {
        let body = r#"{"data":[],"next_cursor":null}"#.to_owned();
        let trouble = Trouble::Status { code, body: if code == 206 { body } else { String::new() }, headers: vec![] };
        ends(Fault::always(trouble), ErrorClass::NotThisApi, &[&code.to_string()]);
    }
}

#[test]
fn fault_020_a_redirect_is_named_and_not_followed() {
    let other = serve(vec![]);
    let walk = ends(Fault::always(Trouble::Redirect { to: other.base_url() }), ErrorClass::NotThisApi, &["redirects to", &other.base_url()]);
    assert_eq!(walk.attempts[0].status, Some(302));
    assert!(other.requests().is_empty(), "no byte goes to another origin");
}

#[test]
fn fault_022_a_refused_token_is_told_from_a_missing_scope() {
    let server = serve(vec![]);
    let profile = native();
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let scope = Scope { token: Token::new("another").unwrap(), ..scope(&profile, Some("org_a")) };
    let walk = Walk::of(pages(&client, scope));
    assert_eq!(walk.class(), ErrorClass::Unauthorised);
    assert!(walk.message().contains("the token was refused (status 401"), "{}", walk.message());
    assert_eq!(server.requests().len(), 1, "it is not tried again");
    let walk = ends(Fault::always(Trouble::RefuseScope), ErrorClass::Unauthorised, &["audit:read", "status 403"]);
    assert_eq!(walk.attempts.len(), 1);
}

#[test]
fn fault_024_a_403_that_is_a_rate_limit_is_waited_for() {
    let limit = |name: &str, value: &str| Trouble::Status {
        code: 403,
        body: r#"{"message":"slow down"}"#.to_owned(),
        headers: vec![(name.to_owned(), value.to_owned())],
    };
    heals(limit("Retry-After", "0"), "status 403: slow down, a rate limit");
    heals(limit("X-RateLimit-Remaining", "0"), "a rate limit");
}

#[test]
fn fault_025_an_expired_cursor_begins_anew_below_what_was_read() {
    for code in [400, 404, 410] {
        let gone = Trouble::Status { code, body: r#"{"error":"cursor expired"}"#.to_owned(), headers: vec![] };
        let walk = Walk::run(&serve(vec![Fault::once(2, gone)]), Some("org_a"));
        assert!(walk.error.is_none(), "{:?}", walk.error);
        let distinct: BTreeSet<_> = walk.ids().into_iter().collect();
        assert_eq!(distinct, expected("org_a").into_iter().collect());
        assert!(walk.ids().len() <= 27, "only the last instant is read twice");
    }
}

#[test]
fn fault_026_a_429_is_waited_for_and_the_wait_is_told_and_capped() {
    let date = "Fri, 31 Dec 2100 23:59:59 GMT";
    for retry_after in [Some("0"), Some("1"), Some(date), Some("-1"), Some("315360000"), None] {
        let retry_after = retry_after.map(str::to_owned);
        heals(Trouble::Status429 { retry_after }, "status 429: too many requests");
    }
    let server = serve(vec![Fault::once(1, Trouble::Status429 { retry_after: Some("9".to_owned()) })]);
    let profile = native();
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let told = std::sync::Mutex::new(Vec::new());
    let listener = |progress| told.lock().unwrap().push(format!("{progress:?}"));
    let walk = Walk::of(pages(&client, scope(&profile, Some("org_a"))).with_progress(&listener));
    assert!(walk.walked);
    let told = told.into_inner().unwrap();
    assert!(told[0].contains("Waiting") && told[0].contains("50ms"), "{told:?}");
    assert_eq!(told.len(), 4);
}

#[test]
fn fault_027_a_429_for_ever_is_a_gap_below_what_was_read() {
    let walk = ends(Fault::since(3, Trouble::Status429 { retry_after: None }), ErrorClass::Exhausted, &["429", "4 attempts", "page 3"]);
    assert_eq!((walk.pages.len(), walk.attempts.len()), (2, 4));
    let oldest = walk.pages[1].facts.as_ref().unwrap().min_time.unwrap();
    assert_eq!(walk.gap_to, Some(oldest.saturating_add(1)));
}

#[test]
fn fault_028_a_503_once_is_asked_for_again_and_for_ever_is_a_gap() {
    for code in [500, 502, 503, 504] {
        let trouble = Trouble::Status { code, body: "busy".to_owned(), headers: vec![] };
        heals(trouble.clone(), &format!("status {code}: busy"));
        ends(Fault::always(trouble), ErrorClass::Exhausted, &["4 attempts"]);
    }
}

#[test]
fn fault_037_events_delivered_twice_are_both_kept() {
    let walk = Walk::run(&serve(vec![Fault::once(2, Trouble::DuplicateDelivery { events: 3 })]), Some("org_a"));
    assert!(walk.walked);
    assert_eq!(walk.ids().len(), 28);
    assert_eq!(walk.ids().into_iter().collect::<BTreeSet<_>>().len(), 25);
}

#[test]
fn fault_038_a_cursor_that_comes_twice_ends_the_walk() {
    let walk = ends(Fault::since(2, Trouble::RepeatCursor), ErrorClass::Exhausted, &["a second time", "in a circle"]);
    assert_eq!(walk.pages.len(), 2, "the page itself is kept");
}

#[test]
fn fault_039_empty_pages_for_ever_end() {
    let walk = ends(Fault::since(2, Trouble::EmptyPageInTheMiddle), ErrorClass::Exhausted, &["100 empty pages"]);
    assert_eq!(walk.ids().len(), 10);
}

#[test]
fn fault_040_an_empty_page_in_the_middle_is_not_the_end() {
    for k in 1..=3 {
        let walk = Walk::run(&serve(vec![Fault::once(k, Trouble::EmptyPageInTheMiddle)]), Some("org_a"));
        assert_eq!(walk.ids(), expected("org_a"));
        assert_eq!(walk.pages.len(), 4);
    }
}

#[test]
fn fault_041_a_page_that_does_not_say_how_it_goes_on_is_never_the_end() {
    let walk = ends(Fault::since(3, Trouble::MissingNext), ErrorClass::Exhausted, &["next page is missing"]);
    assert_eq!(walk.ids(), expected("org_a"), "its events are kept all the same");
    heals(Trouble::MissingNext, "is missing");
}

#[test]
fn fault_042_only_a_cursor_leads_on() {
    for json in ["\"\"", "0", "false", "{}", "[]", "\"\\ud800\"", "\"a\\nb\""] {
        let fault = Fault::always(Trouble::Next { json: json.to_owned() });
        ends(fault, ErrorClass::Exhausted, &["the member that leads to the next page"]);
    }
    let other = serve(vec![]);
    for link in [other.base_url(), other.base_url().replace("http:", ""), "https://api@evil/".to_owned()] {
        let fault = Fault::once(1, Trouble::Next { json: format!("{link:?}") });
        let server = serve(vec![fault]);
        let walk = Walk::run(&server, Some("org_a"));
        // Sent back as an opaque cursor, which the server does not know.
        assert!(server.requests()[1].target.contains("cursor="), "{:?}", walk.error);
    }
    assert!(other.requests().is_empty());
}

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
fn fault_044_a_cursor_without_bounds_is_not_sent() {
    let json = format!("\"{}\"", "x".repeat(1 << 20));
    ends(Fault::always(Trouble::Next { json }), ErrorClass::Exhausted, &["longer than any cursor"]);
}

#[test]
fn fault_058_other_organisations_events_end_the_walk() {
    let advice = "--token-file org_a=FILE";
    let walk = ends(Fault::always(Trouble::IgnoreOrgFilter), ErrorClass::Unauthorised, &["events of org_b", advice]);
    assert!(walk.pages.is_empty(), "a page of strangers is evidence of an attempt only");
    let own = Trouble::OwnOrgOnly { org: "org_b".to_owned() };
    ends(Fault::always(own), ErrorClass::Unauthorised, &["asked for the log of org_a", "events of org_b", advice]);
}

#[test]
fn an_alias_is_the_same_organisation() {
    let own = Trouble::OwnOrgOnly { org: "org_b".to_owned() };
    let server = serve(vec![Fault::always(own)]);
    let profile = native();
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let aliases = [OrgId::new("org_b").unwrap()].into();
    let walk = Walk::of(pages(&client, Scope { aliases, ..scope(&profile, Some("org_a")) }));
    assert_eq!(walk.ids(), expected("org_b"));
}

#[test]
fn fault_021_a_server_that_ignores_the_window_is_noticed() {
    let row = r#"{"id":"x","timestamp":"2001-01-01T00:00:00Z","org_id":"org_a","action":"a.read"}"#;
    let body = format!(r#"{{"data":[{row}],"next_cursor":"more"}}"#).into_bytes();
    ends(Fault::always(Trouble::Body { body }), ErrorClass::Exhausted, &["outside", "ignores the times"]);
}

#[test]
fn fault_064_records_that_do_not_decode_stay_on_their_page() {
    let good = r#"{"id":"g","timestamp":"2025-10-09T08:53:20Z","org_id":"org_a","action":"a.read"}"#;
    let bad = [r#"{"id":"d","id":"e"}"#, r#"{"id":"\ud800"}"#, "1", r#"{"id":}"#];
    let body = format!(r#"{{"data":[{},{good}],"next_cursor":null}}"#, bad.join(",")).into_bytes();
    let walk = Walk::run(&serve(vec![Fault::always(Trouble::Body { body })]), Some("org_a"));
    assert!(walk.walked);
    let facts = walk.pages[0].facts.as_ref().unwrap();
    assert_eq!((facts.events, facts.undecodable, facts.ids.as_slice()), (5, 4, ["g".to_owned()].as_slice()));
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
    for good in ["https://api.example.com", "https://api.example.com/v2/", "http://localhost:1", "http://127.9.9.9", "http://[::1]:80"] {
        assert!(Client::new(good, quick()).is_ok(), "{good}");
    }
    for bad in [
        "http://api.example.com", "http://127.0.0.1.evil.example", "http://localhost.evil", "ftp://h", "api.example.com",
        "https://user:hunter2@h/", "https://h/?q=1", "https://h/#f", "file:///etc/passwd", "",
    ] {
        let error = Client::new(bad, quick()).err().unwrap_or_else(|| panic!("{bad} was taken"));
        assert_eq!(error.class(), ErrorClass::Usage);
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn a_base_address_that_names_the_endpoint_is_understood() {
    let server = serve(vec![]);
    let profile = native();
    let client = Client::new(&format!("{}/api/v1/audit-logs/", server.base_url()), quick()).unwrap();
    assert_eq!(Walk::of(pages(&client, scope(&profile, Some("org_a")))).ids(), expected("org_a"));
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
fn two_organisations_are_pulled_in_two_threads() {
    let server = serve(vec![Fault::once(2, Trouble::Status429 { retry_after: None }).for_org("org_b")]);
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let profile = native();
    let pull = |org: &'static str| Walk::of(pages(&client, scope(&profile, Some(org)))).ids();
    let (a, b) = std::thread::scope(|threads| {
        let a = threads.spawn(|| pull("org_a"));
        let b = threads.spawn(|| pull("org_b"));
        (a.join().unwrap(), b.join().unwrap())
    });
    assert_eq!((a, b), (expected("org_a"), expected("org_b")));
}
