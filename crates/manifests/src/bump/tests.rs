use super::PinFate::{Left, Rewritten, Staged, Unchanged};
use super::*;
use crate::workspace::DiscoverOptions;

/// Files of a repository: paths and texts.
type Files<'f> = &'f [(&'f str, &'f str)];

fn workspace(files: Files<'_>) -> Workspace {
    let files = files.iter().map(|(path, text)| (path.parse().unwrap(), text.as_bytes().to_vec()));
    Workspace::from_files(files, &DiscoverOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn id(text: &str) -> PackageId {
    text.parse().unwrap()
}

fn versions(versions: &[(&str, &str)]) -> Change {
    let versions = versions.iter().map(|(package, version)| (id(package), (*version).to_owned())).collect();
    Change { versions, ..Change::default() }
}

fn planned(files: Files<'_>, change: &Change) -> Result<Outcome, BumpError> {
    let read = |path: &RelPath| {
        let found = files.iter().find(|(known, _)| *known == path.as_str());
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    plan(&workspace(files), change, &read)
}

/// The lines that a change takes out and puts in, with their files.
fn changed(files: Files<'_>, change: &Change) -> Vec<String> {
    let outcome = planned(files, change).unwrap_or_else(|error| panic!("{error}"));
    let mut lines = Vec::new();
    for line in outcome.edits.diff().lines() {
        match line.strip_prefix("+++ b/") {
            Some(path) => lines.push(format!("{path}:")),
            None if line.starts_with("--- ") || line.starts_with("@@") || line.starts_with(' ') => {}
            None => lines.push(line.to_owned()),
        }
    }
    lines
}

#[track_caller]
fn check_refused(files: Files<'_>, change: &Change, message: &str) {
    let error = planned(files, change).unwrap_err();
    assert!(error.to_string().contains(message), "{error}");
}

const PYTHON: Files<'static> = &[
    ("core/pyproject.toml", "[project]\nname = \"Demo.Core\"\nversion = \"0.12.44\"\n"),
    (
        "app/pyproject.toml",
        "[project]\nname = 'demo'\nversion = '1.0'\ndependencies = [\n\t'demo_core[fast] >=0.12.44, <0.13 ; \
         python_version>\"3.8\"', # ours\n\t\"demo-core==0.12.44; python_version<='3.8'\",\n]\n\
         [dependency-groups]\ndev = ['demo-core']\n",
    ),
];

#[test]
fn constraints_follow_in_their_own_style() {
    assert_eq!(
        changed(PYTHON, &versions(&[("pypi:demo-core", "0.13.0")])),
        [
            "app/pyproject.toml:",
            "-\t'demo_core[fast] >=0.12.44, <0.13 ; python_version>\"3.8\"', # ours",
            "-\t\"demo-core==0.12.44; python_version<='3.8'\",",
            "+\t'demo_core[fast] >=0.13.0, <0.14 ; python_version>\"3.8\"', # ours",
            "+\t\"demo-core==0.13.0; python_version<='3.8'\",",
            "core/pyproject.toml:",
            "-version = \"0.12.44\"",
            "+version = \"0.13.0\"",
        ]
    );
}

#[test]
fn the_same_version_once_more_changes_nothing() {
    let outcome = planned(PYTHON, &versions(&[("pypi:demo-core", "0.12.44"), ("pypi:demo", "1.0")])).unwrap();
    assert!(outcome.edits.is_empty());
    assert_eq!(outcome.pins.iter().map(|pin| pin.fate).collect::<Vec<_>>(), [Unchanged; 3]);
}

#[test]
fn a_rule_of_two_packages_comes_before_the_default() {
    let mut change = versions(&[("pypi:demo-core", "0.13.0")]);
    let edge = (id("pypi:demo"), id("pypi:demo-core"));
    let fates = |change: &Change| -> Vec<(PinFate, String)> {
        let pins = planned(PYTHON, change).unwrap().pins;
        pins.into_iter().take(1).map(|pin| (pin.fate, pin.new)).collect()
    };
    let marker = "; python_version>\"3.8\"";
    let mut with = |strategy, when| {
        change.pins.rules.insert(edge.clone(), Pin { strategy, when, ..Pin::default() });
        fates(&change)
    };
    assert_eq!(
        with(Strategy::Exact, PinTime::Now),
        [(Rewritten, format!("demo_core[fast] ==0.13.0 {marker}"))]
    );
    assert_eq!(
        with(Strategy::Leave, PinTime::Now),
        [(Left, format!("demo_core[fast] >=0.12.44, <0.13 {marker}"))]
    );
    assert_eq!(
        with(Strategy::Exact, PinTime::Staged),
        [(Staged, format!("demo_core[fast] ==0.13.0 {marker}"))]
    );
    // What is staged is written once it is asked for, and nothing else is.
    change.pins.staged = true;
    assert_eq!(fates(&change)[0].0, Rewritten);
    change.pins.rules.clear();
    assert_eq!(fates(&change)[0].0, Left);
}

#[test]
fn constraints_follow_where_they_are_asked_to() {
    let mut change = versions(&[("pypi:demo-core", "0.13.0")]);
    change.pins.only_in = Some(BTreeSet::from([id("pypi:demo-core")]));
    assert_eq!(planned(PYTHON, &change).unwrap().pins, []);

    // A published version of somebody else's package moves no version here.
    let mut change = Change::default();
    change.follow.insert(id("pypi:demo-core"), "0.12.50".to_owned());
    let outcome = planned(PYTHON, &change).unwrap();
    assert_eq!(outcome.versions, []);
    assert_eq!(outcome.pins.iter().filter(|pin| pin.fate == Rewritten).count(), 2);
}

const CARGO: Files<'static> = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"a\", \"b\"]\n[workspace.package]\nversion = \"0.1.0\"\n[workspace.dependencies]\n\
         a = { path = \"a\", version = \"0.1.0\" }\n",
    ),
    ("a/Cargo.toml", "[package]\nname = \"a\"\nversion.workspace = true\n"),
    (
        "b/Cargo.toml",
        "[package]\nname = \"b\"\nversion.workspace = true\n[dependencies]\na.workspace = true\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\
         dependencies = [\n \"a\",\n]\n",
    ),
];

