//! One repository: every subject that git judges.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;

use super::checkout::Checkout;
use super::compare::{Pair, Row, Tally};
use super::git::{Git, words};
use super::judge::{Judge, log_arguments};
use super::other::{Other, ancestors};
use super::ours::Ours;
use super::sample::{Sample, draw};
use super::side::{Logged, Pick, Picked, SETS, Side, Stretch};
use super::{Wishes, shown};
use crate::conformance::Random;

/// A subject needs one process of git for each of its questions: fewer of them.
const SINGLE: usize = 5;

/// Stretches of history beside the two whole ones.
const STRETCHES: usize = 20;

/// Asks everything that is wished of one repository.
///
/// # Errors
/// Git fails, or the repository cannot be opened.
pub(super) fn repository(dir: &Path, wishes: &Wishes, out: &Path, tally: &mut Tally) -> anyhow::Result<()> {
    let in_git = ["tags", "describe", "merge-base", "log", "patch-id", "pick"];
    if !in_git.into_iter().any(|subject| wishes.wants(subject)) {
        return Ok(());
    }
    let git = Git::new(dir);
    let mut random = Random::new(wishes.seed);
    let sample = Sample::new(&git, wishes.commits, &mut random)?;
    let scratch =
        tempfile::Builder::new().prefix("objects-").tempdir_in(out).context("no temporary directory")?;
    let work = scratch.path().join("work");
    // Only picks need a work tree, and only those that are done as people do them.
    let picking = wishes.wants("pick") && (wishes.itself || wishes.verified > 0);
    let checkout = picking.then(|| Checkout::new(&git, &work)).transpose()?;
    let judge = Judge { git: git.clone(), scratch: git.writing_to(scratch.path())? };
    let other;
    let ours;
    let side: &dyn Side = if wishes.itself {
        other = Other { git: git.clone(), parents: &sample.parents, checkout: checkout.as_ref() };
        &other
    } else {
        ours = Ours::open(&git)?;
        &ours
    };
    compared(dir, &sample, wishes, (judge, side), checkout.as_ref(), tally)
}

/// Asks both sides.
///
/// # Errors
/// Git fails.
pub(super) fn compared(
    dir: &Path,
    sample: &Sample,
    wishes: &Wishes,
    (judge, side): (Judge, &dyn Side),
    checkout: Option<&Checkout>,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let random = Random::new(wishes.seed ^ 0x5eed);
    Asking { judge, side, sample, wishes, random, tally, name: shown(dir) }.all(checkout)
}

/// The two sides and what they are asked.
struct Asking<'a> {
    judge: Judge,
    side: &'a dyn Side,
    sample: &'a Sample,
    wishes: &'a Wishes,
    random: Random,
    tally: &'a mut Tally,
    name: String,
}

