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
