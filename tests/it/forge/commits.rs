//! Pull requests by commits, and commits by pull request.

use tminus_forge::{ForgeError, PullRequest, PullRequests as _};
use tminus_sandbox::{Fault, FaultAction, PullRequestSeed};

use super::bed::{Bed, commit, git, merged, repository};

fn ids(count: u64) -> Vec<String> {
    (1..=count).map(|number| format!("{number:040x}")).collect()
}

fn of(bed: &Bed, commits: &[String]) -> Result<Vec<PullRequest>, ForgeError> {
    bed.wait(bed.forge.pull_requests_of(commits))
}

#[test]
fn commits_are_asked_about_in_batches() {
    let mut told = Vec::new();
    for token in [true, false] {
        let bed = Bed::new(token, None);
        bed.add_merged(120);
        let found = of(&bed, &ids(130)).unwrap();
        assert_eq!(found.len(), 120);
        assert_eq!(bed.requests().len(), if token { 3 } else { 130 });
        let mut found = found;
        for pull in &mut found {
            // The port of the sandbox stands in it.
            pull.html_url.clear();
        }
        told.push(found);
    }
    assert_eq!(told[0], told[1], "both ways give the same");
}

#[test]
fn a_commit_of_many_pull_requests_and_an_open_one() {
    let bed = Bed::new(true, None);
    let shared = format!("{:040x}", 77);
    for number in 1..=7 {
        bed.add(PullRequestSeed { commits: vec![shared.clone()], ..merged(number) });
    }
    bed.add(PullRequestSeed { number: Some(8), commits: vec![shared.clone()], ..PullRequestSeed::default() });
    let found = of(&bed, &[shared.clone(), shared]).unwrap();
    let told: Vec<(u64, bool)> = found.iter().map(|pull| (pull.number, pull.merged)).collect();
    assert_eq!(
        told,
        [(1, true), (2, true), (3, true), (4, true), (5, true), (6, true), (7, true), (8, false)]
    );
    assert_eq!(bed.requests().len(), 2, "more than five are asked for by REST");
}

#[test]
fn a_batch_of_commits_is_halved_once() {
    let bed = Bed::new(true, None);
    bed.add_merged(10);
    bed.sandbox.add_fault(Fault::new("POST", "/api/graphql", FaultAction::status(504)));
    assert_eq!(of(&bed, &ids(10)).unwrap().len(), 10);
    assert_eq!(bed.requests().len(), 3);
    let body = serde_json::json!({"errors": [{"message": "Something went wrong"}]}).to_string();
    let action = FaultAction::Status { code: 200, headers: Vec::new(), body };
    bed.sandbox.add_fault(Fault::new("POST", "/api/graphql", action).times(2));
    let error = of(&bed, &ids(10)).unwrap_err();
    assert!(error.to_string().ends_with("not accepted: Something went wrong"), "{error}");
}

#[test]
fn a_commit_that_is_not_there_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let git_dir = repository(dir.path());
    let head = git(dir.path(), &["rev-parse", "HEAD"]);
    for token in [true, false] {
        let bed = Bed::new(token, Some(git_dir.clone()));
        assert_eq!(of(&bed, std::slice::from_ref(&head)).unwrap(), []);
        let absent = "c".repeat(40);
        let error = of(&bed, &[head.clone(), absent.clone()]).unwrap_err().to_string();
        assert!(error.contains(&absent), "{error}");
    }
}

#[test]
fn commits_of_a_pull_request() {
    let dir = tempfile::tempdir().unwrap();
    let git_dir = repository(dir.path());
    git(dir.path(), &["switch", "--quiet", "--create", "topic"]);
    let commits = vec![commit(dir.path(), "a", "First\n\nWhy"), commit(dir.path(), "b", "Second: ü")];
    for token in [true, false] {
        let bed = Bed::new(token, Some(git_dir.clone()));
        let rebased = merged(1);
        bed.add(PullRequestSeed { commits: commits.clone(), ..rebased });
        bed.add(PullRequestSeed {
            number: Some(2),
            head: Some("topic".into()),
            ..PullRequestSeed::default()
        });
        for number in [1, 2] {
            let told = bed.wait(bed.forge.pull_request_commits(number)).unwrap();
            let ids: Vec<&String> = told.iter().map(|commit| &commit.id).collect();
            assert_eq!(ids, commits.iter().collect::<Vec<_>>(), "#{number}, token: {token}");
            let messages: Vec<&str> = told.iter().map(|commit| commit.message.as_str()).collect();
            assert_eq!(messages, ["First\n\nWhy", "Second: ü"]);
        }
        let error = bed.wait(bed.forge.pull_request_commits(9)).unwrap_err();
        assert!(matches!(error, ForgeError::NotFound { .. }), "{error}");
    }
}

#[test]
fn many_commits_are_told_whole_or_not_at_all() {
    for (token, count, whole) in
        [(true, 249, true), (true, 251, true), (false, 249, true), (false, 251, false)]
    {
        let bed = Bed::new(token, None);
        bed.add(PullRequestSeed { commits: ids(count), ..merged(1) });
        match bed.wait(bed.forge.pull_request_commits(1)) {
            Ok(told) => assert!(whole && u64::try_from(told.len()).unwrap() == count),
            Err(error) => assert!(!whole && matches!(error, ForgeError::TooMany { .. }), "{error}"),
        }
    }
}
