//! Many walks at once: what is cut, what is given up, what is kept apart.

use super::support::*;
use crate::living::{Ask, Living, Reply, asked_for, page};
use irforensics::collect::{Log, News, Spread, Stop, parts, sweep};
use irforensics::model::Gap;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::mpsc;

/// One event a second of one organisation.
fn events(org: &str, count: i64) -> Vec<Value> {
    let event = |n: i64| {
        let time = Moment::from_micros(START + n * 1_000_000);
        json!({ "id": format!("{org}-{n:04}"), "timestamp": time.to_string(), "org_id": org, "action": "file.read" })
    };
    (0..count).map(event).collect()
}

fn span(from: i64, to: i64) -> Window {
    let at = |s: i64| Some(Moment::from_micros(START + s * 1_000_000));
    Window::new(at(from), at(to)).unwrap()
}

/// What a sweep brought.
#[derive(Default)]
struct Swept {
    ids: Vec<String>,
    lost: Vec<(usize, CollectError, Gap)>,
    attempts: usize,
    lanes: BTreeSet<String>,
}

impl Swept {
    fn set(&self) -> BTreeSet<String> {
        self.ids.iter().cloned().collect()
    }
}

fn spread<'e>() -> Spread<'e> {
    Spread { every: None, pass: 1, stop: Stop::default(), earlier: None }
}

/// Reads these parts of these organisations' logs.
fn swept(url: &str, orgs: &[&str], cut: &[Window], limit: u32, spread: &Spread<'_>) -> Swept {
    let profile = native();
    let client = Client::new(url, quick()).unwrap();
    let whole = Window::new(cut[0].from(), cut[cut.len() - 1].to()).unwrap();
    let log = |org: &&str| Log {
        scope: Scope { window: whole, limit, ..scope(&profile, Some(org)) },
        parts: cut.to_vec(),
        sample: false,
    };
    let logs: Vec<Log<'_>> = orgs.iter().map(log).collect();
    let (sender, news) = mpsc::channel();
    let mut swept = Swept::default();
    let (client, logs) = (&client, &logs[..]);
    std::thread::scope(|threads| {
        threads.spawn(move || sweep(client, logs, spread, &sender));
        for message in news {
            match message {
                News::Fetched { lane, fetched, safe } => {
                    match (&fetched.kind, &fetched.facts) {
                        (Kind::Page, Some(facts)) => swept.ids.extend(facts.ids.iter().cloned()),
                        _ => swept.attempts += 1,
                    }
                    swept.lanes.insert(lane.to_string());
                    // The walk may have ended meanwhile; then nobody waits for the word.
                    safe.send(()).unwrap_or_default();
                }
                News::Lost { log, error, gap } => swept.lost.push((log, error, gap)),
                News::Walked(_) | News::Told(_) => {}
            }
        }
    });
    swept
}

/// Every event is there or lies in a gap of its log.
fn accounted_for(swept: &Swept, all: &[Value], log: usize) {
    let (got, gaps) = (swept.set(), &swept.lost);
    for event in all.iter().filter(|event| !got.contains(event["id"].as_str().unwrap())) {
        let time = Moment::parse_rfc3339(event["timestamp"].as_str().unwrap()).unwrap();
        let covers = |gap: &Gap| gap.from.is_none_or(|from| from <= time) && gap.to.is_none_or(|to| time < to);
        assert!(gaps.iter().any(|(of, _, gap)| *of == log && covers(gap)), "{event} is lost without a gap: {gaps:?}");
    }
}

fn refused(status: u16) -> Reply {
    (status, Vec::new(), "no".to_owned())
}

