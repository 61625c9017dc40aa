//! Versions derived from histories, beside setuptools-scm: work trees in every state, with the project's own table and
//! with tables that are drawn.
//!
//! One Python answers all questions; what it reads is the work tree itself, as in a build.

mod scm;
mod states;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use self::scm::Scm;
use self::states::State;
use super::compare::{Pair, Row, Tally};
use super::git::{Git, git};
use super::ours;
use super::sample::{Sample, draw};
use super::side::NotBuilt;
use super::{Wishes, shown};
use crate::conformance::{Random, installed};
use crate::workspace::Workspace;

/// Cases of one commit; each costs a checkout.
const EACH: usize = 5;

/// When both sides believe to be: it is part of versions of changed work trees.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1790000000");

/// Repositories that are asked; each state of one costs a checkout.
const REPOSITORIES: usize = 3;

/// The repositories for this subject: those first whose projects use setuptools-scm.
pub(super) fn chosen(all: &[PathBuf]) -> Vec<PathBuf> {
    let uses = |dir: &PathBuf| {
        let words = [
            "grep",
            "--quiet",
            "-e",
            "setuptools.scm",
            "HEAD",
            "--",
            "pyproject.toml",
            "setup.py",
            "setup.cfg",
        ];
        Git::new(dir).is_well(&words)
    };
    let mut all = all.to_vec();
    all.sort_by_cached_key(|dir| !uses(dir));
    all.truncate(REPOSITORIES);
    all
}

/// Asks both sides about some states of some repositories.
///
/// # Errors
/// Git or setuptools-scm fails.
pub(super) fn run(
    repositories: &[PathBuf],
    wishes: &Wishes,
    workspace: &Workspace,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let Some(reference) = installed(workspace, "scm")? else {
        bail!("derive: setuptools-scm needs Python, which is not on this machine");
    };
    let dir = workspace.target.join("history/derive");
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    let tminus = wishes.program(workspace)?;
    for repository in repositories {
        let scratch =
            tempfile::Builder::new().prefix("derive-").tempdir_in(&dir).context("no temporary directory")?;
        let place = Place::new(repository, scratch.path())?;
        let sample = Sample::new(&Git::new(repository), wishes.commits, &mut Random::new(wishes.seed))?;
        let mut scm = Scm::start(&reference, &dir)?;
        place.compare(&sample, wishes, (&mut scm, &tminus), tally)?;
        scm.end()?;
    }
    Ok(())
}

/// A clone with a work tree, and a directory beside it for tables.
struct Place {
    name: String,
    git: Git,
    tables: PathBuf,
}

/// A question and both answers.
struct Asked {
    about: String,
    again: String,
    theirs: String,
    ours: String,
}

