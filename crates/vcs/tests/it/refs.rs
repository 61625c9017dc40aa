use tminus_vcs::{Head, Identity, RefName, Tag};

use crate::fixture::Fixture;

#[test]
fn head_in_every_state() {
    let fixture = Fixture::empty();
    let main = Some("main".parse().unwrap());
    assert_eq!(fixture.repository().head().unwrap(), Head { branch: main.clone(), commit: None });
    fixture.sh("git commit --quiet --allow-empty --message=first");
    let commit = Some(fixture.commit("HEAD"));
    assert_eq!(fixture.repository().head().unwrap(), Head { branch: main, commit: commit.clone() });
    fixture.sh("git checkout --quiet --detach");
    assert_eq!(fixture.repository().head().unwrap(), Head { branch: None, commit: commit.clone() });
    fixture.sh("git checkout --quiet -b odd/ünï@x");
    let head = fixture.repository().head().unwrap();
    assert_eq!(head.branch.unwrap().as_str(), "odd/ünï@x");
}

#[test]
fn branches_loose_and_packed() {
    let fixture = Fixture::small();
    let first = fixture.commit("HEAD");
    fixture.sh("git branch release-0.4.x; git branch a/b; git pack-refs --all");
    let second = fixture.advance("second");
    let repository = fixture.repository();
    let main = "main".parse().unwrap();
    assert_eq!(repository.branch(&main).unwrap(), Some(second.clone()));
    assert_eq!(repository.branch(&"none".parse().unwrap()).unwrap(), None);
    // A part of a name is not a name.
    assert_eq!(repository.branch(&"a".parse().unwrap()).unwrap(), None);
    let branches: Vec<_> =
        repository.branches().unwrap().into_iter().map(|(name, id)| (name.to_string(), id)).collect();
    let expected = [("a/b", &first), ("main", &second), ("release-0.4.x", &first)];
    assert_eq!(branches, expected.map(|(name, id)| (name.to_owned(), id.clone())));
}

#[test]
fn references_as_they_are() {
    let fixture = Fixture::small();
    fixture.sh("git tag -a -m t v1; git update-ref refs/tminus/record HEAD; git symbolic-ref refs/tminus/alias refs/tags/v1");
    let repository = fixture.repository();
    let get = |name: &str| repository.reference(&name.parse::<RefName>().unwrap()).unwrap();
    assert_eq!(get("refs/tags/v1"), Some(fixture.object("v1")));
    assert_eq!(get("refs/tminus/record"), Some(fixture.object("HEAD")));
    assert_eq!(get("refs/tminus/alias"), Some(fixture.object("v1")));
    assert_eq!(get("refs/tminus/none"), None);
}

#[test]
fn every_kind_of_tag() {
    let fixture = Fixture::small();
    fixture.sh(
        "git tag light; git tag -a -m one annotated; git tag -a -m two nested annotated; git tag twice nested
         git tag tree HEAD^{tree}; git tag -a -m tree annotated-tree HEAD^{tree}; git tag blob HEAD:file",
    );
    let commit = fixture.commit("HEAD");
    let tag = |name: &str, annotated| Tag {
        name: name.parse().unwrap(),
        object: fixture.object(&format!("refs/tags/{name}")),
        commit: commit.clone(),
        annotated,
    };
    let expected = [tag("annotated", true), tag("light", false), tag("nested", true), tag("twice", true)];
    assert_eq!(fixture.repository().tags().unwrap(), expected);
    fixture.sh("git pack-refs --all; git gc --quiet");
    assert_eq!(fixture.repository().tags().unwrap(), expected);
    for name in ["tree", "annotated-tree", "blob", "none"] {
        assert_eq!(fixture.repository().tag(&name.parse().unwrap()).unwrap(), None, "{name}");
    }
}

#[test]
fn tags_as_git_lists_them() {
    let fixture = Fixture::small();
    fixture.sh(
        "for i in 1 2 3 4 5; do git commit -q --allow-empty -m $i; git tag v$i; git tag -a -m $i a/$i; done
         git tag 'pkg@1.0'; git tag 'ünï'; git tag 'a;b|c&d'",
    );
    let ours: Vec<_> = fixture.repository().tags().unwrap();
    let ours: Vec<_> = ours.iter().map(|tag| format!("{} {} {}", tag.name, tag.object, tag.commit)).collect();
    // For a light tag git leaves the peeled id empty.
    let theirs =
        fixture.sh("git for-each-ref --format='%(refname:strip=2) %(objectname) %(*objectname)' refs/tags");
    let mut theirs: Vec<_> = theirs
        .lines()
        .map(|line| match line.strip_suffix(' ') {
            Some(light) => format!("{light} {}", light.rsplit(' ').next().unwrap()),
            None => line.to_owned(),
        })
        .collect();
    theirs.sort();
    assert_eq!(theirs.len(), 13);
    assert_eq!(ours, theirs);
}

#[test]
fn what_a_tag_says() {
    let fixture = Fixture::small();
    let detail = |name: &str| fixture.repository().tag(&name.parse().unwrap()).unwrap().unwrap();
    fixture
        .sh("git tag light; printf 'Version 1\\n\\nWith  body\\n' | git tag -a --cleanup=verbatim -F - v1");
    let v1 = detail("v1");
    assert_eq!((v1.message.as_str(), v1.signed), ("Version 1\n\nWith  body\n", false));
    assert_eq!(v1.tagger, Some(Identity { name: "Cem Committer".into(), email: "cem@example.org".into() }));
    assert_eq!(v1.time_seconds, Some(1_700_000_100));
    assert!(v1.tag.annotated);
    let light = detail("light");
    assert_eq!((light.message.as_str(), light.tagger, light.time_seconds), ("", None, None));
    for (name, kind) in [("pgp", "PGP SIGNATURE"), ("ssh", "SSH SIGNATURE"), ("x509", "SIGNED MESSAGE")] {
        let armour = format!("-----BEGIN {kind}-----\nabc\n-----END {kind}-----\n");
        fixture
            .sh(&format!("git tag -a --cleanup=verbatim -F - {name} <<'END'\nSigned\n\nBody\n{armour}END"));
        let tag = detail(name);
        assert_eq!((tag.message.as_str(), tag.signed), ("Signed\n\nBody\n", true), "{name}");
    }
}
