//! setuptools-scm, in one process that answers line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context as _, bail};

use super::super::git::ENVIRONMENT;
use super::NOW;
use crate::conformance::Installed;

const SCRIPT: &str = include_str!("scm.py");

/// The other side.
pub(super) struct Scm {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Scm {
    /// Starts it.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(reference: &Installed, dir: &Path) -> anyhow::Result<Self> {
        let script = dir.join("derive.py");
        std::fs::write(&script, SCRIPT).with_context(|| script.display().to_string())?;
        let mut command = reference.command(&script);
        command.envs(ENVIRONMENT).env(NOW.0, NOW.1);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("python has no pipes");
        };
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// The version of what is in a directory; `error: …` where there is none.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn ask(&mut self, dir: &Path) -> anyhow::Result<String> {
        writeln!(self.input, "{}", serde_json::to_string(&dir.display().to_string())?)?;
        self.input.flush()?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("setuptools-scm ended in {}", dir.display());
        }
        serde_json::from_str(&line).with_context(|| format!("setuptools-scm answers {line:?}"))
    }

    /// Lets it end.
    ///
    /// # Errors
    /// It fails.
    pub(super) fn end(self) -> anyhow::Result<()> {
        let Self { mut child, input, output } = self;
        drop((input, output));
        let status = child.wait()?;
        if !status.success() {
            bail!("setuptools-scm: {status}");
        }
        Ok(())
    }
}
