use serde_json::{Value, json};

use super::{
    answers, repositories,
    scene::{Scene, node_id},
    state::{CheckRun, CommitStatus},
};
use crate::{Checks, server::Reply};

/// Answers `GET /commits/REF/check-runs`.
pub(crate) fn list(scene: &mut Scene<'_>, reference: &str) -> Result<Reply, Reply> {
    let sha = commit(scene, reference)?;
    let wanted_name = scene.request.parameter("check_name").map(str::to_owned);
    let wanted_status = scene.request.parameter("status").map(str::to_owned);
    let rows: Vec<Value> = runs(scene, &sha)
        .iter()
        .filter(|run| wanted_name.as_ref().is_none_or(|name| run.name == *name))
        .filter(|run| wanted_status.as_ref().is_none_or(|status| run.status == *status))
        .map(|run| json(scene, &sha, run))
        .collect();
    Ok(answers::counted_page(scene, "check_runs", &rows))
}

/// The check runs set for a commit, or else those that every commit has; each call counts as one poll of the latter.
fn runs(scene: &mut Scene<'_>, sha: &str) -> Vec<CheckRun> {
    if let Some(set) = scene.repository.check_runs.get(sha) {
        return set.clone();
    }
    let Checks::Auto { names, pending_polls } = &scene.context.checks else { return Vec::new() };
    let polls = scene.repository.check_polls.entry(sha.to_owned()).or_default();
    let completed = *polls >= *pending_polls;
    *polls = polls.saturating_add(1);
    let now = scene.now();
    names
        .iter()
        .zip(1..)
        .map(|(name, id)| CheckRun {
            id,
            name: name.clone(),
            status: if completed { "completed" } else { "in_progress" }.into(),
            conclusion: completed.then(|| "success".into()),
            reported_at: now.clone(),
        })
        .collect()
}

/// Answers `POST /check-runs`.
pub(crate) fn create(scene: &mut Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let required = |name: &str| {
        answers::text(&fields, name)?
            .filter(|value| !value.is_empty())
            .ok_or_else(|| answers::invalid("CheckRun", name, "missing_field"))
    };
    let (name, sha) = (required("name")?, required("head_sha")?);
    let conclusion = answers::text(&fields, "conclusion")?;
    let status = match answers::text(&fields, "status")? {
        Some(status) => status,
        None if conclusion.is_some() => "completed".into(),
        None => "queued".into(),
    };
    let run = CheckRun { id: scene.next_id(), name, status, conclusion, reported_at: scene.now() };
    let reply = Reply::json(201, &json(scene, &sha, &run));
    put(scene.repository.check_runs.entry(sha).or_default(), run);
    Ok(reply)
}

/// Adds a run, in place of an earlier one of that name.
pub(crate) fn put(runs: &mut Vec<CheckRun>, run: CheckRun) {
    runs.retain(|known| known.name != run.name);
    runs.push(run);
}

/// Answers `GET /commits/REF/status`. Checks do not count here: without statuses the state is `pending`.
pub(crate) fn combined_status(scene: &Scene<'_>, reference: &str) -> Result<Reply, Reply> {
    let sha = commit(scene, reference)?;
    let statuses = scene.repository.statuses.get(&sha).map(Vec::as_slice).unwrap_or_default();
    let has = |states: &[&str]| statuses.iter().any(|status| states.contains(&status.state.as_str()));
    let state = match () {
        () if has(&["failure", "error"]) => "failure",
        () if statuses.is_empty() || has(&["pending"]) => "pending",
        () => "success",
    };
    let rows: Vec<Value> = statuses.iter().map(|status| status_json(scene, &sha, status)).collect();
    let (page, links) = answers::slice(scene, &rows);
    let document = json!({
        "state": state,
        "statuses": page,
        "sha": sha,
        "total_count": rows.len(),
        "repository": repositories::minimal(scene),
        "commit_url": format!("{}/commits/{sha}", scene.api()),
        "url": format!("{}/commits/{sha}/status", scene.api()),
    });
    Ok(answers::with_links(Reply::json(200, &document), links))
}

/// The commit asked about. Without a git directory any name stands for itself.
fn commit(scene: &Scene<'_>, reference: &str) -> Result<String, Reply> {
    match scene.git() {
        // A commit that the git directory does not have may still have had its checks set.
        Some(git) => git
            .resolve(reference)
            .or_else(|| scene.repository.check_runs.contains_key(reference).then(|| reference.to_owned()))
            .ok_or_else(|| answers::message(422, &format!("No commit found for SHA: {reference}"))),
        None => Ok(reference.to_owned()),
    }
}

fn json(scene: &Scene<'_>, sha: &str, run: &CheckRun) -> Value {
    let html = format!("{}/runs/{}", scene.html(), run.id);
    json!({
        "id": run.id,
        "node_id": node_id("CheckRun", run.id),
        "head_sha": sha,
        "external_id": "",
        "name": run.name,
        "url": format!("{}/check-runs/{}", scene.api(), run.id),
        "html_url": html,
        "details_url": html,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.reported_at,
        "completed_at": (run.status == "completed").then_some(&run.reported_at),
        "output": {
            "title": null,
            "summary": null,
            "text": null,
            "annotations_count": 0,
            "annotations_url": format!("{}/check-runs/{}/annotations", scene.api(), run.id),
        },
        "check_suite": { "id": 1 },
        "app": null,
        "pull_requests": [],
    })
}

fn status_json(scene: &Scene<'_>, sha: &str, status: &CommitStatus) -> Value {
    json!({
        "url": format!("{}/statuses/{sha}", scene.api()),
        "avatar_url": null,
        "id": status.id,
        "node_id": node_id("StatusContext", status.id),
        "state": status.state,
        "description": null,
        "target_url": null,
        "context": status.context,
        "created_at": status.reported_at,
        "updated_at": status.reported_at,
    })
}
