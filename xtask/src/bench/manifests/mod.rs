//! A minor release of every package of a large tree: versions, pins on siblings, the lock file.
//!
//! Each run works on a fresh copy, and what it leaves is compared with what it should be. The floors do the same work
//! without understanding it.

mod peers;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use anyhow::{Context as _, bail};

use self::peers::{BESIDE_THE_POINT, Peer};
use super::{Case, LEAST_RUNS, SLOW_RUNS, measure, sample};
use crate::command::show_and_run;
use crate::monorepo::{Expectation, Kind, Options, Style, write};
use crate::workspace::Workspace;

/// How many packages, unless `--packages` says otherwise.
pub(super) const PACKAGES: &str = "700";

/// Peers that take a second for 700 packages are not asked for more.
const SLOW_UP_TO: usize = 1000;

/// Our own command.
const TMINUS: [&str; 3] = ["bump", "minor", "--all"];

/// The first is what the others are compared with.
const FLOORS: [(&str, &str); 3] = [
    ("floor: read all, write all, rename all", "rename"),
    ("floor, with fdatasync of each file", "sync"),
    ("floor, reading alone", "read"),
];

/// The work of one case.
struct Work {
    tree: PathBuf,
    copy: PathBuf,
    files: Vec<(&'static str, String)>,
    repository: bool,
    expectation: Rc<Expectation>,
}

impl Work {
    /// A fresh copy, on the disk.
    fn prepare(&self) -> anyhow::Result<()> {
        if self.copy.exists() {
            fs::remove_dir_all(&self.copy).with_context(|| self.copy.display().to_string())?;
        }
        copy(&self.tree, &self.copy)?;
        for (name, text) in &self.files {
            let path = self.copy.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        if self.repository {
            peers::repository(&self.copy)?;
        }
        // What was copied must not be written out while something is measured.
        Command::new("sync").status().context("sync cannot be started")?;
        Ok(())
    }
}

pub(super) fn tables(workspace: &Workspace, tminus: &Path, sizes: &str) -> anyhow::Result<Vec<String>> {
    let dir = workspace.target.join("bench");
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    let floor = floor(&dir)?;
    let mut tables = Vec::new();
    for size in sizes.split(',') {
        let packages: usize = size.trim().parse().with_context(|| format!("--packages {sizes}"))?;
        for (kind_name, kind) in [("py", Kind::Py), ("npm", Kind::Npm)] {
            for (style_name, style) in Style::ALL {
                let options = Options { kind, style, packages, seed: 1, plain: true };
                let name = format!("{kind_name}, {style_name}, {packages} packages");
                tables.push(format!("{name}\n\n{}", table(&dir, (&floor, tminus), kind_name, options)?));
            }
        }
    }
    Ok(tables)
}

fn table(
    dir: &Path,
    (floor, tminus): (&Path, &Path),
    kind: &str,
    options: Options,
) -> anyhow::Result<String> {
    let tree = dir.join("tree");
    if tree.exists() {
        fs::remove_dir_all(&tree).with_context(|| tree.display().to_string())?;
    }
    let expectation = Rc::new(write(&tree, options)?);
    let work = |files: Vec<(&'static str, String)>, repository: bool| Work {
        tree: tree.clone(),
        copy: dir.join("copy"),
        files,
        repository,
        expectation: Rc::clone(&expectation),
    };
    let mut cases = Vec::new();
    for (name, mode) in FLOORS {
        let mut command = Command::new(floor);
        command.args([kind, mode]);
        cases.push(case(name, command, work(Vec::new(), true), mode != "read").runs(1, LEAST_RUNS));
    }
    let mut notes = Vec::new();
    let mut command = Command::new(tminus);
    command.args(TMINUS);
    let name = format!("tminus {}", TMINUS.join(" "));
    match tried(&mut command, &work(Vec::new(), true)) {
        Ok(note) => {
            notes.push(format!("{name}: {note}"));
            cases.push(case(&name, command, work(Vec::new(), true), true).runs(1, LEAST_RUNS));
        }
        Err(error) => notes.push(format!("{name}: left out, {error:#}")),
    }
    let old = expectation.core();
    for peer in peers::all(dir, options.kind, options.style, &tree, old)? {
        if peer.slow && options.packages > SLOW_UP_TO {
            notes.push(format!("{}: left out, it takes too long", peer.name));
            continue;
        }
        let Peer { name, program, arguments, files, repository, slow } = peer;
        let mut command = Command::new(program);
        command.args(arguments);
        let work = work(files, repository);
        match tried(&mut command, &work) {
            Ok(note) => {
                notes.push(format!("{name}: {note}"));
                let runs = if slow { (0, SLOW_RUNS) } else { (1, LEAST_RUNS) };
                cases.push(case(&name, command, work, false).runs(runs.0, runs.1));
            }
            Err(error) => notes.push(format!("{name}: left out, {error:#}")),
        }
    }
    let table = sample::table(&measure(cases)?);
    Ok(format!("{table}\n{}\n", notes.join("\n")))
}

/// A case that works on a fresh copy each time; one that must leave exactly what it should is held to it each time.
fn case(name: &str, mut command: Command, work: Work, exact: bool) -> Case {
    command.current_dir(&work.copy);
    let mut case = Case::new(name, command);
    let work = Rc::new(work);
    let after = Rc::clone(&work);
    case.before = Some(Box::new(move || work.prepare()));
    if exact {
        case.after = Some(Box::new(move || {
            let report = after.expectation.check(&after.copy, &BESIDE_THE_POINT)?;
            match report.differences.first() {
                None => Ok(()),
                Some(first) => bail!("it leaves {report}: {first}"),
            }
        }));
    }
    case
}

/// Runs a program once, and says how much of the work it does.
fn tried(command: &mut Command, work: &Work) -> anyhow::Result<String> {
    work.prepare()?;
    let output =
        command.current_dir(&work.copy).stdin(Stdio::null()).output().context("it cannot be started")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("it fails: {}", text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default());
    }
    Ok(work.expectation.check(&work.copy, &BESIDE_THE_POINT)?.to_string())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(&path, &to).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

/// Compiles the floor, with the standard library alone.
fn floor(dir: &Path) -> anyhow::Result<PathBuf> {
    let source = dir.join("manifests-floor.rs");
    fs::write(&source, include_str!("floor/main.rs")).with_context(|| source.display().to_string())?;
    let program = dir.join("manifests-floor");
    show_and_run(Command::new("rustc").args(["-O", "--edition", "2024", "-o"]).arg(&program).arg(&source))?;
    Ok(program)
}
