//! Starting other programs: one door, so that an engine can watch, journal and break every call.

mod capture;
#[cfg(unix)]
mod family;
mod system;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::redact::redacted;
pub use system::SystemRunner;

/// One program to run, with everything it is given.
///
/// `Debug` shows arguments with credentials in URLs removed, only the names of environment variables, and only the
/// length of the standard input: an invocation can be logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The executable: a path, or a bare name that is looked up in the child's own `PATH`.
    pub program: PathBuf,
    /// The arguments, without the program; no shell ever sees them.
    pub args: Vec<OsString>,
    /// Where the child runs.
    pub dir: PathBuf,
    /// The complete environment: the child inherits nothing else.
    pub environment: Vec<(OsString, OsString)>,
    /// What the child reads; `None` gives it an empty input.
    pub stdin: Option<Vec<u8>>,
    /// How long it may take before it is asked to end, and then made to.
    pub timeout: Option<Duration>,
}

impl Invocation {
    /// An invocation without arguments, input or time limit.
    pub fn new(program: impl Into<PathBuf>, dir: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            dir: dir.into(),
            environment: Vec::new(),
            stdin: None,
            timeout: None,
        }
    }

    /// The command as a person would read it: no credentials, not meant for a shell.
    pub fn shown(&self) -> String {
        let mut text = self.program.display().to_string();
        for arg in &self.args {
            text.push(' ');
            text.push_str(&redacted(&arg.to_string_lossy()));
        }
        text
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.environment.iter().map(|(name, _)| name).collect();
        f.debug_struct("Invocation")
            .field("program", &self.program)
            .field(
                "args",
                &self
                    .args
                    .iter()
                    .map(|arg| redacted(&arg.to_string_lossy()).into_owned())
                    .collect::<Vec<_>>(),
            )
            .field("dir", &self.dir)
            .field("environment", &names)
            .field("stdin", &self.stdin.as_ref().map(Vec::len))
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// What a program left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The exit code; `None` when a signal ended it.
    pub status: Option<i32>,
    /// Standard output, from its beginning.
    pub stdout: Vec<u8>,
    /// Standard error, or its last part if it was larger than the runner keeps.
    pub stderr: Vec<u8>,
    /// Whether standard output was larger than the runner keeps.
    pub truncated: bool,
}

impl Output {
    /// Whether the exit code is zero.
    pub fn success(&self) -> bool {
        self.status == Some(0)
    }
}

/// Which of its two outputs a program wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Runs programs.
///
/// Everything in this crate that starts a process goes through a value of this trait, with one exception that gix makes by
/// itself: `Repository::status` starts the clean filters (git-lfs and the like) that the user has configured.
pub trait Run: Send + Sync {
    /// Runs a program to its end.
    ///
    /// # Errors
    ///
    /// The program cannot be started (`NotFound`), the directory does not exist (`NotADirectory`), or the time is up
    /// (`TimedOut`). A program that ends with another code than zero is not an error here.
    fn run(&self, command: &Invocation) -> io::Result<Output>;

    /// Runs a program to its end and reports each line it writes, without the line end, in the calling thread.
    ///
    /// The default reports the lines afterwards, which is right for wrappers and doubles; [`SystemRunner`] reports them
    /// as they come.
    ///
    /// # Errors
    ///
    /// As for [`Run::run`].
    fn run_with_lines(
        &self,
        command: &Invocation,
        on_line: &mut dyn FnMut(Channel, &str),
    ) -> io::Result<Output> {
        let output = self.run(command)?;
        for (channel, bytes) in [(Channel::Stdout, &output.stdout), (Channel::Stderr, &output.stderr)] {
            let mut lines = capture::Lines::default();
            lines.push(bytes, &mut |line| on_line(channel, line));
            lines.end(&mut |line| on_line(channel, line));
        }
        Ok(output)
    }
}
