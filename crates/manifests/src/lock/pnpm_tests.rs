use proptest::prelude::*;

use super::package_lock_tests::{range, update, version};
use super::pnpm::{edits, read};
use super::{ConstraintChange, LockEdits, LockUpdate};
use crate::{DependencyKind, splice};

const LOCK: &str = "\
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

catalogs:
  default:
    ms:
      specifier: ^2.1.0
      version: 2.1.3
    '@x/web':
      specifier: workspace:^1.0.0
      version: workspace:^1.0.0

overrides:
  kind-of: ^6.0.0
  is-odd>is-even: ^6.0.0

importers:

  .:
    dependencies:
      core:
        specifier: workspace:^1.0.0
        version: link:packages/core
      thunk:
        specifier: ^2.4.0
        version: 2.4.2(redux@4.2.1)
    devDependencies:
      ms:
        specifier: 'catalog:'
        version: 2.1.3

  packages/core:
    dependencies:
      kind-of:
        specifier: ^6.0.0
        version: 6.0.3
      num:
        specifier: npm:is-number@^6.0.0
        version: is-number@6.0.0

  packages/web:
    dependencies:
      core:
        specifier: ^1.0.0
        version: link:../core
      same:
        specifier: workspace:core@^
        version: link:../core
      taken:
        specifier: ^0.9.0
        version: 0.9.1
    optionalDependencies:
      web:
        specifier: 'catalog:'
        version: link:.

packages:

  '@s/n@1.0.0':
    resolution: {integrity: sha512-x}

  is-number@6.0.0:
    resolution: {integrity: sha512-x}

  kind-of@6.0.3:
    resolution: {integrity: sha512-x}

  copied@file:packages/copied:
    resolution: {directory: packages/copied, type: directory}
";

#[track_caller]
fn check_in(source: &str, update: &LockUpdate, expected: Result<&[(&str, &str)], &str>) {
    match (edits(source, update).unwrap(), expected) {
        (LockEdits::Splices(splices), Ok(expected)) => {
            let found: Vec<(&str, &str)> =
                splices.iter().map(|edit| (&source[edit.span.clone()], edit.new.as_str())).collect();
            assert_eq!(found, expected);
        }
        (LockEdits::Tool { why, command }, Err(expected)) => {
            assert_eq!(why, expected);
            assert_eq!(command.join(" "), "pnpm install --lockfile-only --ignore-scripts");
        }
        (found, expected) => panic!("{found:?} is not {expected:?}"),
    }
}

#[track_caller]
fn check(update: &LockUpdate, expected: Result<&[(&str, &str)], &str>) {
    check_in(LOCK, update, expected);
}

#[test]
fn the_list() {
    let list = |source: &str| -> Vec<String> {
        let line = |locked: &super::Locked| {
            let version = locked.version.as_ref().map(|site| {
                assert_eq!(&source[site.span()], site.text());
                site.text()
            });
            format!("{} {version:?} {:?}", locked.id, locked.directory)
        };
        read(source).unwrap().iter().map(line).collect()
    };
    assert_eq!(
        list(LOCK),
        [
            "npm: None Some(\"\")",
            "npm:core None Some(\"packages/core\")",
            "npm:web None Some(\"packages/web\")",
            "npm:@s/n Some(\"1.0.0\") None",
            "npm:is-number Some(\"6.0.0\") None",
            "npm:kind-of Some(\"6.0.3\") None",
            "npm:copied None None",
        ]
    );
    let six = "lockfileVersion: '6.0'\ndependencies:\n  a:\n    specifier: ^1\n    version: 1.0.0\n\
               packages:\n  /a@1.0.0(b@2.0.0):\n    dev: false\n  /@s/b@2.0.0:\n    dev: true\n";
    assert_eq!(
        list(six),
        ["npm: None Some(\"\")", "npm:a Some(\"1.0.0\") None", "npm:@s/b Some(\"2.0.0\") None"]
    );
}

#[test]
fn members() {
    use DependencyKind::Normal;
    check(&LockUpdate::default(), Ok(&[]));
    check(&update(&[version("root", "", "2.0.0"), version("core", "packages/core", "1.1.0")], &[]), Ok(&[]));
    let to_two = |ranges: &[ConstraintChange]| update(&[version("core", "packages/core", "2.0.0")], ranges);
    let root = range("", Normal, "core", ("workspace:^1.0.0", "workspace:^2.0.0"));
    let web = range("packages/web", Normal, "core", ("^1.0.0", "^2.0.0"));
    check(
        &to_two(&[root.clone(), web]),
        Ok(&[("workspace:^1.0.0", "workspace:^2.0.0"), ("^1.0.0", "^2.0.0")]),
    );
    check(&to_two(&[]), Err("the root asks for core workspace:^1.0.0, which 2.0.0 does not meet"));
    check(&to_two(&[root]), Err("packages/web asks for core ^1.0.0, which 2.0.0 does not meet"));
    check(
        &update(&[version("taken", "packages/taken", "0.9.5")], &[]),
        Err("packages/web asks for taken ^0.9.0, which 0.9.5 would meet, and could be linked"),
    );
    check(&update(&[version("taken", "packages/taken", "1.0.0")], &[]), Ok(&[]));
    check(
        &update(&[version("copied", "packages/copied", "1.0.0")], &[]),
        Err("copied@file:packages/copied is copied into node_modules"),
    );
}

