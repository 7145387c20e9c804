//! What was found, and what was not.

use crate::model::{Bound, ClassCount, Impact, Summary, Verdict};
use crate::report::text::{Text, count};

/// What was asked.
pub(in crate::report) fn question(impact: &Impact) -> Text {
    let asked = &impact.question;
    Text::own("Which records of ").values(&asked.victims).say(" did ").values(&asked.attackers).say(" touch?")
}

/// The answer. "No access found" is said only where the model says so, with the coverage behind it.
pub(in crate::report) fn verdict(impact: &Impact) -> Text {
    let (a, v) = (&impact.question.attackers, &impact.question.victims);
    let records = count(impact.summary.records, "distinct record", "distinct records");
    match impact.summary.verdict {
        Verdict::Accessed => Text::own("Yes: ").values(a).say(format!(" accessed {records} of ")).values(v).say("."),
        Verdict::Possible if impact.summary.records == 0 => {
            Text::own("Possibly: ").values(a).say(" may have accessed records of ").values(v).say("; none is certain.")
        }
        Verdict::Possible => Text::own("Possibly: ")
            .values(a)
            .say(format!(" may have accessed {records} of "))
            .values(v)
            .say("; none is certain."),
        Verdict::AttemptedOnly => Text::own("Attempts only: everything that ")
            .values(a)
            .say(" is seen to try on records of ")
            .values(v)
            .say(" was refused or failed."),
        Verdict::NoneFound => Text::own("No access found by ").values(a).say(" to records of ").values(v).say("."),
        Verdict::Undetermined => Text::own("Not determined: the evidence shows no record of ")
            .values(v)
            .say(" in the hands of ")
            .values(a)
            .say(", but it is not complete enough to say that there is none."),
    }
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
            "{listed} made under a share or grant, by support, or as expected {verb} listed in accesses.csv and not \
             counted here."
        ))
    })
}

/// What was tried. An attempt is never an access.
pub(in crate::report) fn attempts(summary: &Summary) -> Text {
    let tried = count(summary.attempts_on_victim, "attempt", "attempts");
    let text = Text::own(format!("{tried} on records in question did not take effect and count as no access"));
    match summary.attempts_owner_unknown {
        0 => text.say("."),
        more => text.say(format!("; {more} more on records whose owner nothing shows.")),
    }
}

/// What was touched and belongs to nobody known.
pub(in crate::report) fn unresolved(summary: &Summary) -> Text {
    match summary.unresolved {
        0 => Text::own("0 records touched whose owner nothing shows."),
        n => Text::own(format!(
            "{} touched whose owner nothing shows; fill in owner_org in unresolved.csv and give it back with \
             --catalogue.",
            count(n, "record", "records")
        )),
    }
}

/// What bulk actions may have touched beyond the ids that the log names.
pub(in crate::report) fn bulk(summary: &Summary) -> Text {
    let scoped = count(summary.bulk_scoped, "bulk action", "bulk actions");
    let text = Text::own(format!("{scoped} in question may have touched {}", beyond(summary.bulk_bound)));
    let rest = beyond(summary.bulk_unscoped_bound);
    match summary.bulk_unscoped {
        0 => text.say("."),
        1 => text.say(format!("; 1 more does not say whose records it ran over ({rest}, not in this bound).")),
        n => text.say(format!("; {n} more do not say whose records they ran over ({rest}, not in this bound).")),
    }
}

/// A bound in words.
fn beyond(bound: Bound) -> String {
    match bound {
        Bound::AtMost(0) => "no record beyond those named".to_owned(),
        Bound::AtMost(n) => format!("up to {} beyond those named", count(n, "record", "records")),
        Bound::Unbounded => "an unbounded number of records beyond those named".to_owned(),
    }
}
