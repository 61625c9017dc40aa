use serde_json::{Value, json};

use super::{
    answers,
    scene::node_id,
    state::{ForgeState, key},
};
use crate::server::{Reply, Request};

/// Answers the one GraphQL query there is: the categories of discussions of a repository.
///
/// The query is searched, not parsed. Owner and name may stand in it or in its variables; the answer holds every field
/// there is, asked for or not.
pub(crate) fn answer(forge: &ForgeState, request: &Request) -> Result<Reply, Reply> {
    let fields = answers::object(request)?;
    let query = answers::text(&fields, "query")?.unwrap_or_default();
    if !query.contains("discussionCategories") {
        return Ok(errors("UNSUPPORTED", "this sandbox answers queries for discussionCategories only"));
    }
    let variables = fields.get("variables").unwrap_or(&Value::Null);
    let owner = argument(&query, "owner", variables);
    let name = argument(&query, "name", variables);
    let (Some(owner), Some(name)) = (owner, name) else {
        return Ok(errors("MISSING_ARGUMENT", "repository needs owner and name"));
    };
    let Some(repository) = forge.repositories.get(&key(&owner, &name)) else {
        let text = format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
        return Ok(Reply::json(
            200,
            &json!({
                "data": { "repository": null },
                "errors": [{ "type": "NOT_FOUND", "path": ["repository"], "message": text }],
            }),
        ));
    };
    let categories = if repository.has_discussions { repository.categories.as_slice() } else { &[] };
    let nodes: Vec<Value> = categories
        .iter()
        .map(|category| json!({ "id": category.id, "name": category.name, "slug": category.slug }))
        .collect();
    Ok(Reply::json(
        200,
        &json!({ "data": { "repository": {
            "id": node_id("Repository", repository.id),
            "hasDiscussionsEnabled": repository.has_discussions,
            "discussionCategories": {
                "totalCount": nodes.len(),
                "nodes": nodes,
                "pageInfo": { "hasNextPage": false, "endCursor": null },
            },
        }}}),
    ))
}

fn errors(kind: &str, text: &str) -> Reply {
    Reply::json(200, &json!({ "errors": [{ "type": kind, "message": text }] }))
}

/// The value of an argument of `repository(...)`: written out, or as a variable.
fn argument(query: &str, name: &str, variables: &Value) -> Option<String> {
    let (_, rest) = query.split_once("repository")?;
    let (arguments, _) = rest.split_once('(')?.1.split_once(')')?;
    let mut pieces = arguments.split(',').filter_map(|piece| piece.split_once(':'));
    let (_, value) = pieces.find(|(key, _)| key.trim() == name)?;
    let value = value.trim();
    match value.strip_prefix('$') {
        Some(variable) => variables.get(variable)?.as_str().map(str::to_owned),
        None => Some(value.strip_prefix('"')?.strip_suffix('"')?.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let variables = json!({ "o": "octo" });
        let literal =
            "query { repository(owner: \"octo\", name:\"demo\") { discussionCategories { nodes { id } } } }";
        let variable = "query($o: String!) { repository(name: \"demo\", owner: $o) { id } }";
        for query in [literal, variable] {
            assert_eq!(argument(query, "owner", &variables).as_deref(), Some("octo"));
            assert_eq!(argument(query, "name", &variables).as_deref(), Some("demo"));
        }
        assert_eq!(argument("{ viewer { login } }", "owner", &variables), None);
    }
}
