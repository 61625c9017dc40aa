use super::{contents, directories, excluded, options, read, read_with};
use crate::workspace::{PackageVersion, Workspace};
use crate::{PackageId, RelPath};

fn version(workspace: &Workspace, id: &str) -> String {
    let package = workspace.package(&id.parse().unwrap()).unwrap();
    match &package.version {
        PackageVersion::Stated { path, site, inherited } => {
            let of_bytes = workspace.text(path).unwrap().get(site.span()).unwrap();
            assert_eq!(of_bytes, site.text());
            format!("{} in {path}{}", site.text(), if *inherited { ", inherited" } else { "" })
        }
        PackageVersion::Elsewhere { path, .. } => format!("elsewhere by {path}"),
        PackageVersion::Absent => "absent".to_owned(),
    }
}

#[test]
fn without_a_workspace_every_manifest_counts() {
    let workspace = read(&[
        ("pyproject.toml", "[tool.ruff]\nline-length = 100\n"),
        ("core/pyproject.toml", "@Demo_Core"),
        ("integrations/a/pyproject.toml", "@demo-a"),
        ("integrations/a/ui/package.json", "@demo-ui"),
        ("integrations/a/tests/data/pyproject.toml", "@made-up"),
        ("cli/demo/templates/{{ name }}/pyproject.toml", "not = [toml"),
        ("chart/Chart.yaml", "@demo"),
        ("new/pyproject.toml", "@{{ name }}"),
        ("start/package.json", "{\n  \"name\": <%= name %>\n}\n"),
        ("README.md", "demo"),
    ]);
    assert_eq!(directories(&workspace), ["chart", "core", "integrations/a", "integrations/a/ui"]);
    let core = workspace.package(&PackageId::pypi("demo.core")).unwrap();
    assert_eq!((core.name.as_str(), core.workspace.as_ref()), ("Demo_Core", None));
    assert_eq!(
        excluded(&workspace),
        [
            "integrations/a/tests/data/pyproject.toml: a directory `tests` holds no packages of a project by its name",
            "new/pyproject.toml: a template from which packages are made",
            "start/package.json: a template from which packages are made",
        ]
    );
    let paths: Vec<&str> = workspace.manifests().iter().map(|manifest| manifest.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "chart/Chart.yaml",
            "core/pyproject.toml",
            "integrations/a/pyproject.toml",
            "integrations/a/ui/package.json",
            "pyproject.toml",
        ]
    );
    let path: RelPath = "core/pyproject.toml".parse().unwrap();
    assert_eq!(workspace.text(&path).unwrap(), contents(path.as_str(), "@Demo_Core"));
    assert_eq!(workspace.source(&"README.md".parse().unwrap()), None);
    assert_eq!(workspace.source(&"integrations/a/tests/data/pyproject.toml".parse().unwrap()), None);
}

#[test]
fn a_workspace_decides_below_its_root() {
    let workspace = read(&[
        ("py/pyproject.toml", "[tool.uv.workspace]\nmembers = [\"libs/*\", \"tests/helper\"]\n"),
        ("py/libs/a/pyproject.toml", "@a"),
        ("py/tests/helper/pyproject.toml", "@helper"),
        ("py/other/pyproject.toml", "@other"),
        ("py/broken/pyproject.toml", "["),
        ("py/other/package.json", "@other-ui"),
        ("elsewhere/pyproject.toml", "@elsewhere"),
    ]);
    assert_eq!(directories(&workspace), ["elsewhere", "py/libs/a", "py/other", "py/tests/helper"]);
    assert_eq!(
        excluded(&workspace),
        ["py/other/pyproject.toml: no member of the workspace of py/pyproject.toml"]
    );
    let package = workspace.package(&PackageId::pypi("a")).unwrap();
    assert_eq!(package.workspace.as_ref().map(RelPath::as_str), Some("py/pyproject.toml"));
}

#[test]
fn a_workspace_in_test_data_counts_for_nothing() {
    let inner = [
        ("tests/ws/package.json", "{\"name\": \"root\", \"workspaces\": [\"*\"]}"),
        ("tests/ws/a/package.json", "@a"),
        ("tests/ws/broken/package.json", "{"),
    ];
    let workspace = read(&inner);
    assert_eq!(directories(&workspace), Vec::<&str>::new());
    assert_eq!(workspace.excluded().len(), 2);
    // Unless the workspace around it, or an option, says otherwise.
    let outer = [inner[0], inner[1], ("package.json", "{\"workspaces\": [\"tests/ws\"]}")];
    assert_eq!(directories(&read(&outer)), ["tests/ws", "tests/ws/a"]);
    let included = read_with(&inner[..2], &options(&["tests/ws"], &[])).unwrap();
    assert_eq!(directories(&included), ["tests/ws", "tests/ws/a"]);
    // A workspace of its own that the one around it does not list is another project.
    let other = [
        ("package.json", "{\"workspaces\": [\"libs/*\"]}"),
        ("docs/package.json", "{\"name\": \"docs\", \"workspaces\": [\"*\"]}"),
        ("docs/a/package.json", "@a"),
    ];
    let workspace = read(&other);
    assert_eq!(directories(&workspace), Vec::<&str>::new());
    assert_eq!(excluded(&workspace).len(), 2);
}

