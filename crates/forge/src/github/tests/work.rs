//! Pull requests and checks.

use super::*;
use crate::{Check, CheckState, Checks as _, PullRequest, PullRequests as _};

fn wire_pull(number: u64, merged: bool) -> Value {
    json!({
        "number": number, "title": "Add", "body": null, "user": {"login": "ada", "type": "User"},
        "labels": [{"name": "feature"}], "created_at": "2026-11-19T10:00:00Z",
        "merged_at": merged.then_some("2026-11-20T10:00:00Z"), "merge_commit_sha": "c0ffee",
        "base": {"ref": "main", "sha": "x"}, "head": {"ref": "topic", "label": "acme:topic"}, "html_url": "https://forge.example/p", "milestone": null,
    })
}

fn pull(number: u64, merged: bool) -> PullRequest {
    PullRequest {
        number,
        title: "Add".into(),
        author: "ada".into(),
        labels: vec!["feature".into()],
        merged,
        merged_at: merged.then_some(1_795_168_800),
        created_at: 1_795_082_400,
        merge_commit_sha: merged.then(|| "c0ffee".into()),
        base: "main".into(),
        head: "topic".into(),
        html_url: "https://forge.example/p".into(),
        ..PullRequest::default()
    }
}

#[test]
fn pull_requests_of_commits_are_told_once_each() {
    let commits = ["aaa".to_owned(), "bbb".to_owned(), "aaa".to_owned()];
    let answers = vec![
        ok(&json!([wire_pull(9, true)])),
        page(&json!([wire_pull(9, true)]), "/more"),
        ok(&json!([wire_pull(4, false)])),
    ];
    let (result, requests) = run(answers, async |forge| forge.pull_requests_of(&commits).await);
    assert_eq!(result.unwrap(), [pull(4, false), pull(9, true)]);
    let of = |commit: &str| got(&format!("/repos/acme/demo/commits/{commit}/pulls?per_page=100"));
    assert_eq!(requests, [of("aaa"), of("bbb"), got("/more")]);

    let (result, requests) = run(Vec::new(), async |forge| forge.pull_requests_of(&[]).await);
    assert_eq!((result.unwrap().len(), requests.len()), (0, 0));
}

fn wire_run(id: u64, name: &str, app: &str, status: &str, conclusion: Option<&str>) -> Value {
    json!({
        "id": id, "name": name, "app": {"slug": app}, "status": status, "conclusion": conclusion,
        "html_url": "https://forge.example/c",
    })
}

fn wire_status(id: u64, context: &str, state: &str) -> Value {
    json!({"id": id, "context": context, "state": state, "target_url": null})
}

#[track_caller]
fn check(runs: &Value, statuses: &Value, expected: &[(&str, CheckState)]) {
    let answers = vec![
        ok(&json!({"total_count": 9, "check_runs": runs})),
        ok(&json!({"state": "success", "statuses": statuses})),
    ];
    let (result, _) = run(answers, async |forge| forge.checks("abc").await);
    let told: Vec<(String, CheckState)> =
        result.unwrap().into_iter().map(|check| (check.name, check.state)).collect();
    let expected: Vec<_> = expected.iter().map(|(name, state)| ((*name).to_owned(), state.clone())).collect();
    assert_eq!(told, expected);
}

#[test]
fn every_state_of_a_check_is_read() {
    let failure = |word: &str| CheckState::Failure(word.into());
    let none: Option<&str> = None;
    for (status, conclusion, expected) in [
        ("queued", none, CheckState::Pending),
        ("in_progress", none, CheckState::Pending),
        ("waiting", none, CheckState::Pending),
        ("in_progress", Some("success"), CheckState::Pending),
        ("completed", none, CheckState::Pending),
        ("completed", Some("success"), CheckState::Success),
        ("completed", Some("neutral"), CheckState::Neutral),
        ("completed", Some("skipped"), CheckState::Skipped),
        ("completed", Some("failure"), failure("failure")),
        ("completed", Some("cancelled"), failure("cancelled")),
        ("completed", Some("startup_failure"), failure("startup_failure")),
    ] {
        check(&json!([wire_run(1, "build", "ci", status, conclusion)]), &json!([]), &[("build", expected)]);
    }
    for (state, expected) in [
        ("success", CheckState::Success),
        ("pending", CheckState::Pending),
        ("failure", failure("failure")),
        ("error", failure("error")),
    ] {
        check(&json!([]), &json!([wire_status(1, "lint", state)]), &[("lint", expected)]);
    }
    check(&json!([]), &json!([]), &[]);
}

#[test]
fn the_latest_of_each_name_and_reporter_counts() {
    let runs = json!([
        wire_run(5, "build", "ci", "completed", Some("success")),
        wire_run(3, "build", "ci", "completed", Some("failure")),
        wire_run(4, "build", "other", "completed", Some("skipped")),
    ]);
    let statuses = json!([
        wire_status(1, "build", "pending"),
        wire_status(2, "build", "error"),
        wire_status(9, "a", "success")
    ]);
    check(
        &runs,
        &statuses,
        &[
            ("a", CheckState::Success),
            ("build", CheckState::Success),
            ("build", CheckState::Skipped),
            ("build", CheckState::Failure("error".into())),
        ],
    );
}

#[test]
fn checks_are_read_to_the_last_page() {
    let answers = vec![
        page(&json!({"check_runs": [wire_run(1, "one", "ci", "completed", Some("success"))]}), "/runs"),
        ok(&json!({"check_runs": [wire_run(2, "two", "ci", "queued", None)]})),
        page(&json!({"statuses": []}), "/statuses"),
        ok(&json!({"statuses": [wire_status(3, "three", "success")]})),
    ];
    let (result, requests) = run(answers, async |forge| forge.checks("abc").await);
    let check = |name: &str, state, link: Option<&str>| Check {
        name: name.into(),
        state,
        html_url: link.map(str::to_owned),
    };
    assert_eq!(
        result.unwrap(),
        [
            check("one", CheckState::Success, Some("https://forge.example/c")),
            check("three", CheckState::Success, None),
            check("two", CheckState::Pending, Some("https://forge.example/c")),
        ]
    );
    assert_eq!(
        requests,
        [
            got("/repos/acme/demo/commits/abc/check-runs?filter=latest&per_page=100"),
            got("/runs"),
            got("/repos/acme/demo/commits/abc/status?per_page=100"),
            got("/statuses"),
        ]
    );
}
