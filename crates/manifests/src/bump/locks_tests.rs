use super::*;
use crate::lock::MAX_LOCK_BYTES;
use crate::workspace::DiscoverOptions;

fn id(text: &str) -> PackageId {
    text.parse().unwrap()
}

fn planned(files: &[(&str, &str)], change: &Change) -> Result<Outcome, BumpError> {
    let files = files.iter().map(|(path, text)| (path.parse().unwrap(), text.as_bytes().to_vec()));
    of_bytes(files.collect(), change)
}

fn of_bytes(files: Vec<(RelPath, Vec<u8>)>, change: &Change) -> Result<Outcome, BumpError> {
    let workspace = Workspace::from_files(files, &DiscoverOptions::default()).unwrap();
    plan(&workspace, change, &|_| Err(io::ErrorKind::NotFound.into()))
}

fn version(package: &str, new: &str) -> Change {
    Change { versions: BTreeMap::from([(id(package), new.to_owned())]), ..Change::default() }
}

/// A version of a package that is published elsewhere.
fn follow(package: &str, new: &str) -> Change {
    Change { follow: BTreeMap::from([(id(package), new.to_owned())]), ..Change::default() }
}

/// What becomes of each lock file, and its lines that change.
fn fates(outcome: &Outcome) -> Vec<String> {
    let fate = |lock: &LockOutcome| match &lock.fate {
        LockFate::Edited => format!("{}: edited", lock.path),
        LockFate::InStep => format!("{}: in step", lock.path),
        LockFate::Tool { why, .. } => format!("{}: {why}", lock.path),
    };
    outcome.locks.iter().map(fate).collect()
}

fn added(outcome: &Outcome) -> Vec<String> {
    let diff = outcome.edits.diff();
    let lines = diff.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++"));
    lines.map(|line| line.trim_start_matches('+').trim().to_owned()).collect()
}

const PNPM: [(&str, &str); 5] = [
    ("package.json", "{\"name\": \"root\", \"private\": true}"),
    ("pnpm-workspace.yaml", "packages:\n  - packages/*\n"),
    ("packages/core/package.json", "{\"name\": \"core\", \"version\": \"1.0.0\"}"),
    (
        "packages/leaf/package.json",
        "{\"name\": \"leaf\", \"version\": \"1.0.0\", \"dependencies\": {\"core\": \"workspace:^1.0.0\", \"react\": \"^18.0.0\"}}",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  packages/core: {}\n\n  packages/leaf:\n    dependencies:\n      \
         core:\n        specifier: workspace:^1.0.0\n        version: link:../core\n      react:\n        specifier: ^18.0.0\n        \
         version: 18.2.0\n\npackages:\n\n  react@18.2.0:\n    resolution: {integrity: sha512-x}\n",
    ),
];

#[test]
fn a_pnpm_member_that_nobody_links_to_has_its_ranges_in_the_lock_file() {
    let outcome = planned(&PNPM, &version("npm:core", "2.0.0")).unwrap();
    assert_eq!(fates(&outcome), ["pnpm-lock.yaml: edited"]);
    assert!(added(&outcome).contains(&"specifier: workspace:^2.0.0".to_owned()), "{:?}", added(&outcome));

    // A package of a registry: what is locked meets the new range, or pnpm has to look for another.
    let outcome = planned(&PNPM, &follow("npm:react", "18.1.0")).unwrap();
    assert_eq!(fates(&outcome), ["pnpm-lock.yaml: edited"]);
    assert!(added(&outcome).contains(&"specifier: ^18.1.0".to_owned()), "{:?}", added(&outcome));
    let outcome = planned(&PNPM, &follow("npm:react", "19.0.0")).unwrap();
    assert_eq!(fates(&outcome), ["pnpm-lock.yaml: react is locked to 18.2.0, which does not meet ^19.0.0"]);
}

const OUTSIDE: [(&str, &str); 9] = [
    (
        "core/pyproject.toml",
        "[project]\nname = \"core\"\nversion = \"0.2.0-dev\"\ndependencies = [\"ext>=1.0\"]\n",
    ),
    (
        "apps/web/pyproject.toml",
        "[project]\nname = \"web\"\nversion = \"1.0\"\ndependencies = [\"core\"]\n[tool.uv.sources]\n\
         core = { path = \"../../core\", editable = true }\n",
    ),
    (
        "apps/web/uv.lock",
        "version = 1\n\n[[package]]\nname = \"core\"\nversion = \"0.2.0.dev0\"\nsource = { editable = \"../../core\" }\n\n\
         [package.metadata]\nrequires-dist = [{ name = \"ext\", specifier = \">=1.0\" }]\n\n\
         [[package]]\nname = \"ext\"\nversion = \"1.5\"\nsource = { registry = \"https://registry.example/simple\" }\n\n\
         [[package]]\nname = \"web\"\nversion = \"1.0\"\nsource = { virtual = \".\" }\n",
    ),
    ("rust/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\nserde = \"1.0\"\n"),
    (
        "rust/crates/x/Cargo.toml",
        "[package]\nname = \"x\"\nversion = \"0.1.0\"\n[dependencies]\nserde.workspace = true\nlog = \"0.4.0\"\n\
         [dev-dependencies]\nrand = \"0.8\"\n",
    ),
    ("rust/Cargo.lock", CARGO_LOCK),
    (
        "fuzz/Cargo.toml",
        "[package]\nname = \"fuzz\"\nversion = \"0.0.0\"\n[dependencies]\nx = { path = \"../rust/crates/x\" }\n[workspace]\n",
    ),
    (
        "fuzz/Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"fuzz\"\nversion = \"0.0.0\"\ndependencies = [\n \"x\",\n]\n\n\
         [[package]]\nname = \"log\"\nversion = \"0.4.1\"\nsource = \"registry+https://registry.example/i\"\n\n\
         [[package]]\nname = \"serde\"\nversion = \"1.0.1\"\nsource = \"registry+https://registry.example/i\"\n\n\
         [[package]]\nname = \"x\"\nversion = \"0.1.0\"\ndependencies = [\n \"log\",\n \"serde\",\n]\n",
    ),
    // Of a package of the same name that is another one.
    ("other/Cargo.lock", "version = 4\n\n[[package]]\nname = \"x\"\nversion = \"0.1.0\"\n"),
];

