//! Tasks of this workspace; `cargo xtask` lists them. See `xtask/README.md`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a task talks to a terminal, and works where and with what it was started"
)]

mod arguments;
mod bed;
mod bench;
mod ci;
mod command;
mod conformance;
mod corpus;
mod crates;
mod fuzz;
mod histories;
mod history;
mod matrix;
mod monorepo;
mod real;
mod release;
mod tidy;
mod workspace;

use std::process::ExitCode;

use crate::arguments::{Arguments, Usage};

/// A task: its name, its options, what it does.
const TASKS: [(&str, &str, &str); 12] = [
    (
        "bench",
        "[GROUP] [--runs N] [--packages N,N]",
        "commands, history, manifests, rehearsal, versions: tminus beside its peers and the floor",
    ),
    ("ci", "", "everything that CI checks, in CI's order"),
    (
        "conformance",
        "[SUBJECT] [--cases N] [--seed N] [--show N] [--sample]",
        "our answers beside those of packaging, node-semver and the like, installed anew",
    ),
    (
        "corpus",
        "DIR… [--only NAME] [--sites N] [--every N] [--seed N] [--show N], or --fetch DIR",
        "every version of every manifest and lock file in mirrors and packages, held to the laws of editing",
    ),
    ("crates", "", "every crate, packaged and unpacked alone, builds and passes its unit tests"),
    ("fuzz", "[TARGET] [--seconds N]", "each fuzz target for some time, from the committed corpus on"),
    (
        "history",
        "[DIR…] [--only NAME,…] [--commits N] [--seed N] [--show N] [--verify N] [--itself] [--program PATH], or --fetch DIR",
        "what we read in histories beside what git, setuptools-scm and others read, subject by subject",
    ),
    ("matrix", "[--seed N] [--every N]", "kill a release at every place, resume it, compare the ends"),
    (
        "monorepo",
        "DIR [--check] [--packages N] [--kind KIND] [--style STYLE] [--seed N] [--plain] [--history N]",
        "a generated tree of many packages (py, npm, cargo, llamaindex), and what a minor release must leave",
    ),
    ("release", "[RELEASE] [--dry-run] [--yes]", "release this workspace with its own engine"),
    (
        "test-real",
        "",
        "the tests that ask the real uv, poetry, pnpm and npm, which are installed where they are missing",
    ),
    ("tidy", "", "what no lint sees: layers, file sizes, hosts, paths, leftovers"),
];

fn main() -> ExitCode {
    match run(Arguments::new(std::env::args().skip(1))) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.word().as_deref() {
        None => list(),
        Some("bench") => bench::run(arguments)?,
        Some("ci") => ci::run(arguments)?,
        Some("conformance") => conformance::run(arguments)?,
        Some("corpus") => corpus::run(arguments)?,
        Some("crates") => crates::run(arguments)?,
        Some("fuzz") => fuzz::run(arguments)?,
        Some("history") => history::run(arguments)?,
        Some("matrix") => matrix::run(arguments)?,
        Some("monorepo") => monorepo::run(arguments)?,
        Some("release") => return release::run(arguments),
        Some("test-real") => real::run(arguments)?,
        Some("tidy") => tidy::run(arguments)?,
        Some(other) => {
            return Err(Usage(format!("there is no task `{other}`; `cargo xtask` lists them")).into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list() {
    println!("cargo xtask TASK, where TASK is one of");
    for (name, options, what) in TASKS {
        println!("  {:<40} {what}", format!("{name} {options}"));
    }
}
