//! Pages that lead astray, repeat, or hold what was not asked for.

use super::support::*;

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
    heals(&Trouble::MissingNext, "is missing");
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
fn fault_009_no_beginning_of_a_page_is_a_page() {
    let whole = br#" {"data":[{"id":"a","x":"]}"},{"id":"b"}],"meta":{"n":[1]},"next_cursor":"c\"d"}"#;
    let profile = native();
    assert_eq!(page_facts(whole, &profile).unwrap().next_cursor(), Some("c\"d"));
    for length in 0..whole.len() {
        assert!(page_facts(&whole[..length], &profile).is_err(), "{length} bytes");
    }
}

#[test]
fn fault_038_cycles_of_any_length_end_the_walk() {
    let page = |k: u32, next: u32| {
        let row = format!(r#"{{"id":"{k}","timestamp":"2025-10-09T08:53:20Z","org_id":"org_a","action":"a.read"}}"#);
        Trouble::Body { body: format!(r#"{{"data":[{row}],"next_cursor":"c{next}"}}"#).into_bytes() }
    };
    for length in 1..=4 {
        let faults = (1..40).map(|k| Fault::once(k, page(k % length, k % length))).collect();
        let walk = Walk::run(&serve(faults), Some("org_a"));
        assert!(walk.message().contains("in a circle"), "{}", walk.message());
        assert_eq!(walk.pages.len(), usize::try_from(length).unwrap() + 1);
    }
    let fresh = (1..40).map(|k| Fault::once(k, page(0, k))).collect();
    let walk = Walk::run(&serve(fresh), Some("org_a"));
    assert!(walk.message().contains("the same events came 3 times"), "{}", walk.message());
}
