use std::collections::BTreeSet;

use proptest::prelude::*;
use tminus_vcs::{CommitId, History, Merges, Range, RemoteName, RepositoryError};

use crate::fixture::Fixture;
use crate::trees::{Reach, Spec, build, changes_of_git, check, ranges, specs, words};

fn ids(history: &History, range: &Range) -> Vec<String> {
    history.ids(range).unwrap().into_iter().map(String::from).collect()
}

fn log(fixture: &Fixture, range: &Range) -> Vec<String> {
    fixture.sh(&format!("git log --format=%H {}", words(range))).lines().map(str::to_owned).collect()
}

/// Compares every range with git: always the right commits, and git's order wherever git has the right commits too.
fn agrees(fixture: &Fixture, commits: &[CommitId]) -> usize {
    let history = fixture.repository().history().unwrap();
    let reach = Reach::of(fixture);
    let mut agreed = 0;
    for range in ranges(commits) {
        // Nothing to start from means HEAD to git.
        if range.tips.is_empty() {
            assert_eq!(ids(&history, &range), [""; 0]);
            continue;
        }
        let (ours, theirs) = (ids(&history, &range), log(fixture, &range));
        let whole = Range { limit: None, ..range.clone() };
        let expected = reach.range(&whole);
        if range.limit.is_none() {
            assert_eq!(ours.iter().cloned().collect::<BTreeSet<_>>(), expected, "{}", words(&range));
            assert_eq!(ours.len(), expected.len(), "a commit twice: {}", words(&range));
        }
        if log(fixture, &whole).len() == expected.len() {
            assert_eq!(ours, theirs, "{}", words(&range));
            agreed += 1;
        }
        let decoded = history.commits(&range).unwrap();
        assert_eq!(decoded.iter().map(|commit| commit.id.to_string()).collect::<Vec<_>>(), ours);
        let parents: Vec<_> = decoded
            .iter()
            .map(|commit| commit.parents.iter().map(CommitId::as_str).collect::<Vec<_>>().join(" "))
            .collect();
        let script = format!("git log --format=%P, {}", words(&range));
        if theirs == ours && !ours.is_empty() {
            let theirs = fixture.sh(&script);
            assert_eq!(parents, theirs.lines().map(|line| line.trim_end_matches(',')).collect::<Vec<_>>());
        }
    }
    agreed
}

fn variant(fixture: &Fixture, commits: &[CommitId], number: usize) {
    let some = commits[commits.len() / 2].as_str();
    match number % 4 {
        1 => fixture.sh("git gc --quiet; git commit-graph write --reachable"),
        2 => fixture.sh(&format!("echo {some} | git commit-graph write --stdin-commits")),
        3 => fixture
            .sh(&format!("git commit-graph write --reachable --split; git update-ref refs/heads/y {some}")),
        _ => String::new(),
    };
}

#[test]
fn commits_in_the_order_of_git() {
    let agreed = std::cell::Cell::new((0, 0));
    check(10, &(specs(), 0..4_usize), |(specs, number)| {
        let fixture = Fixture::empty();
        let commits = build(&fixture, &specs);
        variant(&fixture, &commits, number);
        let (all, of) = agreed.get();
        agreed.set((all + agrees(&fixture, &commits), of + ranges(&commits).len()));
        Ok(())
    });
    // git is wrong where clocks run backwards, but not often.
    let (agreed, of) = agreed.get();
    assert!(agreed * 10 > of * 7, "{agreed} of {of}");
}

#[test]
fn paths_as_git_lists_them() {
    check(12, &(specs(), 0..4_usize), |(specs, number)| {
        let fixture = Fixture::empty();
        let commits = build(&fixture, &specs);
        variant(&fixture, &commits, number);
        let history = fixture.repository().history().unwrap();
        for merges in [Merges::Nothing, Merges::FirstParent] {
            let range = Range { tips: commits.clone(), ..Range::default() };
            let theirs = changes_of_git(&fixture, &range, merges);
            let ours = history.changes(&range, merges).unwrap();
            let ours: Vec<_> = ours
                .into_iter()
                .map(|change| {
                    let paths: Vec<_> = change.paths.iter().map(|path| path.bytes().to_vec()).collect();
                    (change.commit.to_string(), paths)
                })
                .collect();
            prop_assert_eq!(&ours, &theirs);
            let (id, paths) = &theirs[theirs.len() / 2];
            let one = history.paths_of(&id.parse().unwrap(), merges).unwrap();
            prop_assert_eq!(&one.iter().map(|path| path.bytes().to_vec()).collect::<Vec<_>>(), paths);
        }
        Ok(())
    });
}

