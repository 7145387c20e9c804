//! The table of METHODOLOGY.md: what a trusting walk loses under each fault, and what this collector does.

use super::ground::*;
use super::trusting::trusting;
use std::fmt::Write;

const PAGE: &str = "METHODOLOGY.md";

fn status(code: u16) -> Trouble {
    Trouble::Status { code, body: String::new(), headers: vec![] }
}

/// Number, words, and the faults of each row.
fn rows() -> Vec<(u16, &'static str, Vec<Fault>)> {
    let later = |trouble: Trouble| vec![Fault::since(2, trouble).for_org("org_v")];
    let once = |trouble: Trouble| vec![Fault::once(2, trouble).for_org("org_v")];
    let always = |trouble: Trouble| vec![Fault::always(trouble)];
    vec![
        (3, "the second page of a log is reset, once", once(Trouble::Reset { after: 100 })),
        (3, "the second page of a log is reset, every time", later(Trouble::Reset { after: 100 })),
        (4, "the second page is never answered", later(Trouble::Stall)),
        (6, "a length that promises more than comes, from the second page on", later(Trouble::LongContentLength)),
        (9, "bodies without a length, cut, from the second page on", later(Trouble::UntilClose { cut: Some(180) })),
        (10, "gzip without its end, from the second page on", later(Trouble::TruncatedGzip)),
        (12, "gzip in two members, always", always(Trouble::GzipTwoMembers)),
        (17, "a sign-in page with status 200, from the second page on", later(Trouble::Html200)),
        (18, "an error with status 200, once", once(Trouble::ErrorIn200)),
        (18, "`{\"data\":null}` with status 200, once", once(Trouble::NullData)),
        (20, "the second page redirects to another host", {
            later(Trouble::Redirect { to: "http://127.0.0.1:9".to_owned() })
        }),
        (23, "the token expires after the first page", later(status(401))),
        (25, "the cursor of the second page is forgotten", once(Trouble::ForgetCursor)),
        (26, "four answers 429 in a row", vec![Fault::first(4, status(429)).for_org("org_v")]),
        (28, "503 on the second page, for ever", later(status(503))),
        (38, "the same cursor again and again", later(Trouble::RepeatCursor)),
        (40, "an empty page in the middle", once(Trouble::EmptyPageInTheMiddle)),
        (41, "a full page that does not say how it goes on, once", once(Trouble::MissingNext)),
        (49, "the limit is lowered in silence", always(Trouble::CapLimit { limit: 3 })),
    ]
}

/// What a trusting walk makes of it: it says success in every case.
fn trusted(faults: &[Fault]) -> String {
    let brought = trusting(&serve(faults.to_vec()));
    let lost = truth().keys().filter(|key| !brought.events.contains(*key)).count();
    match (lost, brought.ended) {
        (_, false) => "never ends".to_owned(),
        (0, true) => "complete".to_owned(),
        (lost, true) => format!("loses {lost} of {} events, says success", truth().len()),
    }
}

fn ours(what: &str, faults: &[Fault]) -> String {
    let server = serve(faults.to_vec());
    let patience = ["--timeout", "1", "--max-wait", "0.01"];
    let ended = pull_from(&server.base_url(), &patience, &[]).keeps_faith(what);
    if ended.exact() {
        "complete, exit 0".to_owned()
    } else if ended.open {
        format!("exit {}, no answer: the same command goes on where it stopped", ended.code)
    } else {
        format!("exit {}, what is missing is listed as a gap", ended.code)
    }
}

#[test]
fn the_table_of_the_method_is_what_is_measured() {
    let mut table = String::from("| Fault | | A single trusting walk | This collector |\n|---|---|---|---|\n");
    for (number, what, faults) in rows() {
        writeln!(table, "| {number} | {what} | {} | {} |", trusted(&faults), ours(what, &faults)).unwrap();
    }
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/METHODOLOGY.md")).unwrap();
    assert!(page.contains(&table), "{PAGE} must hold the table as measured:\n{table}");
}
