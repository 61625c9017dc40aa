//! Histories that people made: what we read in them beside what the installed git reads.
//!
//! Every subject has one table of questions and two sides: git, asked in batches, and ours (`ours.rs`, which is all that
//! is known here of what is judged). `--itself` puts git, asked through other commands, in our place.

mod checkout;
mod compare;
mod derive;
mod fetch;
mod git;
mod judge;
mod llamaindex;
mod other;
mod ours;
mod sample;
mod side;
mod subjects;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;

use self::compare::Tally;
use crate::arguments::{Arguments, Usage};
use crate::bed::{Profile, build};
use crate::command::Took;
use crate::workspace::Workspace;

const COMMITS: usize = 1000;
const SEED: u64 = 1;

/// Differences of one subject in one repository that are printed.
const SHOWN: usize = 5;

/// Picks that are done once more as people do them.
const VERIFIED: usize = 25;

const SUBJECTS: [&str; 8] =
    ["tags", "describe", "merge-base", "log", "patch-id", "pick", "derive", "llamaindex"];

/// What is asked for.
#[derive(Debug, Clone)]
struct Wishes {
    commits: usize,
    seed: u64,
    shown: usize,
    verified: usize,
    itself: bool,
    /// The `tminus` that is asked, instead of one that is built.
    program: Option<PathBuf>,
    only: Vec<String>,
}

impl Wishes {
    /// The program under judgement.
    fn program(&self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        match &self.program {
            Some(program) => program.canonicalize().with_context(|| program.display().to_string()),
            None => build(workspace, Profile::Release),
        }
    }

    fn wants(&self, subject: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == subject)
    }
}

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    if let Some(dir) = arguments.value::<PathBuf>("--fetch")? {
        arguments.end()?;
        return fetch::run(&dir);
    }
    let wishes = wishes(&mut arguments)?;
    let dirs: Vec<PathBuf> = std::iter::from_fn(|| arguments.word()).map(PathBuf::from).collect();
    arguments.end()?;
    let mut repositories = Vec::new();
    for dir in &dirs {
        find(dir, &mut repositories)?;
    }
    let generated_only = wishes.only.len() == 1 && wishes.wants("llamaindex");
    if repositories.is_empty() && !generated_only {
        return Err(Usage("say in which directories repositories are".to_owned()).into());
    }
    let workspace = Workspace::find()?;
    let out = workspace.target.join("history");
    fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
    let start = Instant::now();
    let mut tally = Tally { shown: wishes.shown, rows: Vec::new() };
    for dir in &repositories {
        subjects::repository(dir, &wishes, &out, &mut tally).with_context(|| dir.display().to_string())?;
    }
    if wishes.wants("derive") && !wishes.itself {
        let few = derive::chosen(&repositories);
        derive::run(&few, &wishes, &workspace, &mut tally)?;
    }
    if wishes.wants("llamaindex") && !wishes.itself {
        llamaindex::run(&wishes, &workspace, &mut tally)?;
    }
    println!("\ntook {}", Took(start.elapsed()));
    tally.close()
}

fn wishes(arguments: &mut Arguments) -> anyhow::Result<Wishes> {
    let only = arguments.value::<String>("--only")?.unwrap_or_default();
    let only: Vec<String> =
        only.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if let Some(unknown) = only.iter().find(|only| !SUBJECTS.contains(&only.as_str())) {
        return Err(Usage(format!("--only {unknown}: there is only {}", SUBJECTS.join(", "))).into());
    }
    Ok(Wishes {
        commits: arguments.value("--commits")?.unwrap_or(COMMITS),
        seed: arguments.value("--seed")?.unwrap_or(SEED),
        shown: arguments.value("--show")?.unwrap_or(SHOWN),
        verified: arguments.value("--verify")?.unwrap_or(VERIFIED),
        itself: arguments.flag("--itself"),
        program: arguments.value("--program")?,
        only,
    })
}

/// Every repository in a directory, bare or not.
fn find(dir: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let is_bare = dir.join("HEAD").is_file() && dir.join("objects").is_dir();
    if is_bare || dir.join(".git").exists() {
        found.push(dir.canonicalize().with_context(|| dir.display().to_string())?);
        return Ok(());
    }
    let entries = fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            find(&entry.path(), found)?;
        }
    }
    Ok(())
}

/// The last parts of the path of a repository, `owner+name` or `name.git`.
fn shown(dir: &Path) -> String {
    let names: Vec<String> =
        dir.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    match names.as_slice() {
        [.., owner, last] if last == "repo" => owner.clone(),
        [.., last] => last.clone(),
        [] => String::new(),
    }
}
