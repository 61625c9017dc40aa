//! Module files: `foo/mod.rs`, never `foo.rs` beside `foo/`; and no file that no `mod` line names.

use super::{Files, Finding};

/// Checks where the Rust files of the tree stand.
pub(super) fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in files.keys().filter(|path| path.ends_with(".rs")) {
        let (dir, stem) = split(path);
        if !matches!(stem, "mod" | "lib" | "main") {
            let beside = format!("{dir}/{stem}/");
            if files.keys().any(|other| other.starts_with(&beside) && other.ends_with(".rs")) {
                findings.push(Finding::new(path, 1, format!("has submodules: it belongs in {beside}mod.rs")));
            }
        }
        if let Some(what) = undeclared(files, dir, stem) {
            findings.push(Finding::new(path, 1, what));
        }
    }
    findings
}

/// Directory and name without `.rs`.
fn split(path: &str) -> (&str, &str) {
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    (dir, file.strip_suffix(".rs").unwrap_or(file))
}

/// Sources of a crate are below `src`, those of its test binary below `it`; both begin at a `lib.rs` or `main.rs`.
fn undeclared(files: &Files, dir: &str, stem: &str) -> Option<String> {
    let (parent, module) = match stem {
        "lib" | "main" => return None,
        "mod" => dir.rsplit_once('/')?,
        _ => (dir, stem),
    };
    if parent.ends_with("/src/bin") || !parent.split('/').any(|part| part == "src" || part == "it") {
        return None;
    }
    let parents = ["mod.rs", "lib.rs", "main.rs"].map(|name| format!("{parent}/{name}"));
    let mut there = parents.iter().filter_map(|path| Some((path, files.get(path)?))).peekable();
    let Some((first, _)) = there.peek() else {
        return Some(format!("no module file in {parent} could declare it: it is not compiled"));
    };
    let first = (*first).clone();
    let declared = there.any(|(_, text)| text.lines().any(|line| declares(line, module)));
    (!declared).then(|| format!("{first} has no `mod {module};`: it is not compiled"))
}

fn declares(line: &str, module: &str) -> bool {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ").map_or(rest, |(_, rest)| rest),
        None => line.strip_prefix("pub ").unwrap_or(line),
    };
    let Some(rest) = line.strip_prefix("mod ") else { return false };
    rest.trim_start().strip_prefix(module).is_some_and(|rest| rest.trim_start().starts_with(';'))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let found: Vec<String> = super::check(&files).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn declared_files_are_fine() {
        check(
            &[
                ("crates/a/src/lib.rs", "pub mod one;\nmod two;\n#[cfg(test)]\nmod tests;\n"),
                ("crates/a/src/one/mod.rs", "pub(crate) mod deep;\n"),
                ("crates/a/src/one/deep.rs", ""),
                ("crates/a/src/two.rs", ""),
                ("crates/a/src/tests.rs", ""),
                ("crates/a/src/bin/tool.rs", ""),
                ("crates/a/examples/show.rs", ""),
                ("tests/it/main.rs", "mod cli;"),
                ("tests/it/cli/mod.rs", ""),
            ],
            &[],
        );
    }

    #[test]
    fn a_test_file_that_nobody_declares_is_found() {
        check(
            &[
                ("tests/it/main.rs", "// mod kill;\nmod killing;\n"),
                ("tests/it/killing.rs", ""),
                ("tests/it/kill/mod.rs", ""),
            ],
            &["tests/it/kill/mod.rs:1: tests/it/main.rs has no `mod kill;`: it is not compiled"],
        );
    }

    #[test]
    fn a_directory_without_a_module_file_is_found() {
        check(
            &[("crates/a/src/lib.rs", ""), ("crates/a/src/lost/one.rs", "")],
            &[
                "crates/a/src/lost/one.rs:1: no module file in crates/a/src/lost could declare it: it is not compiled",
            ],
        );
    }

    #[test]
    fn a_file_beside_its_directory_is_found() {
        check(
            &[
                ("crates/a/src/lib.rs", "mod one;"),
                ("crates/a/src/one.rs", "mod two;"),
                ("crates/a/src/one/mod.rs", "mod two;"),
                ("crates/a/src/one/two.rs", ""),
            ],
            &["crates/a/src/one.rs:1: has submodules: it belongs in crates/a/src/one/mod.rs"],
        );
    }
}