impl Place {
    fn new(original: &Path, dir: &Path) -> anyhow::Result<Self> {
        let work = dir.join("work");
        let mut command = git();
        command.args(["clone", "--quiet", "--shared"]).arg(original).arg(&work);
        let output = command.output().context("git cannot be started")?;
        if !output.status.success() {
            bail!("git clone --shared: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let tables = dir.join("tables");
        fs::create_dir(&tables).with_context(|| tables.display().to_string())?;
        Ok(Self { name: shown(original), git: Git::new(&work), tables })
    }

    fn compare(
        &self,
        sample: &Sample,
        wishes: &Wishes,
        (scm, tminus): (&mut Scm, &Path),
        tally: &mut Tally,
    ) -> anyhow::Result<()> {
        let row = |subject: &str| Row {
            repository: self.name.clone(),
            commits: sample.commits.len(),
            tags: sample.tags,
            subject: subject.to_owned(),
            ..Row::default()
        };
        if !ours::has(tminus, &["version", "derive"]) {
            let lacking = Some(NotBuilt("tminus version derive").to_string());
            tally.end(Row { lacking, ..row("derive") });
            return Ok(());
        }
        let mut random = Random::new(wishes.seed ^ 0xde_71fe);
        let commits = self.commits(sample, wishes.commits / 2 / EACH, &mut random);
        let (mut asked, mut plain) = (Vec::new(), Vec::new());
        let (mut their_time, mut our_time) = (Duration::ZERO, Duration::ZERO);
        for commit in &commits {
            for number in 0..EACH {
                let state = if number == 0 { State::Clean } else { State::drawn(&mut random) };
                state.apply(&self.git, commit, &mut random).with_context(|| format!("{state:?}"))?;
                // The last is the project's own table; the first nobody's, for the comparison of bare revisions.
                let (dir, what) = self.table(number, &mut random)?;
                let start = Instant::now();
                let theirs = scm.ask(&dir)?;
                their_time += start.elapsed();
                let start = Instant::now();
                let ours = ours::derive(tminus, &dir, NOW)?;
                our_time += start.elapsed();
                if number == 0 {
                    plain.push(theirs.clone());
                }
                let about = format!("{commit}, {state:?}, {what}");
                let again = format!("cd {} && python -m setuptools_scm", dir.display());
                asked.push(Asked { about, again, theirs, ours });
            }
        }
        let pairs = |asked: Vec<Asked>| asked.into_iter().map(Asked::pair).collect::<Vec<_>>();
        let mut states = row("derive, states");
        (states.ours, states.theirs) = (our_time, their_time);
        states.notes.push(errors(&asked));
        tally.counted(states, pairs(asked));
        State::Clean.apply(&self.git, &sample.tip, &mut random)?;
        tally.subject(
            row("derive --rev -"),
            || Ok(plain),
            || ours::revisions(tminus, &self.git.dir, &commits, NOW),
            |theirs, ours| {
                let mut ours = ours.into_iter();
                let mut pairs = Vec::new();
                for (commit, theirs) in commits.iter().zip(theirs) {
                    let ours = ours.next().unwrap_or_default();
                    pairs.push(Asked { about: commit.clone(), again: String::new(), theirs, ours }.pair());
                }
                pairs
            },
        )
    }

    /// Commits with and without a tag, in their order, so that a checkout changes little.
    fn commits(&self, sample: &Sample, count: usize, random: &mut Random) -> Vec<String> {
        let count = count.max(2);
        let mut chosen = draw(&sample.tagged, count / 4, random);
        chosen.extend(draw(&sample.commits, count - chosen.len().min(count), random));
        let places: std::collections::HashMap<&String, usize> =
            sample.commits.iter().enumerate().map(|(at, id)| (id, at)).collect();
        chosen.sort_by_key(|id| places.get(id).copied());
        chosen.dedup();
        chosen
    }

    /// The directory to be asked in.
    fn table(&self, number: usize, random: &mut Random) -> anyhow::Result<(PathBuf, String)> {
        if number + 1 == EACH {
            return Ok((self.git.dir.clone(), "the project's own table".to_owned()));
        }
        let text = tables::table("../work", number as u64, random);
        let path = self.tables.join("pyproject.toml");
        fs::write(&path, &text).with_context(|| path.display().to_string())?;
        Ok((self.tables.clone(), text))
    }
}

impl Asked {
    /// Of errors, only that there is one: both sides have words of their own for it.
    fn pair(self) -> Pair {
        let same = self.theirs == self.ours || (is_error(&self.theirs) && is_error(&self.ours));
        let ours = if same { self.theirs.clone() } else { self.ours };
        Pair { about: self.about, again: self.again, theirs: Some(self.theirs), ours: Some(ours) }
    }
}

fn is_error(answer: &str) -> bool {
    answer.starts_with("error: ")
}

fn errors(asked: &[Asked]) -> String {
    let count = asked.iter().filter(|asked| is_error(&asked.theirs)).count();
    format!("{count} are errors of setuptools-scm")
}

#[cfg(test)]
mod tests {
    use super::super::git::Git;
    use super::states::{STATES, State};
    use super::{Asked, Place};
    use crate::conformance::Random;
    use crate::histories::{Shape, repository};

    fn asked(theirs: &str, ours: &str) -> bool {
        let text = str::to_owned;
        let pair = Asked { about: text(""), again: text(""), theirs: text(theirs), ours: text(ours) }.pair();
        pair.theirs == pair.ours
    }

    #[test]
    fn errors_are_the_same_whatever_they_say() {
        assert!(asked("1.0", "1.0") && asked("error: a", "error: b"));
        assert!(!asked("1.0", "1.1") && !asked("1.0", "error: x") && !asked("error: x", "1.0"));
    }

    /// Git's own word on each state: setuptools-scm asks it the same.
    #[test]
    fn states_are_what_they_are_called() {
        let dir = tempfile::tempdir().unwrap();
        let original = dir.path().join("original");
        let shape =
            Shape { commits: 30, packages: 2, tag_every: 5, merge_every: 4, bad_clocks: false, seed: 2 };
        repository(shape, &original).unwrap();
        let place = Place::new(&original, dir.path()).unwrap();
        let git = Git::new(&place.git.dir);
        let mut random = Random::new(1);
        for state in STATES {
            state.apply(&git, "v0.0.3", &mut random).unwrap();
            let status = git.text(&["status", "--porcelain", "--untracked-files=no"]).unwrap();
            let clean = matches!(state, State::Clean | State::Branch(_) | State::Touched | State::Untracked);
            assert_eq!(status.is_empty(), clean, "{state:?}: {status}");
            let branch = git.text(&["rev-parse", "--abbrev-ref", "HEAD"]).unwrap();
            match state {
                State::Branch(name) => assert_eq!(branch, name),
                _ => assert_eq!(branch, "HEAD"),
            }
        }
    }
}
