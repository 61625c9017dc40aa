use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use tminus_vcs::{CommitId, RemoteName, RepositoryError, trailers};

use crate::fixture::Fixture;

/// A small pseudo-random generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A history of 40 commits with merges and several roots; with `skew`, committers' clocks run backwards now and then.
fn random_history(seed: u64, skew: bool) -> Fixture {
    let fixture = Fixture::empty();
    let mut random = Random(seed);
    let mut script = String::new();
    for number in 1..=40 {
        let late = if skew { random.below(4) * random.below(200) } else { 0 };
        let date = 1_700_000_000 + number * 10 + late;
        let _ = writeln!(script, "commit refs/heads/x\nmark :{number}");
        let _ = writeln!(script, "committer C{number} <c@example.org> {date} +0000\ndata 1\nx");
        let parents: BTreeSet<_> =
            (0..random.below(4)).map(|_| number - 1 - random.below(number.min(8))).collect();
        let parents: Vec<_> = parents.into_iter().filter(|parent| *parent > 0).collect();
        for (index, parent) in parents.iter().enumerate() {
            let _ = writeln!(script, "{} :{parent}", if index == 0 { "from" } else { "merge" });
        }
        if parents.is_empty() {
            let _ = writeln!(script, "from 0000000000000000000000000000000000000000");
        }
        let _ = writeln!(script, "reset refs/tags/t{number}\nfrom :{number}\n");
    }
    fixture.sh(&format!("git fast-import --quiet --force <<'END'\n{script}END"));
    fixture
}

/// What follows from the parents alone, by the simplest means.
struct Model {
    parents: BTreeMap<String, Vec<String>>,
    reach: BTreeMap<String, BTreeSet<String>>,
}

impl Model {
    fn of(fixture: &Fixture) -> Self {
        let mut model = Self { parents: BTreeMap::new(), reach: BTreeMap::new() };
        for line in fixture.sh("git rev-list --parents --topo-order --reverse --tags").lines() {
            let mut ids = line.split(' ').map(str::to_owned);
            let id = ids.next().unwrap();
            let parents: Vec<_> = ids.collect();
            let mut reach: BTreeSet<_> =
                parents.iter().flat_map(|parent| model.reach[parent].clone()).collect();
            reach.insert(id.clone());
            model.reach.insert(id.clone(), reach);
            model.parents.insert(id, parents);
        }
        assert_eq!(model.parents.len(), 40);
        model
    }

    fn reach(&self, ids: &[CommitId]) -> BTreeSet<String> {
        ids.iter().flat_map(|id| self.reach[id.as_str()].clone()).collect()
    }

    fn log(&self, tips: &[CommitId], hidden: &[CommitId], first_parent: bool) -> BTreeSet<String> {
        let hidden = self.reach(hidden);
        if !first_parent {
            return self.reach(tips).difference(&hidden).cloned().collect();
        }
        let mut found = BTreeSet::new();
        for tip in tips {
            let mut next = Some(tip.as_str());
            while let Some(id) = next.filter(|id| !hidden.contains(*id)) {
                found.insert(id.to_owned());
                next = self.parents[id].first().map(String::as_str);
            }
        }
        found
    }
}

/// Where clocks run backwards git's own `rev-list` is not always right, so there only the model judges.
#[test]
fn log_and_ancestry_in_random_histories() {
    let mut hidden_something = 0;
    for seed in 0..6 {
        let skew = seed % 3 != 0;
        let fixture = random_history(seed, skew);
        if seed % 2 == 1 {
            fixture.sh("git gc --quiet; git commit-graph write --reachable");
        }
        let model = Model::of(&fixture);
        let repository = fixture.repository();
        let ids: Vec<CommitId> = model.parents.keys().map(|id| id.parse().unwrap()).collect();
        let mut random = Random(seed + 100);
        for round in 0..30 {
            let tips: Vec<_> = (0..=random.below(2)).map(|_| ids[random.below(40)].clone()).collect();
            let hidden: Vec<_> = (0..random.below(3)).map(|_| ids[random.below(40)].clone()).collect();
            let first_parent = round % 4 == 3;
            let ours = repository.log(&tips, &hidden, first_parent, 1000).unwrap();
            let found: BTreeSet<_> = ours.iter().map(|commit| commit.id.to_string()).collect();
            let words = |ids: &[CommitId]| ids.iter().map(CommitId::as_str).collect::<Vec<_>>().join(" ");
            let flag = if first_parent { "--first-parent" } else { "" };
            let command = format!("git rev-list {flag} {} --not {}", words(&tips), words(&hidden));
            assert_eq!(found.len(), ours.len(), "a commit was listed twice: seed {seed}: {command}");
            assert_eq!(found, model.log(&tips, &hidden, first_parent), "seed {seed}: {command}");
            if !skew && round < 8 {
                let theirs: Vec<_> = fixture.sh(&command).lines().map(str::to_owned).collect();
                assert_eq!(
                    ours.iter().map(|commit| commit.id.to_string()).collect::<Vec<_>>(),
                    theirs,
                    "{command}"
                );
            }
            hidden_something += usize::from(!hidden.is_empty() && !found.is_empty());
        }
        for descendant in ids.iter().step_by(5) {
            let found = repository.ancestors_among(&ids, descendant).unwrap();
            let found: BTreeSet<_> = found.into_iter().map(String::from).collect();
            assert_eq!(found, model.reach[descendant.as_str()], "seed {seed}");
        }
        for one in &ids {
            for two in ids.iter().step_by(3) {
                let expected = model.reach[two.as_str()].contains(one.as_str());
                assert_eq!(repository.is_ancestor(one, two).unwrap(), expected, "seed {seed}: {one} {two}");
            }
        }
    }
    assert!(hidden_something > 50, "{hidden_something}");
}

