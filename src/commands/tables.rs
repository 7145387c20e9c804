//! From a case to verified tables, for every verb that reads one.

use super::status::{Failure, Status};
use crate::evidence::{self, Case, Proof, StoredPage};
use crate::model::{Decoded, EvidenceRef, Quarantined, Tables};
use crate::normalize;
use crate::profile::{self, Profile};
use crate::reconstruct::{self, CrossOrg, Readings};
use std::path::Path;

use super::facts::Facts;

/// What a case holds, verified and read.
pub(super) struct Loaded {
    pub(super) proof: Proof,
    pub(super) tables: Tables,
    pages: Vec<StoredPage>,
}

/// Verifies a case and reads every page of it.
pub(super) fn load(
    case: &Case,
    facts: &mut Facts,
    profile: &Profile,
    question: Option<&CrossOrg>,
) -> Result<Loaded, Failure> {
    let inspection = evidence::inspect(case, &facts.known(), question.and_then(|q| q.cut_off))?;
    facts.remember(&inspection);
    let proof = inspection.into_proof(case)?;
    if proof.acquisitions.is_empty() {
        if !proof.seals.is_empty() {
            let message = format!("every acquisition of {} was sealed after --as-of", case.root().display());
            return Err(Failure::usage(message));
        }
        let what =
            if proof.unsealed.is_empty() { "holds no evidence" } else { "holds only an interrupted acquisition" };
        let advice = "give --base-url or --input; the command that was interrupted goes on where it stopped";
        return Err(Failure::usage(format!("{} {what}; {advice}", case.root().display())));
    }
    let pages = once(proof.acquisitions.iter().flat_map(|a| a.pages.iter().cloned()));
    let mut readings = Readings::default();
    for (index, acquisition) in proof.acquisitions.iter().enumerate() {
        let number =
            |page: &&StoredPage| acquisition.pages.first().is_some_and(|own| own.acquisition == page.acquisition);
        let sampled =
            |page: &StoredPage| acquisition.verifies.is_some() && !acquisition.everyone && page.org.is_empty();
        let (sample, own): (Vec<StoredPage>, Vec<StoredPage>) = pages.iter().filter(number).cloned().partition(sampled);
        readings.add(&proof, index, normalize::pages(&own, profile)?);
        if !sample.is_empty() {
            readings.sample(&normalize::pages(&sample, profile)?);
        }
    }
    let Readings { mut decoded, found } = readings;
    check_fit(&decoded, profile, case)?;
    if let Some(question) = question {
        reconstruct::rename(&mut decoded, question);
    }
    let mut tables = reconstruct::distinct(decoded);
    tables.conflicts.extend(reconstruct::vanished(&found));
    tables.readings = found;
    if let Some(question) = question {
        reconstruct::cut_off(&mut tables, question);
    }
    Ok(Loaded { proof, tables, pages })
}

/// A file whose bytes stand in the case already says nothing new; pages of a pull are never left out.
fn once(pages: impl Iterator<Item = StoredPage>) -> Vec<StoredPage> {
    let mut seen = std::collections::BTreeSet::new();
    pages.filter(|page| page.coding.is_some() || seen.insert(page.sha256.clone())).collect()
}

/// A profile that fits no record would answer "nothing" to every question.
fn check_fit(decoded: &Decoded, profile: &Profile, case: &Case) -> Result<(), Failure> {
    let (true, Some(first)) = (decoded.rows.is_empty(), decoded.quarantine.first()) else { return Ok(()) };
    let safe = format!("the bytes are safe in {}", case.root().join("evidence").display());
    let message = if decoded.quarantine.iter().any(|row| row.reason.starts_with(normalize::UNFIT)) {
        format!(
            "the profile {:?} fits none of the {} records: none has {}; {safe}; give another --profile (built in: {})",
            profile.name,
            decoded.quarantine.len(),
            profile.records.fits.join(" or "),
            profile::builtin_names().join(", "),
        )
    } else {
        format!(
            "no record could be read: {} at byte {}: {}; {safe}; give another --profile, or look at the file",
            first.file, first.place.offset, first.reason
        )
    };
    Err(Failure::new(Status::NotUnderstood, message))
}

