//! Trust, but hash: a case read back offline, every missing, added and altered thing told.

mod acquisition;
mod finding;
mod payload;
mod signature;
mod tags;

pub use finding::Finding;
pub use signature::SignedBy;

pub(super) use finding::Findings;

use super::case::{Case, number};
use super::custody::{self, Custody};
use super::seal::{self, Seal};
use super::sign::Signers;
use super::{EvidenceError, bag, disk, manifest};
use crate::model::{AcquisitionSummary, Gap, Moment, OrgId, ReadingKind, Window};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tags::Sealed;

/// A page in evidence, verified.
#[derive(Clone, Debug)]
pub struct StoredPage {
    /// Number of the acquisition.
    pub acquisition: u32,
    /// Number of the page within it.
    pub page: u32,
    /// The body's path, relative to the case.
    pub file: String,
    /// Where the body lies.
    pub path: PathBuf,
    /// SHA-256 of the body.
    pub sha256: String,
    /// Content coding that the response's header names; none for a file.
    pub coding: Option<String>,
    /// Whose log was asked for; empty for everyone's, and for a file.
    pub org: String,
    /// Name of the imported file; empty for a page of a pull.
    pub origin: String,
}

/// A verified acquisition.
#[derive(Clone, Debug)]
pub struct Acquisition {
    /// What the papers say of it.
    pub summary: AcquisitionSummary,
    /// Its pages, in order.
    pub pages: Vec<StoredPage>,
    /// Logs walked to their end.
    pub walked: Vec<OrgId>,
    /// Whether one walk asked for everyone's log and reached its end.
    pub everyone: bool,
    /// The window walked.
    pub window: Window,
    /// When the answers to its requests came in.
    pub requests: Vec<Moment>,
    /// What it does not cover.
    pub gaps: Vec<Gap>,
    /// Whose signature its tag manifest has; none where it is unsigned.
    pub signed_by: Option<SignedBy>,
    /// SHA-256 of the seal of the acquisition that it was read to be held against.
    pub verifies: Option<String>,
    /// What it is among the readings of its window; none for files.
    pub reading: Option<ReadingKind>,
    /// Seconds by which the server's clock ran ahead of ours, where it was more than a few.
    pub clock_offset_s: Option<i64>,
}

impl Acquisition {
    /// Whether it came from an API.
    pub fn is_pull(&self) -> bool {
        self.summary.source != "files"
    }
}

/// The verified evidence of a case.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Sealed acquisitions, in order.
    pub acquisitions: Vec<Acquisition>,
    /// Acquisitions without a seal: interrupted, not used, still there.
    pub unsealed: Vec<String>,
    /// SHA-256 of the newest seal considered.
    pub root: String,
    /// SHA-256 of every seal of the case, in order.
    pub seals: Vec<String>,
}

impl Proof {
    /// When the answers to all requests of its acquisitions came in.
    pub fn requests(&self) -> Vec<Moment> {
        self.acquisitions.iter().flat_map(|acquisition| acquisition.requests.iter().copied()).collect()
    }
}

/// What is known of a case from outside its evidence.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// A seal that the case once had: where no acquisition has it any more, one was taken away.
    pub seal: Option<String>,
    /// An entry that the custody chain once had.
    pub custody_head: Option<String>,
    /// Who must have signed every acquisition.
    pub signers: Option<Signers>,
}

/// What the evidence of a case is, and everything about it that is not as it was sealed.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// What is intact.
    pub proof: Proof,
    /// Names of sealed acquisitions in which something is wrong.
    pub altered: Vec<String>,
    /// What was done to the evidence since it was sealed.
    pub custody: Custody,
    /// Every missing, added or altered thing, sorted by path; empty where the evidence is what was sealed.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// The proof, where nothing is wrong; else the first finding.
    pub fn into_proof(self, case: &Case) -> Result<Proof, EvidenceError> {
        let Some(first) = self.findings.first() else { return Ok(self.proof) };
        let more = match self.findings.len().saturating_sub(1) {
            0 => String::new(),
            more => format!("; {more} more: `irforensics verify` names them all"),
        };
        let (path, problem) = (case.root().join(&first.path), format!("{}{more}", first.problem));
        Err(EvidenceError::Altered { path, problem })
    }
}

/// Verifies every sealed acquisition of a case, bit for bit; `known_root` is a seal that the case once had.
pub fn verify(case: &Case, known_root: Option<&str>, as_of: Option<Moment>) -> Result<Proof, EvidenceError> {
    let known = Known { seal: known_root.map(str::to_owned), ..Known::default() };
    inspect(case, &known, as_of)?.into_proof(case)
}

