//! One screen for the person on call: the answer first, then what to do about it.

use super::escape::terminal::clean;
use super::{reading, sentence};
use crate::model::{ClassCount, Impact, Verdict};

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

/// Column in which the text behind a label begins.
const INDENT: usize = 12;
/// Narrower than this, wrapping makes lines no one can read.
const NARROWEST: usize = 40;

const BOLD: &str = "1";
const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const GREEN: &str = "1;32";

/// The answer on one screen, ending with a line break.
pub fn answer(impact: &Impact, links: &Links, style: Style) -> String {
    let mut screen = Screen { out: String::new(), style };
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
    screen.out
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
    for org in sentence::not_seen(impact) {
        screen.wrapped("  - ", 4, &org.plain());
    }
}

fn numbers(screen: &mut Screen, impact: &Impact) {
    screen.labelled("records", &sentence::counts(&impact.summary).plain());
    if impact.summary.by_class != impact.summary.headline && !impact.summary.by_class.is_empty() {
        let each = |c: &ClassCount| format!("{} {} ({})", c.records, c.class, c.confidence);
        let all: Vec<String> = impact.summary.by_class.iter().map(each).collect();
        screen.labelled("by class", &format!("{}.", all.join(", ")));
    }
    if let Some(others) = sentence::other_standing(&impact.summary) {
        screen.labelled("", &others.plain());
    }
    screen.labelled("when", &sentence::span(&impact.summary).plain());
}

fn urgent(screen: &mut Screen, impact: &Impact) {
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

/// Lines so far. Whatever comes here is escaped already; only `painted` and `rule` add control characters.
struct Screen {
    out: String,
    style: Style,
}

impl Screen {
    fn raw(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn labelled(&mut self, label: &str, text: &str) {
        self.wrapped(&format!("{label:<INDENT$}"), INDENT, text);
    }

    /// A command is one line, however long, so that it can be copied.
    fn command(&mut self, command: &str) {
        self.raw(&format!("{:<INDENT$}{command}", "next"));
    }

    fn painted(&mut self, colour: &str, text: &str) {
        let begin = self.out.len();
        self.wrapped("", 0, text);
        let lines = self.out.split_off(begin);
        for line in lines.lines() {
            let painted = self.paint(colour, line);
            self.raw(&painted);
        }
    }

    fn rule(&mut self, title: &str) {
        let line = format!("{:-<width$}", format!("--{title}"), width = self.width());
        let painted = self.paint(BOLD, &line);
        self.raw(&painted);
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.style.color { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn width(&self) -> usize {
        self.style.width.max(NARROWEST)
    }

    /// Breaks at spaces only: an id is never cut.
    fn wrapped(&mut self, first: &str, indent: usize, text: &str) {
        let mut line = first.to_owned();
        let mut fresh = true;
        for word in text.split(' ') {
            let needed = line.chars().count().saturating_add(word.chars().count()).saturating_add(1);
            if !fresh && needed > self.width() {
                self.raw(line.trim_end());
                line = " ".repeat(indent);
                fresh = true;
            }
            if !fresh {
                line.push(' ');
            }
            line.push_str(word);
            fresh = false;
        }
        self.raw(line.trim_end());
    }
}