#[test]
fn replacements_as_in_git() {
    check(8, &(specs(), vec_of_pairs()), |(specs, pairs)| {
        let fixture = Fixture::empty();
        let commits = build(&fixture, &specs);
        for (one, two) in &pairs {
            let (one, two) = (one % commits.len(), two % commits.len());
            // A later commit gets an earlier one, so that no circle arises.
            let (late, early) = (&commits[one.max(two)], &commits[one.min(two)]);
            if late != early {
                fixture.sh(&format!("git replace --force {late} {early}"));
            }
        }
        // What git wrote without them must not be believed.
        fixture.sh("GIT_NO_REPLACE_OBJECTS=1 git commit-graph write --reachable || true");
        agrees(&fixture, &commits);
        let range = Range { tips: commits.clone(), ..Range::default() };
        let theirs = changes_of_git(&fixture, &range, Merges::FirstParent);
        let ours = fixture.repository().history().unwrap().changes(&range, Merges::FirstParent).unwrap();
        for (ours, (id, paths)) in ours.iter().zip(&theirs) {
            prop_assert_eq!(ours.commit.as_str(), id);
            prop_assert_eq!(&ours.paths.iter().map(|path| path.bytes().to_vec()).collect::<Vec<_>>(), paths);
        }
        prop_assert_eq!(ours.len(), theirs.len());
        Ok(())
    });
}

#[test]
fn grafts_are_refused_also_when_they_come_later() {
    let fixture = Fixture::small();
    let range = Range::all(fixture.commit("HEAD"));
    let history = fixture.repository().history().unwrap();
    assert_eq!(history.ids(&range).unwrap().len(), 1);
    fixture.sh("mkdir -p .git/info; git rev-parse HEAD > .git/info/grafts");
    let error = history.ids(&range).unwrap_err();
    assert!(error.to_string().contains("git replace --convert-graft-file"), "{error}");
    let error = fixture.repository().history().unwrap_err();
    assert!(matches!(error, RepositoryError::Grafts { .. }), "{error:?}");
    fixture.sh("echo '# nothing' > .git/info/grafts");
    assert_eq!(history.ids(&range).unwrap().len(), 1);
}

fn vec_of_pairs() -> impl Strategy<Value = Vec<(usize, usize)>> {
    proptest::collection::vec((0..100_usize, 0..100_usize), 3..8)
}

#[test]
fn a_replaced_tree_is_read_in_place_of_another() {
    let fixture = Fixture::small();
    fixture.advance("two");
    fixture.sh("git replace HEAD^{tree} HEAD~1^{tree}");
    let tip = fixture.commit("HEAD");
    assert_eq!(changes_of_git(&fixture, &Range::all(tip.clone()), Merges::Nothing)[0].1, [b""; 0]);
    let history = fixture.repository().history().unwrap();
    assert_eq!(history.paths_of(&tip, Merges::Nothing).unwrap(), []);
    let mut map = tminus_vcs::PathMap::new();
    map.insert("", 7).unwrap();
    let split = history.split(&Range::all(tip.clone()), &map, Merges::Nothing).unwrap();
    assert_eq!(split[0].owners, [0; 0]);
    assert_eq!(split[1].owners, [7]);
}

/// A clone of which the last commits are there, and its fixture: five commits in a row.
fn shallow(depth: usize) -> (Fixture, Vec<CommitId>, History) {
    let fixture = Fixture::with_origin();
    let mut commits = vec![fixture.commit("HEAD")];
    for content in ["b", "c", "d", "e"] {
        commits.push(fixture.advance(content));
    }
    fixture.sh(&format!(
        "git push --quiet origin main; git clone --quiet --depth={depth} file://$PWD/../origin.git ../shallow"
    ));
    let history = fixture.repository_at(&fixture.beside("shallow")).history().unwrap();
    (fixture, commits, history)
}

