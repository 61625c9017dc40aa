use super::super::{ConstraintChange, LockEdits, LockUpdate, VersionChange};
use super::{edits, read};
use crate::{DependencyKind, PackageId, splice};

/// Made by uv 0.13.8 from the manifests of `tool_tests`.
const LOCK: &str = include_str!("fixture.lock");

fn version(name: &str, directory: &str, new: &str) -> VersionChange {
    VersionChange {
        id: PackageId::pypi(name),
        name: name.to_owned(),
        directory: directory.to_owned(),
        old: "0.1.0".to_owned(),
        new: new.to_owned(),
    }
}

fn constraint(member: &str, kind: DependencyKind, old: &str, new: &str) -> ConstraintChange {
    let directory = if member == "demo-root" { String::new() } else { format!("packages/{member}") };
    let name = old.split(['[', ' ', '<', '>', '=', '!', '~', ';']).next().unwrap();
    ConstraintChange {
        member: PackageId::pypi(member),
        directory,
        dependency: PackageId::pypi(name),
        name: name.to_owned(),
        kind,
        old: old.to_owned(),
        new: new.to_owned(),
        is_member: false,
    }
}

/// The lines that change, without their line ends.
fn changed(source: &str, update: &LockUpdate) -> Result<Vec<(String, String)>, String> {
    match edits(source, update).unwrap() {
        LockEdits::Splices(splices) => {
            let after = splice(source, &splices).unwrap();
            let pairs = source.lines().zip(after.lines()).filter(|(old, new)| old != new);
            Ok(pairs.map(|(old, new)| (old.trim().to_owned(), new.trim().to_owned())).collect())
        }
        LockEdits::Tool { why, command } => {
            assert_eq!(command, ["uv", "lock"]);
            Err(why)
        }
    }
}

#[track_caller]
fn check(changes: &[ConstraintChange], expected: &[(&str, &str)]) {
    let update = LockUpdate { constraints: changes.to_vec(), ..LockUpdate::default() };
    for source in [LOCK.to_owned(), LOCK.replace('\n', "\r\n"), format!("\u{feff}{LOCK}")] {
        let found = changed(&source, &update).unwrap_or_else(|why| panic!("{why}"));
        let found: Vec<(&str, &str)> = found.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        assert_eq!(found, expected);
    }
}

#[track_caller]
fn check_asks(changes: &[ConstraintChange], why: &str) {
    let update = LockUpdate { constraints: changes.to_vec(), ..LockUpdate::default() };
    assert_eq!(changed(LOCK, &update).unwrap_err(), why);
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
    let row = |id: &str, version: &str, directory: Option<&str>| {
        (id.to_owned(), Some(version.to_owned()), directory.map(str::to_owned))
    };
    assert_eq!(
        listed,
        [
            row("pypi:demo-core", "0.2.0.dev0", Some("packages/demo-core")),
            row("pypi:demo-root", "0.1.0", Some("")),
            row("pypi:ext-alpha", "1.5.0", None),
            row("pypi:ext-beta", "0.3.0", None),
            row("pypi:ext-gamma-kit", "4.1", None),
            row("pypi:plain", "0.1.0", Some("packages/plain")),
        ]
    );
    assert!(read("[[package]]\nversion = \"1\"\n").is_err());
    assert!(read("[[package]\n").is_err());
}

#[test]
fn members_follow_their_versions_in_normal_form() {
    let update = LockUpdate {
        versions: vec![
            version("demo_root", "", "0.2.0"),
            version("demo-core", "packages/demo-core", "v1.0-RC1"),
        ],
        ..LockUpdate::default()
    };
    let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    assert_eq!(
        changed(LOCK, &update).unwrap(),
        [
            pair("version = \"0.2.0.dev0\"", "version = \"1.0rc1\""),
            pair("version = \"0.1.0\"", "version = \"0.2.0\"")
        ]
    );
    // A member whose version is dynamic has none to follow, and other ecosystems are none of uv's business.
    let dynamic = LOCK.replace("version = \"0.1.0\"\n", "");
    let mut other = version("plain", "packages/plain", "9");
    other.id = PackageId::new(crate::Ecosystem::Npm, "plain");
    let update =
        LockUpdate { versions: vec![version("demo-root", "", "0.2.0"), other], ..LockUpdate::default() };
    assert_eq!(changed(&dynamic, &update).unwrap(), []);
}

