//! One small API for each style of paging.

use super::backend::*;

/// A style: what a profile says of it, and how it is served.
pub(super) struct Style {
    pub(super) name: &'static str,
    pub(super) request: String,
    pub(super) serve: fn(&Asked, &[Row]) -> Answer,
}

/// The most rows that the server puts on a page, whatever is asked for.
pub(super) const CAP: usize = 7;

const HEAD: &str = r#"path = "/logs"
scope = "logs:read"
org = "parameter org"
items = "data"
"#;
const BARE: &str = r#"path = "/logs"
scope = "logs:read"
org = "parameter org"
items = ""
"#;
const SECONDS: &str = "[request.window]\nfrom = \"from\"\nto = \"to\"\ntime = \"epoch_s\"\n";

fn request(head: &str, page: &str) -> String {
    format!("{head}{SECONDS}[request.page]\nlimit = \"limit\"\nlimit_max = 10\n{page}")
}

/// What lies in the window asked for: `from` inclusive, `to` exclusive, in seconds.
pub(super) fn inside(asked: &Asked, rows: &[Row]) -> Vec<Row> {
    let second = |name: &str| asked.get(name).map(|text| text.parse::<i64>().unwrap() * 1_000_000 - super::START);
    let fits =
        |row: &&Row| second("from").is_none_or(|from| from <= row.at) && second("to").is_none_or(|to| row.at < to);
    rows.iter().filter(fits).cloned().collect()
}

fn part(rows: &[Row], skip: usize, asked: &Asked) -> Vec<Row> {
    let take = asked.number_of("limit").unwrap_or(CAP).min(CAP);
    rows.iter().skip(skip).take(take).cloned().collect()
}

