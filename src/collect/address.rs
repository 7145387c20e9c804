//! What is sent: the address and the headers of one request, from the profile's data.

use super::client::Client;
use super::position::Position;
use super::token::Token;
use crate::model::{Moment, OrgId, Window};
use crate::profile::{OrgIn, Paging, Request, TimeForm, TimeNames};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Everything that decides what is sent.
pub(super) struct Asking<'a> {
    pub(super) client: &'a Client,
    pub(super) request: &'a Request,
    pub(super) org: Option<&'a OrgId>,
    pub(super) window: Window,
    pub(super) limit: u32,
    pub(super) position: &'a Position,
}

impl Asking<'_> {
    /// The address without its query, on the configured origin.
    pub(super) fn endpoint(&self) -> Url {
        let org = self.org.map(|org| escaped(org.as_str())).unwrap_or_default();
        self.client.endpoint(&self.request.path.replace("{org}", &org))
    }

    /// Built anew from the configured address each time: a cursor is a parameter and never a place to go to.
    pub(super) fn url(&self) -> Url {
        let mut url = self.endpoint();
        let request = self.request;
        let parameter = match (&request.page, self.position) {
            (Paging::NextUrl { parameter: None, .. } | Paging::Link { parameter: None }, Position::Cursor(query)) => {
                url.set_query(query.strip_prefix('?'));
                return url;
            }
            (Paging::NextUrl { parameter, .. } | Paging::Link { parameter }, _) => parameter.as_deref(),
            (
                Paging::Cursor { parameter, .. }
                | Paging::Item { parameter, .. }
                | Paging::Number { parameter, .. }
                | Paging::Offset { parameter },
                _,
            ) => Some(parameter.as_str()),
            (Paging::Time | Paging::Single, _) => None,
        };
        let mut query = url.query_pairs_mut();
        if let (OrgIn::Parameter(name), Some(org)) = (&request.org, self.org) {
            query.append_pair(name, org.as_str());
        }
        for (name, value) in &request.parameters {
            query.append_pair(name, value);
        }
        for (name, value) in self.times() {
            query.append_pair(&name, &value);
        }
        if let Some(name) = &request.limit {
            query.append_pair(name, &self.limit.to_string());
        }
        if let (Some(name), Some(value)) = (parameter, self.position.text(&request.page)) {
            query.append_pair(name, &value);
        }
        // An address without any parameter would otherwise end in a question mark.
        query.finish();
        drop(query);
        if url.query() == Some("") {
            url.set_query(None);
        }
        url
    }

    /// The headers beside the client's own; none if one of them cannot be sent.
    pub(super) fn headers(&self, token: &Token) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.request.headers {
            headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
        }
        if let (OrgIn::Header(name), Some(org)) = (&self.request.org, self.org) {
            headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(org.as_str()).ok()?);
        }
        let credential = &self.request.credential;
        headers.insert(HeaderName::try_from(&credential.header).ok()?, token.header(&credential.before)?);
        Some(headers)
    }

    /// The ends of the window as they are sent: whichever way the server reads them, the window lies inside.
    fn times(&self) -> Vec<(String, String)> {
        let (Some(times), Some(from), Some(to)) = (&self.request.window, self.window.from(), self.window.to()) else {
            return Vec::new();
        };
        let unit = times.form.unit();
        let mut first = floor(from, unit);
        if !times.from_included && first == from {
            // Where the first moment may be left out, one unit earlier takes it in; repeats are joined later.
            first = first.saturating_add(unit.saturating_neg());
        }
        let (first, last) = (written(first, times.form), written(ceil(to, unit), times.form));
        match &times.names {
            TimeNames::Ends { from, to } => {
                [(from, first), (to, last)].into_iter().filter_map(|(name, text)| Some((name.clone()?, text))).collect()
            }
            TimeNames::Template { name, template } => {
                vec![(name.clone(), template.replace("{from}", &first).replace("{to}", &last))]
            }
        }
    }
}

/// The last moment of the unit's grid that is not after this one.
pub(super) fn floor(moment: Moment, unit: i64) -> Moment {
    let beyond = moment.micros().checked_rem_euclid(unit).unwrap_or_default();
    moment.saturating_add(beyond.saturating_neg())
}

/// The first moment of the unit's grid that is not before this one.
pub(super) fn ceil(moment: Moment, unit: i64) -> Moment {
    let down = floor(moment, unit);
    if down == moment { down } else { down.saturating_add(unit) }
}

fn written(moment: Moment, form: TimeForm) -> String {
    let full = moment.to_string();
    let cut = |digits: usize, end: &str| format!("{}{end}", full.get(..digits).unwrap_or(&full));
    match form {
        TimeForm::Rfc3339 => full,
        TimeForm::Rfc3339Millis => cut("2026-01-01T00:00:00.000".len(), "Z"),
        TimeForm::Rfc3339Seconds => cut("2026-01-01T00:00:00".len(), "Z"),
        TimeForm::Date => cut("2026-01-01".len(), ""),
        TimeForm::EpochSeconds => moment.micros().div_euclid(1_000_000).to_string(),
        TimeForm::EpochMillis => moment.micros().div_euclid(1_000).to_string(),
    }
}

/// One segment of a path: everything but letters, digits, `-`, `_` and `~` is percent-encoded.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
