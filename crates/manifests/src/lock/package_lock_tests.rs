use proptest::prelude::*;

use super::package_lock::{edits, read};
use super::{ConstraintChange, LockEdits, LockUpdate, VersionChange};
use crate::tree::json_text::{Json, Style};
use crate::tree::{Node, Value, json};
use crate::{DependencyKind, Ecosystem, PackageId, splice};

const LOCK: &str = r#"{
  "name": "root", "version": "1.0.0", "lockfileVersion": 3,
  "packages": {
    "": {"name": "root", "version": "1.0.0", "workspaces": ["packages/*"], "dependencies": {"core": "^1.0.0", "ms": "^2.1.0"}},
    "node_modules/@x/web": {"resolved": "packages/web", "link": true},
    "node_modules/core": {"resolved": "packages/core", "link": true},
    "node_modules/ms": {"version": "2.1.3", "integrity": "sha512-x"},
    "node_modules/num": {"name": "is-number", "version": "6.0.0"},
    "node_modules/other": {"version": "1.0.0", "peerDependencies": {"ms": "*"}},
    "packages/core": {"version": "1.0.0", "dependencies": {"num": "npm:is-number@^6.0.0"}, "optionalDependencies": {"gone": "^1"}},
    "packages/web": {"name": "@x/web", "version": "1.0.0", "devDependencies": {"core": "file:../core", "ms": "^1.0.0"},
      "peerDependencies": {"core": ">=1.0.0"}},
    "packages/web/node_modules/ms": {"version": "1.0.1"}
  }
}"#;

pub(super) fn id(name: &str) -> PackageId {
    PackageId::new(Ecosystem::Npm, name)
}

pub(super) fn version(name: &str, directory: &str, new: &str) -> VersionChange {
    let (name, directory) = (name.to_owned(), directory.to_owned());
    VersionChange { id: id(&name), name, directory, old: "1.0.0".to_owned(), new: new.to_owned() }
}

pub(super) fn range(
    directory: &str,
    kind: DependencyKind,
    name: &str,
    (old, new): (&str, &str),
) -> ConstraintChange {
    ConstraintChange {
        member: id("member"),
        directory: directory.to_owned(),
        dependency: id(name),
        name: name.to_owned(),
        kind,
        old: old.to_owned(),
        new: new.to_owned(),
        is_member: false,
    }
}

pub(super) fn update(versions: &[VersionChange], constraints: &[ConstraintChange]) -> LockUpdate {
    LockUpdate { versions: versions.to_vec(), constraints: constraints.to_vec() }
}

/// The lines that change, or why only npm can do it.
#[track_caller]
fn check(source: &str, update: &LockUpdate, expected: Result<&[(&str, &str)], &str>) {
    match (edits(source, update).unwrap(), expected) {
        (LockEdits::Splices(splices), Ok(expected)) => {
            let found: Vec<(&str, &str)> =
                splices.iter().map(|edit| (&source[edit.span.clone()], edit.new.as_str())).collect();
            assert_eq!(found, expected);
        }
        (LockEdits::Tool { why, command }, Err(expected)) => {
            assert_eq!(why, expected);
            assert_eq!(command.join(" "), "npm install --package-lock-only --ignore-scripts");
        }
        (found, expected) => panic!("{found:?} is not {expected:?}"),
    }
}

#[test]
fn the_list() {
    let found: Vec<String> = read(LOCK)
        .unwrap()
        .iter()
        .map(|locked| {
            format!("{} {} {:?}", locked.id, locked.version.as_ref().unwrap().text(), locked.directory)
        })
        .collect();
    assert_eq!(
        found,
        [
            "npm:root 1.0.0 Some(\"\")",
            "npm:ms 2.1.3 None",
            "npm:is-number 6.0.0 None",
            "npm:other 1.0.0 None",
            "npm:core 1.0.0 Some(\"packages/core\")",
            "npm:@x/web 1.0.0 Some(\"packages/web\")",
            "npm:ms 1.0.1 None",
        ]
    );
}

#[test]
fn versions_of_members() {
    use DependencyKind::{Normal, Peer};
    check(LOCK, &LockUpdate::default(), Ok(&[]));
    check(LOCK, &update(&[version("root", "", "2.0.0")], &[]), Ok(&[("1.0.0", "2.0.0"), ("1.0.0", "2.0.0")]));
    check(LOCK, &update(&[version("core", "packages/core", "1.2.0")], &[]), Ok(&[("1.0.0", "1.2.0")]));
    check(
        LOCK,
        &update(
            &[version("core", "packages/core", "2.0.0")],
            &[
                range("", Normal, "core", ("^1.0.0", "^2.0.0")),
                range("packages/web", Peer, "core", (">=1.0.0", ">=2.0.0")),
            ],
        ),
        Ok(&[("1.0.0", "2.0.0"), ("^1.0.0", "^2.0.0"), (">=1.0.0", ">=2.0.0")]),
    );
    // npm would take another core from the registry.
    check(
        LOCK,
        &update(&[version("core", "packages/core", "2.0.0")], &[]),
        Err("the root asks for core ^1.0.0, which 2.0.0 does not meet"),
    );
    check(
        LOCK,
        &update(
            &[version("core", "packages/core", "2.0.0-rc.1")],
            &[range("", Normal, "core", ("^1.0.0", "^2.0.0-rc.1"))],
        ),
        Err("packages/web asks for core >=1.0.0, which 2.0.0-rc.1 does not meet"),
    );
    check(
        LOCK,
        &update(&[version("new", "packages/new", "2.0.0")], &[]),
        Err("the lock file does not list the package in packages/new"),
    );
}

