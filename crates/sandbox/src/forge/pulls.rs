use serde_json::{Map, Value, json};

use super::{
    answers, changes, issues, labels, milestones, repositories,
    scene::{Scene, node_id},
    state::{Issue, PullRequest, Repository},
};
use crate::server::{Reply, encoded};

/// Answers `GET /pulls`.
pub(crate) fn list(scene: &Scene<'_>) -> Reply {
    let parameter = |name: &str| scene.request.parameter(name);
    let state = parameter("state").unwrap_or("open");
    let owner = &scene.repository.owner;
    let mut chosen: Vec<&Issue> = scene
        .repository
        .issues
        .iter()
        .filter(|issue| {
            issue.pull_request.as_ref().is_some_and(|pull| {
                (state == "all" || issue.state.as_str() == state)
                    && parameter("base").is_none_or(|base| pull.base == base)
                    && parameter("head").is_none_or(|head| head == format!("{owner}:{}", pull.head))
            })
        })
        .collect();
    let key = parameter("sort");
    let natural = if matches!(key, None | Some("created")) { "desc" } else { "asc" };
    issues::sort(&mut chosen, key, parameter("direction").unwrap_or(natural));
    let rows: Vec<Value> =
        chosen.into_iter().filter_map(|issue| simple(scene, issue)).map(Value::Object).collect();
    answers::page(scene, &rows)
}

/// Answers `GET /pulls/NUMBER`.
pub(crate) fn get(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let issue =
        scene.repository.issues.iter().find(|issue| issue.number == number).ok_or_else(answers::not_found)?;
    let (Some(mut document), Some(pull)) = (simple(scene, issue), &issue.pull_request) else {
        return Err(answers::not_found());
    };
    let merged = pull.merged_at.is_some();
    let more = json!({
        "merged": merged,
        "mergeable": (!merged).then_some(true),
        "rebaseable": (!merged).then_some(true),
        "mergeable_state": if merged { "unknown" } else { "clean" },
        "merged_by": merged.then(|| scene.user(&scene.context.login)),
        "comments": issue.comments.len(),
        "review_comments": 0,
        "maintainer_can_modify": false,
        "commits": changes::commits(scene.git().as_ref(), pull).len().max(1),
        "additions": 0,
        "deletions": 0,
        "changed_files": changes::files(scene.git().as_ref(), pull).len(),
    });
    if let Value::Object(more) = more {
        document.extend(more);
    }
    Ok(Reply::json(200, &Value::Object(document)))
}

/// Answers `GET /commits/SHA/pulls`: the pull requests that brought the commit, merged ones first.
pub(crate) fn of_commit(scene: &Scene<'_>, reference: &str) -> Result<Reply, Reply> {
    let sha = match scene.git() {
        Some(git) => git
            .resolve(reference)
            .ok_or_else(|| answers::message(422, &format!("No commit found for SHA: {reference}")))?,
        None => reference.to_owned(),
    };
    let chosen = that_brought(scene.repository, &sha);
    let rows: Vec<Value> =
        chosen.into_iter().filter_map(|issue| simple(scene, issue)).map(Value::Object).collect();
    Ok(answers::page(scene, &rows))
}

/// The pull requests that brought a commit, merged ones first.
pub(crate) fn that_brought<'a>(repository: &'a Repository, sha: &str) -> Vec<&'a Issue> {
    let brought = |pull: &PullRequest| {
        let is = |known: &Option<String>| known.as_deref() == Some(sha);
        is(&pull.merge_commit_sha) || is(&pull.head_sha) || pull.commits.iter().any(|known| known == sha)
    };
    let mut chosen: Vec<&Issue> =
        repository.issues.iter().filter(|issue| issue.pull_request.as_ref().is_some_and(brought)).collect();
    chosen.sort_by_key(|issue| {
        (issue.pull_request.as_ref().is_none_or(|pull| pull.merged_at.is_none()), issue.number)
    });
    chosen
}

/// Answers `GET /pulls/NUMBER/files`: 3,000 at most.
pub(crate) fn files(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let mut files = changes::files(scene.git().as_ref(), find(scene, number)?);
    files.truncate(changes::MAX_FILES);
    let row = |file: &changes::ChangedFile| {
        json!({
            "sha": null,
            "filename": file.path,
            "status": file.status,
            "additions": 0,
            "deletions": 0,
            "changes": 0,
            "blob_url": format!("{}/blob/HEAD/{}", scene.html(), encoded(&file.path)),
            "raw_url": format!("{}/raw/HEAD/{}", scene.html(), encoded(&file.path)),
            "contents_url": format!("{}/contents/{}", scene.api(), encoded(&file.path)),
        })
    };
    let rows: Vec<Value> = files.iter().map(row).collect();
    Ok(answers::page(scene, &rows))
}

