//! New versions: levels, whole versions, whose constraints follow, and what is refused.

use super::bed::{Room, assert_same};
use super::{javascript, listed, python, rust};

/// The version of the only package after a bump.
#[track_caller]
fn check_level(file: &str, text: &dyn Fn(&str) -> String, current: &str, level: &str, next: &str) {
    let room = Room::with(&[(file, &text(current))]);
    room.check(&["bump", level], &[(file, &text(next))]);
}

#[test]
fn levels_of_python_packages() {
    let text = |version: &str| python("demo", version, &["requests>=2"]);
    for (current, level, next) in [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "post", "1.2.3.post1"),
        ("1.2", "minor", "1.3"),
        ("1.3.0rc1", "candidate", "1.3.0rc2"),
        ("1.3.0rc2", "final", "1.3.0"),
        ("1.3.0rc2", "minor", "1.3.0"),
        ("1.3.0rc2", "major", "2.0.0"),
        ("1.2.4.dev0", "final", "1.2.4"),
        ("1.2.4.dev0", "candidate", "1.2.4rc1"),
        ("1.2.4.dev0", "dev", "1.2.4.dev1"),
        ("1.2.3.post1", "post", "1.2.3.post2"),
        ("0.12.44", "patch", "0.12.45"),
    ] {
        check_level("pyproject.toml", &text, current, level, next);
    }
}

#[test]
fn levels_of_packages_with_semantic_versions() {
    let npm = |version: &str| javascript("demo", version, &[]);
    let cargo = |version: &str| rust("demo", version, &[]);
    for (current, level, next) in [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.3.0-rc.1", "candidate", "1.3.0-rc.2"),
        ("1.3.0-rc.1", "final", "1.3.0"),
        ("1.3.0-rc.1", "minor", "1.3.0"),
    ] {
        check_level("package.json", &npm, current, level, next);
        check_level("Cargo.toml", &cargo, current, level, next);
    }
}

/// From a finished release, the same as `tminus version next` says.
#[test]
fn the_first_candidate() {
    for (level, pep440, semver) in
        [("candidate", "1.3.0rc1", "1.3.0-rc.1"), ("dev", "1.2.4.dev0", "1.2.4-dev.0")]
    {
        check_level("pyproject.toml", &|version| python("demo", version, &[]), "1.2.3", level, pep440);
        check_level("package.json", &|version| javascript("demo", version, &[]), "1.2.3", level, semver);
    }
}

#[test]
fn words_that_are_no_version() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0", &[]))]);
    for word in ["mjaor", "", "1.0.banana", "v", ">=2", "--what"] {
        let said = room.refuses(&["bump", word], &[2], &[]);
        assert!(said.err.contains(word), "{said}");
    }
    room.refuses(&["bump", "minr"], &[2], &["minor"]);
    room.refuses(&["bump"], &[2], &["LEVEL"]);
    room.refuses(&["bump", "2.0", "demo", "--all"], &[2], &["--all"]);
    room.refuses(&["bump", "2.0", "--dependents", "3.0"], &[2], &["--dependents"]);
    room.refuses(&["bump", "2.0", "dmeo"], &[2], &["dmeo", "demo"]);
    // A version that its scheme cannot say.
    let room = Room::with(&[("package.json", &javascript("demo", "1.0.0", &[]))]);
    room.refuses(&["bump", "post"], &[1, 2], &["demo"]);
    room.refuses(&["bump", "1.0.0.1"], &[1, 2], &["1.0.0.1"]);
    room.refuses(&["bump", "1.0.0.post1"], &[1, 2], &["1.0.0.post1"]);
}

/// With several packages somebody has to say which.
#[test]
fn which_packages() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("a", "1.0", &[])),
        ("b/pyproject.toml", &python("b", "1.0", &[])),
    ]);
    room.refuses(&["bump", "2.0"], &[2], &["--all"]);
    room.check(&["bump", "2.0", "a"], &[("a/pyproject.toml", &python("a", "2.0", &[]))]);
    let both =
        [("a/pyproject.toml", &*python("a", "3.0", &[])), ("b/pyproject.toml", &python("b", "3.0", &[]))];
    room.check(&["bump", "3.0", "--all"], &both);
    // The packages of tminus.toml are the default.
    room.write("tminus.toml", "[[package]]\nname = \"b\"\nversion = [\"b/pyproject.toml\"]\n");
    room.check(&["bump", "4.0"], &[("b/pyproject.toml", &python("b", "4.0", &[]))]);
}

