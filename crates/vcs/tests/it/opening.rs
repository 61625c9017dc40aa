use std::path::Path;

use tminus_vcs::{Configuration, Repository, RepositoryError};

use crate::fixture::Fixture;

fn discover(dir: &Path) -> Result<Repository, RepositoryError> {
    Repository::discover_with(dir, Configuration::RepositoryOnly)
}

#[test]
fn found_from_within_and_not_from_outside() {
    let fixture = Fixture::small();
    let repository = discover(&fixture.work().join("dir")).unwrap();
    assert_eq!(repository.work_dir(), Some(fixture.work().as_path()));
    assert_eq!(repository.git_dir(), fixture.work().join(".git"));
    assert_eq!(repository.common_dir(), repository.git_dir());
    assert_eq!(repository, fixture.repository());
    assert!(!repository.is_bare() && !repository.is_linked_worktree() && !repository.is_shallow().unwrap());
    assert_eq!(discover(&fixture.work().join(".git")).unwrap().work_dir(), repository.work_dir());

    let inside = Repository::open_with(&fixture.work().join("dir"), Configuration::RepositoryOnly);
    assert!(matches!(inside, Err(RepositoryError::NotARepository { .. })));
    let nowhere = Repository::open_with(&fixture.beside("nowhere"), Configuration::RepositoryOnly);
    assert!(matches!(nowhere, Err(RepositoryError::NotARepository { .. })));
}

#[test]
fn bare() {
    let fixture = Fixture::with_origin();
    let dir = fixture.beside("origin.git");
    let repository = discover(&dir).unwrap();
    assert!(repository.is_bare());
    assert_eq!((repository.work_dir(), repository.git_dir()), (None, dir.as_path()));
    assert_eq!(repository.head().unwrap().commit, Some(fixture.commit("HEAD")));
}

#[test]
fn linked_work_tree() {
    let fixture = Fixture::small();
    fixture.sh("git worktree add --quiet -b side ../linked");
    let repository = discover(&fixture.beside("linked")).unwrap();
    assert!(repository.is_linked_worktree());
    assert_eq!(repository.git_dir(), fixture.work().join(".git/worktrees/linked"));
    assert_eq!(repository.common_dir(), fixture.work().join(".git"));
    assert_eq!(repository.head().unwrap().branch.unwrap().as_str(), "side");
}

#[test]
fn submodule() {
    let fixture = Fixture::with_origin();
    fixture.sh("git -c protocol.file.allow=always submodule --quiet add ../origin.git module");
    let repository = discover(&fixture.work().join("module")).unwrap();
    assert_eq!(repository.work_dir(), Some(fixture.work().join("module").as_path()));
    assert!(!repository.is_linked_worktree());
}

#[test]
fn shallow() {
    let fixture = Fixture::with_origin();
    fixture.advance("second");
    fixture
        .sh("git push --quiet origin main; git clone --quiet --depth=1 file://$PWD/../origin.git ../shallow");
    assert!(fixture.repository_at(&fixture.beside("shallow")).is_shallow().unwrap());
    fixture.sh_in(&fixture.beside("shallow"), "git fetch --quiet --unshallow");
    assert!(!fixture.repository_at(&fixture.beside("shallow")).is_shallow().unwrap());
}

#[test]
fn formats_that_cannot_be_read_are_named() {
    let fixture = Fixture::empty();
    #[track_caller]
    fn check(fixture: &Fixture, name: &str, expected: &str) {
        match discover(&fixture.beside(name)) {
            Err(RepositoryError::Unsupported { what, .. }) => assert_eq!(what, expected),
            other => panic!("{other:?}"),
        }
    }
    // Older git cannot make one of these; the setting alone is what a reader meets first.
    fixture.sh("git init --quiet ../reftable; cd ../reftable; git config core.repositoryFormatVersion 1");
    fixture.sh("cd ../reftable; git config -f .git/config extensions.refStorage reftable");
    check(&fixture, "reftable", "reftable references");
    if fixture.output_in(&fixture.work(), "git init --quiet --ref-format=reftable ../real").success() {
        check(&fixture, "real", "reftable references");
    }
    fixture.sh("git init --quiet --bare ../sha512; git -C ../sha512 config core.repositoryFormatVersion 1");
    fixture.sh("git config -f ../sha512/config extensions.objectFormat sha512");
    check(&fixture, "sha512", "sha512 objects");
}

/// Only the superuser can give a file away, so elsewhere there is nobody to distrust.
#[test]
#[cfg(unix)]
fn somebody_else_s_repository_is_refused() {
    let fixture = Fixture::small();
    let mine = discover(&fixture.work());
    assert!(mine.is_ok());
    let superuser = fixture.sh("id -u") == "0";
    if superuser {
        fixture.sh("chown -R 12345 .");
    }
    let result = discover(&fixture.work());
    assert_eq!(matches!(result, Err(RepositoryError::UntrustedOwner { .. })), superuser, "{result:?}");
}

#[test]
fn what_a_child_git_writes_is_seen() {
    let fixture = Fixture::small();
    let repository = fixture.repository();
    let first = repository.head().unwrap().commit.unwrap();
    assert_eq!(repository.tags().unwrap(), []);
    assert!(repository.status().unwrap().is_clean());

    let second = fixture.advance("second");
    assert_eq!(repository.head().unwrap().commit, Some(second.clone()));
    assert!(repository.is_ancestor(&first, &second).unwrap());
    fixture.sh("git tag -a -m t v1; git gc --quiet --prune=now; git config user.name Later; echo x >> file");
    assert_eq!(repository.tags().unwrap().len(), 1);
    assert!(repository.contains(&second).unwrap());
    assert_eq!(repository.config("user.name").unwrap().unwrap(), "Later");
    assert_eq!(repository.status().unwrap().changed, ["file"]);
    let third = fixture.advance("third");
    assert_eq!(repository.read_file(&third, "file", 100).unwrap().unwrap(), b"third\n");
}

#[test]
fn can_be_shared_between_threads() {
    fn is_send_and_sync<T: Send + Sync + Clone>() {}
    is_send_and_sync::<Repository>();
    is_send_and_sync::<tminus_vcs::Git>();
    is_send_and_sync_error::<tminus_vcs::GitError>();
    is_send_and_sync_error::<RepositoryError>();
    fn is_send_and_sync_error<T: Send + Sync>() {}
}

#[test]
fn errors_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let error = discover(dir.path()).unwrap_err();
    assert_eq!(error.to_string(), format!("{} is not in a git repository", dir.path().display()));
}
