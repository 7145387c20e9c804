//! What an earlier run of the same pull kept, given to its walks page by page.

use super::super::status::Failure;
use super::First;
use crate::collect::{KeptBody, Stop};
use crate::evidence::{self, Case, EvidenceError, Kept, Locker};
use crate::model::{Lane, Moment, OrgId};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The kept pages of every lane.
pub(super) struct Earlier {
    lanes: BTreeMap<String, Vec<Kept>>,
    stop: Stop,
    broken: Mutex<Option<EvidenceError>>,
}

impl Earlier {
    pub(super) fn of(locker: &Locker, stop: &Stop) -> Self {
        let lanes = locker.lanes().into_iter().map(|lane| (lane.clone(), locker.kept(&lane))).collect();
        Self { lanes, stop: stop.clone(), broken: Mutex::new(None) }
    }

    /// The k-th page of a lane, read and checked now; a page that is not what its line says ends the run.
    pub(super) fn page(&self, lane: &Lane, k: usize) -> Option<KeptBody> {
        let kept = self.lanes.get(&lane.to_string())?.get(k)?;
        match kept.load() {
            Ok(body) => Some(KeptBody { url: body.url, headers: body.headers, body: body.bytes }),
            Err(error) => {
                *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                self.stop.give();
                None
            }
        }
    }

    /// Organisations of which a page was kept; none stands for everyone.
    pub(super) fn orgs(&self) -> impl Iterator<Item = Option<OrgId>> {
        self.lanes.keys().filter_map(|lane| Lane::parse(lane)).map(|lane| lane.org)
    }

    /// What was found to be altered, if anything was.
    pub(super) fn broken(&self) -> Result<(), EvidenceError> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}

/// The newest first reading of a case, sealed by an earlier run, for the readings that may still follow it.
pub(in crate::commands) fn sealed(case: &Case) -> Result<Option<First>, Failure> {
    let asked = case.asked()?;
    let Some(taken) = asked.iter().rfind(|taken| !taken.is_further()) else { return Ok(None) };
    let proof = evidence::verify(case, None, None)?;
    let again = |seal: &str| proof.acquisitions.iter().filter(|a| a.verifies.as_deref() == Some(seal)).count();
    let found = proof.acquisitions.iter().find(|acquisition| acquisition.summary.name == taken.name());
    Ok(found.filter(|acquisition| acquisition.is_pull()).map(|acquisition| {
        let everyone = acquisition.everyone.then_some(None);
        let seal = acquisition.summary.seal_sha256.clone();
        First {
            pass: u32::try_from(again(&seal)).unwrap_or(u32::MAX).saturating_add(1),
            name: acquisition.summary.name.clone(),
            walked: everyone.into_iter().chain(acquisition.walked.iter().cloned().map(Some)).collect(),
            pages: acquisition.summary.pages,
            window: acquisition.window,
            begun: Moment::parse_rfc3339(taken.started_at()).unwrap_or(acquisition.summary.sealed_at),
            seal,
        }
    }))
}
