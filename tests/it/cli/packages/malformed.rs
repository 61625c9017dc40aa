//! Files that nobody should have to read: an error that names the file and the line, and nothing written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::bed::Room;
use super::{javascript, listed, python, skipped};

/// A sound package beside one that is not: neither is written, and the file is named.
#[track_caller]
fn check(path: &str, bytes: impl AsRef<[u8]>, essentials: &[&str]) {
    let room = Room::with(&[("good/pyproject.toml", &python("good", "1.0", &[]))]);
    room.write(path, bytes);
    for args in [
        &["bump", "2.0", "good"][..],
        &["bump", "minor", "--all", "--dry-run"],
        &["pin", "pypi:x@1"],
        &["graph"],
    ] {
        let said = room.refuses(args, &[2], &[]);
        let named = essentials.iter().all(|word| said.err.contains(word));
        assert!(named, "all of {essentials:?} in {said}");
        assert!(said.err.len() < 4000, "an error that can be read: {said}");
    }
}

#[test]
fn broken_toml() {
    check("bad/pyproject.toml", "[project\nname = \"bad\"\n", &["bad/pyproject.toml:1"]);
    check("bad/pyproject.toml", "[project]\nname = \"bad\"\nversion = \"1.0\n", &["bad/pyproject.toml:3"]);
    check("bad/Cargo.toml", "[package]\nname = \"bad\"\nversion = 1.0.0\n", &["bad/Cargo.toml:3"]);
    check("bad/pyproject.toml", "<<<<<<< HEAD\n[project]\n=======\n", &["bad/pyproject.toml:1"]);
    check(
        "bad/pyproject.toml",
        "[project]\nname = \"bad\"\nversion = \"1\"\n\u{0}\n",
        &["bad/pyproject.toml:4"],
    );
}

#[test]
fn broken_json() {
    check(
        "bad/package.json",
        "{\n  \"name\": \"bad\",\n  \"version\": \"1.0.0\",\n}\n",
        &["bad/package.json:4"],
    );
    check("bad/package.json", "{\n  \"name\": \"bad\",\n  \"version\": }\n", &["bad/package.json:3"]);
    check("bad/package.json", "{\n  // a comment\n  \"name\": \"bad\"\n}\n", &["bad/package.json:2"]);
    check("bad/package.json", "", &["bad/package.json"]);
    check("bad/package.json", "{\n  \"name\": \"bad\"\n", &["bad/package.json"]);
    check("bad/package.json", "{ \"name\": \"bad\" }\n{}\n", &["bad/package.json:2"]);
}

#[test]
fn broken_yaml() {
    check("pnpm-workspace.yaml", "packages:\n  - 'a\n  - \"b\n", &["pnpm-workspace.yaml"]);
    check("pnpm-workspace.yaml", "packages:\n\t- a\n", &["pnpm-workspace.yaml:2"]);
    check("pnpm-workspace.yaml", "packages: [a, b\n", &["pnpm-workspace.yaml"]);
    check("chart/Chart.yaml", "name: x\nversion: 1.0.0\n bad: [\n", &["chart/Chart.yaml"]);
}

/// Two values of one key: nobody knows which one a tool takes.
#[test]
fn duplicate_keys() {
    check(
        "bad/pyproject.toml",
        "[project]\nname = \"bad\"\nversion = \"1\"\nversion = \"2\"\n",
        &["bad/pyproject.toml:", "version", "4"],
    );
    check(
        "bad/pyproject.toml",
        "[project]\nname = \"bad\"\n[tool]\n[project]\nversion = \"2\"\n",
        &["bad/pyproject.toml:4"],
    );
    check(
        "bad/package.json",
        "{\n  \"name\": \"bad\",\n  \"version\": \"1.0.0\",\n  \"version\": \"2.0.0\"\n}\n",
        &["bad/package.json:", "version", "4"],
    );
    check(
        "pnpm-workspace.yaml",
        "packages:\n  - a\npackages:\n  - b\n",
        &["pnpm-workspace.yaml:3", "packages"],
    );
}

