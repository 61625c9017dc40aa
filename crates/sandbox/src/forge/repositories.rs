use serde_json::{Map, Value, json};

use super::{
    scene::{Scene, node_id, user},
    state::{IssueState, User},
};
use crate::server::{Context, Reply};

/// Answers `GET /repos/OWNER/NAME`.
pub(crate) fn get(scene: &Scene<'_>) -> Reply {
    Reply::json(200, &Value::Object(full(scene)))
}

/// The long form of a repository, which pull requests carry twice.
pub(crate) fn full(scene: &Scene<'_>) -> Map<String, Value> {
    let mut document = minimal(scene);
    let open = scene.repository.issues.iter().filter(|issue| issue.state == IssueState::Open).count();
    let html = scene.html();
    let more = json!({
        "clone_url": format!("{html}.git"),
        "git_url": format!("{html}.git"),
        "ssh_url": format!("{html}.git"),
        "svn_url": html,
        "homepage": null,
        "mirror_url": null,
        "language": null,
        "license": null,
        "archived": false,
        "disabled": false,
        "has_issues": true,
        "has_projects": false,
        "has_wiki": false,
        "has_pages": false,
        "has_downloads": true,
        "has_discussions": scene.repository.has_discussions,
        "default_branch": scene.repository.default_branch,
        "visibility": if scene.repository.private { "private" } else { "public" },
        "forks": 0,
        "forks_count": 0,
        "open_issues": open,
        "open_issues_count": open,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "network_count": 0,
        "subscribers_count": 0,
        "size": 0,
        "topics": [],
        "is_template": false,
        "pushed_at": scene.repository.created_at,
        "created_at": scene.repository.created_at,
        "updated_at": scene.repository.created_at,
        "permissions": {
            "admin": scene.may_push(),
            "maintain": scene.may_push(),
            "push": scene.may_push(),
            "triage": scene.may_push(),
            "pull": true,
        },
        "allow_squash_merge": true,
        "allow_merge_commit": true,
        "allow_rebase_merge": true,
    });
    if let Value::Object(more) = more {
        document.extend(more);
    }
    document
}

/// The short form of a repository, as a combined status carries it.
pub(crate) fn minimal(scene: &Scene<'_>) -> Map<String, Value> {
    const ADDRESSES: &[(&str, &str)] = &[
        ("archive", "/{archive_format}{/ref}"),
        ("assignees", "/assignees{/user}"),
        ("blobs", "/git/blobs{/sha}"),
        ("branches", "/branches{/branch}"),
        ("collaborators", "/collaborators{/collaborator}"),
        ("comments", "/comments{/number}"),
        ("commits", "/commits{/sha}"),
        ("compare", "/compare/{base}...{head}"),
        ("contents", "/contents/{+path}"),
        ("contributors", "/contributors"),
        ("deployments", "/deployments"),
        ("downloads", "/downloads"),
        ("events", "/events"),
        ("forks", "/forks"),
        ("git_commits", "/git/commits{/sha}"),
        ("git_refs", "/git/refs{/sha}"),
        ("git_tags", "/git/tags{/sha}"),
        ("hooks", "/hooks"),
        ("issue_comment", "/issues/comments{/number}"),
        ("issue_events", "/issues/events{/number}"),
        ("issues", "/issues{/number}"),
        ("keys", "/keys{/key_id}"),
        ("labels", "/labels{/name}"),
        ("languages", "/languages"),
        ("merges", "/merges"),
        ("milestones", "/milestones{/number}"),
        ("notifications", "/notifications{?since,all,participating}"),
        ("pulls", "/pulls{/number}"),
        ("releases", "/releases{/id}"),
        ("stargazers", "/stargazers"),
        ("statuses", "/statuses/{sha}"),
        ("subscribers", "/subscribers"),
        ("subscription", "/subscription"),
        ("tags", "/tags"),
        ("teams", "/teams"),
        ("trees", "/git/trees{/sha}"),
    ];
    let repository = &scene.repository;
    let api = scene.api();
    let mut document = Map::new();
    document.insert("id".into(), json!(repository.id));
    document.insert("node_id".into(), json!(node_id("Repository", repository.id)));
    document.insert("name".into(), json!(repository.name));
    document.insert("full_name".into(), json!(format!("{}/{}", repository.owner, repository.name)));
    document.insert("private".into(), json!(repository.private));
    document.insert("owner".into(), scene.user(&repository.owner));
    document.insert("description".into(), Value::Null);
    document.insert("fork".into(), json!(false));
    document.insert("url".into(), json!(api));
    document.insert("html_url".into(), json!(scene.html()));
    for (name, rest) in ADDRESSES {
        document.insert(format!("{name}_url"), json!(format!("{api}{rest}")));
    }
    document
}

/// Answers `GET /user`: the token's own account.
pub(crate) fn viewer(context: &Context, known: Option<&User>) -> Reply {
    let mut document = user(&context.base, &context.login);
    let now = context.now();
    let more = json!({
        "name": known.and_then(|user| user.name.as_ref()),
        "email": known.and_then(|user| user.email.as_ref()),
        "bio": null,
        "blog": null,
        "company": null,
        "location": null,
        "hireable": null,
        "followers": 0,
        "following": 0,
        "public_gists": 0,
        "public_repos": 0,
        "collaborators": 0,
        "disk_usage": 0,
        "owned_private_repos": 0,
        "private_gists": 0,
        "total_private_repos": 0,
        "two_factor_authentication": true,
        "created_at": now,
        "updated_at": now,
    });
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    Reply::json(200, &document)
}
