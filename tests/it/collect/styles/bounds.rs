//! The ends of a window, in every meaning and every notation.

use super::super::support::*;
use super::apis::*;
use super::backend::*;

const HEAD: &str = "path = \"/logs\"\nscope = \"s\"\norg = \"parameter org\"\nitems = \"data\"\n";
const PAGE: &str =
    "[request.page]\nstyle = \"cursor\"\nlimit_max = 10\ncursor = \"c\"\nnext = \"next\"\nends = [\"null\"]\n";

fn at(micros: i64) -> Moment {
    Moment::from_micros(START + micros)
}

#[test]
fn fault_050_whichever_way_a_server_reads_the_ends_nothing_of_the_window_is_lost() {
    let (from, to) = (3_000_000_i64, 8_000_000_i64);
    let span = Window::new(Some(at(from)), Some(at(to))).unwrap();
    let wanted: Vec<Row> = rows().into_iter().filter(|row| (from..to).contains(&row.at)).collect();
    for (from_in, to_in) in [(true, false), (true, true), (false, false), (false, true)] {
        let backend = Backend::start(Box::new(move |asked| {
            let second = |name: &str| asked.get(name).unwrap().parse::<i64>().unwrap() * 1_000_000 - START;
            let (from, to) = (second("from"), second("to"));
            let fits =
                |row: &&Row| (from < row.at || (from_in && from == row.at)) && (row.at < to || (to_in && row.at == to));
            let fitting: Vec<Row> = rows().iter().filter(fits).cloned().collect();
            Answer::ok(format!(r#"{{"data":[{}],"next":null}}"#, list(&fitting)))
        }));
        let window = "[request.window]\nfrom = \"from\"\nto = \"to\"\ntime = \"epoch_s\"\n";
        let unknown = walk_over(&backend, &profile(&format!("{HEAD}{window}{PAGE}")), span);
        assert!(found(&unknown).is_superset(&ids(&wanted)), "{from_in} {to_in}");
        let bounds = format!("{}{}", if from_in { '[' } else { '(' }, if to_in { ']' } else { ')' });
        let told = format!("{HEAD}{window}bounds = \"{bounds}\"\n{PAGE}");
        let known = walk_over(&backend, &profile(&told), span);
        assert!(found(&known).is_superset(&ids(&wanted)), "{bounds}");
        let sent = backend.seen().last().unwrap().get("from").unwrap().parse::<i64>().unwrap();
        assert_eq!(
            sent * 1_000_000,
            START + from - if from_in { 0 } else { 1_000_000 },
            "one unit earlier where needed"
        );
    }
}

#[test]
fn fault_060_every_notation_of_a_time_holds_the_window() {
    let span = Window::new(Some(at(1_234_567)), Some(at(9_000_001))).unwrap();
    let cases = [
        ("rfc3339", "2025-10-09T08:53:21.234567Z", "2025-10-09T08:53:29.000001Z"),
        ("rfc3339_ms", "2025-10-09T08:53:21.234Z", "2025-10-09T08:53:29.001Z"),
        ("rfc3339_s", "2025-10-09T08:53:21Z", "2025-10-09T08:53:30Z"),
        ("epoch_s", "1760000001", "1760000010"),
        ("epoch_ms", "1760000001234", "1760000009001"),
        ("date", "2025-10-09", "2025-10-10"),
    ];
    for (time, from, to) in cases {
        let backend = Backend::start(Box::new(|_| Answer::ok(r#"{"data":[],"next":null}"#.to_owned())));
        let window =
            format!("[request.window]\nfrom = \"since\"\nto = \"until\"\nbounds = \"[)\"\ntime = \"{time}\"\n");
        assert!(walk_over(&backend, &profile(&format!("{HEAD}{window}{PAGE}")), span).walked);
        let asked = &backend.seen()[0];
        assert_eq!((asked.get("since"), asked.get("until")), (Some(from), Some(to)), "{time}");
        let template = format!(
            "[request.window]\nparameter = \"phrase\"\ntemplate = \"created:{{from}}..{{to}}\"\nbounds = \"[]\"\ntime = \"{time}\"\n"
        );
        assert!(walk_over(&backend, &profile(&format!("{HEAD}{template}{PAGE}")), span).walked);
        assert_eq!(backend.seen()[1].get("phrase"), Some(format!("created:{from}..{to}").as_str()));
    }
}

#[test]
fn a_window_longer_than_the_server_allows_is_asked_for_in_parts_oldest_first() {
    let day = 86_400_000_000_i64;
    let span = Window::new(Some(at(0)), Some(at(200 * day))).unwrap();
    let backend = Backend::start(Box::new(move |asked| {
        let second = |name: &str| asked.get(name).unwrap().parse::<i64>().unwrap();
        if second("to") - second("from") > 90 * 86_400 {
            return Answer::status(400);
        }
        let event = Row::new(second("from") * 1_000_000 - START + 5_000_000, &format!("w{}", asked.number));
        Answer::ok(format!(r#"{{"data":[{}],"next":null}}"#, event.json()))
    }));
    let window = "[request.window]\nfrom = \"from\"\nto = \"to\"\ntime = \"epoch_s\"\ndays_max = 90\n";
    let walk = walk_over(&backend, &profile(&format!("{HEAD}{window}{PAGE}")), span);
    assert!(walk.walked, "{:?}", walk.error);
    let seen = backend.seen();
    let sent = |at: usize, name: &str| seen[at].get(name).unwrap().parse::<i64>().unwrap() * 1_000_000 - START;
    assert_eq!(seen.len(), 3);
    assert!(sent(0, "from") <= 0 && sent(2, "to") >= 200 * day);
    assert!((1..3).all(|k| sent(k, "from") <= sent(k - 1, "to")), "no moment lies between two parts");
}

#[test]
fn fault_021_what_lies_beside_the_window_or_above_the_limit_is_told() {
    let style = named("offset");
    let backend = Backend::start(Box::new(|asked| {
        let mut many = rows();
        many.insert(0, Row::new(-3_600_000_000, "old"));
        Answer::ok(format!(r#"{{"data":[{}]}}"#, list(&many[asked.number_of("skip").unwrap()..])))
    }));
    let profile = profile(&style.request);
    let client = Client::new(&backend.base_url(), quick()).unwrap();
    let mut walk = pages(&client, scope(&profile, Some("org_a")));
    for page in &mut walk {
        page.unwrap();
    }
    let remarks = walk.remarks().join("; ");
    assert!(remarks.contains("outside the window") && remarks.contains("more events than were asked for"), "{remarks}");
}

#[test]
fn a_profile_whose_request_makes_no_walk_is_refused_in_one_sentence() {
    let cases = [
        (HEAD.replace("\"data\"", "\"rows\""), PAGE.to_owned(), "records.containers"),
        (HEAD.replace("/logs", "/logs/{org}"), PAGE.to_owned(), "{org}"),
        (HEAD.replace("parameter org", "query org"), PAGE.to_owned(), "parameter NAME"),
        (format!("{HEAD}credential = \"Bearer TOKEN\"\n"), PAGE.to_owned(), "Authorization: Bearer TOKEN"),
        (HEAD.to_owned(), PAGE.replace("ends = [\"null\"]", ""), "how the last page is known"),
        (HEAD.to_owned(), PAGE.replace("\"cursor\"", "\"token\""), "is not one of cursor, next_url"),
        (HEAD.to_owned(), PAGE.replace("\"cursor\"", "\"time\""), "needs an order"),
        (HEAD.to_owned(), PAGE.replace("next = \"next\"\n", ""), "page.next"),
        (HEAD.to_owned(), PAGE.replace("limit_max = 10", "limit_max = 0"), "at least 1"),
        (HEAD.to_owned(), PAGE.replace("ends", "total = \"n\"\nends"), "both ends"),
        (format!("{HEAD}[request.window]\nfrom = \"f\"\ntime = \"iso\"\n"), PAGE.to_owned(), "is not one of rfc3339"),
        (format!("{HEAD}[request.window]\ntime = \"date\"\n"), PAGE.to_owned(), "template"),
    ];
    for (head, page, says) in cases {
        let error = load("bad", Some(&text(&format!("{head}{page}")))).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
