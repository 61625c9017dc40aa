//! Milestone, labels, bugs: what must hold before a release leaves, and how a person overrules it.

use tminus_cli::demo::REPOSITORY;
use tminus_sandbox::{IssueSeed, IssueState, MilestoneSeed, PullRequestSeed};

use super::bed::Bed;

/// Asserts that a release does not leave, for this reason.
#[track_caller]
fn check(bed: &Bed, essentials: &[&str]) {
    let before = bed.picture();
    bed.run(&["release", "minor", "--yes"]).exits(1).says(essentials);
    assert_eq!(bed.picture(), before);
    assert!(bed.sandbox.uploads().is_empty());
}

#[track_caller]
fn goes_on(bed: &Bed) {
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights"]);
    assert_eq!(bed.on_index().len(), 2);
}

fn with_open_issue() -> Bed {
    let bed = Bed::demo();
    let issue = IssueSeed {
        number: Some(23),
        title: "Count in leap years".to_owned(),
        labels: vec!["enhancement".to_owned()],
        milestone: Some("0.2.0".to_owned()),
        ..IssueSeed::default()
    };
    bed.sandbox.add_issue(REPOSITORY, issue).unwrap();
    bed
}

#[test]
fn open_issue_in_the_milestone() {
    let bed = with_open_issue();
    check(&bed, &["0.2.0", "#23", "Count in leap years"]);
    // Said again, it is still so.
    check(&bed, &["#23"]);
}

#[test]
fn a_waiver_needs_a_reason_and_holds() {
    let bed = with_open_issue();
    check(&bed, &["#23"]);
    let before = bed.picture();
    bed.run(&["gate", "waive", "milestone"]).exits(2).says(&["--why"]);
    check(&bed, &["#23"]);
    let why = "the issue is about calendars, not countdowns";
    bed.run(&["gate", "waive", "milestone", "--why", why]).exits(0).says(&["milestone"]);
    assert_eq!(bed.picture(), before, "a decision alone changes nothing");
    let status = bed.run(&["status"]);
    status.exits(0).says(&["milestone"]).says_one_of(&["waived", why]);
    goes_on(&bed);
    let titles = bed.sandbox.issues(REPOSITORY).into_iter().filter(|issue| issue.number == 23);
    assert_eq!(
        titles.map(|issue| issue.state).collect::<Vec<_>>(),
        [IssueState::Open],
        "nobody closes issues"
    );
}

/// A precondition is not a gate that one can pass.
#[test]
fn a_precondition_is_not_passed_by_hand() {
    let bed = with_open_issue();
    check(&bed, &["#23"]);
    bed.run(&["gate", "pass", "milestone"]).exits(2).says(&["milestone"]);
    check(&bed, &["#23"]);
}

#[test]
fn unlabelled_pull_request() {
    let bed = Bed::demo();
    bed.write("NEWS", "news\n");
    bed.commit_and_push("Add news (#31)");
    let commit = bed.git(&["rev-parse", "HEAD"]);
    let pull = PullRequestSeed {
        number: Some(31),
        title: "Add news".to_owned(),
        author: Some("grace".to_owned()),
        merge_commit_sha: Some(commit),
        merged_at: Some("2026-11-19T10:00:00Z".to_owned()),
        ..PullRequestSeed::default()
    };
    bed.sandbox.add_pull_request(REPOSITORY, pull).unwrap();
    check(&bed, &["#31", "Add news", "label"]);
    bed.run(&["gate", "waive", "labels", "--why", "news need none"]).exits(0);
    goes_on(&bed);
}

#[test]
fn undecided_bug() {
    let bed = Bed::demo();
    let issue = |number, labels: &[&str]| IssueSeed {
        number: Some(number),
        title: format!("Counts sideways, {number}"),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
        ..IssueSeed::default()
    };
    bed.sandbox.add_issue(REPOSITORY, issue(41, &["bug"])).unwrap();
    bed.sandbox.add_issue(REPOSITORY, issue(42, &["enhancement"])).unwrap();
    let before = bed.picture();
    let answer = bed.run(&["release", "minor", "--yes"]);
    answer.exits(1).says(&["#41", "Counts sideways, 41", "bug"]);
    for decided in ["#42", "#10"] {
        assert!(!answer.err.contains(decided), "{decided} stands in the way of nothing: {answer}");
    }
    assert_eq!(bed.picture(), before);
}

/// The next milestone that somebody made already is taken over, not made twice.
#[test]
fn the_next_milestone_is_there() {
    let bed = Bed::demo();
    let next = MilestoneSeed { title: "0.3.0".to_owned(), ..MilestoneSeed::default() };
    bed.sandbox.add_milestone(REPOSITORY, next).unwrap();
    goes_on(&bed);
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5);
    let titles: Vec<_> = bed.milestones().into_iter().map(|(title, open, _)| (title, open)).collect();
    assert_eq!(titles, [("0.2.0".to_owned(), false), ("0.3.0".to_owned(), true)]);
}
