//! `tminus packages`, `graph`, `bump` and `pin` by their specification: which packages there are, what follows from a new
//! version, and that nothing else changes by a byte.

mod atomic;
mod bed;
mod bump;
mod bytes;
mod discovery;
mod graph;
mod groups;
mod keys;
mod llamaindex;
mod locks;
mod malformed;
mod pin;
mod real;
mod rules;
mod shapes;

use serde_json::Value;

use bed::{Room, Said};

/// A pyproject.toml of a package with these requirements.
fn python(name: &str, version: &str, dependencies: &[&str]) -> String {
    let dependencies: Vec<_> = dependencies.iter().map(|text| format!("    \"{text}\",\n")).collect();
    format!(
        "[project]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [\n{}]\n",
        dependencies.concat()
    )
}

/// A package.json of a package with these dependencies, as `name range`.
fn javascript(name: &str, version: &str, dependencies: &[&str]) -> String {
    let pairs: Vec<_> = dependencies
        .iter()
        .map(|text| text.split_once(' ').unwrap())
        .map(|(name, range)| format!("\n    \"{name}\": \"{range}\""))
        .collect();
    format!(
        "{{\n  \"name\": \"{name}\",\n  \"version\": \"{version}\",\n  \"dependencies\": {{{}\n  }}\n}}\n",
        pairs.join(",")
    )
}

/// A Cargo.toml of a crate with these lines of dependencies.
fn rust(name: &str, version: &str, dependencies: &[&str]) -> String {
    let lines: Vec<_> = dependencies.iter().map(|line| format!("{line}\n")).collect();
    format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n\n[dependencies]\n{}",
        lines.concat()
    )
}

/// The packages of a room, as `id version directory`.
#[track_caller]
fn listed(room: &Room) -> Vec<String> {
    let said = room.run(&["packages", "--json"]);
    entries(&said)
}

#[track_caller]
fn entries(said: &Said) -> Vec<String> {
    let document = said.json();
    let packages = document["packages"].as_array().unwrap_or_else(|| panic!("no packages in {said}"));
    let mut all: Vec<_> = packages
        .iter()
        .map(|package| {
            let text = |key: &str| package[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", text("package"), text("version"), text("directory"))
        })
        .collect();
    all.sort();
    all
}

/// One package of `tminus packages --json`.
#[track_caller]
fn package(room: &Room, id: &str) -> Value {
    let said = room.run(&["packages", "--json"]);
    let document = said.json();
    let found = document["packages"].as_array().unwrap().iter().find(|package| package["package"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {said}")).clone()
}

/// Says that a test could not do its work here, and why.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
