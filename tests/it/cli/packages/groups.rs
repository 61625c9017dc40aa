//! Versions that have to do with each other: fixed, linked and independent groups.

use super::bed::Room;
use super::{javascript, package, python};

/// Three packages, of which two are a group, and one asks for another.
fn files(core: &str, pin: &str, client: &str, other: &str) -> [(&'static str, String); 3] {
    [
        ("core/pyproject.toml", python("core", core, &[])),
        ("client/pyproject.toml", python("client", client, &[&format!("core{pin}")])),
        ("other/pyproject.toml", python("other", other, &[])),
    ]
}

fn group(kind: &str) -> String {
    format!("[[group]]\nname = \"basis\"\n{kind}packages = [\"core\", \"pypi:client\"]\n")
}

#[track_caller]
fn check(kind: &str, versions: [&str; 3], args: &[&str], expected: [&str; 4]) {
    let [core, client, other] = versions;
    let before = files(core, "", client, other);
    let room = Room::with(&before.each_ref().map(|(path, text)| (*path, text.as_str())));
    room.write("tminus.toml", group(kind));
    let [core, pin, client, other] = expected;
    let after = files(core, pin, client, other);
    let after: Vec<_> = after.iter().map(|(path, text)| (*path, text.as_str())).collect();
    room.check(args, &after);
}

#[test]
fn fixed_groups_have_one_version() {
    for kind in ["", "kind = \"fixed\"\n"] {
        check(kind, ["1.0.0", "1.0.0", "1.0.0"], &["bump", "minor", "core"], ["1.1.0", "", "1.1.0", "1.0.0"]);
        check(
            kind,
            ["1.0.0", "1.0.0", "1.0.0"],
            &["bump", "2.0.0", "client"],
            ["2.0.0", "", "2.0.0", "1.0.0"],
        );
        check(
            kind,
            ["1.0.0", "1.0.0", "1.0.0"],
            &["bump", "minor", "basis"],
            ["1.1.0", "", "1.1.0", "1.0.0"],
        );
        check(
            kind,
            ["1.0.0", "1.0.0", "1.0.0"],
            &["bump", "minor", "other"],
            ["1.0.0", "", "1.0.0", "1.1.0"],
        );
        // The next version is that of the highest one.
        check(kind, ["1.2.0", "1.5.3", "1.0.0"], &["bump", "minor", "core"], ["1.6.0", "", "1.6.0", "1.0.0"]);
    }
}

/// Those that are released together get one version; the others keep theirs.
#[test]
fn linked_groups() {
    let kind = "kind = \"linked\"\n";
    check(kind, ["1.0.0", "1.4.0", "1.0.0"], &["bump", "minor", "core"], ["1.5.0", "", "1.4.0", "1.0.0"]);
    check(
        kind,
        ["1.0.0", "1.4.0", "1.0.0"],
        &["bump", "minor", "core", "client"],
        ["1.5.0", "", "1.5.0", "1.0.0"],
    );
    check(kind, ["1.0.0", "1.4.0", "1.0.0"], &["bump", "patch", "basis"], ["1.4.1", "", "1.4.1", "1.0.0"]);
}

#[test]
fn independent_groups() {
    let kind = "kind = \"independent\"\n";
    check(kind, ["1.0.0", "1.4.0", "1.0.0"], &["bump", "minor", "core"], ["1.1.0", "", "1.4.0", "1.0.0"]);
    check(kind, ["1.0.0", "1.4.0", "1.0.0"], &["bump", "minor", "basis"], ["1.1.0", "", "1.5.0", "1.0.0"]);
}

/// Packages of several registries have one version, each in its own words.
#[test]
fn a_group_across_registries() {
    let room = Room::with(&[
        ("pyproject.toml", &python("demo", "1.0.0", &[])),
        ("ui/package.json", &javascript("@demo/ui", "1.0.0", &[])),
        ("tminus.toml", "[[group]]\nname = \"all\"\npackages = [\"pypi:demo\", \"npm:@demo/*\"]\n"),
    ]);
    assert_eq!(package(&room, "npm:@demo/ui")["group"], "all");
    room.check(
        &["bump", "1.1.0rc1", "@demo/ui"],
        &[
            ("pyproject.toml", &python("demo", "1.1.0rc1", &[])),
            ("ui/package.json", &javascript("@demo/ui", "1.1.0-rc.1", &[])),
        ],
    );
    room.check(
        &["bump", "final", "all"],
        &[
            ("pyproject.toml", &python("demo", "1.1.0", &[])),
            ("ui/package.json", &javascript("@demo/ui", "1.1.0", &[])),
        ],
    );
}

/// Constraints within a group follow with it.
#[test]
fn constraints_within_a_group() {
    let before = files("1.0.0", "==1.0.0", "1.0.0", "1.0.0");
    let room = Room::with(&before.each_ref().map(|(path, text)| (*path, text.as_str())));
    room.write("tminus.toml", group(""));
    let after = files("1.1.0", "==1.1.0", "1.1.0", "1.0.0");
    let after: Vec<_> = after.iter().map(|(path, text)| (*path, text.as_str())).collect();
    room.check(&["bump", "minor", "core", "--pins", "bumped"], &after);
}

/// A package that follows as a dependent takes its group with it.
#[test]
fn dependents_in_a_group() {
    let room = Room::with(&[
        ("core/pyproject.toml", &python("core", "1.0.0", &[])),
        ("a/pyproject.toml", &python("a", "3.0.0", &["core==1.0.0"])),
        ("b/pyproject.toml", &python("b", "3.0.0", &[])),
        ("tminus.toml", "[[group]]\nname = \"ab\"\npackages = [\"a\", \"b\"]\n"),
    ]);
    room.check(
        &["bump", "minor", "core", "--dependents", "patch"],
        &[
            ("core/pyproject.toml", &python("core", "1.1.0", &[])),
            ("a/pyproject.toml", &python("a", "3.0.1", &["core==1.1.0"])),
            ("b/pyproject.toml", &python("b", "3.0.1", &[])),
        ],
    );
}

/// A package has one version, and so at most one group that gives it.
#[test]
fn a_package_in_two_groups() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0", &[]))]);
    room.write(
        "tminus.toml",
        "[[group]]\nname = \"a\"\npackages = [\"demo\"]\n\n[[group]]\nname = \"b\"\npackages = [\"d*\"]\n",
    );
    room.refuses(&["bump", "2.0", "demo"], &[2], &["tminus.toml", "demo"]);
    room.write(
        "tminus.toml",
        "[[group]]\nname = \"a\"\npackages = [\"demo\"]\n\n[[group]]\nname = \"a\"\npackages = []\n",
    );
    room.refuses(&["bump", "2.0", "demo"], &[2], &["tminus.toml"]);
}
