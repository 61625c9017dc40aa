use proptest::prelude::*;

use super::*;
use crate::splice;

fn id(name: &str) -> PackageId {
    PackageId::new(Ecosystem::Cargo, name)
}

fn version(name: &str, old: &str, new: &str) -> LockUpdate {
    let change = VersionChange {
        id: id(name),
        name: name.to_owned(),
        directory: String::new(),
        old: old.to_owned(),
        new: new.to_owned(),
    };
    LockUpdate { versions: vec![change], constraints: Vec::new() }
}

fn constraint(member: &str, dependency: &str, kind: DependencyKind, old: &str, new: &str) -> LockUpdate {
    let change = ConstraintChange {
        member: id(member),
        directory: String::new(),
        dependency: id(dependency),
        name: dependency.to_owned(),
        kind,
        old: old.to_owned(),
        new: new.to_owned(),
        is_member: false,
    };
    LockUpdate { versions: Vec::new(), constraints: vec![change] }
}

#[track_caller]
fn edited(source: &str, update: &LockUpdate) -> String {
    match edits(source, update).unwrap_or_else(|failure| panic!("{failure:?}")) {
        LockEdits::Splices(splices) => splice(source, &splices).unwrap(),
        LockEdits::Tool { why, .. } => panic!("{why}"),
    }
}

#[track_caller]
fn left_to_cargo(source: &str, update: &LockUpdate) -> String {
    match edits(source, update).unwrap_or_else(|failure| panic!("{failure:?}")) {
        LockEdits::Splices(splices) => panic!("{splices:?}"),
        LockEdits::Tool { why, command } => {
            assert_eq!(command, ["cargo", "update", "--workspace"]);
            why
        }
    }
}

const LOCK: &str = "# generated\r\nversion = 4\r\n\r\n\
[[package]]\r\nname = \"a\"\r\nversion = \"0.1.0\"\r\ndependencies = [\r\n \"dup 1.0.0\",\r\n \"dup 2.0.0\",\r\n \"dup 3.0.0\",\r\n \"leaf\",\r\n]\r\n\r\n\
[[package]]\r\nname = \"dup\"\r\nversion = \"1.0.0\"\r\n\r\n\
[[package]]\r\nname = \"dup\"\r\nversion = \"2.0.0\"\r\nsource = \"registry+https://registry.example/i\"\r\nchecksum = \"00\"\r\n\r\n\
[[package]]\r\nname = \"dup\"\r\nversion = \"3.0.0\"\r\nsource = \"registry+https://registry.example/i\"\r\nchecksum = \"00\"\r\n\r\n\
[[package]]\r\nname = \"leaf\"\r\nversion = \"1.5.0\"\r\nsource = \"registry+https://registry.example/i\"\r\ndependencies = [\r\n \"patched\",\r\n]\r\n\r\n\
[[package]]\r\nname = \"patched\"\r\nversion = \"1.0.0\"\r\n\r\n\
[[patch.unused]]\r\nname = \"idle\"\r\nversion = \"1.0.0\"\r\n\r\n\
[[package]]\r\nname = \"idle\"\r\nversion = \"1.0.0\"";

#[test]
fn packages_are_listed() {
    let locked = read(LOCK).unwrap();
    let texts: Vec<String> = locked
        .iter()
        .map(|locked| format!("{} {}", locked.id, locked.version.as_ref().unwrap().text()))
        .collect();
    let expected =
        ["a 0.1.0", "dup 1.0.0", "dup 2.0.0", "dup 3.0.0", "leaf 1.5.0", "patched 1.0.0", "idle 1.0.0"];
    assert_eq!(texts, expected.map(|text| format!("cargo:{text}")));
    assert!(read("").unwrap().is_empty());
}

#[test]
fn a_version_changes_in_its_place() {
    let expected = LOCK.replace("0.1.0", "0.2.0-rc.1");
    assert_eq!(edited(LOCK, &version("a", "0.1.0", "0.2.0-rc.1")), expected);
    // The lock file may lag behind: one package of the name is the member, whatever its version is.
    assert_eq!(edited(LOCK, &version("a", "0.0.9", "0.2.0-rc.1")), expected);
    assert_eq!(edited(&expected, &version("a", "0.1.0", "0.2.0-rc.1")), expected);
    assert_eq!(edited(LOCK, &LockUpdate::default()), LOCK);
}

