use serde_json::{Map, Value, json};

use crate::{
    forge::{ForgeState, Issue},
    index::IndexState,
    storage::State,
};

/// What stands in texts in place of the address of the server, which differs from run to run.
const BASE: &str = "http://sandbox.invalid";

/// Describes a state without anything that differs between two runs with the same end.
pub(crate) fn take(state: &State, base: &str) -> Value {
    let webhooks: Map<String, Value> =
        state.webhooks.iter().map(|(name, received)| (name.clone(), json!(received.len()))).collect();
    let text = json!({ "index": index(&state.index), "forge": forge(&state.forge), "webhooks": webhooks });
    rebased(text, base)
}

fn index(index: &IndexState) -> Value {
    let project = |files: &[crate::IndexFile]| {
        sorted(files.iter().map(|file| {
            json!({
                "filename": file.filename,
                "version": file.version,
                "sha256": file.sha256,
                "yanked": file.yanked,
            })
        }))
    };
    index
        .projects
        .iter()
        .map(|(name, known)| (name.clone(), project(&known.files)))
        .collect::<Map<_, _>>()
        .into()
}

fn forge(forge: &ForgeState) -> Value {
    let mut document = Map::new();
    for (name, repository) in &forge.repositories {
        let title = |number: Option<u64>| {
            number.and_then(|number| repository.milestone(number)).map(|milestone| milestone.title.as_str())
        };
        let issue = |issue: &Issue| {
            let mut labels = issue.labels.clone();
            labels.sort();
            json!({
                "title": issue.title,
                "body": issue.body,
                "state": issue.state.as_str(),
                "labels": labels,
                "milestone": title(issue.milestone),
                "comments": issue.comments.iter().map(|comment| &comment.body).collect::<Vec<_>>(),
            })
        };
        let discussion =
            |number: u64| repository.discussions.iter().find(|discussion| discussion.number == number);
        let releases = repository.releases.iter().map(|release| {
            let assets =
                release.assets.iter().map(|asset| json!({ "name": asset.name, "sha256": asset.sha256 }));
            json!({
                "tag_name": release.tag_name,
                "target_commitish": release.target_commitish,
                "name": release.name,
                "body": release.body,
                "draft": release.draft,
                "prerelease": release.prerelease,
                "latest": repository.latest_release == Some(release.id),
                "discussion": release.discussion.and_then(discussion).map(|discussion| &discussion.category),
                "assets": sorted(assets),
            })
        });
        let milestones = repository.milestones.iter().map(|milestone| {
            json!({
                "title": milestone.title,
                "description": milestone.description,
                "state": milestone.state.as_str(),
                "due_on": milestone.due_on,
            })
        });
        let discussions = repository.discussions.iter().map(|discussion| {
            json!({
                "title": discussion.title,
                "category": discussion.category,
                "body": discussion.body,
                "release_tag": discussion.release_tag,
            })
        });
        let kind = |pulls: bool| {
            sorted(repository.issues.iter().filter(|known| known.pull_request.is_some() == pulls).map(issue))
        };
        document.insert(
            name.clone(),
            json!({
                "releases": sorted(releases),
                "milestones": sorted(milestones),
                "issues": kind(false),
                "pull_requests": kind(true),
                "discussions": sorted(discussions),
            }),
        );
    }
    Value::Object(document)
}

/// A list in an order that does not depend on who came first.
fn sorted(items: impl Iterator<Item = Value>) -> Value {
    let mut items: Vec<Value> = items.collect();
    items.sort_by_cached_key(Value::to_string);
    Value::Array(items)
}

fn rebased(value: Value, base: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(base, BASE)),
        Value::Array(items) => items.into_iter().map(|item| rebased(item, base)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, rebased(field, base))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}
