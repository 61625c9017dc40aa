//! What may not stand in a text file.

use std::path::{Component, Path, PathBuf};

use super::Finding;
use super::hosts::Host;

const MAX_LINES: usize = 800;

/// What is fine on the way and not in the tree. In two parts each, or this file would find itself.
const LEFTOVERS: [(&str, &str); 4] = [
    (concat!("to", "do!("), "work that is not done"),
    (concat!("unimpl", "emented!("), "work that is not done"),
    (concat!("d", "bg!("), "a trace that was forgotten"),
    (concat!("#[ig", "nore"), "a test that does not run"),
];

/// Checks a Rust file.
pub(super) fn source(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        findings.push(Finding::new(
            path,
            MAX_LINES + 1,
            format!("{lines} lines: {MAX_LINES} are enough for one file"),
        ));
    }
    for (needle, what) in LEFTOVERS {
        let found = find(text, needle, |before, _| !before.is_some_and(is_word));
        findings.extend(found.map(|line| Finding::new(path, line, format!("`{needle}`: {what}"))));
    }
    findings
}

/// Finds hosts of package registries; those below them count too.
pub(super) fn hosts(path: &str, text: &str, hosts: &[Host]) -> Vec<Finding> {
    let lower = text.to_ascii_lowercase();
    let mut findings = Vec::new();
    for Host { name, of } in hosts {
        let ends = |rest: &str| {
            let mut rest = rest.chars();
            match rest.next() {
                Some('.') => !rest.next().is_some_and(is_word),
                next => !next.is_some_and(|c| is_word(c) || c == '-'),
            }
        };
        let found =
            find(&lower, name, |before, rest| !before.is_some_and(|c| is_word(c) || c == '-') && ends(rest));
        findings.extend(
            found.map(|line| Finding::new(path, line, format!("a host of {of}: use a reserved name"))),
        );
    }
    findings
}

/// Finds directories of this machine.
pub(super) fn places(path: &str, text: &str, places: &[PathBuf]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for place in places {
        let needle = place.to_string_lossy();
        let in_path = |c: char| is_word(c) || matches!(c, '-' | '.' | '/');
        let ends = |rest: &str| !rest.starts_with(|c: char| is_word(c) || c == '-');
        let found = find(text, &needle, |before, rest| !before.is_some_and(in_path) && ends(rest));
        findings.extend(found.map(|line| Finding::new(path, line, "a path of this machine")));
    }
    findings
}

/// The superuser's home directory. In two parts, as above.
const SUPERUSER: &str = concat!("/ro", "ot");

/// Whether a path says something about one machine: two steps below the root at least, or the superuser's home.
pub(super) fn is_telling(place: &Path) -> bool {
    if place == Path::new(SUPERUSER) {
        return true;
    }
    place.is_absolute() && place.components().filter(|part| matches!(part, Component::Normal(_))).count() > 1
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The lines on which `needle` stands where `fits` says so of the character before it and the text behind it.
fn find<'a>(
    text: &'a str,
    needle: &'a str,
    fits: impl Fn(Option<char>, &str) -> bool + 'a,
) -> impl Iterator<Item = usize> + 'a {
    text.lines().enumerate().filter_map(move |(at, line)| {
        let mut hits = line.match_indices(needle);
        let hit = hits.any(|(start, hit)| {
            let before = line.get(..start).and_then(|before| before.chars().next_back());
            fits(before, line.get(start + hit.len()..).unwrap_or_default())
        });
        hit.then_some(at + 1)
    })
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::hosts::Host;
    use super::{LEFTOVERS, SUPERUSER, hosts, is_telling, places, source};

    #[test]
    fn every_leftover_is_found_once_and_with_its_line() {
        for (needle, _) in LEFTOVERS {
            let found = source("a.rs", &format!("fn f() {{\n    {needle}\n}}\n// my_{needle}\n"));
            let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
            assert_eq!(lines, [2], "{needle}");
        }
    }

    #[test]
    fn a_file_may_have_800_lines_and_no_more() {
        assert_eq!(source("a.rs", &"\n".repeat(800)), []);
        let found = source("a.rs", &"\n".repeat(801));
        assert_eq!(found[0].to_string(), "a.rs:801: 801 lines: 800 are enough for one file");
    }

    #[track_caller]
    fn check_host(line: &str, expected: bool) {
        let known = [Host { name: "index.example".to_owned(), of: "an index".to_owned() }];
        assert_eq!(!hosts("a.md", line, &known).is_empty(), expected, "{line}");
    }

    #[test]
    fn hosts_are_found_as_hosts() {
        check_host("https://index.example/simple/", true);
        check_host("see upload.Index.Example.", true);
        check_host("index.example", true);
        check_host("index.example.invalid", false);
        check_host("my-index.example", false);
        check_host("index.examples", false);
        check_host("index_example", false);
    }

    #[track_caller]
    fn check_place(line: &str, expected: bool) {
        assert_eq!(!places("a.md", line, &[PathBuf::from("/srv/build")]).is_empty(), expected, "{line}");
    }

    #[test]
    fn places_are_found_as_paths() {
        check_place("cd /srv/build/x", true);
        check_place("dir = \"/srv/build\"", true);
        check_place("/srv/builder", false);
        check_place("https://host.example/srv/build", false);
        check_place("./srv/build", false);
    }

    #[test]
    fn a_path_of_one_step_tells_nothing() {
        assert!(is_telling(Path::new("/home/somebody")));
        assert!(is_telling(Path::new(SUPERUSER)));
        assert!(!is_telling(Path::new("/src")));
        assert!(!is_telling(Path::new("/")));
        assert!(!is_telling(Path::new("")));
    }
}
