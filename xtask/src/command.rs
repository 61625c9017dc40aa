//! Programs that a task starts: shown before, timed after.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// The cargo that runs this task.
pub(crate) fn cargo(dir: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(dir).stdin(Stdio::null());
    command
}

/// Whether a program can be started and answers.
pub(crate) fn answers(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// What a program prints, trimmed; `None` where it is missing or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Runs a command with its output on ours.
///
/// # Errors
/// It cannot be started, or ends with another code than zero.
pub(crate) fn show_and_run(command: &mut Command) -> anyhow::Result<()> {
    let shown = shown(command);
    println!("\n$ {shown}");
    let start = Instant::now();
    let status = command.status().with_context(|| format!("`{shown}` cannot be started"))?;
    println!("  took {}", Took(start.elapsed()));
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// Runs work of this process as [`show_and_run`] runs a command.
pub(crate) fn show_and_do(what: &str, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    println!("\n$ {what}");
    let start = Instant::now();
    let done = work();
    println!("  took {}", Took(start.elapsed()));
    done.with_context(|| format!("`{what}` failed"))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let variables = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let mut words: Vec<String> =
        variables.map(|(name, value)| format!("{}={}", name.to_string_lossy(), quoted(value))).collect();
    words.push(quoted(program));
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains(char::is_whitespace) { format!("\"{word}\"") } else { word.into_owned() }
}

/// A duration for people.
pub(crate) struct Took(pub(crate) Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        if seconds < 100.0 { write!(f, "{seconds:.1} s") } else { write!(f, "{:.1} min", seconds / 60.0) }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{answer, answers, show_and_run, shown};

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--no-deps"]);
        assert_eq!(shown(&command), "RUSTDOCFLAGS=\"-D warnings\" cargo doc --no-deps");
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = show_and_run(Command::new("git").arg("no-such-verb")).unwrap_err();
        assert!(error.to_string().starts_with("`git no-such-verb` failed"), "{error}");
        let error = show_and_run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert_eq!(error.to_string(), "`no-such-program-here` cannot be started");
    }

    #[test]
    fn a_missing_program_has_no_answer() {
        assert!(!answers(&mut Command::new("no-such-program-here")));
        assert_eq!(answer(&mut Command::new("no-such-program-here")), None);
        assert!(
            answer(Command::new("git").arg("--version")).is_some_and(|text| text.starts_with("git version"))
        );
    }
}
