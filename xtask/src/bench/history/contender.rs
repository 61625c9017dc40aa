//! Somebody who takes part: tried first, then measured, then run once more for its memory.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::super::Case;
use super::has_time;

/// GNU's, which tells the peak memory of what it starts.
pub(super) const TIME: &str = "/usr/bin/time";

/// Who is not done by then is left out.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command that answers a question about the repository it is started in.
#[derive(Debug, Clone)]
pub(super) struct Contender {
    pub(super) name: String,
    program: PathBuf,
    arguments: Vec<String>,
}

impl Contender {
    pub(super) fn new(name: &str, program: &Path, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
        Self { name: name.to_owned(), program: program.to_owned(), arguments }
    }

    fn command(&self, dir: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(dir).stdin(Stdio::null());
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LC_ALL", "C.UTF-8");
        command
    }

    pub(super) fn case(&self, dir: &Path) -> Case {
        Case::new(&self.name, self.command(dir))
    }

    /// How long one run takes, or why it cannot take part.
    ///
    /// # Errors
    /// It cannot be ended.
    pub(super) fn tried(&self, dir: &Path) -> anyhow::Result<Result<Duration, String>> {
        let start = Instant::now();
        let mut command = self.command(dir);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let Ok(mut child) = command.spawn() else {
            return Ok(Err("left out, it is not on this machine".to_owned()));
        };
        // Read while it runs: a full pipe would stop it.
        let words = child.stderr.take().map(|stderr| std::thread::spawn(|| std::io::read_to_string(stderr)));
        let status = loop {
            if let Some(status) = child.try_wait().with_context(|| self.name.clone())? {
                break status;
            }
            if start.elapsed() > PATIENCE {
                child.kill().with_context(|| self.name.clone())?;
                child.wait().with_context(|| self.name.clone())?;
                return Ok(Err(format!("left out, not done after {} s", PATIENCE.as_secs())));
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = start.elapsed();
        let words = words.and_then(|words| words.join().ok()).and_then(Result::ok).unwrap_or_default();
        if status.success() {
            return Ok(Ok(took));
        }
        let last = words.lines().find(|line| !line.trim().is_empty()).unwrap_or("no word").trim();
        Ok(Err(format!("left out, it fails: {last}")))
    }

    /// The most memory that one run takes, in KiB.
    ///
    /// # Errors
    /// It fails.
    pub(super) fn peak(&self, dir: &Path) -> anyhow::Result<Option<u64>> {
        if !has_time() {
            return Ok(None);
        }
        let file = tempfile::NamedTempFile::new().context("no temporary file")?;
        let plain = self.command(dir);
        let mut command = Command::new(TIME);
        command.args(["-f", "%M", "-o"]).arg(file.path()).arg(plain.get_program()).args(plain.get_args());
        command.current_dir(dir).envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().with_context(|| self.name.clone())?;
        let text = std::fs::read_to_string(file.path())?;
        Ok(text.trim().parse().ok())
    }
}
