//! Rows that come, go and crowd together while a walk reads them.

use super::super::support::*;
use super::apis::*;
use super::backend::*;

const COUNTED: [&str; 3] = ["offset", "page_from_1", "page_from_0_with_total"];

#[test]
fn fault_045_rows_inserted_at_the_head_make_repeats_and_no_gap() {
    for name in COUNTED {
        for k in 2..=5 {
            let style = named(name);
            let backend = serve_changing(&style, rows(), move |number, rows| {
                if number == k {
                    rows.insert(0, Row::new(50_000_000, "new"));
                }
            });
            let walk = walk(&backend, &profile(&style.request));
            assert!(walk.walked, "{name} at {k}: {:?}", walk.error);
            assert!(found(&walk).is_superset(&ids(&rows())), "{name} at {k}");
        }
    }
}

#[test]
fn fault_046_rows_that_vanish_are_noticed_and_the_window_is_read_again() {
    for name in COUNTED {
        for k in 2..=8 {
            for gone in [0, 5, 12] {
                let style = named(name);
                let backend = serve_changing(&style, rows(), move |number, rows| {
                    if number == k {
                        rows.remove(gone);
                    }
                });
                let walk = walk(&backend, &profile(&style.request));
                let mut left = rows();
                left.remove(gone);
                assert!(walk.walked, "{name} at {k}: {:?}", walk.error);
                assert!(found(&walk).is_superset(&ids(&left)), "{name}: row {gone} gone at {k}: {:?}", found(&walk));
            }
        }
    }
}

#[test]
fn fault_046_rows_that_never_rest_are_a_gap() {
    let style = named("offset");
    let many: Vec<Row> = (0..300_i64).rev().map(|n| Row::new(n * 1_000, &format!("e{n:03}"))).collect();
    let backend = serve_changing(&style, many, |_, rows| {
        rows.drain(..9.min(rows.len()));
    });
    let second = Window::new(Some(Moment::from_micros(START)), Some(Moment::from_micros(START + 1_000_000))).unwrap();
    let walk = walk_over(&backend, &profile(&style.request), second);
    assert!(walk.message().contains("rows moved while they were read"), "{}", walk.message());
    assert_eq!(walk.gap_to, second.to());
}

#[test]
fn fault_047_ties_on_the_edge_of_a_page_are_not_lost() {
    // Five of one instant lie across the seventh row.
    let mut tied: Vec<Row> = (0..20_i64).rev().map(|n| Row::new(n * 1_000_000, &format!("e{n:02}"))).collect();
    for row in &mut tied[5..10] {
        row.at = 12_000_000;
    }
    for style in all() {
        let backend = serve_changing(&style, tied.clone(), |_, _| {});
        let walk = walk(&backend, &profile(&style.request));
        assert!(walk.walked, "{}: {:?}", style.name, walk.error);
        assert_eq!(found(&walk), ids(&tied), "{}", style.name);
    }
}

#[test]
fn fault_048_an_instant_with_more_than_a_page_is_a_gap_of_that_instant_alone() {
    let mut crowd = rows();
    crowd.extend((0..30).map(|n| Row::new(5_000_000, &format!("x{n:02}"))));
    crowd.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let crowded = Moment::from_micros(START + 5_000_000);
    for name in ["none", "time_newest_first", "time_oldest_first"] {
        let style = named(name);
        let backend = serve_changing(&style, crowd.clone(), |_, _| {});
        let profile = profile(&style.request);
        let client = Client::new(&backend.base_url(), quick()).unwrap();
        let mut walk = pages(&client, scope(&profile, Some("org_a")));
        let (mut seen, mut error) = (BTreeSet::new(), None);
        for page in &mut walk {
            match page {
                Ok(page) => seen.extend(page.facts.unwrap().ids),
                Err(why) => error = Some(why),
            }
        }
        let error = error.expect(name);
        assert_eq!(error.class(), ErrorClass::Exhausted);
        let gaps = walk.gaps(&error);
        let inside = |moment: Moment| gaps.iter().any(|gap| gap.from <= Some(moment) && Some(moment) < gap.to);
        assert!(inside(crowded), "{name}: {gaps:?}");
        for row in &crowd {
            let at = Moment::from_micros(START + row.at);
            assert!(seen.contains(&row.id) || inside(at), "{name}: {} is neither read nor in a gap", row.id);
        }
        let width: i64 = gaps.iter().map(|gap| gap.to.unwrap().micros() - gap.from.unwrap().micros()).sum();
        assert!(width <= 2_000_000, "{name}: {gaps:?}");
        assert!(ids(&rows()).iter().filter(|id| seen.contains(*id)).count() >= 22, "{name}: the others are read");
    }
}

#[test]
fn fault_048_the_most_that_a_query_shows_is_never_taken_for_all() {
    // The server stops after ten rows and calls that the end.
    for name in ["offset", "cursor"] {
        let style = named(name);
        let serve = style.serve;
        let backend = Backend::start(Box::new(move |asked| {
            let inside = inside(asked, &rows());
            serve(asked, &inside[..inside.len().min(10)])
        }));
        let capped = style.request.replace("limit_max = 10", "limit_max = 10\nresults_max = 10");
        let walk = walk(&backend, &profile(&capped));
        assert!(walk.walked, "{name}: {:?}", walk.error);
        assert_eq!(found(&walk), ids(&rows()), "{name}");
    }
}

#[test]
fn fault_025_an_expired_cursor_begins_anew_in_every_style() {
    for name in ["cursor", "link", "since_id", "cursor_with_more", "item_cursor", "next_url"] {
        for code in [400, 404, 410] {
            let style = named(name);
            let serve = style.serve;
            let backend = Backend::start(Box::new(move |asked| match asked.number {
                3 => Answer::status(code),
                _ => serve(asked, &rows()),
            }));
            let walk = walk(&backend, &profile(&style.request));
            assert!(walk.walked, "{name} {code}: {:?}", walk.error);
            assert_eq!(found(&walk), ids(&rows()), "{name} {code}");
            assert_eq!(walk.attempts.len(), 1);
        }
    }
    // For ever: no endless loop, and what was not read is a gap.
    let style = named("cursor_with_more");
    let serve = style.serve;
    let backend = Backend::start(Box::new(move |asked| match asked.get("after") {
        Some(_) => Answer::status(410),
        None => serve(asked, &rows()),
    }));
    let walk = walk(&backend, &profile(&style.request));
    assert_eq!((walk.class(), walk.gap_to), (ErrorClass::Exhausted, window().to()));
    assert!(backend.seen().len() < 6);
}
