//! What waiting for tminus costs, beside what git costs and what starting any program costs.
//!
//! Cases of a group take turns (A B C A B C …), so that a machine that is busy for a moment is busy for all of them.
//! There are no thresholds: numbers of different machines and moments say nothing about each other.

mod case;
mod history;
mod manifests;
mod sample;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use self::case::{Case, measure};
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
const GROUPS: [&str; 5] = ["commands", "history", "manifests", "rehearsal", "versions"];

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let runs = arguments.value("--runs")?.unwrap_or(RUNS);
    let packages = arguments.value("--packages")?.unwrap_or_else(|| manifests::PACKAGES.to_owned());
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
    if wanted("history") {
        tables.extend(history::tables(&workspace, &tminus, runs)?);
    }
    if wanted("manifests") {
        tables.extend(manifests::tables(&workspace, &tminus, &packages)?);
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
