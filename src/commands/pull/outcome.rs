//! How a pull ended: what stays unread, log by log, and the status that this leads to.

use super::super::status::Status;
use super::desk::Lost;
use crate::collect::ErrorClass;
use crate::model::Gap;

/// The status of a pull by itself; `obtained` tells whether any page of a log was kept.
pub(super) fn status(lost: &[Lost], obtained: &dyn Fn(usize) -> bool) -> Status {
    lost.iter().fold(Status::Answered, |status, (log, error, _)| {
        status.and(match error.class() {
            ErrorClass::Usage => Status::Usage,
            ErrorClass::Unauthorised => Status::Unauthorised,
            // A page of this log was kept before the walk broke off: a gap, not nothing.
            _ if obtained(*log) => Status::LowerBound,
            ErrorClass::Unreachable | ErrorClass::NotThisApi | ErrorClass::Exhausted => Status::NothingObtained,
        })
    })
}

/// The gaps in the order of log and time; what touches is one.
pub(super) fn gaps(lost: &[Lost]) -> Vec<Gap> {
    let mut all: Vec<&Gap> = lost.iter().map(|(_, _, gap)| gap).collect();
    all.sort_by_key(|gap| (&gap.log_org, gap.from, gap.to, &gap.reason));
    let mut whole: Vec<Gap> = Vec::new();
    for gap in all {
        match whole.last_mut() {
            Some(before) if before.log_org == gap.log_org && touches(before, gap) => {
                before.to = before.to.and_then(|to| gap.to.map(|other| to.max(other)));
            }
            _ => whole.push(gap.clone()),
        }
    }
    whole
}

/// Whether a gap begins before or where the one before it ends; an open end reaches everything.
fn touches(before: &Gap, after: &Gap) -> bool {
    before.to.is_none_or(|to| after.from.is_none_or(|from| from <= to))
}

/// One line a log for the screen: the first reason, and how many more there are.
pub(super) fn failures(lost: &[Lost]) -> Vec<String> {
    let mut logs: Vec<usize> = lost.iter().map(|(log, _, _)| *log).collect();
    logs.sort_unstable();
    logs.dedup();
    let line = |log: usize| {
        let mut errors = lost.iter().filter(|(of, _, _)| *of == log).map(|(_, error, _)| error.to_string());
        let first = errors.next().unwrap_or_default();
        let mut others: Vec<String> = errors.filter(|other| *other != first).collect();
        others.dedup();
        match others.len() {
            0 => first,
            n => format!("{first}; and {n} more parts of this log could not be read: data/coverage.json lists them"),
        }
    };
    logs.into_iter().map(line).collect()
}
