//! Our own answers. Everything that this task knows of the crates under judgement is here.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tminus_sandbox::{PullRequestSeed, Sandbox};
use tminus_vcs::{
    CommitId, DescribeOptions, GitOptions, History, Merges, PatchIdKind, PickError, Range, Repository,
    Source, SystemRunner,
};

use super::checkout::lacks;
use super::git::{ENVIRONMENT, Git, fed, list};
use super::judge::push_path;
use super::llamaindex::DAY;
use super::side::{Form, Logged, Pick, Picked, Set, Side, Stretch};
use crate::command::answers;
use crate::monorepo::history::Pull;

/// Our reader of histories.
pub(super) struct Ours {
    history: History,
    git: tminus_vcs::Git,
}

impl Ours {
    pub(super) fn open(git: &Git) -> anyhow::Result<Self> {
        let history = Repository::open(&git.dir)?.history()?;
        let mut environment: Vec<_> = std::env::vars_os().collect();
        environment.extend(ENVIRONMENT.map(|(name, value)| (name.into(), value.into())));
        let options = GitOptions::new(&git.dir, environment);
        Ok(Self { history, git: tminus_vcs::Git::new(Arc::new(SystemRunner::default()), options) })
    }
}

/// The id of a commit whose name git printed.
fn id(name: &str) -> anyhow::Result<CommitId> {
    Ok(name.parse()?)
}

fn ids(names: &[String]) -> anyhow::Result<Vec<CommitId>> {
    names.iter().map(|name| id(name)).collect()
}

/// The options of a set.
fn options(set: &Set) -> DescribeOptions {
    let all = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
    let plain = DescribeOptions::default();
    DescribeOptions {
        light: set.tags,
        matching: all(set.matches),
        excluding: all(set.excludes),
        first_parent: set.first_parent,
        candidates: set.candidates.unwrap_or(plain.candidates),
    }
}

impl Side for Ours {
    /// Tags of commits; those of trees and blobs are none of ours.
    fn tags(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let tag = |tag: tminus_vcs::Tag| {
            let rest = format!("commit {}", tag.commit);
            let rest = if tag.annotated { format!("tag {} {rest}", tag.object) } else { rest };
            (format!("refs/tags/{}", tag.name), rest)
        };
        Ok(self.history.repository().tags()?.into_iter().map(tag).collect())
    }

    fn describe(&self, set: &Set, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let mut describer = self.history.describer(&options(set))?;
        let mut answers = Vec::with_capacity(commits.len());
        for name in commits {
            let commit = id(name)?;
            let found = describer.describe(&commit)?;
            let object = found.as_ref().map_or_else(|| commit.clone().into(), |found| found.object.clone());
            let short = match set.form {
                Form::Short(digits) => self.history.abbreviated(&object, Some(digits))?,
                Form::Long | Form::Tag => object.as_str().to_owned(),
            };
            answers.push(match (found, set.form) {
                (None, _) => set.text(name, &short, None),
                (Some(found), Form::Tag) => found.print(None, false),
                (Some(found), form) => found.print(Some(&short), form == Form::Long),
            });
        }
        Ok(answers)
    }

    fn exact(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let options = DescribeOptions { light: true, candidates: 0, ..DescribeOptions::default() };
        let mut describer = self.history.describer(&options)?;
        let mut one = |name: &String| {
            let Some(found) = describer.describe(&id(name)?)? else { return Ok(String::new()) };
            // Written where the tag gives itself another name than its reference has.
            let short = self.history.abbreviated(&found.object, None)?;
            Ok(found.print(Some(&short), false))
        };
        commits.iter().map(&mut one).collect()
    }

    fn merge_bases(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        let one = |(left, right): &(String, String)| {
            let mut bases = self.history.merge_bases(&id(left)?, &[id(right)?])?;
            bases.sort();
            Ok(bases.iter().map(CommitId::as_str).collect::<Vec<_>>().join(" "))
        };
        pairs.iter().map(one).collect()
    }

    fn best_base(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        let one = |(left, right): &(String, String)| {
            let base = self.history.merge_base(&id(left)?, &id(right)?)?;
            Ok(base.map(|base| base.to_string()).unwrap_or_default())
        };
        pairs.iter().map(one).collect()
    }

