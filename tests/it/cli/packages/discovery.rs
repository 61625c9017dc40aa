//! Which packages there are: in workspaces as their tools list them, and wherever else a manifest lies.

use std::fs;
use std::os::unix::fs::symlink;

use super::bed::Room;
use super::{entries, javascript, listed, package, python, rust};

/// A text and a JSON listing of exactly these packages, `id version directory`.
#[track_caller]
fn check(room: &Room, expected: &[&str]) {
    assert_eq!(listed(room), expected, "{}", room.run(&["packages"]));
    let said = room.run(&["packages"]);
    said.exits(0);
    for line in expected {
        let words: Vec<_> = line.split(' ').collect();
        let shown =
            said.lines().into_iter().filter(|line| line.split_whitespace().any(|word| word == words[0]));
        let shown: Vec<_> = shown.collect();
        assert_eq!(shown.len(), 1, "one line for {} in {said}", words[0]);
        assert!(words.iter().all(|word| shown[0].contains(word)), "{line} in {said}");
    }
}

/// Asserts that something is left out, and that a reason stands beside it.
#[track_caller]
fn check_excluded(room: &Room, path: &str, reasons: &[&str]) {
    let said = room.run(&["packages", "--excluded"]);
    said.exits(0);
    let line = said.lines().into_iter().find(|line| line.contains(path));
    let line = line.unwrap_or_else(|| panic!("{path} is not listed as left out in {said}")).to_lowercase();
    assert!(reasons.iter().any(|reason| line.contains(reason)), "one of {reasons:?} for {path} in {said}");
    let document = room.run(&["packages", "--excluded", "--json"]).json();
    let excluded = document["excluded"].as_array().expect("excluded");
    assert!(excluded.iter().any(|entry| entry.to_string().contains(path)), "{path} in {document:#}");
}

#[test]
fn a_single_package() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.2.3", &[]))]);
    check(&room, &["pypi:demo 1.2.3 ."]);
    let entry = package(&room, "pypi:demo");
    assert_eq!(entry["name"], "demo");
    assert_eq!(entry["private"], false);
    assert_eq!(entry["manifests"], serde_json::json!(["pyproject.toml"]));
}

#[test]
fn nothing_at_all() {
    let room = Room::with(&[("README", "text\n")]);
    let said = room.run(&["packages"]);
    said.exits(0).says(&["no package"]);
    assert_eq!(room.run(&["packages", "--json"]).json()["packages"], serde_json::json!([]));
}

/// Members of a uv workspace, and one that it excludes.
#[test]
fn a_uv_workspace() {
    let root = python("demo", "1.0", &["demo-core"])
        + "\n[tool.uv.workspace]\nmembers = [\"packages/*\", \"tools/cli\"]\nexclude = [\"packages/seed\"]\n\n[tool.uv.sources]\ndemo-core = { workspace = true }\n";
    let room = Room::with(&[
        ("pyproject.toml", &root),
        ("packages/core/pyproject.toml", &python("demo-core", "1.1", &[])),
        ("packages/seed/pyproject.toml", &python("demo-seed", "0.1", &[])),
        ("packages/notes/README", "no package\n"),
        ("tools/cli/pyproject.toml", &python("demo-cli", "2.0", &["demo"])),
    ]);
    check(&room, &["pypi:demo 1.0 .", "pypi:demo-cli 2.0 tools/cli", "pypi:demo-core 1.1 packages/core"]);
    check_excluded(&room, "packages/seed", &["workspace"]);
    let workspace = |id: &str| package(&room, id)["workspace"].clone();
    assert!(workspace("pypi:demo-core").is_string());
    assert_eq!(workspace("pypi:demo-core"), workspace("pypi:demo-cli"));
}

/// A root without `[project]` is no package.
#[test]
fn a_virtual_uv_workspace() {
    let room = Room::with(&[
        ("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"a\", \"b\"]\n"),
        ("a/pyproject.toml", &python("a", "1", &[])),
        ("b/pyproject.toml", &python("b", "2", &["a"])),
    ]);
    check(&room, &["pypi:a 1 a", "pypi:b 2 b"]);
}

