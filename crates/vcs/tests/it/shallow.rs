//! Clones that leave something out: recognised, refused, and repaired by the command that is named.

use std::path::PathBuf;

use tminus_vcs::{Completeness, FetchMode, Partial, RemoteName, RepositoryError};

use crate::fixture::Fixture;

/// A repository with three commits, whose `origin` lets itself be cloned in part, and such a clone of it.
fn cloned(how: &str) -> (Fixture, PathBuf) {
    let fixture = Fixture::with_origin();
    fixture.advance("second");
    fixture.advance("third");
    fixture.sh(&format!(
        "git push -q origin main; git -C ../origin.git config uploadpack.allowFilter true
         git -C ../origin.git config uploadpack.allowAnySHA1InWant true
         git clone -q {how} file://$PWD/../origin.git ../part"
    ));
    let dir = fixture.beside("part");
    (fixture, dir)
}

#[test]
fn recognised_and_repaired() {
    #[track_caller]
    fn check(how: &str, shallow: bool, filter: Option<&str>) {
        let (fixture, dir) = cloned(how);
        let repository = fixture.repository_at(&dir);
        let found = repository.completeness().unwrap();
        let partial = filter.map(|filter| Partial { remote: RemoteName::origin(), filter: filter.into() });
        assert_eq!(found, Completeness { shallow: shallow.then(RemoteName::origin), partial }, "{how}");
        if found.is_complete() {
            return repository.require_complete().unwrap();
        }
        let error = repository.require_complete().unwrap_err();
        let repair = found.repair().unwrap();
        assert!(error.to_string().ends_with(&format!("is {found}; run `{repair}`")), "{error}");
        fixture.sh_in(&dir, &repair);
        repository.require_complete().unwrap();
        // Nothing is missing, and nothing was fetched to find that out.
        let missing = "GIT_NO_LAZY_FETCH=1 git rev-list --objects --missing=print --all | grep '^?' || true";
        assert_eq!(fixture.sh_in(&dir, missing), "", "{how}");
        assert_eq!(fixture.sh_in(&dir, "git rev-list --count HEAD"), "3", "{how}");
    }
    check("", false, None);
    check("--depth=1", true, None);
    check("--filter=blob:none", false, Some("blob:none"));
    check("--filter=tree:0", false, Some("tree:0"));
    check("--filter=blob:limit=1k", false, Some("blob:limit=1024"));
    check("--depth=1 --filter=tree:0", true, Some("tree:0"));
    check("--single-branch --no-tags", false, None);
}

#[test]
fn what_was_left_out_is_named_and_not_fetched() {
    let (fixture, dir) = cloned("--filter=tree:0 --no-checkout");
    let repository = fixture.repository_at(&dir);
    let commit = fixture.commit("HEAD~1");
    fixture.sh("mv ../origin.git ../gone.git");
    let repair =
        "git fetch --refetch --no-filter origin && git config --unset-all remote.origin.partialclonefilter";
    for error in [
        repository.read_file(&commit, "file", 100).unwrap_err(),
        repository.files(&commit).map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, RepositoryError::Omitted { .. }), "{error:?}");
        assert!(
            error.to_string().ends_with(&format!("was left out of this partial clone; run `{repair}`")),
            "{error}"
        );
    }
    assert_eq!(repository.log(std::slice::from_ref(&commit), &[], false, 9).unwrap().len(), 2);

    // A promise without a filter: somebody removed the filter, and did not fetch.
    fixture.sh_in(&dir, "git config --unset-all remote.origin.partialclonefilter");
    repository.require_complete().unwrap();
    let error = repository.read_file(&commit, "file", 100).unwrap_err();
    assert!(error.to_string().ends_with("run `git fetch --refetch --no-filter origin`"), "{error}");
}

#[test]
fn the_old_way_to_say_partial() {
    let fixture = Fixture::with_origin();
    fixture.sh("git config core.repositoryFormatVersion 1; git config extensions.partialClone origin
         git config core.partialCloneFilter blob:none");
    let partial = fixture.repository().completeness().unwrap().partial.unwrap();
    assert_eq!((partial.remote.as_str(), partial.filter.as_str()), ("origin", "blob:none"));
}

#[test]
fn history_is_completed_on_request() {
    let (fixture, dir) = cloned("--depth=1");
    let git = fixture.git().in_dir(&dir);
    let mode = FetchMode { unshallow: true, ..FetchMode::default() };
    for _ in 0..2 {
        git.fetch_with(&RemoteName::origin(), &[], mode).unwrap();
        assert!(fixture.repository_at(&dir).completeness().unwrap().is_complete());
    }
    assert_eq!(fixture.sh_in(&dir, "git rev-list --count HEAD"), "3");
}
