use serde_json::{Value, json};

use super::{
    answers,
    scene::{Scene, node_id},
    state::Label,
};
use crate::server::{Reply, encoded};

/// Answers `GET /labels`.
pub(crate) fn list(scene: &Scene<'_>) -> Reply {
    let labels: Vec<Value> = scene.repository.labels.iter().map(|label| json(scene, label)).collect();
    answers::page(scene, &labels)
}

/// Answers `POST /labels`.
pub(crate) fn create(scene: &mut Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let name = answers::text(&fields, "name")?
        .filter(|name| !name.is_empty())
        .ok_or_else(|| answers::invalid("Label", "name", "missing_field"))?;
    if scene.repository.labels.iter().any(|label| label.name.eq_ignore_ascii_case(&name)) {
        return Err(answers::invalid("Label", "name", "already_exists"));
    }
    let label = Label {
        id: scene.next_id(),
        name,
        color: answers::text(&fields, "color")?.unwrap_or_else(|| "ededed".into()),
        description: answers::text(&fields, "description")?,
    };
    let reply = Reply::json(201, &json(scene, &label));
    scene.repository.labels.push(label);
    Ok(reply)
}

/// Answers `GET /issues/NUMBER/labels`.
pub(crate) fn of_issue(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let issue = scene.repository.issues.iter().find(|issue| issue.number == number);
    let labels = named(scene, &issue.ok_or_else(answers::not_found)?.labels);
    Ok(answers::page(scene, &labels))
}

/// Answers `DELETE /issues/NUMBER/labels/NAME` with the labels that are left.
pub(crate) fn remove(scene: &mut Scene<'_>, number: u64, name: &str) -> Result<Reply, Reply> {
    let now = scene.now();
    let issue = scene.repository.issues.iter_mut().find(|issue| issue.number == number);
    let issue = issue.ok_or_else(answers::not_found)?;
    let before = issue.labels.len();
    issue.labels.retain(|label| !label.eq_ignore_ascii_case(name));
    if issue.labels.len() == before {
        return Err(answers::message(404, "Label does not exist"));
    }
    issue.updated_at = now;
    let left = issue.labels.clone();
    Ok(Reply::json(200, &Value::from(named(scene, &left))))
}

/// The labels with these names, in full.
pub(crate) fn named(scene: &Scene<'_>, names: &[String]) -> Vec<Value> {
    let find =
        |name: &String| scene.repository.labels.iter().find(|label| label.name.eq_ignore_ascii_case(name));
    names.iter().filter_map(find).map(|label| json(scene, label)).collect()
}

fn json(scene: &Scene<'_>, label: &Label) -> Value {
    json!({
        "id": label.id,
        "node_id": node_id("Label", label.id),
        "url": format!("{}/labels/{}", scene.api(), encoded(&label.name)),
        "name": label.name,
        "color": label.color,
        "default": false,
        "description": label.description,
    })
}
