//! How often a log was read, and whether the readings agree.

use crate::model::{Again, Coverage, FilterCheck, Reading, ReadingKind};
use crate::report::text::{Text, count};

/// What the readings of each pull say; nothing where nothing was pulled.
pub(super) fn readings(coverage: &Coverage) -> Text {
    let text = coverage.readings.iter().fold(Text::own(""), |text, reading| text.then(one(reading)));
    match coverage.clock_offset_s {
        Some(ahead) if ahead > 0 => text.say(format!("; the server's clock ran {ahead} s ahead of ours")),
        Some(behind) => text.say(format!("; the server's clock ran {} s behind ours", behind.saturating_neg())),
        None => text,
    }
}

fn one(reading: &Reading) -> Text {
    let begin = Text::own(format!("; {}", reading.acquisition));
    if reading.again.is_empty() {
        return begin.say(" is a single walk, which no second reading confirms");
    }
    let joint = |number| if number == 0 { " " } else { ", " };
    let again = reading.again.iter().enumerate();
    let text = again.fold(begin, |text, (number, again)| text.say(joint(number)).then(further(again)));
    if reading.everyone || reading.again.iter().any(|again| again.filter.is_some()) {
        return text;
    }
    text.say("; whether the filter by organisation leaves events out was not checked: everyone's log was not shown")
}

fn further(again: &Again) -> Text {
    let name = format!("{} ({})", again.kind, again.acquisition);
    let same = count(again.same, "event", "events");
    let found = match (again.agrees(), again.kind) {
        (true, ReadingKind::Tail) => format!("found nothing late by {name}"),
        (true, _) if again.whole && again.filter.as_ref().is_none_or(|check| check.left_out.is_empty()) => {
            format!("confirmed by a {name}: the same {same}")
        }
        (true, _) if again.whole => format!("read again in a {name}: the same {same}"),
        (true, _) => format!("not confirmed: a {name} broke off; as far as it came it shows the same {same}"),
        (false, _) => format!("amended by a {name}: {same} as before{}", differences(again)),
    };
    let expired = match again.expired {
        0 => String::new(),
        n => format!(", and {} had meanwhile fallen out of the log at its old end", count(n, "event", "events")),
    };
    let text = Text::own(found).say(expired);
    match &again.filter {
        None => text,
        Some(check) => text.then(filter(check)),
    }
}

/// What a page of everyone's log says of the filter by organisation.
fn filter(check: &FilterCheck) -> Text {
    let text = match (check.events, check.left_out.len()) {
        (0, _) => Text::own(
            "; the filter by organisation could not be checked: a page of everyone's log shows nothing of these logs",
        ),
        (n, 0) => Text::own(format!(
            "; the filter by organisation leaves nothing out of a page of everyone's log ({} of these logs)",
            count(n, "event", "events")
        )),
        (n, left) => Text::own(format!("; the filter by organisation left out {left} of {n} events of these logs")),
    };
    if check.alike.is_empty() { text } else { text.say("; ids much like those asked for: ").values(&check.alike) }
}

fn differences(again: &Again) -> String {
    let parts = [
        (again.appeared.len(), "not seen before"),
        (again.changed.len(), "with other content"),
        (again.vanished.len(), "no longer there"),
    ];
    let told: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}")).collect();
    told.concat()
}

/// What the newest further reading did to an answer.
pub(in crate::report) fn amendment(readings: &[Reading]) -> Option<Text> {
    let reading = readings.iter().rfind(|reading| !reading.again.is_empty())?;
    let last = reading.again.last()?;
    Some(Text::own(format!("{} ", reading.acquisition)).then(further(last)))
}
