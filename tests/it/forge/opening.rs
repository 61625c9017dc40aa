//! Pull requests found, opened and labelled.

use std::path::Path;

use tminus_forge::{ForgeError, NewPullRequest, Opened, PullRequest, PullRequests as _, StateFilter};
use tminus_sandbox::{Fault, FaultAction, IssueState, PullRequestSeed};

use super::bed::{Bed, REPOSITORY, REST, commit, git, repository};

fn backport() -> NewPullRequest {
    NewPullRequest {
        title: "[1.x] Fix the count".into(),
        body: "Backport of #7".into(),
        head: "backport/7".into(),
        base: "1.x".into(),
        draft: false,
        labels: vec!["backport".into(), "größe: s".into()],
    }
}

/// A repository with the branches `main`, `1.x` and `backport/7`, the last with one commit more.
fn branches(dir: &Path) -> Bed {
    let git_dir = repository(dir);
    git(dir, &["branch", "1.x"]);
    git(dir, &["switch", "--quiet", "--create", "backport/7"]);
    commit(dir, "fix.rs", "Fix");
    Bed::new(true, Some(git_dir))
}

fn open(bed: &Bed, new: &NewPullRequest) -> Result<Opened, ForgeError> {
    bed.wait(bed.forge.create_pull_request(new))
}

fn find(bed: &Bed, head: &str, state: StateFilter) -> Option<PullRequest> {
    bed.wait(bed.forge.find_pull_request(head, "1.x", state)).unwrap()
}

#[test]
fn a_pull_request_is_opened_once() {
    let dir = tempfile::tempdir().unwrap();
    let bed = branches(dir.path());
    let Opened::New(made) = open(&bed, &backport()).unwrap() else { panic!("it is new") };
    assert_eq!((made.title.as_str(), made.body.as_str()), ("[1.x] Fix the count", "Backport of #7"));
    assert_eq!((made.head.as_str(), made.base.as_str(), made.merged), ("backport/7", "1.x", false));
    let labels = [String::from("backport"), "größe: s".into()];
    assert_eq!(bed.sandbox.pull_requests(REPOSITORY)[0].labels, labels);
    assert_eq!(bed.one(made.number, true).files.unwrap().paths, ["fix.rs"]);

    let Opened::AlreadyThere(again) = open(&bed, &backport()).unwrap() else { panic!("it is there") };
    assert_eq!((again.number, again.labels), (made.number, labels.to_vec()));
    assert_eq!(bed.sandbox.pull_requests(REPOSITORY).len(), 1);
    let posts = bed
        .requests()
        .iter()
        .filter(|(method, path, _)| method == "POST" && path.ends_with("/pulls"))
        .count();
    assert_eq!(posts, 1);
}

#[test]
fn a_lost_answer_makes_no_second_one() {
    let pulls = format!("{REST}/pulls");
    for (fault, new) in [
        // It was made, and the answer was lost.
        (FaultAction::ResetAfter, false),
        (FaultAction::Truncate, false),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let bed = branches(dir.path());
        bed.sandbox.add_fault(Fault::new("POST", &pulls, fault.clone()));
        let opened = open(&bed, &backport()).unwrap();
        assert_eq!(matches!(opened, Opened::New(_)), new, "{fault:?}");
        assert_eq!(bed.sandbox.pull_requests(REPOSITORY).len(), 1);
    }
    for fault in [FaultAction::ResetBefore, FaultAction::status(502)] {
        let dir = tempfile::tempdir().unwrap();
        let bed = branches(dir.path());
        bed.sandbox.add_fault(Fault::new("POST", &pulls, fault.clone()));
        assert!(open(&bed, &backport()).unwrap_err().is_passing(), "{fault:?}");
        assert_eq!(bed.sandbox.pull_requests(REPOSITORY).len(), 0);
        assert!(matches!(open(&bed, &backport()).unwrap(), Opened::New(_)), "and then it works");
    }
}

#[test]
fn another_run_that_was_faster_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let bed = branches(dir.path());
    open(&bed, &backport()).unwrap();
    // The first look does not show it yet.
    let empty = FaultAction::Status { code: 200, headers: Vec::new(), body: "[]".into() };
    bed.sandbox.add_fault(Fault::new("GET", &format!("{REST}/pulls"), empty));
    bed.requests();
    assert!(matches!(open(&bed, &backport()).unwrap(), Opened::AlreadyThere(_)));
    let refused = ("POST".to_owned(), format!("{REST}/pulls"), 422);
    assert!(bed.requests().contains(&refused));
}

#[test]
fn what_cannot_be_opened_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let bed = branches(dir.path());
    for (head, base, expected) in [
        ("nowhere", "1.x", "head invalid"),
        ("fork:backport/7", "1.x", "head invalid"),
        ("backport/7", "nowhere", "base invalid"),
        ("1.x", "main", "No commits between main and 1.x"),
    ] {
        let new = NewPullRequest { head: head.into(), base: base.into(), ..backport() };
        let error = open(&bed, &new).unwrap_err();
        assert!(!error.is_already_there(), "{error}");
        let text = format!(
            "a pull request from {head} to {base} of octo/demo: not accepted: Validation Failed ({expected})"
        );
        assert_eq!(error.to_string(), text);
    }
    let error = open(&bed, &NewPullRequest { title: String::new(), ..backport() }).unwrap_err().to_string();
    assert!(error.ends_with("(title missing_field)"), "{error}");
    assert!(bed.sandbox.pull_requests(REPOSITORY).is_empty());
}

#[test]
fn a_pull_request_is_found_by_its_branches() {
    let bed = Bed::new(true, None);
    let seed = |head: &str, base: &str| PullRequestSeed {
        head: Some(head.into()),
        base: Some(base.into()),
        ..PullRequestSeed::default()
    };
    bed.add(PullRequestSeed { closed: true, ..seed("backport/7", "1.x") });
    bed.add(seed("backport/7", "2.x"));
    bed.add(seed("backport/7", "1.x"));
    bed.add(PullRequestSeed { closed: true, ..seed("backport/7", "1.x") });
    let number = |head: &str, state| find(&bed, head, state).map(|pull| pull.number);
    assert_eq!(number("backport/7", StateFilter::Open), Some(3));
    assert_eq!(number("octo:backport/7", StateFilter::Open), Some(3));
    assert_eq!(number("backport/7", StateFilter::Closed), Some(4));
    assert_eq!(number("backport/7", StateFilter::All), Some(3), "an open one comes first");
    assert_eq!(number("other", StateFilter::All), None);
    assert_eq!(number("fork:backport/7", StateFilter::All), None);
}

#[test]
fn labels_are_added_beside_those_there_are() {
    let bed = Bed::new(true, None);
    bed.add(PullRequestSeed { labels: vec!["bug".into()], ..PullRequestSeed::default() });
    let add = |labels: &[&str]| {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        bed.wait(bed.forge.add_labels(1, &labels))
    };
    let url = format!("{REST}/issues/1/labels");
    bed.sandbox.add_fault(Fault::new("POST", &url, FaultAction::ResetAfter));
    add(&["released", "BUG"]).unwrap();
    add(&[]).unwrap();
    let pull = &bed.sandbox.pull_requests(REPOSITORY)[0];
    assert_eq!((pull.labels.join(" "), pull.state), ("bug released".to_owned(), IssueState::Open));
    assert_eq!(bed.requests().len(), 2, "nothing to add asks nothing");
    assert!(matches!(
        bed.wait(bed.forge.add_labels(9, &["x".to_owned()])).unwrap_err(),
        ForgeError::NotFound { .. }
    ));
}
