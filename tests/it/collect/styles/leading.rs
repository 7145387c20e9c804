//! What leads on, and what only pretends to: links, polling, circles, counts that disagree.

use super::super::support::*;
use super::apis::*;
use super::backend::*;

/// A handler that answers as the style does, its answer changed by a function.
fn changed(style: &Style, change: impl Fn(&Asked, Answer) -> Answer + Send + 'static) -> Backend {
    let serve = style.serve;
    Backend::start(Box::new(move |asked| change(asked, serve(asked, &rows()))))
}

#[test]
fn fault_039_a_polling_interface_that_always_leads_on_ends_with_its_empty_pages() {
    let style = named("link");
    let polling = style.request.replace("style = \"link\"", "style = \"link\"\nends = [\"empty_page\"]");
    let backend = changed(&style, |asked, answer| {
        let at = asked.get("after").unwrap_or("0").trim_end_matches('=').to_owned();
        let end = answer.link.is_none() && answer.body != "[]";
        let own = format!("</logs?after={at}>; rel=next");
        let beyond = "</logs?after=25>; rel=next".to_owned();
        Answer { link: Some(answer.link.unwrap_or(if end { beyond } else { own })), ..answer }
    });
    let walk = walk(&backend, &profile(&polling));
    assert!(walk.walked, "{:?}", walk.error);
    assert_eq!(found(&walk), ids(&rows()));
    assert_eq!(walk.pages.len(), 6, "four pages, and the empty one twice");
    // The same server under a profile that does not say so: never an end, never endless.
    let walk = self::walk(&backend, &profile(&style.request));
    assert!(walk.message().contains("in a circle"), "{}", walk.message());
    assert_eq!(found(&walk), ids(&rows()));
}

#[test]
fn fault_038_a_server_that_ignores_the_place_asked_for_runs_in_a_circle() {
    for name in ["page_from_1", "page_from_0_with_total", "offset", "since_id", "item_cursor", "next_url", "link"] {
        let style = named(name);
        let serve = style.serve;
        let backend = Backend::start(Box::new(move |asked| {
            let place = ["page", "skip", "after", "cursor"];
            let (first, zero) = (Asked { query: vec![], ..asked.clone() }, |name: &str| match name {
                "page" if style.name == "page_from_1" => "1",
                _ => "0",
            });
            let kept = asked.query.iter().filter(|(key, _)| !place.contains(&key.as_str())).cloned();
            let counted = asked.query.iter().filter(|(key, _)| key == "page" || key == "skip");
            let counted = counted.map(|(key, _)| (key.clone(), zero(key).to_owned()));
            serve(&Asked { query: kept.chain(counted).collect(), ..first }, &rows())
        }));
        let walk = walk(&backend, &profile(&named(name).request));
        assert!(walk.message().contains("in a circle"), "{name}: {}", walk.message());
        assert!(walk.pages.len() <= 6, "{name}");
        assert!(walk.gap_to.is_some());
    }
}

#[test]
fn fault_041_silence_on_a_full_page_is_asked_about_and_a_count_that_says_more_is_a_gap() {
    for name in ["link", "next_url"] {
        let style = named(name);
        let uncapped = style.request.replace("limit_max = 10", "limit_max = 7");
        let backend = changed(&style, |asked, answer| match asked.number {
            // The way on is missing once.
            2 => Answer { link: None, body: answer.body.replace("\"next\":", "\"nxt\":"), ..answer },
            _ => answer,
        });
        let walk = walk(&backend, &profile(&uncapped));
        assert!(walk.walked, "{name}: {:?}", walk.error);
        assert_eq!(found(&walk), ids(&rows()), "{name}");
        assert!(walk.reasons()[0].contains("does not say how it goes on"), "{:?}", walk.reasons());
    }
    let counted = named("cursor").request.replace("style = \"cursor\"", "style = \"cursor\"\ntotal = \"total\"");
    let backend = changed(&named("cursor"), |asked, answer| {
        let cut = if asked.number == 2 {
            answer.body.replace("\"next\":\"c14\"", "\"next\":\"\"")
        } else {
            answer.body.clone()
        };
        Answer { body: cut.replacen('{', "{\"total\":25,", 1), ..answer }
    });
    let walk = walk(&backend, &profile(&counted));
    assert!(
        walk.message().contains("counts 25 events") && walk.message().contains("14 different"),
        "{}",
        walk.message()
    );
    assert_eq!((walk.gap_to, found(&walk).len()), (window().to(), 14));
}

#[test]
fn fault_056_counts_that_drift_or_are_too_low_never_end_a_walk_and_are_told() {
    for (low, says) in [(3_usize, "counts 3 events"), (25, "changed from 25 to 27")] {
        let style = named("page_from_0_with_total");
        let backend = changed(&style, move |asked, answer| {
            let drift = if low == 25 { 25 + (asked.number - 1).min(2) } else { low };
            Answer { body: answer.body.replace("\"total\":25", &format!("\"total\":{drift}")), ..answer }
        });
        let profile = profile(&style.request);
        let client = Client::new(&backend.base_url(), quick()).unwrap();
        let mut walk = pages(&client, scope(&profile, Some("org_a")));
        let mut seen = BTreeSet::new();
        for page in &mut walk {
            seen.extend(page.unwrap().facts.unwrap().ids);
        }
        assert!(walk.walked());
        assert_eq!(seen, ids(&rows()));
        assert!(walk.remarks().iter().any(|remark| remark.contains(says)), "{:?}", walk.remarks());
    }
}

