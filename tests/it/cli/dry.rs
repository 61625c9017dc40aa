//! `plan` and `release --dry-run`: the same bytes each time, and nothing changed anywhere.

use std::fs;

use super::bed::Bed;

/// What a plan of the demo must show, whatever its form.
const ESSENTIALS: [&str; 11] = [
    "0.2.0",
    "Bump version to 0.2.0",
    "countdown_demo/__init__.py",
    "setup.cfg",
    "python3",
    "v0.2.0",
    "push",
    "pypi",
    "highlights",
    "0.2.1-dev",
    "0.3.0",
];

#[track_caller]
fn check(form: &[&str]) {
    let bed = Bed::demo();
    let before = bed.picture();
    let with = |words: &[&str]| bed.run(&[words, form].concat());
    let first = with(&["plan", "minor"]);
    first.exits(0).says(&ESSENTIALS);
    let second = with(&["plan", "minor"]);
    second.exits(0);
    assert_eq!(second.out, first.out, "plan twice");
    assert_eq!(first.err, "");
    // `release` knows no --format: its forms are text and --json.
    if form.first() != Some(&"--format") {
        for words in [&["release", "minor", "--dry-run"][..], &["release", "minor", "--dry-run", "--yes"]] {
            let dry = with(words);
            dry.exits(0);
            assert_eq!(dry.out, first.out, "{words:?}");
        }
    }
    assert_eq!(bed.picture(), before);
    assert!(!bed.notes().exists(), "planning leaves no notes");
    bed.only_questions();
}

#[test]
fn text() {
    check(&[]);
}

#[test]
fn json() {
    check(&["--json"]);
}

#[test]
fn json_by_format() {
    check(&["--format", "json"]);
}

#[test]
fn markdown() {
    check(&["--format", "markdown"]);
}

/// The plan as JSON has a format version and is the same from whichever door it comes.
#[test]
fn the_plan_file() {
    let bed = Bed::demo();
    let before = bed.picture();
    let json = bed.run(&["plan", "minor", "--json"]);
    let plan = json.exits(0).json();
    assert!(plan["format"].is_u64(), "{plan:#}");
    assert_eq!(plan["version"], "0.2.0");
    assert_eq!(plan["date"], "2026-11-20");
    let by_format = bed.run(&["plan", "minor", "--format", "json"]);
    assert_eq!(by_format.out, json.out);
    let file = bed.root().join("plan.json");
    let text = bed.run(&["plan", "minor", "--out", &file.to_string_lossy()]);
    text.exits(0);
    assert_eq!(fs::read_to_string(&file).unwrap().trim_end(), json.out.trim_end());
    assert_eq!(bed.picture(), before);
    assert!(!bed.notes().exists());
}

/// A plan speaks of no moment: only of a day. Another day gives another due date and nothing else by accident.
#[test]
fn the_day_is_an_input() {
    let bed = Bed::demo();
    let one = bed.run(&["plan", "minor"]);
    one.exits(0).says(&["2027-02-20"]);
    let same = bed.run(&["--config", "tminus.toml", "plan", "minor"]);
    assert_eq!(same.out, one.out);
    let later = bed.run_on("2026-12-01", &["plan", "minor"]);
    assert_eq!(later.out, one.out.replace("2027-02-20", "2027-03-01").replace("2026-11-20", "2026-12-01"));
}
