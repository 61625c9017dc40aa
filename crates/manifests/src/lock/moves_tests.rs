use super::{LockEdits, LockKind, LockUpdate, VersionChange, edits};
use crate::{PackageId, splice};

/// A lock file with one member, and what has to stand there.
struct Case {
    kind: LockKind,
    file: &'static str,
    source: &'static str,
    directory: &'static str,
}

const CASES: [Case; 4] = [
    Case {
        kind: LockKind::Uv,
        file: "uv.lock",
        source: "version = 1\n\n[[package]]\nname = \"core\"\nversion = \"VERSION\"\nsource = { editable = \"../core\" }\n",
        directory: "../core",
    },
    Case {
        kind: LockKind::Poetry,
        file: "poetry.lock",
        source: "[[package]]\nname = \"core\"\nversion = \"VERSION\"\n[package.source]\ntype = \"directory\"\nurl = \"../core\"\n",
        directory: "../core",
    },
    Case {
        kind: LockKind::Npm,
        file: "package-lock.json",
        source: "{\"lockfileVersion\": 3, \"packages\": {\"core\": {\"name\": \"other\", \"version\": \"VERSION\"}}}",
        directory: "core",
    },
    Case {
        kind: LockKind::Cargo,
        file: "Cargo.lock",
        source: "version = 4\n\n[[package]]\nname = \"core\"\nversion = \"VERSION\"\n",
        directory: "crates/core",
    },
];

fn edited(case: &Case, locked: &str, old: &str, new: &str) -> Result<String, String> {
    let change = VersionChange {
        id: PackageId::new(case.kind.ecosystem(), "core"),
        name: "core".to_owned(),
        directory: case.directory.to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
    };
    let update = LockUpdate { versions: vec![change], constraints: Vec::new() };
    let source = case.source.replace("VERSION", locked);
    let edits = edits(case.kind, &case.file.parse().unwrap(), source.as_bytes(), &update);
    match edits.unwrap_or_else(|error| panic!("{error}")) {
        LockEdits::Splices(splices) => Ok(splice(&source, &splices).unwrap()),
        LockEdits::Tool { why, command } => {
            assert_eq!(command, case.kind.command());
            Err(why)
        }
    }
}

#[test]
fn python_versions_are_compared_and_written_in_normal_form() {
    for case in CASES.iter().filter(|case| matches!(case.kind, LockKind::Uv | LockKind::Poetry)) {
        for (locked, old, new, written) in [
            ("0.2.0.dev0", "0.2.0-dev", "0.3.0-RC.1", "0.3.0rc1"),
            ("1.0rc1", "v01.0-RC.1", "1.0", "1.0"),
            ("1.0", "1.0.0", "1.1.0", "1.1.0"),
            ("0.3.0rc1", "0.2.0", "0.3.0-rc1", "0.3.0rc1"),
        ] {
            let expected = case.source.replace("VERSION", written);
            assert_eq!(edited(case, locked, old, new), Ok(expected), "{}: {old} to {new}", case.file);
        }
    }
}

#[test]
fn a_member_at_neither_of_its_versions_is_left_to_the_tool() {
    for case in &CASES {
        let behind = edited(case, "0.9.0", "1.0.0", "1.1.0");
        let why = "the lock file has core in version 0.9.0, and its manifest had 1.0.0";
        assert_eq!(behind, Err(why.to_owned()), "{}", case.file);
        for locked in ["1.0.0", "1.1.0"] {
            let expected = case.source.replace("VERSION", "1.1.0");
            assert_eq!(edited(case, locked, "1.0.0", "1.1.0"), Ok(expected), "{}", case.file);
        }
    }
}

#[test]
fn of_crates_with_one_name_the_one_at_the_old_version_moves() {
    let source = "version = 4\n\n[[package]]\nname = \"core\"\nversion = \"0.5.0\"\n\n[[package]]\nname = \"core\"\nversion = \"VERSION\"\n";
    let case = Case { kind: LockKind::Cargo, file: "Cargo.lock", source, directory: "" };
    assert_eq!(edited(&case, "1.0.0", "1.0.0", "1.1.0"), Ok(source.replace("VERSION", "1.1.0")));
    assert!(edited(&case, "0.9.0", "1.0.0", "1.1.0").is_err());
}
