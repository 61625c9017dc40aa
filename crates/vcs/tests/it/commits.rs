use tminus_vcs::{GitError, TagName};

use crate::fixture::Fixture;

fn tag(name: &str) -> TagName {
    name.parse().unwrap()
}

/// A program that signs everything the same way, in place of gpg.
fn sign_with_a_double(fixture: &Fixture) {
    fixture.hook(
        &fixture.beside(""),
        "gpg",
        "cat > /dev/null; echo '[GNUPG:] SIG_CREATED x' >&2\n\
         printf -- '-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n'",
    );
    fixture.sh("git config gpg.program $PWD/../hooks/gpg; git config user.signingKey X");
}

#[test]
fn exactly_the_given_paths_are_committed() {
    let fixture = Fixture::small();
    fixture.sh("echo x > file; echo x > run; git add run; echo n > new; echo u > unwanted; rm dir/inner; mkdir d; echo y > 'd/a b*'");
    let message = "Release 1.0\n\n# not a comment\n\n\nKey: value\n";
    let paths = ["file", "new", "dir/inner", "d/a b*"];
    let id = fixture.git().commit_in(&fixture.work(), &paths, message).unwrap();
    assert_eq!(id, fixture.commit("HEAD"));
    let changed = fixture.sh("git show --no-renames --name-status --format= HEAD | tr '\\t' ' '");
    assert_eq!(changed, "A d/a b*\nD dir/inner\nM file\nA new");
    assert_eq!(fixture.repository().status().unwrap().changed, ["run"]);
    assert_eq!(fixture.repository().status().unwrap().untracked, ["unwanted"]);
    let [commit] = &fixture.repository().log(&[id], &[], false, 1).unwrap()[..] else { panic!() };
    assert_eq!(commit.message, message);
    assert_eq!((commit.author.name.as_str(), commit.time_seconds), ("Ann Author", 1_700_000_100));
}

#[test]
fn paths_are_not_patterns() {
    let fixture = Fixture::small();
    fixture.sh("echo x > 'f*'; echo x > file; echo x > ':(top)x'; echo x > -v");
    let id = fixture.git().commit_in(&fixture.work(), &["f*", ":(top)x", "-v"], "m").unwrap();
    assert_eq!(fixture.sh(&format!("git show --name-only --format= {id}")), "-v\n:(top)x\nf*");
}

#[test]
fn nothing_to_commit() {
    let fixture = Fixture::small();
    fixture.sh("echo x > run; git add run");
    let git = fixture.git();
    for paths in [&["file"][..], &[]] {
        let error = git.commit_in(&fixture.work(), paths, "m").unwrap_err();
        assert!(matches!(error, GitError::NothingToCommit { .. }), "{error:?}");
    }
    let error = git.commit_in(&fixture.work(), &["none"], "m").unwrap_err();
    assert!(matches!(error, GitError::Failed { .. }), "{error:?}");
}

#[test]
fn the_user_s_hooks_run() {
    let fixture = Fixture::small();
    let git_dir = fixture.work().join(".git");
    fixture.sh("echo x > file");
    // A hook may use patterns, whatever we do with names.
    fixture.hook(&git_dir, "pre-commit", "test -n \"$(git ls-files 'fi*')\"");
    fixture.hook(&git_dir, "commit-msg", "echo 'Added-by: hook' >> \"$1\"");
    let id = fixture.git().commit_in(&fixture.work(), &["file"], "m\n\n").unwrap();
    assert_eq!(fixture.sh(&format!("git log -1 --format=%B {id}")), "m\n\nAdded-by: hook");
    fixture.hook(&git_dir, "pre-commit", "echo 'not today' >&2; exit 1");
    fixture.sh("echo y > file");
    let error = fixture.git().commit_in(&fixture.work(), &["file"], "m").unwrap_err();
    let GitError::Failed { code: Some(1), stderr, .. } = &error else { panic!("{error:?}") };
    assert_eq!(stderr, "not today");
    assert_eq!(fixture.commit("HEAD"), id);
}