#[test]
fn pnpm_reads_its_own_list_and_a_file_of_settings_makes_no_workspace() {
    let files = [
        ("package.json", "{\"name\": \"root\", \"workspaces\": [\"old/*\"]}"),
        ("pnpm-workspace.yaml", "packages:\n  - new/*\n"),
        ("old/a/package.json", "@a"),
        ("new/b/package.json", "@b"),
    ];
    let workspace = read(&files);
    assert_eq!(directories(&workspace), ["", "new/b"]);
    for package in workspace.packages() {
        assert_eq!(package.workspace.as_ref().unwrap().as_str(), "pnpm-workspace.yaml");
        assert_eq!(package.manifests.len(), 1);
    }
    assert!(workspace.manifest(&"pnpm-workspace.yaml".parse().unwrap()).is_some());
    let settings = [files[0], ("pnpm-workspace.yaml", "autoInstallPeers: true\n"), files[2], files[3]];
    assert_eq!(directories(&read(&settings)), ["", "old/a"]);
}

/// The answers of `cargo metadata`.
#[test]
fn cargo_takes_what_members_reach_by_a_path() {
    #[track_caller]
    fn check(root: &str, dependencies: &[(&str, &str)], expected: &[&str]) {
        let mut files = vec![("Cargo.toml".to_owned(), format!("[package]\nname = \"r\"\n{root}"))];
        for directory in ["a", "b", "libs", "libs/x", "libs/y"] {
            let name = directory.replace('/', "-");
            let own = dependencies.iter().filter(|(from, _)| *from == directory);
            let own: String = own.map(|(_, dependency)| format!("{dependency}\n")).collect();
            let text = format!("[package]\nname = \"p-{name}\"\n[dependencies]\n{own}");
            files.push((format!("{directory}/Cargo.toml"), text));
        }
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(directories(&read(&files)), expected, "{root} {dependencies:?}");
    }
    let a = "[dependencies]\np-a = { path = \"a\" }\n";
    check(&format!("[workspace]\n{a}"), &[], &["", "a"]);
    check(&format!("[workspace]\nexclude = [\"a\"]\n{a}"), &[], &[""]);
    let chain = [("a", "p-libs-x = { path = \"../libs/x\" }"), ("libs/x", "p-b = { path = \"../../b\" }")];
    check("[workspace]\nmembers = [\"a\"]", &chain, &["", "a", "b", "libs/x"]);
    check("[workspace]\nmembers = [\"a\"]\nexclude = [\"libs\"]", &chain, &["", "a"]);
    let side = [("libs/x", "p-libs-y = { path = \"../y\" }")];
    check("[workspace]\nmembers = [\"libs/x\"]\nexclude = [\"libs/x\"]", &side, &["", "libs/x", "libs/y"]);
    let back = [("libs/y", "p-libs-x = { path = \"../x\" }")];
    check("[workspace]\nmembers = [\"libs/*\"]\nexclude = [\"libs/x\"]", &back, &["", "libs/y"]);
    let inherited = [("a", "renamed.workspace = true")];
    let table = "[workspace.dependencies]\nrenamed = { path = \"b\", package = \"p-b\" }\nother = { path = \"libs\" }";
    check(&format!("[workspace]\nmembers = [\"a\"]\n{table}"), &inherited, &["", "a", "b"]);
}

#[test]
fn a_version_may_stand_in_the_root_of_the_workspace() {
    let root = "[workspace]\nmembers = [\"a\", \"b\", \"c\"]\n[workspace.package]\nversion = \"2.0.0\"\n";
    let files = [
        ("Cargo.toml", root),
        ("a/Cargo.toml", "[package]\nname = \"a\"\nversion.workspace = true\n"),
        ("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.3.0\"\n"),
        ("c/Cargo.toml", "[package]\nname = \"c\"\n"),
    ];
    let workspace = read(&files);
    assert_eq!(version(&workspace, "cargo:a"), "2.0.0 in Cargo.toml, inherited");
    assert_eq!(version(&workspace, "cargo:b"), "0.3.0 in b/Cargo.toml");
    assert_eq!(version(&workspace, "cargo:c"), "absent");
    // A root that is a package inherits from itself, or has a version of its own.
    for (own, expected) in [
        ("version.workspace = true", "2.0.0 in Cargo.toml, inherited"),
        ("version = \"9.0.0\"", "9.0.0 in Cargo.toml"),
    ] {
        let root = format!("{root}[package]\nname = \"root\"\n{own}\n");
        let workspace = read(&[("Cargo.toml", &root), files[1], files[2], files[3]]);
        assert_eq!(version(&workspace, "cargo:root"), expected);
        assert_eq!(version(&workspace, "cargo:a"), "2.0.0 in Cargo.toml, inherited");
    }
    // The root is none of the packages where an option says so, and its members still inherit.
    let root = format!("{root}[package]\nname = \"root\"\n");
    let without = read_with(&[("Cargo.toml", &root), files[1]], &options(&[], &["."])).unwrap();
    assert_eq!(directories(&without), ["a"]);
    assert_eq!(version(&without, "cargo:a"), "2.0.0 in Cargo.toml, inherited");
    assert_eq!(excluded(&without), ["Cargo.toml: the pattern `.` excludes it"]);
}