#[test]
fn a_shared_version_is_set_once_and_the_lock_file_follows() {
    assert_eq!(
        changed(CARGO, &versions(&[("cargo:a", "0.2.0"), ("cargo:b", "0.2.0")])),
        [
            "Cargo.lock:",
            "-version = \"0.1.0\"",
            "+version = \"0.2.0\"",
            "-version = \"0.1.0\"",
            "+version = \"0.2.0\"",
            "Cargo.toml:",
            "-version = \"0.1.0\"",
            "+version = \"0.2.0\"",
            "-a = { path = \"a\", version = \"0.1.0\" }",
            "+a = { path = \"a\", version = \"0.2.0\" }",
        ]
    );
    check_refused(
        CARGO,
        &versions(&[("cargo:a", "0.2.0"), ("cargo:b", "0.3.0")]),
        "cargo:a and cargo:b share the version in Cargo.toml:4",
    );
    let change = Change { without_locks: true, ..versions(&[("cargo:a", "0.2.0"), ("cargo:b", "0.2.0")]) };
    assert_eq!(planned(CARGO, &change).unwrap().locks, []);
}

#[test]
fn peers_move_only_where_they_have_to() {
    let files: Files<'_> = &[
        ("core/package.json", "{\"name\": \"@d/core\", \"version\": \"1.2.0\"}"),
        (
            "ui/package.json",
            "{\"name\": \"@d/ui\", \"version\": \"1.0.0\", \"dependencies\": {\"@d/core\": \"^1.2.0\"}, \
             \"peerDependencies\": {\"@d/core\": \">=1 <2\"}, \"devDependencies\": {\"@d/core\": \"workspace:^\"}}",
        ),
    ];
    let pins = |version: &str| -> Vec<String> {
        let outcome = planned(files, &versions(&[("npm:@d/core", version)])).unwrap();
        outcome.pins.into_iter().map(|pin| pin.new).collect()
    };
    assert_eq!(pins("1.3.0"), ["^1.3.0", ">=1 <2", "workspace:^"]);
    assert_eq!(pins("2.0.0"), ["^2.0.0", ">=2 <3", "workspace:^"]);
}

