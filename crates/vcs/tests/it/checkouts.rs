use tminus_vcs::GitError;

use crate::fixture::Fixture;

#[test]
fn a_clean_place_to_build() {
    let fixture = Fixture::with_origin();
    let first = fixture.commit("HEAD");
    fixture.sh("git tag -a -m one v1; git tag light; git remote set-url origin https://forge.example/x.git
         echo ignored > .git/info/exclude; git config user.name Somebody");
    fixture.hook(&fixture.work().join(".git"), "post-checkout", "exit 1");
    let second = fixture.advance("second");
    fixture.sh("echo dirty > file; echo u > untracked");
    let (git, dir) = (fixture.git(), fixture.beside("build"));
    git.clone_local(&dir, &first).unwrap();
    let clone = fixture.repository_at(&dir);
    assert!(!clone.is_linked_worktree() && clone.status().unwrap().is_clean());
    let head = clone.head().unwrap();
    assert_eq!((head.branch, head.commit), (None, Some(first)));
    assert_eq!(fixture.sh_in(&dir, "cat file; git describe"), "one\nv1");
    assert_eq!(clone.tags().unwrap(), fixture.repository().tags().unwrap());
    assert_eq!(fixture.sh_in(&dir, "git remote get-url origin"), "https://forge.example/x.git");
    assert!(clone.contains(&second).unwrap());
    assert!(!fixture.git().in_dir(&dir).has_hook("post-checkout").unwrap());

    // Again, over what a build has left behind.
    fixture.sh_in(&dir, "echo x > file; echo y > artefact; chmod -w dir; git tag extra");
    git.clone_local(&dir, &second).unwrap();
    assert_eq!(fixture.sh_in(&dir, "cat file; ls; git tag --list"), "second\ndir\nfile\nrun\nlight\nv1");
    assert!(!fixture.beside("build.incomplete").exists());
}

#[test]
fn commits_without_a_branch_can_be_built() {
    let fixture = Fixture::small();
    fixture.sh("git checkout --quiet --detach");
    let loose = fixture.advance("loose");
    fixture.sh("git checkout --quiet main");
    let dir = fixture.beside("build");
    fixture.git().clone_local(&dir, &loose).unwrap();
    assert_eq!(fixture.sh_in(&dir, "cat file; git remote"), "loose");
}

#[test]
fn linked_and_shallow_repositories_can_be_built() {
    let fixture = Fixture::with_origin();
    fixture.advance("second");
    let third = fixture.advance("third");
    fixture.sh("git tag v1; git worktree add --quiet --detach ../linked; git push --quiet origin main");
    let dir = fixture.beside("build");
    fixture.git().in_dir(&fixture.beside("linked")).clone_local(&dir, &third).unwrap();
    assert_eq!(fixture.sh_in(&dir, "cat file; git tag"), "third\nv1");

    fixture.sh("git clone --quiet --depth=1 file://$PWD/../origin.git ../shallow");
    let shallow = fixture.beside("shallow");
    fixture.sh_in(
        &shallow,
        "git checkout --quiet --detach; echo loose > file; git commit -qam loose; git tag v2 HEAD~0",
    );
    let loose = fixture.sh_in(&shallow, "git rev-parse HEAD").parse().unwrap();
    fixture.sh_in(&shallow, "git tag -d v2; git checkout --quiet main");
    fixture.git().in_dir(&shallow).clone_local(&dir, &loose).unwrap();
    assert_eq!(fixture.sh_in(&dir, "cat file; git rev-list --count HEAD"), "loose\n2");
    assert!(fixture.repository_at(&dir).is_shallow().unwrap());
}

#[test]
fn only_our_own_leftovers_are_replaced() {
    let fixture = Fixture::small();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    fixture.sh("mkdir ../mine ../empty ../killed.incomplete; echo x > ../mine/x; echo y > ../killed.incomplete/y; git clone -q . ../clone");
    for name in ["mine", "clone"] {
        let error = git.clone_local(&fixture.beside(name), &head).unwrap_err();
        assert!(matches!(error, GitError::InTheWay { .. }), "{error:?}");
    }
    assert_eq!(fixture.sh("cat ../mine/x ../clone/file"), "x\none");
    for name in ["empty", "killed"] {
        git.clone_local(&fixture.beside(name), &head).unwrap();
        assert_eq!(fixture.sh_in(&fixture.beside(name), "cat file"), "one");
    }
    let absent = "1234567890123456789012345678901234567890".parse().unwrap();
    assert!(matches!(git.clone_local(&fixture.beside("absent"), &absent), Err(GitError::Failed { .. })));
    assert!(!fixture.beside("absent").exists());
}