#[test]
fn two_manifests_of_one_directory_are_one_package() {
    let workspace = read(&[("pyproject.toml", "@demo"), ("setup.cfg", "[flake8]\nmax-line-length = 100\n")]);
    assert_eq!(workspace.packages().len(), 1);
    let paths: Vec<&str> = workspace.packages()[0].manifests.iter().map(RelPath::as_str).collect();
    assert_eq!(paths, ["pyproject.toml", "setup.cfg"]);
    assert_eq!(version(&workspace, "pypi:demo"), "1.0 in pyproject.toml");
}

#[test]
fn options_overrule_the_rest() {
    #[track_caller]
    fn check(include: &[&str], exclude: &[&str], expected: &[&str]) {
        let files = [
            ("package.json", "{\"name\": \"root\", \"workspaces\": [\"libs/*\"]}"),
            ("libs/a/package.json", "@a"),
            ("libs/b/package.json", "@b"),
            ("apps/c/package.json", "@c"),
            ("apps/c/tests/d/package.json", "@d"),
        ];
        let workspace = read_with(&files, &options(include, exclude)).unwrap();
        assert_eq!(directories(&workspace), expected, "{include:?} {exclude:?}");
    }
    check(&[], &[], &["", "libs/a", "libs/b"]);
    check(&[], &["libs/a"], &["", "libs/b"]);
    check(&[], &["."], &["libs/a", "libs/b"]);
    check(&[], &["libs"], &[""]);
    check(&["libs/b"], &["libs"], &["", "libs/b"]);
    check(&["libs"], &["libs/b"], &["", "libs/a"]);
    check(&["libs/b"], &["libs/b"], &["", "libs/a"]);
    check(&["apps"], &[], &["", "apps/c", "apps/c/tests/d", "libs/a", "libs/b"]);
    check(&["apps"], &["**/tests"], &["", "apps/c", "libs/a", "libs/b"]);
    check(&["apps/{c,x}/tests/*"], &[], &["", "apps/c/tests/d", "libs/a", "libs/b"]);
    check(&[], &["**"], &[]);
}

#[test]
fn what_cannot_be_told_is_refused_with_the_place() {
    #[track_caller]
    fn check(files: super::Files<'_>, exclude: &[&str], expected: &str) {
        let error = read_with(files, &options(&[], exclude)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    check(
        &[("a/pyproject.toml", "@My.Demo"), ("b/pyproject.toml", "@my_demo")],
        &[],
        "pypi:my-demo stands in a/pyproject.toml and in b/pyproject.toml: rename one of them, or list the directory \
         of one of them under `exclude`",
    );
    let twice = [("a/pyproject.toml", "@demo"), ("b/pyproject.toml", "@demo")];
    assert_eq!(directories(&read_with(&twice, &options(&[], &["b"])).unwrap()), ["a"]);
    check(
        &[("Cargo.toml", "[workspace]\nmembers = [\"libs/**x\"]\n")],
        &[],
        "Cargo.toml: the pattern \"libs/**x\" is not one (`**` must stand alone between two `/`): write `*` for any \
         name, `**` for any directories, `[a-z]` for a letter",
    );
    let error = read_with(&[("a/package.json", "@a")], &options(&[], &["@(a|b)"])).unwrap_err();
    assert!(error.to_string().starts_with("the pattern \"@(a|b)\" is not one"), "{error}");
    let error = read_with(&[("a/package.json", "{\n"), ("b/pyproject.toml", "\n\n[")], &options(&[], &[]));
    let error = error.unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    assert!(lines[0].starts_with("a/package.json:"), "{error}");
    assert!(lines[1].starts_with("b/pyproject.toml:3: "), "{error}");
    assert!(lines.iter().all(|line| line.ends_with("; mend it, or list its directory under `exclude`")));
    let broken = [("a/package.json", "{"), ("b/package.json", "@b")];
    assert_eq!(directories(&read_with(&broken, &options(&[], &["a"])).unwrap()), ["b"]);
}
