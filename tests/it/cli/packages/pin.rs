//! Constraints that follow a version, of this project or of any other, in their own style.

use super::bed::Room;
use super::{javascript, python, rust};

/// A Python requirement before and after `tminus pin demo@VERSION`.
#[track_caller]
fn check_python(before: &str, version: &str, after: &str) {
    let room = Room::with(&[("pyproject.toml", &python("app", "1.0", &["x==1", before]))]);
    let expected = python("app", "1.0", &["x==1", after]);
    let expected: &[_] = if before == after { &[] } else { &[("pyproject.toml", &*expected)] };
    room.check(&["pin", &format!("pypi:demo@{version}")], expected);
}

#[test]
fn the_style_stays() {
    for (before, version, after) in [
        ("demo>=0.12.44,<0.13", "0.13.2", "demo>=0.13.2,<0.14"),
        ("demo>=0.12.44,<0.13.0", "0.13.2", "demo>=0.13.2,<0.14.0"),
        ("demo>=0.12,<0.13", "0.13.2", "demo>=0.13,<0.14"),
        ("demo >= 0.12.44, < 0.13", "0.13.2", "demo >= 0.13.2, < 0.14"),
        ("demo<0.13,>=0.12.44", "0.13.2", "demo<0.14,>=0.13.2"),
        ("demo==0.12.44", "0.13.2", "demo==0.13.2"),
        ("demo~=0.12.44", "0.13.2", "demo~=0.13.2"),
        ("demo>=0.12.44", "0.13.2", "demo>=0.13.2"),
        ("demo==0.12.*", "0.13.2", "demo==0.13.*"),
        ("demo>=0.12.44,!=0.12.50,<1", "0.13.2", "demo>=0.13.2,!=0.12.50,<1"),
        ("demo (>=0.12.44,<0.13)", "0.13.2", "demo (>=0.13.2,<0.14)"),
        ("demo>=0.13.2,<0.14", "0.13.2", "demo>=0.13.2,<0.14"),
        ("demo", "0.13.2", "demo"),
        ("demo>=0.12", "0.13.0rc1", "demo>=0.13rc1"),
    ] {
        check_python(before, version, after);
    }
}

/// Everything around the constraint is somebody else's.
#[test]
fn extras_and_markers_stay() {
    for (before, after) in [
        ("demo[a, b] >=1.0", "demo[a, b] >=2.0"),
        (
            "demo[a]>=1.0,<2 ; python_version >= '3.9' and extra == 'x'",
            "demo[a]>=2.0,<3 ; python_version >= '3.9' and extra == 'x'",
        ),
        ("Demo>=1.0;sys_platform=='linux'", "Demo>=2.0;sys_platform=='linux'"),
        ("DEMO ~= 1.0", "DEMO ~= 2.0"),
    ] {
        check_python(before, "2.0", after);
    }
    let room = Room::with(&[(
        "pyproject.toml",
        "[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\n  # demo>=1.0 before\n  \"demo>=1.0\", # demo>=1.0 beside\n  \"demo-more>=1.0\",\n]\n",
    )]);
    room.check(
        &["pin", "pypi:demo@2.0"],
        &[(
            "pyproject.toml",
            "[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\n  # demo>=1.0 before\n  \"demo>=2.0\", # demo>=1.0 beside\n  \"demo-more>=1.0\",\n]\n",
        )],
    );
}

/// One package of many others, in every file that asks for it.
#[test]
fn packages_of_others() {
    let files = |pin: &str| {
        [
            ("a/pyproject.toml", python("a", "1.0", &[&format!("requests{pin}"), "urllib3>=1"])),
            (
                "b/pyproject.toml",
                python("b", "1.0", &["requests-toolbelt>=0.1", &format!("Requests[socks]{pin}")]),
            ),
            ("c/package.json", javascript("c", "1.0.0", &["requests ^2.31.0"])),
        ]
    };
    let before = files(">=2.31.0,<3");
    let room = Room::with(&before.each_ref().map(|(path, text)| (*path, text.as_str())));
    let after = files(">=2.33.0,<3");
    let after = after.each_ref().map(|(path, text)| (*path, text.as_str()));
    room.check(&["pin", "pypi:requests@2.33.0"], &after);
    room.refuses(&["pin", "pypi:nobody-asks@1.0"], &[1, 2], &["nobody-asks"]);
    room.check(
        &["pin", "npm:requests@2.40.0"],
        &[("c/package.json", &javascript("c", "1.0.0", &["requests ^2.40.0"]))],
    );
    // Nobody but the project itself knows a version that is not said.
    room.refuses(&["pin", "pypi:requests"], &[1, 2], &["requests"]);
}

#[test]
fn names_with_a_scope() {
    let room = Room::with(&[("package.json", &javascript("app", "1.0.0", &["@scope/ui ^1.4.0"]))]);
    room.check(
        &["pin", "@scope/ui@2.0.0"],
        &[("package.json", &javascript("app", "1.0.0", &["@scope/ui ^2.0.0"]))],
    );
    room.check(
        &["pin", "npm:@scope/ui@2.1.0"],
        &[("package.json", &javascript("app", "1.0.0", &["@scope/ui ^2.1.0"]))],
    );
}

