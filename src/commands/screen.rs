//! The only door to standard output, standard error and progress.

use crate::cli::{Environment, Output, When};
use crate::report::escape::terminal::clean;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two plain lines where no bar can be drawn.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(10);

/// Where a run speaks.
pub struct Screen {
    quiet: bool,
    color: bool,
    bar: Option<ProgressBar>,
    plain: Option<Mutex<Option<Instant>>>,
}

impl Screen {
    /// Opens the door as the flags and the environment say.
    pub fn new(output: &Output, environment: &Environment) -> Self {
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
            plain: (shown && !terminal).then(|| Mutex::new(None)),
        }
    }

    /// Whether colour may be used on standard output.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Columns of the terminal, or a readable width.
    pub fn width(&self) -> usize {
        let columns = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        columns.clamp(60, 120)
    }

    /// The result: the only thing that goes to standard output.
    ///
    /// A reader that went away is not an error.
    #[expect(clippy::unused_self, reason = "standard output is reached through the door only")]
    pub fn result(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            // A closed pipe ends the output, not the run: papers and evidence are written.
        }
    }

    /// Something worth knowing, on standard error; hidden by `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Something wrong, on standard error; never hidden.
    pub fn error(&self, text: &str) {
        self.line(&format!("error: {text}"));
    }

    /// How far it is; drawn on a terminal, a plain line every ten seconds elsewhere.
    pub fn progress(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(clean(text));
            bar.tick();
        }
        let Some(Ok(mut last)) = self.plain.as_ref().map(Mutex::lock) else { return };
        if last.is_none_or(|at: Instant| at.elapsed() >= PLAIN_LINE_EVERY) {
            *last = Some(Instant::now());
            drop(last);
            self.line(text);
        }
    }

    /// Takes the progress away.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        let write = || {
            let mut err = std::io::stderr().lock();
            let lines: Vec<String> = text.lines().map(clean).collect();
            if writeln!(err, "{}", lines.join("\n")).is_err() {
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
