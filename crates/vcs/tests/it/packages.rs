use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use tminus_vcs::{Changes, CommitId, History, Merges, PathMap, Range, Touched};

use crate::fixture::Fixture;
use crate::trees::{build, check, specs};

/// The answer by the simplest means.
fn split_of(changes: &[Changes], map: &PathMap) -> Vec<Touched> {
    let touched = |change: &Changes| {
        let owners: Vec<_> = change.paths.iter().map(|path| map.owners(path.bytes())).collect();
        let all: BTreeSet<u32> = owners.iter().flat_map(|owners| owners.iter().copied()).collect();
        let others = owners.iter().any(|owners| owners.is_empty());
        Touched { commit: change.commit.clone(), owners: all.into_iter().collect(), others }
    };
    changes.iter().map(touched).collect()
}

fn maps() -> impl Strategy<Value = PathMap> {
    let path = prop_oneof![
        Just(""),
        Just("a"),
        Just("a/b"),
        Just("a/b/c"),
        Just("a-b"),
        Just("packages"),
        Just("packages/one"),
        Just("packages/one/docs"),
        Just("packages/two"),
        Just("packages/two/deep/er"),
        Just("LICENSE"),
        Just("none"),
    ];
    vec((path, proptest::option::weighted(0.8, 0..5_u32)), 0..8).prop_map(|declared| {
        let mut map = PathMap::new();
        for (path, owner) in declared {
            match owner {
                Some(owner) => map.insert(path, owner).unwrap(),
                None => map.exclude(path).unwrap(),
            }
        }
        map
    })
}

#[test]
fn one_walk_serves_all_owners() {
    let ties = std::cell::Cell::new(0);
    check(10, &(specs(), vec(maps(), 8), any::<bool>()), |(specs, maps, replaced)| {
        let fixture = Fixture::empty();
        let commits = build(&fixture, &specs);
        if replaced {
            fixture.sh(&format!("git replace {}^{{tree}} {}^{{tree}} || true", commits[9], commits[4]));
        }
        let history = fixture.repository().history().unwrap();
        let range = Range { tips: commits, ..Range::default() };
        for (number, map) in maps.iter().enumerate() {
            let merges = if number % 2 == 0 { Merges::Nothing } else { Merges::FirstParent };
            let changes = history.changes(&range, merges).unwrap();
            let split = history.split(&range, map, merges).unwrap();
            prop_assert_eq!(&split, &split_of(&changes, map));
            for owner in 0..5 {
                let mut expected = changes.clone();
                for change in &mut expected {
                    change.paths.retain(|path| map.owners(path.bytes()).contains(&owner));
                }
                expected.retain(|change| !change.paths.is_empty());
                ties.set(ties.get() + expected.len());
                prop_assert_eq!(history.touching(&range, map, owner, merges).unwrap(), expected);
            }
        }
        Ok(())
    });
    assert!(ties.get() > 100);
}

/// A repository with more commits than are done in one go, its tip, and a map.
fn long() -> (Fixture, CommitId, PathMap) {
    let fixture = Fixture::empty();
    let mut script = String::new();
    for number in 1..=1500 {
        let _ = writeln!(script, "commit refs/heads/main\nmark :{number}");
        let _ = writeln!(
            script,
            "committer C <c@example.org> {} +0000\ndata 5\n{number:05}",
            1_700_000_000 + number
        );
        if number % 50 == 0 {
            let _ = writeln!(script, "from :{}\nmerge :{}", number - 1, number - 20);
        }
        let _ = writeln!(script, "M 100644 inline p{}/file{}\ndata 5\n{number:05}", number % 7, number % 11);
    }
    // Too long for an argument.
    std::fs::write(fixture.beside("stream"), script).unwrap();
    fixture.sh("git fast-import --quiet --force < ../stream");
    let mut map = PathMap::new();
    for owner in 0..5 {
        map.insert(format!("p{owner}"), owner).unwrap();
    }
    let tip = fixture.commit("main");
    (fixture, tip, map)
}

#[test]
fn many_commits_in_many_threads_keep_their_order() {
    let (fixture, tip, map) = long();
    let history = fixture.repository().history().unwrap();
    let range = Range::all(tip);
    let commits = history.commits(&range).unwrap();
    let messages = fixture.sh("git log --format=%B main | sed '/^$/d'");
    assert_eq!(
        commits.iter().map(|commit| commit.message.as_str()).collect::<Vec<_>>(),
        messages.lines().collect::<Vec<_>>()
    );
    let changes = history.changes(&range, Merges::FirstParent).unwrap();
    assert_eq!(history.split(&range, &map, Merges::FirstParent).unwrap(), split_of(&changes, &map));
    assert!(changes.iter().all(|change| change.paths.len() == 1), "{:?}", changes[0]);
}

