//! What waiting for tminus costs, beside what git costs and what starting any program costs.
//!
//! Cases of a group take turns (A B C A B C …), so that a machine that is busy for a moment is busy for all of them.
//! There are no thresholds: numbers of different machines and moments say nothing about each other.

mod sample;

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
const WARM_UPS: usize = 2;

/// A rehearsal makes a project, releases it and installs the result: three show how much it varies.
const REHEARSALS: usize = 3;

const FLOOR: &str = "a program that does nothing";

/// Something that is measured.
struct Case {
    name: String,
    command: Command,
}

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let runs = arguments.value("--runs")?.unwrap_or(RUNS);
    let filter = arguments.word().unwrap_or_default();
    arguments.end()?;
    if runs < LEAST_RUNS {
        return Err(Usage(format!("--runs {runs}: fewer than {LEAST_RUNS} say nothing")).into());
    }
    let workspace = Workspace::find()?;
    let tminus = build(&workspace, Profile::Release)?;
    let floor = floor(&workspace.target.join("bench"))?;
    let bed = Bed::new(&tminus)?;

    let start = vec![
        Case::new(FLOOR, bed.command(&floor, &[])),
        Case::new("tminus --version", bed.command("tminus", &["--version"])),
        Case::new("git --version", bed.command("git", &["--version"])),
    ];
    let demo = vec![
        Case::new("tminus plan minor (demo, sandbox)", bed.command("tminus", &["plan", "minor"])),
        Case::new("tminus status (demo)", bed.command("tminus", &["status"])),
        Case::new("git ls-remote origin (demo)", bed.command("git", &["ls-remote", "origin"])),
        Case::new("git status (demo)", bed.command("git", &["status"])),
    ];
    let rehearsal = vec![Case::new("tminus rehearse --demo", bed.command("tminus", &["rehearse", "--demo"]))];

    let mut samples = Vec::new();
    for (cases, warm_ups, runs) in
        [(start, WARM_UPS, runs), (demo, WARM_UPS, runs), (rehearsal, 0, REHEARSALS)]
    {
        // The floor is always measured: every row is compared with it.
        let wanted = |case: &Case| case.name == FLOOR || case.name.contains(&filter);
        samples.extend(measure(cases.into_iter().filter(wanted).collect(), warm_ups, runs)?);
    }
    if samples.len() == 1 && !FLOOR.contains(&filter) {
        return Err(Usage(format!("no case has `{filter}` in its name")).into());
    }
    println!("\n{}\n", circumstances());
    print!("{}", sample::table(&samples));
    Ok(())
}

impl Case {
    fn new(name: &str, mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { name: name.to_owned(), command }
    }

    fn once(&mut self) -> anyhow::Result<Duration> {
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

/// Runs the cases in turn.
fn measure(mut cases: Vec<Case>, warm_ups: usize, runs: usize) -> anyhow::Result<Vec<Sample>> {
    let mut samples: Vec<Sample> = cases.iter().map(|case| Sample::new(&case.name)).collect();
    for turn in 0..warm_ups + runs {
        for (case, sample) in cases.iter_mut().zip(&mut samples) {
            let took = case.once()?;
            if turn >= warm_ups {
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