#[test]
fn ranges() {
    use DependencyKind::{Dev, Normal, Optional, Override, Peer, Workspace};
    let one = |change: ConstraintChange| update(&[], &[change]);
    let thunk = |new| one(range("", Normal, "thunk", ("^2.4.0", new)));
    check(&thunk("^2.4.2"), Ok(&[("^2.4.0", "^2.4.2")]));
    check(&thunk("^2.5.0"), Err("thunk is locked to 2.4.2(redux@4.2.1), which does not meet ^2.5.0"));
    check(&thunk("next"), Err("thunk is locked to 2.4.2(redux@4.2.1), which does not meet next"));
    check(&one(range("", Normal, "thunk", ("^2.0.0", "^2.4.0"))), Ok(&[]));
    check(
        &one(range("", Normal, "thunk", ("^2.0.0", "^2.4.1"))),
        Err("the lock file has no range ^2.0.0 of thunk"),
    );
    check(&one(range("", Dev, "thunk", ("^1", "^2"))), Ok(&[]));
    check(
        &one(range("", Normal, "ms", ("^2.1.0", "^2.1.1"))),
        Err("the lock file has no range ^2.1.0 of ms"),
    );
    check(
        &one(range("x", Normal, "thunk", ("^2.4.0", "2"))),
        Err("the lock file has no range ^2.4.0 of thunk"),
    );
    let alias = |new| one(range("packages/core", Normal, "is-number", ("npm:is-number@^6.0.0", new)));
    check(&alias("npm:is-number@6"), Ok(&[("npm:is-number@^6.0.0", "npm:is-number@6")]));
    check(&alias("npm:num@6"), Err("num is locked to is-number@6.0.0, which does not meet npm:num@6"));
    // A peer stands there only where pnpm installed it.
    check(&one(range("", Peer, "thunk", ("^2.4.0", "^2.4.1"))), Ok(&[("^2.4.0", "^2.4.1")]));
    check(&one(range("", Peer, "other", ("^2.4.0", "^2.4.1"))), Ok(&[]));
    check(
        &one(range("packages/web", Optional(String::new()), "web", ("catalog:", "workspace:^"))),
        Ok(&[("catalog:", "workspace:^")]),
    );

    let both = [
        range("", Normal, "thunk", ("^2.4.0", "^2.4.1")),
        range("", Peer, "thunk", ("^2.4.0", "2")),
        range("", Dev, "ms", ("catalog:", "^2")),
    ];
    check(&update(&[], &both), Ok(&[("^2.4.0", "^2.4.1"), ("catalog:", "^2")]));
    let alone = LOCK.replace("autoInstallPeers: true", "autoInstallPeers: false");
    check_in(&alone, &one(range("", Peer, "thunk", ("^2.4.0", "^2.4.1"))), Ok(&[]));

    let catalog = |name, old, new| one(range("", Workspace, name, (old, new)));
    check(&catalog("ms", "^2.1.0", "^2.1.3"), Ok(&[("^2.1.0", "^2.1.3")]));
    check(&catalog("ms", "^2.1.0", "^2.2.0"), Err("ms is locked to 2.1.3, which does not meet ^2.2.0"));
    check(&catalog("unused", "1", "2"), Ok(&[]));
    let web = "workspace:^1.0.0";
    check(&catalog("@x/web", web, "workspace:^2"), Ok(&[(web, "workspace:^2"), (web, "workspace:^2")]));
    check(&catalog("kind-of", "^6.0.0", "^6.0.1"), Err("an override of kind-of stands in the lock file"));

    let of = |name, old, new| one(range("", Override, name, (old, new)));
    check(&of("kind-of", "^6.0.0", "^6.0.2"), Ok(&[("^6.0.0", "^6.0.2"), ("^6.0.0", "^6.0.2")]));
    check(&of("kind-of", "^6.0.0", "^6.1.0"), Err("kind-of is locked to 6.0.3, which does not meet ^6.1.0"));
    check(&of("kind-of", "^5.0.0", "^6.0.2"), Err("the override of kind-of is a part of others"));
    check(&of("is-even", "^6.0.0", "^6.0.2"), Err("the override of is-even is a part of others"));
    check(&of("other", "1", "2"), Err("the lock file has no override of other"));
    // The override stands in the place of the range, unless it may have been taken from it.
    check(&one(range("packages/core", Normal, "kind-of", ("^6.0.1", "^6.0.2"))), Ok(&[]));
    check(
        &one(range("packages/core", Normal, "kind-of", ("^6.0.0", "^6.0.2"))),
        Err("an override of kind-of stands in the lock file"),
    );
}

