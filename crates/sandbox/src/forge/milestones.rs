use serde_json::{Map, Value, json};

use super::{
    answers::{self, Change},
    scene::{Scene, node_id},
    state::{IssueState, Milestone},
};
use crate::server::Reply;

/// Answers `GET /milestones`: the open ones by their due date unless asked otherwise.
pub(crate) fn list(scene: &Scene<'_>) -> Reply {
    let wanted = scene.request.parameter("state").unwrap_or("open");
    let mut chosen: Vec<&Milestone> = scene
        .repository
        .milestones
        .iter()
        .filter(|milestone| wanted == "all" || milestone.state.as_str() == wanted)
        .collect();
    if scene.request.parameter("sort") == Some("completeness") {
        chosen.sort_by_key(|milestone| completeness(scene, milestone.number));
    } else {
        // Those without a date come last.
        chosen.sort_by_key(|milestone| {
            (milestone.due_on.is_none(), milestone.due_on.clone(), milestone.number)
        });
    }
    if scene.request.parameter("direction") == Some("desc") {
        chosen.reverse();
    }
    let rows: Vec<Value> = chosen.into_iter().map(|milestone| json(scene, milestone)).collect();
    answers::page(scene, &rows)
}

/// Answers `GET /milestones/NUMBER`.
pub(crate) fn get(scene: &Scene<'_>, number: u64) -> Result<Reply, Reply> {
    let milestone = scene.repository.milestone(number).ok_or_else(answers::not_found)?;
    Ok(Reply::json(200, &json(scene, milestone)))
}

/// Answers `POST /milestones`.
pub(crate) fn create(scene: &mut Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let changes = Changes::read(&fields)?;
    let title =
        changes.title.clone().ok_or_else(|| answers::invalid("Milestone", "title", "missing_field"))?;
    refuse_duplicate(scene, &title, None)?;
    let now = scene.now();
    let mut milestone = Milestone {
        id: scene.next_id(),
        number: scene.repository.last_milestone + 1,
        title,
        description: None,
        state: IssueState::Open,
        due_on: None,
        creator: scene.context.login.clone(),
        created_at: now.clone(),
        updated_at: now.clone(),
        closed_at: None,
    };
    changes.apply(&mut milestone, &now);
    let reply = Reply::json(201, &json(scene, &milestone))
        .header("location", format!("{}/milestones/{}", scene.api(), milestone.number));
    scene.repository.last_milestone = milestone.number;
    scene.repository.milestones.push(milestone);
    Ok(reply)
}

/// Answers `PATCH /milestones/NUMBER`.
pub(crate) fn update(scene: &mut Scene<'_>, number: u64) -> Result<Reply, Reply> {
    scene.repository.milestone(number).ok_or_else(answers::not_found)?;
    let changes = Changes::read(&answers::object(scene.request)?)?;
    if let Some(title) = &changes.title {
        refuse_duplicate(scene, title, Some(number))?;
    }
    let now = scene.now();
    if let Some(milestone) =
        scene.repository.milestones.iter_mut().find(|milestone| milestone.number == number)
    {
        changes.apply(milestone, &now);
    }
    get(scene, number)
}

/// Answers `DELETE /milestones/NUMBER`; its issues stay, without a milestone.
pub(crate) fn delete(scene: &mut Scene<'_>, number: u64) -> Result<Reply, Reply> {
    scene.repository.milestone(number).ok_or_else(answers::not_found)?;
    scene.repository.milestones.retain(|milestone| milestone.number != number);
    for issue in scene.repository.issues.iter_mut().filter(|issue| issue.milestone == Some(number)) {
        issue.milestone = None;
    }
    Ok(Reply::empty(204))
}

fn refuse_duplicate(scene: &Scene<'_>, title: &str, except: Option<u64>) -> Result<(), Reply> {
    let mut others = scene.repository.milestones.iter().filter(|milestone| Some(milestone.number) != except);
    if others.any(|milestone| milestone.title == title) {
        return Err(answers::invalid("Milestone", "title", "already_exists"));
    }
    Ok(())
}

/// What a request says about a milestone; `null` takes a description or a date away.
struct Changes {
    title: Option<String>,
    description: Change<String>,
    state: Option<IssueState>,
    due_on: Change<String>,
}

impl Changes {
    fn read(fields: &Map<String, Value>) -> Result<Self, Reply> {
        let title = answers::text(fields, "title")?;
        if title.as_ref().is_some_and(|title| title.trim().is_empty()) {
            return Err(answers::invalid("Milestone", "title", "missing_field"));
        }
        let state = match answers::text(fields, "state")? {
            None => None,
            Some(text) => Some(
                IssueState::parse(&text).ok_or_else(|| answers::invalid("Milestone", "state", "invalid"))?,
            ),
        };
        let due_on = answers::optional_text(fields, "due_on")?;
        if let Change::Set(Some(due)) = &due_on
            && due.parse::<jiff::Timestamp>().is_err()
        {
            return Err(answers::invalid("Milestone", "due_on", "invalid"));
        }
        Ok(Self { title, description: answers::optional_text(fields, "description")?, state, due_on })
    }

    fn apply(self, milestone: &mut Milestone, now: &str) {
        if let Some(title) = self.title {
            milestone.title = title;
        }
        self.description.apply(&mut milestone.description);
        self.due_on.apply(&mut milestone.due_on);
        if let Some(state) = self.state
            && state != milestone.state
        {
            milestone.state = state;
            milestone.closed_at = (state == IssueState::Closed).then(|| now.to_owned());
        }
        now.clone_into(&mut milestone.updated_at);
    }
}

fn count(scene: &Scene<'_>, number: u64, state: IssueState) -> usize {
    scene
        .repository
        .issues
        .iter()
        .filter(|issue| issue.milestone == Some(number) && issue.state == state)
        .count()
}

/// The closed share of its issues, in thousandths.
fn completeness(scene: &Scene<'_>, number: u64) -> usize {
    let closed = count(scene, number, IssueState::Closed);
    let all = closed + count(scene, number, IssueState::Open);
    (closed * 1000).checked_div(all).unwrap_or(0)
}

pub(crate) fn json(scene: &Scene<'_>, milestone: &Milestone) -> Value {
    let url = format!("{}/milestones/{}", scene.api(), milestone.number);
    json!({
        "url": url,
        "html_url": format!("{}/milestone/{}", scene.html(), milestone.number),
        "labels_url": format!("{url}/labels"),
        "id": milestone.id,
        "node_id": node_id("Milestone", milestone.id),
        "number": milestone.number,
        "title": milestone.title,
        "description": milestone.description,
        "creator": scene.user(&milestone.creator),
        "open_issues": count(scene, milestone.number, IssueState::Open),
        "closed_issues": count(scene, milestone.number, IssueState::Closed),
        "state": milestone.state.as_str(),
        "created_at": milestone.created_at,
        "updated_at": milestone.updated_at,
        "due_on": milestone.due_on,
        "closed_at": milestone.closed_at,
    })
}

/// The milestone with this number in full, or `null`.
pub(crate) fn numbered(scene: &Scene<'_>, number: Option<u64>) -> Value {
    number
        .and_then(|number| scene.repository.milestone(number))
        .map_or(Value::Null, |milestone| json(scene, milestone))
}
