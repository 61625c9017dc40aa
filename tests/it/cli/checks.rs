//! The checks of the tagged commit: red stops everything that follows, green lets it go on.

use tminus_cli::demo::REPOSITORY;
use tminus_sandbox::Checks;

use super::bed::{Bed, wait_until};

/// The demo on a forge where each check runs until the test ends it.
fn with_running_checks() -> Bed {
    Bed::demo_with_checks(Checks::Auto {
        names: ["tests", "docs"].map(str::to_owned).to_vec(),
        pending_polls: u32::MAX,
    })
}

#[track_caller]
fn set(bed: &Bed, commit: &str, name: &str, conclusion: &str) {
    bed.sandbox.set_check(REPOSITORY, commit, name, "completed", Some(conclusion)).unwrap();
}

/// How often somebody has asked for the checks.
fn asked(bed: &Bed) -> usize {
    bed.sandbox.events().iter().filter(|event| event.path.ends_with("/check-runs")).count()
}

#[test]
fn a_red_check_stops_the_release_after_the_push() {
    let bed = with_running_checks();
    let base = bed.git_remote(&["rev-parse", "main"]);
    let mut run = bed.start(&["release", "minor", "--yes"]);
    wait_until("the push", || bed.git_remote(&["rev-parse", "main"]) != base);
    let commit = bed.git_remote(&["rev-parse", "v0.2.0^{commit}"]);
    // A run that does not wait would have ended, or uploaded, by now.
    let asked =
        |bed: &Bed| bed.sandbox.events().iter().filter(|event| event.path.ends_with("/check-runs")).count();
    wait_until("three questions about the checks", || asked(&bed) >= 3);
    assert!(run.is_going_on(), "the checks have not ended");
    assert!(bed.sandbox.uploads().is_empty());
    // One red, one green: the red one decides.
    set(&bed, &commit, "tests", "failure");
    set(&bed, &commit, "docs", "success");
    run.end().exits(1).says(&["tests"]).says_one_of(&["failure", "failed", "red"]);
    assert!(bed.sandbox.uploads().is_empty(), "nothing is uploaded past a red check");
    assert!(bed.sandbox.releases(REPOSITORY).iter().all(|release| release.tag_name != "v0.2.0"));

    // Still red, still no.
    let before = bed.picture();
    bed.run(&["resume"]).exits(1).says(&["tests"]);
    assert_eq!(bed.picture(), before);

    set(&bed, &commit, "tests", "success");
    bed.run(&["resume"]).exits(5).says(&["highlights"]);
    assert_eq!(bed.on_index().len(), 2);
    assert_eq!(bed.git_remote(&["rev-parse", "v0.2.0^{commit}"]), commit, "the tag has not moved");
}

/// A check that is not named in the configuration does not count.
#[test]
fn other_checks_do_not_count() {
    let bed = with_running_checks();
    let base = bed.git_remote(&["rev-parse", "main"]);
    let mut run = bed.start(&["release", "minor", "--yes"]);
    wait_until("the push", || bed.git_remote(&["rev-parse", "main"]) != base);
    let commit = bed.git_remote(&["rev-parse", "v0.2.0^{commit}"]);
    set(&bed, &commit, "spelling", "failure");
    let before = asked(&bed);
    wait_until("two questions more", || asked(&bed) > before + 1);
    assert!(run.is_going_on(), "a check that is not named decides nothing");
    set(&bed, &commit, "docs", "success");
    set(&bed, &commit, "tests", "success");
    run.end().exits(5).says(&["highlights"]);
    assert_eq!(bed.on_index().len(), 2);
}
