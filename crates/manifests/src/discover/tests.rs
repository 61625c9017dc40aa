use std::collections::BTreeMap;

use super::*;

fn discover(files: &[(&str, &str)]) -> Discovery {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let names: Vec<String> = files.keys().map(|name| (*name).to_owned()).collect();
    version_files(&|path| files.get(path).map(|text| text.as_bytes().to_vec()), &names)
}

/// The candidates as `path:line text`, with the pattern of those that have one, and the notes.
#[track_caller]
fn check(files: &[(&str, &str)], name: Option<&str>, candidates: &[&str], notes: &[&str]) {
    let found = discover(files);
    let places: Vec<String> = found
        .candidates
        .iter()
        .map(|candidate| {
            let place = format!("{}:{} {}", candidate.file.path, candidate.line, candidate.text);
            match &candidate.file.locator {
                Locator::Auto => place,
                Locator::Pattern(pattern) => format!("{place} by {pattern}"),
                Locator::Key(_) | Locator::Image(_) => panic!("{place}"),
            }
        })
        .collect();
    assert_eq!(places, candidates);
    assert_eq!(found.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), notes);
    assert_eq!(found.name.as_deref(), name);
}

#[test]
fn static_versions_are_found_together() {
    check(
        &[
            ("pyproject.toml", "[build-system]\nrequires = [\"setuptools\"]\n"),
            ("setup.cfg", "[metadata]\nname = fast-llm\nversion = 0.2.0\n"),
            ("fast_llm/__init__.py", "__version__ = \"0.2.0\"\n"),
            ("fast_llm/core/__init__.py", "__version__ = \"9\"\n"),
            ("tests/__init__.py", "__version__ = \"9\"\n"),
            ("docs/__init__.py", "__version__ = \"9\"\n"),
            ("scripts/version.py", "__version__ = \"9\"\n"),
        ],
        Some("fast-llm"),
        &["setup.cfg:3 0.2.0", "fast_llm/__init__.py:1 0.2.0"],
        &[],
    );
    check(
        &[
            ("pyproject.toml", "[project]\nname = \"llama_stack_client\"\nversion = \"0.4.5\"\n"),
            ("src/llama_stack_client/__init__.py", "from ._version import __version__\n"),
            ("src/llama_stack_client/_version.py", "# generated\n__version__ = \"0.4.5\"  # x\n"),
            ("examples/demo/__init__.py", "__version__ = \"9\"\n"),
        ],
        Some("llama_stack_client"),
        &["pyproject.toml:3 0.4.5", "src/llama_stack_client/_version.py:2 0.4.5"],
        &[],
    );
}

#[test]
fn another_version_is_noted_and_not_proposed() {
    check(
        &[
            ("pyproject.toml", "[tool.poetry]\nname = \"x\"\nversion = \"1.0\"\n"),
            ("x/__init__.py", "__version__ = \"0.9\"\n"),
            ("x/version.py", "__version__ = \"1.0\"\n"),
            ("package.json", "{\"name\": \"ui\", \"version\": \"7.0.0\"}"),
            ("y/__init__.py", "__version__ = \"unknown\"\n"),
        ],
        Some("x"),
        &["pyproject.toml:3 1.0", "x/version.py:1 1.0"],
        &[
            "x/__init__.py:1: says \"0.9\", another version than the files before it",
            "y/__init__.py:1: \"unknown\" is not a version",
            "package.json:1: says \"7.0.0\", another version than the files before it",
        ],
    );
}

