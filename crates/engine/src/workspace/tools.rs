//! Writes a change, lets the tools of lock files do what only they can, and asks them whether all is in step. When that
//! fails, every file is as it was before.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tminus_manifests::bump::{LockFate, LockOutcome};
use tminus_manifests::lock::{LockKind, MAX_LOCK_BYTES};
use tminus_manifests::{EditSet, RelPath};
use tminus_vcs::{Invocation, Output, Run};

use super::{Planned, Project, WorkspaceError};
use crate::{Environment, Exit};

/// How long a tool may take.
const LIMIT: Duration = Duration::from_secs(900);

/// The tools of lock files, and what they need to run.
pub struct ToolRun<'a> {
    /// Starts them.
    pub runner: &'a dyn Run,
    /// What they inherit from.
    pub environment: &'a Environment,
    /// Whether they are asked if their lock file is in step afterwards.
    pub check: bool,
    /// Whether they are run where only they can bring their lock file in step; else it is left as it is.
    pub run: bool,
}

/// What a tool said about a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolReport {
    /// It is in step, says the command.
    InStep(String),
    /// It was not asked, for this reason.
    NotAsked(String),
}

impl Project {
    /// Writes a change.
    ///
    /// # Errors
    ///
    /// - a file that changed since it was read, or cannot be written
    /// - a tool that is needed and is not there, or fails
    /// - a lock file that was in step before and is not any more
    pub fn write(
        &self,
        planned: &Planned,
        tools: &ToolRun<'_>,
    ) -> Result<BTreeMap<RelPath, ToolReport>, WorkspaceError> {
        let outcome = &planned.outcome;
        let before: Vec<(&LockOutcome, Option<String>)> = if tools.check && !outcome.edits.is_empty() {
            let is_left = |lock: &&LockOutcome| !tools.run && matches!(lock.fate, LockFate::Tool { .. });
            let asked = outcome.locks.iter().filter(|lock| !is_left(lock));
            asked.map(|lock| (lock, self.objection(lock, tools))).collect()
        } else {
            Vec::new()
        };
        let written = outcome.edits.write(&self.root);
        written.map_err(|error| WorkspaceError::new(Exit::NoGo, chain(&error)))?;
        let kept: BTreeMap<&RelPath, Vec<u8>> = outcome
            .locks
            .iter()
            .filter_map(|lock| Some((&lock.path, self.workspace.source(&lock.path)?.to_vec())))
            .collect();
        let result = self.run_tools(&outcome.locks, tools).and_then(|()| self.ask(&before, tools));
        result.map_err(|error| self.put_back(error, &outcome.edits, &kept))
    }

    /// Runs the tools that are needed.
    fn run_tools(&self, locks: &[LockOutcome], tools: &ToolRun<'_>) -> Result<(), WorkspaceError> {
        for lock in locks {
            let LockFate::Tool { why, command } = &lock.fate else { continue };
            if !tools.run {
                continue;
            }
            let shown = command.join(" ");
            let failed = |what: String| {
                WorkspaceError::new(Exit::NoGo, format!("{}: {why}; {what}", lock.path))
                    .with_remedy(format!("leave it with --no-tool, and run `{shown}` when that can work"))
            };
            match self.run(lock, command, tools) {
                Ok(output) if output.success() => {}
                Ok(output) => return Err(failed(format!("`{shown}` failed: {}", last_words(&output)))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(failed(format!("`{shown}` is needed and is not there")));
                }
                Err(error) => return Err(failed(format!("`{shown}` cannot run: {error}"))),
            }
        }
        Ok(())
    }