#[test]
fn an_entry_moves_with_its_version() {
    let after = edited(LOCK, &version("dup", "1.0.0", "2.5.0"));
    assert!(after.contains("[\r\n \"dup 2.0.0\",\r\n \"dup 2.5.0\",\r\n \"dup 3.0.0\",\r\n"), "{after}");
    let versions: Vec<String> = read(&after)
        .unwrap()
        .iter()
        .map(|locked| locked.version.as_ref().unwrap().text().to_owned())
        .collect();
    assert_eq!(versions[1..4], ["2.0.0", "2.5.0", "3.0.0"]);
    assert_eq!(edited(&after, &version("dup", "2.5.0", "1.0.0")), LOCK);
}

#[test]
fn the_root_of_an_old_lock_file_is_a_package() {
    let old = "[root]\nname = \"r\"\nversion = \"0.1.0\"\ndependencies = [\n \"m 0.1.0\",\n]\n\n[[package]]\nname = \"m\"\nversion = \"0.1.0\"\n";
    assert_eq!(
        edited(old, &version("r", "0.1.0", "0.2.0")),
        old.replacen("version = \"0.1.0\"", "version = \"0.2.0\"", 1)
    );
    let after = edited(old, &version("m", "0.1.0", "0.2.0"));
    assert_eq!(
        after,
        old.replace("m 0.1.0", "m 0.2.0").replace("\"m\"\nversion = \"0.1.0\"", "\"m\"\nversion = \"0.2.0\"")
    );
}

#[test]
fn what_needs_the_resolver_is_left_to_cargo() {
    for (update, why) in [
        (version("none", "1.0.0", "2.0.0"), "Cargo.lock does not list the member `none`"),
        (
            version("patched", "1.0.0", "2.0.0"),
            "`leaf` is no member and depends on `patched`, which replaces a published package",
        ),
        (
            version("idle", "1.0.0", "2.0.0"),
            "`idle` is a patch that is not used, which another version may change",
        ),
        (
            constraint("a", "leaf", DependencyKind::Normal, "1", "1.6"),
            "no locked version of `leaf` satisfies `1.6`",
        ),
        (
            constraint("a", "leaf", DependencyKind::Normal, "1", "not a range"),
            "no locked version of `leaf` satisfies `not a range`",
        ),
        (
            constraint("a", "dup", DependencyKind::Dev, "2", ">=2"),
            "several versions of `dup` are locked, and one is to be chosen",
        ),
        (
            constraint("a", "dup", DependencyKind::Dev, "2", "3"),
            "several versions of `dup` are locked, and one is to be chosen",
        ),
        (
            constraint("none", "leaf", DependencyKind::Build, "1", "1.5"),
            "no locked version of `leaf` satisfies `1.5`",
        ),
        (
            constraint("a", "leaf", DependencyKind::Override, "1", "1.5"),
            "a package that replaces `leaf` has another constraint",
        ),
    ] {
        assert_eq!(left_to_cargo(LOCK, &update), why);
    }
    for update in [
        constraint("a", "leaf", DependencyKind::Normal, "1", "=1.5.0"),
        constraint("a", "dup", DependencyKind::Dev, "2", "=2.0"),
        constraint("none", "leaf", DependencyKind::Workspace, "1", "1.5"),
        constraint("none", "unknown", DependencyKind::Workspace, "1", "2"),
    ] {
        assert_eq!(edited(LOCK, &update), LOCK);
    }
}

#[test]
fn a_package_that_replaces_another_keeps_its_version() {
    let lock = "version = 4\n[[package]]\nname = \"m\"\nversion = \"1.0.0\"\n[[package]]\nname = \"m\"\nversion = \"1.0.0\"\nsource = \"s\"\nreplace = \"m 1.0.0\"\n";
    let why = left_to_cargo(lock, &version("m", "1.0.0", "2.0.0"));
    assert_eq!(why, "`m` replaces a published package of the same version");
}

