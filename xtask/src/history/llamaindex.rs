//! LlamaIndex's changelog: what `tminus changelog` writes into a generated history, byte for byte beside what the
//! project's own rules give, written once more in Python.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use tminus_sandbox::{Options as SandboxOptions, RepositorySeed, Sandbox};

use super::compare::{Pair, Row, Tally};
use super::git::Git;
use super::side::NotBuilt;
use super::{Wishes, ours};
use crate::command::answers;
use crate::monorepo::history::{Pull, write};
use crate::monorepo::{Kind, Options, Style};
use crate::workspace::Workspace;

const SCRIPT: &str = include_str!("llamaindex.py");
const PULLS: usize = 300;
const PACKAGES: usize = 700;

/// The repository on the forge.
pub(super) const REPOSITORY: (&str, &str) = ("run", "llama");

/// The day of the entry.
pub(super) const DAY: &str = "2026-11-20";

pub(super) fn run(wishes: &Wishes, workspace: &Workspace, tally: &mut Tally) -> anyhow::Result<()> {
    if !answers(Command::new("python3").args(["-c", "import tomllib"])) {
        bail!("llamaindex: the reference needs Python 3.11, which is not on this machine");
    }
    let tminus = wishes.program(workspace)?;
    let scratch =
        tempfile::Builder::new().prefix("llamaindex-").tempdir_in(workspace.target.join("history"))?;
    for packages in [60, PACKAGES] {
        let dir = scratch.path().join(packages.to_string());
        let options = Options {
            kind: Kind::LlamaIndex,
            style: Style::Lockstep,
            packages,
            seed: wishes.seed,
            plain: false,
        };
        let pulls = write(&dir, options, PULLS)?;
        compare(&dir, &pulls, &tminus, tally).with_context(|| dir.display().to_string())?;
    }
    Ok(())
}

fn compare(dir: &Path, pulls: &[Pull], tminus: &Path, tally: &mut Tally) -> anyhow::Result<()> {
    let commits = Git::new(dir).text(&["rev-list", "--count", "HEAD"])?.parse()?;
    let tags = Git::new(dir).text(&["tag"])?.lines().count();
    let row = Row {
        repository: format!("generated, {} packages", dir.file_name().unwrap_or_default().to_string_lossy()),
        commits,
        tags,
        subject: "llamaindex".to_owned(),
        ..Row::default()
    };
    if !ours::has(tminus, &["changelog"]) {
        let lacking = Some(NotBuilt("tminus changelog").to_string());
        tally.end(Row { lacking, ..row });
        return Ok(());
    }
    let (sandbox, page) = forge(dir, pulls)?;
    let theirs = || reference(dir, pulls, &page);
    let ours = || ours::changelog(tminus, dir, &sandbox);
    tally.subject(row, theirs, ours, |theirs, ours| {
        let (mut theirs, mut ours) = (theirs.split_inclusive('\n'), ours.split_inclusive('\n'));
        let mut pairs = Vec::new();
        for line in 1.. {
            let (theirs, ours) = (theirs.next().map(str::to_owned), ours.next().map(str::to_owned));
            if theirs.is_none() && ours.is_none() {
                break;
            }
            pairs.push(Pair { about: format!("CHANGELOG.md:{line}"), again: String::new(), theirs, ours });
        }
        pairs
    })
}

/// A forge that knows the pull requests, and its page of the repository.
fn forge(dir: &Path, pulls: &[Pull]) -> anyhow::Result<(Sandbox, String)> {
    let sandbox = Sandbox::start(SandboxOptions::default())?;
    let (owner, name) = REPOSITORY;
    sandbox.add_repository(RepositorySeed {
        git_dir: Some(dir.join(".git")),
        ..RepositorySeed::new(owner, name)
    })?;
    let commits = Git::new(dir).text(&["log", "--format=%H %s", "main"])?;
    for pull in pulls {
        let end = format!("(#{})", pull.number);
        let merge = commits.lines().find(|line| line.ends_with(&end)).and_then(|line| line.split_once(' '));
        let merge = merge.with_context(|| format!("no commit is of pull request {}", pull.number))?.0;
        sandbox.add_pull_request(&format!("{owner}/{name}"), ours::seed(pull, merge))?;
    }
    let page = sandbox.forge_url().to_string();
    // The API is below the pages, as on a server of one's own.
    let page = page.split("/api/").next().unwrap_or_default().trim_end_matches('/').to_owned();
    Ok((sandbox, format!("{page}/{owner}/{name}")))
}

/// `CHANGELOG.md` by the project's own rules.
fn reference(dir: &Path, pulls: &[Pull], page: &str) -> anyhow::Result<String> {
    let scratch = tempfile::tempdir().context("no temporary directory")?;
    let (script, list) = (scratch.path().join("llamaindex.py"), scratch.path().join("pulls.json"));
    let all: Vec<serde_json::Value> = pulls.iter().map(|pull| pull.json(page)).collect();
    fs::write(&script, SCRIPT)?;
    fs::write(&list, serde_json::to_string(&all)?)?;
    let mut command = Command::new("python3");
    let output =
        command.arg(&script).arg(dir).arg(&list).arg(DAY).env("PYTHONIOENCODING", "utf-8").output()?;
    if !output.status.success() || !output.stderr.is_empty() {
        bail!("llamaindex.py: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::{forge, reference};
    use crate::command::answers;
    use crate::monorepo::history::{PAGE, write};
    use crate::monorepo::{Kind, Options, Style};

    const OPTIONS: Options =
        Options { kind: Kind::LlamaIndex, style: Style::Lockstep, packages: 40, seed: 3, plain: false };

    /// The rules, on what was drawn: no package twice, none without a pull request, old entries as they were.
    #[test]
    fn the_reference_tells_every_pull_request_of_a_package() {
        if !answers(std::process::Command::new("python3").args(["-c", "import tomllib"])) {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().join("repo");
        let pulls = write(&repo, OPTIONS, 80).unwrap();
        let text = reference(&repo, &pulls, PAGE).unwrap();
        let (new, old) = text.split_once("\n\n## [2026-04-01]").unwrap();
        assert!(old.contains("- Begin ([#1]("));
        assert!(
            new.starts_with("# ChangeLog\n\n<!--- generated changelog --->\n\n## [2026-11-20]\n\n### "),
            "{new}"
        );
        let names: Vec<&str> = new.lines().filter_map(|line| line.strip_prefix("### ")).collect();
        assert!(names.is_sorted() && names.len() > 20, "{names:?}");
        for pull in &pulls {
            let entry = format!("- {} ([#{}]({PAGE}/pull/{1}))\n", pull.title, pull.number);
            let told = format!("{new}\n").contains(&entry);
            let in_package = |path: &String| {
                path.starts_with("llama-index-") && {
                    let parts: Vec<&str> = path.split('/').collect();
                    (1..parts.len())
                        .any(|end| repo.join(parts[..end].join("/")).join("pyproject.toml").is_file())
                }
            };
            assert_eq!(told, pull.files.iter().any(in_package), "{pull:?}");
        }
    }

    #[test]
    fn the_forge_is_seeded_with_every_pull_request() {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().join("repo");
        let pulls = write(&repo, OPTIONS, 12).unwrap();
        let (_sandbox, page) = forge(&repo, &pulls).unwrap();
        assert!(page.starts_with("http://127.0.0.1:") && page.ends_with("/run/llama"), "{page}");
    }
}
