//! Lines of a terminal: labels, wrapping, and the few colours.

use super::Style;

/// Column in which the text behind a label begins.
const INDENT: usize = 12;
/// Narrower than this, wrapping makes lines no one can read.
const NARROWEST: usize = 40;

const BOLD: &str = "1";
/// Data was touched.
pub(super) const RED: &str = "1;31";
/// Something is not certain.
pub(super) const YELLOW: &str = "1;33";
/// Nothing was found, for certain.
pub(super) const GREEN: &str = "1;32";

/// Lines so far. Whatever comes here is escaped already; only `painted` and `rule` add control characters.
pub(super) struct Screen {
    out: String,
    style: Style,
}

impl Screen {
    /// An empty screen.
    pub(super) const fn new(style: Style) -> Self {
        Self { out: String::new(), style }
    }

    /// Everything so far.
    pub(super) fn into_text(self) -> String {
        self.out
    }

    /// One line as it is, however long.
    pub(super) fn raw(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A label and a text that wraps beside it.
    pub(super) fn labelled(&mut self, label: &str, text: &str) {
        self.wrapped(&format!("{label:<INDENT$}"), INDENT, text);
    }

    /// A command is one line, however long, so that it can be copied.
    pub(super) fn command(&mut self, command: &str) {
        self.raw(&format!("{:<INDENT$}{command}", "next"));
    }

    /// A wrapped text in bold and one colour.
    pub(super) fn painted(&mut self, colour: &str, text: &str) {
        let begin = self.out.len();
        self.wrapped("", 0, text);
        let lines = self.out.split_off(begin);
        for line in lines.lines() {
            let painted = self.paint(colour, line);
            self.raw(&painted);
        }
    }

    /// A line across the screen.
    pub(super) fn rule(&mut self, title: &str) {
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
    pub(super) fn wrapped(&mut self, first: &str, indent: usize, text: &str) {
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
