use serde_json::{Map, Value, json};

use super::{
    answers::{self, Change},
    labels, milestones,
    scene::{Scene, node_id},
    state::{Comment, Issue, IssueState},
};
use crate::server::Reply;

/// Answers `GET /issues`, in which pull requests appear too.
pub(crate) fn list(scene: &Scene<'_>) -> Result<Reply, Reply> {
    let parameter = |name: &str| scene.request.parameter(name);
    let milestone = match parameter("milestone") {
        None => None,
        Some(text @ ("*" | "none")) => Some(Err(text)),
        Some(text) => {
            let number =
                text.parse::<u64>().ok().filter(|number| scene.repository.milestone(*number).is_some());
            let errors =
                json!([{ "value": text, "resource": "Issue", "field": "milestone", "code": "invalid" }]);
            Some(Ok(number.ok_or_else(|| answers::validation(&errors))?))
        }
    };
    let state = parameter("state").unwrap_or("open");
    let since = parameter("since").map(instant);
    let wanted: Vec<&str> =
        parameter("labels").unwrap_or("").split(',').filter(|label| !label.is_empty()).collect();
    let mut chosen: Vec<&Issue> = scene
        .repository
        .issues
        .iter()
        .filter(|issue| state == "all" || issue.state.as_str() == state)
        .filter(|issue| match milestone {
            None => true,
            Some(Err("none")) => issue.milestone.is_none(),
            Some(Err(_)) => issue.milestone.is_some(),
            Some(Ok(number)) => issue.milestone == Some(number),
        })
        .filter(|issue| {
            wanted.iter().all(|label| issue.labels.iter().any(|own| own.eq_ignore_ascii_case(label)))
        })
        .filter(|issue| parameter("creator").is_none_or(|creator| issue.author == creator))
        .filter(|issue| since.is_none_or(|since| instant(&issue.updated_at) >= since))
        .collect();
    sort(&mut chosen, parameter("sort"), parameter("direction").unwrap_or("desc"));
    let rows: Vec<Value> = chosen.into_iter().map(|issue| json(scene, issue)).collect();
    Ok(answers::page(scene, &rows))
}

/// Sorts by creation, or as asked; the number decides between equals.
pub(crate) fn sort(issues: &mut [&Issue], key: Option<&str>, direction: &str) {
    match key {
        Some("updated") => issues.sort_by_key(|issue| (instant(&issue.updated_at), issue.number)),
        Some("comments") => issues.sort_by_key(|issue| (issue.comments.len(), issue.number)),
        _ => issues.sort_by_key(|issue| (instant(&issue.created_at), issue.number)),
    }
    if direction != "asc" {
        issues.reverse();
    }
}

/// An instant to compare with; text that is none sorts before all others.
pub(crate) fn instant(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}

/// Answers `GET /issues/NUMBER`.
pub(crate) fn get(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    Ok(Reply::json(200, &json(scene, find(scene, number)?)))
}

/// Answers `POST /issues`.
pub(crate) fn create(scene: &mut Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let changes = Changes::read(scene, &fields)?;
    if changes.title.is_none() {
        return Err(answers::invalid("Issue", "title", "missing_field"));
    }
    let now = scene.now();
    let mut issue = Issue {
        id: scene.next_id(),
        number: scene.repository.next_number(),
        author: scene.context.login.clone(),
        created_at: now.clone(),
        ..Issue::default()
    };
    scene.repository.ensure_labels(changes.labels.as_deref().unwrap_or_default(), scene.ids);
    changes.apply(&mut issue, &now);
    let number = issue.number;
    scene.repository.issues.push(issue);
    let body = json(scene, find(scene, number)?);
    Ok(Reply::json(201, &body).header("location", format!("{}/issues/{number}", scene.api())))
}

/// Answers `PATCH /issues/NUMBER`.
pub(crate) fn update(scene: &mut Scene<'_>, number: u64) -> Result<Reply, Reply> {
    find(scene, number)?;
    let fields = answers::object(scene.request)?;
    let changes = Changes::read(scene, &fields)?;
    scene.repository.ensure_labels(changes.labels.as_deref().unwrap_or_default(), scene.ids);
    let now = scene.now();
    if let Some(issue) = scene.repository.issues.iter_mut().find(|issue| issue.number == number) {
        changes.apply(issue, &now);
    }
    get(scene, number)
}

/// Answers `POST /issues/NUMBER/labels`: the labels are added to those it has.
pub(crate) fn add_labels(scene: &mut Scene<'_>, number: u64) -> Result<Reply, Reply> {
    find(scene, number)?;
    let fields = answers::object(scene.request)?;
    let added = answers::texts(&fields, "labels")?
        .ok_or_else(|| answers::invalid("Issue", "labels", "missing_field"))?;
    scene.repository.ensure_labels(&added, scene.ids);
    let now = scene.now();
    let Some(issue) = scene.repository.issues.iter_mut().find(|issue| issue.number == number) else {
        return Err(answers::not_found());
    };
    for label in added {
        if !issue.labels.iter().any(|own| own.eq_ignore_ascii_case(&label)) {
            issue.labels.push(label);
        }
    }
    issue.updated_at = now;
    let names = issue.labels.clone();
    Ok(Reply::json(200, &Value::from(labels::named(scene, &names))))
}

/// Answers `GET /issues/NUMBER/comments`.
pub(crate) fn comments(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let rows: Vec<Value> =
        find(scene, number)?.comments.iter().map(|comment| comment_json(scene, number, comment)).collect();
    Ok(answers::page(scene, &rows))
}

