//! Random histories with everything in them that a history can have, and what the real git says about them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tminus_vcs::{CommitId, Merges, Range};

use crate::fixture::Fixture;

/// Paths that get in each other's way, as `git fast-import` reads them; the last two are not UTF-8.
const PATHS: [&str; 16] = [
    "a",
    "a/b",
    "a/b/c",
    "a.txt",
    "a-b/c",
    "a0",
    "packages",
    "packages/one",
    "packages/one/x",
    "packages/one/docs/z",
    "packages/two/y",
    "packages/two/deep/er/y",
    "LICENSE",
    "link",
    r#""r\351sum\351""#,
    r#""packages/one/\377\"q""#,
];

/// One change of a commit.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Write { path: usize, content: u8, mode: &'static str },
    Submodule { path: usize, commit: u8 },
    Delete { path: usize },
    Rename { from: usize, to: usize },
}

/// One commit: how far back its parents are, how wrong its clock is, what it changes.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) parents: Vec<usize>,
    pub(crate) late: i64,
    pub(crate) edits: Vec<Edit>,
}

fn edit() -> impl Strategy<Value = Edit> {
    let path = 0..PATHS.len();
    let mode = prop_oneof![4 => Just("100644"), 1 => Just("100755"), 1 => Just("120000")];
    prop_oneof![
        6 => (path.clone(), 0..4_u8, mode).prop_map(|(path, content, mode)| Edit::Write { path, content, mode }),
        1 => (path.clone(), 1..4_u8).prop_map(|(path, commit)| Edit::Submodule { path, commit }),
        2 => path.clone().prop_map(|path| Edit::Delete { path }),
        1 => (path.clone(), path).prop_map(|(from, to)| Edit::Rename { from, to }),
    ]
}

pub(crate) fn specs() -> impl Strategy<Value = Vec<Spec>> {
    let parents = prop_oneof![
        1 => Just(vec![]),
        8 => vec(1..3_usize, 1),
        4 => vec(1..6_usize, 2),
        1 => vec(1..9_usize, 3..6),
    ];
    let late = prop_oneof![6 => Just(0_i64), 2 => -60..60_i64, 1 => -100_000..100_000_i64];
    let spec = (parents, late, vec(edit(), 0..4));
    vec(spec.prop_map(|(parents, late, edits)| Spec { parents, late, edits }), 12..30)
}

/// The same cases in every run.
pub(crate) fn check<S: Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, random).run(strategy, test).unwrap();
}

/// Makes the commits, with a tag `tN` for each.
pub(crate) fn build(fixture: &Fixture, specs: &[Spec]) -> Vec<CommitId> {
    let mut script = String::new();
    for (index, spec) in specs.iter().enumerate() {
        let number = index + 1;
        let date = 1_700_000_000 + i64::try_from(number).unwrap() * 10 + spec.late;
        let _ = writeln!(script, "commit refs/heads/x\nmark :{number}");
        let _ = writeln!(script, "committer C{number} <c@example.org> {date} +0000\ndata 1\nx");
        let parents: BTreeSet<_> =
            spec.parents.iter().filter_map(|back| number.checked_sub(*back)).filter(|one| *one > 0).collect();
        for (place, parent) in parents.iter().rev().enumerate() {
            let _ = writeln!(script, "{} :{parent}", if place == 0 { "from" } else { "merge" });
        }
        if parents.is_empty() {
            let _ = writeln!(script, "from 0000000000000000000000000000000000000000");
        }
        let mut written = BTreeSet::new();
        for edit in &spec.edits {
            match edit {
                Edit::Write { path, content, mode } => {
                    let _ = writeln!(script, "M {mode} inline {}\ndata 1\n{content}", PATHS[*path]);
                    written.insert(*path);
                }
                Edit::Submodule { path, commit } => {
                    let _ = writeln!(script, "M 160000 {} {}", format!("{commit}").repeat(40), PATHS[*path]);
                }
                Edit::Delete { path } => {
                    let _ = writeln!(script, "D {}", PATHS[*path]);
                    written.clear();
                }
                // The source of a rename has to be there.
                Edit::Rename { from, to } if written.contains(from) && !nested(*from, *to) => {
                    let _ = writeln!(script, "R {} {}", PATHS[*from], PATHS[*to]);
                    written.clear();
                }
                Edit::Rename { .. } => {}
            }
            written.retain(|path| {
                let last = match edit {
                    Edit::Write { path, .. } | Edit::Submodule { path, .. } => *path,
                    Edit::Delete { .. } | Edit::Rename { .. } => return true,
                };
                *path == last || !nested(*path, last)
            });
        }
        let _ = writeln!(script, "reset refs/tags/t{number}\nfrom :{number}\n");
    }
    fixture.sh(&format!("git fast-import --quiet --force <<'END'\n{script}END"));
    let tags: Vec<_> = (1..=specs.len()).map(|number| format!("t{number}")).collect();
    fixture.sh(&format!("git rev-parse {}", tags.join(" "))).lines().map(|id| id.parse().unwrap()).collect()
}

