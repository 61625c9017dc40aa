//! What people and programs see: lines, live progress, JSON.

mod reporter;

pub(crate) use reporter::LiveReporter;

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use tminus_engine::events::{Event, Reporter};

use crate::CommandError;
use crate::args::{Color, Global};

/// How this process talks.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    verbose: bool,
    progress: bool,
}

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default();

impl Output {
    pub(crate) fn new(global: &Global) -> Self {
        match global.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        let terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        Self {
            json: global.json,
            quiet: global.quiet,
            verbose: global.verbose,
            progress: terminal && !global.no_progress && !global.quiet && !global.json,
        }
    }

    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    pub(crate) fn verbose(&self) -> bool {
        self.verbose
    }

    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// A line of the answer.
    pub(crate) fn line(&self, text: &str) {
        // A closed pipe means that nobody reads any more.
        drop(writeln!(anstream::stdout(), "{text}"));
    }

    /// Text of the answer as it is.
    pub(crate) fn text(&self, text: &str) {
        drop(write!(anstream::stdout(), "{text}"));
    }

    /// A diff: for reading on a terminal, with every byte as it is for anybody else.
    pub(crate) fn diff(&self, readable: &str, patch: &[u8]) {
        if std::io::stdout().is_terminal() {
            self.text(&clean(readable));
        } else {
            drop(std::io::stdout().write_all(patch));
        }
    }

    /// A line that a person may want to know, not part of the answer.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet && !self.json {
            drop(writeln!(anstream::stderr(), "{text}"));
        }
    }

    /// Where a run's events go.
    pub(crate) fn reporter(&self) -> Arc<dyn Reporter> {
        if self.json {
            Arc::new(JsonReporter)
        } else {
            Arc::new(LiveReporter::new(self.progress, self.quiet, self.verbose))
        }
    }

    pub(crate) fn error(&self, error: &CommandError) {
        if self.json {
            let problems: Vec<_> = error
                .problems
                .iter()
                .map(|problem| serde_json::json!({ "what": clean(&problem.what), "remedies": problem.remedies }))
                .collect();
            let event =
                serde_json::json!({ "event": "error", "code": error.exit.code(), "problems": problems });
            self.line(&event.to_string());
            return;
        }
        let mut stderr = anstream::stderr();
        for problem in &error.problems {
            let what = clean(&problem.what).replace('\n', "\n       ");
            drop(writeln!(stderr, "{RED}error{RED:#}: {what}"));
            for remedy in &problem.remedies {
                drop(writeln!(stderr, "  {CYAN}try{CYAN:#}: {}", clean(remedy)));
            }
        }
    }

    /// Asks whether to go on. `None` where nobody can be asked.
    pub(crate) fn confirm(&self, question: &str) -> Option<bool> {
        if self.json || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        let mut stderr = anstream::stderr();
        drop(write!(stderr, "{question} [y/N] "));
        drop(stderr.flush());
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}

/// Text from outside without control characters, so that a title cannot move the cursor.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// Prints help, or why the command line is not understood.
///
/// The arguments that it quotes may hold anything; clap writes them as they are.
pub(crate) fn print_usage(error: &clap::Error) -> std::io::Result<()> {
    let mut text = error.render().to_string();
    let arguments = std::env::args_os();
    for argument in arguments.filter_map(|argument| argument.into_string().ok()) {
        let value = argument.split_once('=').map_or("", |(_, value)| value);
        for quoted in [argument.as_str(), value] {
            if quoted.chars().any(char::is_control) {
                text = text.replace(quoted, &clean(quoted).replace('\n', " "));
            }
        }
    }
    if error.use_stderr() {
        anstream::stderr().write_all(text.as_bytes())
    } else {
        anstream::stdout().write_all(text.as_bytes())
    }
}

/// One JSON object a line.
struct JsonReporter;

impl Reporter for JsonReporter {
    fn report(&self, event: &Event) {
        if let Ok(line) = serde_json::to_string(event) {
            drop(writeln!(std::io::stdout(), "{line}"));
        }
    }
}