#[test]
fn a_shallow_clone_is_not_taken_for_all() {
    let (fixture, commits, history) = shallow(3);
    let tip = || commits[4].clone();
    let error = history.commits(&Range::all(tip())).unwrap_err();
    let RepositoryError::CutHistory { id, remote } = &error else { panic!("{error:?}") };
    assert_eq!((id.as_str(), remote), (commits[2].as_str(), &RemoteName::origin()));
    assert!(error.to_string().ends_with("run `git fetch --unshallow origin`"), "{error}");
    for question in [
        history.ids(&Range::all(tip())).map(drop),
        history.ids(&Range { first_parent: true, ..Range::all(tip()) }).map(drop),
        history.changes(&Range::all(tip()), Merges::Nothing).map(drop),
        history.ids(&Range { limit: Some(4), ..Range::all(tip()) }).map(drop),
        history.paths_of(&commits[2], Merges::Nothing).map(drop),
    ] {
        assert!(matches!(question, Err(RepositoryError::CutHistory { .. })), "{question:?}");
    }
    // What the clone holds whole is answered.
    let limited = Range { limit: Some(3), ..Range::all(tip()) };
    assert_eq!(history.ids(&limited).unwrap().len(), 3);
    assert_eq!(history.ids(&Range::since(commits[2].clone(), tip())).unwrap(), [tip(), commits[3].clone()]);
    assert_eq!(history.paths_of(&tip(), Merges::Nothing).unwrap().len(), 1);
    let error = history.ids(&Range::since(commits[1].clone(), tip())).unwrap_err();
    assert!(matches!(error, RepositoryError::MissingObject { .. }), "{error:?}");

    fixture.sh_in(&fixture.beside("shallow"), "git fetch --quiet --unshallow");
    let history = fixture.repository_at(&fixture.beside("shallow")).history().unwrap();
    assert_eq!(history.commits(&Range::all(tip())).unwrap().len(), 5);
}

#[test]
fn what_is_hidden_behind_the_end_of_a_shallow_clone_is_not_guessed() {
    let (fixture, commits, _) = shallow(1);
    // The clone has the first commit and the last; the last leads to the first, but nobody here can know.
    fixture.sh_in(&fixture.beside("shallow"), &format!("git fetch --quiet --depth=1 origin {}", commits[0]));
    let history = fixture.repository_at(&fixture.beside("shallow")).history().unwrap();
    let range = Range::since(commits[4].clone(), commits[0].clone());
    let error = history.ids(&range).unwrap_err();
    assert!(matches!(error, RepositoryError::CutHistory { .. }), "{error:?}");
    assert_eq!(history.ids(&Range::since(commits[4].clone(), commits[4].clone())).unwrap(), []);
}

#[test]
fn clocks_that_run_far_backwards_hide_nothing_wrongly() {
    let line = |late: &[i64]| -> Vec<Spec> {
        late.iter().map(|late| Spec { parents: vec![1], late: *late, edits: vec![] }).collect()
    };
    // The base is old by its date, and so are the next; what it comes after is young.
    let fixture = Fixture::empty();
    let mut late = vec![50_000; 12];
    late.extend([-90_000; 12]);
    let commits = build(&fixture, &line(&late));
    let history = fixture.repository().history().unwrap();
    let range = Range::since(commits[22].clone(), commits[23].clone());
    assert_eq!(ids(&history, &range), [commits[23].to_string()]);
    let range = Range {
        tips: vec![commits[3].clone(), commits[23].clone()],
        hidden: vec![commits[20].clone()],
        ..Range::default()
    };
    assert_eq!(ids(&history, &range).len(), 3);
    agrees(&fixture, &commits);
}

/// A commit that is listed, and far in its future, by a wrong clock 40 days older, a row of commits that hide it.
fn hidden_late(row: usize) -> (Fixture, Range) {
    let fixture = Fixture::empty();
    fixture.sh(&format!(
        r#"
        commit() {{
            printf 'commit refs/heads/%s\ncommitter C <c@example.org> %s +0000\ndata 1\nx\n%b\n' "$@"
        }}
        listed=1700000000
        {{
            commit listed $listed ''
            commit hides $((listed - 40 * 24 * 60 * 60)) 'from refs/heads/listed\n'
            for number in $(seq 2 {row}); do
                commit hides $((listed - 40 * 24 * 60 * 60 + number)) ''
            done
            commit tip $((listed + 10)) 'from refs/heads/listed\n'
        }} | git fast-import --quiet --force
        "#
    ));
    let range = Range::since(fixture.commit("hides"), fixture.commit("tip"));
    (fixture, range)
}

