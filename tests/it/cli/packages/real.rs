//! Workspaces that their own tools have made, bumped and pinned here, and judged by those tools in their locked mode.
//!
//! `cargo xtask test-real` installs the tools and names them; a tool that nobody names is skipped with a word about it.

use std::path::{Path, PathBuf};

use super::bed::Room;
use super::{javascript, skipped};

/// The program that a variable names.
fn program(variable: &str) -> Option<PathBuf> {
    let named = std::env::var(variable).ok().filter(|path| !path.is_empty()).map(PathBuf::from);
    match named {
        Some(path) => {
            assert!(path.is_file(), "{variable} names {}, which is not there", path.display());
            Some(path)
        }
        None => {
            skipped(&format!("{variable} names no program"));
            None
        }
    }
}

/// A room in which tminus finds the program, and in which nothing is downloaded.
#[track_caller]
fn room(program: &Path, files: &[(&str, &str)]) -> Room {
    let mut room = Room::with(files);
    room.find_first(program.parent().unwrap());
    for (name, value) in [
        ("UV_OFFLINE", "1"),
        ("UV_PYTHON_DOWNLOADS", "never"),
        ("POETRY_VIRTUALENVS_CREATE", "false"),
        ("POETRY_NO_INTERACTION", "1"),
        ("CI", "1"),
        ("NPM_CONFIG_OFFLINE", "true"),
    ] {
        room.set(name, value);
    }
    room
}

/// Makes the lock file, changes versions, and asks the tool.
struct Case<'a> {
    program: &'a Path,
    files: &'a [(&'a str, &'a str)],
    lock: &'a [&'a str],
    check: &'a [&'a str],
    lock_file: &'a str,
}

impl Case<'_> {
    /// Runs tminus again and again on one workspace, with the tool's verdict after each time; the lock file that stands
    /// there must be the one that the tool would write.
    #[track_caller]
    fn check(&self, runs: &[&[&str]]) {
        let room = room(self.program, self.files);
        room.tool(self.program, &room.work, self.lock);
        room.tool(self.program, &room.work, self.check);
        for args in runs {
            let before = room.picture();
            let said = room.run(args);
            said.exits(0);
            assert_ne!(before, room.picture(), "nothing was done by {said}");
            let ours = room.read(self.lock_file);
            room.tool(self.program, &room.work, self.check);
            room.tool(self.program, &room.work, self.lock);
            assert_eq!(room.read(self.lock_file), ours, "the tool writes something else after {said}");
        }
    }
}

const UV_ROOT: &str = r#"[project]
name = "app"
version = "1.0.0"
requires-python = ">=3.9"
dependencies = ["core>=1.0.0,<2", 'Demo_Util ~= 1.0 ; python_version > "3.8"']

[project.optional-dependencies]
all = ["core[x]~=1.0"]

[dependency-groups]
dev = ["core>=1.0.0"]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
core = { workspace = true }
demo-util = { workspace = true }
"#;

const UV_CORE: &str = r#"[project]
name = "core"
version = "1.0.0"
requires-python = ">=3.9"

[project.optional-dependencies]
x = []
"#;

const UV_UTIL: &str = r#"[project]
name = "demo-util"
version = "1.0.0"
requires-python = ">=3.9"
dependencies = ["core==1.0.0"]

[tool.uv.sources]
core = { workspace = true }
"#;

#[test]
fn uv() {
    let Some(program) = program("TMINUS_TEST_UV") else { return };
    let case = Case {
        program: &program,
        files: &[
            ("pyproject.toml", UV_ROOT),
            ("packages/core/pyproject.toml", UV_CORE),
            ("packages/util/pyproject.toml", UV_UTIL),
        ],
        lock: &["lock"],
        check: &["lock", "--check"],
        lock_file: "uv.lock",
    };
    case.check(&[
        &["bump", "minor", "core"],
        &["bump", "2.0.0", "--all"],
        &["bump", "2.1.0rc1", "core"],
        &["bump", "final", "core", "--dependents", "patch"],
        &["pin", "core", "--shape", "exact"],
        &["pin", "demo-util", "--shape", "next-minor", "--in", "app"],
        &["bump", "major", "app"],
    ]);
}