#[test]
fn ranges_of_members() {
    use DependencyKind::{Dev, Group, Normal, Optional, Override};
    let one = |change: ConstraintChange| update(&[], &[change]);
    check(LOCK, &one(range("", Normal, "ms", ("^2.1.0", "^2.1.2"))), Ok(&[("^2.1.0", "^2.1.2")]));
    check(LOCK, &one(range("", Normal, "ms", ("^2.0.0", "^2.1.0"))), Ok(&[]));
    check(LOCK, &one(range("", Normal, "ms", ("^2.1.0", "*"))), Ok(&[("^2.1.0", "*")]));
    // The nearest one counts.
    check(LOCK, &one(range("packages/web", Dev, "ms", ("^1.0.0", "~1.0.1"))), Ok(&[("^1.0.0", "~1.0.1")]));
    let alias = |new| one(range("packages/core", Normal, "is-number", ("npm:is-number@^6.0.0", new)));
    check(LOCK, &alias("npm:is-number@6"), Ok(&[("npm:is-number@^6.0.0", "npm:is-number@6")]));
    check(LOCK, &alias("npm:num@6"), Err("packages/core asks for num npm:num@6, which 6.0.0 does not meet"));
    check(LOCK, &one(range("", Override, "ms", ("1", "1.x || 2"))), Ok(&[]));
    check(
        LOCK,
        &one(range("", Override, "ms", ("1", "2"))),
        Err("an override asks for ms 2, which 1.0.1 does not meet"),
    );
    for (change, why) in [
        (
            range("", Normal, "ms", ("^2.1.0", "^2.2.0")),
            "the root asks for ms ^2.2.0, which 2.1.3 does not meet",
        ),
        (
            range("", Normal, "ms", ("^2.1.0", "latest")),
            "the root asks for ms latest, which 2.1.3 does not meet",
        ),
        (
            range("", Normal, "ms", ("^3", "^2")),
            "the lock file has another range of ms than the manifest had: ^3",
        ),
        (
            range("", Dev, "ms", ("^2.1.0", "^2")),
            "the lock file has another range of ms than the manifest had: ^2.1.0",
        ),
        (range("nowhere", Dev, "ms", ("^2.1.0", "^2")), "the lock file does not list the package in nowhere"),
        (
            range("packages/core", Optional(String::new()), "gone", ("^1", "^1.1")),
            "gone is not locked, and its range changes",
        ),
        (
            range("packages/web", Dev, "core", ("file:../core", "file:../other")),
            "packages/web asks for core file:../other, which 1.0.0 does not meet",
        ),
    ] {
        check(LOCK, &one(change), Err(why));
    }
    assert_eq!(
        edits(LOCK, &one(range("", Group("g".to_owned()), "x", ("1", "2")))).unwrap(),
        LockEdits::Splices(Vec::new())
    );
    // npm leaves it out where it is optional too.
    check(LOCK, &one(range("packages/core", Normal, "gone", ("^1.0.0", "^1.1.0"))), Ok(&[]));
    check(
        LOCK,
        &update(&[], &[range("", Normal, "ms", ("^2.1.0", "^2")), range("", Normal, "ms", ("^2.1.0", "2"))]),
        Err("two changes meet in one place of the lock file"),
    );
    let two = LOCK.replace("\"lockfileVersion\": 3", "\"lockfileVersion\": 2");
    check(
        &two,
        &one(range("", Override, "ms", ("1", "*"))),
        Err("an override of ms reaches into the lock file"),
    );
}

