//! What a second look at the engine found.

use super::{hook, plain, remote, unhook};
use crate::cli::bed::Bed;

/// Killed in the push, and then the race is lost: the refusal is certain, so the release may be planned anew.
#[test]
fn a_killed_push_loses_the_race_later() {
    let mut bed = Bed::demo();
    bed.killed_at("push:begun", &["release", "minor", "--yes"]);
    let colleague = bed.colleague();
    std::fs::write(colleague.join("NEWS"), "meanwhile\n").unwrap();
    bed.git_in(&colleague, &["add", "NEWS"]);
    bed.git_in(&colleague, &["commit", "--quiet", "--message", "Meanwhile"]);
    bed.git_in(&colleague, &["push", "--quiet", "origin", "main"]);
    bed.run(&["resume"]).exits(1).says(&["git pull --rebase"]);
    assert_eq!(bed.run(&["status", "--json"]).exits(0).json()["open"]["departed"], false);
    bed.git(&["pull", "--quiet", "--rebase", "origin", "main"]);
    bed.run(&["resume", "--yes"]).exits(5).says(&["gate:highlights"]);
    let released = bed.git_remote(&["show", "v0.2.0:NEWS"]);
    assert_eq!(released, "meanwhile", "released on top of what came in between");
}

/// What the rest rests on cannot be given up.
#[test]
fn the_push_cannot_be_given_up() {
    let bed = Bed::demo();
    hook(&bed.remote, "pre-receive", "echo not today >&2; exit 1");
    bed.run(&["release", "minor", "--yes"]).exits(1).says(&["not today"]);
    for step in ["push", "commit", "tag", "build:countdown-demo"] {
        bed.run(&["gate", "waive", step, "--why", "it does not work"]).exits(2).says(&["rests on", step]);
    }
    unhook(&bed.remote, "pre-receive");
    bed.run(&["resume"]).exits(5).says(&["gate:highlights"]);
}

/// A tag that a person made while a release had begun is a person's tag.
#[test]
fn a_person_makes_the_tag_in_between() {
    let mut bed = Bed::demo();
    bed.killed_at("commit:begun", &["release", "minor", "--yes"]);
    bed.git(&["tag", "--annotate", "--message=made by a person", "v0.2.0", "HEAD~1"]);
    let theirs = bed.git(&["rev-parse", "v0.2.0"]);
    let before = remote(&bed);
    for words in [&["release", "minor", "--yes"][..], &["release", "0.2.0", "--yes"], &["resume", "--yes"]] {
        bed.run(words).exits(4).says(&["v0.2.0"]);
        assert_eq!(bed.git(&["rev-parse", "v0.2.0"]), theirs, "the person's tag stays");
        assert_eq!(remote(&bed), before);
    }
}

/// A hook cannot put another version under the tag, a higher one neither.
#[test]
fn a_hook_raises_the_version() {
    let bed = plain("0.1.0");
    bed.git(&["tag", "v0.1.0"]);
    bed.git(&["push", "--quiet", "origin", "v0.1.0"]);
    bed.write("NEWS", "something new\n");
    bed.commit_and_push("Add news");
    let before = remote(&bed);
    let script = "grep -rl 0.2.0 --include=*.py --include=*.cfg --include=*.toml . | xargs sed -i s/0.2.0/0.9.0/; git add --update";
    hook(&bed.work.join(".git"), "pre-commit", script);
    bed.run(&["release", "minor", "--yes"]).exits(4).says(&["0.9.0", "0.2.0"]);
    assert_eq!(remote(&bed), before);
}

/// The plan of a release that was begun is the one that goes on, on another day too.
#[test]
fn the_day_of_a_release_that_was_begun_stays() {
    let mut bed = Bed::demo();
    bed.killed_at("push:before", &["release", "minor", "--yes"]);
    let plan = bed.run_on("2026-12-24", &["plan", "minor", "--json"]).exits(0).json();
    assert_eq!(plan["date"], "2026-11-20", "the dry run is the plan that resume carries out");
}
