//! Bytes to rows: every record of every page becomes a row or is quarantined, nothing is left out.

mod outcome;
mod record;
mod shape;
mod targets;

use crate::evidence::StoredPage;
use crate::model::{Decoded, EvidenceRef, Quarantined, Row};
use crate::profile::Profile;
pub use crate::wire::time;
use crate::wire::{self, Coding, Json, Limits, Span};
use rayon::prelude::*;

/// Why a page could not be turned into rows at all. It stays in evidence and is a gap.
#[derive(Debug, thiserror::Error)]
pub enum NormalizeError {
    /// The page cannot be read from disk.
    #[error("cannot read {file}: {source}")]
    Read {
        /// The page.
        file: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

/// How the reason of a record begins that is not the profile's.
pub const UNFIT: &str = "the record does not fit the profile";

/// Decodes pages in their order; a body that cannot be decoded is quarantined whole.
pub fn pages(pages: &[StoredPage], profile: &Profile) -> Result<Decoded, NormalizeError> {
    let parts: Vec<Decoded> = pages.par_iter().map(|page| stored(page, profile)).collect::<Result<_, _>>()?;
    Ok(parts.into_iter().fold(Decoded::default(), join))
}

/// Joins two parts of the evidence in order.
pub fn join(mut all: Decoded, part: Decoded) -> Decoded {
    all.rows.extend(part.rows);
    all.quarantine.extend(part.quarantine);
    all.continued = all.continued.saturating_add(part.continued);
    all.ending = all.ending.saturating_add(part.ending);
    all
}

/// Decodes one stored page.
pub fn stored(page: &StoredPage, profile: &Profile) -> Result<Decoded, NormalizeError> {
    let read = |source| NormalizeError::Read { file: page.file.clone(), source };
    let bytes = std::fs::read(&page.path).map_err(read)?;
    let place = Place { acquisition: page.acquisition, page: page.page, file: &page.file };
    let mut decoded = body(&bytes, page.coding.as_deref(), place, profile);
    if !page.origin.is_empty() {
        // The responder knows the file by its own name, not by its number in evidence.
        decoded
            .quarantine
            .iter_mut()
            .for_each(|row| row.reason = format!("{} (imported from {})", row.reason, page.origin));
    }
    Ok(decoded)
}

/// Which page a body is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// Number of the acquisition.
    pub acquisition: u32,
    /// Number of the page.
    pub page: u32,
    /// Its file, relative to the case.
    pub file: &'p str,
}

/// Decodes one body; `coding` is the response's content coding, or none to tell it by the first bytes.
pub fn body(bytes: &[u8], coding: Option<&str>, place: Place<'_>, profile: &Profile) -> Decoded {
    let from_file = coding.is_none();
    let (coding, limits) = match coding {
        Some(name) => (Coding::from_header(name), Limits::PAGE),
        None => (Ok(Coding::sniff(bytes)), Limits::FILE),
    };
    let decoded = coding.and_then(|coding| wire::decode(bytes, coding, limits));
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(error) => {
            let whole = place.quarantined(0, bytes.len(), error.to_string());
            return Decoded { quarantine: vec![whole], ..Decoded::default() };
        }
    };
    let spans = wire::records(&decoded, &profile.records);
    // A pull follows its own way on; of a file it must be asked.
    let way_on = if from_file { wire::goes_on(&decoded, profile) } else { None };
    let results: Vec<_> = spans.par_iter().flat_map_iter(|span| rows(&decoded, span, place, profile)).collect();
    let empty = Decoded {
        continued: u64::from(way_on == Some(true)),
        ending: u64::from(way_on == Some(false)),
        ..Decoded::default()
    };
    results.into_iter().fold(empty, |mut all, result| {
        match result {
            Ok(row) => all.rows.push(row),
            Err(quarantined) => all.quarantine.push(quarantined),
        }
        all
    })
}

/// A page decoded as far as it can be, for a search in what was quarantined.
pub fn raw_body(page: &StoredPage) -> Result<Vec<u8>, NormalizeError> {
    let read = |source| NormalizeError::Read { file: page.file.clone(), source };
    let bytes = std::fs::read(&page.path).map_err(read)?;
    let coding = page.coding.as_deref().map_or_else(|| Ok(Coding::sniff(&bytes)), Coding::from_header);
    match coding.and_then(|coding| wire::decode(&bytes, coding, Limits::FILE)) {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Ok(bytes),
    }
}

/// The bytes of a quarantined stretch.
pub fn raw_bytes<'b>(body: &'b [u8], quarantined: &Quarantined) -> &'b [u8] {
    let from = usize::try_from(quarantined.place.offset).unwrap_or(usize::MAX);
    let length = usize::try_from(quarantined.place.length).unwrap_or(usize::MAX);
    let rest = body.get(from..).unwrap_or_default();
    rest.get(..length).unwrap_or(rest)
}

/// The events of one record; they all lie where the record lies.
fn rows(body: &[u8], span: &Span, place: Place<'_>, profile: &Profile) -> Vec<Result<Row, Quarantined>> {
    let quarantined = |reason: String| place.quarantined(span.offset, span.length, reason);
    let evidence = place.evidence(span.offset, span.length);
    let mut rows = Vec::with_capacity(1);
    match one(body, span, profile) {
        Err(reason) => rows.push(Err(quarantined(reason))),
        Ok(json) => shape::each_event(json, profile.records.explode.as_deref(), |part| {
            let row = part.and_then(|(json, number)| record::row(json, number, profile, evidence));
            rows.push(row.map_err(quarantined));
        }),
    }
    rows
}

fn one(body: &[u8], span: &Span, profile: &Profile) -> Result<Json, String> {
    if let Some(reason) = &span.broken {
        return Err(reason.clone());
    }
    let json = Json::parse(span.bytes(body)).map_err(|error| error.to_string())?;
    if !matches!(json, Json::Object(_)) {
        return Err("the record is not an object".to_owned());
    }
    let mut json = record::unwrap(json, profile);
    // A record of another schema would become an event that says nothing.
    if !profile.records.fits.iter().any(|key| json.get(key).is_some()) {
        return Err(format!("{UNFIT}: it has no {}", profile.records.fits.join(" or ")));
    }
    shape::open_text(&mut json, &profile.records.json_text);
    Ok(json)
}

impl Place<'_> {
    fn evidence(self, offset: usize, length: usize) -> EvidenceRef {
        let wide = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        EvidenceRef { acquisition: self.acquisition, page: self.page, offset: wide(offset), length: wide(length) }
    }

    fn quarantined(self, offset: usize, length: usize, reason: String) -> Quarantined {
        let place = self.evidence(offset, length);
        Quarantined { place, file: self.file.to_owned(), reason, mentions: Vec::new() }
    }
}