#[test]
fn refusals() {
    let remedy = "only lockfileVersion 2 and 3 are edited: run `npm install --package-lock-only --lockfile-version 3` once";
    for (source, offset, message) in [
        ("{\"lockfileVersion\": 1, \"dependencies\": {}}", Some(20), remedy),
        ("{\"lockfileVersion\": 4, \"packages\": {}}", Some(20), remedy),
        ("{\"lockfileVersion\": \"3\", \"packages\": {}}", Some(20), remedy),
        ("{}", Some(0), remedy),
        ("{\"lockfileVersion\": 3}", Some(0), "there is no `packages` that maps places to packages"),
        (
            "{\"lockfileVersion\": 3, \"packages\": []}",
            Some(0),
            "there is no `packages` that maps places to packages",
        ),
        ("[]", Some(0), "not JSON: an object was expected"),
    ] {
        for failure in [read(source).unwrap_err(), edits(source, &LockUpdate::default()).unwrap_err()] {
            assert_eq!((failure.offset, failure.problem.to_string().as_str()), (offset, message), "{source}");
        }
    }
    let broken = LOCK.replace("\"version\": \"1.0.0\", \"workspaces\"", "\"version\": 1, \"workspaces\"");
    assert!(edits(&broken, &update(&[version("root", "", "2.0.0")], &[])).is_err());
}

/// A lock file of so many members, each with a range on the one before it and on a package of the registry.
fn lock(members: &[(String, String)], tree: bool) -> Json {
    let text = Json::text;
    let mut packages =
        vec![(String::new(), Json::map(&[("name", text("root")), ("version", text("0.1.0"))]))];
    let mut requires = Vec::new();
    for (index, (name, version)) in members.iter().enumerate() {
        let directory = format!("packages/{name}");
        let mut ranges = vec![("ms".to_owned(), "^2.1.0".to_owned())];
        if let Some((before, version)) = index.checked_sub(1).and_then(|before| members.get(before)) {
            ranges.push((before.clone(), format!("^{version}")));
        }
        let link = Json::map(&[("resolved", text(&directory)), ("link", Json::Word("true".to_owned()))]);
        packages.push((format!("node_modules/{name}"), link));
        let peers = Json::map(&[("ms", text("*"))]);
        let body =
            [("version", text(version)), ("dependencies", Json::texts(&ranges)), ("peerDependencies", peers)];
        packages.push((directory.clone(), Json::map(&body)));
        let entry = [("version", text(&format!("file:{directory}"))), ("requires", Json::texts(&ranges))];
        requires.push((name.clone(), Json::map(&entry)));
    }
    packages.push(("node_modules/ms".to_owned(), Json::map(&[("version", text("2.1.3"))])));
    let mut document = vec![
        ("name", text("root")),
        ("lockfileVersion", Json::Word(if tree { "2" } else { "3" }.to_owned())),
        ("packages", Json::Map(packages)),
    ];
    if tree {
        document.push(("dependencies", Json::Map(requires)));
    }
    Json::map(&document)
}

fn json_of(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Text { text, .. } => Json::text(text),
        Value::Other(word) => Json::Word((*word).to_owned()),
        Value::List(items) => Json::List(items.iter().map(json_of).collect()),
        Value::Map(entries) => {
            Json::Map(entries.iter().map(|entry| (entry.key.to_string(), json_of(&entry.value))).collect())
        }
    }
}

fn spliced(source: &str, update: &LockUpdate) -> String {
    match edits(source, update).unwrap() {
        LockEdits::Splices(splices) => splice(source, &splices).unwrap(),
        LockEdits::Tool { why, .. } => panic!("{why}"),
    }
}

proptest! {
    #[test]
    fn members_follow_and_nothing_else_changes(
        names in prop::collection::btree_set("[a-z][a-z-]{0,5}[0-9]", 1..6),
        numbers in prop::collection::vec((1_u32..4, 0_u32..30, prop::option::of((4_u32..9, 0_u32..30))), 6),
        tree in any::<bool>(),
        style in Style::any(),
    ) {
        let before: Vec<_> =
            names.iter().zip(&numbers).map(|(name, (major, minor, _))| (name.clone(), format!("{major}.{minor}.0"))).collect();
        let after: Vec<_> = before
            .iter()
            .zip(&numbers)
            .map(|((name, old), (_, _, new))| (name.clone(), new.map_or_else(|| old.clone(), |(major, minor)| format!("{major}.{minor}.0"))))
            .collect();
        let mut update = LockUpdate::default();
        for (index, ((name, old), (_, new))) in before.iter().zip(&after).enumerate().filter(|(_, (old, new))| old != new) {
            update.versions.push(VersionChange { old: old.clone(), ..version(name, &format!("packages/{name}"), new) });
            if let Some((next, _)) = before.get(index + 1) {
                let ranges = (format!("^{old}"), format!("^{new}"));
                update.constraints.push(range(&format!("packages/{next}"), DependencyKind::Normal, name, (&ranges.0, &ranges.1)));
            }
        }
        let source = style.spell(&lock(&before, tree));
        let edited = spliced(&source, &update);
        prop_assert_eq!(json_of(&json::parse(&edited).unwrap()), lock(&after, tree));
        prop_assert_eq!(spliced(&edited, &update), edited.clone());
        prop_assert_eq!(spliced(&source, &LockUpdate::default()), source);
    }
}
