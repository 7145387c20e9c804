//! What to do first, and what to tell the others.

use super::{TLP, attempts, bulk, counts, lower_bound, persistence, span, unresolved, verdict};
use crate::model::{ActorRow, Impact};
use crate::report::text::{Text, count};
use std::cmp::Reverse;

/// How many are named as first to revoke: a number that a person can act on at once.
const FIRST: usize = 3;

/// An actor with one credential, and the row that shows most of its doing.
pub(in crate::report) struct Suspect<'a> {
    /// The row with most records.
    pub(in crate::report) row: &'a ActorRow,
    /// How many more rows, from other addresses or sessions, show the same pair.
    more: u64,
}

/// The actors or credentials to revoke first: most records, then most events.
pub(in crate::report) fn suspects(impact: &Impact) -> Vec<Suspect<'_>> {
    // Support staff and holders of a share stand in the table too; revoking them first would help nobody.
    let acted = |a: &&ActorRow| a.events > 0;
    let mut rows: Vec<&ActorRow> = impact.actors.iter().filter(acted).collect();
    rows.sort_by_key(|a| (Reverse(a.records), Reverse(a.events), &a.actor_id, &a.credential_id, &a.source_ip));
    let mut suspects: Vec<Suspect<'_>> = Vec::new();
    for row in rows {
        let same = |s: &&mut Suspect<'_>| s.row.actor_id == row.actor_id && s.row.credential_id == row.credential_id;
        match suspects.iter_mut().find(same) {
            Some(suspect) => suspect.more = suspect.more.saturating_add(1),
            None => suspects.push(Suspect { row, more: 0 }),
        }
    }
    suspects.truncate(FIRST);
    suspects
}

impl Suspect<'_> {
    /// Who it is.
    fn name(&self) -> Text {
        let row = self.row;
        let actor = match row.actor_id.as_str() {
            "" => Text::own("unknown actor"),
            id => Text::own("actor ").value(id),
        };
        match row.credential_id.as_str() {
            "" => actor,
            id => Text::own("credential ").value(id).say(" of ").then(actor),
        }
    }

    /// Who it is and what it did.
    pub(in crate::report) fn line(&self) -> Text {
        let row = self.row;
        let mut text = self.name();
        if !row.source_ip.is_empty() {
            text = text.say(" from ").value(&row.source_ip);
        }
        text = text.say(format!(
            ": {}, {}, {} refused",
            count(row.records, "record", "records"),
            count(row.events, "event", "events"),
            row.denied
        ));
        if self.more > 0 {
            text = text.say(format!(
                "; {} in actors.csv",
                count(self.more, "more session or address", "more sessions or addresses")
            ));
        }
        text.say(".")
    }
}

/// Whom to revoke first, in one sentence.
pub(in crate::report) fn revoke_first(impact: &Impact) -> Text {
    let suspects = suspects(impact);
    if suspects.is_empty() {
        return Text::own("Nobody to revoke is known.");
    }
    let mut text = Text::own("Revoke first: ");
    for (i, suspect) in suspects.iter().enumerate() {
        text = if i == 0 { text } else { text.say("; ") }.then(suspect.name());
    }
    text.say(".")
}

/// What fixes the evidence behind the answer.
pub(in crate::report) fn evidence(impact: &Impact) -> Text {
    Text::own("Evidence root ").value(&impact.evidence_root).say(".")
}

/// Six lines to paste where the others are: who, how much, when, what to do, what else, how sure.
pub(in crate::report) fn war_room(impact: &Impact) -> [Text; 6] {
    let summary = &impact.summary;
    let exactness = lower_bound(impact).unwrap_or_else(|| Text::own("Exact for this evidence."));
    [
        Text::own(format!("[{TLP}] ")).then(verdict(impact)),
        counts(summary),
        span(summary),
        match persistence(impact) {
            Some(left) => revoke_first(impact).say(" ").then(left),
            None => revoke_first(impact),
        },
        attempts(summary).say(" ").then(unresolved(summary)).say(" ").then(bulk(summary)),
        exactness.say(" ").then(evidence(impact)),
    ]
}