impl Loaded {
    /// The bytes of an event, from the page that was sealed: its hash is checked as they are read.
    pub(super) fn bytes(&self, place: EvidenceRef) -> Result<Vec<u8>, Failure> {
        let page = self.pages.iter().find(|page| (page.acquisition, page.page) == (place.acquisition, place.page));
        let altered = |problem: &str| Failure::new(Status::Altered, format!("evidence altered: {place} {problem}"));
        let page = page.ok_or_else(|| altered("lies in no page"))?;
        let sealed = std::fs::read(&page.path).map_err(|_error| altered("cannot be read"))?;
        if evidence::sha256_hex(&sealed) != page.sha256 {
            return Err(altered("is not what was sealed: its page's SHA-256 differs"));
        }
        let body = normalize::raw_body(page)?;
        let from = usize::try_from(place.offset).unwrap_or(usize::MAX);
        let to = from.saturating_add(usize::try_from(place.length).unwrap_or(usize::MAX));
        body.get(from..to).map(<[u8]>::to_vec).ok_or_else(|| altered("lies outside its page"))
    }

    /// Writes into each quarantined row which of the ids its raw bytes mention.
    pub(super) fn find_mentions(&mut self, ids: &[&str]) -> Result<(), Failure> {
        let ids: Vec<&str> = ids.iter().copied().filter(|id| !id.is_empty()).collect();
        let Ok(searcher) = aho_corasick::AhoCorasick::new(&ids) else { return Ok(()) };
        for page in &self.pages {
            let place = (page.acquisition, page.page);
            let in_page = |row: &&mut Quarantined| (row.place.acquisition, row.place.page) == place;
            let rows: Vec<&mut Quarantined> = self.tables.quarantine.iter_mut().filter(in_page).collect();
            if rows.is_empty() {
                continue;
            }
            let body = normalize::raw_body(page)?;
            for row in rows {
                let bytes = normalize::raw_bytes(&body, row);
                let found = searcher.find_overlapping_iter(bytes).filter_map(|m| ids.get(m.pattern().as_usize()));
                let mentions: std::collections::BTreeSet<&str> = found.copied().collect();
                row.mentions = mentions.into_iter().map(str::to_owned).collect();
            }
        }
        Ok(())
    }
}

/// The profile asked for, or the case's, or `native`; one from a file is kept with the case.
pub(super) fn profile(asked: Option<&str>, case: &Case, facts: &mut Facts) -> Result<Profile, Failure> {
    if let Some(name) = asked {
        let (profile, text) = given_profile(name)?;
        let kept = text.map(|text| case.keep_input("profile", "toml", text.as_bytes())).transpose()?;
        facts.set_text("profile", kept.as_deref().unwrap_or(name));
        return Ok(profile);
    }
    match facts.text("profile") {
        Some(kept) if kept.starts_with("inputs/") => {
            let text = String::from_utf8_lossy(&case.input(&kept)?).into_owned();
            Ok(profile::load(&kept, Some(&text))?)
        }
        Some(name) => Ok(profile::load(&name, None)?),
        None => {
            facts.set_text("profile", "native");
            Ok(profile::load("native", None)?)
        }
    }
}

/// A profile by its built-in name or from a file, then with the file's text.
pub(super) fn given_profile(name: &str) -> Result<(Profile, Option<String>), Failure> {
    let is_file = name.contains('/') || Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    if !is_file {
        return Ok((profile::load(name, None)?, None));
    }
    let unreadable = |error| Failure::usage(format!("cannot read the profile {name}: {error}"));
    let text = std::fs::read_to_string(name).map_err(unreadable)?;
    Ok((profile::load(name, Some(&text))?, Some(text)))
}