    fn log(&self, stretch: &Stretch) -> anyhow::Result<Vec<Logged>> {
        let range = Range {
            tips: vec![id(&stretch.tip)?],
            hidden: stretch.base.iter().map(|base| id(base)).collect::<anyhow::Result<_>>()?,
            first_parent: stretch.first_parent,
            limit: None,
        };
        let merges = if stretch.first_parent { Merges::FirstParent } else { Merges::Nothing };
        let logged = |changes: tminus_vcs::Changes| {
            let mut paths = String::new();
            changes.paths.iter().for_each(|path| push_path(&mut paths, path.bytes()));
            (changes.commit.to_string(), paths)
        };
        Ok(self.history.changes(&range, merges)?.into_iter().map(logged).collect())
    }

    fn patch_ids(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let ids = self.history.patch_ids(&ids(commits)?, PatchIdKind::Printed)?;
        Ok(ids.into_iter().map(|id| id.map(|id| id.as_str().to_owned()).unwrap_or_default()).collect())
    }

    fn picks(&self, picks: &[Pick]) -> anyhow::Result<Vec<Picked>> {
        let one = |pick: &Pick| {
            let source = Source { commit: id(&pick.commit)?, mainline: pick.mainline };
            let found = match self.history.pick(&self.git, &source, &id(&pick.onto)?) {
                // A copy may lack the largest files.
                Err(PickError::Git(error)) if lacks(&error.to_string()) => return Ok(Picked::Lacking),
                found => found?,
            };
            Ok(match found {
                tminus_vcs::Pick::Clean { tree } => Picked::Clean(tree.to_string()),
                tminus_vcs::Pick::Empty => Picked::Empty,
                tminus_vcs::Pick::Conflict { files } => {
                    Picked::Conflict(files.into_iter().map(|file| file.path).collect())
                }
            })
        };
        picks.iter().map(one).collect()
    }
}

/// The program, with an environment that says nothing of a person.
fn program(tminus: &Path, dir: &Path) -> Command {
    let mut command = Command::new(tminus);
    command.arg("-C").arg(dir).envs(ENVIRONMENT).stdin(Stdio::null());
    command
}

/// Whether there is such a command.
pub(super) fn has(tminus: &Path, words: &[&str]) -> bool {
    answers(Command::new(tminus).args(words).arg("--help"))
}

/// What `tminus version derive` says in a directory; `error: …` where it fails.
pub(super) fn derive(tminus: &Path, dir: &Path, now: (&str, &str)) -> anyhow::Result<String> {
    let output = program(tminus, dir).env(now.0, now.1).args(["version", "derive"]).output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?.trim().to_owned());
    }
    Ok(format!("error: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// The same of many commits, without a checkout and without the project's table: one answer a line.
pub(super) fn revisions(
    tminus: &Path,
    dir: &Path,
    commits: &[String],
    now: (&str, &str),
) -> anyhow::Result<Vec<String>> {
    let mut command = program(tminus, dir);
    command.env(now.0, now.1).args(["version", "derive", "--defaults", "--rev", "-"]);
    let output = fed(command, list(commits))?;
    Ok(String::from_utf8(output)?.lines().map(str::to_owned).collect())
}

/// What the tree of LlamaIndex needs to be read as its own tool reads it.
const LLAMAINDEX: &str = "\
[project]
name = \"llama-index\"
forge = \"github:run/llama\"

[changelog]
format = \"by-package\"
names = \"directory\"
placeholder = \"<!--- generated changelog --->\"
tags = \"v[0-9]*\"
";

/// `CHANGELOG.md` after `tminus changelog --write`.
pub(super) fn changelog(tminus: &Path, dir: &Path, sandbox: &Sandbox) -> anyhow::Result<String> {
    let config = dir.join("tminus.toml");
    std::fs::write(&config, LLAMAINDEX)?;
    let forge = sandbox.forge_url().to_string();
    let mut command = program(tminus, dir);
    command.args(["--now", DAY, "changelog", "--write"]);
    command.env("GITHUB_API_URL", forge).env("GH_TOKEN", sandbox.token());
    fed(command, Vec::new())?;
    let path = dir.join("CHANGELOG.md");
    let text = std::fs::read_to_string(&path)?;
    // The reference reads the file as it was.
    Git::new(dir).ask(&["checkout", "--quiet", "--", "CHANGELOG.md"])?;
    Ok(text)
}

/// What the forge is told of a pull request. Its files are those of the commit, which the forge reads in git.
pub(super) fn seed(pull: &Pull, merge: &str) -> PullRequestSeed {
    PullRequestSeed {
        number: Some(pull.number),
        title: pull.title.clone(),
        author: Some(pull.author.clone()),
        merge_commit_sha: Some(merge.to_owned()),
        merged_at: Some(pull.merged_at.clone()),
        ..PullRequestSeed::default()
    }
}