#[test]
fn places_beside_the_manifest_are_set_too() {
    let files: Files<'_> = &[
        ("pyproject.toml", "[project]\nname = 'demo'\nversion = '1.0'\n"),
        ("demo/__init__.py", "__version__ = '0.9'  # forgotten\r\n"),
    ];
    let mut change = versions(&[("pypi:demo", "1.1")]);
    let file = VersionFile::auto("demo/__init__.py".parse().unwrap());
    change.sites.insert(id("pypi:demo"), vec![file, VersionFile::auto("pyproject.toml".parse().unwrap())]);
    let outcome = planned(files, &change).unwrap();
    let places: Vec<(&str, &str)> =
        outcome.versions.iter().map(|edit| (edit.path.as_str(), edit.old.as_str())).collect();
    assert_eq!(places, [("pyproject.toml", "1.0"), ("demo/__init__.py", "0.9")]);
    assert_eq!(outcome.edits.files().count(), 2);
}

#[test]
fn what_cannot_be_done_is_said_with_its_place() {
    check_refused(PYTHON, &versions(&[("pypi:other", "1.0")]), "pypi:other is no package of this workspace");
    let mut lower = versions(&[("pypi:demo-core", "0.11.0")]);
    check_refused(
        PYTHON,
        &lower,
        "core/pyproject.toml:3: pypi:demo-core is at 0.12.44 there, 0.11.0 is below it",
    );
    lower.allow_lowering = true;
    check_refused(PYTHON, &lower, "app/pyproject.toml:5: `demo_core[fast] >=0.12.44, <0.13");
    let mut allowed = lower;
    allowed.pins.default.allow_lowering = true;
    assert!(planned(PYTHON, &allowed).is_ok());

    let tags: Files<'_> = &[(
        "pyproject.toml",
        "[project]\nname = 'demo'\ndynamic = ['version']\n[tool.setuptools_scm]\nfallback_version = '1'\n",
    )];
    check_refused(tags, &versions(&[("pypi:demo", "2")]), "pypi:demo states its version nowhere");

    let mut change = versions(&[("pypi:demo", "1.1")]);
    let gone = VersionFile::auto("gone.py".parse().unwrap());
    change.sites.insert(id("pypi:demo"), vec![gone]);
    check_refused(PYTHON, &change, "gone.py cannot be read");
}

#[test]
fn a_lock_file_that_is_out_of_step_goes_to_its_tool() {
    let mut files = CARGO.to_vec();
    files[3].1 = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n";
    let outcome = planned(&files, &versions(&[("cargo:a", "0.2.0"), ("cargo:b", "0.2.0")])).unwrap();
    // `b` is not listed, and what is listed follows.
    assert!(
        matches!(outcome.locks.as_slice(), [LockOutcome { fate: LockFate::Edited, .. }]),
        "{:?}",
        outcome.locks
    );
    assert!(outcome.edits.diff().contains("+++ b/Cargo.lock"));
}

/// File and new text of each constraint, with its fate.
fn fates(files: Files<'_>, change: &Change) -> Vec<(String, PinFate)> {
    let pins = planned(files, change).unwrap_or_else(|error| panic!("{error}")).pins;
    pins.into_iter().map(|pin| (format!("{} {}", pin.path, pin.new), pin.fate)).collect()
}

#[track_caller]
fn check_fates(files: Files<'_>, change: &Change, expected: &[(&str, PinFate)]) {
    let expected: Vec<_> = expected.iter().map(|(text, fate)| ((*text).to_owned(), *fate)).collect();
    assert_eq!(fates(files, change), expected);
}

