//! What was left inside the victim, and what the touched records hold.

use crate::model::{Bound, DataHeld, Impact, Persistence};
use crate::report::text::{Text, count};

/// What can still act for the accessing side; none where nothing was left.
pub(in crate::report) fn persistence(impact: &Impact) -> Option<Text> {
    let made = impact.persistence.len();
    let left = impact.persistence.iter().filter(|row| row.removed.is_none()).count();
    (made > 0).then(|| {
        let made = count(made.try_into().unwrap_or(u64::MAX), "way back in", "ways back in");
        Text::own(format!("Persistence: {made} made inside ")).values(&impact.question.victims).say(match left {
            0 => ", each deleted since.".to_owned(),
            left => format!(", {left} not seen deleted: revoke before anything else."),
        })
    })
}

/// One thing that was left, when, by whom, and what it did since.
pub(in crate::report) fn left(row: &Persistence) -> Text {
    let mut text = Text::a_word(row.kind.as_str()).say(" ").value(&row.id).say(" in ").value(row.org.as_str());
    text = text.say(" made by ").value(&row.actor_id);
    if let Some(time) = row.time {
        text = text.say(" ").when(time);
    }
    if !row.certain {
        text = text.say(", not for certain");
    }
    text = text.say(match row.uses {
        0 => "; no use seen".to_owned(),
        uses => format!("; used in {}", count(uses, "action", "actions")),
    });
    if let Some(last) = row.last_use {
        text = text.say(", last ").when(last);
    }
    match row.removed {
        Some(at) => text.say("; deleted ").when(at).say("."),
        None => text.say("; not seen deleted."),
    }
}

/// Kinds of data and people, as far as the catalogue tells.
pub(in crate::report) fn data(held: &DataHeld) -> Text {
    let mut text = Text::own("Data held, by the catalogue: ");
    for (i, kind) in held.categories.iter().enumerate() {
        let joint = if i == 0 { "" } else { "; " };
        text = text
            .say(joint)
            .value(&kind.category)
            .say(format!(" in between{} records", span(kind.minimum, kind.maximum)));
    }
    if held.categories.is_empty() {
        text = text.say("no kind named");
    }
    let known = count(held.subjects_known, "person", "people");
    text.say(format!("; {known} named, between{}.", span(held.subjects_minimum, held.subjects_maximum)))
}

fn span(minimum: u64, maximum: Bound) -> String {
    match maximum {
        Bound::AtMost(most) => format!(" {minimum} and {most}"),
        Bound::Unbounded => format!(" {minimum} and any number"),
    }
}
