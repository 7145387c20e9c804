//! The pairs of a whole log on one screen, each with the command that looks closer.

use super::screen::{GREEN, RED, Screen, YELLOW};
use super::{Links, Style};
use crate::model::{Discovery, Pair};
use crate::report::discovery;
use crate::report::escape::terminal::clean;
use crate::report::text::Text;

/// Pairs that the screen shows of each kind; `pairs.csv` has all.
const SHOWN: usize = 20;

/// The pairs on one screen, ending with a line break; `looks` gives the command that looks closer at a pair.
pub fn pairs(found: &Discovery, links: &Links, looks: &dyn Fn(&Pair) -> String, style: Style) -> String {
    let mut screen = Screen::new(style);
    let direct: Vec<&Pair> = found.pairs.iter().filter(|pair| !pair.expected).collect();
    let expected: Vec<&Pair> = found.pairs.iter().filter(|pair| pair.expected).collect();
    let colour = match (direct.is_empty(), found.exact) {
        (false, _) => RED,
        (true, true) => GREEN,
        (true, false) => YELLOW,
    };
    screen.painted(colour, &discovery::headline(found).plain());
    screen.wrapped("", 0, &discovery::window(found).plain());
    if !found.exact {
        screen.painted(YELLOW, "LOWER BOUND: there may be more pairs, and more records in them.");
        for reason in &found.lower_bound_because {
            screen.wrapped("  - ", 4, &clean(reason));
        }
    }
    for (number, pair) in direct.iter().take(SHOWN).enumerate() {
        screen.labelled(&number.saturating_add(1).to_string(), &discovery::pair(pair).plain());
        screen.command(&clean(&looks(pair)));
    }
    rest(&mut screen, direct.len());
    listed(&mut screen, "expected", expected.iter().map(|pair| discovery::pair(pair)));
    listed(&mut screen, "unresolved", found.unresolved.iter().map(discovery::open));
    screen.labelled("coverage", &discovery::coverage(found).plain());
    screen.labelled("papers", &clean(&links.reports));
    screen.labelled("case", &clean(&links.case));
    screen.into_text()
}

fn listed(screen: &mut Screen, label: &str, lines: impl ExactSizeIterator<Item = Text>) {
    let number = lines.len();
    for (i, line) in lines.take(SHOWN).enumerate() {
        screen.labelled(if i == 0 { label } else { "" }, &line.plain());
    }
    rest(screen, number);
}

fn rest(screen: &mut Screen, number: usize) {
    let more = number.saturating_sub(SHOWN);
    if more > 0 {
        screen.labelled("", &format!("{more} more in {}", discovery::PAIRS));
    }
}
