//! Which package needs which: levels, reasons, cycles, and other ways to print it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bed::Room;
use super::{javascript, python, rust};

/// The levels of the whole graph, each sorted.
#[track_caller]
fn levels(room: &Room, more: &[&str]) -> Vec<Vec<String>> {
    let said = room.run(&[&["graph", "--json"], more].concat());
    let document = said.json();
    let levels = document["levels"].as_array().unwrap_or_else(|| panic!("no levels in {said}"));
    levels
        .iter()
        .map(|level| {
            let mut ids: Vec<_> =
                level.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
            ids.sort();
            ids
        })
        .collect()
}

/// What is reached from some packages, with its distance.
#[track_caller]
fn reached(room: &Room, args: &[&str]) -> BTreeMap<String, u64> {
    let said = room.run(&[&["graph", "--json"], args].concat());
    let document = said.json();
    let key = if args.contains(&"--dependencies") { "dependencies" } else { "dependents" };
    let all = document[key].as_array().unwrap_or_else(|| panic!("no {key} in {said}"));
    let pair = |entry: &Value| {
        assert!(!entry["because"].as_array().unwrap().is_empty(), "no reason for {entry}");
        (entry["package"].as_str().unwrap().to_owned(), entry["distance"].as_u64().unwrap())
    };
    all.iter().map(pair).collect()
}

fn distances(expected: &[(&str, u64)]) -> BTreeMap<String, u64> {
    expected.iter().map(|(id, distance)| ((*id).to_owned(), *distance)).collect()
}

/// app -> client -> core, cli -> core, alone.
fn chain() -> Room {
    Room::with(&[
        ("core/pyproject.toml", &python("core", "1.0", &["requests>=2"])),
        ("client/pyproject.toml", &python("client", "1.0", &["core>=1.0,<2"])),
        ("app/pyproject.toml", &python("app", "1.0", &["client", "requests"])),
        ("cli/pyproject.toml", &python("cli", "1.0", &["core[extra]~=1.0 ; python_version > '3.8'"])),
        ("alone/pyproject.toml", &python("alone", "1.0", &[])),
    ])
}

#[test]
fn levels_are_an_order_of_publishing() {
    let room = chain();
    let expected = [vec!["pypi:alone", "pypi:core"], vec!["pypi:cli", "pypi:client"], vec!["pypi:app"]];
    assert_eq!(levels(&room, &[]), expected);
    let said = room.run(&["graph"]);
    said.exits(0).keeps_quiet_about(&["requests"]);
    let place = |id: &str| said.out.find(id).unwrap_or_else(|| panic!("{id} in {said}"));
    assert!(place("pypi:core") < place("pypi:client") && place("pypi:client") < place("pypi:app"), "{said}");
}

#[test]
fn every_edge_has_its_reason() {
    let document = chain().run(&["graph", "--json"]).json();
    let edges = document["edges"].as_array().unwrap();
    let mut pairs: Vec<_> = edges
        .iter()
        .map(|edge| format!("{} {}", edge["from"].as_str().unwrap(), edge["to"].as_str().unwrap()))
        .collect();
    pairs.sort();
    assert_eq!(pairs, ["pypi:app pypi:client", "pypi:cli pypi:core", "pypi:client pypi:core"]);
    let edge = edges.iter().find(|edge| edge["from"] == "pypi:client").unwrap().to_string();
    assert!(edge.contains("client/pyproject.toml:5") && edge.contains(">=1.0,<2"), "{edge}");
}

#[test]
fn explained_by_line_and_constraint() {
    let room = chain();
    let said = room.run(&["graph", "core", "--explain"]);
    said.exits(0).says(&[
        "pypi:client",
        "client/pyproject.toml:5",
        ">=1.0,<2",
        "cli/pyproject.toml:5",
        "~=1.0",
        "app/pyproject.toml:5",
    ]);
    said.keeps_quiet_about(&["alone"]);
    room.run(&["graph", "--explain"]).exits(0).says(&["client/pyproject.toml:5", ">=1.0,<2"]);
}