/// A root that is a package and inherits nothing; `b` and `c` inherit from its table.
const INHERITED: Files<'static> = &[
    (
        "Cargo.toml",
        "[package]\nname = \"root\"\nversion = \"1.0.0\"\n[workspace]\nmembers = [\"a\", \"b\", \"c\"]\n\
         [workspace.dependencies]\na1 = { package = \"a\", path = \"a\", version = \"0.1.0\" }\n\
         a = { path = \"a\", version = \"0.1\" }\n",
    ),
    ("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\n"),
    ("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"1.0.0\"\n[dependencies]\na1.workspace = true\n"),
    (
        "c/Cargo.toml",
        "[package]\nname = \"c\"\nversion = \"1.0.0\"\n[dev-dependencies]\na1.workspace = true\n",
    ),
];

#[test]
fn an_inherited_constraint_belongs_to_the_members_that_inherit_it() {
    let mut change = versions(&[("cargo:a", "0.2.0")]);
    let pins = planned(INHERITED, &change).unwrap().pins;
    let members: Vec<_> =
        pins.iter().map(|pin| (pin.from.clone(), pin.inherited_by.clone(), pin.line)).collect();
    assert_eq!(members, [(None, vec![id("cargo:b"), id("cargo:c")], 7), (None, vec![], 8)]);

    for (only, expected) in [
        (None, &[("Cargo.toml 0.2.0", Rewritten), ("Cargo.toml 0.2", Rewritten)][..]),
        (Some("cargo:c"), &[("Cargo.toml 0.2.0", Rewritten)]),
        (Some("cargo:root"), &[]),
        (Some("cargo:a"), &[]),
    ] {
        change.pins.only_in = only.map(|only| BTreeSet::from([id(only)]));
        check_fates(INHERITED, &change, expected);
    }
}

#[test]
fn an_inherited_constraint_follows_by_the_rule_of_a_member() {
    let mut change = versions(&[("cargo:a", "0.2.0")]);
    let mut rule = |from: &str, strategy| {
        let pin = Pin { strategy, ..Pin::default() };
        change.pins.rules.insert((id(from), id("cargo:a")), pin);
        change.clone()
    };
    let root = rule("cargo:root", Strategy::Leave);
    check_fates(INHERITED, &root, &[("Cargo.toml 0.2.0", Rewritten), ("Cargo.toml 0.2", Rewritten)]);
    let one = rule("cargo:b", Strategy::Exact);
    check_fates(INHERITED, &one, &[("Cargo.toml =0.2.0", Rewritten), ("Cargo.toml 0.2", Rewritten)]);
    let both = rule("cargo:c", Strategy::Minimum);
    check_refused(INHERITED, &both, "Cargo.toml:7: cargo:b and cargo:c inherit this constraint on cargo:a");
    rule("cargo:b", Strategy::Leave);
    let left = rule("cargo:c", Strategy::Leave);
    check_fates(INHERITED, &left, &[("Cargo.toml 0.1.0", Left), ("Cargo.toml 0.2", Rewritten)]);
}

#[test]
fn catalogs_of_pnpm_are_told_apart_by_their_names() {
    let files: Files<'_> = &[
        (
            "pnpm-workspace.yaml",
            "packages: ['*']\ncatalog:\n  core: ^2.0.0\ncatalogs:\n  old:\n    core: ^1.0.0\n  new:\n    core: ~2.0.0\n",
        ),
        ("core/package.json", "{\"name\": \"core\", \"version\": \"2.0.0\"}"),
        ("ui/package.json", "{\"name\": \"ui\", \"dependencies\": {\"core\": \"catalog:\"}}"),
        ("next/package.json", "{\"name\": \"next\", \"dependencies\": {\"core\": \"catalog:new\"}}"),
    ];
    let outcome = planned(files, &versions(&[("npm:core", "2.1.0")])).unwrap();
    let pins: Vec<_> = outcome
        .pins
        .iter()
        .filter(|pin| pin.path.as_str() == "pnpm-workspace.yaml")
        .map(|pin| (pin.new.as_str(), pin.fate, pin.inherited_by.clone()))
        .collect();
    assert_eq!(
        pins,
        [
            ("^2.1.0", Rewritten, vec![id("npm:ui")]),
            ("^1.0.0", Left, vec![]),
            ("~2.1.0", Rewritten, vec![id("npm:next")]),
        ]
    );
}