#[test]
fn fault_041_what_contradicts_itself_is_no_end() {
    let style = named("cursor_with_more");
    // More are promised, and no way leads to them.
    let backend = changed(&style, |_, answer| {
        let body = answer.body.replace("\"next\":\"c7\"", "\"next\":null");
        Answer { body, ..answer }
    });
    let walk = walk(&backend, &profile(&style.request));
    assert!(walk.message().contains("is null, although the page says that more follow"), "{}", walk.message());
    // No more are promised in the middle, and yet a cursor leads on to them.
    let backend = changed(&style, |asked, answer| match asked.number {
        2 => Answer { body: answer.body.replace("true", "false"), ..answer },
        _ => answer,
    });
    let walk = self::walk(&backend, &profile(&style.request));
    assert!(walk.walked, "{:?}", walk.error);
    assert_eq!(found(&walk), ids(&rows()));
}

#[test]
fn fault_042_and_020_a_link_to_elsewhere_gets_no_byte() {
    let elsewhere = Backend::start(Box::new(|_| Answer::ok("[]".to_owned())));
    let other = elsewhere.base_url().replace("http:", "");
    let links = [
        format!("http:{other}/logs?after=7"),
        format!("{other}/logs?after=7"),
        format!("http://api@{}/logs?after=7", other.trim_start_matches('/')),
        "https://127.0.0.1/logs?after=7".to_owned(),
        "/other?after=7".to_owned(),
        "/logs?after=7#x".to_owned(),
        "/logs".to_owned(),
        String::new(),
    ];
    for link in links {
        for name in ["link", "next_url"] {
            let style = named(name);
            let target = link.clone();
            let backend = changed(&style, move |_, answer| Answer {
                link: Some(format!("<{target}>; rel=\"next\"")),
                body: answer
                    .body
                    .split_once(",\"links\"")
                    .map_or(answer.body.clone(), |(page, _)| format!("{page},\"links\":{{\"next\":\"{target}\"}}}}")),
                ..answer
            });
            let named = style.request.replace("next = \"links.next\"", "next = \"links.next\"\ncursor = \"after\"");
            let walk = walk(&backend, &profile(&named));
            assert_eq!(walk.class(), ErrorClass::Exhausted);
            assert!(walk.message().contains("the member that leads to the next page"), "{name}: {}", walk.message());
            assert_eq!(found(&walk).len(), CAP, "what came is kept");
            assert!(backend.seen().iter().all(|asked| asked.path == "/logs"), "{link}");
        }
    }
    assert!(elsewhere.seen().is_empty(), "{:?}", elsewhere.seen());
}

#[test]
fn fault_043_a_link_that_holds_the_token_is_not_sent_back() {
    for name in ["link", "next_url"] {
        let style = named(name);
        let backend = changed(&style, |_, answer| Answer {
            link: answer.link.map(|_| format!("</logs?after={TOKEN}>; rel=\"next\"")),
            body: answer.body.replace("/logs?", &format!("/logs?key={TOKEN}&")),
            ..answer
        });
        let walk = walk(&backend, &profile(&style.request));
        assert_eq!(walk.class(), ErrorClass::Exhausted);
        let asked = backend.seen();
        assert!(asked.iter().all(|asked| asked.query.iter().all(|(_, value)| !value.contains(TOKEN))), "{name}");
    }
}

#[test]
fn fault_018_a_body_that_says_that_it_failed_is_no_empty_page() {
    for said in [r#""success":false"#, r#""ok":false"#, r#""status":"failed""#, r#""errors":["x"]"#] {
        let style = named("offset");
        let backend = changed(&style, move |_, _| Answer::ok(format!(r#"{{{said},"data":[]}}"#)));
        let walk = walk(&backend, &profile(&style.request));
        assert_eq!(walk.class(), ErrorClass::NotThisApi, "{said}");
    }
}

#[test]
fn fault_063_pages_of_a_new_schema_are_kept_and_counted() {
    let style = named("cursor");
    let backend = changed(&style, |asked, answer| match asked.number {
        2.. => Answer { body: answer.body.replace("\"timestamp\"", "\"at\"").replace("\"id\"", "\"uid\""), ..answer },
        _ => answer,
    });
    let walk = walk(&backend, &profile(&style.request));
    assert!(walk.walked, "{:?}", walk.error);
    let facts = |page: &Fetched| (page.facts.as_ref().unwrap().events, page.facts.as_ref().unwrap().untimed);
    assert_eq!(walk.pages.iter().map(facts).collect::<Vec<_>>(), [(7, 0), (7, 7), (7, 7), (4, 4)]);
    // A new envelope is no page of this profile: a gap below what was read.
    let backend = changed(&style, |asked, answer| match asked.number {
        2.. => Answer { body: answer.body.replace("\"data\"", "\"events\""), ..answer },
        _ => answer,
    });
    let walk = self::walk(&backend, &profile(&style.request));
    assert!(walk.message().contains("JSON without \"data\""), "{}", walk.message());
    assert!(walk.gap_to < window().to());
}
