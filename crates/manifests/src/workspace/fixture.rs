//! Directories whose manifests are no packages of the project, by their names.

/// Names of directories, each with what lies in them. A workspace that lists such a directory, or an option, overrules
/// the name.
const NAMES: &[&str] = &[
    // Tests and what they read: broken manifests and made-up packages.
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "__snapshots__",
    "testdata", // Go's own rule
    "test_data",
    "test-data",
    "fixture",
    "fixtures",
    "__fixtures__",
    // Shown, not published. Where they are checked with the project, its workspace lists them.
    "example",
    "examples",
    "samples",
    // What packages are made from.
    "template",
    "templates",
    "cookiecutter",
    // Measured, not published.
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    // Packages of others: `go mod vendor`, `cargo vendor`, copies by hand.
    "vendor",
    "third_party",
    "third-party",
];

/// The first part of a directory that says so by its name.
pub(super) fn part(directory: &str) -> Option<&str> {
    directory.split('/').find(|part| NAMES.contains(part) || is_template(part))
}

/// Whether a name has a place for a value: `{{ cookiecutter.name }}`, `{% if … %}`, `<%= name %>`.
pub(super) fn is_template(name: &str) -> bool {
    let marks = [("{{", "}}"), ("{%", "%}"), ("<%", "%>")];
    marks.iter().any(|(open, close)| name.split_once(open).is_some_and(|(_, rest)| rest.contains(close)))
}