#[test]
fn what_is_taken_from_elsewhere_under_the_same_name_is_not_ours() {
    let files: Files<'_> = &[
        (
            "core/Cargo.toml",
            "[package]\nname = \"core\"\nversion = \"1.0.19\"\n[dependencies]\ncore = \"2\"\n",
        ),
        (
            "app/Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\n\
             core = { path = \"../core\", version = \"1.0.19\" }\n[dev-dependencies]\n\
             core = { path = \"../../core\", version = \"1.0.19\" }\n[build-dependencies]\n\
             core = { git = \"https://git.example/core\", version = \"1.0.19\" }\n",
        ),
    ];
    // The first one is the crate's own next version, from the registry.
    check_fates(files, &versions(&[("cargo:core", "1.0.20")]), &[("app/Cargo.toml 1.0.20", Rewritten)]);
}

#[test]
fn a_package_that_names_itself_stays() {
    let files: Files<'_> = &[(
        "pyproject.toml",
        "[project]\nname = 'demo'\nversion = '1.0'\n[project.optional-dependencies]\nall = ['demo[a]==1.0']\n",
    )];
    let change = versions(&[("pypi:demo", "1.1")]);
    assert_eq!(changed(files, &change), ["pyproject.toml:", "-version = '1.0'", "+version = '1.1'"]);

    // Cargo refuses a directory whose version the requirement does not admit, also the crate's own.
    let files: Files<'_> = &[(
        "Cargo.toml",
        "[package]\nname = 'demo'\nversion = '1.0.0'\n[dev-dependencies]\ndemo = { path = '.', version = '1' }\n",
    )];
    check_fates(files, &versions(&[("cargo:demo", "2.0.0")]), &[("Cargo.toml 2", Rewritten)]);
}

#[test]
fn an_alias_follows_if_it_is_for_the_version_that_moves() {
    let files: Files<'_> = &[
        ("core/package.json", "{\"name\": \"core\", \"version\": \"2.0.0\"}"),
        (
            "ui/package.json",
            "{\"name\": \"ui\", \"dependencies\": {\"core\": \"^2.0.0\", \"core-v1\": \"npm:core@^1.0.0\"},\
             \"devDependencies\": {\"core-v1\": \"npm:core@^1.0.0\"},\
             \"optionalDependencies\": {\"core-v2\": \"npm:core@^2.0.0\"}}",
        ),
    ];
    check_fates(
        files,
        &versions(&[("npm:core", "2.1.0")]),
        &[
            ("ui/package.json ^2.1.0", Rewritten),
            ("ui/package.json npm:core@^1.0.0", Left),
            ("ui/package.json npm:core@^1.0.0", Left),
            ("ui/package.json npm:core@^2.1.0", Rewritten),
        ],
    );
}

