//! The only door to standard output, standard error and progress.

use crate::cli::{Environment, Output, When};
use crate::report::escape::terminal::clean;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two changes of a drawn line.
const BAR_EVERY: Duration = Duration::from_secs(1);
/// Between two plain lines where no bar can be drawn.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(10);

/// Where a run speaks.
pub(super) struct Screen {
    quiet: bool,
    color: bool,
    bar: Option<ProgressBar>,
    /// When progress may be shown next; none where it is not shown at all.
    next: Option<Mutex<Option<Instant>>>,
}

impl Screen {
    /// Opens the door as the flags and the environment say.
    pub(super) fn new(output: &Output, environment: &Environment) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let color = match output.color {
            When::Always => true,
            When::Never => false,
            When::Auto => std::io::stdout().is_terminal() && !environment.no_color,
        };
        let shown = !output.quiet && !output.no_progress;
        Self {
            quiet: output.quiet,
            color,
            bar: (shown && terminal && !environment.no_color).then(bar),
            next: shown.then(|| Mutex::new(None)),
        }
    }

    /// Whether colour may be used on standard output.
    pub(super) fn color(&self) -> bool {
        self.color
    }

    /// Whether standard output is read by a terminal.
    #[expect(clippy::unused_self, reason = "standard output is reached through the door only")]
    pub(super) fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// Whether progress is shown at all.
    pub(super) fn shows_progress(&self) -> bool {
        self.next.is_some()
    }

    /// Columns of the terminal, or a readable width.
    #[expect(clippy::unused_self, reason = "the terminal is reached through the door only")]
    pub(super) fn width(&self) -> usize {
        let columns = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        columns.clamp(60, 120)
    }

    /// The result: the only thing that goes to standard output.
    ///
    /// A reader that went away is not an error.
    #[expect(clippy::unused_self, reason = "standard output is reached through the door only")]
    pub(super) fn result(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            // A closed pipe ends the output, not the run: papers and evidence are written.
        }
    }

    /// Something worth knowing, on standard error; hidden by `--quiet`.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Something wrong, on standard error; never hidden.
    pub(super) fn error(&self, text: &str) {
        self.line(&format!("error: {text}"));
    }

    /// Something to act upon though the run goes on, on standard error; never hidden.
    pub(super) fn warn(&self, text: &str) {
        self.line(&format!("warning: {text}"));
    }

    /// How far it is; drawn on a terminal, a plain line every ten seconds elsewhere.
    pub(super) fn progress(&self, text: &str) {
        self.progress_with(|| text.to_owned());
    }

    /// The same, where the words are dear: they are made only when they will be shown.
    pub(super) fn progress_with(&self, text: impl FnOnce() -> String) {
        let Some(Ok(mut next)) = self.next.as_ref().map(Mutex::lock) else { return };
        let every = if self.bar.is_some() { BAR_EVERY } else { PLAIN_LINE_EVERY };
        if next.is_some_and(|next| Instant::now() < next) {
            return;
        }
        let begun = Instant::now();
        let text = text();
        // Dear words are made less often: they take a tenth of the time at most.
        let pause = every.max(begun.elapsed().saturating_mul(9));
        *next = Instant::now().checked_add(pause);
        match &self.bar {
            Some(bar) => {
                bar.set_message(clean(&text));
                bar.tick();
            }
            None => self.line(&text),
        }
    }

    /// Takes the progress away.
    pub(super) fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        let write = || {
            let mut err = std::io::stderr().lock();
            let lines: Vec<String> = text.lines().map(clean).collect();
            // A line break in a name from outside must not pass for a line of our own.
            if writeln!(err, "{}", lines.join("\n    ")).is_err() {
                // Nobody listens on standard error: there is no one left to tell.
            }
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar
}