#[test]
fn patterns_of_names() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("demo-a", "1.0", &[])),
        ("b/package.json", &javascript("demo-b", "1.0.0", &[])),
        ("c/pyproject.toml", &python("other", "1.0", &[])),
    ]);
    let a = |version| python("demo-a", version, &[]);
    let b = |version| javascript("demo-b", version, &[]);
    room.check(
        &["bump", "2.0.0", "demo-*"],
        &[("a/pyproject.toml", &a("2.0.0")), ("b/package.json", &b("2.0.0"))],
    );
    room.check(&["bump", "minor", "pypi:demo-*"], &[("a/pyproject.toml", &a("2.1.0"))]);
    room.refuses(&["bump", "minor", "npm:other*"], &[2], &["npm:other*"]);
    // Each has its own version, and its own next one.
    room.check(
        &["bump", "patch", "demo-*", "other"],
        &[
            ("a/pyproject.toml", &a("2.1.1")),
            ("b/package.json", &b("2.0.1")),
            ("c/pyproject.toml", &python("other", "1.0.1", &[])),
        ],
    );
}

/// One release in the spelling of each registry.
#[test]
fn a_candidate_in_every_spelling() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("a", "1.0.0", &[])),
        ("b/package.json", &javascript("b", "1.0.0", &["@x/y ^1.0.0"])),
        ("c/Cargo.toml", &rust("c", "1.0.0", &[])),
    ]);
    room.check(
        &["bump", "1.1.0rc1", "--all"],
        &[
            ("a/pyproject.toml", &python("a", "1.1.0rc1", &[])),
            ("b/package.json", &javascript("b", "1.1.0-rc.1", &["@x/y ^1.0.0"])),
            ("c/Cargo.toml", &rust("c", "1.1.0-rc.1", &[])),
        ],
    );
}

