use tminus_vcs::{CommitId, FileKind, RemoteName, RepositoryError};

use crate::fixture::Fixture;

#[test]
fn content_at_a_commit() {
    let fixture = Fixture::small();
    let first = fixture.commit("HEAD");
    fixture.sh("ln -s file link; git add link");
    let second = fixture.advance("second");
    let repository = fixture.repository();
    let read = |commit: &CommitId, path: &str| repository.read_file(commit, path, 100).unwrap();
    assert_eq!(read(&first, "file").unwrap(), b"one\n");
    assert_eq!(read(&second, "file").unwrap(), b"second\n");
    assert_eq!(read(&second, "dir/inner").unwrap(), b"two\n");
    assert_eq!(read(&second, "link").unwrap(), b"file");
    for nothing in
        ["none", "dir", "dir/none", "file/inner", "", "/file", "dir//inner", "../file", "./file", "FILE"]
    {
        assert_eq!(read(&second, nothing), None, "{nothing:?}");
    }
}

#[test]
fn content_is_limited() {
    let fixture = Fixture::small();
    let head = fixture.commit("HEAD");
    let repository = fixture.repository();
    assert!(repository.read_file(&head, "file", 4).unwrap().is_some());
    let error = repository.read_file(&head, "file", 3).unwrap_err();
    assert!(matches!(&error, RepositoryError::TooLarge { size: 4, limit: 3, .. }), "{error:?}");
    assert!(error.to_string().starts_with("file at "), "{error}");
}

#[test]
fn a_commit_that_was_not_fetched_is_named_with_the_command() {
    let fixture = Fixture::with_origin();
    let absent: CommitId = "1234567890123456789012345678901234567890".parse().unwrap();
    let repository = fixture.repository();
    assert!(!repository.contains(&absent).unwrap());
    let errors = [
        repository.read_file(&absent, "file", 10).unwrap_err(),
        repository.files(&absent).unwrap_err(),
        repository.is_ancestor(&absent, &fixture.commit("HEAD")).unwrap_err(),
        repository.is_ancestor(&fixture.commit("HEAD"), &absent).unwrap_err(),
        repository.log(std::slice::from_ref(&absent), &[], false, 1).unwrap_err(),
        repository.log(&[fixture.commit("HEAD")], std::slice::from_ref(&absent), false, 1).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(
            error.to_string(),
            format!("commit {absent} is not in this repository; run `git fetch origin`")
        );
        let RepositoryError::MissingObject { id, remote } = error else { panic!("{error:?}") };
        assert_eq!((id.as_str(), remote), (absent.as_str(), RemoteName::origin()));
    }
}

#[test]
fn the_list_is_git_s() {
    let fixture = Fixture::with_origin();
    fixture.sh(
        "mkdir -p a/b/c; echo x > a/b/c/d; echo x > 'a b'; echo x > 'ünï'; ln -s run link; echo x > a.b; echo x > a0
         git -c protocol.file.allow=always submodule --quiet add ../origin.git module; git add .; git commit -qm more",
    );
    let head = fixture.commit("HEAD");
    let files = fixture.repository().files(&head).unwrap();
    let ours: Vec<_> = files
        .iter()
        .map(|file| {
            assert!(!file.lossy);
            let mode = match file.kind {
                FileKind::Plain => "100644",
                FileKind::Executable => "100755",
                FileKind::Link => "120000",
            };
            format!("{mode} {}", file.path)
        })
        .collect();
    let theirs = fixture.sh("git -c core.quotePath=false ls-tree -r --format='%(objectmode) %(path)' HEAD");
    let mut theirs: Vec<_> = theirs.lines().filter(|line| !line.starts_with("160000")).collect();
    theirs.sort_by_key(|line| &line[7..]);
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 10);
}

#[test]
fn names_that_are_not_text_are_marked() {
    let fixture = Fixture::small();
    fixture.sh("echo x > \"$(printf 'latin\\351')\"; git add .; git commit -qm latin");
    let files = fixture.repository().files(&fixture.commit("HEAD")).unwrap();
    let lossy: Vec<_> = files.iter().filter(|file| file.lossy).map(|file| file.path.as_str()).collect();
    assert_eq!(lossy, ["latin\u{fffd}"]);
}