#[test]
fn a_long_log_is_cut_below_its_first_page_and_the_oldest_part_goes_first() {
    let all = events("org_a", 1000);
    let expected: BTreeSet<String> = all.iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect();
    let server = Living::start(move |ask| page(&all, ask));
    let swept = swept(&server.url(), &["org_a"], &[span(0, 1000)], 10, &spread());
    assert_eq!(swept.set(), expected);
    assert!(swept.lost.is_empty() && swept.lanes.len() >= 16, "{:?}", swept.lanes);
    let asked = server.asked();
    assert_eq!(asked[0].window, span(0, 1000));
    // Retention takes the oldest away first; among requests in flight at once any may arrive first.
    let parts = || asked[1..].iter().filter(|ask| ask.skip == 0).enumerate();
    let oldest = parts().find(|(_, ask)| ask.window.from() == span(0, 1).from()).unwrap().0;
    let newest = parts().max_by_key(|(_, ask)| ask.window.to()).unwrap().0;
    assert!(oldest < 8 && newest > oldest, "{oldest} {newest}");
    assert!(asked.len() < 150, "a hundred pages and one more a part: {}", asked.len());
}

#[test]
fn a_short_log_is_one_walk() {
    let all = events("org_a", 60);
    let server = Living::start(move |ask| page(&all, ask));
    let swept = swept(&server.url(), &["org_a"], &[span(0, 60)], 10, &spread());
    assert_eq!((swept.lanes.len(), server.asked().len(), swept.ids.len()), (1, 6, 60));
}

#[test]
fn fault_028_a_page_that_always_fails_is_a_gap_of_its_own_width_and_the_rest_is_read() {
    let all = events("org_a", 600);
    let backing = all.clone();
    let poisoned = move |ask: &Ask| {
        let bad = asked_for(&backing, ask).0.iter().any(|event| event["id"] == "org_a-0377");
        if bad { refused(500) } else { page(&backing, ask) }
    };
    let server = Living::start(poisoned);
    let swept = swept(&server.url(), &["org_a"], &[span(0, 600)], 50, &spread());
    accounted_for(&swept, &all, 0);
    assert_eq!(swept.set().len(), 599, "everything but the one event");
    let [(0, error, gap)] = &swept.lost[..] else { panic!("{:?}", swept.lost) };
    assert_eq!((gap.from, gap.to), (span(377, 378).from(), span(377, 378).to()));
    assert_eq!(error.class(), ErrorClass::Exhausted);
    assert!(gap.reason.contains("500"), "{}", gap.reason);
}

#[test]
fn fault_028_an_api_that_dies_is_left_alone_and_everything_unread_is_a_gap() {
    let all = events("org_a", 600);
    let backing = all.clone();
    let server = Living::start(move |ask| if ask.number > 9 { refused(503) } else { page(&backing, ask) });
    let swept = swept(&server.url(), &["org_a"], &[span(0, 600)], 10, &spread());
    accounted_for(&swept, &all, 0);
    assert!(swept.set().len() >= 60 && !swept.lost.is_empty());
    assert!(server.asked().len() < 80, "not every part is tried to the end: {}", server.asked().len());
}

#[test]
fn fault_023_a_token_that_expires_is_not_tried_by_every_part() {
    let all = events("org_a", 600);
    let backing = all.clone();
    let server = Living::start(move |ask| if ask.number > 9 { refused(401) } else { page(&backing, ask) });
    let swept = swept(&server.url(), &["org_a"], &[span(0, 600)], 10, &spread());
    accounted_for(&swept, &all, 0);
    assert!(swept.lost.iter().all(|(_, error, _)| error.class() == ErrorClass::Unauthorised));
    assert!(server.asked().len() <= 9 + 8, "no more than were on their way: {}", server.asked().len());
}

#[test]
fn fault_027_a_429_for_ever_ends_and_is_a_gap() {
    let all = events("org_a", 100);
    let server = Living::start(|_| (429, vec![("Retry-After", "1".to_owned())], String::new()));
    let swept = swept(&server.url(), &["org_a"], &[span(0, 100)], 10, &spread());
    accounted_for(&swept, &all, 0);
    assert!(server.asked().len() < 40, "{}", server.asked().len());
}