#[test]
fn npm_workspaces() {
    let root = "{\n  \"name\": \"root\",\n  \"private\": true,\n  \"workspaces\": [\"packages/*\", \"!packages/old\"]\n}\n";
    let room = Room::with(&[
        ("package.json", root),
        ("packages/ui/package.json", &javascript("@demo/ui", "2.0.0", &[])),
        ("packages/app/package.json", &javascript("app", "2.1.0", &["@demo/ui ^2.0.0"])),
    ]);
    let all = listed(&room);
    assert!(all.contains(&"npm:@demo/ui 2.0.0 packages/ui".to_owned()), "{all:?}");
    assert!(all.contains(&"npm:app 2.1.0 packages/app".to_owned()), "{all:?}");
    assert!(package(&room, "npm:@demo/ui")["workspace"].is_string());
    assert_eq!(package(&room, "npm:@demo/ui")["private"], false);
    if all.len() > 2 {
        assert_eq!(package(&room, "npm:root")["private"], true);
    }
    // The older form, which yarn documents.
    room.write("package.json", "{\"private\": true, \"workspaces\": {\"packages\": [\"packages/*\"]}}\n");
    assert!(package(&room, "npm:app")["workspace"].is_string());
}

#[test]
fn a_pnpm_workspace() {
    let room = Room::with(&[
        ("package.json", "{ \"name\": \"root\", \"private\": true }\n"),
        ("pnpm-workspace.yaml", "packages:\n  # libraries\n  - 'packages/**'\n  - \"!**/legacy/**\"\n"),
        ("packages/ui/package.json", &javascript("@demo/ui", "2.0.0", &[])),
        ("packages/deep/er/package.json", &javascript("deeper", "0.1.0", &["@demo/ui workspace:^"])),
        ("packages/legacy/x/package.json", &javascript("old", "0.0.1", &[])),
    ]);
    let workspace = |id: &str| package(&room, id)["workspace"].clone();
    assert!(workspace("npm:@demo/ui").is_string());
    assert_eq!(workspace("npm:@demo/ui"), workspace("npm:deeper"));
    check_excluded(&room, "packages/legacy/x", &["workspace"]);
    assert_eq!(package(&room, "npm:deeper")["directory"], "packages/deep/er");
}

/// Members by glob, by a path dependency without being named, and a version that the workspace gives.
#[test]
fn a_cargo_workspace() {
    let root = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n\n[workspace.package]\nversion = \"1.2.3\"\n\n[package]\nname = \"demo\"\nversion.workspace = true\n\n[dependencies]\nhelper = { path = \"helper\", version = \"0.3.0\" }\n";
    let shared = "[package]\nname = \"demo_core\"\nversion = { workspace = true }\n";
    let room = Room::with(&[
        ("Cargo.toml", root),
        ("crates/core/Cargo.toml", shared),
        ("crates/old/Cargo.toml", &rust("demo-old", "0.0.1", &[])),
        ("helper/Cargo.toml", &rust("helper", "0.3.0", &[])),
    ]);
    check(&room, &["cargo:demo 1.2.3 .", "cargo:demo-core 1.2.3 crates/core", "cargo:helper 0.3.0 helper"]);
    assert_eq!(package(&room, "cargo:demo-core")["name"], "demo_core");
    let workspace = |id: &str| package(&room, id)["workspace"].clone();
    assert!(workspace("cargo:helper").is_string(), "a path dependency of a member is a member");
    assert_eq!(workspace("cargo:helper"), workspace("cargo:demo-core"));
    check_excluded(&room, "crates/old", &["workspace"]);
}

#[test]
fn unpublished_packages_are_private() {
    let room = Room::with(&[
        ("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\npublish = false\n"),
        ("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.1.0\"\npublish = [\"internal\"]\n"),
        ("c/package.json", "{ \"name\": \"c\", \"version\": \"1.0.0\", \"private\": true }"),
    ]);
    for (id, private) in [("cargo:a", true), ("cargo:b", false), ("npm:c", true)] {
        assert_eq!(package(&room, id)["private"], private, "{id}");
    }
}