#[test]
fn values_of_the_wrong_kind() {
    check(
        "bad/pyproject.toml",
        "[project]\nname = \"bad\"\nversion = 1.0\n",
        &["bad/pyproject.toml:3", "version"],
    );
    check(
        "bad/pyproject.toml",
        "[project]\nname = \"bad\"\nversion = \"1\"\ndependencies = \"x\"\n",
        &["bad/pyproject.toml:4", "dependencies"],
    );
    check(
        "bad/pyproject.toml",
        "[project]\nname = \"bad\"\nversion = \"1\"\ndependencies = [\n  \"good >= >= 1\",\n]\n",
        &["bad/pyproject.toml:5"],
    );
    check(
        "bad/package.json",
        "{\n  \"name\": \"bad\",\n  \"version\": 1\n}\n",
        &["bad/package.json:3", "version"],
    );
    check(
        "bad/package.json",
        "{\n  \"name\": \"bad\",\n  \"version\": \"1.0.0\",\n  \"dependencies\": []\n}\n",
        &["bad/package.json:4", "dependencies"],
    );
    check("bad/package.json", "[]\n", &["bad/package.json:1"]);
}

/// A version that its registry does not know.
#[test]
fn versions_that_are_none() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "banana", &[]))]);
    room.refuses(&["bump", "minor", "demo"], &[1, 2], &["pyproject.toml:3", "banana"]);
    let room = Room::with(&[("package.json", &javascript("demo", "1.0", &[]))]);
    room.refuses(&["bump", "minor", "demo"], &[1, 2], &["package.json:3", "1.0"]);
}

#[test]
fn bytes_that_are_no_text() {
    check(
        "bad/pyproject.toml",
        b"[project]\nname = \"b\xff\"\nversion = \"1\"\n",
        &["bad/pyproject.toml", "UTF-8"],
    );
    check("bad/package.json", b"{\n \"name\": \"b\xc3\x28\"\n}\n", &["bad/package.json", "UTF-8"]);
    let utf_16: Vec<u8> = "{ \"name\": \"bad\" }".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("bad/package.json", [&[0xff, 0xfe][..], &utf_16].concat(), &["bad/package.json", "UTF-8"]);
}

#[test]
fn huge_files() {
    let hundred = 100 * 1024 * 1024;
    let comment = vec![b'#'; hundred];
    check("bad/pyproject.toml", &comment, &["bad/pyproject.toml", "8388608"]);
    check("bad/package.json", vec![b' '; hundred], &["bad/package.json", "8388608"]);
    // A lock file that nobody could have written.
    let room = Room::with(&[("package.json", &javascript("demo", "1.0.0", &[]))]);
    room.write("package-lock.json", vec![b' '; hundred]);
    room.refuses(&["bump", "2.0.0", "demo"], &[1, 2], &["package-lock.json"]);
}

/// Nesting that would overflow the stack of a parser.
#[test]
fn deep_files() {
    let deep = 100_000;
    check(
        "bad/package.json",
        format!("{{\"name\":\"bad\",\n\"x\":{}{}}}", "[".repeat(deep), "]".repeat(deep)),
        &["bad/package.json:2"],
    );
    check("bad/package.json", "{\"a\":".repeat(deep), &["bad/package.json:1"]);
    check(
        "bad/pyproject.toml",
        format!("[project]\nname = \"bad\"\nx = {}{}\n", "[".repeat(deep), "]".repeat(deep)),
        &["bad/pyproject.toml:3"],
    );
    check("bad/pyproject.toml", format!("x = {}\n", "{a=".repeat(deep)), &["bad/pyproject.toml:1"]);
    check("bad/pyproject.toml", format!("{}a = 1\n", "a.".repeat(deep)), &["bad/pyproject.toml:1"]);
    check("bad/pyproject.toml", format!("[{}a]\nx = 1\n", "a.".repeat(deep)), &["bad/pyproject.toml:1"]);
    check("pnpm-workspace.yaml", format!("packages: {}\n", "[".repeat(deep)), &["pnpm-workspace.yaml"]);
    let steps: Vec<_> = (0..deep / 50).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check(
        "pnpm-workspace.yaml",
        format!("packages:\n  - a\nx:\n{}", steps.concat().replace("a:", " a:")),
        &["pnpm-workspace.yaml"],
    );
}