    /// Asks each tool whether its lock file is in step.
    fn ask(
        &self,
        before: &[(&LockOutcome, Option<String>)],
        tools: &ToolRun<'_>,
    ) -> Result<BTreeMap<RelPath, ToolReport>, WorkspaceError> {
        let mut reports = BTreeMap::new();
        for (lock, objection) in before {
            let shown = check(lock.kind).join(" ");
            let report = match objection {
                Some(why) => ToolReport::NotAsked(why.clone()),
                None => match self.objection(lock, tools) {
                    None => ToolReport::InStep(shown),
                    Some(why) => {
                        let what = format!("{}: an objection after the edits: {why}", lock.path);
                        return Err(WorkspaceError::new(Exit::NoGo, what).with_remedy(
                            "leave lock files alone with --no-lock, or do not ask with --no-check",
                        ));
                    }
                },
            };
            reports.insert(lock.path.clone(), report);
        }
        Ok(reports)
    }

    /// Why a tool does not say that its lock file is in step.
    fn objection(&self, lock: &LockOutcome, tools: &ToolRun<'_>) -> Option<String> {
        let command: Vec<String> = check(lock.kind).iter().map(|word| (*word).to_owned()).collect();
        match self.run(lock, &command, tools) {
            Ok(output) if output.success() => None,
            Ok(output) => Some(format!("`{}`: {}", command.join(" "), last_words(&output))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Some(format!("{} is not there", command.first().map_or("the tool", String::as_str)))
            }
            Err(error) => Some(format!("`{}`: {error}", command.join(" "))),
        }
    }

    fn run(&self, lock: &LockOutcome, command: &[String], tools: &ToolRun<'_>) -> io::Result<Output> {
        let (program, args) =
            command.split_first().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let directory: PathBuf = self.root.join(lock.path.parent().unwrap_or_default());
        tools.runner.run(&Invocation {
            args: args.iter().map(Into::into).collect(),
            environment: tools.environment.for_children(),
            timeout: Some(LIMIT),
            ..Invocation::new(program, directory)
        })
    }

    /// Gives every file its old contents again.
    fn put_back(
        &self,
        error: WorkspaceError,
        edits: &EditSet,
        locks: &BTreeMap<&RelPath, Vec<u8>>,
    ) -> WorkspaceError {
        let mut back = edits.reversed();
        let mut problems: Vec<String> = Vec::new();
        for (path, old) in locks {
            back.forget(path);
            let limit = u64::try_from(MAX_LOCK_BYTES).unwrap_or(u64::MAX);
            let restored = match crate::files::read_limited(&path.below(&self.root), limit) {
                Ok(now) if now == *old => Ok(()),
                Ok(now) => back.edit((*path).clone(), now, old.clone()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    back.create((*path).clone(), old.clone())
                }
                Err(error) => {
                    problems.push(format!("{path}: {error}"));
                    Ok(())
                }
            };
            problems.extend(restored.err().map(|error| error.to_string()));
        }
        // Somebody who has changed one of the files in the meantime keeps it, and all others are put back.
        for edit in back.singly() {
            if let Err(error) = edit.write(&self.root) {
                problems.push(chain(&error));
            }
        }
        if problems.is_empty() {
            WorkspaceError {
                what: format!("{}\nevery file that was edited is as it was before", error.what),
                ..error
            }
        } else {
            let what = format!("{}\nthese were not put back: {}", error.what, problems.join("; "));
            WorkspaceError { what, ..error }
        }
    }
}

/// An error with what it came from.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}

/// The command by which a tool says whether its lock file is in step, without a network.
fn check(kind: LockKind) -> &'static [&'static str] {
    match kind {
        LockKind::Uv => &["uv", "lock", "--check", "--offline"],
        LockKind::Poetry => &["poetry", "check", "--lock"],
        LockKind::Npm => &["npm", "ls", "--package-lock-only", "--all", "--offline", "--ignore-scripts"],
        LockKind::Pnpm => {
            &["pnpm", "install", "--frozen-lockfile", "--lockfile-only", "--offline", "--ignore-scripts"]
        }
        _ => &["cargo", "metadata", "--locked", "--offline", "--format-version", "1"],
    }
}

/// The end of what a program said.
fn last_words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let said = text(&output.stderr);
    let said = if said.is_empty() { text(&output.stdout) } else { said };
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(8)..).unwrap_or_default().join("; ");
    if last.is_empty() { "it said nothing".to_owned() } else { last }
}
