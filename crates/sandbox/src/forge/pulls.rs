use serde_json::{Map, Value, json};

use super::{
    answers, issues, labels, milestones, repositories,
    scene::{Scene, node_id},
    state::{Issue, PullRequest},
};
use crate::server::Reply;

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
        "commits": pull.commits.len().max(1),
        "additions": 0,
        "deletions": 0,
        "changed_files": 0,
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
    let brought = |pull: &PullRequest| {
        pull.merge_commit_sha.as_ref() == Some(&sha)
            || pull.commits.contains(&sha)
            || pull.head_sha.as_ref() == Some(&sha)
    };
    let mut chosen: Vec<&Issue> = scene
        .repository
        .issues
        .iter()
        .filter(|issue| issue.pull_request.as_ref().is_some_and(brought))
        .collect();
    chosen.sort_by_key(|issue| {
        (issue.pull_request.as_ref().is_none_or(|pull| pull.merged_at.is_none()), issue.number)
    });
    let rows: Vec<Value> =
        chosen.into_iter().filter_map(|issue| simple(scene, issue)).map(Value::Object).collect();
    Ok(answers::page(scene, &rows))
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
