use super::super::testing::{Dice, Edited, Place, program};
use super::super::{ConstraintChange, LockEdits, LockUpdate, VersionChange};
use super::{edits, read};
use crate::{DependencyKind, Ecosystem, PackageId, splice};

/// Made by Poetry 2.5.1 from `APP` and `LIB`.
const LOCK: &str = include_str!("fixture.lock");

const APP: &str = "[project]
name = \"demo-app\"
version = \"0.1.0\"
requires-python = \">=3.11,<4\"
dependencies = [\"demo-lib[net]>=0.1.dev0\", \"demo-old\"]
[tool.poetry.dependencies]
demo-lib = { path = \"../demo-lib\", develop = true }
demo-old = { path = \"../demo-old\", develop = true }
[build-system]
requires = [\"poetry-core>=2.0.0,<3.0.0\"]
build-backend = \"poetry.core.masonry.api\"
";

const LIB: &str = "[project]
name = \"Demo_Lib\"
version = \"0.2.0-dev\"
requires-python = \">=3.11\"
[project.optional-dependencies]
net = []
[build-system]
requires = [\"poetry-core>=2.0.0,<3.0.0\"]
build-backend = \"poetry.core.masonry.api\"
";

const OLD: &str = "[tool.poetry]
name = \"demo-old\"
version = \"01.0-RC.1\"
description = \"\"
authors = []
[tool.poetry.dependencies]
python = \"^3.11\"
demo-lib = { path = \"../demo-lib\", develop = true }
[build-system]
requires = [\"poetry-core>=2.0.0,<3.0.0\"]
build-backend = \"poetry.core.masonry.api\"
";

fn version(name: &str, directory: &str, new: &str) -> VersionChange {
    VersionChange {
        id: PackageId::pypi(name),
        name: name.to_owned(),
        directory: directory.to_owned(),
        old: "0".to_owned(),
        new: new.to_owned(),
    }
}

fn constraint(member: &str, directory: &str, kind: DependencyKind) -> LockUpdate {
    let change = ConstraintChange {
        member: PackageId::pypi(member),
        directory: directory.to_owned(),
        dependency: PackageId::pypi("demo-lib"),
        name: "demo-lib".to_owned(),
        kind,
        old: "^1".to_owned(),
        new: "^2".to_owned(),
        is_member: false,
    };
    LockUpdate { constraints: vec![change], ..LockUpdate::default() }
}

#[test]
fn packages_are_listed_with_their_directories() {
    let listed: Vec<(String, Option<String>, Option<String>)> = read(LOCK)
        .unwrap()
        .into_iter()
        .map(|locked| {
            (locked.id.to_string(), locked.version.map(|site| site.text().to_owned()), locked.directory)
        })
        .collect();
    let row = |id: &str, version: &str, directory: &str| {
        (id.to_owned(), Some(version.to_owned()), Some(directory.to_owned()))
    };
    assert_eq!(
        listed,
        [row("pypi:demo-lib", "0.2.0.dev0", "../demo-lib"), row("pypi:demo-old", "1.0rc1", "../demo-old")]
    );
    assert!(read("[[package]]\nversion = \"1\"\n").is_err());
}

#[test]
fn packages_from_directories_follow_their_versions() {
    let mut foreign = version("demo-lib", "../demo-lib", "9");
    foreign.id = PackageId::new(Ecosystem::Npm, "demo-lib");
    let update = LockUpdate {
        versions: vec![
            version("demo.lib", "../demo-lib/", "v0.3.0-RC1"),
            // The package itself and packages of other lock files are not listed.
            version("demo-app", "", "2.0"),
            version("demo-old", "elsewhere", "2.0"),
            foreign,
        ],
        ..LockUpdate::default()
    };
    for source in [LOCK.to_owned(), LOCK.replace('\n', "\r\n")] {
        let LockEdits::Splices(splices) = edits(&source, &update).unwrap() else { panic!() };
        let after = splice(&source, &splices).unwrap();
        assert_eq!(after, source.replace("\"0.2.0.dev0\"", "\"0.3.0rc1\""));
    }
    let update =
        LockUpdate { versions: vec![version("demo-lib", "../demo-lib", "x")], ..LockUpdate::default() };
    assert!(matches!(edits(LOCK, &update).unwrap(), LockEdits::Tool { .. }));
}

#[track_caller]
fn check_asks(update: &LockUpdate, expected: &str) {
    let LockEdits::Tool { why, command } = edits(LOCK, update).unwrap() else { panic!() };
    assert_eq!(command, ["poetry", "lock"]);
    assert_eq!(why, format!("{expected} (needs Poetry 2: with an older one, add `--no-update`)"));
}

#[test]
fn constraints_are_left_to_poetry() {
    let hash = "`content-hash` covers the constraints of the manifest, and `demo-lib` has another one";
    check_asks(&constraint("demo-app", "", DependencyKind::Normal), hash);
    check_asks(&constraint("demo-app", ".", DependencyKind::Group("x".to_owned())), hash);
    check_asks(
        &constraint("demo-old", "../demo-old", DependencyKind::Normal),
        "the lock file repeats what `demo-old` depends on, and `demo-lib` has another range",
    );
    for update in [
        constraint("demo-app", "", DependencyKind::Build),
        constraint("demo-old", "../demo-old", DependencyKind::Dev),
        constraint("absent", "../absent", DependencyKind::Normal),
    ] {
        assert_eq!(edits(LOCK, &update).unwrap(), LockEdits::Splices(Vec::new()));
    }
}

#[test]
fn the_lock_file_is_the_one_that_poetry_writes() {
    let Some(program) = program("TMINUS_TEST_POETRY", "poetry") else { return };
    let place = Place::new(program);
    let files = ["demo-app/pyproject.toml", "demo-lib/pyproject.toml", "demo-old/pyproject.toml"];
    for (file, text) in files.iter().zip([APP, LIB, OLD]) {
        place.write(file, text);
    }
    place.must_run("demo-app", &["lock", "-n"]);
    let before = place.read("demo-app/poetry.lock");

    let mut dice = Dice(1);
    for new in ["0.2.0", "v1.0-RC.1", "1!2.0.post1"] {
        let mut update = LockUpdate::default();
        for (file, text) in files.iter().zip([APP, LIB, OLD]) {
            let directory = file.split('/').next().unwrap();
            let relative = if directory == "demo-app" { String::new() } else { format!("../{directory}") };
            let mut project = Edited::new(&relative, text.to_owned());
            project.bump(&mut update, if dice.below(3) > 0 { new } else { "0.7" });
            place.write(file, &project.text());
        }
        let LockEdits::Splices(splices) = edits(&before, &update).unwrap() else { panic!() };
        let after = splice(&before, &splices).unwrap();
        assert_ne!(after, before);
        place.write("demo-app/poetry.lock", &after);
        place.must_run("demo-app", &["check", "--lock", "-n"]);
        place.write("demo-app/poetry.lock", &before);
        place.must_run("demo-app", &["lock", "-n"]);
        assert_eq!(after, place.read("demo-app/poetry.lock"));
        place.write("demo-app/poetry.lock", &before);
    }
}
