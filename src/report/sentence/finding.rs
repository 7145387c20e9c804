//! What was found, and what was not.

use super::coverage;
use crate::model::{Bound, ClassCount, Confidence, Impact, Summary, Verdict};
use crate::report::text::{Text, count};

/// What was asked.
pub(in crate::report) fn question(impact: &Impact) -> Text {
    let asked = &impact.question;
    Text::own("Which records of ").values(&asked.victims).say(" did ").values(&asked.attackers).say(" touch?")
}

/// The answer. "No access found" is said only where the model says so, and never without the coverage.
pub(in crate::report) fn verdict(impact: &Impact) -> Text {
    let (a, v) = (&impact.question.attackers, &impact.question.victims);
    let pair = |before: &str, between: &str| Text::own(before).values(a).say(between).values(v);
    match impact.summary.verdict {
        Verdict::Accessed => pair("Yes: ", " accessed records of ").say(": ").say(how_many(&impact.summary)),
        Verdict::Possible => pair("Possibly: ", " may have accessed records of ").say("; none is certain."),
        Verdict::AttemptedOnly => pair("Attempts only: what ", " is seen to try on records of ")
            .say(" was refused or failed. ")
            .then(coverage(&impact.coverage)),
        Verdict::NoneFound => {
            let found = match other_standing(&impact.summary) {
                None => pair("No access found by ", " to records of ").say(". "),
                Some(others) => {
                    pair("No access without a known right found by ", " to records of ").say(". ").then(others).say(" ")
                }
            };
            found.then(coverage(&impact.coverage))
        }
        Verdict::Undetermined => pair("Not determined: no access by ", " to records of ")
            .say(" is seen, and the evidence is not complete enough to say that there was none."),
    }
}

/// How many records, how many of them for certain, and whether that is all.
fn how_many(summary: &Summary) -> String {
    if summary.records == 0 {
        return format!("by bulk actions that name no record, {}.", beyond(summary.bulk_bound));
    }
    let certain = summary.headline.iter().filter(|c| c.confidence == Confidence::Confirmed);
    let certain = certain.fold(0_u64, |sum, c| sum.saturating_add(c.records));
    let sure = if certain == summary.records { "all confirmed".to_owned() } else { format!("{certain} confirmed") };
    let rest = if summary.exact { "" } else { "; there may be more" };
    format!("{}, {sure}{rest}.", count(summary.records, "distinct record", "distinct records"))
}

/// Distinct records by class and confidence.
pub(in crate::report) fn counts(summary: &Summary) -> Text {
    let mut text = Text::own(count(summary.records, "distinct record", "distinct records"));
    for (i, ClassCount { class, confidence, records }) in summary.headline.iter().enumerate() {
        let joint = if i == 0 { ": " } else { ", " };
        text = text.say(format!("{joint}{records} ")).word(class.as_str()).say(" (").word(confidence.as_str()).say(")");
    }
    text.say(format!("; {}.", count(summary.accesses, "direct access", "direct accesses")))
}

/// What was done by right, and therefore stays out of the numbers.
pub(in crate::report) fn other_standing(summary: &Summary) -> Option<Text> {
    (summary.other_standing > 0).then(|| {
        let listed = count(summary.other_standing, "access", "accesses");
        let verb = if summary.other_standing == 1 { "is" } else { "are" };
        Text::own(format!(
            "{listed} by grant, by support, or as expected {verb} listed in accesses.csv and not counted here."
        ))
    })
}

/// What was tried. An attempt is never an access.
pub(in crate::report) fn attempts(summary: &Summary) -> Text {
    let tried = count(summary.attempts_on_victim, "attempt", "attempts");
    let text = Text::own(format!("{tried} on records in question took no effect and count as no access"));
    match summary.attempts_owner_unknown {
        0 => text.say("."),
        more => text.say(format!("; {more} more on records whose owner nothing shows.")),
    }
}

/// What was touched and belongs to nobody known.
pub(in crate::report) fn unresolved(summary: &Summary) -> Text {
    Text::own(format!("{} touched whose owner nothing shows.", count(summary.unresolved, "record", "records")))
}

/// How to find the owners out; nothing when all are known.
pub(in crate::report) fn resolve(summary: &Summary) -> Option<Text> {
    (summary.unresolved > 0)
        .then(|| Text::own("Fill in owner_org in unresolved.csv and give it back with --catalogue."))
}

/// What bulk actions may have touched beyond the ids that the log names.
pub(in crate::report) fn bulk(summary: &Summary) -> Text {
    let scoped = count(summary.bulk_scoped, "bulk action", "bulk actions");
    let text = Text::own(format!("{scoped} in question: {}", beyond(summary.bulk_bound)));
    let rest = beyond(summary.bulk_unscoped_bound);
    match summary.bulk_unscoped {
        0 => text.say("."),
        1 => text.say(format!("; 1 more does not say whose records it ran over: {rest}, counted apart.")),
        n => text.say(format!("; {n} more do not say whose records they ran over: {rest}, counted apart.")),
    }
}

/// A bound in words.
fn beyond(bound: Bound) -> String {
    match bound {
        Bound::AtMost(0) => "no record beyond those named".to_owned(),
        Bound::AtMost(n) => format!("up to {} beyond those named", count(n, "record", "records")),
        Bound::Unbounded => "any number of records beyond those named".to_owned(),
    }
}
