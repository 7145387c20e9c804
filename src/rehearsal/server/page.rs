//! A page of the log: what the contract says, and the lies that a page can tell.

#![expect(clippy::wildcard_enum_match_arm, reason = "only the troubles of a page are handled here")]

use super::fault::Trouble;
use super::log::Log;
use super::query::Query;
use super::reply::Reply;
use crate::model::{Moment, Window};

/// Where a page is cut out of the log.
struct Cut<'q> {
    org: Option<&'q str>,
    window: Window,
    skip: usize,
    take: usize,
    /// How many empty pages came before at this position.
    empty: usize,
}

impl<'q> Cut<'q> {
    fn new(log: &Log, query: &'q Query, troubles: &'q [Trouble]) -> Self {
        let (skip, take) = (query.position, query.limit);
        let mut cut = Self { org: query.org.as_deref(), window: query.window, skip, take, empty: 0 };
        for trouble in troubles {
            match trouble {
                Trouble::IgnoreOrgFilter => cut.org = None,
                Trouble::OwnOrgOnly { org } => cut.org = Some(org),
                Trouble::DuplicateDelivery { events } => cut.skip = cut.skip.saturating_sub(*events),
                Trouble::Skip { events } => cut.skip = cut.skip.saturating_add(*events),
                Trouble::EmptyPageInTheMiddle => (cut.take, cut.empty) = (0, query.empty.saturating_add(1)),
                Trouble::Crowded => cut.take = cut.take.saturating_mul(2),
                Trouble::CapLimit { limit } => cut.take = cut.take.min(*limit),
                Trouble::OutsideWindow => {
                    let earlier = before(query.window);
                    let any = |window: &Window| log.stretch(cut.org, *window, 0, 0).1 > 0;
                    if let Some(window) = earlier.filter(any) {
                        (cut.window, cut.skip) = (window, 0);
                    }
                }
                _ => {}
            }
        }
        cut
    }
}

/// The answer to a good query, with the troubles that change the page itself.
pub(super) fn page(log: &Log, query: &Query, troubles: &[Trouble], authorization: &str) -> Reply {
    let wide = troubles.iter().find_map(|trouble| too_wide(trouble, query.window));
    if let Some(code) = wide {
        return Reply::error(code, "too_wide", "the window is too wide");
    }
    let cut = Cut::new(log, query, troubles);
    let (mut rows, total) = log.stretch(cut.org, cut.window, cut.skip, cut.take);
    let end = cut.skip.saturating_add(rows.len());
    let next = if end < total { quoted(&query.cursor_at(end, cut.empty)) } else { "null".to_owned() };
    let mut members = format!(",\"next_cursor\":{next}");
    for trouble in troubles {
        match trouble {
            Trouble::RepeatCursor => {
                let same = query.cursor.clone().unwrap_or_else(|| query.cursor_at(end, cut.empty));
                members = format!(",\"next_cursor\":{}", quoted(&same));
            }
            Trouble::MissingNext => members.clear(),
            Trouble::EndEarly => ",\"next_cursor\":null".clone_into(&mut members),
            Trouble::Next { json } => members = format!(",\"next_cursor\":{json}"),
            Trouble::EchoTokenInPage => members.extend([",\"you_sent\":", &quoted(authorization)]),
            Trouble::Unordered => rows.reverse(),
            Trouble::Bomb { mebibytes } => members.push_str(&" ".repeat(mebibytes.saturating_mul(1 << 20))),
            _ => {}
        }
    }
    Reply::json(200, format!("{{\"data\":[{}]{members}}}", rows.join(",")))
}

/// The window of the same length that ends a day before another begins.
fn before(window: Window) -> Option<Window> {
    let (from, to) = window.from().zip(window.to())?;
    let day = 86_400_000_000;
    let end = from.micros().saturating_sub(day);
    let begin = end.saturating_sub(to.micros().saturating_sub(from.micros()));
    Window::new(Some(Moment::from_micros(begin)), Some(Moment::from_micros(end)))
}

fn too_wide(trouble: &Trouble, window: Window) -> Option<u16> {
    let (from, to) = window.from().zip(window.to())?;
    let length = to.micros().saturating_sub(from.micros());
    match trouble {
        Trouble::TooWide { seconds, code } if length > seconds.saturating_mul(1_000_000) => Some(*code),
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