/// Answers `POST /issues/NUMBER/comments`.
pub(crate) fn add_comment(scene: &mut Scene<'_>, number: u64) -> Result<Reply, Reply> {
    find(scene, number)?;
    let body = answers::text(&answers::object(scene.request)?, "body")?
        .filter(|body| !body.trim().is_empty())
        .ok_or_else(|| answers::invalid("IssueComment", "body", "missing_field"))?;
    let now = scene.now();
    let comment =
        Comment { id: scene.next_id(), author: scene.context.login.clone(), body, created_at: now.clone() };
    let reply = Reply::json(201, &comment_json(scene, number, &comment));
    if let Some(issue) = scene.repository.issues.iter_mut().find(|issue| issue.number == number) {
        issue.comments.push(comment);
        issue.updated_at = now;
    }
    Ok(reply)
}

fn find<'a>(scene: &'a Scene<'_>, number: u64) -> Result<&'a Issue, Reply> {
    scene.repository.issues.iter().find(|issue| issue.number == number).ok_or_else(answers::not_found)
}

/// What a request says about an issue; `null` takes a body or a milestone away.
struct Changes {
    title: Option<String>,
    body: Change<String>,
    state: Option<IssueState>,
    state_reason: Option<String>,
    labels: Option<Vec<String>>,
    assignees: Option<Vec<String>>,
    milestone: Change<u64>,
}

impl Changes {
    fn read(scene: &Scene<'_>, fields: &Map<String, Value>) -> Result<Self, Reply> {
        let title = match fields.get("title") {
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => answers::text(fields, "title")?,
        };
        if title.as_ref().is_some_and(|title| title.trim().is_empty()) {
            return Err(answers::invalid("Issue", "title", "missing_field"));
        }
        let state = match answers::text(fields, "state")? {
            None => None,
            Some(text) => {
                Some(IssueState::parse(&text).ok_or_else(|| answers::invalid("Issue", "state", "invalid"))?)
            }
        };
        let milestone = match fields.get("milestone") {
            None => Change::Keep,
            Some(Value::Null) => Change::Set(None),
            Some(value) => {
                let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                let known = number.filter(|number| scene.repository.milestone(*number).is_some());
                let errors =
                    json!([{ "value": value, "resource": "Issue", "field": "milestone", "code": "invalid" }]);
                Change::Set(Some(known.ok_or_else(|| answers::validation(&errors))?))
            }
        };
        Ok(Self {
            title,
            body: answers::optional_text(fields, "body")?,
            state,
            state_reason: answers::text(fields, "state_reason")?,
            labels: answers::texts(fields, "labels")?,
            assignees: answers::texts(fields, "assignees")?,
            milestone,
        })
    }

    fn apply(self, issue: &mut Issue, now: &str) {
        if let Some(title) = self.title {
            issue.title = title;
        }
        self.body.apply(&mut issue.body);
        if let Some(labels) = self.labels {
            issue.labels = labels;
        }
        if let Some(assignees) = self.assignees {
            issue.assignees = assignees;
        }
        self.milestone.apply(&mut issue.milestone);
        if let Some(state) = self.state
            && state != issue.state
        {
            issue.state = state;
            let closed = state == IssueState::Closed;
            issue.closed_at = closed.then(|| now.to_owned());
            let reason = if closed { "completed" } else { "reopened" };
            issue.state_reason = Some(self.state_reason.unwrap_or_else(|| reason.to_owned()));
        }
        now.clone_into(&mut issue.updated_at);
    }
}

fn json(scene: &Scene<'_>, issue: &Issue) -> Value {
    let api = scene.api();
    let url = format!("{api}/issues/{}", issue.number);
    let assignees: Vec<Value> = issue.assignees.iter().map(|login| scene.user(login)).collect();
    let kind = if issue.pull_request.is_some() { "pull" } else { "issues" };
    let mut document = json!({
        "url": url,
        "repository_url": api,
        "labels_url": format!("{url}/labels{{/name}}"),
        "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"),
        "html_url": format!("{}/{kind}/{}", scene.html(), issue.number),
        "id": issue.id,
        "node_id": node_id("Issue", issue.id),
        "number": issue.number,
        "title": issue.title,
        "user": scene.user(&issue.author),
        "labels": labels::named(scene, &issue.labels),
        "state": issue.state.as_str(),
        "state_reason": issue.state_reason,
        "locked": false,
        "active_lock_reason": null,
        "assignee": assignees.first(),
        "assignees": assignees,
        "milestone": milestones::numbered(scene, issue.milestone),
        "comments": issue.comments.len(),
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "author_association": "MEMBER",
        "body": issue.body,
    });
    if let (Some(pull), Some(document)) = (&issue.pull_request, document.as_object_mut()) {
        let html = format!("{}/pull/{}", scene.html(), issue.number);
        let links = json!({
            "url": format!("{api}/pulls/{}", issue.number),
            "html_url": html,
            "diff_url": format!("{html}.diff"),
            "patch_url": format!("{html}.patch"),
            "merged_at": pull.merged_at,
        });
        document.insert("pull_request".into(), links);
        document.insert("draft".into(), json!(pull.draft));
    }
    document
}

fn comment_json(scene: &Scene<'_>, number: u64, comment: &Comment) -> Value {
    json!({
        "id": comment.id,
        "node_id": node_id("IssueComment", comment.id),
        "url": format!("{}/issues/comments/{}", scene.api(), comment.id),
        "html_url": format!("{}/issues/{number}#issuecomment-{}", scene.html(), comment.id),
        "issue_url": format!("{}/issues/{number}", scene.api()),
        "user": scene.user(&comment.author),
        "author_association": "MEMBER",
        "body": comment.body,
        "created_at": comment.created_at,
        "updated_at": comment.created_at,
    })
}