fn split(history: &History, tip: &CommitId, map: &PathMap) -> Vec<Touched> {
    history.split(&Range::all(tip.clone()), map, Merges::Nothing).unwrap()
}

fn only_file(dir: &Path) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(dir).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}

#[test]
fn whatever_happens_to_a_cache_the_answer_is_the_same() {
    let (fixture, tip, map) = long();
    let plain = fixture.repository().history().unwrap();
    let expected = split(&plain, &tip, &map);
    let dir = fixture.beside("cache/inner");
    let cached = plain.clone().with_cache(&dir);
    assert_eq!(split(&cached, &tip, &map), expected);
    let file = only_file(&dir);
    let good = std::fs::read(&file).unwrap();
    assert_eq!(split(&cached, &tip, &map), expected);

    let damage = |length: usize, flip: usize| {
        let mut bytes = good[..length].to_vec();
        if let Some(byte) = bytes.get_mut(flip) {
            *byte ^= 1;
        }
        bytes
    };
    let lengths = [0, 1, 14, 15, 30, 35, 40, 60, good.len() / 2, good.len() - 1]
        .map(|length| damage(length, usize::MAX));
    let flips =
        [0, 20, 34, 35, 55, 56, 60, good.len() / 2, good.len() - 1].map(|flip| damage(good.len(), flip));
    for bytes in lengths.into_iter().chain(flips).chain([b"something else".to_vec(), vec![0; 100_000]]) {
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(split(&cached, &tip, &map), expected);
        // It was made anew.
        assert_eq!(std::fs::read(&file).unwrap(), good);
    }
    // The answers to another question in the place of this one.
    let mut other = map.clone();
    other.insert("p0", 77).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_ne!(split(&cached, &tip, &other), expected);
    std::fs::rename(only_file(&dir), &file).unwrap();
    assert_eq!(split(&cached, &tip, &map), expected);
    // A directory, a link to nowhere, a file in the place of the directory.
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(split(&cached, &tip, &map), expected);
    for place in ["/dev/null", "/dev/null/below", "/proc/cache"] {
        assert_eq!(split(&plain.clone().with_cache(place), &tip, &map), expected, "{place}");
    }
}

/// A clone without trees cannot answer, so what answers there is the cache.
#[test]
fn a_cache_is_used_where_nothing_was_replaced() {
    let (fixture, tip, map) = long();
    let dir = fixture.beside("cache");
    let expected = split(&fixture.repository().history().unwrap().with_cache(&dir), &tip, &map);
    fixture.sh("git config uploadpack.allowFilter true; git clone --quiet --bare --filter=tree:0 file://$PWD ../bare");
    let history = || fixture.repository_at(&fixture.beside("bare")).history().unwrap();
    let range = Range::all(tip.clone());
    let error = history().split(&range, &map, Merges::Nothing).unwrap_err();
    assert!(error.to_string().contains("git fetch --refetch --no-filter origin"), "{error}");
    assert_eq!(split(&history().with_cache(&dir), &tip, &map), expected);
    // Neither another question nor a history with replacements takes these answers.
    assert!(history().with_cache(&dir).split(&range, &map, Merges::FirstParent).is_err());
    fixture.sh_in(&fixture.beside("bare"), &format!("git update-ref refs/replace/{tip} {tip}~1"));
    assert!(history().with_cache(&dir).split(&range, &map, Merges::Nothing).is_err());
}

#[test]
fn caches_are_few_and_shared() {
    let (fixture, tip, map) = long();
    let dir = fixture.beside("cache");
    let history = fixture.repository().history().unwrap().with_cache(&dir);
    let expected = split(&history, &tip, &map);
    std::thread::scope(|scope| {
        for number in 0..12 {
            let (history, tip, expected, mut map) = (&history, &tip, &expected, map.clone());
            scope.spawn(move || {
                assert_eq!(&split(history, tip, &map), expected);
                map.insert("p0", 100 + number).unwrap();
                assert_ne!(&split(history, tip, &map), expected);
            });
        }
    });
    for number in 0..10 {
        let mut map = map.clone();
        map.insert("p1", 200 + number).unwrap();
        split(&history, &tip, &map);
    }
    let files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files.len(), 8, "{files:?}");
}
