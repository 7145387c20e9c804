//! Whether a body is a page of this API, and what the page says of itself. Pure.
//!
//! Records that do not decode are counted and kept; another room quarantines them.

use super::envelope::{Envelope, envelope};
use super::{Json, MAX_CURSOR, Span, excerpt, records, time};
use crate::model::{Moment, hex};
use crate::profile::{Members, Paging, Profile, Scope, first};
use sha2::{Digest, Sha256};
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
    /// Whether no record is earlier than the one before it.
    pub ascending: bool,
    /// Whether the end is told by silence alone: the member or header that leads on is not there.
    pub end_unsaid: bool,
    /// Whether more follow, where the page says it in so many words.
    pub more: Option<bool>,
    /// How many records the page counts in the whole window.
    pub total: Option<u64>,
    /// Organisations in whose logs the records say they lie.
    pub log_orgs: BTreeSet<String>,
    /// Decoded records that name no such organisation.
    pub orgless: u64,
    /// Ids of the records that have one, in page order.
    pub ids: Vec<String>,
    /// One key for each record, in page order: its id, else `sha256:` and the hash of its bytes.
    pub keys: Vec<String>,
}

/// The way to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The page says that it is the last.
    End,
    /// The cursor of the next page, never a place to go to.
    Cursor(String),
    /// The address of the next page as the server wrote it; only its query may be used, and only after a check.
    Url(String),
    /// The way on stands in the header `Link`.
    Header,
    /// Pages of this API do not say; whoever asks counts.
    Unsaid,
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
            Next::End | Next::Url(_) | Next::Header | Next::Unsaid | Next::Unusable(_) => None,
        }
    }

    fn new(envelope: Envelope) -> Self {
        let Envelope { next, end_unsaid, more, total } = envelope;
        let (log_orgs, ids, keys) = (BTreeSet::new(), Vec::new(), Vec::new());
        let (min_time, max_time) = (None, None);
        let (events, undecodable, untimed, orgless) = (0, 0, 0, 0);
        let (descending, ascending) = (true, true);
        Self {
            events,
            undecodable,
            next,
            min_time,
            max_time,
            untimed,
            descending,
            ascending,
            end_unsaid,
            more,
            total,
            log_orgs,
            orgless,
            ids,
            keys,
        }
    }

    fn observe(&mut self, record: &Json, profile: &Profile, last: &mut Option<Moment>) {
        let wrapped = profile.records.unwrap.iter().find_map(|key| record.get(key));
        let record = wrapped.filter(|inner| matches!(inner, Json::Object(_))).unwrap_or(record);
        let scope = Scope { record, item: record };
        if let Some(id) = first(&profile.map.id, scope) {
            self.keys.push(id.clone());
            self.ids.push(id);
        }
        match first(&profile.map.log_org, scope) {
            Some(org) => drop(self.log_orgs.insert(org)),
            None => self.orgless = self.orgless.saturating_add(1),
        }
        match first(&profile.map.time, scope).and_then(|text| time::read_by(&text, profile)) {
            Some(time::Reading { moment: time, .. }) => {
                self.ascending &= last.is_none_or(|last| time >= last);
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
    let mut facts = PageFacts::new(envelope(decoded, request)?);
    let mut last = None;
    for span in records(decoded, &profile.records) {
        facts.events = facts.events.saturating_add(1);
        let record = record(&span, decoded);
        match &record {
            Some(record) => facts.observe(record, profile, &mut last),
            None => facts.undecodable = facts.undecodable.saturating_add(1),
        }
        if u64::try_from(facts.keys.len()).is_ok_and(|keys| keys < facts.events) {
            facts.keys.push(format!("sha256:{}", hex(&Sha256::digest(span.bytes(decoded)))));
        }
        if let Paging::Item { member, .. } = &request.page {
            // The last record decides; those before it are overwritten.
            facts.next = of_item(record.as_ref(), member);
        }
    }
    Ok(facts)
}

/// The cursor that a record holds.
fn of_item(record: Option<&Json>, member: &Members) -> Next {
    let unusable = |why: &str| Next::Unusable(format!("of the last record {why}"));
    let Some(record) = record else { return unusable("cannot be read, as the record does not decode") };
    let top = record.get(member.first());
    let value = top.and_then(|top| member.below().iter().try_fold(top, |value, name| value.get(name)));
    match value {
        Some(Json::Text(text) | Json::Number(text)) if text.is_empty() => unusable("is empty"),
        Some(Json::Text(text) | Json::Number(text)) if text.len() > MAX_CURSOR => unusable("is longer than any cursor"),
        Some(Json::Text(text) | Json::Number(text)) if text.chars().any(char::is_control) => {
            unusable("holds control characters")
        }
        Some(Json::Text(text) | Json::Number(text)) => Next::Cursor(text.clone()),
        Some(Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => unusable("is neither text nor a number"),
        None => unusable("is missing"),
    }
}

fn record(span: &Span, decoded: &[u8]) -> Option<Json> {
    if span.broken.is_some() {
        return None;
    }
    Json::parse(span.bytes(decoded)).ok().filter(|record| matches!(record, Json::Object(_)))
}