#[test]
fn dynamic_versions_are_followed() {
    let dynamic = |rest: &str| format!("[project]\nname = \"pkg\"\ndynamic = [\"version\"]\n{rest}");
    let note = |from: &str| {
        format!("pyproject.toml:3: the version is taken from `{from}`: list the file that assigns it instead")
    };
    check(
        &[
            (
                "pyproject.toml",
                &dynamic("[tool.setuptools.dynamic]\nversion = {attr = \"pkg.__version__\"}\n"),
            ),
            ("src/pkg/__init__.py", "__version__ = \"1.0\"\n"),
        ],
        Some("pkg"),
        &["src/pkg/__init__.py:1 1.0"],
        &[&note("pkg.__version__")],
    );
    check(
        &[
            (
                "pyproject.toml",
                &dynamic("[tool.setuptools.dynamic]\nversion = {attr = \"pkg.meta.VERSION\"}\n"),
            ),
            ("pkg/meta.py", "X = 1\nVERSION: str = '1.0'\n"),
        ],
        Some("pkg"),
        &["pkg/meta.py:2 1.0 by VERSION: str = '{version}'"],
        &[&note("pkg.meta.VERSION")],
    );
    check(
        &[
            ("pyproject.toml", &dynamic("[tool.hatch.version]\npath = \"lib/deep/pkg/__about__.py\"\n")),
            ("lib/deep/pkg/__about__.py", "VERSION = \"1.0\"\n"),
        ],
        Some("pkg"),
        &["lib/deep/pkg/__about__.py:1 1.0 by VERSION = \"{version}\""],
        &["pyproject.toml:3: the version is taken from `lib/deep/pkg/__about__.py`: list that file instead"],
    );
    check(
        &[("setup.cfg", "[metadata]\nname = pkg\nversion = file: ./VERSION\n"), ("VERSION", "1.0rc1\n")],
        Some("pkg"),
        &["VERSION:1 1.0rc1 by {version}"],
        &["setup.cfg:3: the version is taken from `./VERSION`: list that file instead"],
    );
}

#[test]
fn a_version_from_tags_has_no_files() {
    check(
        &[
            (
                "pyproject.toml",
                "[build-system]\nrequires = [\"setuptools-scm\"]\n[project]\nname = \"llama-stack\"\ndynamic = [\"version\"]\n",
            ),
            ("package.json", "{\"version\": \"1.0.0\"}"),
        ],
        Some("llama-stack"),
        &[],
        &[
            "pyproject.toml:5: setuptools-scm takes the version from the tags of the repository: there is nothing to edit",
        ],
    );
}

#[test]
fn setup_py_is_read_by_its_call() {
    check(
        &[
            (
                "setup.py",
                "from setuptools import setup\n# version=\"2\"\nsetup(name='demo',\n    version = '1.0',\n)\n",
            ),
            ("demo.py", "__version__ = '1.0'\n"),
        ],
        Some("demo"),
        &["setup.py:4 1.0 by version = '{version}'", "demo.py:1 1.0"],
        &[],
    );
    check(
        &[("setup.py", "VERSION = '1.0'\nsetup(\n    name='demo',\n    version=VERSION,\n)\n")],
        Some("demo"),
        &["setup.py:1 1.0 by VERSION = '{version}'"],
        &[],
    );
    check(&[("setup.py", "VERSION = '1.0'\nsetup(version=other.VERSION_TEXT)\n")], None, &[], &[]);
    check(&[("setup.py", "setup(name=NAME, version=read())\n")], None, &[], &[]);
    check(&[("setup.py", "# version=\"1\"\nsetup(version=\"1\")\n")], None, &[], &[]);
}

#[test]
fn other_ecosystems_are_found_too() {
    check(
        &[
            ("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n"),
            ("package.json", "{\"name\": \"ui\", \"version\": \"1.0.0\"}"),
        ],
        Some("demo"),
        &["Cargo.toml:3 1.0.0", "package.json:1 1.0.0"],
        &[],
    );
    check(&[("package.json", "{\"name\": \"ui\"}")], Some("ui"), &[], &[]);
}

#[test]
fn broken_files_are_noted_and_nothing_is_read_that_is_not_tracked() {
    check(
        &[("pyproject.toml", "[project\n"), ("a/__init__.py", "__version__ = \"1\"\nx = '\n")],
        None,
        &[],
        &["pyproject.toml:1: unclosed table, expected `]`", "a/__init__.py:2: a string is not closed"],
    );
    let found = version_files(&|_| Some(b"[metadata]\nversion = 1\n".to_vec()), &[]);
    assert_eq!(found, Discovery::default());
}

#[test]
fn candidates_say_their_format() {
    let found = discover(&[("setup.cfg", "[metadata]\nversion = 1\n"), ("setup.py", "setup(version='1')\n")]);
    let formats: Vec<_> = found.candidates.iter().map(|candidate| candidate.format).collect();
    assert_eq!(formats, [Some(Format::SetupCfg), None]);
}