#[test]
fn an_override_with_a_condition_follows_if_it_is_for_the_version_that_moves() {
    let files: Files<'_> = &[
        ("core/package.json", "{\"name\": \"core\", \"version\": \"2.0.0\"}"),
        (
            "package.json",
            "{\"name\": \"root\", \"workspaces\": [\"core\"], \"overrides\": {\"core@1\": \"1.5.0\",\
             \"x\": {\"core\": \"1.6.0\", \"y\": {\".\": \"1.0.0\", \"core\": \"2.0.0\"}}},\
             \"resolutions\": {\"**/x/core\": \"1.7.0\"}, \"pnpm\": {\"overrides\": {\"x>core\": \"1.8.0\"}}}",
        ),
    ];
    let left = |text: &'static str| (text, Left);
    check_fates(
        files,
        &versions(&[("npm:core", "2.1.0")]),
        &[
            left("package.json 1.5.0"),
            left("package.json 1.6.0"),
            ("package.json 2.1.0", Rewritten),
            left("package.json 1.7.0"),
            left("package.json 1.8.0"),
        ],
    );
    // One without a condition holds for every version.
    for list in [
        "\"overrides\": {\"core\": \"1.5.0\"}",
        "\"overrides\": {\"core\": {\".\": \"1.5.0\"}}",
        "\"resolutions\": {\"**/core\": \"1.5.0\"}",
        "\"pnpm\": {\"overrides\": {\"core\": \"1.5.0\"}}",
    ] {
        let root = format!("{{\"name\": \"root\", {list}}}");
        let files: Files<'_> = &[files[0], ("package.json", &root)];
        check_fates(files, &versions(&[("npm:core", "2.1.0")]), &[("package.json 2.1.0", Rewritten)]);
    }
    let scoped: Files<'_> = &[
        ("core/package.json", "{\"name\": \"@d/core\", \"version\": \"2.0.0\"}"),
        ("pnpm-workspace.yaml", "packages: [core]\noverrides:\n  '@d/core': 1.5.0\n  '@d/core@1': 1.5.0\n"),
    ];
    check_fates(
        scoped,
        &versions(&[("npm:@d/core", "2.1.0")]),
        &[("pnpm-workspace.yaml 2.1.0", Rewritten), left("pnpm-workspace.yaml 1.5.0")],
    );
}

#[test]
fn of_several_requirements_those_follow_that_admit_the_old_version() {
    let core = ("core/pyproject.toml", "[project]\nname = 'core'\nversion = '2.0'\n");
    let python: Files<'_> = &[
        core,
        (
            "app/pyproject.toml",
            "[project]\nname = 'app'\nversion = '1'\ndependencies = [\"core==2.0; python_version>='3.10'\", \
             \"core==1.4; python_version<'3.10'\"]\n[dependency-groups]\ndev = ['core==1.9']\n",
        ),
    ];
    let follow = [
        ("app/pyproject.toml core==2.1; python_version>='3.10'", Rewritten),
        ("app/pyproject.toml core==1.4; python_version<'3.10'", Left),
        // In another list, and alone there.
        ("app/pyproject.toml core==2.1", Rewritten),
    ];
    check_fates(python, &versions(&[("pypi:core", "2.1")]), &follow);

    let poetry: Files<'_> = &[
        core,
        (
            "app/pyproject.toml",
            "[tool.poetry]\nname = 'app'\nversion = '1'\n[tool.poetry.dependencies]\n\
             core = [{ version = '^1.4', python = '<3.10' }, { version = '^2.0', python = '>=3.10' }]\n",
        ),
    ];
    let expected = [("app/pyproject.toml ^1.4", Left), ("app/pyproject.toml ^2.1", Rewritten)];
    check_fates(poetry, &versions(&[("pypi:core", "2.1")]), &expected);

    // Where none admits it, or nobody knows it, all follow.
    let none = [(core.0, "[project]\nname = 'core'\nversion = '3.0'\n"), poetry[1]];
    let all = [("app/pyproject.toml ^3.1", Rewritten), ("app/pyproject.toml ^3.1", Rewritten)];
    check_fates(&none, &versions(&[("pypi:core", "3.1")]), &all);
    let mut change = Change::default();
    change.follow.insert(id("pypi:core"), "3.1".to_owned());
    check_fates(&poetry[1..], &change, &all);
}

#[test]
fn what_is_not_written_refuses_nothing() {
    let files: Files<'_> = &[
        ("core/pyproject.toml", "[project]\nname = 'core'\nversion = '1.0'\n"),
        ("app/pyproject.toml", "[project]\nname = 'app'\nversion = '1'\ndependencies = ['core>=1,!=1.1']\n"),
    ];
    let mut change = versions(&[("pypi:core", "1.1")]);
    check_refused(files, &change, "app/pyproject.toml:4: `core>=1,!=1.1` cannot follow to 1.1");
    let old = "app/pyproject.toml core>=1,!=1.1";
    for (strategy, when, fate) in [
        (Strategy::Leave, PinTime::Now, Left),
        (Strategy::Leave, PinTime::Staged, Left),
        (Strategy::Keep, PinTime::Staged, Staged),
    ] {
        change.pins.default = Pin { strategy, when, ..Pin::default() };
        check_fates(files, &change, &[(old, fate)]);
    }
    change.pins = Pins { staged: true, ..Pins::default() };
    check_fates(files, &change, &[(old, Left)]);
    change.pins = Pins { only_in: Some(BTreeSet::new()), ..Pins::default() };
    check_fates(files, &change, &[]);
}

