//! `explain`: why one record or event was judged as it was, down to the bytes.

use super::last::Last;
use super::screen::Screen;
use super::status::{Failure, Status};
use crate::cli::ExplainArgs;
use crate::model::{CitedBytes, EvidenceRef, Explanation, Tables};
use crate::reconstruct::{self, Subject};
use crate::report::escape::json::visible;
use crate::report::{self, Style};
use std::collections::BTreeSet;

/// Candidates that are listed where a text means several things.
const LISTED: usize = 10;

/// Runs the verb.
pub(super) fn run(args: &ExplainArgs, screen: &Screen) -> Result<Status, Failure> {
    let last = Last::of(&args.case)?;
    let question = last.asked(&args.case)?;
    let tables = &last.loaded.tables;
    let subject = subject(tables, &args.subject)?;
    let mut explanation = reconstruct::explain(tables, &last.profile, question, &subject);
    for place in cited(&explanation) {
        let text = String::from_utf8_lossy(&last.loaded.bytes(place)?).into_owned();
        explanation.bytes.push(CitedBytes { place, text });
    }
    if args.output.json {
        let failed = |error: serde_json::Error| Failure::new(Status::Internal, error.to_string());
        screen.result(&(visible(&serde_json::to_string_pretty(&explanation).map_err(failed)?) + "\n"));
    } else {
        screen.result(&report::explained(&explanation, Style { color: screen.color(), width: screen.width() }));
    }
    Ok(Status::Answered)
}

/// The one thing that a text means.
fn subject(tables: &Tables, text: &str) -> Result<Subject, Failure> {
    let unknown = |near: Vec<String>| {
        let near = if near.is_empty() { "none".to_owned() } else { near.join(", ") };
        Failure::usage(format!("{text:?} is no record, event or place of this case; the nearest ids are {near}"))
    };
    let mut found = reconstruct::find(tables, text).map_err(unknown)?;
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (last, _) => {
            let all: Vec<String> = found.iter().chain(&last).map(|subject| told(tables, subject)).collect();
            let more = all.len().saturating_sub(LISTED);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let listed = all.into_iter().take(LISTED).collect::<Vec<_>>().join(", ");
            Err(Failure::usage(format!("{text:?} means several things; ask for one of {listed}{more}")))
        }
    }
}

/// A subject as it can be asked for.
fn told(tables: &Tables, subject: &Subject) -> String {
    match subject {
        Subject::Record(record) => format!("{}:{}", record.record_type, record.record_id),
        Subject::Event(events) => {
            let places = events.iter().filter_map(|index| tables.events.get(*index)?.refs.first());
            places.map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Every place that the explanation names, once.
fn cited(explanation: &Explanation) -> BTreeSet<EvidenceRef> {
    let claims = explanation.records.iter().flat_map(|record| &record.claims).flat_map(|claim| &claim.evidence_refs);
    claims.chain(explanation.actions.iter().flat_map(|action| &action.evidence_refs)).copied().collect()
}
