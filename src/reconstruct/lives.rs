//! Rule 2: an id that was deleted and created again names two records, one after the other.

use crate::model::{Moment, OrgId, RecordKey};
use std::collections::{BTreeMap, BTreeSet};

/// A creation or a deletion of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn {
    /// When.
    pub at: Moment,
    /// Whether it was created, else deleted; deletions of an instant come first.
    pub created: bool,
    /// Who did it.
    pub by: BTreeSet<OrgId>,
}

/// The births after the first, each with those who had freed the id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lives {
    births: Vec<(Moment, BTreeSet<OrgId>)>,
}

/// Creations and deletions by record and scope, in the order of time.
pub(super) fn turns(
    found: impl Iterator<Item = ((RecordKey, String), Turn)>,
) -> BTreeMap<(RecordKey, String), BTreeSet<Turn>> {
    let mut turns: BTreeMap<_, BTreeSet<Turn>> = BTreeMap::new();
    for (key, turn) in found {
        turns.entry(key).or_default().insert(turn);
    }
    turns
}

impl Lives {
    /// The lives of a record; none where it has only one.
    pub(super) fn of(turns: BTreeSet<Turn>) -> Option<Self> {
        let mut births = Vec::new();
        let mut freed: Option<(Moment, BTreeSet<OrgId>)> = None;
        for turn in turns {
            match (turn.created, freed.take()) {
                (true, Some((_, by))) => births.push((turn.at, by)),
                (true, None) => {}
                // Of several at one instant each may have been the one; what one of nobody did, nobody is known to have.
                (false, Some((at, by))) if at == turn.at => {
                    let nobody = by.is_empty() || turn.by.is_empty();
                    freed = Some((at, if nobody { BTreeSet::new() } else { by.union(&turn.by).cloned().collect() }));
                }
                // The last to delete it freed it.
                (false, _) => freed = Some((turn.at, turn.by)),
            }
        }
        (!births.is_empty()).then_some(Self { births })
    }

    /// In which life a moment lies; none where the time is unknown.
    pub(super) fn of_moment(&self, at: Option<Moment>) -> Option<usize> {
        at.map(|at| self.births.partition_point(|(birth, _)| *birth <= at))
    }

    /// Whether a life and a moment are one, as far as the accessing side may say.
    pub(super) fn same(&self, life: Option<usize>, at: Option<Moment>, accessing: &BTreeSet<OrgId>) -> bool {
        let (Some(life), Some(now)) = (life, self.of_moment(at)) else { return true };
        let between = self.births.get(life.min(now)..life.max(now)).unwrap_or_default();
        // Nobody frees an id for himself, and what nobody is known to have freed stays as it was.
        !between.iter().any(|(_, by)| !by.is_empty() && by.is_disjoint(accessing))
    }
}
