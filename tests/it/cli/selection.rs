//! `--only`, `--from`, `--skip`: part of a release now, the rest later.

use tminus_cli::demo::REPOSITORY;

use super::bed::Bed;

const PUBLISH: &str = "publish:pypi:countdown-demo";

#[track_caller]
fn drafted(bed: &Bed) -> bool {
    bed.sandbox.releases(REPOSITORY).iter().any(|release| release.tag_name == "v0.2.0")
}

/// The later `resume` does what was left out, and nothing twice.
#[track_caller]
fn resume_completes(bed: &Bed) {
    bed.run(&["resume"]).exits(5).says(&["highlights"]);
    assert_eq!(bed.on_index().len(), 2);
    for tally in bed.sandbox.uploads() {
        assert_eq!((tally.accepted, tally.duplicate, tally.refused), (1, 0, 0), "{}", tally.filename);
    }
    assert!(drafted(bed));
    let subjects = bed.git_remote(&["log", "-2", "--format=%s", "main"]);
    assert_eq!(subjects, "Start development on version 0.2.1\nBump version to 0.2.0");
}

#[test]
fn a_skipped_step_holds_up_what_depends_on_it() {
    let bed = Bed::demo();
    let answer = bed.run(&["release", "minor", "--yes", "--skip", PUBLISH]);
    answer.exits(5).says(&[PUBLISH, "left"]);
    assert_eq!(bed.git_remote(&["tag", "--list"]), "v0.1.0\nv0.2.0", "the push is not skipped");
    assert!(bed.sandbox.uploads().is_empty(), "the upload is");
    assert!(!drafted(&bed), "the forge release depends on it");
    assert_eq!(bed.git_remote(&["log", "-1", "--format=%s", "main"]), "Bump version to 0.2.0");
    resume_completes(&bed);
}

/// Only the first half, as somebody would who leaves the rest to another machine or another day.
#[test]
fn only_some_steps() {
    let bed = Bed::demo();
    let only = ["commit", "build:countdown-demo", "tag"];
    let before = bed.picture();
    let remote = bed.git_remote(&["for-each-ref"]);
    let mut words = vec!["release", "minor", "--yes"];
    for step in only {
        words.extend(["--only", step]);
    }
    let answer = bed.run(&words);
    // What was chosen is done, and that is all that was asked.
    answer.exits(0).says(&["push", PUBLISH, "left", "tminus resume"]);
    assert_eq!(bed.git_remote(&["for-each-ref"]), remote, "nothing left this machine");
    assert_eq!(bed.sandbox.snapshot(), before.sandbox());
    assert!(bed.sandbox.uploads().is_empty());
    resume_completes(&bed);
}

/// `--only push` alone: nothing past the push happens. Either what it needs was chosen with it, or the push could not
/// be done, and then the run does not say that it was.
#[test]
fn only_push() {
    let bed = Bed::demo();
    let answer = bed.run(&["release", "minor", "--yes", "--only", "push"]);
    answer.says(&["push", PUBLISH, "left"]);
    assert!(bed.sandbox.uploads().is_empty());
    assert!(!drafted(&bed));
    let subject = bed.git_remote(&["log", "-1", "--format=%s", "main"]);
    let tags = bed.git_remote(&["tag", "--list"]);
    let pushed = (subject == "Bump version to 0.2.0", tags == "v0.1.0\nv0.2.0");
    assert!(pushed == (true, true) || pushed == (false, false), "both or neither: {subject}, {tags}");
    answer.exits(if pushed.0 { 0 } else { 5 });
    resume_completes(&bed);
}

#[test]
fn from_a_step_on() {
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes", "--skip", PUBLISH]).exits(5);
    let answer = bed.run(&["resume", "--from", PUBLISH]);
    answer.exits(5).says(&["highlights"]);
    assert_eq!(bed.on_index().len(), 2);
    assert!(drafted(&bed));
}

/// From a step on whose ground is not laid: nothing can run, and that is said.
#[test]
fn from_a_step_whose_ground_is_missing() {
    let bed = Bed::demo();
    let remote = bed.git_remote(&["for-each-ref"]);
    let sandbox = bed.sandbox.snapshot();
    let answer = bed.run(&["release", "minor", "--yes", "--from", PUBLISH]);
    assert_ne!(answer.code, 0, "{answer}");
    answer.says(&[PUBLISH]);
    assert_eq!(bed.git_remote(&["for-each-ref"]), remote);
    assert_eq!(bed.sandbox.snapshot(), sandbox);
    resume_completes(&bed);
}

/// A package stands for its steps.
#[test]
fn a_package_stands_for_its_steps() {
    let bed = Bed::demo();
    let answer = bed.run(&["release", "minor", "--yes", "--skip", "countdown-demo"]);
    answer.exits(5).says(&[PUBLISH]);
    assert!(bed.sandbox.uploads().is_empty());
    assert!(!drafted(&bed));
    resume_completes(&bed);
}

/// Left out is not passed: what depends on the gate does not happen.
#[test]
fn a_gate_that_is_left_out_is_not_passed() {
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes", "--skip", "gate:highlights"]).exits(5);
    assert!(
        bed.sandbox.releases(REPOSITORY).iter().all(|release| release.draft || release.tag_name != "v0.2.0")
    );
    assert!(bed.sandbox.webhooks("team").is_empty());
}

#[test]
fn unknown_selectors() {
    let bed = Bed::demo();
    let before = bed.picture();
    for (option, word, meant) in [
        ("--only", "psh", "push"),
        ("--from", "comit", "commit"),
        ("--skip", "publish:pypi:countdown-deno", PUBLISH),
        ("--skip", "mileston:close", "milestone:close"),
    ] {
        let answer = bed.run(&["release", "minor", "--yes", option, word]);
        answer.exits(2).says(&[word, "did you mean", meant]);
    }
    bed.run(&["release", "minor", "--yes", "--only", "push", "--skip", "quux-nothing-like-it"]).exits(2);
    assert_eq!(bed.picture(), before);
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
}