#[test]
fn what_follows_and_what_is_needed() {
    let room = chain();
    assert_eq!(reached(&room, &["core"]), distances(&[("pypi:client", 1), ("pypi:cli", 1), ("pypi:app", 2)]));
    assert_eq!(
        reached(&room, &["app", "--dependencies"]),
        distances(&[("pypi:client", 1), ("pypi:core", 2)])
    );
    assert_eq!(reached(&room, &["app"]), BTreeMap::new());
    assert_eq!(reached(&room, &["c*", "--dependencies"]), BTreeMap::new(), "what changes does not follow");
    assert_eq!(reached(&room, &["pypi:cl*"]), distances(&[("pypi:app", 1)]));
    let document = room.run(&["graph", "core", "--json"]).json();
    assert_eq!(document["of"], json!(["pypi:core"]));
    let text = room.run(&["graph", "core"]);
    text.exits(0).says(&["pypi:client", "pypi:cli", "pypi:app"]).keeps_quiet_about(&["alone"]);
}

#[test]
fn of_a_group() {
    let room = chain();
    room.write("tminus.toml", "[[group]]\nname = \"basis\"\npackages = [\"core\", \"client\"]\n");
    assert_eq!(reached(&room, &["basis"]), distances(&[("pypi:cli", 1), ("pypi:app", 1)]));
}

#[test]
fn packages_that_nobody_knows() {
    let room = chain();
    for word in ["coer", "npm:core", "core-*", ""] {
        let said = room.run(&["graph", word]);
        assert_eq!(said.code, 2, "{said}");
        said.explains(&[word]);
    }
    room.run(&["graph", "coer"]).explains(&["core"]);
    assert_eq!(room.run(&["graph", "--dependencies"]).code, 2, "--dependencies of what?");
}

/// One name in two registries is no answer to the question which is meant.
#[test]
fn ambiguous_names() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("demo", "1.0", &[])),
        ("b/package.json", &javascript("demo", "1.0.0", &[])),
        ("c/pyproject.toml", &python("user", "1.0", &["demo"])),
    ]);
    let said = room.run(&["graph", "demo"]);
    if said.code == 0 {
        // Both are meant, then.
        said.says(&["pypi:user"]);
    } else {
        assert_eq!(said.code, 2, "{said}");
        said.explains(&["pypi:demo", "npm:demo"]);
    }
    assert_eq!(reached(&room, &["pypi:demo"]), distances(&[("pypi:user", 1)]));
    assert_eq!(reached(&room, &["npm:demo"]), BTreeMap::new());
}

#[test]
fn cycles_are_named_with_their_lines() {
    let room = Room::with(&[
        ("a/pyproject.toml", &python("a", "1.0", &["x", "b>=1"])),
        ("b/pyproject.toml", &python("b", "1.0", &["c"])),
        ("c/pyproject.toml", &python("c", "1.0", &["a>=0.5"])),
        ("d/pyproject.toml", &python("d", "1.0", &["a"])),
    ]);
    for args in [&["graph"][..], &["graph", "--json"], &["graph", "--explain"]] {
        let said = room.run(args);
        said.exits(1).says(&[
            "pypi:a",
            "pypi:b",
            "pypi:c",
            "a/pyproject.toml:6",
            "b/pyproject.toml:5",
            "c/pyproject.toml:5",
        ]);
        said.keeps_quiet_about(&["pypi:d"]);
    }
    // What follows from a change can be said all the same, and shown.
    assert_eq!(reached(&room, &["c"]).get("pypi:d"), Some(&3));
    room.run(&["graph", "--format", "dot"]).exits(0);
}

/// Every cycle, not the first one only.
#[test]
fn two_cycles() {
    let room = Room::with(&[
        ("a/package.json", &javascript("a", "1.0.0", &["b ^1.0.0"])),
        ("b/package.json", &javascript("b", "1.0.0", &["a ^1.0.0"])),
        ("c/Cargo.toml", &rust("c", "1.0.0", &["d = { path = \"../d\", version = \"1\" }"])),
        ("d/Cargo.toml", &rust("d", "1.0.0", &["c = { path = \"../c\", version = \"1\" }"])),
    ]);
    room.run(&["graph"]).exits(1).explains(&[
        "a/package.json:5",
        "b/package.json:5",
        "c/Cargo.toml:7",
        "d/Cargo.toml:7",
    ]);
}