#[test]
fn two_members_of_one_name_are_told_apart_by_their_version() {
    let lock = "version = 4\n[[package]]\nname = \"m\"\nversion = \"1.0.0\"\n[[package]]\nname = \"m\"\nversion = \"2.0.0\"\n";
    assert_eq!(edited(lock, &version("m", "2.0.0", "2.1.0")), lock.replace("2.0.0", "2.1.0"));
    assert_eq!(edited(lock, &version("m", "1.5.0", "2.0.0")), lock);
    let why = left_to_cargo(lock, &version("m", "1.5.0", "3.0.0"));
    assert_eq!(why, "Cargo.lock lists several packages `m`, none of them in version 1.5.0");
    let why = left_to_cargo(lock, &version("m", "1.0.0", "2.0.0"));
    assert_eq!(why, "two packages without a registry would be `m` 2.0.0");
}

#[test]
fn refusals_say_the_place() {
    let newer = "version = 5\n";
    for (source, offset) in [
        (newer, Some(10)),
        ("version = \"4\"\n", Some(10)),
        ("[[package]]\nversion = \"1\"\n", Some(0)),
        ("[[package]]\nname = \"x\"\nversion = 1\n", Some(33)),
        ("[[package]]\nname = \"x\"\nversion = \"1\"\ndependencies = [1]\n", Some(53)),
    ] {
        assert_eq!(read(source).unwrap_err().offset, offset, "{source}");
        assert!(edits(source, &LockUpdate::default()).is_err(), "{source}");
    }
    assert!(read("[[package]\n").is_err());
}

/// A lock file of a member `dup` among packages of a registry with its name, and a change of its version.
fn any_lock() -> impl Strategy<Value = (String, String, String)> {
    let versions = prop::collection::btree_set((0..3_u8, 0..12_u8), 1..5);
    (versions, any::<prop::sample::Index>(), (0..3_u8, 0..12_u8), any::<[bool; 2]>()).prop_map(
        |(versions, member, new, [crlf, end])| {
            let spelled = |(major, minor): &(u8, u8)| format!("{major}.{minor}.0");
            let versions: Vec<String> = versions.iter().map(spelled).collect();
            let member = member.index(versions.len());
            let mut entries: Vec<String> = versions
                .iter()
                .map(|version| if versions.len() == 1 { "dup".to_owned() } else { format!("dup {version}") })
                .collect();
            entries.sort();
            let mut lock = format!(
                "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"{}\",\n \"zz\",\n]\n",
                entries.join("\",\n \"")
            );
            for (index, version) in versions.iter().enumerate() {
                lock.push_str(&format!("\n[[package]]\nname = \"dup\"\nversion = \"{version}\"\n"));
                if index != member {
                    lock.push_str("source = \"registry+https://registry.example/i\"\nchecksum = \"00\"\n");
                }
            }
            lock.push_str("\n[[package]]\nname = \"zz\"\nversion = \"1.0.0\"\n");
            if !end {
                lock.pop();
            }
            let lock = if crlf { lock.replace('\n', "\r\n") } else { lock };
            (lock, versions[member].clone(), spelled(&new))
        },
    )
}

proptest! {
    #[test]
    fn edits_keep_the_order_and_can_be_undone((lock, old, new) in any_lock()) {
        let after = edited(&lock, &version("dup", &old, &new));
        prop_assert_eq!(edited(&after, &version("dup", &old, &new)), after.as_str());
        prop_assert_eq!(edited(&after, &version("dup", &new, &old)), lock.as_str());

        let (before, file) = (File::parse(&lock).unwrap(), File::parse(&after).unwrap());
        let versions: Vec<String> = file.packages.iter().map(|package| package.version.text.clone()).collect();
        for (package, last) in file.packages.iter().zip(&before.packages) {
            prop_assert_eq!(&package.name, &last.name);
            prop_assert!(package.entries.iter().map(|(entry, _)| entry).is_sorted());
            for (entry, _) in &package.entries {
                prop_assert_eq!(&file.entry(file.target(entry).unwrap(), &versions).unwrap(), entry);
            }
        }
        // Lines are moved and changed, and none comes or goes.
        prop_assert_eq!(after.lines().count(), lock.lines().count());
        prop_assert_eq!(after.matches("\r\n").count(), lock.matches("\r\n").count());
        let order = |file: &File| {
            let of_name = file.packages.iter().filter(|package| package.name == "dup");
            of_name.map(|package| package.version.text.parse::<tminus_versioning::cargo::Version>().unwrap()).collect::<Vec<_>>()
        };
        prop_assert!(order(&file).is_sorted());
    }
}
