//! Releases and notes of a repository that is really there.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use super::client::api;
use crate::{Options, PullRequestSeed, ReleaseSeed, RepositorySeed, Sandbox};

const REPO: &str = "/repos/octo/demo";
const RELEASE_YML: &str = "\
changelog:
  exclude:
    labels: [skip]
    authors:
      - robot
  categories:
    - title: Breaking Changes 🛠
      labels:
        - breaking
    - title: Fixes
      labels: [bug]
      exclude:
        labels:
          - docs
";

#[track_caller]
fn git(dir: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

struct Demo {
    folder: tempfile::TempDir,
    commits: Vec<String>,
    sandbox: Sandbox,
}

/// A history of six commits with a tag v1 on the second, and a merged pull request for each commit.
fn demo(release_yml: Option<&str>) -> Demo {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    git(work, &["init", "-q", "-b", "main", "."]);
    if let Some(text) = release_yml {
        std::fs::create_dir(work.join(".github")).unwrap();
        std::fs::write(work.join(".github/release.yml"), text).unwrap();
        git(work, &["add", ".github"]);
    }
    let mut commits = Vec::new();
    for number in 1..=6 {
        git(work, &["commit", "-q", "--allow-empty", "-m", &format!("commit {number}")]);
        commits.push(git(work, &["rev-parse", "HEAD"]));
    }
    git(work, &["tag", "v1", &commits[1]]);
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let git_dir = Some(work.join(".git"));
    sandbox.add_repository(RepositorySeed { git_dir, ..RepositorySeed::new("octo", "demo") }).unwrap();
    let labels = ["", "", "bug", "breaking,bug", "bug,docs", "skip"];
    for (number, labels) in (1..=6).zip(labels) {
        let seed = PullRequestSeed {
            title: format!("Change {number}"),
            author: Some("ann".into()),
            labels: labels.split(',').filter(|label| !label.is_empty()).map(str::to_owned).collect(),
            merge_commit_sha: Some(commits[number - 1].clone()),
            merged_at: Some(format!("2026-01-0{number}T00:00:00Z")),
            ..PullRequestSeed::default()
        };
        sandbox.add_pull_request("octo/demo", seed).unwrap();
    }
    Demo { folder, commits, sandbox }
}

fn generate(sandbox: &Sandbox, fields: &Value) -> Value {
    api(sandbox, "POST", &format!("{REPO}/releases/generate-notes"), fields).expect(200)
}

fn expected(sandbox: &Sandbox, text: &str) -> String {
    text.replace("BASE", sandbox.base_url().as_str().trim_end_matches('/'))
}

#[test]
fn flat_notes_between_two_tags() {
    let demo = demo(None);
    let Demo { sandbox, .. } = &demo;
    let notes = generate(sandbox, &json!({ "tag_name": "v2", "previous_tag_name": "v1" }));
    assert_eq!(notes["name"], "v2");
    let text = "## What's Changed\n\
                * Change 3 by @ann in BASE/octo/demo/pull/3\n\
                * Change 4 by @ann in BASE/octo/demo/pull/4\n\
                * Change 5 by @ann in BASE/octo/demo/pull/5\n\
                * Change 6 by @ann in BASE/octo/demo/pull/6\n\n\n\
                **Full Changelog**: BASE/octo/demo/compare/v1...v2";
    assert_eq!(notes["body"], expected(sandbox, text));
    let first = generate(sandbox, &json!({ "tag_name": "v1" }));
    let text = "## What's Changed\n\
                * Change 1 by @ann in BASE/octo/demo/pull/1\n\
                * Change 2 by @ann in BASE/octo/demo/pull/2\n\n\n\
                **Full Changelog**: BASE/octo/demo/commits/v1";
    assert_eq!(first["body"], expected(sandbox, text));
}

#[test]
fn notes_in_sections() {
    let demo = demo(Some(RELEASE_YML));
    let Demo { sandbox, .. } = &demo;
    let notes = generate(sandbox, &json!({ "tag_name": "v2", "previous_tag_name": "v1" }));
    let text = "<!-- Release notes generated using configuration in .github/release.yml at main -->\n\n\
                ## What's Changed\n\
                ### Breaking Changes 🛠\n\
                * Change 4 by @ann in BASE/octo/demo/pull/4\n\
                ### Fixes\n\
                * Change 3 by @ann in BASE/octo/demo/pull/3\n\
                ### Other Changes\n\
                * Change 5 by @ann in BASE/octo/demo/pull/5\n\n\n\
                **Full Changelog**: BASE/octo/demo/compare/v1...v2";
    assert_eq!(notes["body"], expected(sandbox, text));
}

#[test]
fn the_previous_release_is_found() {
    let demo = demo(None);
    let Demo { sandbox, folder, commits } = &demo;
    // A tag on another branch is no ancestor and therefore not the previous one.
    git(folder.path(), &["checkout", "-q", "-b", "side", &commits[0]]);
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "side"]);
    git(folder.path(), &["tag", "v0.9.1"]);
    for tag_name in ["v1", "v0.9.1"] {
        sandbox
            .add_release("octo/demo", ReleaseSeed { tag_name: tag_name.into(), ..ReleaseSeed::default() })
            .unwrap();
    }
    let notes = generate(sandbox, &json!({ "tag_name": "v2", "target_commitish": commits[2] }));
    let text = "## What's Changed\n\
                * Change 3 by @ann in BASE/octo/demo/pull/3\n\n\n\
                **Full Changelog**: BASE/octo/demo/compare/v1...v2";
    assert_eq!(notes["body"], expected(sandbox, text));
    for fields in [
        json!({ "tag_name": "v2", "previous_tag_name": "v0" }),
        json!({ "tag_name": "v2", "target_commitish": "nowhere" }),
    ] {
        let refused = api(sandbox, "POST", &format!("{REPO}/releases/generate-notes"), &fields).expect(422);
        assert!(refused["errors"][0].as_str().unwrap().starts_with("Invalid "), "{refused}");
    }
    api(sandbox, "POST", &format!("{REPO}/releases/generate-notes"), &json!({})).expect(422);
}

