//! Signatures with real keys: ssh-keygen's, and gpg's where gpg is installed.

use tminus_vcs::{FileChange, FileKind, GitError, NewCommit, Signature, SignatureFormat, TagKind, TagName};

use crate::fixture::Fixture;

fn tag(name: &str) -> TagName {
    name.parse().unwrap()
}

/// A repository whose user signs with an ssh key of their own.
fn with_ssh_key() -> Fixture {
    let fixture = Fixture::small();
    fixture.sh("ssh-keygen -q -t ed25519 -N '' -C cem -f ../key; git config gpg.format ssh
         git config user.signingKey $PWD/../key.pub");
    fixture
}

/// A repository whose user signs with a key of gpg, and the home of that gpg; `None` where gpg is not installed.
fn with_gpg_key() -> Option<(Fixture, String)> {
    let fixture = Fixture::small();
    if !fixture.output_in(&fixture.work(), "command -v gpg").success() {
        return None;
    }
    // Below /tmp itself: the path of gpg-agent's socket has a limit.
    let home = fixture.beside("g").display().to_string();
    fixture.sh(&format!(
        "mkdir -m 700 {home}; export GNUPGHOME={home}
         gpg --batch --quiet --passphrase '' --quick-gen-key 'Cem Committer <cem@example.org>' ed25519 sign never 2>/dev/null"
    ));
    Some((fixture, home))
}

#[test]
fn ssh_signatures() {
    let fixture = with_ssh_key();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    git.tag_signed(&tag("v1"), &head, "Version 1\n").unwrap();
    assert!(fixture.repository().tag(&tag("v1")).unwrap().unwrap().signed);
    let fingerprint = fixture.sh("ssh-keygen -lf ../key.pub | cut -d' ' -f2");

    let Signature::Unknown { key: None, why, .. } = git.verify_tag(&tag("v1")).unwrap() else { panic!() };
    assert_eq!(why, "set gpg.ssh.allowedSignersFile to a file that says whose keys are whose");
    fixture.sh(
        "git config gpg.ssh.allowedSignersFile $PWD/../allowed; ssh-keygen -q -t ed25519 -N '' -f ../other
         echo \"eva@example.org $(cat ../other.pub)\" > ../allowed",
    );
    let Signature::Unknown { key, .. } = git.verify_tag(&tag("v1")).unwrap() else { panic!() };
    assert_eq!(key.as_ref(), Some(&fingerprint));
    fixture.sh("echo \"cem@example.org $(cat ../key.pub)\" >> ../allowed");
    let good = Signature::Good {
        format: SignatureFormat::Ssh,
        signer: "cem@example.org".into(),
        key: fingerprint,
        trusted: true,
    };
    assert_eq!(git.verify_tag(&tag("v1")).unwrap(), good);

    fixture.sh("git cat-file tag v1 | sed 's/^Version 1/Version 2/' | git hash-object -t tag -w --stdin | xargs git update-ref refs/tags/v2");
    let forged = git.verify_tag(&tag("v2")).unwrap();
    assert!(matches!(forged, Signature::Bad { .. }), "{forged:?}");
}

#[test]
fn commits_are_signed_with_ssh() {
    let fixture = with_ssh_key();
    fixture.sh("git config commit.gpgSign true; git config gpg.ssh.allowedSignersFile $PWD/../allowed
         echo \"cem@example.org $(cat ../key.pub)\" > ../allowed; echo x > file");
    let git = fixture.git();
    let unsigned = fixture.commit("HEAD");
    assert_eq!(git.verify_commit(&unsigned).unwrap(), Signature::Unsigned);
    let made = git.commit_in(&fixture.work(), &["file"], "m").unwrap();
    let changes = [FileChange::Write { path: "file", kind: FileKind::Plain, content: b"y" }];
    let new =
        NewCommit { parents: std::slice::from_ref(&made), changes: &changes, message: "m", author: None };
    let computed = git.commit_files(&new).unwrap();
    for id in [made, computed] {
        assert!(git.verify_commit(&id).unwrap().is_good());
    }
}

#[test]
fn gpg_signatures() {
    let Some((fixture, home)) = with_gpg_key() else { return };
    let git = fixture.git_with(&[("GNUPGHOME", &home)]);
    let head = fixture.commit("HEAD");
    git.tag_as(TagKind::Signed, &tag("v1"), &head, "Version 1\n").unwrap();
    let signature = git.verify_tag(&tag("v1")).unwrap();
    let Signature::Good { format, signer, key, trusted } = &signature else { panic!("{signature:?}") };
    assert_eq!(
        (*format, signer.as_str(), *trusted),
        (SignatureFormat::OpenPgp, "Cem Committer <cem@example.org>", true)
    );
    assert_eq!(key.len(), 40);

    // Whoever does not have the key can say nothing.
    let stranger = format!("{home}2");
    fixture.sh(&format!("mkdir -m 700 {stranger}"));
    let other = fixture.git_with(&[("GNUPGHOME", &stranger)]);
    let signature = other.verify_tag(&tag("v1")).unwrap();
    let Signature::Unknown { key: Some(key), why, .. } = &signature else { panic!("{signature:?}") };
    assert_eq!(why, &format!("the key {key} is not in the key ring"));

    fixture.sh("git cat-file tag v1 | sed 's/^Version 1/Version 2/' | git hash-object -t tag -w --stdin | xargs git update-ref refs/tags/v2");
    let forged = git.verify_tag(&tag("v2")).unwrap();
    assert!(
        matches!(&forged, Signature::Bad { why, .. } if why == "the content is not what was signed"),
        "{forged:?}"
    );
    fixture.sh(&format!("GNUPGHOME={home} gpgconf --kill all; GNUPGHOME={stranger} gpgconf --kill all"));
}

#[test]
fn unsigned_and_absent() {
    let fixture = Fixture::small();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    git.tag_as(TagKind::Light, &tag("light"), &head, "").unwrap();
    git.tag_as(
        TagKind::Annotated,
        &tag("v1"),
        &head,
        "A signature begins with `-----BEGIN SSH SIGNATURE-----`",
    )
    .unwrap();
    for name in ["light", "v1"] {
        assert_eq!(git.verify_tag(&tag(name)).unwrap(), Signature::Unsigned, "{name}");
    }
    assert!(git.verify_tag(&tag("none")).is_err());
}

#[test]
fn what_to_set_up_is_said() {
    #[track_caller]
    fn check(settings: &str, format: &str, advice: &str) {
        let fixture = with_ssh_key();
        fixture.sh(settings);
        let home = fixture.beside("empty").display().to_string();
        fixture.sh(&format!("mkdir -m 700 {home}; git config commit.gpgSign true; echo x > file"));
        let git = fixture.git_with(&[("GNUPGHOME", &home)]);
        let head = fixture.commit("HEAD");
        let changes = [FileChange::Write { path: "file", kind: FileKind::Plain, content: b"y" }];
        let new =
            NewCommit { parents: std::slice::from_ref(&head), changes: &changes, message: "m", author: None };
        for error in [
            git.tag_signed(&tag("v1"), &head, "m").unwrap_err(),
            git.commit_in(&fixture.work(), &["file"], "m").unwrap_err(),
            git.commit_files(&new).unwrap_err(),
        ] {
            let GitError::Signing { format: found, advice: said, .. } = &error else {
                panic!("{settings}: {error:?}")
            };
            assert_eq!(found, format, "{settings}");
            assert!(said.contains(advice), "{settings}: {error}");
        }
        assert_eq!(fixture.sh("git tag; git log --format=%s"), "first");
        let _ = fixture.output_in(&fixture.work(), &format!("GNUPGHOME={home} gpgconf --kill all"));
    }
    check("git config --unset user.signingKey", "ssh", "set user.signingKey");
    check("git config user.signingKey /none/key.pub", "ssh", "not there or not a key");
    check("git config gpg.ssh.program /none/ssh-keygen", "ssh", "not installed");
    check("git config gpg.format openpgp; git config gpg.program /none/gpg", "openpgp", "not installed");
    check("git config gpg.format openpgp; git config gpg.program false", "openpgp", "gave no signature");
    let gpg = Fixture::empty();
    if gpg.output_in(&gpg.work(), "command -v gpg").success() {
        check(
            "git config gpg.format openpgp; git config --unset user.signingKey",
            "openpgp",
            "no secret key",
        );
    }
}
