use tminus_vcs::GitError;

use crate::fixture::Fixture;

#[test]
fn added_used_and_removed() {
    let fixture = Fixture::small();
    let first = fixture.commit("HEAD");
    let second = fixture.advance("second");
    fixture.sh("echo dirty > file");
    let git = fixture.git();
    let dir = fixture.beside("linked tree");
    git.add_worktree(&dir, &first).unwrap();
    let linked = fixture.repository_at(&dir);
    assert!(linked.is_linked_worktree() && linked.status().unwrap().is_clean());
    let head = linked.head().unwrap();
    assert_eq!((head.branch, head.commit), (None, Some(first.clone())));

    fixture.sh_in(&dir, "echo n > new; echo u > untracked");
    let made = git.commit_in(&dir, &["new"], "made").unwrap();
    assert!(fixture.repository().is_ancestor(&first, &made).unwrap());
    assert_eq!(fixture.repository().head().unwrap().commit, Some(second));

    let trees = git.worktrees().unwrap();
    assert_eq!(trees.iter().map(|tree| tree.dir.clone()).collect::<Vec<_>>(), [fixture.work(), dir.clone()]);
    assert_eq!(trees[0].branch.as_ref().unwrap().as_str(), "main");
    assert_eq!((trees[1].branch.as_ref(), trees[1].commit.as_ref()), (None, Some(&made)));

    git.remove_worktree(&dir).unwrap();
    assert!(!dir.exists());
    assert_eq!(git.worktrees().unwrap().len(), 1);
    git.remove_worktree(&dir).unwrap();
}

/// Whatever is left when the process is killed, removing and adding again works.
#[test]
fn leftovers_are_no_obstacle() {
    for damage in [
        "rm -r ../linked",
        "rm ../linked/.git",
        "echo nonsense > ../linked/.git",
        "rm -r ../linked; mkdir ../linked",
        "git worktree lock ../linked",
        "git worktree lock ../linked; rm -r ../linked",
        "rm -r ../linked/*; : > .git/worktrees/linked/index.lock",
        "true",
    ] {
        let fixture = Fixture::small();
        let head = fixture.commit("HEAD");
        let (git, dir) = (fixture.git(), fixture.beside("linked"));
        git.add_worktree(&dir, &head).unwrap();
        fixture.sh(damage);
        git.remove_worktree(&dir).unwrap_or_else(|error| panic!("{damage}: {error}"));
        assert!(!dir.exists(), "{damage}");
        git.add_worktree(&dir, &head).unwrap_or_else(|error| panic!("{damage}: {error}"));
        assert!(fixture.repository_at(&dir).status().unwrap().is_clean(), "{damage}");
    }
}

#[test]
fn nothing_else_is_removed() {
    let fixture = Fixture::small();
    let git = fixture.git();
    fixture.sh("mkdir ../mine; echo x > ../mine/x; git clone --quiet . ../clone");
    for dir in [fixture.beside("mine"), fixture.beside("clone"), fixture.work(), fixture.work().join("dir")] {
        let error = git.remove_worktree(&dir).unwrap_err();
        assert!(matches!(error, GitError::InTheWay { .. }), "{error:?}");
        assert!(dir.exists());
    }
    let error = git.add_worktree(&fixture.beside("mine"), &fixture.commit("HEAD")).unwrap_err();
    assert!(matches!(error, GitError::Failed { .. }), "{error:?}");
}