fn three(core: &str, pin: &str, app: &str) -> [(&'static str, String); 3] {
    [
        ("core/pyproject.toml", python("core", core, &["requests>=2,<3"])),
        ("app/pyproject.toml", python("app", app, &[pin, "requests>=2,<3"])),
        ("other/pyproject.toml", python("other", "5.0", &[])),
    ]
}

#[track_caller]
fn room_of(files: &[(&'static str, String)]) -> Room {
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Room::with(&files)
}

#[track_caller]
fn check_three(args: &[&str], core: &str, pin: &str, app: &str) -> Room {
    let room = room_of(&three("1.4.0", "core>=1.4.0,<1.5", "3.0"));
    let expected = three(core, pin, app);
    let expected: Vec<_> = expected.iter().map(|(path, text)| (*path, text.as_str())).collect();
    room.check(args, &expected);
    room
}

#[test]
fn whose_constraints_follow() {
    check_three(&["bump", "minor", "core"], "1.5.0", "core>=1.5.0,<1.6", "3.0");
    check_three(&["bump", "minor", "core", "--pins", "all"], "1.5.0", "core>=1.5.0,<1.6", "3.0");
    check_three(&["bump", "minor", "core", "--pins", "none"], "1.5.0", "core>=1.4.0,<1.5", "3.0");
    check_three(&["bump", "minor", "core", "--pins", "bumped"], "1.5.0", "core>=1.4.0,<1.5", "3.0");
    check_three(&["bump", "minor", "core", "app", "--pins", "bumped"], "1.5.0", "core>=1.5.0,<1.6", "3.1");
}

/// What depends on what has changed is raised too, and so on up.
#[test]
fn dependents_are_raised() {
    let chain = |core: &str, client: &str, app: &str| {
        [
            ("core/pyproject.toml", python("core", core, &[])),
            ("client/package.json", javascript("client", "1.0.0", &[])),
            ("sdk/pyproject.toml", python("sdk", client, &[&format!("core~={core}")])),
            ("app/pyproject.toml", python("app", app, &[&format!("sdk=={client}")])),
            ("loose/pyproject.toml", python("loose", "9.0.0", &["core"])),
        ]
    };
    let room = room_of(&chain("1.4.0", "2.0.0", "3.0.0"));
    let expected = chain("1.5.0", "2.0.1", "3.0.1");
    let expected: Vec<_> = expected.iter().map(|(path, text)| (*path, text.as_str())).collect();
    // `loose` asks for any core: nothing in it changes, so that it needs no release.
    room.check(&["bump", "minor", "core", "--dependents", "patch"], &expected);
}

#[test]
fn a_version_that_stands_there_already() {
    let room = check_three(&["bump", "1.5.0", "core"], "1.5.0", "core>=1.5.0,<1.6", "3.0");
    let before = room.picture();
    let said = room.run(&["bump", "1.5.0", "core"]);
    said.exits(0);
    assert!(
        ["already", "nothing", "unchanged", "no change"].iter().any(|word| format!(
            "{}{}",
            said.out, said.err
        )
        .contains(word)),
        "{said}"
    );
    assert_same(&before, &room.picture(), &said);
    let document = room.run(&["bump", "1.5.0", "core", "--json", "--diff"]).json();
    assert_eq!(document["files"], serde_json::json!([]), "{document:#}");
    assert_eq!(document["diff"], "", "{document:#}");
}

#[test]
fn lower_versions() {
    let room = room_of(&three("1.4.0", "core>=1.4.0,<1.5", "3.0"));
    room.refuses(&["bump", "1.3.9", "core"], &[1, 2], &["1.3.9", "1.4.0", "--allow-lower"]);
    // The constraint follows as well.
    let down = three("1.3.9", "core>=1.3.9,<1.5", "3.0");
    let down: Vec<_> = down.iter().map(|(path, text)| (*path, text.as_str())).collect();
    room.check(&["bump", "1.3.9", "core", "--allow-lower"], &down);
    // One that is lower for a single package of many stops all of them.
    let room = room_of(&three("1.4.0", "core>=1.4.0,<1.5", "3.0"));
    room.refuses(&["bump", "4.0", "--all"], &[1, 2], &["other", "5.0"]);
}

/// Versions are compared as their registry compares them.
#[test]
fn spellings_of_one_version() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0rc1", &[]))]);
    room.check(&["bump", "1.0.0", "demo"], &[("pyproject.toml", &python("demo", "1.0.0", &[]))]);
    room.refuses(&["bump", "1.0.dev3", "demo"], &[1, 2], &["1.0.dev3"]);
    room.check(&["bump", "1.10", "demo"], &[("pyproject.toml", &python("demo", "1.10", &[]))]);
    room.refuses(&["bump", "1.9", "demo"], &[1, 2], &["1.9", "1.10"]);
}

/// A workspace that gives its members one version: who asks for one of them asks for all.
#[test]
fn a_shared_version_of_a_cargo_workspace() {
    let root = |version: &str| {
        format!(
            "[workspace]\nmembers = [\"a\", \"b\"]\n\n[workspace.package]\nversion = \"{version}\" # all of them\n\n[workspace.dependencies]\na = {{ path = \"a\", version = \"{version}\" }}\n"
        )
    };
    let a = "[package]\nname = \"a\"\nversion.workspace = true\n";
    let b = "[package]\nname = \"b\"\nversion.workspace = true\n\n[dependencies]\na.workspace = true\n";
    for args in [&["bump", "0.3.0", "a"][..], &["bump", "minor", "--all"], &["bump", "minor", "a", "b"]] {
        let room = Room::with(&[("Cargo.toml", &root("0.2.0")), ("a/Cargo.toml", a), ("b/Cargo.toml", b)]);
        room.check(args, &[("Cargo.toml", &root("0.3.0"))]);
        assert_eq!(listed(&room), ["cargo:a 0.3.0 a", "cargo:b 0.3.0 b"]);
        let said = room.run(&["bump", "minor", "b", "--json", "--dry-run"]);
        let versions = said.json()["versions"].to_string();
        assert!(versions.contains("cargo:a") && versions.contains("cargo:b"), "both are named: {said}");
    }
}

/// What cannot be known is not written: a version that a tool computes has no place here.
#[test]
fn versions_that_stand_elsewhere() {
    let room = Room::with(&[(
        "pyproject.toml",
        "[build-system]\nrequires = [\"setuptools-scm\"]\n\n[project]\nname = \"demo\"\ndynamic = [\"version\"]\n\n[tool.setuptools_scm]\n",
    )]);
    assert_eq!(listed(&room), ["pypi:demo - ."]);
    room.refuses(&["bump", "2.0", "demo"], &[1, 2], &["pyproject.toml", "tags"]);
}

/// What makes a package is its manifest or its table: a setup.py says nothing that could be read.
#[test]
fn a_package_that_only_the_configuration_knows() {
    let room = Room::with(&[
        ("setup.py", "from setuptools import setup\nsetup(name=\"demo\", version=version())\n"),
        ("demo/__init__.py", "__version__ = \"1.0.0\"\n"),
        ("tminus.toml", "[[package]]\nname = \"demo\"\nversion = [\"demo/__init__.py\"]\n"),
    ]);
    for args in [&["bump", "1.1.0"][..], &["bump", "1.2.0", "demo"]] {
        room.check(args, &[("demo/__init__.py", &format!("__version__ = \"{}\"\n", args[1]))]);
    }
}

/// A table for a package that is nowhere is a slip of the pen.
#[test]
fn a_package_that_is_nowhere() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0.0", &[]))]);
    room.write("tminus.toml", "[[package]]\nname = \"dmeo\"\n");
    room.refuses(&["bump", "minor"], &[1, 2], &["tminus.toml", "dmeo"]);
}

/// A requirement that cannot be edited is never passed over in silence.
#[test]
fn requirements_in_other_quotes() {
    let text = |pin: &str| {
        format!(
            "[project]\nname = \"app\"\nversion = \"1.0\"\ndependencies = [\n  \"\"\"core{pin}\"\"\",\n  '''core{pin}''',\n]\n"
        )
    };
    let room = Room::with(&[
        ("core/pyproject.toml", &python("core", "1.0.0", &[])),
        ("app/pyproject.toml", &text("==1.0.0")),
    ]);
    let said = room.run(&["bump", "2.0.0", "core"]);
    if room.read("app/pyproject.toml") != text("==2.0.0") {
        // The first one stops it.
        said.says(&["app/pyproject.toml:5", "triple quotes"]);
    }
}

/// A module's version, where the manifest says that it stands there.
#[test]
fn dynamic_versions_in_a_file() {
    for (tool, path) in [
        (
            "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\n[tool.hatch.version]\npath = \"src/demo/__about__.py\"\n",
            "src/demo/__about__.py",
        ),
        (
            "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n\n[tool.setuptools.dynamic]\nversion = { attr = \"demo.__version__\" }\n",
            "demo/__init__.py",
        ),
    ] {
        let room = Room::with(&[
            ("pyproject.toml", &format!("{tool}\n[project]\nname = \"demo\"\ndynamic = [\"version\"]\n")),
            (path, "# one\n__version__ = '1.0.0'  # place\n"),
        ]);
        room.check(&["bump", "minor", "demo"], &[(path, "# one\n__version__ = '1.1.0'  # place\n")]);
    }
}

/// The document of `--json` says what was done, and no more is printed.
#[test]
fn the_document() {
    let room = room_of(&three("1.4.0", "core>=1.4.0,<1.5", "3.0"));
    let dry = room.run(&["bump", "minor", "core", "--dry-run", "--json"]).json();
    assert_eq!(dry["written"], false, "{dry:#}");
    let real = room.run(&["bump", "minor", "core", "--json", "--diff"]).json();
    assert_eq!(real["written"], true, "{real:#}");
    for key in ["versions", "pins", "files", "diff", "locks"] {
        assert_eq!(dry[key], real[key], "{key}");
    }
    let versions = real["versions"].to_string();
    for word in ["pypi:core", "1.4.0", "1.5.0"] {
        assert!(versions.contains(word), "{word} in {versions}");
    }
    let pins = real["pins"].to_string();
    for word in ["pypi:app", "pypi:core", ">=1.4.0,<1.5", ">=1.5.0,<1.6"] {
        assert!(pins.contains(word), "{word} in {pins}");
    }
    let files = real["files"].to_string();
    assert!(files.contains("core/pyproject.toml") && files.contains("app/pyproject.toml"), "{files}");
    assert!(!files.contains("other"), "{files}");
    assert!(real["diff"].as_str().unwrap().contains("+version = \"1.5.0\""), "{real:#}");
}

#[test]
fn the_diff_that_is_shown() {
    let files = three("1.4.0", "core>=1.4.0,<1.5", "3.0");
    let dry = room_of(&files).run(&["bump", "minor", "core", "--dry-run"]);
    let shown = room_of(&files).run(&["bump", "minor", "core", "--diff"]);
    let line = "-    \"core>=1.4.0,<1.5\",\n+    \"core>=1.5.0,<1.6\",\n";
    dry.exits(0).says(&[line]);
    shown.exits(0).says(&[line]);
    assert!(
        !room_of(&files).run(&["bump", "minor", "core"]).out.contains(line),
        "without --diff none is shown"
    );
}

/// What was written is said without reading the diff: which package, from which version to which.
#[test]
fn the_summary() {
    let said = room_of(&three("1.4.0", "core>=1.4.0,<1.5", "3.0")).run(&["bump", "minor", "core"]);
    said.exits(0).says(&["core", "1.4.0", "1.5.0", "app"]);
}