#[test]
fn members_that_are_not_there_are_left_to_uv() {
    for (change, source, why) in [
        (
            version("plain", "elsewhere", "1"),
            LOCK.to_owned(),
            "the lock file does not list `plain` in elsewhere",
        ),
        (
            version("absent", "", "1"),
            LOCK.to_owned(),
            "the lock file does not list `absent` in its own directory",
        ),
        (
            version("ext-beta", "", "1"),
            LOCK.to_owned(),
            "the lock file does not list `ext-beta` in its own directory",
        ),
        (version("demo-root", "", "x"), LOCK.to_owned(), "\"x\" is not a version that uv knows"),
        (
            version("demo-root", "", "1"),
            LOCK.replace("name = \"plain\"\nversion", "name = \"demo-root\"\nversion"),
            "the lock file lists `demo-root` more than once",
        ),
        (
            version("demo-root", "", "1"),
            LOCK.replacen("version = 1\n", "version = 2\n", 1),
            "the lock file has a format that is not known",
        ),
    ] {
        let update = LockUpdate { versions: vec![change], ..LockUpdate::default() };
        assert_eq!(changed(&source, &update).unwrap_err(), why);
    }
}

#[test]
fn requirements_follow_where_the_locked_version_fits() {
    let normal = DependencyKind::Normal;
    let net = || DependencyKind::Optional("Net".to_owned());
    check(
        &[constraint("demo-root", normal.clone(), "ext-alpha < 2, >= 1", "ext-alpha < 3, >= 1.5")],
        &[(
            "{ name = \"ext-alpha\", specifier = \">=1,<2\" },",
            "{ name = \"ext-alpha\", specifier = \">=1.5,<3\" },",
        )],
    );
    check(
        &[constraint("demo-core", normal.clone(), "ext-alpha", "ext-alpha>=1")],
        &[("{ name = \"ext-alpha\" },", "{ name = \"ext-alpha\", specifier = \">=1\" },")],
    );
    check(
        &[constraint(
            "demo-core",
            normal.clone(),
            "ext-alpha[fast]~=1.0; python_version >= '3.8'",
            "ext-alpha[fast]; python_version >= '3.8'",
        )],
        &[(
            "{ name = \"ext-alpha\", extras = [\"fast\"], marker = \"python_full_version >= '3.8'\", specifier = \"~=1.0\" },",
            "{ name = \"ext-alpha\", extras = [\"fast\"], marker = \"python_full_version >= '3.8'\" },",
        )],
    );
    check(
        &[constraint(
            "demo-core",
            net(),
            "ext-alpha >=1.0; sys_platform == 'linux'",
            "ext-alpha >=1.1; sys_platform == 'linux'",
        )],
        &[(
            "{ name = \"ext-alpha\", marker = \"sys_platform == 'linux' and extra == 'net'\", specifier = \">=1.0\" },",
            "{ name = \"ext-alpha\", marker = \"sys_platform == 'linux' and extra == 'net'\", specifier = \">=1.1\" },",
        )],
    );
    check(
        &[constraint("plain", DependencyKind::Dev, "ext-beta>=0.2", "ext-beta>=0.3")],
        &[(
            "dev = [{ name = \"ext-beta\", specifier = \">=0.2\" }]",
            "dev = [{ name = \"ext-beta\", specifier = \">=0.3\" }]",
        )],
    );
    check(
        &[constraint("demo-root", DependencyKind::Override, "EXT-alpha<9", "EXT-alpha<8")],
        &[(
            "constraints = [{ name = \"ext-alpha\", specifier = \"<9\" }]",
            "constraints = [{ name = \"ext-alpha\", specifier = \"<8\" }]",
        )],
    );
    // An override counts instead of what members ask for.
    check(
        &[constraint("plain", DependencyKind::Dev, "ext-beta>=0.2", "ext-beta>=7")],
        &[(
            "dev = [{ name = \"ext-beta\", specifier = \">=0.2\" }]",
            "dev = [{ name = \"ext-beta\", specifier = \">=7\" }]",
        )],
    );
}

