//! Pull requests over REST: opened, changed, labelled, and what they change.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use super::{
    client::{api, get},
    start, with_repository,
};
use crate::{Fault, FaultAction, PullRequestSeed, RepositorySeed, Sandbox};

const REPO: &str = "/repos/octo/demo";

fn git(dir: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@forge.example"])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(dir: &Path, path: &str, text: &str) -> String {
    std::fs::write(dir.join(path), text).unwrap();
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "--quiet", "--message", path]);
    git(dir, &["rev-parse", "HEAD"])
}

/// `main` with one commit more than where `topic` left it; `topic` with two.
fn with_branches(dir: &Path) -> (Sandbox, [String; 2]) {
    git(dir, &["init", "--quiet", "--initial-branch=main"]);
    commit(dir, "old.txt", &"the same text\n".repeat(20));
    git(dir, &["switch", "--quiet", "--create", "topic"]);
    let first = commit(dir, "new ü.txt", "new");
    git(dir, &["mv", "old.txt", "moved.txt"]);
    let second = commit(dir, "more.txt", "more");
    git(dir, &["switch", "--quiet", "main"]);
    commit(dir, "meanwhile.txt", "x");
    let sandbox = start();
    let seed = RepositorySeed { git_dir: Some(dir.join(".git")), ..RepositorySeed::new("octo", "demo") };
    sandbox.add_repository(seed).unwrap();
    (sandbox, [first, second])
}

