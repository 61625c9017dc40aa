//! `tminus backport` between a remote, a forge and the lines that tminus.toml names.

use tminus_sandbox::{Fault, FaultAction, Issue, IssueState, PullRequestSeed, RepositorySeed};

use super::bed::{Bed, TOKEN};

const FORGE: &str = "octo/demo";
const MERGED: &str = "2026-02-01T00:00:00Z";
const NEWEST: &str = "release-1.10.x";
const OLD: &str = "release-1.2.x";

/// A remote with `main` and three lines, and a forge that knows five pull requests, each merged in another way.
fn bed() -> Bed {
    let mut bed = Bed::plain();
    let api = bed.sandbox.forge_url().to_string();
    bed.set("GITHUB_API_URL", &api);
    bed.set("GH_TOKEN", TOKEN);
    let seed = RepositorySeed { git_dir: Some(bed.remote.clone()), ..RepositorySeed::new("octo", "demo") };
    bed.sandbox.add_repository(seed).unwrap();
    bed.write(
        "tminus.toml",
        "[project]\nforge = \"github:octo/demo\"\n\n[train]\n\
         branches = { main = \"main\", line = \"release-{major}.{minor}.x\" }\n",
    );
    bed.write("base", "base\n");
    bed.commit_and_push("Begin");
    for line in [OLD, NEWEST, "release-1.9.x", "release-notes"] {
        bed.git(&["branch", line]);
        bed.git(&["push", "--quiet", "origin", line]);
    }
    let squashed = commit(&bed, "squashed", "Squash it (#12)");
    let topic = on_topic(&bed, &[("first", "Part one"), ("second", "Part two")]);
    commit(&bed, "between", "Something else");
    for own in &topic {
        bed.git(&["cherry-pick", own]);
    }
    let rebased = bed.git(&["rev-parse", "HEAD"]);
    let branch = on_topic(&bed, &[("merged", "Work on it")]);
    bed.git(&["merge", "--quiet", "--no-ff", "-m", "Bring it in", &branch[0]]);
    let merged = bed.git(&["rev-parse", "HEAD"]);
    let own = on_topic(&bed, &[("x", "wip"), ("y", "wip 2")]);
    let renamed = commit(&bed, "tidy", "Tidy up, as its title says");
    bed.git(&["push", "--quiet", "origin", "main"]);
    let add = |number, title: &str, merge: Option<&String>, commits: Vec<String>| {
        let seed = PullRequestSeed {
            number: Some(number),
            title: title.to_owned(),
            author: Some("ada".to_owned()),
            merge_commit_sha: merge.cloned(),
            merged_at: merge.map(|_| MERGED.to_owned()),
            commits,
            ..PullRequestSeed::default()
        };
        bed.sandbox.add_pull_request(FORGE, seed).unwrap();
    };
    add(12, "Squash it", Some(&squashed), vec![topic[0].clone()]);
    add(13, "Rebase it", Some(&rebased), topic);
    add(14, "Merge it", Some(&merged), branch);
    add(15, "Tidy", Some(&renamed), own.clone());
    add(16, "Not yet", None, own);
    bed
}

/// A file with a commit of its own.
fn commit(bed: &Bed, name: &str, message: &str) -> String {
    bed.write(name, &format!("{message}\n"));
    bed.git(&["add", "--all"]);
    bed.git(&["commit", "--quiet", "--message", message]);
    bed.git(&["rev-parse", "HEAD"])
}

/// Commits on a branch of their own, which the forge keeps after the merge.
fn on_topic(bed: &Bed, commits: &[(&str, &str)]) -> Vec<String> {
    let back = bed.git(&["rev-parse", "--abbrev-ref", "HEAD"]);
    bed.git(&["switch", "--quiet", "--detach"]);
    let made: Vec<String> = commits.iter().map(|(name, message)| commit(bed, name, message)).collect();
    let number = bed.git(&["rev-list", "--count", "HEAD"]);
    bed.git(&["push", "--quiet", "origin", &format!("HEAD:refs/heads/topic-{number}-{}", commits[0].0)]);
    bed.git(&["switch", "--quiet", &back]);
    made
}

/// The pull requests that lead to a line.
fn opened(bed: &Bed, line: &str) -> Vec<Issue> {
    let is = |issue: &Issue| issue.pull_request.as_ref().is_some_and(|pull| pull.base == line);
    bed.sandbox.pull_requests(FORGE).into_iter().filter(is).collect()
}

/// What a branch of the remote has beyond a line, the oldest first.
fn beyond(bed: &Bed, line: &str, branch: &str) -> Vec<String> {
    let range = format!("{line}..{branch}");
    bed.git_remote(&["log", "--reverse", "--format=%s", &range]).lines().map(str::to_owned).collect()
}