impl Asking<'_> {
    fn all(&mut self, checkout: Option<&Checkout>) -> anyhow::Result<()> {
        if self.wishes.wants("tags") {
            self.tags()?;
        }
        if self.wishes.wants("describe") {
            self.describe()?;
        }
        if self.wishes.wants("merge-base") {
            self.merge_base()?;
        }
        if self.wishes.wants("log") {
            self.log()?;
        }
        if self.wishes.wants("patch-id") {
            self.patch_id()?;
        }
        if self.wishes.wants("pick") {
            self.pick(checkout)?;
        }
        Ok(())
    }

    fn row(&self, subject: &str) -> Row {
        Row {
            repository: self.name.clone(),
            commits: self.sample.commits.len(),
            tags: self.sample.tags,
            subject: subject.to_owned(),
            ..Row::default()
        }
    }

    fn again(&self, arguments: &[&str]) -> String {
        self.judge.git.again(arguments)
    }

    /// Tags of commits; those of trees and files are none of ours.
    fn tags(&mut self) -> anyhow::Result<()> {
        let of_commits = |answer: &String| answer.split(' ').nth_back(1) == Some("commit");
        let (row, again) = (self.row("tags"), self.again(&["show-ref", "-d", "--tags"]));
        self.tally.subject(
            row,
            || self.judge.tags(),
            || self.side.tags(),
            |mut theirs, mut ours| {
                theirs.retain(|_, answer| of_commits(answer));
                ours.retain(|_, answer| of_commits(answer));
                let mut names: Vec<&String> = theirs.keys().chain(ours.keys()).collect();
                names.sort_unstable();
                names.dedup();
                let pair = |name: &&String| Pair {
                    about: (*name).clone(),
                    again: again.clone(),
                    theirs: theirs.get(*name).cloned(),
                    ours: ours.get(*name).cloned(),
                };
                names.iter().map(pair).collect()
            },
        )
    }

    fn describe(&mut self) -> anyhow::Result<()> {
        let asked = self.sample.asked();
        // A process for each: what that would cost for every commit, a batch saves.
        let asked = if self.wishes.itself { draw(&asked, self.few(), &mut self.random) } else { asked };
        for set in SETS {
            let arguments = set.arguments();
            let arguments: Vec<&str> =
                arguments.iter().map(String::as_str).filter(|word| *word != "--always").collect();
            let (row, git) = (self.row(&format!("describe {}", set.name)), &self.judge.git);
            let pairs = |theirs, ours| {
                each(&asked, theirs, ours, |commit| {
                    (commit.clone(), git.again(&[&arguments[..], &[commit.as_str()]].concat()))
                })
            };
            self.tally.subject(
                row,
                || self.judge.describe(&set, &asked),
                || self.side.describe(&set, &asked),
                pairs,
            )?;
        }
        let mut few = draw(&self.sample.tagged, self.few() / 2, &mut self.random);
        few.extend(draw(&self.sample.commits, self.few() / 2, &mut self.random));
        let (row, git) = (self.row("describe --exact-match"), &self.judge.git);
        let pairs = |theirs, ours| {
            each(&few, theirs, ours, |commit| {
                (commit.clone(), git.again(&["describe", "--tags", "--exact-match", commit]))
            })
        };
        self.tally.subject(row, || self.judge.exact(&few), || self.side.exact(&few), pairs)
    }

    fn merge_base(&mut self) -> anyhow::Result<()> {
        let count = self.few();
        let asked = self.sample.pairs(count, &mut self.random);
        let (row, git) = (self.row("merge-base --all"), &self.judge.git);
        let about = |(one, other): &(String, String)| {
            (format!("{one} {other}"), git.again(&["merge-base", "--all", one, other]))
        };
        let pairs = |theirs, ours| each(&asked, theirs, ours, about);
        self.tally.subject(
            row,
            || self.judge.merge_bases(&asked),
            || self.side.merge_bases(&asked),
            pairs,
        )?;
        let row = self.row("merge-base");
        let pairs = |theirs, ours| each(&asked, theirs, ours, about);
        self.tally.subject(row, || self.judge.best_base(&asked), || self.side.best_base(&asked), pairs)
    }

    /// Stretches are asked one by one: a row for those that follow all parents, and one for the others.
    fn log(&mut self) -> anyhow::Result<()> {
        let stretches = self.sample.stretches(STRETCHES, &mut self.random);
        for (first_parent, subject) in [(false, "log"), (true, "log --first-parent")] {
            let asked: Vec<_> =
                stretches.iter().filter(|stretch| stretch.first_parent == first_parent).collect();
            let row = self.row(subject);
            let of = |side: &dyn Side| {
                asked.iter().map(|stretch| side.log(stretch)).collect::<anyhow::Result<Vec<_>>>()
            };
            let git = &self.judge.git;
            self.tally.subject(
                row,
                || of(&self.judge),
                || of(self.side),
                |theirs, ours| {
                    let mut pairs = Vec::new();
                    for ((stretch, mut theirs), mut ours) in asked.iter().zip(theirs).zip(ours) {
                        let mistaken = without_the_base(&self.sample.parents, stretch, &mut theirs);
                        if self.wishes.itself {
                            without_the_base(&self.sample.parents, stretch, &mut ours);
                        }
                        if mistaken > 0 {
                            println!("note: {mistaken} commits that git lists are behind {:?}", stretch.base);
                        }
                        let arguments = log_arguments(stretch);
                        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                        let again = git.again(&arguments);
                        let (mut theirs, mut ours) = (theirs.into_iter(), ours.into_iter());
                        for number in 1.. {
                            let text = |(id, paths): (String, String)| format!("{id}\n{paths}");
                            let (theirs, ours) = (theirs.next().map(text), ours.next().map(text));
                            if theirs.is_none() && ours.is_none() {
                                break;
                            }
                            let about = format!("number {number} of {}", words(&arguments));
                            pairs.push(Pair { about, again: again.clone(), theirs, ours });
                        }
                    }
                    pairs
                },
            )?;
        }
        Ok(())
    }

    fn patch_id(&mut self) -> anyhow::Result<()> {
        let whole = self.sample.whole(&self.judge.git, &self.sample.drawn)?;
        let asked: Vec<String> =
            self.sample.drawn.iter().filter(|commit| whole.contains(*commit)).cloned().collect();
        let mut row = self.row("patch-id");
        if asked.len() < self.sample.drawn.len() {
            row.notes
                .push(format!("{} left out, files are not there", self.sample.drawn.len() - asked.len()));
        }
        let git = &self.judge.git;
        let pairs = |theirs, ours| {
            each(&asked, theirs, ours, |commit| {
                (
                    commit.clone(),
                    git.again(&["diff-tree", "--root", "-p", "--full-index", commit])
                        + " | git patch-id --stable",
                )
            })
        };
        self.tally.subject(row, || self.judge.patch_ids(&asked), || self.side.patch_ids(&asked), pairs)
    }

    fn pick(&mut self, checkout: Option<&Checkout>) -> anyhow::Result<()> {
        let count = if self.wishes.itself { self.few() / 2 } else { self.wishes.commits / 2 };
        let mut picks = self.sample.picks(&self.judge.git, count, &mut self.random)?;
        let wanted = picks.len();
        let commits: Vec<String> = picks.iter().map(|pick| pick.commit.clone()).collect();
        let whole = self.sample.whole(&self.judge.git, &commits)?;
        picks.retain(|pick| whole.contains(&pick.commit));
        let mut row = self.row("pick");
        if picks.len() < wanted {
            row.notes.push(format!("{} left out, files are not there", wanted - picks.len()));
        }
        let git = &self.judge.git;
        let pairs = |theirs: Vec<_>, ours: Vec<_>| {
            of_picks(&picks, &theirs, &ours, |pick| {
                let base = format!("--merge-base={}", pick.parent);
                let arguments =
                    ["merge-tree", "--write-tree", "--name-only", &base, &pick.onto, &pick.commit];
                (format!("{} onto {}", pick.commit, pick.onto), git.again(&arguments))
            })
        };
        self.tally.subject(row, || self.judge.picks(&picks), || self.side.picks(&picks), pairs)?;
        match checkout {
            Some(checkout) if !self.wishes.itself => self.verify(&picks, checkout),
            _ => Ok(()),
        }
    }

    /// The judge itself is judged: by `git cherry-pick`, on some of the picks.
    fn verify(&mut self, picks: &[Pick], checkout: &Checkout) -> anyhow::Result<()> {
        let step = picks.len().div_ceil(self.wishes.verified.max(1)).max(1);
        let few: Vec<Pick> = picks.iter().step_by(step).cloned().collect();
        let row = self.row("pick: merge-tree beside cherry-pick");
        let pairs = |theirs: Vec<_>, ours: Vec<_>| {
            of_picks(&few, &theirs, &ours, |pick| {
                (format!("{} onto {}", pick.commit, pick.onto), String::new())
            })
        };
        let picked = || few.iter().map(|pick| checkout.pick(pick)).collect();
        self.tally.subject(row, picked, || self.judge.picks(&few), pairs)
    }

    fn few(&self) -> usize {
        (self.wishes.commits / SINGLE).max(6)
    }
}

