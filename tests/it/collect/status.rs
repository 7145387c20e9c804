//! Answers that are no page: statuses, error objects, other sites.

use super::support::*;

#[test]
fn fault_017_an_html_page_is_not_the_api() {
    let walk =
        ends(Fault::always(Trouble::Html200), ErrorClass::NotThisApi, &["an HTML page", "not the API", "--base-url"]);
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
    let walk = ends(
        Fault::always(Trouble::Redirect { to: other.base_url() }),
        ErrorClass::NotThisApi,
        &["redirects to", &other.base_url()],
    );
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
    heals(&limit("Retry-After", "0"), "status 403: slow down, a rate limit");
    heals(&limit("X-RateLimit-Remaining", "0"), "a rate limit");
}

#[test]
fn fault_026_a_429_is_waited_for_and_the_wait_is_told_and_capped() {
    let date = "Fri, 31 Dec 2100 23:59:59 GMT";
    for retry_after in [Some("0"), Some("1"), Some(date), Some("-1"), Some("315360000"), None] {
        let retry_after = retry_after.map(str::to_owned);
        heals(&Trouble::Status429 { retry_after }, "status 429: too many requests");
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
    let walk = ends(
        Fault::since(3, Trouble::Status429 { retry_after: None }),
        ErrorClass::Exhausted,
        &["429", "4 attempts", "page 3"],
    );
    assert_eq!((walk.pages.len(), walk.attempts.len()), (2, 4));
    let oldest = walk.pages[1].facts.as_ref().unwrap().min_time.unwrap();
    assert_eq!(walk.gap_to, Some(oldest.saturating_add(1)));
}

#[test]
fn fault_028_a_503_once_is_asked_for_again_and_for_ever_is_a_gap() {
    for code in [500, 502, 503, 504] {
        let trouble = Trouble::Status { code, body: "busy".to_owned(), headers: vec![] };
        heals(&trouble, &format!("status {code}: busy"));
        ends(Fault::always(trouble), ErrorClass::Exhausted, &["4 attempts"]);
    }
}

#[test]
fn fault_023_a_token_refused_in_mid_walk_leaves_what_was_read_and_names_the_rest() {
    let expired = Trouble::Status { code: 401, body: String::new(), headers: vec![] };
    let walk = ends(Fault::since(2, expired), ErrorClass::Unauthorised, &["page 2", "status 401"]);
    assert_eq!(walk.ids(), expected("org_a")[..10]);
    let oldest = walk.pages[0].facts.as_ref().unwrap().min_time.unwrap();
    assert_eq!(walk.gap_to, Some(oldest.saturating_add(1)));
}
