use tminus_vcs::{BranchName, FileChange, FileKind, GitError, Identity, NewCommit};

use crate::fixture::Fixture;

fn branch(name: &str) -> BranchName {
    name.parse().unwrap()
}

#[test]
fn made_moved_and_removed_only_as_believed() {
    let fixture = Fixture::small();
    let git = fixture.git();
    let first = fixture.commit("HEAD");
    let second = fixture.advance("second");
    let name = branch("release-0.4.x");
    fixture.sh("git config branch.autoSetupMerge always");
    git.create_branch(&name, &first).unwrap();
    assert_eq!(fixture.repository().branch(&name).unwrap(), Some(first.clone()));
    assert_eq!(fixture.repository().tracking(&name).unwrap(), None);
    for at in [&first, &second] {
        let error = git.create_branch(&name, at).unwrap_err();
        let GitError::RefMoved { expected: None, found, .. } = &error else { panic!("{error:?}") };
        assert_eq!(found.as_ref(), Some(&(&first).into()));
    }
    assert!(matches!(git.create_branch(&branch("release-0.4.x/a"), &first), Err(GitError::Failed { .. })));
    assert!(matches!(git.move_branch(&name, &second, &first), Err(GitError::RefMoved { .. })));
    git.move_branch(&name, &first, &second).unwrap();
    git.move_branch(&name, &second, &first).unwrap();
    assert!(matches!(git.delete_branch(&name, &second), Err(GitError::RefMoved { .. })));
    assert!(git.delete_branch(&name, &first).unwrap());
    assert!(!git.delete_branch(&name, &first).unwrap());
    assert_eq!(fixture.sh("git branch --format='%(refname:short)'"), "main");
}

#[test]
fn what_is_checked_out_stays() {
    let fixture = Fixture::small();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    fixture.sh("git worktree add -q -b side ../linked");
    for (name, dir) in [("main", fixture.work()), ("side", fixture.beside("linked"))] {
        let deleted = git.delete_branch(&branch(name), &head).unwrap_err();
        let moved = git.move_branch(&branch(name), &head, &head).unwrap_err();
        for error in [deleted, moved] {
            assert_eq!(error.to_string(), format!("branch {name} is checked out in {}", dir.display()));
        }
    }
}

#[test]
fn commits_without_a_work_tree() {
    let fixture = Fixture::small();
    let (git, base) = (fixture.git(), fixture.commit("HEAD"));
    fixture.sh("echo staged > file; git add file; echo dirty > run; git config core.splitIndex true; git config core.autocrlf true");
    let before = fixture.sh("git status --porcelain; git ls-files -s; ls .git");
    let author = Identity { name: "Éva O'Neil".into(), email: "eva@example.org".into() };
    let changes = [
        FileChange::Write { path: "file", kind: FileKind::Plain, content: b"one\r\n\xff" },
        FileChange::Write { path: "new/a b;$(x)", kind: FileKind::Executable, content: b"" },
        FileChange::Write { path: "link", kind: FileKind::Link, content: b"file" },
        FileChange::Remove { path: "run" },
        FileChange::Remove { path: "none" },
        FileChange::Write { path: "dir", kind: FileKind::Plain, content: b"was a directory" },
    ];
    let message = "Fix\n\n# not a comment\n\n\nKey: value\n";
    let parents = [base.clone()];
    let new =
        NewCommit { parents: &parents, changes: &changes, message, author: Some((&author, 1_600_000_000)) };
    let id = git.commit_files(&new).unwrap();
    let expected = "100644 dir\n100644 file\n120000 link\n100755 new/a b;$(x)";
    assert_eq!(fixture.sh(&format!("git ls-tree -r --format='%(objectmode) %(path)' {id}")), expected);
    let [commit] = &fixture.repository().log(std::slice::from_ref(&id), &[], false, 1).unwrap()[..] else {
        panic!()
    };
    assert_eq!((&commit.parents, commit.message.as_str()), (&vec![base.clone()], message));
    assert_eq!((&commit.author, commit.author_time_seconds), (&author, 1_600_000_000));
    assert_eq!(commit.time_seconds, 1_700_000_100);
    let content = fixture.repository().read_file(&id, "file", 100).unwrap().unwrap();
    assert_eq!(content, b"one\r\n\xff");
    assert_eq!(fixture.sh("git status --porcelain; git ls-files -s; ls .git"), before);
    assert_eq!(fixture.commit("HEAD"), base);
    fixture.sh("git fsck --strict");

    let merge = NewCommit { parents: &[base.clone(), id], changes: &[], message: "m", author: None };
    assert_eq!(
        fixture.sh(&format!("git log -1 --format='%an %P' {}", git.commit_files(&merge).unwrap())).len(),
        92
    );
    let nothing = NewCommit { parents: &parents, changes: &[], message: "m", author: None };
    assert!(matches!(git.commit_files(&nothing), Err(GitError::NothingToCommit { .. })));
    let orphan = NewCommit { parents: &[], ..nothing };
    assert!(matches!(git.commit_files(&orphan), Err(GitError::NothingToCommit { .. })));
}

#[test]
fn paths_that_no_commit_may_have() {
    let fixture = Fixture::small();
    let (git, base) = (fixture.git(), fixture.commit("HEAD"));
    for path in [
        "",
        "/etc/x",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        "./x",
        ".git/config",
        "a/.GIT/x",
        "a\nb",
        "\u{1b}",
        "a\0b",
    ] {
        for change in
            [FileChange::Write { path, kind: FileKind::Plain, content: b"" }, FileChange::Remove { path }]
        {
            let new = NewCommit {
                parents: std::slice::from_ref(&base),
                changes: &[change],
                message: "m",
                author: None,
            };
            let error = git.commit_files(&new).unwrap_err();
            assert!(matches!(error, GitError::InvalidPath { .. }), "{path:?} {error:?}");
        }
    }
    // git itself knows more of them than we do.
    let change = FileChange::Write { path: "git~1/x", kind: FileKind::Plain, content: b"" };
    let new = NewCommit { parents: &[base], changes: &[change], message: "m", author: None };
    let error = git.commit_files(&new).unwrap_err();
    assert!(error.to_string().contains("Ignoring path git~1/x"), "{error}");
    assert_eq!(fixture.sh("ls .git | grep tminus-index || true"), "");
}