/// Tools that are needed to develop a package are no reason to publish it later.
#[test]
fn development_makes_no_cycle() {
    for (files, ids) in [
        (
            [
                ("a/pyproject.toml", python("a", "1.0", &[]) + "\n[dependency-groups]\ntest = [\n    \"b\",\n]\n"),
                ("b/pyproject.toml", python("b", "1.0", &["a"])),
            ],
            ["pypi:a", "pypi:b"],
        ),
        (
            [
                ("a/package.json", "{\n  \"name\": \"a\",\n  \"version\": \"1.0.0\",\n  \"devDependencies\": { \"b\": \"^1\" }\n}\n".to_owned()),
                ("b/package.json", javascript("b", "1.0.0", &["a ^1.0.0"])),
            ],
            ["npm:a", "npm:b"],
        ),
        (
            [
                ("a/Cargo.toml", rust("a", "1.0.0", &[]) + "\n[dev-dependencies]\nb = { path = \"../b\" }\n"),
                ("b/Cargo.toml", rust("b", "1.0.0", &["a = { path = \"../a\", version = \"1\" }"])),
            ],
            ["cargo:a", "cargo:b"],
        ),
        (
            [
                ("a/pyproject.toml", "[tool.poetry]\nname = \"a\"\nversion = \"1.0\"\n\n[tool.poetry.group.test.dependencies]\nb = \"^1.0\"\n".to_owned()),
                ("b/pyproject.toml", "[tool.poetry]\nname = \"b\"\nversion = \"1.0\"\n\n[tool.poetry.dependencies]\na = \"^1.0\"\n".to_owned()),
            ],
            ["pypi:a", "pypi:b"],
        ),
    ] {
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let room = Room::with(&files);
        assert_eq!(levels(&room, &[]), [[ids[0]], [ids[1]]], "{files:?}");
        room.run(&["graph", "--dev"]).exits(1).explains(&ids);
        assert_eq!(reached(&room, &[ids[1]]), BTreeMap::new());
        assert_eq!(reached(&room, &[ids[1], "--dev"]), distances(&[(ids[0], 1)]));
    }
}

/// What is needed to install or to build has to be there first.
#[test]
fn every_kind_that_counts() {
    for (files, expected) in [
        (
            [
                ("a/pyproject.toml", python("a", "1.0", &[]) + "\n[project.optional-dependencies]\nall = [\"b>=1\"]\n"),
                ("b/pyproject.toml", python("b", "1.0", &[])),
            ],
            [["pypi:b"], ["pypi:a"]],
        ),
        (
            [
                ("a/pyproject.toml", "[build-system]\nrequires = [\"b\"]\n\n".to_owned() + &python("a", "1.0", &[])),
                ("b/pyproject.toml", python("b", "1.0", &[])),
            ],
            [["pypi:b"], ["pypi:a"]],
        ),
        (
            [
                ("a/setup.cfg", "[metadata]\nname = a\nversion = 1.0\n\n[options]\ninstall_requires =\n    b>=1\n".to_owned()),
                ("b/pyproject.toml", python("b", "1.0", &[])),
            ],
            [["pypi:b"], ["pypi:a"]],
        ),
        (
            [
                ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\", \"peerDependencies\": { \"b\": \">=1\" } }".to_owned()),
                ("b/package.json", javascript("b", "1.0.0", &[])),
            ],
            [["npm:b"], ["npm:a"]],
        ),
        (
            [
                ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\", \"optionalDependencies\": { \"b\": \"workspace:*\" } }".to_owned()),
                ("b/package.json", javascript("b", "1.0.0", &[])),
            ],
            [["npm:b"], ["npm:a"]],
        ),
        (
            [
                ("a/Cargo.toml", rust("a", "1.0.0", &[]) + "\n[target.'cfg(unix)'.build-dependencies]\nc = { package = \"b\", path = \"../b\", version = \"1\" }\n"),
                ("b/Cargo.toml", rust("b", "1.0.0", &[])),
            ],
            [["cargo:b"], ["cargo:a"]],
        ),
    ] {
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let room = Room::with(&files);
        assert_eq!(levels(&room, &[]), expected, "{files:?}");
    }
}

