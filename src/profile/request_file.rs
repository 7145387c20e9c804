//! `[request]` as it stands in a profile's file, checked.

use super::request::{
    Credential, End, Ends, Members, Order, OrgIn, Paging, Request, TimeForm, TimeNames, TimeParameters,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestFile {
    path: String,
    scope: String,
    #[serde(default = "bearer")]
    credential: String,
    org: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    items: String,
    window: Option<WindowFile>,
    page: PageFile,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowFile {
    from: Option<String>,
    to: Option<String>,
    parameter: Option<String>,
    template: Option<String>,
    time: String,
    #[serde(default)]
    bounds: Option<String>,
    days_max: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageFile {
    style: String,
    #[serde(default)]
    order: Option<String>,
    limit: Option<String>,
    limit_max: u32,
    results_max: Option<u64>,
    cursor: Option<String>,
    next: Option<String>,
    #[serde(default)]
    ends: Vec<String>,
    more: Option<String>,
    total: Option<String>,
    first: Option<u64>,
}

type Bad = (String, String);

fn bearer() -> String {
    "Authorization: Bearer TOKEN".to_owned()
}

fn bad<T>(key: &str, reason: impl Into<String>) -> Result<T, Bad> {
    Err((format!("request.{key}"), reason.into()))
}

/// Checks what a file says of an API; `containers` are the members that may hold its records.
pub(super) fn request(file: RequestFile, containers: &[String]) -> Result<Request, Bad> {
    let RequestFile { path, scope, credential, org, headers, parameters, items, window, page } = file;
    if !path.starts_with('/') || path.contains(['?', '#']) {
        return bad("path", format!("{path:?} is not a path that begins with a slash and ends before any ? or #"));
    }
    // Records are found by these names, so a page whose list has another would look empty.
    if !items.is_empty() && !containers.contains(&items) {
        return bad("items", format!("{items:?} is not one of records.containers"));
    }
    let org = org_in(&org)?;
    if (org == OrgIn::Path) != path.contains("{org}") {
        return bad("org", "is \"path\" where {org} stands in the path, and only there");
    }
    for name in headers.keys() {
        header_name("headers", name)?;
    }
    let window = window.map(times).transpose()?;
    let paging = paging(&page)?;
    let order = order(page.order.as_deref())?;
    if page.limit_max == 0 || page.results_max == Some(0) {
        return bad("page.limit_max", "must be at least 1");
    }
    let request = Request {
        path,
        scope,
        credential: self::credential(&credential)?,
        org,
        headers: headers.into_iter().collect(),
        parameters: parameters.into_iter().collect(),
        items,
        window,
        limit: page.limit.clone(),
        limit_max: page.limit_max,
        results_max: page.results_max,
        order,
        page: paging,
        ends: ends(&page.ends)?,
        more: members("page.more", page.more.as_deref())?,
        total: members("page.total", page.total.as_deref())?,
    };
    fits_together(&request)?;
    Ok(request)
}

/// What each key allows alone may still make no walk.
fn fits_together(request: &Request) -> Result<(), Bad> {
    let (from, to) = request.tells_ends();
    let moves = match request.order {
        Order::NewestFirst => to,
        Order::OldestFirst => from,
        Order::Unknown => false,
    };
    let by_body = matches!(request.page, Paging::Cursor { .. } | Paging::NextUrl { .. });
    if request.page == Paging::Time && !moves {
        return bad("page.style", "\"time\" needs an order, and a parameter for the end of the window that moves");
    }
    if by_body && request.ends == Ends::default() && request.more.is_none() {
        return bad("page.ends", "says nothing of how the last page is known");
    }
    if request.total.is_some() && !(from && to) {
        return bad("page.total", "can only be held against a window whose both ends are told");
    }
    Ok(())
}

fn credential(text: &str) -> Result<Credential, Bad> {
    let parts = text.split_once(": ").and_then(|(name, value)| Some((name, value.strip_suffix("TOKEN")?)));
    let Some((name, before)) = parts else {
        return bad("credential", format!("{text:?} is not of the form \"Authorization: Bearer TOKEN\""));
    };
    header_name("credential", name)?;
    if !before.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return bad("credential", "holds what no header may hold");
    }
    Ok(Credential { header: name.to_owned(), before: before.to_owned() })
}

fn header_name(key: &str, name: &str) -> Result<(), Bad> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || !name.bytes().all(legal) {
        return bad(key, format!("{name:?} is not the name of a header"));
    }
    Ok(())
}

fn org_in(text: &str) -> Result<OrgIn, Bad> {
    match text.split_once(' ') {
        None if text == "path" => Ok(OrgIn::Path),
        None if text == "token" => Ok(OrgIn::Token),
        Some(("parameter", name)) if !name.is_empty() => Ok(OrgIn::Parameter(name.to_owned())),
        Some(("header", name)) => {
            header_name("org", name)?;
            Ok(OrgIn::Header(name.to_owned()))
        }
        _ => bad("org", format!("{text:?} is not one of \"parameter NAME\", \"path\", \"header NAME\", \"token\"")),
    }
}

fn times(file: WindowFile) -> Result<TimeParameters, Bad> {
    let WindowFile { from, to, parameter, template, time, bounds, days_max } = file;
    let names = match (from, to, parameter, template) {
        (None, None, Some(name), Some(template)) if template.contains("{from}") && template.contains("{to}") => {
            TimeNames::Template { name, template }
        }
        (from, to, None, None) if from.is_some() || to.is_some() => TimeNames::Ends { from, to },
        _ => return bad("window", "has from, to or both; or parameter and a template with {from} and {to}"),
    };
    let form = match time.as_str() {
        "rfc3339" => TimeForm::Rfc3339,
        "rfc3339_ms" => TimeForm::Rfc3339Millis,
        "rfc3339_s" => TimeForm::Rfc3339Seconds,
        "epoch_s" => TimeForm::EpochSeconds,
        "epoch_ms" => TimeForm::EpochMillis,
        "date" => TimeForm::Date,
        other => {
            return bad(
                "window.time",
                format!("{other:?} is not one of rfc3339, rfc3339_ms, rfc3339_s, epoch_s, epoch_ms, date"),
            );
        }
    };
    // The end is asked for so that either meaning includes the window; only the beginning needs to be known.
    let from_included = match bounds.as_deref() {
        Some("[)" | "[]") => true,
        Some("()" | "(]") | None => false,
        Some(other) => return bad("window.bounds", format!("{other:?} is not one of [), [], (), (]")),
    };
    if days_max == Some(0) {
        return bad("window.days_max", "must be at least 1");
    }
    Ok(TimeParameters { names, form, from_included, days_max })
}

fn paging(file: &PageFile) -> Result<Paging, Bad> {
    let parameter = || match file.cursor.clone().filter(|name| !name.is_empty()) {
        Some(name) => Ok(name),
        None => bad("page.cursor", format!("is missing: the parameter of style {:?}", file.style)),
    };
    let next = || match members("page.next", file.next.as_deref())? {
        Some(members) => Ok(members),
        None => bad("page.next", format!("is missing: the member that leads on in style {:?}", file.style)),
    };
    if file.first.is_some() && file.style != "page" {
        return bad("page.first", "is for style \"page\" only");
    }
    Ok(match file.style.as_str() {
        "cursor" => Paging::Cursor { parameter: parameter()?, next: next()? },
        "next_url" => Paging::NextUrl { parameter: file.cursor.clone(), next: next()? },
        "link" => Paging::Link { parameter: file.cursor.clone() },
        "item_cursor" | "since_id" => Paging::Item { parameter: parameter()?, member: next()? },
        "page" => Paging::Number { parameter: parameter()?, first: file.first.unwrap_or(1) },
        "offset" => Paging::Offset { parameter: parameter()? },
        "time" => Paging::Time,
        "none" => Paging::Single,
        other => {
            return bad(
                "page.style",
                format!(
                    "{other:?} is not one of cursor, next_url, link, item_cursor, since_id, page, offset, time, none"
                ),
            );
        }
    })
}

fn order(word: Option<&str>) -> Result<Order, Bad> {
    match word {
        Some("newest_first") => Ok(Order::NewestFirst),
        Some("oldest_first") => Ok(Order::OldestFirst),
        None | Some("unknown") => Ok(Order::Unknown),
        Some(other) => bad("page.order", format!("{other:?} is not one of newest_first, oldest_first, unknown")),
    }
}

fn ends(words: &[String]) -> Result<Ends, Bad> {
    let end = |word: &String| match word.as_str() {
        "null" => Ok(End::Null),
        "absent" => Ok(End::Absent),
        "empty_text" => Ok(End::EmptyText),
        "empty_page" => Ok(End::EmptyPage),
        other => bad("page.ends", format!("{other:?} is not one of null, absent, empty_text, empty_page")),
    };
    Ok(Ends(words.iter().map(end).collect::<Result<_, _>>()?))
}

fn members(key: &str, text: Option<&str>) -> Result<Option<Members>, Bad> {
    match text {
        None => Ok(None),
        Some(text) => match Members::parse(text) {
            Some(members) => Ok(Some(members)),
            None => bad(key, format!("{text:?} is not the name of a member")),
        },
    }
}