fn nested(one: usize, two: usize) -> bool {
    let (one, two) = (PATHS[one].trim_matches('"'), PATHS[two].trim_matches('"'));
    one == two || one.starts_with(&format!("{two}/")) || two.starts_with(&format!("{one}/"))
}

/// What git prints, in words that follow from a range.
pub(crate) fn words(range: &Range) -> String {
    let join = |ids: &[CommitId]| ids.iter().map(CommitId::as_str).collect::<Vec<_>>().join(" ");
    let first = if range.first_parent { "--first-parent" } else { "" };
    let limit = range.limit.map(|limit| format!("--max-count={limit}")).unwrap_or_default();
    format!("{first} {limit} {} --not {}", join(&range.tips), join(&range.hidden))
}

/// The paths of each commit as git lists them.
pub(crate) fn changes_of_git(
    fixture: &Fixture,
    range: &Range,
    merges: Merges,
) -> Vec<(String, Vec<Vec<u8>>)> {
    let flag = match merges {
        Merges::Nothing => "--no-diff-merges",
        Merges::FirstParent => "--diff-merges=first-parent",
    };
    let script = format!(
        "git log -z --name-only --no-renames {flag} --ignore-submodules=none --format='commit %H' {}",
        words(range)
    );
    let output = fixture.output_in(&fixture.work(), &script);
    assert!(output.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    let mut found: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
    for word in output.stdout.split(|byte| *byte == 0) {
        let word = word.strip_prefix(b"\n").unwrap_or(word);
        if let Some(id) = word.strip_prefix(b"commit ") {
            found.push((String::from_utf8(id.to_vec()).unwrap(), Vec::new()));
        } else if !word.is_empty() {
            found.last_mut().unwrap().1.push(word.to_vec());
        }
    }
    found
}

/// What can be reached, by the parents that git sees.
pub(crate) struct Reach {
    parents: BTreeMap<String, Vec<String>>,
}

impl Reach {
    pub(crate) fn of(fixture: &Fixture) -> Self {
        let mut parents = BTreeMap::new();
        for line in fixture.sh("git rev-list --parents --all").lines() {
            let mut ids = line.split(' ').map(str::to_owned);
            parents.insert(ids.next().unwrap(), ids.collect());
        }
        Self { parents }
    }

    fn from(&self, starts: &[CommitId], first_parent: bool, stop: &BTreeSet<String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut next: Vec<_> = starts.iter().map(|id| id.as_str().to_owned()).collect();
        while let Some(id) = next.pop() {
            if !stop.contains(&id) && found.insert(id.clone()) {
                let count = if first_parent { 1 } else { usize::MAX };
                next.extend(self.parents[&id].iter().take(count).cloned());
            }
        }
        found
    }

    /// The commits of a range without a limit.
    pub(crate) fn range(&self, range: &Range) -> BTreeSet<String> {
        let hidden = self.from(&range.hidden, false, &BTreeSet::new());
        self.from(&range.tips, range.first_parent, &hidden)
    }
}

/// Ranges of all kinds over the commits.
pub(crate) fn ranges(commits: &[CommitId]) -> Vec<Range> {
    let at = |index: usize| commits[index % commits.len()].clone();
    let last = commits.len() - 1;
    let mut found = vec![
        Range::all(at(last)),
        Range::default(),
        Range { tips: commits.to_vec(), ..Range::default() },
        Range { tips: vec![at(last), at(last)], hidden: vec![at(last)], ..Range::default() },
    ];
    for step in 1..6 {
        let tips = vec![at(last), at(last * step / 6)];
        let hidden = vec![at(last * 3 / (step + 3)), at(step)];
        for first_parent in [false, true] {
            found.push(Range { tips: tips.clone(), hidden: hidden.clone(), first_parent, limit: None });
            found.push(Range { tips: tips.clone(), hidden: vec![], first_parent, limit: Some(step * 2) });
        }
        found.push(Range { tips: hidden, hidden: tips, ..Range::default() });
    }
    found
}
