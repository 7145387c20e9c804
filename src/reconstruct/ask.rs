//! One question put to one reading of the tables.

use super::claims::{Claims, Sources};
use super::question::CrossOrg;
use super::shares::Leave;

/// What every judgement needs.
#[derive(Clone, Copy)]
pub(super) struct Ask<'s> {
    /// The tables, matched and attributed.
    pub sources: Sources<'s>,
    /// Who is said to own what.
    pub claims: &'s Claims,
    /// What was shared with the accessing side.
    pub leave: &'s Leave<'s>,
    /// What is asked.
    pub question: &'s CrossOrg,
}