fn files(sandbox: &Sandbox, number: u64) -> Vec<(String, String)> {
    let page = api(sandbox, "GET", &format!("{REPO}/pulls/{number}/files"), &Value::Null).expect(200);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    page.as_array().unwrap().iter().map(|row| (text(row, "filename"), text(row, "status"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, status)| ((*path).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn a_pull_request_is_opened_and_changed() {
    let dir = tempfile::tempdir().unwrap();
    let (sandbox, commits) = with_branches(dir.path());
    let url = format!("{REPO}/pulls");
    let fields = json!({ "title": "One", "head": "octo:topic", "base": "main", "body": "b", "draft": true });
    let made = api(&sandbox, "POST", &url, &fields).expect(201);
    assert_eq!((&made["number"], &made["draft"], &made["state"]), (&json!(1), &json!(true), &json!("open")));
    assert_eq!((&made["head"]["ref"], &made["head"]["sha"]), (&json!("topic"), &json!(commits[1])));
    assert_eq!((&made["commits"], &made["changed_files"]), (&json!(2), &json!(3)));
    let all = [("more.txt", "added"), ("moved.txt", "renamed"), ("new ü.txt", "added")];
    assert_eq!(files(&sandbox, 1), pairs(&all));
    let listed = api(&sandbox, "GET", &format!("{url}/1/commits"), &Value::Null).expect(200);
    let told: Vec<&Value> = listed.as_array().unwrap().iter().map(|row| &row["sha"]).collect();
    assert_eq!(told, [&json!(commits[0]), &json!(commits[1])]);
    assert_eq!(listed[0]["commit"]["message"], "new ü.txt");

    let error = api(&sandbox, "POST", &url, &fields).expect(422);
    assert_eq!(
        error["errors"],
        json!([{
            "resource": "PullRequest", "code": "custom",
            "message": "A pull request already exists for octo:topic.",
        }])
    );
    let one = format!("{url}/1");
    let changed = json!({ "title": "Two", "body": null, "state": "closed" });
    let closed = api(&sandbox, "PATCH", &one, &changed).expect(200);
    assert_eq!(
        (&closed["title"], &closed["body"], &closed["state"]),
        (&json!("Two"), &Value::Null, &json!("closed"))
    );
    api(&sandbox, "POST", &url, &fields).expect(201);
    for (fields, field) in [
        (json!({ "state": "gone" }), "state"),
        (json!({ "title": " " }), "title"),
        (json!({ "base": "none" }), "base"),
    ] {
        let error = api(&sandbox, "PATCH", &one, &fields).expect(422);
        assert_eq!(error["errors"][0]["field"], field);
    }
    api(&sandbox, "PATCH", &format!("{url}/9"), &json!({ "title": "x" })).expect(404);
}

#[test]
fn what_cannot_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let (sandbox, _) = with_branches(dir.path());
    git(dir.path(), &["tag", "v1"]);
    for (head, base, expected) in [
        ("none", "main", json!({ "resource": "PullRequest", "code": "invalid", "field": "head" })),
        ("v1", "main", json!({ "resource": "PullRequest", "code": "invalid", "field": "head" })),
        ("fork:topic", "main", json!({ "resource": "PullRequest", "code": "invalid", "field": "head" })),
        ("topic", "none", json!({ "resource": "PullRequest", "code": "invalid", "field": "base" })),
        ("topic", "", json!({ "resource": "PullRequest", "code": "missing_field", "field": "base" })),
        (
            "main",
            "main",
            json!({ "resource": "PullRequest", "code": "custom", "message": "No commits between main and main" }),
        ),
    ] {
        let fields = json!({ "title": "t", "head": head, "base": base });
        let error = api(&sandbox, "POST", &format!("{REPO}/pulls"), &fields).expect(422);
        assert_eq!(error["errors"], json!([expected]), "{head} to {base}");
    }
    let read_only = RepositorySeed { push: false, private: false, ..RepositorySeed::new("octo", "demo") };
    sandbox.add_repository(read_only).unwrap();
    let fields = json!({ "title": "t", "head": "topic", "base": "main" });
    api(&sandbox, "POST", &format!("{REPO}/pulls"), &fields).expect(403);
    assert!(sandbox.pull_requests("octo/demo").is_empty());
}

#[test]
fn what_a_merged_one_changed_is_read_from_its_merge() {
    let dir = tempfile::tempdir().unwrap();
    let (sandbox, commits) = with_branches(dir.path());
    let at = |path: &Path, arguments: &[&str]| {
        git(path, arguments);
        git(path, &["rev-parse", "HEAD"])
    };
    let all = [("more.txt", "added"), ("moved.txt", "renamed"), ("new ü.txt", "added")];
    let start = git(dir.path(), &["rev-parse", "HEAD"]);
    let merged = |sha: String, commits: Vec<String>| PullRequestSeed {
        merge_commit_sha: Some(sha),
        merged_at: Some("2026-02-01T00:00:00Z".into()),
        commits,
        ..PullRequestSeed::default()
    };
    let merge = at(dir.path(), &["merge", "--quiet", "--no-ff", "-m", "merge", "topic"]);
    git(dir.path(), &["reset", "--quiet", "--hard", &start]);
    git(dir.path(), &["merge", "--quiet", "--squash", "topic"]);
    let squash = at(dir.path(), &["commit", "--quiet", "-m", "squash"]);
    git(dir.path(), &["reset", "--quiet", "--hard", &start]);
    let rebased = at(dir.path(), &["cherry-pick", &commits[0], &commits[1]]);
    let first = git(dir.path(), &["rev-parse", "HEAD^"]);
    let root = git(dir.path(), &["rev-list", "--max-parents=0", "HEAD"]);
    for (number, seed) in [
        merged(merge, commits.to_vec()),
        merged(squash, commits.to_vec()),
        merged(rebased.clone(), vec![first, rebased]),
    ]
    .into_iter()
    .enumerate()
    {
        sandbox.add_pull_request("octo/demo", seed).unwrap();
        assert_eq!(files(&sandbox, number as u64 + 1), pairs(&all));
    }
    sandbox.add_pull_request("octo/demo", merged(root, Vec::new())).unwrap();
    assert_eq!(files(&sandbox, 4), pairs(&[("old.txt", "added")]));
    sandbox.add_pull_request("octo/demo", merged("f".repeat(40), Vec::new())).unwrap();
    assert_eq!(files(&sandbox, 5), []);
}

#[test]
fn long_lists_have_pages_and_an_end() {
    let sandbox = with_repository();
    let seed = PullRequestSeed {
        files: (0..3001).map(|at| format!("{at:04}")).collect(),
        commits: (0..251).map(|at| format!("{at:040x}")).collect(),
        ..PullRequestSeed::default()
    };
    sandbox.add_pull_request("octo/demo", seed).unwrap();
    let page = |list: &str, page: u32| {
        let path = format!("{REPO}/pulls/1/{list}?per_page=100&page={page}");
        let answer = api(&sandbox, "GET", &path, &Value::Null);
        let next = answer.header("link").is_some_and(|link| link.contains("rel=\"next\""));
        (answer.expect(200).as_array().unwrap().len(), next)
    };
    assert_eq!(
        [page("files", 1), page("files", 30), page("files", 31)],
        [(100, true), (100, false), (0, false)]
    );
    assert_eq!([page("commits", 1), page("commits", 3)], [(100, true), (50, false)]);
    let one = api(&sandbox, "GET", &format!("{REPO}/pulls/1"), &Value::Null).expect(200);
    assert_eq!((&one["changed_files"], &one["commits"]), (&json!(3001), &json!(251)));
    for list in ["files", "commits"] {
        api(&sandbox, "GET", &format!("{REPO}/pulls/2/{list}"), &Value::Null).expect(404);
    }
}

#[test]
fn labels_come_and_go() {
    let sandbox = with_repository();
    let seed = PullRequestSeed { labels: vec!["bug".into(), "a/b".into()], ..PullRequestSeed::default() };
    sandbox.add_pull_request("octo/demo", seed).unwrap();
    let url = format!("{REPO}/issues/1/labels");
    let names = |value: &Value| {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&api(&sandbox, "GET", &url, &Value::Null).expect(200)), ["bug", "a/b"]);
    let left = api(&sandbox, "DELETE", &format!("{url}/a%2Fb"), &Value::Null).expect(200);
    assert_eq!(names(&left), ["bug"]);
    let error = api(&sandbox, "DELETE", &format!("{url}/a%2Fb"), &Value::Null).expect(404);
    assert_eq!(error["message"], "Label does not exist");
    api(&sandbox, "GET", &format!("{REPO}/issues/2/labels"), &Value::Null).expect(404);
}

#[test]
fn an_author_that_is_gone() {
    let sandbox = with_repository();
    let seed = PullRequestSeed {
        title: "One".into(),
        author: Some(String::new()),
        merged_at: Some("2026-02-01T00:00:00Z".into()),
        ..PullRequestSeed::default()
    };
    sandbox.add_pull_request("octo/demo", seed).unwrap();
    assert_eq!(
        api(&sandbox, "GET", &format!("{REPO}/pulls/1"), &Value::Null).expect(200)["user"],
        Value::Null
    );
    let notes = json!({ "tag_name": "v1" });
    let notes = api(&sandbox, "POST", &format!("{REPO}/releases/generate-notes"), &notes).expect(200);
    assert!(notes["body"].as_str().unwrap().contains("* One by @ghost in "));
}

#[test]
fn a_search_sees_what_its_reader_may_see() {
    let sandbox = with_repository();
    let public = RepositorySeed { private: false, ..RepositorySeed::new("octo", "public") };
    sandbox.add_repository(public).unwrap();
    for repository in ["octo/demo", "octo/public"] {
        sandbox.add_pull_request(repository, PullRequestSeed::default()).unwrap();
    }
    let count = |answer: Value| answer["total_count"].as_u64().unwrap();
    assert_eq!(count(api(&sandbox, "GET", "/search/issues?q=is:pr", &Value::Null).expect(200)), 2);
    let anonymous = get(&sandbox, "/api/v3/search/issues?q=is:pr&per_page=1", &[]).expect(200);
    assert_eq!((anonymous["items"].as_array().unwrap().len(), count(anonymous)), (1, 1));
    api(&sandbox, "GET", "/search/issues?q=", &Value::Null).expect(422);
}

#[test]
fn a_pull_request_whose_answer_is_lost_is_there() {
    let sandbox = with_repository();
    let url = format!("{REPO}/pulls");
    sandbox.add_fault(Fault::new("POST", &format!("/api/v3{url}"), FaultAction::status(502)));
    let fields = json!({ "title": "t", "head": "topic", "base": "main" });
    assert_eq!(api(&sandbox, "POST", &url, &fields).status, 502);
    assert!(sandbox.pull_requests("octo/demo").is_empty());
    sandbox.add_fault(Fault::new("POST", &format!("/api/v3{url}"), FaultAction::Truncate));
    assert!(api(&sandbox, "POST", &url, &fields).cut_short());
    assert_eq!(sandbox.pull_requests("octo/demo").len(), 1);
}