/// Reads a whole case back; writes nothing and takes no lock.
///
/// An error is a disk that refuses to be read; what is not as it was sealed is a finding.
pub fn inspect(case: &Case, known: &Known, as_of: Option<Moment>) -> Result<Inspection, EvidenceError> {
    let mut findings = Findings::default();
    let places = places(case, &mut findings)?;
    let custody = custody::read(&*case.files(), case.root(), &mut findings)?;
    let vouched: BTreeSet<&str> = places
        .iter()
        .filter_map(|place| place.seal.as_ref())
        .map(|(s, _)| s.previous.as_str())
        .chain(custody.seals().map(|(_, seal)| seal))
        .chain(known.seal.as_deref())
        .collect();
    let mut inspection = Inspection::default();
    let mut open: Vec<(&str, Option<serde_json::Value>)> = Vec::new();
    let mut previous = String::new();
    for place in &places {
        let asked = asked(&place.root);
        if !place.sealed && !place.lost_its_seal(&vouched) {
            // A second reading that broke off takes nothing from the first.
            if !is_further_reading(&place.root) {
                open.push((&place.name, asked));
            }
            continue;
        }
        // What was interrupted and then asked for again leaves nothing open.
        open.retain(|(_, interrupted)| *interrupted != asked || asked.is_none());
        let mut own = Findings::default();
        let sealed =
            place.seal.as_ref().map(|(seal, hash)| Sealed { seal, hash, vouched: vouched.contains(hash.as_str()) });
        if let Some(sealed) = &sealed {
            place.continues(sealed.seal, &previous, &mut own);
            sealed.hash.clone_into(&mut previous);
            inspection.proof.seals.push(sealed.hash.to_owned());
        }
        let acquisition = acquisition::inspect(&place.root, sealed.as_ref(), known.signers.as_ref(), &mut own)?;
        if !own.none() || sealed.is_none() {
            inspection.altered.push(place.name.clone());
        }
        findings.append(own);
        if let Some(acquisition) = acquisition.filter(|a| as_of.is_none_or(|cut| a.summary.sealed_at <= cut)) {
            inspection.proof.root.clone_from(&acquisition.summary.seal_sha256);
            inspection.proof.acquisitions.push(acquisition);
        }
    }
    inspection.proof.unsealed = open.into_iter().map(|(name, _)| name.to_owned()).collect();
    let seals = &inspection.proof.seals;
    if let Some(root) = known.seal.as_ref().filter(|root| !seals.contains(root)) {
        findings.add(case.evidence(), format!("no longer holds the acquisition that was sealed as {root}"));
    }
    custody::check(&custody, known.custody_head.as_deref(), (case.root(), seals), &mut findings);
    inspection.findings = findings.relative_to(case.root());
    inspection.custody = custody;
    Ok(inspection)
}

/// A folder of the evidence that has the name of an acquisition.
struct Place {
    root: PathBuf,
    name: String,
    /// Whether there is a seal at all, readable or not.
    sealed: bool,
    seal: Option<(Seal, String)>,
}

/// Every acquisition in the order of its number; what lies between and beside them is told.
fn places(case: &Case, findings: &mut Findings) -> Result<Vec<Place>, EvidenceError> {
    let folder = case.evidence();
    if folder.symlink_metadata().is_ok_and(|meta| !meta.is_dir()) {
        findings.add(&folder, "is not a plain folder");
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (name, kind) in disk::entries(&folder)? {
        let root = folder.join(&name);
        match number(&root).filter(|number| kind.is_dir() && name == format!("acq-{number:04}")) {
            Some(number) => found.push((number, root, name)),
            // A renamed or planted acquisition would otherwise just not be read.
            None => findings.add(root, "does not belong here: only folders acq-NNNN do"),
        }
    }
    found.sort();
    let mut places = Vec::new();
    let mut expected = 1;
    for (number, root, name) in found {
        match number.saturating_sub(expected) {
            0 => {}
            1 => findings.add(folder.join(format!("acq-{expected:04}")), "is missing"),
            n => findings.add(
                folder.join(format!("acq-{expected:04}")),
                format!("is missing, and {} after it", n.saturating_sub(1)),
            ),
        }
        expected = number.saturating_add(1);
        let path = root.join("seal.json");
        let sealed = path.symlink_metadata().is_ok();
        let seal = if sealed { findings.absorb(seal::read(&path))? } else { None };
        places.push(Place { root, name, sealed, seal });
    }
    Ok(places)
}

impl Place {
    /// A tag manifest is written before the seal: what it lists and others know of was there once.
    fn lost_its_seal(&self, vouched: &BTreeSet<&str>) -> bool {
        let tags = disk::read_plain(&self.root.join(bag::TAG_MANIFEST)).map(|bytes| manifest::read(&bytes));
        let listed = tags.ok().and_then(|tags| tags.hashes.get("seal.json").cloned());
        listed.is_some_and(|hash| vouched.contains(hash.as_str()))
    }

    /// Each seal names its own folder and the seal before it.
    fn continues(&self, seal: &Seal, previous: &str, findings: &mut Findings) {
        let path = self.root.join("seal.json");
        if seal.acquisition != self.name {
            findings.add(&path, format!("is the seal of {}: it was moved or copied here", seal.acquisition));
        }
        if seal.previous != previous {
            findings.add(path, "does not continue the acquisition before it: one is missing or was moved");
        }
    }
}

/// What an acquisition was begun with. It may have been interrupted before, or have lost it: that is told elsewhere.
fn request(root: &Path) -> Option<serde_json::Value> {
    serde_json::from_slice(&disk::read_plain(&root.join("data/request.json")).ok()?).ok()
}

/// Whether an acquisition was begun only to be held against an earlier one.
fn is_further_reading(root: &Path) -> bool {
    request(root).is_some_and(|request| request.get("verifies").is_some_and(serde_json::Value::is_string))
}

/// What a pull asked for: source, organisations, window. None for files, which may be others every time.
fn asked(root: &Path) -> Option<serde_json::Value> {
    let request = request(root)?;
    let of = |key: &str| request.get(key).cloned().unwrap_or_default();
    let is_pull = of("source").as_str().is_some_and(|source| source != "files");
    is_pull.then(|| serde_json::json!([of("source"), of("orgs"), of("window")]))
}
