//! Each style reads every event, and goes on from any page that it kept.

use super::super::support::*;
use super::apis::*;
use super::backend::*;
use irforensics::collect::KeptPage;

#[test]
fn fault_049_every_style_reads_every_event_though_the_server_caps_its_pages() {
    for style in all() {
        let backend = serve_style(&style);
        let walk = walk(&backend, &profile(&style.request));
        assert!(walk.walked, "{}: {:?}", style.name, walk.error);
        assert_eq!(found(&walk), ids(&rows()), "{}", style.name);
        assert!(walk.attempts.is_empty(), "{}: {:?}", style.name, walk.reasons());
        assert!(backend.seen().len() < 24, "{}: {} requests", style.name, backend.seen().len());
        for (seen, page) in backend.seen().iter().zip(&walk.pages) {
            assert_eq!(seen.header("authorization"), format!("Bearer {TOKEN}"));
            assert!(page.url.starts_with(&seen.path), "{}", page.url);
        }
    }
}

#[test]
fn fault_078_every_style_reads_an_empty_log_to_its_end() {
    for style in all() {
        let backend = serve_changing(&style, vec![], |_, _| {});
        let walk = walk(&backend, &profile(&style.request));
        assert!(walk.walked && walk.ids().is_empty(), "{}: {:?}", style.name, walk.error);
        assert!(backend.seen().len() <= 2, "{}", style.name);
    }
}

#[test]
fn fault_079_every_style_reads_one_event_and_a_page_that_is_just_full() {
    for count in [1, 2, CAP, CAP + 1, 2 * CAP] {
        for style in all() {
            let few = rows()[..count].to_vec();
            let backend = serve_changing(&style, few.clone(), |_, _| {});
            let walk = walk(&backend, &profile(&style.request));
            assert!(walk.walked, "{} of {count}: {:?}", style.name, walk.error);
            assert_eq!(found(&walk), ids(&few), "{} of {count}", style.name);
        }
    }
}

#[test]
fn fault_081_every_style_goes_on_from_any_page_as_if_it_had_never_stopped() {
    for style in all() {
        let (backend, profile) = (serve_style(&style), profile(&style.request));
        let client = Client::new(&backend.base_url(), quick()).unwrap();
        let whole = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
        for k in 0..=whole.pages.len() {
            let asked = backend.seen().len();
            let mut walk = pages(&client, scope(&profile, Some("org_a")));
            for page in &whole.pages[..k] {
                walk.replay(&KeptPage { url: &page.url, headers: &page.headers, body: &page.body }).unwrap();
            }
            assert_eq!(backend.seen().len(), asked, "nothing is sent for what is kept");
            let next = walk.next_target();
            assert_eq!(next.as_deref(), whole.pages.get(k).map(|page| page.url.as_str()), "{} from {k}", style.name);
            let rest = Walk::of(walk);
            let told = |page: &Fetched| (page.url.clone(), page.page, page.facts.clone(), page.cursor_out.clone());
            let expected: Vec<_> = whole.pages[k..].iter().map(told).collect();
            assert_eq!(rest.pages.iter().map(told).collect::<Vec<_>>(), expected, "{} from {k}", style.name);
        }
    }
}

#[test]
fn fault_040_an_empty_page_in_the_middle_is_no_end_in_any_style_that_leads_on() {
    for style in all().into_iter().filter(|style| !style.name.starts_with("none")) {
        for k in 1..=4 {
            let backend = serve_changing(&style, rows(), |_, _| {});
            drop(backend);
            let serve = style.serve;
            let backend = Backend::start(Box::new(move |asked| {
                let answer = serve(asked, &rows());
                if asked.number != k {
                    return answer;
                }
                // The rows are gone, everything beside them stays.
                let empty = match answer.body.split_once('[').zip(answer.body.rsplit_once(']')) {
                    Some(((before, _), (_, behind))) => format!("{before}[]{behind}"),
                    None => unreachable!("a page has a list"),
                };
                Answer { body: empty, ..answer }
            }));
            let walk = walk(&backend, &profile(&style.request));
            let whole = walk.error.is_none();
            // Where a cursor leads past the empty page, nothing tells that it should not have been empty.
            let led = ["cursor", "next_url", "link"].iter().any(|led| style.name.starts_with(led));
            if !led && whole {
                assert_eq!(found(&walk), ids(&rows()), "{} at {k}", style.name);
            }
            assert!(walk.ids().len() >= 10, "{} at {k}: {:?}", style.name, walk.error);
        }
    }
}

#[test]
fn fault_052_rows_in_any_order_are_the_same_rows() {
    for style in all().into_iter().filter(|style| !style.name.starts_with("time")) {
        let mut mixed = rows();
        mixed.sort_by_key(|row| row.id.bytes().rev().collect::<Vec<_>>());
        let backend = serve_changing(&style, mixed, |_, _| {});
        let walk = walk(&backend, &profile(&style.request));
        if style.name == "cursor_without_times" {
            continue;
        }
        assert!(walk.walked, "{}: {:?}", style.name, walk.error);
        assert_eq!(found(&walk), ids(&rows()), "{}", style.name);
    }
}

#[test]
fn fault_021_a_walk_by_time_stops_where_the_order_is_not_as_promised() {
    let style = named("time_newest_first");
    let mut mixed = rows();
    mixed.swap(2, 20);
    let backend = serve_changing(&style, mixed, |_, _| {});
    let walk = walk(&backend, &profile(&style.request));
    assert!(walk.message().contains("do not come in the order"), "{}", walk.message());
    assert_eq!(walk.gap_to, window().to(), "the order proves nothing, so all of it is a gap");
}