#[test]
fn the_document_of_the_project_is_the_last_one() {
    let two = format!(
        "---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {{}}\n\n---\n{LOCK}"
    );
    let change = range("", DependencyKind::Normal, "thunk", ("^2.4.0", "^2.4.1"));
    check_in(&two, &update(&[], &[change]), Ok(&[("^2.4.0", "^2.4.1")]));
}

#[test]
fn refusals() {
    let remedy = "only lockfileVersion 9 and 6 are edited: run `pnpm install --lockfile-only` with pnpm 9 or later once";
    for (source, offset) in [
        ("", None),
        ("importers: {}\n", None),
        ("lockfileVersion: 5.4\n", Some(17)),
        ("lockfileVersion: '10.0'\n", Some(17)),
        ("lockfileVersion: [9]\n", Some(17)),
        ("- lockfileVersion\n", None),
    ] {
        for failure in [read(source).unwrap_err(), edits(source, &LockUpdate::default()).unwrap_err()] {
            assert_eq!((failure.offset, failure.problem.to_string().as_str()), (offset, remedy), "{source}");
        }
    }
    assert!(edits("lockfileVersion: '9.0'\nimporters: {\n", &LockUpdate::default()).is_err());
}

/// A lock file in which each member has a range on the one before it.
fn lock(members: &[(String, String)], line: &str, quote: &str) -> String {
    let mut text = format!("lockfileVersion: {quote}9.0{quote}{line}{line}importers:{line}");
    for (index, (name, _)) in members.iter().enumerate() {
        text.push_str(&format!("{line}  packages/{name}:{line}    dependencies:{line}"));
        if let Some((before, version)) = index.checked_sub(1).and_then(|before| members.get(before)) {
            text.push_str(&format!(
                "      {before}:{line}        specifier: {quote}workspace:^{version}{quote} # é{line}"
            ));
            text.push_str(&format!("        version: link:../{before}{line}"));
        }
        text.push_str(&format!("      ms:{line}        specifier: ^2.1.0{line}        version: 2.1.3{line}"));
    }
    text
}

proptest! {
    #[test]
    fn members_follow_and_nothing_else_changes(
        names in prop::collection::btree_set("[a-z][a-z-]{0,5}[0-9]", 1..6),
        numbers in prop::collection::vec((1_u32..4, 0_u32..30, prop::option::of((4_u32..9, 0_u32..30))), 6),
        line in prop_oneof![Just("\n"), Just("\r\n")],
        quote in prop_oneof![Just(""), Just("'"), Just("\"")],
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        is_ended in any::<bool>(),
    ) {
        let spell = |members: &[(String, String)]| {
            let text = lock(members, line, quote);
            format!("{mark}{}", if is_ended { &text } else { text.trim_end() })
        };
        let before: Vec<_> =
            names.iter().zip(&numbers).map(|(name, (major, minor, _))| (name.clone(), format!("{major}.{minor}.0"))).collect();
        let mut after = before.clone();
        let mut update = LockUpdate::default();
        for (index, (name, old)) in before.iter().enumerate() {
            let Some((major, minor)) = numbers[index].2 else { continue };
            let new = format!("{major}.{minor}.0");
            update.versions.push(version(name, &format!("packages/{name}"), &new));
            if let Some((next, _)) = before.get(index + 1) {
                let ranges = (format!("workspace:^{old}"), format!("workspace:^{new}"));
                update.constraints.push(range(&format!("packages/{next}"), DependencyKind::Normal, name, (&ranges.0, &ranges.1)));
            }
            after[index].1 = new;
        }
        let source = spell(&before);
        let edited = |source: &str, update: &LockUpdate| match edits(source, update).unwrap() {
            LockEdits::Splices(splices) => splice(source, &splices).unwrap(),
            LockEdits::Tool { why, .. } => panic!("{why}"),
        };
        prop_assert_eq!(edited(&source, &update), spell(&after));
        prop_assert_eq!(edited(&spell(&after), &update), spell(&after));
        prop_assert_eq!(edited(&source, &LockUpdate::default()), source);
    }
}