#[test]
fn fault_029_a_window_too_wide_is_narrowed_until_it_is_borne() {
    for status in [400, 413, 414, 431] {
        let all = events("org_a", 900);
        let backing = all.clone();
        let narrow = move |ask: &Ask| {
            let width = ask.window.to().unwrap().micros() - ask.window.from().unwrap().micros();
            if width > 90_000_000 { refused(status) } else { page(&backing, ask) }
        };
        let server = Living::start(narrow);
        let swept = swept(&server.url(), &["org_a"], &[span(0, 900)], 50, &spread());
        assert!(swept.lost.is_empty(), "{:?}", swept.lost);
        assert_eq!(swept.set().len(), 900);
    }
    let server = Living::start(|_| refused(400));
    let swept = swept(&server.url(), &["org_a"], &[span(0, 900)], 50, &spread());
    let [(0, error, gap)] = &swept.lost[..] else { panic!("{:?}", swept.lost) };
    assert_eq!((gap.from, gap.to), (span(0, 900).from(), span(0, 900).to()), "the whole window");
    assert_eq!(error.class(), ErrorClass::NotThisApi, "and the first answer is believed");
    assert!(server.asked().len() < 15, "{}", server.asked().len());
}

#[test]
fn fault_062_a_log_that_fails_takes_nothing_from_the_others() {
    let all = [events("org_a", 300), events("org_b", 300)].concat();
    let backing = all.clone();
    let half = move |ask: &Ask| if ask.org.as_deref() == Some("org_b") { refused(500) } else { page(&backing, ask) };
    let server = Living::start(half);
    let swept = swept(&server.url(), &["org_a", "org_b"], &[span(0, 300)], 20, &spread());
    assert_eq!(swept.set(), all[..300].iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect());
    accounted_for(&swept, &all[300..], 1);
    assert!(swept.lost.iter().all(|(log, _, gap)| *log == 1 && gap.log_org == OrgId::new("org_b")));
}

#[test]
fn fault_037_an_answer_that_came_too_late_is_asked_for_again_and_counted_once() {
    let all = events("org_a", 100);
    let backing = all.clone();
    let slow = move |ask: &Ask| {
        if ask.number == 3 {
            std::thread::sleep(Duration::from_millis(600));
        }
        page(&backing, ask)
    };
    let server = Living::start(slow);
    let swept = swept(&server.url(), &["org_a"], &[span(0, 100)], 10, &spread());
    assert_eq!((swept.set().len(), swept.attempts), (100, 1), "the attempt is kept as one");
    accounted_for(&swept, &all, 0);
}

#[test]
fn a_rate_is_kept_over_all_walks() {
    let all = [events("org_a", 100), events("org_b", 100)].concat();
    let server = Living::start(move |ask| page(&all, ask));
    let every = Duration::from_millis(15);
    let slow = Spread { every: Some(every), ..spread() };
    let swept = swept(&server.url(), &["org_a", "org_b"], &[span(0, 100)], 20, &slow);
    let asked = server.asked();
    let took = asked[asked.len() - 1].at.duration_since(asked[0].at);
    assert_eq!((swept.set().len(), asked.len()), (200, 10));
    // One request may arrive late and the next in time; over all of them the rate holds.
    assert!(took >= every * 8, "{took:?}");
}

#[test]
fn the_word_to_stop_ends_a_pull_after_the_pages_in_hand() {
    let all = events("org_a", 1000);
    let stop = Stop::default();
    let word = stop.clone();
    let backing = move |ask: &Ask| {
        if ask.number == 5 {
            word.give();
        }
        page(&all, ask)
    };
    let server = Living::start(backing);
    let swept = swept(&server.url(), &["org_a"], &[span(0, 1000)], 10, &Spread { stop, ..spread() });
    assert!(swept.lost.is_empty(), "what is not asked for yet is no gap: the pull goes on later");
    assert!(server.asked().len() <= 16, "{}", server.asked().len());
}

