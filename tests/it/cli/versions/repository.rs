//! `version list` of a real repository.

use super::SCHEMES;
use super::bed::Room;

const LIST: [&str; 3] = ["list", "--scheme", "pep440"];

/// Asks, and looks whether anything at all has changed.
#[track_caller]
fn check(room: &Room, args: &[&str], lines: &[&str]) {
    let before = room.picture();
    let (status, refs) = (room.git(&["status", "--porcelain=v1", "--ignored"]), room.git(&["for-each-ref"]));
    let said = room.ask(args);
    said.exits(0);
    assert_eq!(said.lines(), lines, "{said}");
    assert_eq!(room.git(&["status", "--porcelain=v1", "--ignored"]), status);
    assert_eq!(room.git(&["for-each-ref"]), refs);
    assert!(room.picture() == before, "a file was changed by {said}");
}

#[test]
fn odd_tags() {
    let room = Room::tagged(&[
        "v0.9.0",
        "v0.10.0",
        "0.3.0",
        "latest",
        "vfoo",
        "v0.4.5-dev",
        "é1.0",
        "a/b/c",
        "v1.0;rm",
    ]);
    room.git(&["tag", "--annotate", "--message", "v7.0.0 is not here", "v0.11.0"]);
    room.git(&["tag", "--annotate", "--message", "a tag of a tag", "v0.12.0", "v0.11.0"]);
    room.git(&["branch", "v8.0.0"]);
    room.git(&["update-ref", "refs/remotes/origin/v9.0.0", "HEAD"]);
    let lines = [
        "0.3.0\t0.3.0",
        "0.4.5.dev0\tv0.4.5-dev",
        "0.9.0\tv0.9.0",
        "0.10.0\tv0.10.0",
        "0.11.0\tv0.11.0",
        "0.12.0\tv0.12.0",
    ];
    check(&room, &LIST, &lines);
    check(&room, &[&LIST[..], &["--latest"]].concat(), &["0.12.0\tv0.12.0"]);
    check(&room, &[&LIST[..], &["--tag", "{version}"]].concat(), &["0.3.0\t0.3.0"]);
    // From below, from elsewhere, and packed.
    room.write("deep/down/file", "text");
    room.commit();
    check(&room, &[&["-C", "deep/down"], &LIST[..]].concat(), &lines);
    room.git(&["pack-refs", "--all"]);
    check(&room, &LIST, &lines);
    let rejected = room.ask(&[&LIST[..], &["--rejected"]].concat());
    rejected.exits(0).explains(&["\"latest\"", "\"vfoo\"", "\"a/b/c\"", "1.0\"", "v1.0;rm"]);
    assert_eq!(rejected.lines(), lines);
}

/// A tag of a file or a tree is no release.
#[test]
fn tags_of_files_and_trees() {
    let room = Room::tagged(&["v1.0.0"]);
    room.git(&["tag", "v1.1.0", "HEAD:README"]);
    room.git(&["tag", "v1.2.0", "HEAD^{tree}"]);
    check(&room, &LIST, &["1.0.0\tv1.0.0"]);
}

#[test]
fn no_tags() {
    let room = Room::repository();
    for scheme in SCHEMES {
        check(&room, &["list", "--scheme", scheme], &[]);
    }
    // Not even a commit.
    let room = Room::empty();
    room.git(&["init", "--quiet"]);
    room.ask(&LIST).lists(&[]);
}

/// Standard input counts where it is asked for only.
#[test]
fn standard_input_beside_a_repository() {
    let room = Room::tagged(&["v1.0.0"]);
    room.ask_lines(&LIST, "v2.0.0\n").lists(&["1.0.0\tv1.0.0"]);
    room.ask_lines(&["list", "--scheme", "pep440", "--stdin"], "v2.0.0\n").lists(&["2.0.0\tv2.0.0"]);
}

#[test]
fn no_repository() {
    let said = Room::empty().ask(&LIST);
    assert!([1, 2].contains(&said.code), "{said}");
    said.explains(&["git repository", "--stdin"]);
    let room = Room::repository();
    let said = room.ask(&["-C", "nowhere", "list", "--scheme", "npm"]);
    assert!([1, 2].contains(&said.code), "{said}");
    said.explains(&["nowhere"]);
}

/// Without a configuration the scheme must be named, and the message says so.
#[test]
fn no_configuration() {
    let room = Room::tagged(&["v1.0.0"]);
    room.ask(&["list"]).refuses(2, &["tminus.toml", "--scheme"]);
    // One that makes no sense is not needed where the scheme is named.
    room.write("tminus.toml", "[train\n");
    room.ask(&["list"]).refuses(2, &["tminus.toml:1"]);
    room.ask(&[&LIST[..], &["--tag", "v{version}"]].concat()).lists(&["1.0.0\tv1.0.0"]);
}