/// An extra that joins others names the package itself, which is no cycle.
#[test]
fn a_package_may_name_itself() {
    let extras = "\n[project.optional-dependencies]\nx = [\"requests\"]\nall = [\"demo[x]\"]\n";
    let room = Room::with(&[("pyproject.toml", &(python("demo", "1.0", &[]) + extras))]);
    assert_eq!(levels(&room, &[]), [["pypi:demo"]]);
}

/// A Python package that brings an npm package with it says so in tminus.toml.
#[test]
fn across_ecosystems() {
    let room = Room::with(&[
        ("pyproject.toml", &python("demo", "1.0", &[])),
        ("ui/package.json", &javascript("@demo/ui", "1.0.0", &[])),
        ("native/Cargo.toml", &rust("demo-native", "1.0.0", &[])),
        (
            "tminus.toml",
            "[[package]]\nname    = \"demo\"\ndepends = [\"npm:@demo/ui\", \"cargo:demo-native\"]\n",
        ),
    ]);
    assert_eq!(levels(&room, &[]), [vec!["cargo:demo-native", "npm:@demo/ui"], vec!["pypi:demo"]]);
    assert_eq!(reached(&room, &["npm:@demo/ui"]), distances(&[("pypi:demo", 1)]));
    room.run(&["graph", "@demo/ui", "--explain"]).exits(0).says(&["pypi:demo", "tminus.toml"]);
    room.write("tminus.toml", "[[package]]\nname    = \"demo\"\ndepends = [\"npm:@demo/iu\"]\n");
    room.refuses(&["graph"], &[2], &["tminus.toml", "npm:@demo/iu"]);
}

/// Diagrams: a node for each package, an arrow for each edge, in words that their tools read.
#[test]
fn diagrams() {
    let room = Room::with(&[
        ("core/package.json", &javascript("@demo/core", "1.0.0", &[])),
        ("app/package.json", &javascript("@demo/app", "1.0.0", &["@demo/core ^1.0.0"])),
        ("alone/package.json", &javascript("alone", "1.0.0", &[])),
    ]);
    let dot = room.run(&["graph", "--format", "dot"]);
    dot.exits(0).says(&["digraph", "\"npm:alone\"", "\"npm:@demo/app\" -> \"npm:@demo/core\""]);
    assert_eq!(dot.out.matches("->").count(), 1, "{dot}");
    assert_eq!(dot.out.matches('{').count(), dot.out.matches('}').count(), "{dot}");
    let mermaid = room.run(&["graph", "--format", "mermaid"]);
    mermaid.exits(0).says(&["npm:@demo/core", "npm:alone"]);
    let first = mermaid.lines()[0];
    assert!(first.starts_with("flowchart") || first.starts_with("graph"), "{mermaid}");
    assert_eq!(mermaid.out.matches("-->").count(), 1, "{mermaid}");
    // `@` and `/` are no letters of a node's id in Mermaid: names stand in quotes.
    assert!(mermaid.out.contains("[\"npm:@demo/core\"]"), "{mermaid}");
    let part = room.run(&["graph", "@demo/core", "--format", "dot"]);
    part.exits(0).says(&["\"npm:@demo/app\" -> \"npm:@demo/core\""]).keeps_quiet_about(&["npm:alone"]);
}

/// The same tree has the same answer, to the letter.
#[test]
fn the_same_answer_twice() {
    let room = chain();
    for args in [
        &["graph", "--json"][..],
        &["graph", "client", "--dependencies", "--explain"],
        &["packages"],
        &["graph", "--format", "mermaid"],
    ] {
        let said = room.run(args);
        assert_eq!(said.out, room.run(args).out);
        said.exits(0).says(&["pypi:core"]);
    }
}