#[test]
fn what_an_earlier_run_kept_is_not_asked_for_again() {
    let all = events("org_a", 400);
    let backing = all.clone();
    let server = Living::start(move |ask| page(&backing, ask));
    let kept: std::sync::Mutex<Vec<(String, irforensics::collect::KeptBody)>> = std::sync::Mutex::default();
    let first = swept(&server.url(), &["org_a"], &[span(0, 400)], 10, &spread());
    let before = server.asked().len();
    assert_eq!(first.set().len(), 400);
    // The same requests give the same bodies, so they can be made up from the log.
    let earlier = |lane: &irforensics::model::Lane, k: usize| {
        let number = kept.lock().unwrap().iter().filter(|(of, _)| *of == lane.to_string()).count();
        assert_eq!(k, number, "pages of a lane are asked for in their order");
        let window = Window::new(lane.from, lane.to).unwrap();
        let ask = Ask { number: 0, org: Some("org_a".to_owned()), window, limit: 10, skip: k * 10, at: Instant::now() };
        let (_, headers, body) = page(&all, &ask);
        let (found, _) = asked_for(&all, &ask);
        let escape = |time: Option<Moment>| time.unwrap().to_string().replace(':', "%3A");
        let cursor = if k == 0 { String::new() } else { format!("&cursor={}", k * 10) };
        let (from, to) = (escape(lane.from), escape(lane.to));
        let url = format!("/api/v1/audit-logs?org_id=org_a&from={from}&to={to}&limit=10{cursor}");
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let body = irforensics::collect::KeptBody { url, headers, body: body.into_bytes() };
        // Of each lane all pages but the last were kept.
        (found.len() == 10).then(|| kept.lock().unwrap().push((lane.to_string(), body.clone())))?;
        Some(body)
    };
    let again = swept(&server.url(), &["org_a"], &[span(0, 400)], 10, &Spread { earlier: Some(&earlier), ..spread() });
    let ids =
        kept.lock().unwrap().iter().flat_map(|(_, b)| page_facts(&b.body, &native()).unwrap().ids).collect::<Vec<_>>();
    let both: BTreeSet<String> = ids.into_iter().chain(again.ids.iter().cloned()).collect();
    assert_eq!((both, again.lost.len()), (first.set(), 0));
    assert!(server.asked().len() - before < before / 2, "{} then {}", before, server.asked().len() - before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a log is cut, paged and read at once, the events are the same.
    #[test]
    fn cuts_pages_and_lanes_change_no_event(count in 1_i64..500, limit in 3_u32..40, number in 1_u64..9, pass in 1_u32..4) {
        let server = Server::start(vec![log("org_a", count), log("org_b", 40)], TOKEN, vec![]).unwrap();
        let cut = parts(span(0, 300), number, pass, native().request.as_ref().unwrap());
        let swept = swept(&server.base_url(), &["org_a", "org_b"], &cut, limit, &Spread { pass, ..spread() });
        let expected: BTreeSet<String> =
            log("org_a", count).events.into_iter().chain(log("org_b", 40).events).map(|event| event.id).collect();
        prop_assert!(swept.lost.is_empty());
        prop_assert_eq!(swept.set(), expected);
    }
}

#[test]
fn fault_096_a_walk_that_panics_ends_the_run_instead_of_leaving_it_waiting() {
    let server = Living::start(|ask| page(&events("org_a", 1000), ask));
    let earlier =
        |_: &irforensics::model::Lane, _: usize| -> Option<irforensics::collect::KeptBody> { panic!("planted") };
    let run =
        || swept(&server.url(), &["org_a"], &[span(0, 1000)], 10, &Spread { earlier: Some(&earlier), ..spread() });
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    assert!(ended.is_err(), "the run fails loudly");
}