/// Who may not read everything is told so. A superuser may.
#[test]
fn unreadable_files() {
    let room = Room::with(&[
        ("good/pyproject.toml", &python("good", "1.0", &[])),
        ("bad/pyproject.toml", &python("bad", "1.0", &[])),
    ]);
    let path = room.work.join("bad/pyproject.toml");
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        skipped("everything can be read by this user");
        return;
    }
    room.refuses(&["bump", "2.0", "good"], &[1, 2, 3], &["bad/pyproject.toml"]);
}

/// A file that is marked read-only is not replaced behind the back of whoever marked it; nor are the others written.
#[test]
fn read_only_files() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("a", "1.0", &[])),
        ("b/pyproject.toml", &python("b", "1.0", &[])),
    ]);
    let path = room.work.join("b/pyproject.toml");
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    room.refuses(&["bump", "2.0", "--all"], &[1, 2, 3], &["b/pyproject.toml", "read-only"]);
    // It may be read all the same, and those beside it may be written.
    assert_eq!(listed(&room), ["pypi:a 1.0 a", "pypi:b 1.0 b"]);
    room.check(&["bump", "2.0", "a"], &[("a/pyproject.toml", &python("a", "2.0", &[]))]);
}

/// Places that tminus.toml lists and that are no files of the project.
#[test]
fn listed_places_that_are_no_files() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0", &[])), ("directory/file", "x\n")]);
    let secret = room.outside().join("secret.py");
    fs::write(&secret, "__version__ = '1.0'\n").unwrap();
    symlink(&secret, room.work.join("link.py")).unwrap();
    symlink("../..", room.work.join("up")).unwrap();
    symlink("nowhere", room.work.join("dangling.py")).unwrap();
    for path in
        ["directory", "gone.py", "link.py", "up/secret.py", "dangling.py", "../secret.py", "/etc/hostname"]
    {
        room.write(
            "tminus.toml",
            format!("[[package]]\nname = \"demo\"\nversion = [\"pyproject.toml\", \"{path}\"]\n"),
        );
        room.refuses(&["bump", "2.0", "demo"], &[1, 2, 3], &[path]);
        assert_eq!(fs::read_to_string(&secret).unwrap(), "__version__ = '1.0'\n");
    }
}

/// A directory, or worse, by the name of a manifest or of a lock file.
#[test]
fn names_of_manifests_that_are_no_files() {
    let room = Room::with(&[
        ("good/pyproject.toml", &python("good", "1.0", &[])),
        ("bad/pyproject.toml/file", "x\n"),
    ]);
    let before = room.picture();
    let said = room.run(&["bump", "2.0", "good"]);
    if said.code == 0 {
        // A directory is no manifest.
        assert_eq!(listed(&room), ["pypi:good 2.0 good"]);
    } else {
        said.explains(&["bad/pyproject.toml"]);
        super::bed::assert_same(&before, &room.picture(), &said);
    }
    let room =
        Room::with(&[("package.json", &javascript("demo", "1.0.0", &[])), ("package-lock.json/file", "x\n")]);
    let said = room.run(&["bump", "2.0.0", "demo", "--no-check"]);
    assert!(said.code == 0 || said.err.contains("package-lock.json"), "{said}");
    // A pipe that nobody writes to would be waited for endlessly.
    let room = Room::with(&[("good/pyproject.toml", &python("good", "1.0", &[]))]);
    fs::create_dir(room.work.join("pipe")).unwrap();
    room.tool("mkfifo".as_ref(), &room.work, &["pipe/package.json"]);
    let said = room.run(&["graph", "good"]);
    assert!(said.code == 0 || said.err.contains("pipe/package.json"), "{said}");
}

/// What is printed of a file cannot steer a terminal.
#[test]
fn control_characters_are_not_printed() {
    let room =
        Room::with(&[("package.json", "{ \"name\": \"demo\\u001b[31m\", \"version\": \"1.0.0\\u0007\" }\n")]);
    for args in [
        &["packages"][..],
        &["packages", "--excluded"],
        &["graph"],
        &["graph", "--format", "dot"],
        &["bump", "2.0.0", "--all", "--dry-run"],
    ] {
        let said = room.run(args);
        said.says(&["demo"]).keeps_quiet_about(&["\u{1b}", "\u{7}"]);
    }
}
