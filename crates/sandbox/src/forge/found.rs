//! `GET /search/issues`.

use serde_json::{Value, json};

use super::{
    graphql,
    scene::user,
    state::{ForgeState, Issue, Repository},
};
use crate::{
    forge::answers,
    server::{Context, Reply, Request},
};

/// Answers a search: how many there are, and one page of them in a short form.
pub(crate) fn answer(
    forge: &ForgeState,
    context: &Context,
    request: &Request,
    readable: impl Fn(&Repository) -> bool,
) -> Reply {
    let Some(query) = request.parameter("q").filter(|query| !query.trim().is_empty()) else {
        return answers::invalid("Search", "q", "missing");
    };
    let found = graphql::search(forge, query, readable);
    let number = |name: &str| request.parameter(name).and_then(|value| value.parse::<usize>().ok());
    let per_page = number("per_page").unwrap_or(30).clamp(1, 100);
    let skipped = (number("page").unwrap_or(1).max(1) - 1).saturating_mul(per_page);
    let items: Vec<Value> = found
        .iter()
        .skip(skipped)
        .take(per_page)
        .map(|(repository, issue)| short(context, repository, issue))
        .collect();
    Reply::json(200, &json!({ "total_count": found.len(), "incomplete_results": false, "items": items }))
}

fn short(context: &Context, repository: &Repository, issue: &Issue) -> Value {
    let page = format!("{}/{}/{}", context.base, repository.owner, repository.name);
    let kind = if issue.pull_request.is_some() { "pull" } else { "issues" };
    json!({
        "id": issue.id,
        "number": issue.number,
        "title": issue.title,
        "state": issue.state.as_str(),
        "user": user(&context.base, &issue.author),
        "html_url": format!("{page}/{kind}/{}", issue.number),
    })
}
