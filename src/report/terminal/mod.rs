//! One screen for the person on call: the answer first, then what to do about it.

mod pairs;
mod screen;

pub use pairs::pairs;

use self::screen::{GREEN, RED, Screen, YELLOW};
use super::escape::terminal::clean;
use super::{reading, sentence};
use crate::model::{Impact, Verdict};

/// What the screen points to; the caller knows where things lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The case folder.
    pub case: String,
    /// The folder of the papers.
    pub reports: String,
    /// Commands to run next, complete.
    pub next: Vec<String>,
}

/// How the screen looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colour may be used; nothing is told by colour alone.
    pub color: bool,
    /// Columns of the screen.
    pub width: usize,
}

/// The answer on one screen, ending with a line break.
pub fn answer(impact: &Impact, links: &Links, style: Style) -> String {
    let mut screen = Screen::new(style);
    headline(&mut screen, impact);
    numbers(&mut screen, impact);
    urgent(&mut screen, impact);
    rest(&mut screen, impact);
    screen.rule(" for the war room ");
    for line in sentence::war_room(impact) {
        screen.raw(&line.plain());
    }
    screen.rule("");
    screen.labelled("papers", &clean(&links.reports));
    screen.labelled("case", &clean(&links.case));
    for command in &links.next {
        screen.command(&clean(command));
    }
    screen.into_text()
}

fn headline(screen: &mut Screen, impact: &Impact) {
    let colour = match impact.summary.verdict {
        Verdict::Accessed => RED,
        Verdict::NoneFound => GREEN,
        Verdict::Possible | Verdict::AttemptedOnly | Verdict::Undetermined => YELLOW,
    };
    screen.painted(colour, &sentence::verdict(impact).plain());
    screen.wrapped("", 0, &sentence::as_of(impact).plain());
    if let Some(banner) = sentence::lower_bound(impact) {
        screen.painted(YELLOW, &banner.plain());
        for reason in &impact.summary.lower_bound_because {
            screen.wrapped("  - ", 4, &clean(reason));
        }
    }
}

fn numbers(screen: &mut Screen, impact: &Impact) {
    screen.labelled("records", &sentence::counts(&impact.summary).plain());
    if let Some(others) = sentence::other_standing(&impact.summary) {
        screen.labelled("", &others.plain());
    }
    screen.labelled("when", &sentence::span(&impact.summary).plain());
    if let Some(held) = &impact.data {
        screen.labelled("data", &sentence::data(held).plain());
    }
}

/// More of what was left behind than this stands in the papers only.
const LEFT: usize = 5;

fn urgent(screen: &mut Screen, impact: &Impact) {
    if let Some(headline) = sentence::persistence(impact) {
        screen.painted(RED, &headline.plain());
        for row in impact.persistence.iter().take(LEFT) {
            screen.wrapped("  - ", 4, &sentence::left(row).plain());
        }
        if let Some(more) = impact.persistence.len().checked_sub(LEFT).filter(|more| *more > 0) {
            screen.wrapped("  - ", 4, &format!("{more} more in impact.md"));
        }
    }
    for (i, suspect) in sentence::suspects(impact).iter().enumerate() {
        let label = if i == 0 { "revoke" } else { "" };
        screen.labelled(label, &suspect.line().plain());
    }
    for (i, access) in reading::first_accesses(impact).iter().enumerate() {
        let label = if i == 0 { "first seen" } else { "" };
        screen.labelled(label, &access.plain());
    }
}

fn rest(screen: &mut Screen, impact: &Impact) {
    let summary = &impact.summary;
    screen.labelled("attempts", &sentence::attempts(summary).plain());
    screen.labelled("unresolved", &sentence::unresolved(summary).plain());
    if let Some(hint) = sentence::resolve(summary) {
        screen.labelled("", &hint.plain());
    }
    screen.labelled("bulk", &sentence::bulk(summary).plain());
    screen.labelled("coverage", &sentence::coverage(&impact.coverage).plain());
}