#[test]
fn a_mixed_repository() {
    let room = Room::with(&[
        ("pyproject.toml", &python("demo", "1.0.0", &[])),
        ("ui/package.json", &javascript("@demo/ui", "1.0.0", &[])),
        ("native/Cargo.toml", &rust("demo", "0.5.0", &[])),
        ("old/setup.cfg", "[metadata]\nname = demo-old\nversion = 0.9\n"),
        ("deploy/chart/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 0.1.0\nappVersion: \"1.0.0\"\n"),
        ("poetry/pyproject.toml", "[tool.poetry]\nname = \"demo-poetry\"\nversion = \"3.0\"\n"),
    ]);
    let all = listed(&room);
    for entry in [
        "cargo:demo 0.5.0 native",
        "npm:@demo/ui 1.0.0 ui",
        "pypi:demo 1.0.0 .",
        "pypi:demo-old 0.9 old",
        "pypi:demo-poetry 3.0 poetry",
    ] {
        assert!(all.contains(&entry.to_owned()), "{entry} in {all:?}");
    }
}

/// What makes a package is its manifest, not a list: more than 650 packages of LlamaIndex are in no workspace.
#[test]
fn a_monorepo_without_a_workspace() {
    let room = Room::with(&[
        ("pyproject.toml", &python("llama-index", "0.12.44", &["llama-index-core>=0.12.44,<0.13"])),
        ("llama-index-core/pyproject.toml", &python("llama-index-core", "0.12.44", &[])),
        (
            "llama-index-integrations/llms/llama-index-llms-x/pyproject.toml",
            &python("llama-index-llms-x", "0.4.1", &[]),
        ),
        (
            "llama-index-integrations/storage/kvstore/llama-index-storage-kvstore-y/pyproject.toml",
            &python("llama-index-storage-kvstore-y", "0.3.0", &[]),
        ),
        (
            "llama-index-packs/llama-index-packs-z/pyproject.toml",
            &python("llama-index-packs-z", "0.1.0", &[]),
        ),
    ]);
    check(
        &room,
        &[
            "pypi:llama-index 0.12.44 .",
            "pypi:llama-index-core 0.12.44 llama-index-core",
            "pypi:llama-index-llms-x 0.4.1 llama-index-integrations/llms/llama-index-llms-x",
            "pypi:llama-index-packs-z 0.1.0 llama-index-packs/llama-index-packs-z",
            "pypi:llama-index-storage-kvstore-y 0.3.0 llama-index-integrations/storage/kvstore/llama-index-storage-kvstore-y",
        ],
    );
}

#[test]
fn ignored_files() {
    let room = Room::with(&[
        (".gitignore", "/build/\n*.tmp\nlibs/*\n!libs/kept\n"),
        ("sub/.gitignore", "out\n"),
        ("pyproject.toml", &python("demo", "1.0", &[])),
        ("build/pyproject.toml", &python("built", "1.0", &[])),
        ("sub/out/pyproject.toml", &python("out", "1.0", &[])),
        ("sub/build/pyproject.toml", &python("sub-build", "1.0", &[])),
        ("x.tmp/pyproject.toml", &python("temporary", "1.0", &[])),
        ("libs/other/package.json", &javascript("other", "1.0.0", &[])),
        ("libs/kept/package.json", &javascript("kept", "1.0.0", &[])),
    ]);
    let all = listed(&room);
    assert!(all.contains(&"pypi:demo 1.0 .".to_owned()), "{all:?}");
    for name in ["built", "pypi:out", "temporary", "other"] {
        assert!(!all.iter().any(|entry| entry.contains(name)), "{name} in {all:?}");
    }
    // `/build/` is of the root only; what a rule takes back is there again.
    assert!(all.contains(&"pypi:sub-build 1.0 sub/build".to_owned()), "{all:?}");
    assert!(all.contains(&"npm:kept 1.0.0 libs/kept".to_owned()), "{all:?}");
}

