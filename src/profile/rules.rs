//! Rules for actions that are more than one access: halves of one, makers of actors, givers of leave.

use super::{Expr, Path};
use crate::model::{MintKind, Phase};
use regex::Regex;

/// How the two halves of an action are told apart.
#[derive(Clone, Debug)]
pub struct PhaseRule {
    /// Where it is told.
    pub from: Expr,
    /// What an intent says.
    pub intent: Regex,
    /// What a completion says.
    pub completion: Regex,
}

/// An action that makes a credential, a session, a member or a webhook.
#[derive(Clone, Debug)]
pub struct MintRule {
    /// The actions.
    pub when: Regex,
    /// The kind of record that it acts on, where that matters.
    pub record_type: Option<Regex>,
    /// What is made.
    pub kind: MintKind,
    /// The id under which it will act.
    pub id: Vec<Expr>,
}

/// An action that gives another organisation leave, or takes it back.
#[derive(Clone, Debug)]
pub struct ShareRule {
    /// The actions.
    pub when: Regex,
    /// Path to the organisations.
    pub with: Path,
    /// Whether the leave ends.
    pub ends: bool,
}

impl PhaseRule {
    /// Which half a value names.
    pub fn read(&self, value: &str) -> Phase {
        match () {
            () if self.intent.is_match(value) => Phase::Intent,
            () if self.completion.is_match(value) => Phase::Completion,
            () => Phase::Whole,
        }
    }
}