#[test]
fn what_hides_a_commit_is_found_behind_many_older_ones() {
    let (fixture, range) = hidden_late(900);
    let history = fixture.repository().history().unwrap();
    assert_eq!(history.ids(&range).unwrap(), range.tips);
    // git stops much earlier, unless a commit-graph tells.
    assert_eq!(log(&fixture, &range).len(), 2);
    let (fixture, range) = hidden_late(1_100);
    fixture.sh("git commit-graph write --reachable");
    let history = fixture.repository().history().unwrap();
    assert_eq!(history.ids(&range).unwrap(), range.tips);
}

#[test]
fn damaged_people_and_dates_do_not_end_a_walk() {
    let fixture = Fixture::small();
    let base = fixture.commit("HEAD");
    let mut tip = base.clone();
    for (author, committer) in [
        ("author Ann <ann@example.org> 17 +0000", "committer Cem <cem@example.org>"),
        ("author Ann <ann@example.org", "committer Cem cem@example.org 1700000000 +0000"),
        (
            "author  <> 99999999999999999999999 +0000",
            "committer Cem <cem@example.org> 99999999999999999999999 +0000",
        ),
        ("author <<a>> -5 +0000", "committer Cem <cem@example.org> -5 +0000"),
        ("nothing", "more"),
    ] {
        let script = format!(
            "printf 'tree %s\\nparent {tip}\\n{author}\\n{committer}\\n\\nmessage\\n' $(git rev-parse 'HEAD^{{tree}}') | git hash-object -t commit -w --stdin --literally"
        );
        tip = fixture.sh(&script).parse().unwrap();
    }
    let history = fixture.repository().history().unwrap();
    let range = Range { tips: vec![base, tip.clone()], ..Range::default() };
    let found = history.commits(&range).unwrap();
    assert_eq!(found.len(), 6);
    assert_eq!(ids(&history, &range), log(&fixture, &range));
    assert!(found.iter().filter(|commit| commit.message == "message\n").count() == 5);
}

#[test]
fn damaged_and_bottomless_trees_are_errors() {
    let fixture = Fixture::small();
    let commit = |tree: &str| -> CommitId {
        fixture.sh(&format!("git commit-tree -m x $({tree}) 2>/dev/null || (printf 'tree %s\\nauthor A <a> 1 +0000\\ncommitter A <a> 1 +0000\\n\\nx' $({tree}) | git hash-object -t commit -w --stdin --literally)")).parse().unwrap()
    };
    let history = fixture.repository().history().unwrap();
    for content in [
        "100644 name\\000short",
        "100644",
        "100644 ",
        "9 a\\00012345678901234567890",
        "100644 \\00012345678901234567890",
    ] {
        let id = commit(&format!("printf '{content}' | git hash-object -t tree -w --stdin --literally"));
        let error = history.paths_of(&id, Merges::Nothing).unwrap_err();
        assert!(error.to_string().contains("git fsck"), "{content}: {error}");
    }
    let id = commit("echo 1234567890123456789012345678901234567890");
    let error = history.paths_of(&id, Merges::Nothing).unwrap_err();
    assert!(error.to_string().contains("git fetch --refetch"), "{error}");
    let blob = commit("git rev-parse HEAD:file");
    let error = history.paths_of(&blob, Merges::Nothing).unwrap_err();
    assert!(error.to_string().contains("it is a blob"), "{error}");

    let path = "d/".repeat(2100);
    fixture.sh(&format!(
        "git fast-import --quiet <<'END'\ncommit refs/heads/deep\ncommitter A <a@example.org> 1 +0000\ndata 1\nx\nM 100644 inline {path}f\ndata 1\ny\nEND"
    ));
    let error = history.paths_of(&fixture.commit("deep"), Merges::Nothing).unwrap_err();
    assert!(error.to_string().contains("deep"), "{error}");
}