/// Without a version it is the one that the package has here.
#[test]
fn the_version_of_this_project() {
    let room = Room::with(&[
        ("core/pyproject.toml", &python("core", "1.7.0", &[])),
        ("app/pyproject.toml", &python("app", "1.0", &["core>=1.4,<1.5"])),
        ("lib/Cargo.toml", &rust("lib", "0.9.1", &[])),
        ("bin/Cargo.toml", &rust("bin", "0.1.0", &["lib = { path = \"../lib\", version = \"0.8\" }"])),
    ]);
    room.check(&["pin", "core"], &[("app/pyproject.toml", &python("app", "1.0", &["core>=1.7,<1.8"]))]);
    room.check(
        &["pin", "lib"],
        &[("bin/Cargo.toml", &rust("bin", "0.1.0", &["lib = { path = \"../lib\", version = \"0.9\" }"]))],
    );
    // The same again has nothing to do.
    let before = room.picture();
    let said = room.run(&["pin", "core", "lib"]);
    said.exits(0);
    super::bed::assert_same(&before, &room.picture(), &said);
}

#[test]
fn in_some_packages_only() {
    let files = |a: &str, b: &str, c: &str| {
        [
            ("a/pyproject.toml", python("demo-a", "1.0", &[a])),
            ("b/pyproject.toml", python("demo-b", "1.0", &[b])),
            ("c/pyproject.toml", python("other", "1.0", &[c])),
            (
                "tminus.toml",
                "[[group]]\nname = \"two\"\nkind = \"independent\"\npackages = [\"demo-b\", \"other\"]\n"
                    .to_owned(),
            ),
        ]
    };
    for (more, a, b, c) in [
        (&["--in", "demo-a"][..], "x>=2.0", "x>=1.0", "x>=1.0"),
        (&["--in", "demo-*"], "x>=2.0", "x>=2.0", "x>=1.0"),
        (&["--in", "demo-a", "--in", "other"], "x>=2.0", "x>=1.0", "x>=2.0"),
        (&["--in", "two"], "x>=1.0", "x>=2.0", "x>=2.0"),
    ] {
        let before = files("x>=1.0", "x>=1.0", "x>=1.0");
        let room = Room::with(&before.each_ref().map(|(path, text)| (*path, text.as_str())));
        let after = files(a, b, c);
        let after = after.each_ref().map(|(path, text)| (*path, text.as_str()));
        room.check(&[&["pin", "pypi:x@2.0"], more].concat(), &after);
    }
    let before = files("x>=1.0", "x>=1.0", "x>=1.0");
    let room = Room::with(&before.each_ref().map(|(path, text)| (*path, text.as_str())));
    room.refuses(&["pin", "pypi:x@2.0", "--in", "dmeo-a"], &[2], &["dmeo-a", "demo-a"]);
}

/// A constraint never goes down by accident.
#[test]
fn lower_versions() {
    let room = Room::with(&[("pyproject.toml", &python("app", "1.0", &["demo>=1.4,<2"]))]);
    room.refuses(&["pin", "pypi:demo@1.3"], &[1, 2], &["pyproject.toml:5", "demo", "1.3", "--allow-lower"]);
    room.check(
        &["pin", "pypi:demo@1.3", "--allow-lower"],
        &[("pyproject.toml", &python("app", "1.0", &["demo>=1.3,<2"]))],
    );
}

/// A version that the constraint excludes by name was excluded for a reason.
#[test]
fn excluded_versions() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("a", "1.0", &["demo>=1.4,!=1.5.0"])),
        ("b/pyproject.toml", &python("b", "1.0", &["demo>=1.4"])),
    ]);
    // Neither file is written.
    room.refuses(&["pin", "pypi:demo@1.5.0"], &[1, 2], &["a/pyproject.toml:5", "1.5.0", "!=1.5.0"]);
}

#[test]
fn what_is_no_package_or_no_version() {
    let room = Room::with(&[("pyproject.toml", &python("app", "1.0", &["demo>=1.4"]))]);
    for (word, essential) in
        [("pypi:demo@1.x.y", "1.x.y"), ("conda:demo@1.0", "conda"), ("pypi:demo@", "demo"), ("", "")]
    {
        let said = room.refuses(&["pin", word], &[2], &[]);
        assert!(said.err.contains(essential), "{said}");
    }
    room.refuses(&["pin"], &[2], &["PACKAGE"]);
    room.refuses(&["pin", "pypi:demo@1.0", "--shape", "exactly"], &[2], &["exactly", "exact"]);
}

/// Words of npm that name no version are left alone, and that is said.
#[test]
fn references_without_a_version() {
    let text = javascript("app", "1.0.0", &["ui workspace:*", "more file:../more", "old npm:ui@^1.0.0"]);
    let room = Room::with(&[
        ("app/package.json", &text),
        ("ui/package.json", &javascript("ui", "1.0.0", &[])),
        ("more/package.json", &javascript("more", "1.0.0", &[])),
    ]);
    let bumped = text.replace("npm:ui@^1.0.0", "npm:ui@^2.0.0");
    room.check(
        &["bump", "2.0.0", "ui", "more"],
        &[
            ("app/package.json", &bumped),
            ("ui/package.json", &javascript("ui", "2.0.0", &[])),
            ("more/package.json", &javascript("more", "2.0.0", &[])),
        ],
    );
}

/// Sources of uv and direct references have no version to follow.
#[test]
fn direct_references() {
    let text = python("app", "1.0", &["demo @ file:///somewhere/demo", "x>=1"]);
    let room = Room::with(&[("pyproject.toml", &text)]);
    let before = room.picture();
    let said = room.run(&["pin", "pypi:demo@2.0"]);
    assert!([0, 1].contains(&said.code), "{said}");
    super::bed::assert_same(&before, &room.picture(), &said);
}
