//! GraphQL, for the part of GitHub's schema that [`schema`] lists.

mod lexer;
mod parse;
mod run;
mod schema;
mod search;
mod validate;

use serde_json::{Map, Value, json};

use self::parse::{Document, Field, Operation, Selection};
pub(crate) use self::search::search;
use super::{answers, state::ForgeState};
use crate::server::{Context, Reply, Request};

/// Answers a query: 200 with `data`, with `errors`, or with both.
///
/// # Errors
///
/// 400 when the body is not JSON, or not an object.
pub(crate) fn answer(
    forge: &mut ForgeState,
    context: &Context,
    request: &Request,
    (used, reset): (u64, i64),
) -> Result<Reply, Reply> {
    let fields = answers::object(request)?;
    let Some(query) = fields.get("query").and_then(Value::as_str) else {
        return Ok(refused(&[json!({
            "message": "A query attribute must be specified and must be a string.",
        })]));
    };
    let document = match parse::parse(query) {
        Ok(document) => document,
        Err(problem) => {
            let location = json!([{ "line": problem.at.line, "column": problem.at.column }]);
            return Ok(refused(&[json!({ "message": problem.text, "locations": location })]));
        }
    };
    let Some(operation) = chosen(&document, fields.get("operationName").and_then(Value::as_str)) else {
        return Ok(refused(&[json!({ "message": "An operation name is required" })]));
    };
    if operation.kind != "query" {
        return Ok(refused(&[json!({ "message": "this sandbox answers no mutations" })]));
    }
    let variables = variables(operation, fields.get("variables"));
    let size = match validate::check(&document, operation, &variables) {
        Ok(size) => size,
        Err(errors) => return Ok(refused(&errors)),
    };
    if context.auto_repositories {
        for (owner, name) in repositories(operation, &variables) {
            forge.register_unknown(&owner, &name, context.now());
        }
    }
    let limits = run::Limits { used, reset, size };
    let (data, errors) = run::run(forge, context, &document, operation, &variables, limits);
    let mut body = json!({ "data": data });
    if !errors.is_empty()
        && let Some(body) = body.as_object_mut()
    {
        body.insert("errors".into(), errors.into());
    }
    Ok(Reply::json(200, &body))
}

fn refused(errors: &[Value]) -> Reply {
    Reply::json(200, &json!({ "errors": errors }))
}

/// The operation of this name, or the only one.
fn chosen<'a>(document: &'a Document, name: Option<&str>) -> Option<&'a Operation> {
    match (name, document.operations.as_slice()) {
        (Some(name), all) => all.iter().find(|operation| operation.name.as_deref() == Some(name)),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// The repositories that a query asks for.
fn repositories(operation: &Operation, variables: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |field: &Field, name: &str| {
        let argument = field.arguments.iter().find(|(known, _)| known == name)?;
        argument.1.value(variables)?.as_str().map(str::to_owned)
    };
    let mut named = Vec::new();
    for selection in &operation.selections {
        if let Selection::Field(field) = selection
            && field.name == "repository"
        {
            named.extend(text(field, "owner").zip(text(field, "name")));
        }
    }
    named
}

/// The values of the declared variables, defaults put in.
fn variables(operation: &Operation, given: Option<&Value>) -> Map<String, Value> {
    let given = given.and_then(Value::as_object).cloned().unwrap_or_default();
    let mut values = Map::new();
    for variable in &operation.variables {
        let default = || variable.default.as_ref().and_then(|literal| literal.value(&Map::new()));
        if let Some(value) = given.get(&variable.name).cloned().or_else(default) {
            values.insert(variable.name.clone(), value);
        }
    }
    values
}