#[test]
fn nothing_is_done_where_uv_notes_nothing() {
    check(
        &[constraint("demo-root", DependencyKind::Normal, "Demo.Core==0.2.0.dev0", "Demo.Core==0.2.0")],
        &[],
    );
    check(&[constraint("demo-root", DependencyKind::Build, "ext-build>=1", "ext-build>=2")], &[]);
    check(&[constraint("demo-root", DependencyKind::Normal, "ext-alpha<2,>=1", "ext-alpha>=1 , <2")], &[]);
    // Already done.
    check(&[constraint("demo-root", DependencyKind::Normal, "ext-alpha<7,>=1", "ext-alpha>=1 , <2")], &[]);
}

#[test]
fn what_is_not_certain_is_left_to_uv() {
    let normal = DependencyKind::Normal;
    let lint = DependencyKind::Group("lint".to_owned());
    check_asks(
        &[constraint("demo-root", normal.clone(), "ext-alpha>=1,<2", "ext-alpha>=2")],
        "`ext-alpha` is locked to 1.5.0, which `>=2` does not admit",
    );
    check_asks(
        &[constraint("demo-root", normal.clone(), "ext-alpha>=1,<2", "ext-alpha[more]>=1")],
        "more than the range of `ext-alpha` has changed",
    );
    check_asks(
        &[constraint("demo-root", normal.clone(), "ext-alpha>=1.3", "ext-alpha>=1")],
        "the lock file does not hold the requirement `ext-alpha>=1.3`",
    );
    check_asks(
        &[constraint("demo-root", normal.clone(), "ext-alpha===local", "ext-alpha>=1")],
        "more than the range of `ext-alpha` has changed",
    );
    check_asks(
        &[constraint("demo-root", normal, "^1.0", "^1.1")],
        "\"^1.0\" or \"^1.1\" is not a requirement",
    );
    check_asks(
        &[constraint("demo-core", lint.clone(), "ext-alpha>=1.1", "ext-alpha>=1.2")],
        "group `dev` may include `ext-alpha` of group `lint`",
    );
    let dev = DependencyKind::Group("dev".to_owned());
    check(
        &[
            constraint("demo-core", lint, "ext-alpha>=1.1", "ext-alpha>=1.2"),
            constraint("demo-core", dev, "ext-alpha>=1.1", "ext-alpha>=1.2"),
        ],
        &[
            (
                "{ name = \"ext-alpha\", specifier = \">=1.1\" },",
                "{ name = \"ext-alpha\", specifier = \">=1.2\" },",
            ),
            (
                "lint = [{ name = \"ext-alpha\", specifier = \">=1.1\" }]",
                "lint = [{ name = \"ext-alpha\", specifier = \">=1.2\" }]",
            ),
        ],
    );
}

#[test]
fn requirements_that_differ_in_nothing_else_may_change_places() {
    let twins = LOCK.replace(
        "{ name = \"ext-alpha\", specifier = \">=1,<2\" },",
        "{ name = \"ext-alpha\", specifier = \">=1,<2\" },\n    { name = \"ext-alpha\", specifier = \">=1.2\" },",
    );
    let change = constraint("demo-root", DependencyKind::Normal, "ext-alpha>=1.2", "ext-alpha>=1");
    let update = LockUpdate { constraints: vec![change], ..LockUpdate::default() };
    assert_eq!(
        changed(&twins, &update).unwrap_err(),
        "the lock file holds several requirements of `ext-alpha` that cannot be told apart"
    );
}