#[test]
fn without_a_git_directory_dates_decide() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    sandbox.add_repository(RepositorySeed::new("octo", "demo")).unwrap();
    for day in 1..=3 {
        let seed = PullRequestSeed {
            title: format!("Day {day}"),
            merged_at: Some(format!("2026-01-0{day}T00:00:00Z")),
            ..PullRequestSeed::default()
        };
        sandbox.add_pull_request("octo/demo", seed).unwrap();
    }
    let published_at = Some("2026-01-02T00:00:00Z".to_owned());
    let release = ReleaseSeed { tag_name: "v1".into(), published_at, ..ReleaseSeed::default() };
    sandbox.add_release("octo/demo", release).unwrap();
    let body = generate(&sandbox, &json!({ "tag_name": "v2" }))["body"].as_str().unwrap().to_owned();
    assert!(!body.contains("Day 1") && body.contains("Day 2") && body.contains("Day 3"), "{body}");
    assert!(body.ends_with("/octo/demo/compare/v1...v2"));
}

#[test]
fn publishing_makes_the_tag_once() {
    let demo = demo(None);
    let Demo { sandbox, folder, commits } = &demo;
    let url = format!("{REPO}/releases");
    let tags = || git(folder.path(), &["tag", "--list", "--format=%(refname:short) %(objectname)"]);
    let before = tags();
    let fields = json!({ "tag_name": "v2", "target_commitish": commits[3], "draft": true });
    let draft = api(sandbox, "POST", &url, &fields).expect(201);
    assert_eq!(tags(), before);
    let id = &draft["id"];
    api(sandbox, "PATCH", &format!("{url}/{id}"), &json!({ "draft": false })).expect(200);
    assert_eq!(tags(), format!("{before}\nv2 {}", commits[3]));
    // A tag that exists stays where it is, wherever the release points.
    api(sandbox, "POST", &url, &json!({ "tag_name": "v1", "target_commitish": "main" })).expect(201);
    assert_eq!(git(folder.path(), &["rev-parse", "v1"]), commits[1]);
    let nowhere = json!({ "tag_name": "v3", "target_commitish": "nowhere" });
    let refused = api(sandbox, "POST", &url, &nowhere).expect(422);
    assert_eq!(refused["errors"][0]["field"], "target_commitish");
    // v2/x cannot exist beside v2.
    assert_eq!(
        api(sandbox, "POST", &url, &json!({ "tag_name": "v2/x" })).expect(422)["errors"][0]["field"],
        "tag_name"
    );
    let fields = json!({ "tag_name": "v4", "body": "Mine.", "generate_release_notes": true });
    let generated = api(sandbox, "POST", &url, &fields).expect(201);
    assert_eq!(generated["name"], "v4");
    assert!(generated["body"].as_str().unwrap().starts_with("Mine.\n\n## What's Changed\n* Change 5"));
}

#[test]
fn commits_are_resolved_through_the_git_directory() {
    let demo = demo(None);
    let Demo { sandbox, commits, .. } = &demo;
    let get = |path: &str| api(sandbox, "GET", &format!("{REPO}/commits/{path}"), &Value::Null);
    for reference in ["main", &commits[5], &commits[5][..8]] {
        let pulls = get(&format!("{reference}/pulls")).expect(200);
        assert_eq!(pulls[0]["number"], 6, "{reference}");
        assert_eq!(get(&format!("{reference}/status")).expect(200)["sha"], commits[5], "{reference}");
    }
    assert_eq!(get("v1/pulls").expect(200)[0]["number"], 2);
    for reference in ["nowhere", "main~1", "0000000000000000000000000000000000000000"] {
        let refused = get(&format!("{reference}/pulls")).expect(422);
        assert_eq!(refused["message"], format!("No commit found for SHA: {reference}"));
    }
}
