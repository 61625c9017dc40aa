use std::path::Path;

use tminus_vcs::{CommitId, Configuration, Invocation, Repository, Run, SystemRunner};
use tminus_versioning::{ReleaseVersion, Scheme};

use super::base::{Base, Wanted, bases};
use crate::changelog::tags::ReleaseTag;

/// `main` with commits 0 to 4; `v1.0.0` is 0, `v1.1.0` is on a branch from 2, `v1.2.0` on one from 4.
fn bed(root: &Path) -> (Repository, Vec<ReleaseTag>) {
    let script = r#"
        git init -q -b main .
        c() { git commit -q --allow-empty -m "$1"; git tag "at-$1"; }
        c 0; git tag v1.0.0; c 1; c 2
        git checkout -q -b 1.1; git commit -q --allow-empty -m 1.1; git tag v1.1.0; git checkout -q main
        c 3; c 4
        git checkout -q -b 1.2; git commit -q --allow-empty -m 1.2; git tag v1.2.0; git checkout -q main
    "#;
    let pairs = [
        ("PATH", option_env!("PATH").unwrap_or("/usr/bin:/bin")),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "Ann"),
        ("GIT_AUTHOR_EMAIL", "ann@example.org"),
        ("GIT_COMMITTER_NAME", "Cem"),
        ("GIT_COMMITTER_EMAIL", "cem@example.org"),
    ];
    let environment: Vec<(std::ffi::OsString, std::ffi::OsString)> =
        pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let mut command = Invocation::new(Path::new("/bin/sh"), root.to_owned());
    command.args = vec!["-euc".into(), script.into()];
    command.environment = environment;
    let output = SystemRunner::default().run(&command).unwrap();
    assert!(output.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let repository = Repository::open_with(root, Configuration::RepositoryOnly).unwrap();
    let tag = |version: &str| {
        let name = format!("v{version}");
        let commit = repository.resolve(&name).unwrap().unwrap();
        let version = ReleaseVersion::parse_public(Scheme::Semver, version).ok();
        ReleaseTag { name, commit, version }
    };
    let tags = ["1.0.0", "1.1.0", "1.2.0"].map(tag).to_vec();
    (repository, tags)
}

fn base(repository: &Repository, tags: &[ReleaseTag], tip: &CommitId, wanted: &Wanted<'_>) -> Base {
    bases(&repository.history().unwrap(), &[tags], tip, wanted).unwrap().remove(0)
}

#[test]
fn what_came_out_after_an_older_commit_is_no_base_of_it() {
    let root = tempfile::tempdir().unwrap();
    let (repository, tags) = bed(root.path());
    let wanted = Wanted { below: None, candidates: false, side_branches: true };
    for (tip, expected) in [
        ("at-0", "v1.0.0"),
        ("at-1", "v1.0.0"),
        // 1.1.0 and 1.2.0 hold it.
        ("at-2", "v1.0.0"),
        // 1.2.0 holds it, 1.1.0 left before it.
        ("at-3", "v1.1.0"),
        // Checked out, and everything in it is out.
        ("at-4", "v1.2.0"),
        ("v1.1.0", "v1.1.0"),
    ] {
        let commit = repository.resolve(tip).unwrap().unwrap();
        let found = base(&repository, &tags, &commit, &wanted);
        assert_eq!(found.tag.map(|tag| tag.name).as_deref(), Some(expected), "{tip}");
    }
}
