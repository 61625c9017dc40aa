use std::collections::BTreeMap;
use std::path::Path;

use super::compare::Tally;
use super::git::Git;
use super::judge::Judge;
use super::other::Other;
use super::sample::Sample;
use super::side::{Logged, Pick, Picked, SETS, Set, Side, Stretch};
use super::{Wishes, find, shown, subjects};
use crate::conformance::Random;
use crate::histories::{Shape, repository};

const SHAPE: Shape =
    Shape { commits: 150, packages: 4, tag_every: 9, merge_every: 5, bad_clocks: true, seed: 11 };

fn wishes(only: &str) -> Wishes {
    let only = only.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    Wishes { commits: 40, seed: 5, shown: 3, verified: 4, itself: true, program: None, only }
}

/// Git, in two ways, about a history with clocks that run backwards.
#[test]
fn git_agrees_with_git_asked_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let repo = dir.path().join("repo");
    repository(SHAPE, &repo).unwrap();
    let mut tally = Tally { shown: 3, rows: Vec::new() };
    subjects::repository(&repo, &wishes(""), dir.path(), &mut tally).unwrap();
    tally.close().unwrap();
    let asked: BTreeMap<&str, usize> =
        tally.rows.iter().map(|row| (row.subject.as_str(), row.asked)).collect();
    for (subject, least) in
        [("tags", 8), ("describe --tags", 8), ("merge-base", 8), ("log", 150), ("patch-id", 30), ("pick", 3)]
    {
        assert!(asked.get(subject).is_some_and(|asked| *asked >= least), "{subject}: {asked:?}");
    }
    assert_eq!(asked.len(), 8 + SETS.len(), "{asked:?}");
}

/// What a side says that is wrong about one thing.
struct Liar<'a>(Other<'a>, &'a str);

impl Liar<'_> {
    fn lie<A>(&self, subject: &str, answers: &mut [A], wrong: impl FnOnce(&mut A)) {
        if let (true, Some(first)) = (self.1 == subject, answers.first_mut()) {
            wrong(first);
        }
    }
}

impl Side for Liar<'_> {
    fn tags(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut tags = self.0.tags()?;
        if self.1 == "tags" {
            tags.pop_first();
        }
        Ok(tags)
    }

    fn describe(&self, set: &Set, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let mut answers = self.0.describe(set, commits)?;
        self.lie("describe", &mut answers, |answer| answer.push('x'));
        Ok(answers)
    }

    fn exact(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        self.0.exact(commits)
    }

    fn merge_bases(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        let mut answers = self.0.merge_bases(pairs)?;
        self.lie("merge-base", &mut answers, String::clear);
        Ok(answers)
    }

    fn best_base(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        self.0.best_base(pairs)
    }

    fn log(&self, stretch: &Stretch) -> anyhow::Result<Vec<Logged>> {
        let mut answers = self.0.log(stretch)?;
        if self.1 == "log" {
            answers.pop();
        }
        Ok(answers)
    }

    fn patch_ids(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let mut answers = self.0.patch_ids(commits)?;
        self.lie("patch-id", &mut answers, |answer| answer.push('0'));
        Ok(answers)
    }

    fn picks(&self, picks: &[Pick]) -> anyhow::Result<Vec<Picked>> {
        let mut answers = self.0.picks(picks)?;
        self.lie("pick", &mut answers, |answer| *answer = Picked::Conflict(vec!["none".to_owned()]));
        Ok(answers)
    }
}

#[test]
fn every_subject_finds_who_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let repo = dir.path().join("repo");
    repository(SHAPE, &repo).unwrap();
    let git = Git::new(&repo);
    let mut random = Random::new(1);
    let sample = Sample::new(&git, 20, &mut random).unwrap();
    let checkout = super::checkout::Checkout::new(&git, &dir.path().join("work")).unwrap();
    for subject in ["tags", "describe", "merge-base", "log", "patch-id", "pick"] {
        let mut tally = Tally { shown: 1, rows: Vec::new() };
        let scratch = git.writing_to(&repo.join(".git/objects")).unwrap();
        let judge = Judge { git: git.clone(), scratch };
        let other = Other { git: git.clone(), parents: &sample.parents, checkout: Some(&checkout) };
        let liar = Liar(other, subject);
        let wishes = Wishes { commits: 20, ..wishes(subject) };
        subjects::compared(&repo, &sample, &wishes, (judge, &liar), None, &mut tally).unwrap();
        assert!(tally.rows.iter().any(|row| row.differing > 0), "{subject}: {:?}", tally.rows);
        assert!(tally.close().is_err());
    }
}

#[test]
fn repositories_are_found_bare_or_not_and_named() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["a+b/repo/objects", "c/.git", "d.git/objects", "e"] {
        std::fs::create_dir_all(dir.path().join(path)).unwrap();
    }
    for path in ["a+b/repo/HEAD", "d.git/HEAD"] {
        std::fs::write(dir.path().join(path), "").unwrap();
    }
    let mut found = Vec::new();
    find(dir.path(), &mut found).unwrap();
    let names: Vec<String> = found.iter().map(|dir| shown(dir)).collect();
    assert_eq!(names, ["a+b", "c", "d.git"]);
    assert_eq!(shown(Path::new("/")), "/");
}
