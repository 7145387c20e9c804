//! Why one record or event was judged as it was, on the screen.

use super::Style;
use super::screen::Screen;
use crate::model::{ActionExplained, ClaimExplained, Decision, Explanation, OrgId, RecordExplained};
use crate::report::escape::terminal::clean;
use crate::report::text::{Text, count};

/// Actions and bytes that the screen shows; `--json` has all.
const SHOWN: usize = 20;

/// The explanation, ending with a line break.
pub fn explained(e: &Explanation, style: Style) -> String {
    let mut screen = Screen::new(style);
    let question = Text::own("Asked: which records of ").values(&e.victims).say(" did ").values(&e.attackers);
    screen.wrapped("", 0, &question.say(" touch?").plain());
    for record in &e.records {
        whose(&mut screen, record);
    }
    for (number, action) in e.actions.iter().take(SHOWN).enumerate() {
        screen.rule(&format!(" action {} ", number.saturating_add(1)));
        one(&mut screen, action);
    }
    more(&mut screen, e.actions.len(), "actions");
    if e.by_others > 0 {
        let others = count(e.by_others, "action", "actions");
        screen.labelled("others", &format!("{others} by others name the record: they count as claims only."));
    }
    screen.rule(" bytes, as received and sealed ");
    for cited in e.bytes.iter().take(SHOWN) {
        screen.raw(&cited.place.to_string());
        screen.raw(&clean(&cited.text));
    }
    more(&mut screen, e.bytes.len(), "places");
    screen.into_text()
}

fn more(screen: &mut Screen, number: usize, what: &str) {
    let more = number.saturating_sub(SHOWN);
    if more > 0 {
        screen.raw(&format!("{more} more {what}: --json has all"));
    }
}

fn whose(screen: &mut Screen, r: &RecordExplained) {
    screen.rule(" record ");
    let mut name = Text::of(&r.record.record_type).say(" ").value(&r.record.record_id);
    for container in &r.containers {
        name = name.say(", in ").value(&container.record_type).say(" ").value(&container.record_id);
    }
    screen.labelled("record", &name.plain());
    for decision in &r.decisions {
        screen.labelled("owner", &decided(decision).plain());
    }
    if let Some(way) = r.would_resolve {
        screen.labelled("to resolve", way);
    }
    for (i, claim) in r.claims.iter().enumerate() {
        screen.labelled(if i == 0 { "claims" } else { "" }, &says(claim).plain());
    }
    if r.claims.is_empty() {
        screen.labelled("claims", "none");
    }
}

fn decided(d: &Decision) -> Text {
    let mut text = match d.owners.len() {
        0 => Text::own("unresolved: no claim that counts"),
        1 => Text::default().values(&d.owners).say(" by ").word(d.rule.as_str()),
        _ => Text::own("contested between ").values(&d.owners).say(", all by ").word(d.rule.as_str()),
    };
    if d.by_container {
        text = text.say(" of its container");
    }
    if !d.overruled.is_empty() {
        text = text.say("; overruled: ").values(&d.overruled);
    }
    text
}

fn says(c: &ClaimExplained) -> Text {
    let verdict = match (c.decided, c.believed) {
        (true, _) => "DECIDED",
        (false, true) => "weaker or not valid then",
        (false, false) => "does not count: the accessing side's own word",
    };
    let mut text = Text::own(format!("rank {} ", c.rank)).word(c.rule.as_str()).say(": ").value(c.org.as_str());
    if let Some(container) = &c.of_container {
        text = text.say(" owns the container ").value(&container.record_id);
    }
    text = c.from.map_or_else(|| text.clone(), |from| text.clone().say(", from ").when(from));
    text = c.to.map_or_else(|| text.clone(), |to| text.clone().say(", until ").when(to));
    if !c.by.is_empty() {
        text = text.say(", by the word of ").values(&c.by);
    }
    text = match c.event_ids.len() {
        0 => text.say(", in the catalogue"),
        n if n > SHOWN => text.say(format!(", in {n} events, the first at ")).places(c.evidence_refs.iter().take(1)),
        _ => text.say(", in ").values(&c.event_ids).say(" at ").places(&c.evidence_refs),
    };
    text.say(format!(" - {verdict}"))
}

fn one(screen: &mut Screen, a: &ActionExplained) {
    let when = a.time.map_or_else(|| Text::own("time unknown"), |at| Text::default().when(at));
    let inside = if a.in_window { "" } else { " (outside the window)" };
    let mut what = when.say(inside).say(" ").value(&a.action).say(": ").word(a.outcome.as_str());
    if let Some(status) = a.http_status {
        what = what.say(format!(" ({status})"));
    }
    screen.labelled("what", &what.say("; ").say(a.counts_as).say(".").plain());
    for person in &a.attribution {
        let role = if person.effective { "acting as " } else { "" };
        let of = if person.orgs.is_empty() {
            Text::own(" of nobody known")
        } else {
            orgs(&person.orgs, person.rule.as_str())
        };
        screen.labelled("who", &Text::own(role).value(&person.who).then(of).plain());
    }
    screen.labelled("whose", a.whose);
    let with = Text::own("credential ").value(&a.credential_id).say(", from ").value(&a.source_ip);
    screen.labelled("with", &with.plain());
    let logs = Text::own("in the log of ").values(&a.logs).say(format!(" (side {}); {}", a.side, a.matched_by));
    screen.labelled("seen", &logs.plain());
    for r in &a.results {
        let mut text = Text::of(&r.record.record_type).say(" ").value(&r.record.record_id).say(": ");
        text = text.word(r.class.as_str()).say(", ").word(r.confidence.as_str()).say(", ").word(r.standing.as_str());
        text = text.say("; owner ").then(decided(&r.owner));
        screen.labelled("result", &text.plain());
        for basis in &r.basis {
            screen.labelled("", &format!("- {}", clean(basis)));
        }
    }
    let cited = Text::own("events ").values(&a.event_ids).say(" at ").places(&a.evidence_refs);
    screen.labelled("evidence", &cited.plain());
}

fn orgs(orgs: &[OrgId], rule: &'static str) -> Text {
    Text::own(" of ").values(orgs).say(", by ").word(rule)
}