#[test]
fn newest_first_and_limited() {
    let fixture = Fixture::empty();
    fixture.sh("for i in 1 2 3 4 5; do GIT_COMMITTER_DATE=\"170000000$i +0000\" git commit -q --allow-empty -m $i; done");
    let head = fixture.commit("HEAD");
    let subjects = |limit| {
        let commits = fixture.repository().log(std::slice::from_ref(&head), &[], false, limit).unwrap();
        commits.into_iter().map(|commit| commit.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects(100), ["5", "4", "3", "2", "1"]);
    assert_eq!(subjects(2), ["5", "4"]);
    assert_eq!(subjects(0), [""; 0]);
    assert_eq!(fixture.repository().log(&[], &[], false, 10).unwrap(), []);
}

#[test]
fn what_a_commit_says() {
    let fixture = Fixture::small();
    fixture.sh(
        "git checkout -q -b side; echo s > side; git add side; git commit -qm side; git checkout -q main
         cat > ../message <<'END'\nA subject\non two lines\n\nBody: not a trailer\nmore\n\nFixes: #1\nCo-authored-by: B <b@example.org>\nEND
         git merge -q --no-ff -F ../message side",
    );
    let commits = fixture.repository().log(&[fixture.commit("HEAD")], &[], false, 1).unwrap();
    let [commit] = commits.as_slice() else { panic!() };
    let format = "%H|%P|%T|%s|%an|%ae|%at|%ct";
    let parents: Vec<_> = commit.parents.iter().map(ToString::to_string).collect();
    let ours = [
        commit.id.to_string(),
        parents.join(" "),
        commit.tree.clone(),
        commit.subject.clone(),
        commit.author.name.clone(),
        commit.author.email.clone(),
        commit.author_time_seconds.to_string(),
        commit.time_seconds.to_string(),
    ];
    assert_eq!(ours.join("|"), fixture.sh(&format!("git log -1 --format='{format}'")));
    assert_eq!(parents.len(), 2);
    assert_eq!(commit.message.trim_end(), fixture.sh("git log -1 --format=%B").trim_end());
    let trailers: Vec<_> = commit.trailers.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    assert_eq!(trailers, ["Fixes: #1", "Co-authored-by: B <b@example.org>"]);
}

#[test]
fn other_encodings_are_read() {
    let fixture = Fixture::small();
    fixture.sh("printf 'caf\\351' | git -c i18n.commitEncoding=ISO-8859-1 commit -q --allow-empty -F -");
    let commits = fixture.repository().log(&[fixture.commit("HEAD")], &[], false, 10).unwrap();
    assert_eq!(commits.iter().map(|commit| commit.subject.as_str()).collect::<Vec<_>>(), ["café", "first"]);
}

#[test]
fn trailers_as_git_finds_them() {
    let fixture = Fixture::empty();
    let mut found = 0;
    let mut check = |message: &str| {
        fixture.sh(&format!("git commit -q --allow-empty --allow-empty-message --cleanup=verbatim -F - <<'END'\n{message}\nEND"));
        let theirs = fixture.sh("git log -1 --format='%(trailers:only,unfold)'");
        let committed = fixture.sh("git cat-file commit HEAD | sed '1,/^$/d'");
        let ours: Vec<_> =
            trailers(&committed).iter().map(|(key, value)| format!("{key}: {value}")).collect();
        let theirs: Vec<_> = theirs.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        assert_eq!(ours.iter().map(|line| line.trim_end()).collect::<Vec<_>>(), theirs, "{message:?}");
        found += usize::from(!theirs.is_empty());
    };
    for message in [
        "s\n\nKey: value",
        "s\n\nKey: value\nOther-Key: v2",
        "s\n\nbody\n\nKey: value\n\n",
        "s\n\nKey:value",
        "s\n\nKey : value",
        "s\n\nKey: a\n folded\n\ttwice\nNext: b",
        "s\n\n folded at the start\nKey: a",
        "s\n\nnot a trailer\nKey: value",
        "s\n\nnot a trailer\nSigned-off-by: A <a@example.org>",
        "s\n\nno\nno\nno\nSigned-off-by: A <a@example.org>",
        "s\n\nno\nno\nno\nno\nSigned-off-by: A <a@example.org>",
        "s\n\nno\nno\nKey: v\n(cherry picked from commit 1234567890123456789012345678901234567890)",
        "s\n\nKey: v\n(cherry picked from commit 1234567890123456789012345678901234567890)\nOther: w",
        "Key: value",
        "Key: value\nSecond: line",
        "Key: value\n\nbody",
        "s\n\nKey: value\n\nnot a trailer",
        "s\n\nhttps://forge.example/x",
        "s\n\nKey with space: value",
        "s\n\nKey_: value",
        "s\n\n: value",
        "s\n\nKey:",
        "s\n\nKey: value\n# comment\nOther: v",
        "s\n\nKey: value\n   \n",
        "s\n  \nKey: value",
        "s\n\nSigned-off-by: A <a@example.org>\n folded\nno",
        "s\n\nno\n folded\nSigned-off-by: A <a@example.org>",
        "s\n\n---\nKey: value",
        "s\n\nKey: value\n---\nOther: v",
        "\n\ns\n\nKey: value",
        "s",
    ] {
        check(message);
    }
    assert!(found > 10, "{found}");
}

#[test]
fn shallow_history_is_not_taken_for_an_answer() {
    let fixture = Fixture::with_origin();
    let first = fixture.commit("HEAD");
    for content in ["b", "c", "d", "e"] {
        fixture.advance(content);
    }
    fixture
        .sh("git push --quiet origin main; git clone --quiet --depth=2 file://$PWD/../origin.git ../shallow");
    let (last, before, cut) = (fixture.commit("HEAD"), fixture.commit("HEAD~1"), fixture.commit("HEAD~3"));
    let repository = fixture.repository_at(&fixture.beside("shallow"));
    assert!(repository.is_ancestor(&before, &last).unwrap());
    assert!(!repository.is_ancestor(&last, &before).unwrap());
    let error = repository.is_ancestor(&cut, &last).unwrap_err();
    assert!(matches!(error, RepositoryError::MissingObject { .. }), "{error:?}");
    let ids: Vec<_> = repository.log(std::slice::from_ref(&last), &[], false, 10).unwrap();
    assert_eq!(ids.iter().map(|commit| commit.id.clone()).collect::<Vec<_>>(), [last.clone(), before]);

    // Both ends are here, but not what lies between.
    fixture.sh_in(&fixture.beside("shallow"), &format!("git fetch --quiet --depth=1 origin {first}"));
    let error = repository.is_ancestor(&first, &last).unwrap_err();
    let RepositoryError::MissingHistory { id, remote } = &error else { panic!("{error:?}") };
    assert_eq!((id.as_str(), remote), (first.as_str(), &RemoteName::origin()));
    assert!(error.to_string().ends_with("run `git fetch --unshallow origin`"), "{error}");
    let several = [last.clone(), cut.clone()];
    assert_eq!(repository.ancestors_among(&several, &last).unwrap(), BTreeSet::from([last.clone()]));
    let error = repository.ancestors_among(std::slice::from_ref(&first), &last).unwrap_err();
    assert!(matches!(error, RepositoryError::MissingHistory { .. }), "{error:?}");
    fixture.sh_in(&fixture.beside("shallow"), "git fetch --quiet --unshallow");
    assert!(repository.is_ancestor(&first, &last).unwrap());
}

#[test]
fn revisions_are_resolved_to_commits() {
    let fixture = Fixture::small();
    let base = fixture.commit("HEAD");
    fixture.sh(
        "git tag -a -m t v1; git checkout -q -b side; git commit -q --allow-empty -m s; git checkout -q main",
    );
    let (main, side) = (fixture.advance("m"), fixture.commit("side"));
    let repository = fixture.repository();
    for (revision, expected) in [
        ("main", Some(&main)),
        ("main~1", Some(&base)),
        ("v1", Some(&base)),
        (side.short(), Some(&side)),
        ("v1^{tree}", None),
        ("main:file", None),
        ("nothing", None),
        ("", None),
    ] {
        assert_eq!(repository.resolve(revision).unwrap().as_ref(), expected, "{revision:?}");
    }
}
