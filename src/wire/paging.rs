//! Whether a body is a page of this API, and what the page says of itself. Pure.
//!
//! Records that do not decode are counted and kept; another room quarantines them.

use super::envelope::way_on;
use super::{Json, Span, excerpt, records};
use crate::model::Moment;
use crate::profile::{Profile, Scope, first};
use std::collections::BTreeSet;

/// What one page says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFacts {
    /// Records on the page, undecodable ones included.
    pub events: u64,
    /// Records that do not decode; they are kept and quarantined later.
    pub undecodable: u64,
    /// The way on.
    pub next: Next,
    /// The earliest time on the page.
    pub min_time: Option<Moment>,
    /// The latest time on the page.
    pub max_time: Option<Moment>,
    /// Decoded records whose time cannot be read.
    pub untimed: u64,
    /// Whether no record is later than the one before it.
    pub descending: bool,
    /// Organisations in whose logs the records say they lie.
    pub log_orgs: BTreeSet<String>,
    /// Decoded records that name no such organisation.
    pub orgless: u64,
    /// Ids of the records that have one, in page order.
    pub ids: Vec<String>,
}

/// The way to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The page says that it is the last.
    End,
    /// The cursor of the next page, never a place to go to.
    Cursor(String),
    /// The page neither ends the log nor leads on: why, in a few words.
    Unusable(String),
}

/// Why a body is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Something else answered.
    #[error("answered with {what}: this is not the API (it begins with {excerpt})")]
    NotThisApi {
        /// What it is.
        what: String,
        /// Its first bytes, escaped.
        excerpt: String,
    },
    /// It may be a page, but it is cut or damaged.
    #[error("the page is damaged: {reason}")]
    Broken {
        /// What is wrong.
        reason: String,
    },
}

impl PageError {
    pub(super) fn broken(reason: &str) -> Self {
        Self::Broken { reason: reason.to_owned() }
    }

    pub(super) fn other(what: &str, body: &[u8]) -> Self {
        Self::NotThisApi { what: what.to_owned(), excerpt: excerpt(body, 80) }
    }
}

impl PageFacts {
    /// The cursor of the next page, if there is one.
    pub fn next_cursor(&self) -> Option<&str> {
        match &self.next {
            Next::Cursor(cursor) => Some(cursor),
            Next::End | Next::Unusable(_) => None,
        }
    }

    fn new(next: Next) -> Self {
        let log_orgs = BTreeSet::new();
        let (min_time, max_time, ids) = (None, None, Vec::new());
        let (events, undecodable, untimed, orgless) = (0, 0, 0, 0);
        Self { events, undecodable, next, min_time, max_time, untimed, descending: true, log_orgs, orgless, ids }
    }

    fn observe(&mut self, record: &Json, profile: &Profile, last: &mut Option<Moment>) {
        let wrapped = profile.records.unwrap.iter().find_map(|key| record.get(key));
        let record = wrapped.filter(|inner| matches!(inner, Json::Object(_))).unwrap_or(record);
        let scope = Scope { record, item: record };
        self.ids.extend(first(&profile.map.id, scope));
        match first(&profile.map.log_org, scope) {
            Some(org) => drop(self.log_orgs.insert(org)),
            None => self.orgless = self.orgless.saturating_add(1),
        }
        match first(&profile.map.time, scope).and_then(|text| Moment::parse_rfc3339(&text)) {
            Some(time) => {
                self.descending &= last.is_none_or(|last| time <= last);
                *last = Some(time);
                self.min_time = Some(self.min_time.map_or(time, |min| min.min(time)));
                self.max_time = Some(self.max_time.map_or(time, |max| max.max(time)));
            }
            None => self.untimed = self.untimed.saturating_add(1),
        }
    }
}

/// Checks that a decoded body is a page of the profile's API, and reads what it says of itself.
pub fn page_facts(decoded: &[u8], profile: &Profile) -> Result<PageFacts, PageError> {
    let Some(request) = &profile.request else {
        let reason = format!("profile {:?} describes no API", profile.name);
        return Err(PageError::Broken { reason });
    };
    let next = way_on(decoded, request)?;
    let mut facts = PageFacts::new(next);
    let mut last = None;
    for span in records(decoded, &profile.records) {
        facts.events = facts.events.saturating_add(1);
        match record(&span, decoded) {
            Some(record) => facts.observe(&record, profile, &mut last),
            None => facts.undecodable = facts.undecodable.saturating_add(1),
        }
    }
    Ok(facts)
}

fn record(span: &Span, decoded: &[u8]) -> Option<Json> {
    if span.broken.is_some() {
        return None;
    }
    Json::parse(span.bytes(decoded)).ok().filter(|record| matches!(record, Json::Object(_)))
}
