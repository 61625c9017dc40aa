//! `tminus version …` by its specification: values, lines on standard input, schemes, exit codes, and what must not change.

mod bed;
mod compare;
mod convert;
mod list;
mod matching;
mod next;
mod parse;
mod pipes;
mod project;
mod repository;
mod sort;
mod streams;
mod usage;

/// Every scheme that the command line knows.
const SCHEMES: [&str; 8] = ["pep440", "npm", "npm-loose", "semver", "cargo", "go", "oci", "calver"];

/// Every subcommand.
const COMMANDS: [&str; 7] = ["parse", "sort", "compare", "match", "convert", "next", "list"];

/// A version that the scheme reads, and a later one.
fn two_versions(scheme: &str) -> (&'static str, &'static str) {
    match scheme {
        "go" => ("v1.2.3", "v1.10.0"),
        "calver" => ("2026.2.3", "2026.11.20"),
        _ => ("1.2.3", "1.10.0"),
    }
}
