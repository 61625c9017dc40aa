//! Which directories are members, against what the tools themselves answered.
//!
//! `facts.tsv` holds for a tree of 25 directories, each with a manifest: the tool, its patterns, the patterns that
//! take out (uv's and Cargo's `exclude`), and the members that the tool listed beside the root. Asked were
//! `uv workspace list` of uv 0.13.8, `cargo metadata` of 1.95, `npm install --package-lock-only` of npm 11 and `pnpm -r list` of
//! pnpm 12.

use crate::workspace::members::Rule;
use crate::{Members, WorkspaceTool};

const FACTS: &str = include_str!("facts.tsv");

const DIRECTORIES: [&str; 25] = [
    "A",
    "[x]",
    "a",
    "a-b",
    "ab",
    "b",
    "c",
    "c/a",
    "c/b",
    "c/d",
    "c/d/e",
    "deep",
    "deep/1",
    "deep/1/2",
    "deep/1/2/3",
    "libs",
    "libs/x",
    "libs/x/tests",
    "libs/x/tests/z",
    "libs/x/y",
    "libs/y",
    "spät",
    "target",
    "target/t",
    "x.y",
];

fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn tool(name: &str) -> WorkspaceTool {
    match name {
        "uv" => WorkspaceTool::Uv,
        "cargo" => WorkspaceTool::Cargo,
        "npm" => WorkspaceTool::Npm,
        "pnpm" => WorkspaceTool::Pnpm,
        _ => panic!("{name}"),
    }
}

#[test]
fn members_are_those_that_the_tool_lists() {
    let mut wrong = Vec::new();
    for line in FACTS.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let members =
            Members { tool: tool(columns[0]), include: words(columns[1]), exclude: words(columns[2]) };
        let rule = Rule::new(&members).unwrap();
        let found: Vec<&str> = DIRECTORIES.into_iter().filter(|directory| rule.lists(directory)).collect();
        if found != words(columns[3]) {
            wrong.push(format!("{line}\n  found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(FACTS.lines().count(), 162);
}
