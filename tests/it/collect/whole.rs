//! Walks over a healthy server.

use super::support::*;

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
fn a_base_address_that_names_the_endpoint_is_understood() {
    let server = serve(vec![]);
    let profile = native();
    let client = Client::new(&format!("{}/api/v1/audit-logs/", server.base_url()), quick()).unwrap();
    assert_eq!(Walk::of(pages(&client, scope(&profile, Some("org_a")))).ids(), expected("org_a"));
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

#[test]
fn twenty_thousand_events_arrive_in_seconds() {
    let server = Server::start(vec![log("org_a", 20_000)], TOKEN, vec![]).unwrap();
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let profile = native();
    let started = Instant::now();
    let window = Window::new(Some(Moment::from_micros(START)), Some(Moment::from_micros(START * 2))).unwrap();
    let walk = Walk::of(pages(&client, Scope { window, limit: 5000, ..scope(&profile, Some("org_a")) }));
    assert_eq!((walk.pages.len(), walk.ids().len()), (20, 20_000), "the profile's limit holds");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
