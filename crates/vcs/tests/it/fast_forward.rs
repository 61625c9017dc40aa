use tminus_vcs::{BranchName, CommitId, Expected, FastForward, GitError, NotPossible, ObjectId, RefName};

use crate::fixture::Fixture;

fn branch(name: &str) -> BranchName {
    name.parse().unwrap()
}

/// A repository on `main` and a commit that follows, made elsewhere.
fn ahead() -> (Fixture, CommitId) {
    let fixture = Fixture::small();
    fixture.sh("git checkout --quiet -b ahead");
    let next = fixture.advance("next");
    fixture.sh("git checkout --quiet main; git branch --quiet -D ahead");
    (fixture, next)
}

#[test]
fn the_main_work_tree_moves_along() {
    let (fixture, next) = ahead();
    fixture.sh("echo dirty > run; echo u > untracked");
    let git = fixture.git();
    assert_eq!(git.fast_forward(&branch("main"), &next).unwrap(), FastForward::Done);
    assert_eq!(fixture.commit("main"), next);
    assert_eq!(fixture.sh("cat file"), "next");
    assert_eq!(fixture.repository().status().unwrap().changed, ["run"]);
    assert_eq!(git.fast_forward(&branch("main"), &next).unwrap(), FastForward::AlreadyThere);
    let first = fixture.commit("main~1");
    assert_eq!(git.fast_forward(&branch("main"), &first).unwrap(), FastForward::AlreadyThere);
    assert_eq!(fixture.commit("main"), next);
}

#[test]
fn a_dirty_work_tree_refuses() {
    for (script, settings) in [
        ("echo dirty > file", "true"),
        ("echo dirty > file; git add file", "true"),
        ("echo dirty > file", "git config merge.autoStash true"),
    ] {
        let (fixture, next) = ahead();
        let before = fixture.commit("main");
        fixture.sh(settings);
        fixture.sh(script);
        let outcome = fixture.git().fast_forward(&branch("main"), &next).unwrap();
        let FastForward::NotPossible(NotPossible::WorkTree(words)) = outcome else { panic!("{outcome:?}") };
        assert!(words.contains("file"), "{words}");
        assert_eq!((fixture.commit("main"), fixture.sh("cat file")), (before, "dirty".to_owned()));
    }
}

#[test]
fn an_untracked_file_in_the_way_refuses() {
    let fixture = Fixture::small();
    fixture
        .sh("git checkout -q -b ahead; echo x > new; git add new; git commit -qm new; git checkout -q main");
    fixture.sh("echo precious > new");
    let outcome = fixture.git().fast_forward(&branch("main"), &fixture.commit("ahead")).unwrap();
    assert!(matches!(outcome, FastForward::NotPossible(NotPossible::WorkTree(_))), "{outcome:?}");
    assert_eq!(fixture.sh("cat new"), "precious");
}

#[test]
fn a_branch_that_is_not_checked_out() {
    let (fixture, next) = ahead();
    fixture.sh("git branch line; echo dirty > file");
    assert_eq!(fixture.git().fast_forward(&branch("line"), &next).unwrap(), FastForward::Done);
    assert_eq!(fixture.commit("line"), next);
    assert_eq!(fixture.sh("cat file"), "dirty");
}

#[test]
fn a_branch_of_a_linked_work_tree() {
    let (fixture, next) = ahead();
    fixture.sh("git worktree add --quiet -b line ../linked");
    let git = fixture.git();
    assert_eq!(git.fast_forward(&branch("line"), &next).unwrap(), FastForward::Done);
    let linked = fixture.repository_at(&fixture.beside("linked"));
    assert!(linked.status().unwrap().is_clean());
    assert_eq!(linked.head().unwrap().commit, Some(next.clone()));
    // A work tree that vanished holds nobody up.
    fixture.sh("git worktree add --quiet -b gone ../gone main; rm -r ../gone");
    assert_eq!(git.fast_forward(&branch("gone"), &next).unwrap(), FastForward::Done);
}

#[test]
fn what_cannot_move() {
    let (fixture, next) = ahead();
    let git = fixture.git();
    fixture.advance("other");
    let no = |reason| FastForward::NotPossible(reason);
    assert_eq!(git.fast_forward(&branch("main"), &next).unwrap(), no(NotPossible::Diverged));
    assert_eq!(git.fast_forward(&branch("none"), &next).unwrap(), no(NotPossible::NoSuchBranch));
    let absent: CommitId = "1234567890123456789012345678901234567890".parse().unwrap();
    assert!(matches!(git.fast_forward(&branch("main"), &absent), Err(GitError::Failed { .. })));
}

#[test]
fn references_change_only_as_believed() {
    let (fixture, next) = ahead();
    let git = fixture.git();
    let name: RefName = "refs/tminus/record".parse().unwrap();
    let (first, next) = (ObjectId::from(fixture.commit("main")), ObjectId::from(next));
    let at = |id: &ObjectId| Expected::At(id.clone());
    let moved = |result: Result<(), GitError>| match result.unwrap_err() {
        GitError::RefMoved { found, .. } => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(moved(git.update_ref(&name, &first, Some(&at(&next)))), None);
    git.update_ref(&name, &first, Some(&Expected::Absent)).unwrap();
    assert_eq!(moved(git.update_ref(&name, &next, Some(&Expected::Absent))), Some(first.clone()));
    assert_eq!(moved(git.update_ref(&name, &next, Some(&at(&next)))), Some(first.clone()));
    git.update_ref(&name, &next, Some(&at(&first))).unwrap();
    git.update_ref(&name, &first, None).unwrap();
    assert_eq!(fixture.repository().reference(&name).unwrap(), Some(first));
    let absent: ObjectId = "1234567890123456789012345678901234567890".parse().unwrap();
    assert!(matches!(git.update_ref(&name, &absent, None), Err(GitError::Failed { .. })));
}
