//! Something that is measured, and measuring it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::sample::Sample;

/// Something that is measured.
pub(super) struct Case {
    name: String,
    command: Command,
    input: Option<PathBuf>,
    /// Done before and after each run, and not measured.
    pub(super) before: Option<Aside>,
    pub(super) after: Option<Aside>,
    warm_ups: usize,
    runs: usize,
}

/// Something that belongs to a run, and is not measured.
pub(super) type Aside = Box<dyn Fn() -> anyhow::Result<()>>;

impl Case {
    /// A case that is fed a file on standard input.
    pub(super) fn reading(name: &str, file: &Path, command: Command) -> Self {
        Self { input: Some(file.to_owned()), ..Self::new(name, command) }
    }

    pub(super) fn new(name: &str, mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { name: name.to_owned(), command, input: None, before: None, after: None, warm_ups: 0, runs: 0 }
    }

    pub(super) fn runs(self, warm_ups: usize, runs: usize) -> Self {
        Self { warm_ups, runs, ..self }
    }

    fn once(&mut self) -> anyhow::Result<Duration> {
        if let Some(path) = &self.input {
            self.command.stdin(fs::File::open(path).with_context(|| path.display().to_string())?);
        }
        if let Some(before) = &self.before {
            before().with_context(|| self.name.clone())?;
        }
        let start = Instant::now();
        let status = self.command.status();
        let took = start.elapsed();
        let status = status.with_context(|| self.name.clone())?;
        if !status.success() {
            bail!("{} failed ({status}): what fails is not worth measuring", self.name);
        }
        if let Some(after) = &self.after {
            after().with_context(|| self.name.clone())?;
        }
        Ok(took)
    }
}

/// Runs the cases in turn, each as often as it wants to be.
pub(super) fn measure(mut cases: Vec<Case>) -> anyhow::Result<Vec<Sample>> {
    let mut samples: Vec<Sample> = cases.iter().map(|case| Sample::new(&case.name)).collect();
    let turns = cases.iter().map(|case| case.warm_ups + case.runs).max().unwrap_or(0);
    for turn in 0..turns {
        for (case, sample) in cases.iter_mut().zip(&mut samples) {
            if turn >= case.warm_ups + case.runs {
                continue;
            }
            let took = case.once()?;
            if turn >= case.warm_ups {
                sample.add(took);
            }
        }
    }
    Ok(samples)
}
