use tminus_vcs::{BranchName, CommitId, Expected, GitError, Pick, PickError, Source};

use crate::fixture::Fixture;

/// A line branch `line` beside `main`, both with commits of their own.
fn two_lines() -> Fixture {
    let fixture = Fixture::small();
    fixture.sh(r#"
        c() { git add -A . && git commit --quiet --message="$1"; }
        seq 1 30 > lines; mkdir old; seq 1 9 > old/a; seq 20 29 > old/b; printf '*.u merge=union\n' > .gitattributes
        echo 1 > list.u; c base; git branch line
        sed -i 's/^3$/three/' lines; c near-top; git tag near-top
        sed -i 's/^27$/twenty-seven/' lines; echo more > added; c two-files; git tag two-files
        echo other > old/new; c into-old; git tag into-old
        git rm --quiet old/b; c removes; git tag removes
        echo 2 >> list.u; c union; git tag union
        sed -i 's/^15$/fifteen/' lines; c middle; git tag middle
        git checkout --quiet -b topic middle~1; echo t > topic; c topic; git checkout --quiet main
        git merge --quiet --no-ff -m merge topic; git tag merge
        git checkout --quiet line; sed -i 's/^15$/XV/' lines; echo 3 >> list.u; git mv old young; c line; git checkout --quiet main
    "#);
    fixture
}

/// What the real cherry-pick gives: a tree, `empty`, or the files in conflict. It leaves objects behind, so it works in a copy.
fn real(fixture: &Fixture, mainline: Option<usize>, commit: &str, onto: &str) -> String {
    let options = mainline.map(|number| format!("-m {number}")).unwrap_or_default();
    fixture.sh(&format!(
        "rm -rf ../copy; cp -r . ../copy; cd ../copy; git checkout --quiet --detach {onto}
         if git cherry-pick {options} {commit} > ../out 2>&1; then git rev-parse 'HEAD^{{tree}}'
         elif grep -q 'is now empty' ../out; then echo empty
         else git diff --name-only --diff-filter=U; fi"
    ))
}

#[test]
fn picks_are_as_git_makes_them() {
    let fixture = two_lines();
    let history = fixture.repository().history().unwrap();
    let before =
        fixture.sh("git count-objects -v; ls .git/objects; git for-each-ref; git status --porcelain");
    let mut kinds = Vec::new();
    for onto in ["line", "near-top~1", "main"] {
        for (name, mainline) in [
            ("near-top", None),
            ("two-files", None),
            ("into-old", None),
            ("removes", None),
            ("union", None),
            ("middle", None),
            ("merge", Some(1)),
            ("merge", Some(2)),
        ] {
            let source = Source { commit: fixture.commit(name), mainline };
            let found = match history.pick(&fixture.git(), &source, &fixture.commit(onto)).unwrap() {
                Pick::Clean { tree } => tree.to_string(),
                Pick::Empty => "empty".to_owned(),
                Pick::Conflict { files } => {
                    kinds.extend(files.iter().map(|file| file.kind.clone()));
                    files.into_iter().map(|file| file.path).collect::<Vec<_>>().join("\n")
                }
            };
            let expected = real(&fixture, mainline, name, onto);
            assert_eq!(found, expected, "{name} onto {onto}");
        }
    }
    assert!(kinds.contains(&"contents".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"directory rename suggested".to_owned()), "{kinds:?}");
    let after = fixture.sh("git count-objects -v; ls .git/objects; git for-each-ref; git status --porcelain");
    assert_eq!(after, before);
}

#[test]
fn files_that_are_set_aside_have_the_names_that_git_gives_them() {
    let fixture = Fixture::small();
    fixture.sh(r#"
        c() { git add -A . && git commit --quiet --message="$1"; }
        echo base > base; c base; git branch other
        mkdir way; echo x > way/in; c 'a directory'; git tag directory
        git checkout --quiet other; echo file > way; c "$(printf 'a/file: in the way\nsecond line\n\nbody')"; git tag file
        git checkout --quiet main
    "#);
    let history = fixture.repository().history().unwrap();
    for (commit, onto) in [("file", "directory"), ("directory", "file")] {
        let source = Source::new(fixture.commit(commit));
        let found = history.pick(&fixture.git(), &source, &fixture.commit(onto)).unwrap();
        let Pick::Conflict { files } = found else { panic!("{found:?}") };
        let paths: Vec<_> = files.into_iter().map(|file| file.path).collect();
        assert_eq!(paths.join("\n"), real(&fixture, None, commit, onto));
        assert!(paths[0].starts_with("way~"), "{paths:?}");
    }
}

#[test]
fn the_series_is_written_as_a_whole() {
    let fixture = two_lines();
    fixture.sh("git config commit.gpgSign false");
    let history = fixture.repository().history().unwrap();
    let git = fixture.git();
    let onto = fixture.commit("line");
    let sources = ["near-top", "two-files", "union"].map(|name| Source::new(fixture.commit(name)));
    let picks = history.pick_all(&git, &sources, &onto).unwrap();
    assert_eq!((picks.conflict(), picks.empty().len(), picks.picked().count()), (None, 0, 3));
    let before = fixture.sh("git status --porcelain; git rev-parse HEAD");
    let branch: BranchName = "backport/x/to/line".parse().unwrap();
    let written = picks.write(&git, &branch, &Expected::Absent).unwrap();
    assert_eq!(fixture.commit("backport/x/to/line"), written.tip);
    assert_eq!(written.commits.len(), 3);
    fixture.sh("git fsck --strict; rm -rf ../copy; cp -r . ../copy");
    fixture
        .sh("cd ../copy; git checkout --quiet line; git cherry-pick -x near-top two-files union >/dev/null");
    let show = "git log -3 --format='%T %an %ae %ad %cn %B'";
    assert_eq!(
        fixture.sh(&format!("{show} backport/x/to/line")),
        fixture.sh(&format!("cd ../copy; {show} line"))
    );
    assert_eq!(fixture.sh("git status --porcelain; git rev-parse HEAD"), before);
    let error = picks.write(&git, &branch, &Expected::Absent).unwrap_err();
    assert!(matches!(error, PickError::Git(GitError::RefMoved { .. })), "{error}");
    let again = history.pick_all(&git, &sources, &written.tip).unwrap();
    assert_eq!((again.picked().count(), again.empty().len()), (0, 3));
}

#[test]
fn a_conflict_stops_the_series() {
    let fixture = two_lines();
    let history = fixture.repository().history().unwrap();
    let sources = ["near-top", "middle", "union"].map(|name| Source::new(fixture.commit(name)));
    let picks = history.pick_all(&fixture.git(), &sources, &fixture.commit("line")).unwrap();
    let (commit, files) = picks.conflict().unwrap();
    assert_eq!(commit, &fixture.commit("middle"));
    assert_eq!(files[0].path, "lines");
    let branch: BranchName = "b".parse().unwrap();
    picks.write(&fixture.git(), &branch, &Expected::Absent).unwrap_err();
    assert!(!fixture.output_in(&fixture.work(), "git rev-parse --verify --quiet b").success());
}

#[test]
fn messages_are_as_with_x() {
    let fixture = Fixture::small();
    let messages = [
        "subject only",
        "subject\n\nbody",
        "subject\n\nbody\n\nSigned-off-by: A <a@example.org>",
        "subject\n\n(cherry picked from commit 72e6c59f0f9e1d8a8c6c3d6c4d2b1a0f9e8d7c6b)",
        "subject\n\nKey: value\nno trailer here\nnone here\nnor here",
        "Key: value",
        "subject\n\nbody\n\n\nFixes: #1\n\n",
        "subject\n\nCloses: #1\n continued",
        "s\u{fc}bject\n\nb\u{f6}dy",
    ];
    fixture.sh("git branch line; git commit --quiet --allow-empty -m between");
    for (number, message) in messages.iter().enumerate() {
        let script = format!(
            "echo {number} > f{number}; git add .; git commit --quiet --cleanup=verbatim -F ../message"
        );
        std::fs::write(fixture.beside("message"), message).unwrap();
        fixture.sh(&script);
        let commit = fixture.commit("HEAD");
        let history = fixture.repository().history().unwrap();
        let picks =
            history.pick_all(&fixture.git(), &[Source::new(commit)], &fixture.commit("line")).unwrap();
        let branch: BranchName = format!("b{number}").parse().unwrap();
        picks.write(&fixture.git(), &branch, &Expected::Absent).unwrap();
        fixture.sh("git checkout --quiet --detach line; git cherry-pick -x main >/dev/null");
        assert_eq!(fixture.commit("HEAD"), fixture.commit(branch.as_str()), "{message:?}");
        fixture.sh("git checkout --quiet main");
    }
}

#[test]
fn what_cannot_be_picked() {
    let fixture = two_lines();
    let history = fixture.repository().history().unwrap();
    let onto = fixture.commit("line");
    let pick = |commit: &str, mainline| {
        history.pick(&fixture.git(), &Source { commit: fixture.commit(commit), mainline }, &onto).unwrap_err()
    };
    assert!(matches!(pick("merge", None), PickError::NoMainline { .. }));
    assert!(matches!(pick("merge", Some(3)), PickError::NoSuchParent { mainline: 3, .. }));
    assert!(matches!(pick("merge", Some(0)), PickError::NoSuchParent { mainline: 0, .. }));
    let absent: CommitId = "72e6c59f0f9e1d8a8c6c3d6c4d2b1a0f9e8d7c6b".parse().unwrap();
    assert!(matches!(
        history.pick(&fixture.git(), &Source::new(absent), &onto),
        Err(PickError::Repository(_))
    ));
}