fn body(rows: &[Row], more: &str) -> Answer {
    Answer::ok(format!(r#"{{"data":[{}]{more}}}"#, list(rows)))
}

fn after(rows: &[Row], page: &[Row], skip: usize) -> Option<usize> {
    let end = skip + page.len();
    (end < rows.len()).then_some(end)
}

fn oldest_first(rows: &[Row]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    rows.reverse();
    rows
}

pub(super) fn all() -> Vec<Style> {
    led().into_iter().chain(counted()).collect()
}

fn style(name: &'static str, request: String, serve: fn(&Asked, &[Row]) -> Answer) -> Style {
    Style { name, request, serve }
}

/// Styles in which the server says how it goes on.
fn led() -> Vec<Style> {
    vec![
        style(
            "cursor",
            request(
                HEAD,
                "style = \"cursor\"\norder = \"newest_first\"\ncursor = \"after\"\nnext = \"meta.next\"\nends = [\"empty_text\"]\n",
            ),
            |asked, rows| {
                let rows = inside(asked, rows);
                let skip = asked.get("after").map_or(0, |cursor| cursor[1..].parse().unwrap());
                let page = part(&rows, skip, asked);
                let next = after(&rows, &page, skip).map(|at| format!("c{at}")).unwrap_or_default();
                body(&page, &format!(r#","meta":{{"next":"{next}"}}"#))
            },
        ),
        style(
            "cursor_with_more",
            request(HEAD, "style = \"cursor\"\ncursor = \"after\"\nnext = \"next\"\nmore = \"has_more\"\n"),
            |asked, rows| {
                let rows = inside(asked, rows);
                let skip = asked.get("after").map_or(0, |cursor| cursor[1..].parse().unwrap());
                let page = part(&rows, skip, asked);
                let more = after(&rows, &page, skip).is_some();
                // A checkpoint: the cursor is there even at the end.
                body(&page, &format!(r#","next":"c{}","has_more":{more}"#, skip + page.len()))
            },
        ),
        style(
            "item_cursor",
            request(BARE, "style = \"item_cursor\"\ncursor = \"cursor\"\nnext = \"cursor\"\n"),
            |asked, rows| {
                let rows = inside(asked, rows);
                let skip = asked.get("cursor").map_or(0, |cursor| cursor[1..].parse::<usize>().unwrap() + 1);
                let page = part(&rows, skip, asked);
                let item =
                    |(at, row): (usize, &Row)| format!(r#"{{"event":{},"cursor":"i{}"}}"#, row.json(), skip + at);
                Answer::ok(format!("[{}]", page.iter().enumerate().map(item).collect::<Vec<_>>().join(",")))
            },
        ),
        style(
            "since_id",
            request(BARE, "style = \"since_id\"\norder = \"oldest_first\"\ncursor = \"after\"\nnext = \"id\"\n"),
            |asked, rows| {
                let rows = oldest_first(&inside(asked, rows));
                let skip = asked.get("after").map_or(0, |id| rows.iter().position(|row| row.id == id).unwrap() + 1);
                Answer::ok(format!("[{}]", list(&part(&rows, skip, asked))))
            },
        ),
        style(
            "next_url",
            request(HEAD, "style = \"next_url\"\nnext = \"links.next\"\nends = [\"absent\"]\n"),
            |asked, rows| {
                let rows = inside(asked, rows);
                let skip = asked.number_of("skip").unwrap_or(0);
                let page = part(&rows, skip, asked);
                let host = asked.header("host");
                let pairs: Vec<_> =
                    ["org", "from", "to", "limit"].map(|name| format!("{name}={}", asked.get(name).unwrap())).to_vec();
                let next = after(&rows, &page, skip)
                    .map(|at| format!(r#""next":"http://{host}/logs?{}&skip={at}""#, pairs.join("&")));
                body(&page, &format!(r#","links":{{{}}}"#, next.unwrap_or_default()))
            },
        ),
        style(
            "link",
            request(BARE, "style = \"link\"\norder = \"newest_first\"\ncursor = \"after\"\n"),
            |asked, rows| {
                let rows = inside(asked, rows);
                let skip = asked.get("after").map_or(0, |cursor| cursor.trim_end_matches('=').parse().unwrap());
                let page = part(&rows, skip, asked);
                let next = after(&rows, &page, skip)
                    .map(|at| format!("</logs?x=1&after={at}%3D%3D>; rel=\"next\", </logs>; rel=\"first\""));
                Answer { link: next, ..Answer::ok(format!("[{}]", list(&page))) }
            },
        ),
    ]
}

/// Styles in which whoever asks counts, or moves the window.
fn counted() -> Vec<Style> {
    vec![
        style("page_from_1", request(HEAD, "style = \"page\"\ncursor = \"page\"\n"), |asked, rows| {
            let rows = inside(asked, rows);
            body(&part(&rows, (asked.number_of("page").unwrap() - 1) * CAP, asked), "")
        }),
        style(
            "page_from_0_with_total",
            request(HEAD, "style = \"page\"\ncursor = \"page\"\nfirst = 0\ntotal = \"meta.total\"\n"),
            |asked, rows| {
                let rows = inside(asked, rows);
                let total = rows.len();
                body(
                    &part(&rows, asked.number_of("page").unwrap() * CAP, asked),
                    &format!(r#","meta":{{"total":{total}}}"#),
                )
            },
        ),
        style("offset", request(HEAD, "style = \"offset\"\ncursor = \"skip\"\n"), |asked, rows| {
            let rows = inside(asked, rows);
            body(&part(&rows, asked.number_of("skip").unwrap(), asked), "")
        }),
        style("time_newest_first", request(HEAD, "style = \"time\"\norder = \"newest_first\"\n"), |asked, rows| {
            body(&part(&inside(asked, rows), 0, asked), "")
        }),
        style("time_oldest_first", request(HEAD, "style = \"time\"\norder = \"oldest_first\"\n"), |asked, rows| {
            body(&part(&oldest_first(&inside(asked, rows)), 0, asked), "")
        }),
        style("none", request(HEAD, "style = \"none\"\n").replace("limit_max = 10", "limit_max = 7"), |asked, rows| {
            body(&part(&inside(asked, rows), 0, asked), "")
        }),
        style(
            "none_without_times",
            format!("{BARE}[request.page]\nlimit_max = 1000\nstyle = \"none\"\n"),
            |_, rows| Answer::ok(format!("[{}]", list(rows))),
        ),
        style(
            "cursor_without_times",
            format!(
                "{HEAD}[request.page]\nlimit_max = 10\nstyle = \"cursor\"\norder = \"newest_first\"\ncursor = \"after\"\nnext = \"next\"\nends = [\"null\"]\n"
            ),
            |asked, rows| {
                let skip = asked.number_of("after").unwrap_or(0);
                let page = part(rows, skip, asked);
                let next = after(rows, &page, skip).map_or("null".to_owned(), |at| format!("\"{at}\""));
                body(&page, &format!(r#","next":{next}"#))
            },
        ),
    ]
}

pub(super) fn named(name: &str) -> Style {
    all().into_iter().find(|style| style.name == name).unwrap()
}

/// Serves rows that a test may change before each request.
pub(super) fn serve_changing(
    style: &Style,
    mut rows: Vec<Row>,
    change: impl Fn(usize, &mut Vec<Row>) + Send + 'static,
) -> Backend {
    let serve = style.serve;
    Backend::start(Box::new(move |asked| {
        change(asked.number, &mut rows);
        serve(asked, &rows)
    }))
}

pub(super) fn serve_style(style: &Style) -> Backend {
    serve_changing(style, rows(), |_, _| {})
}
