use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use tminus_engine::events::{Event, Reporter, StepOutcome};

use super::clean;

/// Lines for people, with a live line for the step that runs now.
pub(crate) struct LiveReporter {
    live: bool,
    quiet: bool,
    verbose: bool,
    bar: Mutex<Option<ProgressBar>>,
}

/// The width of the column of step names, and what fits beside it on 100 columns.
const COLUMN: usize = 28;
const LINE: usize = 60;

const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

impl LiveReporter {
    pub(crate) fn new(live: bool, quiet: bool, verbose: bool) -> Self {
        Self { live, quiet, verbose, bar: Mutex::new(None) }
    }

    /// Writes a line above the live one.
    fn line(&self, text: &str) {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let write = || drop(writeln!(anstream::stdout(), "{text}"));
        match bar.as_ref() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn begin(&self, text: String) {
        if !self.live {
            return;
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {wide_msg} {elapsed:.dim}") {
            bar.set_style(style);
        }
        bar.set_message(text);
        bar.enable_steady_tick(Duration::from_millis(120));
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
    }

    fn end(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl Reporter for LiveReporter {
    fn report(&self, event: &Event) {
        match event {
            Event::Started { project, version, steps, resumed } => {
                let verb = if *resumed { "Going on with" } else { "Releasing" };
                self.line(&format!("{verb} {project} {version}, {steps} steps"));
            }
            Event::Performing { step, what } => self.begin(format!("{step}: {}", clean(what))),
            Event::Progress { step, text } => {
                let text = clean(text);
                if self.verbose {
                    self.line(&format!("    {DIM}{text}{DIM:#}"));
                }
                if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
                    bar.set_message(format!("{step}: {text}"));
                }
            }
            Event::Finished { step, what, outcome, detail } => {
                self.end();
                let (mark, style) = match outcome {
                    StepOutcome::Done => ("done   ", GREEN),
                    StepOutcome::AlreadyDone => ("is done", GREEN),
                    StepOutcome::Waiting => ("waits  ", YELLOW),
                    StepOutcome::Blocked => ("later  ", DIM),
                    StepOutcome::LeftOut => ("left   ", DIM),
                    StepOutcome::Failed => ("failed ", RED),
                };
                let nothing_happened =
                    matches!(outcome, StepOutcome::AlreadyDone | StepOutcome::Blocked | StepOutcome::LeftOut);
                if self.quiet && nothing_happened {
                    return;
                }
                let detail = clean(if *outcome == StepOutcome::Failed { "" } else { detail });
                // What the step learnt says more than what it set out to do, where both do not fit a line.
                let both = what.chars().count() + detail.chars().count() <= LINE;
                let decided =
                    step.phase() == "gate" && matches!(outcome, StepOutcome::Done | StepOutcome::AlreadyDone);
                let text = match (detail.is_empty(), (both && !decided) || *outcome == StepOutcome::Waiting) {
                    (true, _) => clean(what),
                    (false, true) => format!("{}  {DIM}{detail}{DIM:#}", clean(what)),
                    (false, false) => format!("{DIM}{detail}{DIM:#}"),
                };
                self.line(&format!("  {style}{mark}{style:#} {:<COLUMN$} {text}", step.as_str()));
            }
            Event::Note { text } => self.line(&format!("  {DIM}{}{DIM:#}", clean(text))),
            Event::Ended { summary, .. } => {
                self.end();
                self.line(&clean(summary));
            }
            _ => {}
        }
    }
}
