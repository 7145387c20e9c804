//! How the numbers are to be read.

use crate::model::Impact;
use crate::report::text::{Text, count};

/// How many records were deleted or modified, whatever else was done to them.
pub(in crate::report) fn changed(deleted: usize, modified: usize) -> Text {
    Text::own(format!("{deleted} of the records deleted, {modified} modified, as far as the log shows."))
}

/// What the answer was made from.
pub(in crate::report) fn method(impact: &Impact) -> Text {
    let asked = &impact.question;
    let mut text = Text::own("Read with profile ").value(&asked.profile).say(format!(
        " from {}; identity, ownership, attribution and bounds follow METHODOLOGY.md.",
        count(impact.acquisitions.len().try_into().unwrap_or(u64::MAX), "sealed acquisition", "sealed acquisitions")
    ));
    for (org, others) in &asked.aliases {
        text = text.say(" ").value(org).say(" also goes by ").values(others).say(".");
    }
    text.say(" The same case and question give these papers again, byte for byte.")
}

/// What the words in the tables mean.
pub(in crate::report) fn words() -> Vec<Text> {
    let word = |word: &'static str, meaning: &str| Text::a_word(word).say(": ").say(meaning);
    vec![
        word("confirmed", "the log itself proves access, owner and actor."),
        word("reconstructed", "derived from a logged count, filter or hash and a catalogue valid at that time."),
        word("contested", "equal claims disagree about the owner or the actor."),
        word("unknown", "the outcome is unknown: it may have taken effect."),
        word("direct", "no right is known; only this standing counts. Others are listed apart."),
        Text::own("Evidence is cited as ")
            .value("acquisition/page@offset+length")
            .say(", in bytes of the decoded page."),
    ]
}
