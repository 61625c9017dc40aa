//! Brings histories that are large, old or strange: public repositories by their names.

use std::path::Path;

use crate::corpus::mirror;

/// Large, with many tags, with several packages, with lines that are maintained side by side.
const REPOSITORIES: [&str; 10] = [
    "git/git",
    "renovatebot/renovate",
    "babel/babel",
    "run-llama/llama_index",
    "pypa/setuptools",
    "pypa/pip",
    "rust-lang/cargo",
    "tokio-rs/tokio",
    "withastro/astro",
    "kubernetes-sigs/gateway-api-inference-extension",
];

/// Brings what it can, and says what it cannot.
pub(super) fn run(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)?;
    for name in REPOSITORIES {
        mirror(dir, name);
    }
    let count = std::fs::read_dir(dir)?.count();
    println!("{count} of {} repositories are there", REPOSITORIES.len());
    Ok(())
}