#[test]
fn a_pull_request_is_opened_once() {
    let bed = bed();
    let origin = bed.git(&["rev-parse", "main~6"]);
    let first = bed.run(&["backport", "#12", "--to", OLD, "--push", "--label", "backport", "--label", "fix"]);
    first.exits(0).says(&["pushed", "pull request: http://127.0.0.1:"]);
    let pulls = opened(&bed, OLD);
    let [pull] = pulls.as_slice() else { panic!("{pulls:#?}") };
    assert_eq!(pull.title, format!("[{OLD}] Squash it (#12)"));
    let body = pull.body.as_deref().unwrap();
    assert!(body.starts_with(&format!("Backport of #12 to {OLD}.\n")), "{body}");
    let squashed = bed.git(&["log", "--format=%H", "--grep=Squash it", "main"]);
    assert!(body.contains(&squashed), "{body} names {squashed}, not {origin}");
    assert_eq!(pull.labels, ["backport", "fix"]);
    assert_eq!(pull.pull_request.as_ref().unwrap().head, format!("backport/12/to/{OLD}"));
    let before = bed.picture();
    bed.run(&["backport", "12", "--to", OLD, "--push"]).exits(0).says(&[
        "as it should be",
        "the remote has it already",
        &format!("/pull/{}", pull.number),
    ]);
    assert_eq!(bed.picture(), before, "a second run changes nothing");
}

#[test]
fn the_forge_says_how_a_pull_request_was_merged() {
    let bed = bed();
    let cases: [(&str, &[&str]); 4] = [
        ("12", &["Squash it (#12)"]),
        ("13", &["Part one", "Part two"]),
        ("14", &["Bring it in"]),
        ("15", &["Tidy up, as its title says"]),
    ];
    for (number, expected) in cases {
        let answer = bed.run(&["backport", number, "--to", OLD, "--push"]);
        answer.exits(0);
        assert_eq!(
            beyond(&bed, OLD, &format!("backport/{number}/to/{OLD}")),
            expected,
            "#{number}\n{answer}"
        );
    }
    let before = bed.picture();
    for number in ["13", "16", "99"] {
        let mut args = vec!["backport", number, "--to", OLD, "--push"];
        if number == "13" {
            // No message on main names it.
            args.push("--no-forge");
        }
        let answer = bed.run(&args);
        assert!(answer.code == 2 || answer.code == 3, "{answer}");
        answer.says(&[number]);
    }
    assert_eq!(bed.picture().sandbox(), before.sandbox());
}

#[test]
fn every_line_that_tminus_toml_names_is_one() {
    let bed = bed();
    let answer = bed.run(&["backport", "12", "--push", "--json"]);
    let told = answer.exits(0).json();
    let lines: Vec<&str> =
        told["backports"].as_array().unwrap().iter().map(|line| line["to"].as_str().unwrap()).collect();
    assert_eq!(lines, [NEWEST, "release-1.9.x", OLD], "by number, the newest first");
    for line in lines {
        assert_eq!(opened(&bed, line).len(), 1, "{line}");
    }
    // A line that only the remote has counts too.
    bed.git(&["branch", "--quiet", "-D", NEWEST]);
    let missing = bed.run(&["backport", "--missing"]);
    missing.exits(0).says(&[&format!("{NEWEST}: "), "release-1.9.x: ", "Part two"]);
    assert!(!missing.out.contains("release-notes"), "{missing}");
    bed.write("tminus.toml", "[project]\nforge = \"github:octo/demo\"\n\n[train]\n");
    bed.run(&["backport", "12"]).exits(2).says(&["--to BRANCH", "line = "]);
    bed.write("tminus.toml", "[train]\nbranches = { main = \"main\", line = \"release-x\" }\n");
    bed.run(&["backport", "12"]).exits(2).says(&["tminus.toml:2:", "{major}"]);
}

#[test]
fn a_forge_that_fails_leaves_the_branch_for_the_next_run() {
    let bed = bed();
    let refusal = FaultAction::status(403);
    bed.sandbox.add_fault(Fault::new("POST", "/api/v3/repos/octo/demo/pulls", refusal));
    bed.run(&["backport", "12", "--to", OLD, "--push"]).exits(3).says(&["run it again"]);
    assert_eq!(beyond(&bed, OLD, &format!("backport/12/to/{OLD}")), ["Squash it (#12)"]);
    assert_eq!(opened(&bed, OLD).len(), 0);
    bed.run(&["backport", "12", "--to", OLD, "--push"]).exits(0).says(&["pull request: http://127.0.0.1:"]);
    let pulls = opened(&bed, OLD);
    assert_eq!((pulls.len(), pulls[0].state), (1, IssueState::Open));
}

#[test]
fn without_a_token_the_branch_is_pushed_and_no_more() {
    let mut bed = bed();
    bed.unset("GH_TOKEN");
    bed.run(&["backport", "12", "--to", OLD, "--push"])
        .exits(0)
        .says(&["pushed", "open a pull request from"]);
    assert_eq!(opened(&bed, OLD).len(), 0);
}
