//! What waiting for tminus costs, beside what git costs and what starting any program costs.
//!
//! Cases of a group take turns (A B C A B C …), so that a machine that is busy for a moment is busy for all of them.
//! There are no thresholds: numbers of different machines and moments say nothing about each other.

mod sample;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use self::sample::Sample;
use crate::arguments::{Arguments, Usage};
use crate::bed::{Bed, Profile, build};
use crate::command::{answer, show_and_run};
use crate::workspace::Workspace;

const RUNS: usize = 21;
const LEAST_RUNS: usize = 11;

/// A rehearsal makes a project, releases it and installs the result: three show how much it varies.
const REHEARSALS: usize = 3;

/// Whole programs that take ten seconds: three again.
const SLOW_RUNS: usize = 3;

const FLOOR: &str = "a program that does nothing";

/// The groups, in the order in which they run.
const GROUPS: [&str; 3] = ["commands", "rehearsal", "versions"];

/// Something that is measured.
struct Case {
    name: String,
    command: Command,
    input: Option<PathBuf>,
    warm_ups: usize,
    runs: usize,
}

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let runs = arguments.value("--runs")?.unwrap_or(RUNS);
    let group = arguments.word();
    arguments.end()?;
    if runs < LEAST_RUNS {
        return Err(Usage(format!("--runs {runs}: fewer than {LEAST_RUNS} say nothing")).into());
    }
    if let Some(unknown) = group.as_deref().filter(|group| !GROUPS.contains(group)) {
        return Err(Usage(format!("`{unknown}`: there is only {}", GROUPS.join(", "))).into());
    }
    let wanted = |name: &str| group.as_deref().is_none_or(|group| group == name);
    let workspace = Workspace::find()?;
    let tminus = build(&workspace, Profile::Release)?;
    let mut tables = Vec::new();
    if wanted("commands") || wanted("rehearsal") {
        let floor = floor(&workspace.target.join("bench"))?;
        let bed = Bed::new(&tminus)?;
        if wanted("commands") {
            tables.push(sample::table(&measure(commands(&bed, &floor, runs))?));
        }
        if wanted("rehearsal") {
            let rehearse = bed.command("tminus", &["rehearse", "--demo"]);
            let rehearsal = Case::new("tminus rehearse --demo", rehearse).runs(0, REHEARSALS);
            let floor = Case::new(FLOOR, bed.command(&floor, &[])).runs(2, runs);
            tables.push(sample::table(&measure(vec![floor, rehearsal])?));
        }
    }
    if wanted("versions") {
        for group in versions::groups(&workspace, &tminus)? {
            let quick = group.quick.into_iter().map(|case| case.runs(1, LEAST_RUNS));
            let slow = group.slow.into_iter().map(|case| case.runs(0, SLOW_RUNS));
            tables.push(sample::table(&measure(quick.chain(slow).collect())?));
        }
    }
    println!("\n{}\n\n{}", circumstances(), tables.join("\n"));
    Ok(())
}

/// What people wait for, beside git.
fn commands(bed: &Bed, floor: &str, runs: usize) -> Vec<Case> {
    let git = |arguments: &[&str]| bed.command("git", arguments);
    let tminus = |arguments: &[&str]| bed.command("tminus", arguments);
    let cases = [
        Case::new(FLOOR, bed.command(floor, &[])),
        Case::new("tminus --version", tminus(&["--version"])),
        Case::new(
            "tminus version convert",
            tminus(&["version", "convert", "--from", "pep440", "--to", "npm", "1.0rc1"]),
        ),
        Case::new("git --version", git(&["--version"])),
        Case::new("tminus plan minor (demo, sandbox)", tminus(&["plan", "minor"])),
        Case::new("tminus status (demo)", tminus(&["status"])),
        Case::new("git ls-remote origin (demo)", git(&["ls-remote", "origin"])),
        Case::new("git status (demo)", git(&["status"])),
    ];
    cases.into_iter().map(|case| case.runs(2, runs)).collect()
}

impl Case {
    /// A case that is fed a file on standard input.
    fn reading(name: &str, file: &Path, command: Command) -> Self {
        Self { input: Some(file.to_owned()), ..Self::new(name, command) }
    }

    fn new(name: &str, mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { name: name.to_owned(), command, input: None, warm_ups: 0, runs: 0 }
    }

    fn runs(self, warm_ups: usize, runs: usize) -> Self {
        Self { warm_ups, runs, ..self }
    }

    fn once(&mut self) -> anyhow::Result<Duration> {
        if let Some(path) = &self.input {
            self.command.stdin(fs::File::open(path).with_context(|| path.display().to_string())?);
        }
        let start = Instant::now();
        let status = self.command.status();
        let took = start.elapsed();
        let status = status.with_context(|| self.name.clone())?;
        if !status.success() {
            bail!("{} failed ({status}): what fails is not worth measuring", self.name);
        }
        Ok(took)
    }
}

/// Runs the cases in turn, each as often as it wants to be.
fn measure(mut cases: Vec<Case>) -> anyhow::Result<Vec<Sample>> {
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

/// Compiles the program that does nothing: what the system alone takes for starting one.
fn floor(dir: &Path) -> anyhow::Result<String> {
    fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    let (source, program): (PathBuf, PathBuf) = (dir.join("nothing.rs"), dir.join("nothing"));
    fs::write(&source, "fn main() {}\n").with_context(|| source.display().to_string())?;
    show_and_run(Command::new("rustc").current_dir(dir).args([
        "-O",
        "--edition",
        "2024",
        "-o",
        "nothing",
        "nothing.rs",
    ]))?;
    Ok(program.display().to_string())
}

/// The machine and the tools, as far as they matter to the numbers.
fn circumstances() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split_whitespace().take(3).collect();
    let load = if load.is_empty() { "unknown".to_owned() } else { load.join(" ") };
    let tool = |program: &str| answer(Command::new(program).arg("--version")).unwrap_or_default();
    format!("{processors} processors, load {load}; {}; {}", tool("rustc"), tool("git"))
}