#[test]
fn commits_are_signed_if_configured() {
    let fixture = Fixture::small();
    sign_with_a_double(&fixture);
    fixture.sh("git config commit.gpgSign true; echo x > file");
    let id = fixture.git().commit_in(&fixture.work(), &["file"], "m").unwrap();
    assert!(
        fixture.sh(&format!("git cat-file commit {id}")).contains("gpgsig -----BEGIN PGP SIGNATURE-----")
    );
}

#[test]
fn annotated_and_light_tags() {
    let fixture = Fixture::small();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    let message = "Version 1.0\n\n# heading\n\n\ntwo blank lines above\n";
    let object = git.tag_annotated(&tag("v1.0"), &head, message).unwrap();
    git.tag_light(&tag("light"), &head).unwrap();
    let repository = fixture.repository();
    let detail = repository.tag(&tag("v1.0")).unwrap().unwrap();
    assert_eq!((&detail.tag.object, &detail.tag.commit, detail.message.as_str()), (&object, &head, message));
    assert!(!detail.signed);
    assert!(!repository.tag(&tag("light")).unwrap().unwrap().tag.annotated);
    for error in [
        git.tag_annotated(&tag("v1.0"), &head, "m").unwrap_err(),
        git.tag_light(&tag("v1.0"), &head).unwrap_err(),
    ] {
        let GitError::TagExists { name, object: found } = &error else { panic!("{error:?}") };
        assert_eq!((name, found), (&tag("v1.0"), &object));
    }
}

#[test]
fn tags_are_signed_if_configured() {
    #[track_caller]
    fn check(settings: &str, expected: bool) {
        let fixture = Fixture::small();
        sign_with_a_double(&fixture);
        fixture.sh(settings);
        let (git, head) = (fixture.git(), fixture.commit("HEAD"));
        git.tag_annotated(&tag("v1"), &head, "m\n").unwrap();
        git.tag_light(&tag("light"), &head).unwrap();
        let repository = fixture.repository();
        assert_eq!(repository.tag(&tag("v1")).unwrap().unwrap().signed, expected, "{settings}");
        assert!(!repository.tag(&tag("light")).unwrap().unwrap().tag.annotated, "{settings}");
    }
    check("true", false);
    check("git config tag.gpgSign true", true);
    check("git config tag.forceSignAnnotated true", true);
    check("git config commit.gpgSign true", false);
}

#[test]
fn a_signature_that_fails_makes_no_tag() {
    let fixture = Fixture::small();
    fixture.sh("git config gpg.program false; git config user.signingKey X; git config tag.gpgSign true");
    let error = fixture.git().tag_annotated(&tag("v1"), &fixture.commit("HEAD"), "m").unwrap_err();
    assert!(matches!(error, GitError::Signing { .. }), "{error:?}");
    assert_eq!(fixture.repository().tags().unwrap(), []);
}

#[test]
fn a_tag_is_deleted_only_as_believed() {
    let fixture = Fixture::small();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    let object = git.tag_annotated(&tag("v1"), &head, "m").unwrap();
    let error = git.delete_tag(&tag("v1"), &(&head).into()).unwrap_err();
    let GitError::RefMoved { found, .. } = &error else { panic!("{error:?}") };
    assert_eq!(found.as_ref(), Some(&object));
    assert_eq!(error.to_string(), format!("refs/tags/v1 is {}, not {}", object.short(), head.short()));
    assert!(git.delete_tag(&tag("v1"), &object).unwrap());
    assert!(!git.delete_tag(&tag("v1"), &object).unwrap());
    assert_eq!(fixture.repository().tags().unwrap(), []);
}

#[test]
fn hooks_are_found_where_the_user_keeps_them() {
    let fixture = Fixture::small();
    let git = fixture.git();
    fixture.sh("mkdir .hooks; echo > .hooks/pre-push; git config core.hooksPath .hooks");
    assert!(!git.has_hook("pre-push").unwrap());
    fixture.sh("chmod +x .hooks/pre-push");
    assert!(git.has_hook("pre-push").unwrap());
    assert!(!git.has_hook("pre-commit").unwrap());
    fixture.sh("git config core.hooksPath /dev/null");
    assert!(!git.has_hook("pre-push").unwrap());
}
