use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;
use tminus_vcs::{CommitId, RepositoryError};

use crate::fixture::Fixture;

/// A history of commits, each with the distances to its parents and how far its clock was off.
fn history(commits: &[(Vec<usize>, i64)]) -> Fixture {
    let fixture = Fixture::empty();
    let mut script = String::new();
    for (index, (distances, skew)) in commits.iter().enumerate() {
        let number = index + 1;
        let date = 1_700_000_000 + i64::try_from(number).unwrap() * 10 + skew;
        let _ = writeln!(script, "commit refs/heads/x\nmark :{number}");
        let _ = writeln!(script, "committer C{number} <c@example.org> {date} +0000\ndata 1\nx");
        let parents: BTreeSet<_> = distances.iter().filter_map(|back| number.checked_sub(*back)).collect();
        let parents: Vec<_> = parents.into_iter().filter(|parent| *parent > 0 && *parent < number).collect();
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

fn lines(ids: &[CommitId]) -> String {
    ids.iter().map(CommitId::as_str).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Also with several roots, criss-cross merges, and clocks that run backwards by far more than a commit's distance.
    #[test]
    fn everything_is_as_git_says(
        commits in prop::collection::vec((prop::collection::vec(1_usize..7, 0..3), -200_i64..200), 12..30),
        picks in prop::collection::vec((0_usize..1000, 0_usize..1000, 0_usize..1000), 8),
    ) {
        let fixture = history(&commits);
        let history = fixture.repository().history().unwrap();
        for (one, two, three) in picks {
            let tag = |number: usize| format!("t{}", number % commits.len() + 1);
            let names = [tag(one), tag(two), tag(three)];
            let ids: Vec<_> = names.iter().map(|name| fixture.commit(name)).collect();
            let ask = |what: &str, names: &[String]| {
                let output = fixture.output_in(&fixture.work(), &format!("git merge-base {what} {}", names.join(" ")));
                (output.success(), String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
            };
            prop_assert_eq!(lines(&history.merge_bases(&ids[0], &ids[1..2]).unwrap()), ask("--all", &names[..2]).1);
            prop_assert_eq!(lines(&history.merge_bases(&ids[0], &ids[1..]).unwrap()), ask("--all", &names).1);
            let best = history.merge_base(&ids[0], &ids[1]).unwrap();
            prop_assert_eq!(best.map(|id| id.to_string()).unwrap_or_default(), ask("", &names[..2]).1);
            prop_assert_eq!(lines(&history.merge_base_octopus(&ids).unwrap()), ask("--all --octopus", &names).1);
            prop_assert_eq!(lines(&history.independent(&ids).unwrap()), ask("--independent", &names).1);
            prop_assert_eq!(history.is_ancestor(&ids[0], &ids[1]).unwrap(), ask("--is-ancestor", &names[..2]).0);
            let (mut way, found) = history.way_to(&ids[0], &[ids[1..].to_vec(), Vec::new()]).unwrap();
            let first = ids[1..].iter().position(|id| history.is_ancestor(id, &ids[0]).unwrap());
            prop_assert_eq!(found, [first, None]);
            for id in &ids[1..] {
                prop_assert_eq!(way.fork(id).unwrap(), history.merge_base(&ids[0], id).unwrap());
            }
        }
    }
}

#[test]
fn nothing_to_ask_about() {
    let fixture = Fixture::small();
    let history = fixture.repository().history().unwrap();
    assert_eq!(history.merge_base_octopus(&[]).unwrap(), []);
    assert_eq!(history.independent(&[]).unwrap(), []);
    let absent: CommitId = "72e6c59f0f9e1d8a8c6c3d6c4d2b1a0f9e8d7c6b".parse().unwrap();
    let error = history.merge_base(&fixture.commit("HEAD"), &absent).unwrap_err();
    assert!(matches!(error, RepositoryError::MissingObject { .. }), "{error}");
}

#[test]
fn a_shallow_clone_says_how_to_mend_it() {
    let fixture = Fixture::with_origin();
    fixture.sh("git checkout --quiet -b topic");
    fixture.advance("topic");
    fixture.sh("git checkout --quiet main");
    fixture.advance("main one");
    fixture.advance("main two");
    fixture.sh("git push --quiet origin main topic");
    fixture.sh("git clone --quiet --depth=1 --no-single-branch \"file://$PWD/../origin.git\" ../shallow");
    let shallow = fixture.repository_at(&fixture.beside("shallow"));
    let (main, topic) = (fixture.commit("main"), fixture.commit("topic"));
    let error = shallow.history().unwrap().merge_base(&main, &topic).unwrap_err();
    assert!(error.to_string().contains("git fetch --unshallow origin"), "{error}");
    let history = fixture.repository().history().unwrap();
    assert_eq!(history.merge_base(&main, &topic).unwrap(), Some(fixture.commit("main~2")));
}