/// Answers `GET /pulls/NUMBER/commits`: 250 at most, oldest first.
pub(crate) fn commits(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let git = scene.git();
    let mut commits = changes::commits(git.as_ref(), find(scene, number)?);
    commits.truncate(changes::MAX_COMMITS);
    let row = |sha: &String| {
        let message = git.as_ref().and_then(|git| git.message(sha)).unwrap_or_default();
        let who = json!({ "name": scene.context.login, "email": "", "date": scene.now() });
        let url = format!("{}/commits/{sha}", scene.api());
        json!({
            "url": url,
            "sha": sha,
            "node_id": node_id("Commit", scene.repository.id),
            "html_url": format!("{}/commit/{sha}", scene.html()),
            "comments_url": format!("{url}/comments"),
            "commit": {
                "url": url,
                "author": who,
                "committer": who,
                "message": message.trim_end(),
                "tree": null,
                "comment_count": 0,
            },
            "author": null,
            "committer": null,
            "parents": [],
        })
    };
    let rows: Vec<Value> = commits.iter().map(row).collect();
    Ok(answers::page(scene, &rows))
}

fn find<'a>(scene: &'a Scene<'_>, number: u64) -> Result<&'a PullRequest, Reply> {
    let found = scene.repository.issues.iter().find(|issue| issue.number == number);
    found.and_then(|issue| issue.pull_request.as_ref()).ok_or_else(answers::not_found)
}

/// The form of a pull request in lists.
fn simple(scene: &Scene<'_>, issue: &Issue) -> Option<Map<String, Value>> {
    let pull = issue.pull_request.as_ref()?;
    let api = scene.api();
    let url = format!("{api}/pulls/{}", issue.number);
    let issue_url = format!("{api}/issues/{}", issue.number);
    let html = format!("{}/pull/{}", scene.html(), issue.number);
    let unknown = "0".repeat(40);
    let head_sha = pull.head_sha.as_ref().or(pull.commits.last()).unwrap_or(&unknown);
    let statuses = format!("{api}/statuses/{head_sha}");
    let repository = Value::Object(repositories::full(scene));
    let side = |branch: &str, sha: &str| {
        json!({
            "label": format!("{}:{branch}", scene.repository.owner),
            "ref": branch,
            "sha": sha,
            "user": scene.user(&scene.repository.owner),
            "repo": repository,
        })
    };
    let link = |href: &str| json!({ "href": href });
    let assignees: Vec<Value> = issue.assignees.iter().map(|login| scene.user(login)).collect();
    let document = json!({
        "url": url,
        "id": issue.id,
        "node_id": node_id("PullRequest", issue.id),
        "html_url": html,
        "diff_url": format!("{html}.diff"),
        "patch_url": format!("{html}.patch"),
        "issue_url": issue_url,
        "number": issue.number,
        "state": issue.state.as_str(),
        "locked": false,
        "title": issue.title,
        "user": scene.user(&issue.author),
        "body": issue.body,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "merged_at": pull.merged_at,
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": assignees.first(),
        "assignees": assignees,
        "requested_reviewers": [],
        "requested_teams": [],
        "labels": labels::named(scene, &issue.labels),
        "milestone": milestones::numbered(scene, issue.milestone),
        "draft": pull.draft,
        "commits_url": format!("{url}/commits"),
        "review_comments_url": format!("{url}/comments"),
        "review_comment_url": format!("{api}/pulls/comments{{/number}}"),
        "comments_url": format!("{issue_url}/comments"),
        "statuses_url": statuses,
        "head": side(&pull.head, head_sha),
        "base": side(&pull.base, &unknown),
        "_links": {
            "self": link(&url),
            "html": link(&html),
            "issue": link(&issue_url),
            "comments": link(&format!("{issue_url}/comments")),
            "review_comments": link(&format!("{url}/comments")),
            "review_comment": link(&format!("{api}/pulls/comments{{/number}}")),
            "commits": link(&format!("{url}/commits")),
            "statuses": link(&statuses),
        },
        "author_association": "MEMBER",
        "auto_merge": null,
        "active_lock_reason": null,
    });
    match document {
        Value::Object(document) => Some(document),
        _ => None,
    }
}