#[test]
fn what_bounds_nothing_admits_a_pre_release_too() {
    for range in ["*", "", "x", "workspace:*", "npm:core@*", " * "] {
        let ui = format!("{{\"name\": \"ui\", \"dependencies\": {{\"core\": \"{range}\"}}}}");
        let files: Files<'_> = &[
            ("core/package.json", "{\"name\": \"core\", \"version\": \"1.0.0\"}"),
            ("ui/package.json", &ui),
        ];
        let mut change = versions(&[("npm:core", "2.0.0-rc.1")]);
        for strategy in [Strategy::Keep, Strategy::Loosen] {
            change.pins.default.strategy = strategy;
            check_fates(files, &change, &[(&format!("ui/package.json {range}"), Unchanged)]);
        }
    }
    // Cargo takes no pre-release for it.
    let files: Files<'_> = &[
        ("core/Cargo.toml", "[package]\nname = 'core'\nversion = '1.0.0'\n"),
        (
            "ui/Cargo.toml",
            "[package]\nname = 'ui'\nversion = '1.0.0'\n[dependencies]\ncore = { path = '../core', version = '*' }\n",
        ),
    ];
    check_refused(files, &versions(&[("cargo:core", "2.0.0-rc.1")]), "`*` cannot follow to 2.0.0-rc.1");
}

#[test]
fn no_place_goes_down_unless_that_is_allowed() {
    let files: Files<'_> = &[
        ("pyproject.toml", "[project]\nname = 'demo'\nversion = '1.0'\n"),
        ("demo/__init__.py", "# ours\n__version__ = '1.5'\n"),
        ("demo/build.py", "__version__ = 'unknown'\n"),
    ];
    let mut change = versions(&[("pypi:demo", "1.1")]);
    let file = |path: &str| VersionFile::auto(path.parse().unwrap());
    change.sites.insert(id("pypi:demo"), vec![file("demo/build.py"), file("demo/__init__.py")]);
    check_refused(files, &change, "demo/__init__.py:2: pypi:demo is at 1.5 there, 1.1 is below it");
    change.allow_lowering = true;
    assert_eq!(planned(files, &change).unwrap().edits.files().count(), 3);
    // By the rules of the ecosystem, 1.1.post1 is above 1.1 and below 1.2.
    let mut change = versions(&[("pypi:demo", "1.0.post1")]);
    assert_eq!(planned(files, &change).unwrap().versions.len(), 1);
    change.versions.insert(id("pypi:demo"), "1.0rc1".to_owned());
    check_refused(files, &change, "pyproject.toml:3: pypi:demo is at 1.0 there, 1.0rc1 is below it");
}

#[test]
fn a_root_states_a_version_for_itself_and_one_for_its_members() {
    let files: Files<'_> = &[
        (
            "Cargo.toml",
            "[package]\nname = \"root\"\nversion = \"3.0.0\"\n[workspace]\nmembers = [\"a\"]\n[workspace.package]\n\
             version = \"0.1.0\"\n",
        ),
        ("a/Cargo.toml", "[package]\nname = \"a\"\nversion.workspace = true\n"),
    ];
    let expected = ["Cargo.toml:", "-version = \"0.1.0\"", "+version = \"0.2.0\""];
    assert_eq!(changed(files, &versions(&[("cargo:a", "0.2.0")])), expected);
    let both = planned(files, &versions(&[("cargo:a", "0.2.0"), ("cargo:root", "3.1.0")])).unwrap();
    assert_eq!(both.edits.files().count(), 1);
}
