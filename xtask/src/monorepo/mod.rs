//! Trees of hundreds or thousands of packages, and what a minor release of all of them must leave behind.
//!
//! The tree before and the tree after are printed from one plan, by code that shares nothing with what edits files.

mod cargo;
mod expect;
pub(crate) mod history;
mod npm;
mod plan;
mod python;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

pub(crate) use self::expect::Expectation;
pub(crate) use self::plan::{Kind, Options, Style};
use self::plan::{When, World};
use crate::arguments::{Arguments, Usage};

const PACKAGES: usize = 700;
const SEED: u64 = 1;

/// Differences that are printed.
const SHOWN: usize = 20;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    text: String,
    /// Only its own tool can bring it into step: a lock file that names a release that is nowhere yet.
    by_tool: bool,
}

impl Text {
    fn own(text: String) -> Self {
        Self { text, by_tool: false }
    }
}

/// Files by their path from the root.
type Files = BTreeMap<String, Text>;

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let check = arguments.flag("--check");
    let plain = arguments.flag("--plain");
    let packages = arguments.value("--packages")?.unwrap_or(PACKAGES);
    let kind = named(&mut arguments, "--kind", &Kind::ALL)?.unwrap_or(Kind::Py);
    let style = named(&mut arguments, "--style", &Style::ALL)?.unwrap_or(Style::Lockstep);
    let seed = arguments.value("--seed")?.unwrap_or(SEED);
    let pulls: Option<usize> = arguments.value("--history")?;
    let dir = arguments.word().map(PathBuf::from);
    arguments.end()?;
    let dir = dir.ok_or_else(|| Usage("say in which directory the tree is to be".to_owned()))?;
    if packages < 2 {
        return Err(Usage(format!("--packages {packages}: a core and an umbrella are the least")).into());
    }
    if check {
        return judge(&dir);
    }
    let options = Options { kind, style, packages, seed, plain };
    if let Some(pulls) = pulls {
        if kind != Kind::LlamaIndex {
            return Err(Usage("--history: there is one of --kind llamaindex only".to_owned()).into());
        }
        let pulls = history::write(&dir, options, pulls)?;
        println!("{}: {packages} packages, {} pull requests since the last tag", dir.display(), pulls.len());
        return Ok(());
    }
    let expectation = write(&dir, options)?;
    let (changed, by_tool) = (expectation.changed.len(), expectation.by_tool.len());
    println!(
        "{}: {packages} packages, {} pins, {changed} files to change, {by_tool} lock files left to their tool",
        dir.display(),
        expectation.pins()
    );
    Ok(())
}

/// The value of an option that is one of a few words.
fn named<T: Copy>(arguments: &mut Arguments, option: &str, all: &[(&str, T)]) -> Result<Option<T>, Usage> {
    let Some(word) = arguments.value::<String>(option)? else { return Ok(None) };
    let found = all.iter().find(|(name, _)| *name == word);
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    found
        .map(|(_, value)| Some(*value))
        .ok_or_else(|| Usage(format!("{option} {word}: there is only {}", names.join(", "))))
}

/// Writes a tree and its expectation beside it.
///
/// # Errors
/// The directory is there already, or cannot be written.
pub(crate) fn write(dir: &Path, options: Options) -> anyhow::Result<Expectation> {
    fs::create_dir(dir)
        .with_context(|| format!("{}: a tree is written into a new directory", dir.display()))?;
    let world = World::new(options);
    let before = files(&world, When::Before);
    for (path, file) in &before {
        let path = dir.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        fs::write(&path, &file.text).with_context(|| path.display().to_string())?;
    }
    let expectation = Expectation::new(&world, &before, files(&world, When::After));
    expectation.write(dir)?;
    Ok(expectation)
}

fn files(world: &World, when: When) -> Files {
    let mut files = Files::new();
    match world.options.kind {
        Kind::Py | Kind::LlamaIndex => python::files(world, when, &mut files),
        Kind::Npm => npm::files(world, when, &mut files),
        Kind::Cargo => cargo::files(world, when, &mut files),
    }
    files
}

fn judge(dir: &Path) -> anyhow::Result<()> {
    let report = Expectation::read(dir)?.check(dir, &[])?;
    println!("{report}");
    for difference in report.differences.iter().take(SHOWN) {
        println!("  {difference}");
    }
    if !report.is_exact() {
        bail!("{}: {} files are not as they should be", dir.display(), report.differences.len());
    }
    Ok(())
}
