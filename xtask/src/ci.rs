//! Everything that CI checks, in CI's order: the quick and the telling first, the first failure ends it.

use std::time::Instant;

use anyhow::Context as _;

use crate::arguments::Arguments;
use crate::command::{Took, answers, cargo, show_and_do, show_and_run};
use crate::workspace::Workspace;
use crate::{crates, tidy};

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.end()?;
    let start = Instant::now();
    let done = everything();
    println!("\ncargo xtask ci: {} in all", Took(start.elapsed()));
    done
}

fn everything() -> anyhow::Result<()> {
    let workspace = Workspace::find().context("run this inside the workspace")?;
    let cargo = || cargo(&workspace.root);
    show_and_do("cargo xtask tidy", || tidy::check(&workspace))?;
    show_and_run(cargo().args(["fmt", "--all", "--check"]))?;
    show_and_run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    // The end-to-end tests run the program; it lies beside them.
    show_and_run(cargo().args(["build", "--package", "tminus"]))?;
    // One seed, so that the same tree has the same answer twice; `cargo test` and `cargo xtask fuzz` look for new cases.
    show_and_run(cargo().args(["test", "--workspace"]).env("PROPTEST_RNG_SEED", "2026"))?;
    show_and_run(cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    show_and_do("cargo xtask crates", || crates::check(&workspace))?;
    if answers(cargo().args(["deny", "--version"])) {
        show_and_run(cargo().args(["deny", "--workspace", "check"]))?;
    } else {
        println!("\ncargo-deny is not installed: skipped");
    }
    Ok(())
}
