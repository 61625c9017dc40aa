//! Pull requests opened and changed over the wire.

use serde_json::{Map, Value, json};

use super::{
    answers, pulls,
    scene::Scene,
    state::{Issue, IssueState, PullRequest},
};
use crate::server::Reply;

/// Answers `POST /pulls`.
///
/// Branches are looked up where there is a git directory; without one, any name is a branch.
pub(crate) fn create(scene: &mut Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let required = |name: &str| {
        let text = answers::text(&fields, name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| answers::invalid("PullRequest", name, "missing_field"))
    };
    let (title, base, head) = (required("title")?, required("base")?, required("head")?);
    let body = answers::text(&fields, "body")?;
    let draft = answers::boolean(&fields, "draft")?.unwrap_or(false);
    let head = own_branch(scene, &head)?;
    let (head_sha, commits) = between(scene, &base, &head)?;
    let same = |issue: &Issue| {
        let pull = issue.pull_request.as_ref();
        issue.state == IssueState::Open && pull.is_some_and(|pull| pull.head == head && pull.base == base)
    };
    if scene.repository.issues.iter().any(same) {
        let text = format!("A pull request already exists for {}:{head}.", scene.repository.owner);
        return Err(custom(&text));
    }
    let now = scene.now();
    let issue = Issue {
        id: scene.next_id(),
        number: scene.repository.next_number(),
        title,
        body,
        author: scene.context.login.clone(),
        created_at: now.clone(),
        updated_at: now,
        pull_request: Some(PullRequest { base, head, head_sha, commits, draft, ..PullRequest::default() }),
        ..Issue::default()
    };
    let number = issue.number;
    scene.repository.issues.push(issue);
    let made = pulls::get(scene, number)?;
    let location = format!("{}/pulls/{number}", scene.api());
    Ok(Reply { status: 201, ..made }.header("location", location))
}

/// Answers `PATCH /pulls/NUMBER`: title, text, state and base.
pub(crate) fn update(scene: &mut Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let base = answers::text(&fields, "base")?;
    if let (Some(base), Some(git)) = (&base, scene.git())
        && git.branch(base).is_none()
    {
        return Err(answers::invalid("PullRequest", "base", "invalid"));
    }
    let title = answers::text(&fields, "title")?;
    if title.as_ref().is_some_and(|title| title.trim().is_empty()) {
        return Err(answers::invalid("PullRequest", "title", "missing_field"));
    }
    let body = answers::optional_text(&fields, "body")?;
    let state = new_state(&fields)?;
    let now = scene.now();
    let issue = scene.repository.issues.iter_mut().find(|issue| issue.number == number);
    let Some((issue, mut pull)) = issue.and_then(|issue| {
        let pull = issue.pull_request.clone()?;
        Some((issue, pull))
    }) else {
        return Err(answers::not_found());
    };
    if state == Some(IssueState::Open) && pull.merged_at.is_some() {
        return Err(custom("state cannot be changed. The pull request is merged."));
    }
    pull.base = base.unwrap_or(pull.base);
    issue.pull_request = Some(pull);
    issue.title = title.unwrap_or_else(|| issue.title.clone());
    body.apply(&mut issue.body);
    if let Some(state) = state.filter(|state| *state != issue.state) {
        issue.state = state;
        issue.closed_at = (state == IssueState::Closed).then(|| now.clone());
    }
    issue.updated_at = now;
    pulls::get(scene, number)
}

fn new_state(fields: &Map<String, Value>) -> Result<Option<IssueState>, Reply> {
    let Some(text) = answers::text(fields, "state")? else { return Ok(None) };
    let state = IssueState::parse(&text);
    state.map(Some).ok_or_else(|| answers::invalid("PullRequest", "state", "invalid"))
}

/// The branch that `head` names: alone, or after the owner's name. There are no forks here.
fn own_branch(scene: &Scene<'_>, head: &str) -> Result<String, Reply> {
    match head.split_once(':') {
        None => Ok(head.to_owned()),
        Some((owner, branch)) if owner.eq_ignore_ascii_case(&scene.repository.owner) => Ok(branch.to_owned()),
        Some(_) => Err(answers::invalid("PullRequest", "head", "invalid")),
    }
}

/// The commit at the head, and what it has that the base has not.
fn between(scene: &Scene<'_>, base: &str, head: &str) -> Result<(Option<String>, Vec<String>), Reply> {
    let Some(git) = scene.git() else {
        return if base == head { Err(no_commits(base, head)) } else { Ok((None, Vec::new())) };
    };
    let tip = |name: &str, field: &str| {
        git.branch(name).ok_or_else(|| answers::invalid("PullRequest", field, "invalid"))
    };
    let (base_sha, head_sha) = (tip(base, "base")?, tip(head, "head")?);
    let commits = git.list(Some(&base_sha), &head_sha);
    if commits.is_empty() { Err(no_commits(base, head)) } else { Ok((Some(head_sha), commits)) }
}

fn no_commits(base: &str, head: &str) -> Reply {
    custom(&format!("No commits between {base} and {head}"))
}

/// A 422 of a pull request with a sentence in place of a field.
fn custom(text: &str) -> Reply {
    answers::validation(&json!([{ "resource": "PullRequest", "code": "custom", "message": text }]))
}