/// Takes out what git lists although the base descends from it. Where clocks ran backwards, git ends its walk too early to
/// know; the graph is right.
fn without_the_base(
    parents: &HashMap<String, Vec<String>>,
    stretch: &Stretch,
    logged: &mut Vec<Logged>,
) -> usize {
    let Some(base) = &stretch.base else { return 0 };
    let (behind, before) = (ancestors(parents, base), logged.len());
    logged.retain(|(id, _)| !behind.contains(id.as_str()));
    before - logged.len()
}

/// One pair for each pick that git could do.
fn of_picks(
    picks: &[Pick],
    theirs: &[Picked],
    ours: &[Picked],
    about: impl Fn(&Pick) -> (String, String),
) -> Vec<Pair> {
    let text = |(pick, picked): (&Pick, &Picked)| picked.plain(pick).to_string();
    let texts = |picked: &[Picked]| picks.iter().zip(picked).map(text).collect();
    // Where git leaves no file unmerged, it names what is in conflict in a message only.
    let unnamed = |(theirs, ours): (&Picked, &Picked)| match (theirs, ours) {
        (Picked::Conflict(files), Picked::Conflict(_)) if files.is_empty() => theirs.clone(),
        _ => ours.clone(),
    };
    let ours: Vec<Picked> = theirs.iter().zip(ours).map(unnamed).collect();
    let pairs = each(picks, texts(theirs), texts(&ours), about);
    let known =
        theirs.iter().zip(&ours).map(|(theirs, ours)| *theirs != Picked::Lacking && *ours != Picked::Lacking);
    pairs.into_iter().zip(known).filter(|(_, known)| *known).map(|(pair, _)| pair).collect()
}

/// One pair for each question.
fn each<Q>(
    questions: &[Q],
    theirs: Vec<String>,
    ours: Vec<String>,
    about: impl Fn(&Q) -> (String, String),
) -> Vec<Pair> {
    let (mut theirs, mut ours) = (theirs.into_iter(), ours.into_iter());
    let pair = |question: &Q| {
        let (about, again) = about(question);
        Pair { about, again, theirs: theirs.next(), ours: ours.next() }
    };
    questions.iter().map(pair).collect()
}
