//! The fuzz targets, each for some time, guided by coverage. Works on the stable toolchain; needs a C++ compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::arguments::{Arguments, Usage};
use crate::command::{answer, cargo, show_and_run};
use crate::workspace::Workspace;

const SECONDS: u32 = 120;

/// A version has at most 256 bytes, and a range, a set of specifiers and a requirement 4096: a little more than the longest.
const MAX_BYTES: u32 = 4500;

/// Where the committed corpora are, a directory for each target; no name stands in two of them.
const CORPORA: [&str; 2] = ["crates/manifests/tests/corpus", "crates/versioning/tests/corpus"];

/// What makes the compiler count the edges that an input takes, without sanitizers, which only nightly has.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                        -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
                        -Ccodegen-units=1 -Clink-dead-code";

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let seconds = arguments.value("--seconds")?.unwrap_or(SECONDS);
    let wanted = arguments.word();
    arguments.end()?;
    let workspace = Workspace::find()?;
    let targets = targets(&workspace.root, wanted.as_deref())?;
    let program = build(&workspace)?;
    for target in &targets {
        fuzz(&workspace, &program, target, seconds)?;
    }
    println!("\n{} targets, {seconds} s each: no finding", targets.len());
    Ok(())
}

/// A target: its name, and where its corpus is.
type Target = (String, PathBuf);

/// The targets: a directory of a corpus each, which a test holds.
fn targets(root: &Path, wanted: Option<&str>) -> anyhow::Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    for corpus in CORPORA {
        for entry in std::fs::read_dir(root.join(corpus)).context(corpus)? {
            let entry = entry?;
            targets.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    targets.sort();
    let Some(wanted) = wanted else { return Ok(targets) };
    if !targets.iter().any(|(name, _)| name == wanted) {
        let names: Vec<&str> = targets.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Usage(format!("there is only {}", names.join(", "))).into());
    }
    targets.retain(|(name, _)| name == wanted);
    Ok(targets)
}

fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    // Named, so that build scripts are compiled without the counters.
    let Some(host) = answer(Command::new("rustc").args(["--print", "host-tuple"])) else {
        bail!("rustc does not say what it compiles for");
    };
    let target = workspace.target.join("fuzz");
    show_and_run(
        cargo(&workspace.root.join("fuzz"))
            .args(["build", "--release", "--locked", "--target", &host, "--target-dir"])
            .arg(&target)
            .env("RUSTFLAGS", COVERAGE),
    )?;
    Ok(target.join(host).join("release/tminus-fuzz"))
}

fn fuzz(
    workspace: &Workspace,
    program: &Path,
    (target, corpus): &Target,
    seconds: u32,
) -> anyhow::Result<()> {
    let found = workspace.target.join("fuzz/found").join(target);
    let grown = workspace.target.join("fuzz/corpus").join(target);
    for dir in [&found, &grown] {
        std::fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    }
    println!("\n{target}: what breaks it would be kept below {}", found.display());
    show_and_run(
        Command::new(program)
            .env("TMINUS_FUZZ_TARGET", target)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={MAX_BYTES}"))
            .arg(format!("-artifact_prefix={}/", found.display()))
            .args(["-timeout=10", "-verbosity=0", "-print_final_stats=1"])
            .arg(&grown)
            .arg(corpus),
    )
}