/// What others have installed is nobody's package, whether git ignores it or not.
#[test]
fn installed_packages_are_never_looked_at() {
    for room in [Room::with(&[]), Room::loose(&[])] {
        room.write("package.json", javascript("demo", "1.0.0", &[]));
        room.write("node_modules/left/package.json", javascript("left", "1.0.0", &[]));
        room.write("sub/node_modules/.pnpm/x/package.json", "{ broken");
        room.write(".venv/lib/python3/site-packages/x/pyproject.toml", "= broken");
        check(&room, &["npm:demo 1.0.0 ."]);
    }
}

#[test]
fn fixtures_are_left_out_with_a_reason() {
    let room = Room::with(&[
        ("pyproject.toml", &python("demo", "1.0", &[])),
        ("tests/fixtures/one/pyproject.toml", &python("one", "1.0", &[])),
        ("packages/a/test/fixtures/two/package.json", &javascript("two", "1.0.0", &[])),
    ]);
    check(&room, &["pypi:demo 1.0 ."]);
    check_excluded(&room, "tests/fixtures/one", &["fixture"]);
    check_excluded(&room, "packages/a/test/fixtures/two", &["fixture"]);
    // Without the option the list is the packages.
    room.run(&["packages"]).keeps_quiet_about(&["fixtures/one"]);
}

/// A fixture may be as broken as its test wants it.
#[test]
fn broken_fixtures_are_left_out_too() {
    let room = Room::with(&[
        ("pyproject.toml", &python("demo", "1.0", &[])),
        ("tests/fixtures/broken/Cargo.toml", "not = [ toml"),
        ("tests/fixtures/nameless/package.json", "{}\n"),
    ]);
    check(&room, &["pypi:demo 1.0 ."]);
}

#[test]
fn rules_of_the_project() {
    let room = Room::with(&[
        (
            "tminus.toml",
            "[workspace]\ninclude = [\"tests/fixtures/real\"]\nexclude = [\"docs/examples/**\", \"old\"]\n",
        ),
        ("pyproject.toml", &python("demo", "1.0", &[])),
        ("tests/fixtures/real/pyproject.toml", &python("real", "1.0", &[])),
        ("tests/fixtures/other/pyproject.toml", &python("other", "1.0", &[])),
        ("docs/examples/a/b/package.json", &javascript("example", "1.0.0", &[])),
        ("old/Cargo.toml", &rust("old", "0.1.0", &[])),
    ]);
    check(&room, &["pypi:demo 1.0 .", "pypi:real 1.0 tests/fixtures/real"]);
    check_excluded(&room, "docs/examples/a/b", &["tminus.toml", "exclude"]);
    check_excluded(&room, "old/Cargo.toml", &["tminus.toml", "exclude"]);
    check_excluded(&room, "tests/fixtures/other", &["fixture"]);
}

/// Two manifests of one name: nobody knows which is meant. PEP 503 says what one name is.
#[test]
fn duplicates_name_both_places() {
    for (one, other) in [("demo-core", "demo-core"), ("Demo_Core", "demo.core"), ("DEMO--core", "demo_core")]
    {
        let room = Room::with(&[
            ("a/pyproject.toml", &python(one, "1.0", &[])),
            ("b/pyproject.toml", &python(other, "2.0", &[])),
        ]);
        let places = ["a/pyproject.toml", "b/pyproject.toml"];
        room.refuses(&["bump", "3.0", "demo-core"], &[1, 2], &places);
        let said = room.run(&["packages"]);
        assert!([1, 2].contains(&said.code), "{said}");
        said.explains(&places);
    }
    // Different registries are different packages.
    let room = Room::with(&[
        ("a/pyproject.toml", &python("demo", "1.0", &[])),
        ("b/package.json", &javascript("demo", "1.0.0", &[])),
    ]);
    check(&room, &["npm:demo 1.0.0 b", "pypi:demo 1.0 a"]);
}

