//! `version next` and `version list` where there is a `tminus.toml`.

use super::bed::Room;
use crate::cli::bed::Bed;

const PROJECT: &str = r#"[project]
forge = "none"

[train]
scheme = "pep440"
tag    = "v{version}"

[[package]]
name    = "thing"
version = ["thing.py"]
"#;

/// A project after its release 0.4.4.
fn project(tags: &[&str]) -> Room {
    let room = Room::repository();
    room.write("tminus.toml", PROJECT);
    room.write("thing.py", "__version__ = \"0.4.5.dev0\"\n");
    room.commit();
    for tag in tags {
        room.git(&["tag", tag]);
    }
    room
}

/// Asks, and looks whether anything at all has changed.
#[track_caller]
fn check(room: &Room, args: &[&str], answer: &str) {
    let before = room.picture();
    let (status, refs) = (room.git(&["status", "--porcelain=v1", "--ignored"]), room.git(&["for-each-ref"]));
    room.ask(&[&["next"], args].concat()).answers(&[answer]);
    assert_eq!(room.git(&["status", "--porcelain=v1", "--ignored"]), status);
    assert_eq!(room.git(&["for-each-ref"]), refs);
    assert!(room.picture() == before, "a file was changed by {args:?}");
}

#[test]
fn every_kind() {
    let room = project(&["v0.3.9", "v0.3.10", "v0.4.3", "v0.4.4", "other-1.0", "v9"]);
    room.git(&["tag", "--delete", "v9"]);
    for (kind, next) in [
        ("major", "1.0.0"),
        ("minor", "0.5.0"),
        ("patch", "0.4.5"),
        ("hotfix", "0.4.5"),
        ("post", "0.4.4.post1"),
        ("nightly", "0.4.5.dev20261120"),
    ] {
        check(&room, &[kind], next);
    }
    // The release under way is the one that the files state.
    check(&room, &["candidate"], "0.4.5rc1");
    check(&room, &["final"], "0.4.5");
}

/// The first candidate leads where it is told to lead.
#[test]
fn the_first_candidate() {
    let room = project(&["v0.4.4"]);
    check(&room, &["candidate", "--of", "patch"], "0.4.5rc1");
    check(&room, &["candidate", "--of", "minor"], "0.5.0rc1");
    check(&room, &["candidate", "--of", "major"], "1.0.0rc1");
}

#[test]
fn with_a_candidate_under_way() {
    let room = project(&["v0.4.4", "v0.5.0rc1"]);
    for (kind, next) in [
        ("candidate", "0.5.0rc2"),
        ("final", "0.5.0"),
        ("minor", "0.5.0"),
        ("patch", "0.4.5"),
        ("major", "1.0.0"),
        ("post", "0.4.4.post1"),
    ] {
        check(&room, &[kind], next);
    }
    check(&room, &["candidate", "--existing", "0.5.0rc7"], "0.5.0rc8");
    check(&room, &["minor", "--existing", "0.5.0"], "0.6.0");
    room.ask(&["next", "alpha"]).refuses(1, &["0.5.0rc1"]);
}

#[test]
fn from_another_version() {
    let room = project(&["v0.3.9", "v0.3.10", "v0.4.4", "v0.5.0rc1"]);
    check(&room, &["hotfix", "0.3.9"], "0.3.11");
    check(&room, &["patch", "0.3.10"], "0.3.11");
    check(&room, &["candidate", "0.4.4"], "0.5.0rc2");
    // With a scheme of its own the question is about nothing else.
    check(&room, &["candidate", "0.4.4", "--scheme", "pep440"], "0.5.0rc1");
    check(&room, &["minor", "v0.4.4", "--scheme", "go", "--existing", "v0.4.0"], "v0.5.0");
    room.ask_lines(&["next", "minor", "--scheme", "npm"], "3.0.0\n").answers(&["3.1.0"]);
    // Without one it is about the train, whatever stands on standard input.
    room.ask_lines(&["next", "minor"], "3.0.0\n").answers(&["0.5.0"]);
    room.ask(&["next", "minor", "bad"]).refuses(2, &["bad"]);
}

#[test]
fn from_a_directory_below_and_from_elsewhere() {
    let room = project(&["v0.4.4"]);
    room.write("deep/down/file", "text");
    room.commit();
    check(&room, &["minor", "-C", "deep/down"], "0.5.0");
    let elsewhere = Room::empty();
    elsewhere.ask(&["-C", &room.work.to_string_lossy(), "next", "minor"]).answers(&["0.5.0"]);
    elsewhere.ask(&["-C", &room.work.to_string_lossy(), "list"]).lists(&["0.4.4\tv0.4.4"]);
}

#[test]
fn lists_the_train() {
    let room = project(&["v0.4.4", "v0.4.5-dev", "v0.5.0rc1", "0.3.0", "latest"]);
    room.ask(&["list"]).lists(&["0.4.4\tv0.4.4", "0.5.0rc1\tv0.5.0rc1"]);
    room.ask(&["list", "--finals", "--latest"]).lists(&["0.4.4\tv0.4.4"]);
    room.ask(&["list", "--tag", "{version}"]).lists(&["0.3.0\t0.3.0"]);
    room.ask_lines(&["list", "--stdin"], "v2.0.0\n2.1.0\n").lists(&["2.0.0\tv2.0.0"]);
    room.ask(&["--train", "express", "list"]).refuses(2, &["express"]);
    room.ask(&["--train", "express", "next", "minor"]).refuses(2, &["express"]);
}

/// Another scheme does not change what the tags look like.
#[test]
fn lists_the_train_by_another_scheme() {
    let room = project(&["v0.4.4", "v0.4.5-dev", "0.3.0"]);
    room.ask(&["list", "--scheme", "npm"]).lists(&["0.4.4\tv0.4.4", "0.4.5-dev\tv0.4.5-dev"]);
}

#[test]
fn configurations_that_make_no_sense() {
    let room = project(&["v0.4.4"]);
    room.write("tminus.toml", "[train]\nscheme = \"pep44\"\n");
    room.ask(&["next", "minor"]).refuses(2, &["tminus.toml:2", "pep44", "pep440"]);
    room.ask(&["list"]).refuses(2, &["tminus.toml:2", "pep44", "pep440"]);
    room.ask(&["next", "minor", "0.4.4", "--scheme", "pep440"]).answers(&["0.5.0"]);
}

/// Outside of any project the way out is to name the scheme.
#[test]
fn no_project() {
    for room in [Room::empty(), Room::repository()] {
        for args in [&["next", "minor"][..], &["next", "minor", "0.4.4"]] {
            let said = room.ask(args);
            assert!([1, 2].contains(&said.code), "{said}");
            assert_eq!(said.out, "");
            said.explains(&["--scheme"]);
        }
    }
}

/// What `version next` says is what a plan would release, and nobody is asked on the network for it.
#[test]
fn as_the_plan_says() {
    let bed = Bed::demo();
    let before = bed.picture();
    let listed = bed.run(&["version", "list"]);
    assert_eq!(listed.exits(0).out, "0.1.0\tv0.1.0\n", "{listed}");
    let kinds = ["major", "minor", "patch"];
    let answers = kinds.map(|kind| bed.run(&["version", "next", kind]));
    assert_eq!(bed.picture(), before);
    assert!(bed.sandbox.events().is_empty(), "{:#?}", bed.sandbox.events());
    assert!(!bed.notes().exists());
    for (kind, next) in kinds.iter().zip(answers) {
        let version = next.exits(0).out.trim_end();
        assert!(!version.is_empty());
        bed.run(&["plan", kind]).exits(0).says(&[&format!("v{version}")]);
    }
}
