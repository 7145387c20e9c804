//! A case as its last question left it, for the verbs that ask nothing new.

use super::facts::Facts;
use super::knowledge::{self, Files};
use super::status::Failure;
use super::tables::{self, Loaded};
use super::{ask, cross_org};
use crate::evidence::Case;
use crate::profile::{self, Profile};
use crate::reconstruct::CrossOrg;
use std::path::Path;

/// The last question of a case, and what it was asked of.
pub(super) struct Last {
    pub(super) profile: Profile,
    /// None where the case was never asked.
    pub(super) question: Option<CrossOrg>,
    pub(super) loaded: Loaded,
}

impl Last {
    /// Opens a case for reading, verifies it and reads every page.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        let case = Case::open(folder)?;
        let mut facts = Facts::load(&case)?;
        let mut profile = tables::profile(None, &case, &mut facts)?;
        if let Some(word) = facts.text("resource_org") {
            let unknown = || Failure::usage(format!("case.toml: resource_org {word:?} is not row, session or unknown"));
            profile.resource_org = profile::resource_org(&word).ok_or_else(unknown)?;
        }
        let knowledge = knowledge::load(&Files::default(), &case, &mut facts, &profile)?;
        let mut question = ask::last(&facts, knowledge);
        let loaded = tables::load(&case, &mut facts, &profile, question.as_ref())?;
        if let Some(question) = &mut question {
            question.knowledge.own.requests = loaded.proof.requests();
            question.as_of = cross_org::newest_seal(&loaded.proof).unwrap_or(question.as_of);
        }
        Ok(Self { profile, question, loaded })
    }

    /// The question, for verbs that need one.
    pub(super) fn asked(&self, folder: &Path) -> Result<&CrossOrg, Failure> {
        let case = ask::shell_word(&folder.display().to_string());
        let next = format!("irforensics cross-org --case {case} --attacker A --victim V");
        self.question.as_ref().ok_or_else(|| Failure::usage(format!("this case was asked no question yet: {next}")))
    }
}