#[test]
fn names_are_one_in_every_spelling() {
    let room = Room::with(&[
        ("core/pyproject.toml", &python("Demo_Core", "1.0", &[])),
        ("app/pyproject.toml", &python("app", "1.0", &["demo.core>=1.0"])),
    ]);
    check(&room, &["pypi:app 1.0 app", "pypi:demo-core 1.0 core"]);
    assert_eq!(package(&room, "pypi:demo-core")["name"], "Demo_Core");
    for spelling in ["demo-core", "Demo_Core", "pypi:DEMO.core"] {
        let said = room.run(&["graph", spelling]);
        said.exits(0).says(&["pypi:app"]);
    }
}

#[test]
fn outside_a_repository() {
    let files = [
        ("pyproject.toml", &*python("demo", "1.0", &[])),
        ("tests/fixtures/x/pyproject.toml", &python("x", "1", &[])),
        (".gitignore", "gone\n"),
    ];
    let room = Room::loose(&files);
    check(&room, &["pypi:demo 1.0 ."]);
    let said = room.run(&["bump", "1.1", "demo"]);
    said.exits(0);
    assert_eq!(room.read("pyproject.toml"), python("demo", "1.1", &[]));
    assert!(!room.work.join(".git").exists());
}

/// What lies elsewhere is not this project's, whatever a link says.
#[test]
fn links_out_of_the_tree_are_not_followed() {
    let room = Room::with(&[("a/pyproject.toml", &python("a", "1.0", &[]))]);
    let elsewhere = room.outside().join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::write(elsewhere.join("pyproject.toml"), python("elsewhere", "1.0", &[])).unwrap();
    symlink(&elsewhere, room.work.join("b")).unwrap();
    fs::create_dir(room.work.join("c")).unwrap();
    symlink(elsewhere.join("pyproject.toml"), room.work.join("c/pyproject.toml")).unwrap();
    let said = room.run(&["packages", "--json"]);
    assert_eq!(entries(&said), ["pypi:a 1.0 a"], "{said}");
    let bumped = room.run(&["bump", "2.0", "--all"]);
    assert_eq!(
        fs::read_to_string(elsewhere.join("pyproject.toml")).unwrap(),
        python("elsewhere", "1.0", &[]),
        "{bumped}"
    );
}

/// A second way to a package of the tree makes no second package, and a link to a parent no endless tree.
#[test]
fn links_within_the_tree() {
    let room = Room::with(&[("a/pyproject.toml", &python("a", "1.0", &[]))]);
    symlink("a", room.work.join("again")).unwrap();
    symlink("..", room.work.join("a/up")).unwrap();
    check(&room, &["pypi:a 1.0 a"]);
}

/// The file that a pattern stands in is named with it.
#[test]
fn patterns_that_make_no_sense() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0", &[]))]);
    room.write("tminus.toml", "[workspace]\nexclude = [\"[x\"]\n");
    room.refuses(&["packages"], &[2], &["tminus.toml", "[x"]);
}

#[test]
fn rules_that_make_no_sense() {
    let room = Room::with(&[("pyproject.toml", &python("demo", "1.0", &[]))]);
    for (toml, essentials) in [
        ("[workspace]\nexlude = [\"x\"]\n", ["tminus.toml:2", "exclude"]),
        ("[workspace]\nexclude = \"x\"\n", ["tminus.toml:2", "tminus.toml"]),
        ("[workspace]\npins = \"exactly\"\n", ["tminus.toml:2", "exact"]),
        ("[[group]]\nname = \"g\"\nkind = \"fix\"\npackages = [\"demo\"]\n", ["tminus.toml:3", "fixed"]),
        ("[[group]]\nname = \"g\"\npackages = [\"dmeo\"]\n", ["tminus.toml", "dmeo"]),
    ] {
        room.write("tminus.toml", toml);
        for args in [&["packages"][..], &["bump", "2.0", "demo"]] {
            room.refuses(args, &[2], &essentials);
        }
    }
}