/// A project by itself, as each package of LlamaIndex is one.
#[test]
fn uv_without_a_workspace() {
    let Some(program) = program("TMINUS_TEST_UV") else { return };
    let case = Case {
        program: &program,
        files: &[("pyproject.toml", UV_CORE)],
        lock: &["lock"],
        check: &["lock", "--check"],
        lock_file: "uv.lock",
    };
    case.check(&[
        &["bump", "minor"],
        &["bump", "2.0.0rc1"],
        &["bump", "candidate"],
        &["bump", "final"],
        &["bump", "post"],
    ]);
}

const POETRY_APP: &str = r#"[project]
name = "app"
version = "1.0.0"
description = "An app."
authors = [{ name = "Mary Maintainer", email = "mary@example.org" }]
requires-python = ">=3.9"
dependencies = ["core (>=1.0.0,<2.0.0)"]

[tool.poetry]
packages = [{ include = "app" }]

[tool.poetry.dependencies]
core = { path = "core", develop = true }

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"#;

const POETRY_CORE: &str = r#"[tool.poetry]
name = "core"
version = "1.0.0"
description = "A core."
authors = ["Mary Maintainer <mary@example.org>"]

[tool.poetry.dependencies]
python = ">=3.9"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"#;

#[test]
fn poetry() {
    let Some(program) = program("TMINUS_TEST_POETRY") else { return };
    let case = Case {
        program: &program,
        files: &[
            ("pyproject.toml", POETRY_APP),
            ("app/__init__.py", ""),
            ("core/pyproject.toml", POETRY_CORE),
            ("core/core/__init__.py", ""),
        ],
        lock: &["lock"],
        check: &["check", "--lock"],
        lock_file: "poetry.lock",
    };
    case.check(&[
        &["bump", "minor", "core"],
        &["bump", "2.0.0", "--all"],
        &["pin", "core", "--shape", "minimum"],
        &["bump", "patch", "app"],
        &["bump", "minor", "core", "--pins", "none"],
    ]);
}

const PNPM_APP: &str = r#"{
  "name": "app",
  "version": "1.0.0",
  "dependencies": {
    "@demo/ui": "workspace:^1.0.0",
    "base": "workspace:*"
  },
  "devDependencies": { "tools": "workspace:~1.0.0" }
}
"#;

#[test]
fn pnpm() {
    let Some(program) = program("TMINUS_TEST_PNPM") else { return };
    let case = Case {
        program: &program,
        files: &[
            (".gitignore", "node_modules\n"),
            ("package.json", "{ \"name\": \"root\", \"private\": true }\n"),
            ("pnpm-workspace.yaml", "packages:\n  - 'packages/*' # all\n"),
            ("packages/app/package.json", PNPM_APP),
            ("packages/ui/package.json", &javascript("@demo/ui", "1.0.0", &["base workspace:1.0.0"])),
            ("packages/base/package.json", "{ \"name\": \"base\", \"version\": \"1.0.0\" }\n"),
            ("packages/tools/package.json", "{ \"name\": \"tools\", \"version\": \"1.0.0\" }\n"),
        ],
        lock: &["install", "--lockfile-only", "--offline"],
        check: &["install", "--frozen-lockfile", "--offline"],
        lock_file: "pnpm-lock.yaml",
    };
    case.check(&[
        &["bump", "minor", "base"],
        &["bump", "2.0.0", "--all"],
        &["bump", "2.1.0-rc.1", "@demo/ui"],
        &["bump", "final", "@demo/ui", "--dependents", "patch"],
        &["pin", "@demo/ui", "--shape", "exact"],
        &["pin", "tools", "--shape", "minimum"],
    ]);
}