const CARGO_LOCK: &str = "version = 4\n\n\
    [[package]]\nname = \"log\"\nversion = \"0.4.1\"\nsource = \"registry+https://registry.example/i\"\n\n\
    [[package]]\nname = \"rand\"\nversion = \"0.8.9\"\nsource = \"registry+https://registry.example/i\"\n\n\
    [[package]]\nname = \"serde\"\nversion = \"1.0.9\"\nsource = \"registry+https://registry.example/i\"\n\n\
    [[package]]\nname = \"x\"\nversion = \"0.1.0\"\ndependencies = [\n \"log\",\n \"rand\",\n \"serde\",\n]\n";

#[test]
fn lock_files_follow_packages_outside_their_directory() {
    let outcome = planned(&OUTSIDE, &version("pypi:core", "0.3.0-rc.1")).unwrap();
    assert_eq!(fates(&outcome), ["apps/web/uv.lock: edited"]);
    assert_eq!(added(&outcome), ["version = \"0.3.0rc1\"", "version = \"0.3.0-rc.1\""]);
    let outcome = planned(&OUTSIDE, &follow("pypi:ext", "1.2")).unwrap();
    assert_eq!(fates(&outcome), ["apps/web/uv.lock: edited"]);

    let outcome = planned(&OUTSIDE, &version("cargo:x", "0.2.0")).unwrap();
    assert_eq!(fates(&outcome), ["fuzz/Cargo.lock: edited", "rust/Cargo.lock: edited"]);
}

#[test]
fn constraints_of_packages_outside_must_be_met_by_what_is_locked() {
    let fates = |package: &str, new: &str| fates(&planned(&OUTSIDE, &follow(package, new)).unwrap());
    assert_eq!(
        fates("cargo:log", "0.4.2"),
        [
            "fuzz/Cargo.lock: no locked version of `log` satisfies `0.4.2`",
            "rust/Cargo.lock: no locked version of `log` satisfies `0.4.2`"
        ]
    );
    // Inherited from the root of a workspace that has another lock file.
    assert_eq!(
        fates("cargo:serde", "1.2.0"),
        [
            "fuzz/Cargo.lock: no locked version of `serde` satisfies `1.2`",
            "rust/Cargo.lock: no locked version of `serde` satisfies `1.2`"
        ]
    );
    // What tests of a dependency need is not locked.
    assert_eq!(
        fates("cargo:rand", "0.9.0"),
        ["fuzz/Cargo.lock: in step", "rust/Cargo.lock: no locked version of `rand` satisfies `0.9`"]
    );
}

#[test]
fn a_large_lock_file_follows_and_one_without_bytes_is_an_error() {
    let manifest = || {
        let text = b"[package]\nname = \"x\"\nversion = \"0.1.0\"\n".to_vec();
        ("Cargo.toml".parse().unwrap(), text)
    };
    let lock = |bytes: Vec<u8>| vec![manifest(), ("Cargo.lock".parse().unwrap(), bytes)];
    let change = version("cargo:x", "0.2.0");

    let comment = format!("# {}\n", "x".repeat(1021)).repeat(9 * 1024);
    assert!(comment.len() > crate::MAX_FILE_BYTES);
    let large = format!("version = 4\n\n{comment}[[package]]\nname = \"x\"\nversion = \"0.1.0\"\n");
    let outcome = of_bytes(lock(large.into_bytes()), &change).unwrap();
    assert_eq!(fates(&outcome), ["Cargo.lock: edited"]);

    for bytes in [vec![b' '; MAX_LOCK_BYTES + 1], b"\xff".to_vec()] {
        let error = of_bytes(lock(bytes.clone()), &change).unwrap_err();
        assert!(matches!(&error, BumpError::Lock { path, .. } if path.as_str() == "Cargo.lock"), "{error}");
        // Where nothing changes, nothing is missed.
        assert_eq!(of_bytes(lock(bytes.clone()), &version("cargo:x", "0.1.0")).unwrap().locks, []);
        let without = Change { without_locks: true, ..change.clone() };
        assert!(of_bytes(lock(bytes), &without).is_ok());
    }
}
