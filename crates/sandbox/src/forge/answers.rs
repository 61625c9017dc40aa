use serde_json::{Map, Value, json};

use super::scene::Scene;
use crate::server::{Reply, Request};

const DOCUMENTATION: &str = "https://docs.github.com/rest";

/// A refusal in GitHub's words.
pub(crate) fn message(status: u16, text: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "message": text, "documentation_url": DOCUMENTATION, "status": status.to_string() }),
    )
}

/// What is not there, or not for this reader.
pub(crate) fn not_found() -> Reply {
    message(404, "Not Found")
}

/// A 422 that names the field at fault; `code` is one of GitHub's: `missing_field`, `invalid`, `already_exists`.
pub(crate) fn invalid(resource: &str, field: &str, code: &str) -> Reply {
    validation(&json!([{ "resource": resource, "code": code, "field": field }]))
}

/// A 422 with a sentence of its own.
pub(crate) fn custom(resource: &str, field: &str, text: &str) -> Reply {
    validation(&json!([{ "resource": resource, "code": "custom", "field": field, "message": text }]))
}

/// A 422 with these errors.
pub(crate) fn validation(errors: &Value) -> Reply {
    Reply::json(
        422,
        &json!({
            "message": "Validation Failed",
            "errors": errors,
            "documentation_url": DOCUMENTATION,
            "status": "422",
        }),
    )
}

/// The JSON object in a request's body; an empty body is an empty object.
///
/// # Errors
///
/// 400 when the body is not JSON, or not an object.
pub(crate) fn object(request: &Request) -> Result<Map<String, Value>, Reply> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(message(400, "Body should be a JSON object")),
        Err(_) => Err(message(400, "Problems parsing JSON")),
    }
}

fn wrong_type(name: &str, value: &Value, wanted: &str) -> Reply {
    message(422, &format!("Invalid request.\n\nFor 'properties/{name}', {value} is not {wanted}."))
}

/// A text field; `null` counts as absent.
pub(crate) fn text(object: &Map<String, Value>, name: &str) -> Result<Option<String>, Reply> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(wrong_type(name, other, "a string")),
    }
}

/// What a request says about something that may be absent.
pub(crate) enum Change<T> {
    /// Nothing: it stays.
    Keep,
    /// This is its new value; `null` takes it away.
    Set(Option<T>),
}

impl<T> Change<T> {
    pub(crate) fn apply(self, to: &mut Option<T>) {
        if let Self::Set(value) = self {
            *to = value;
        }
    }
}

/// A text field in which `null` means something else than absence.
pub(crate) fn optional_text(object: &Map<String, Value>, name: &str) -> Result<Change<String>, Reply> {
    if object.contains_key(name) { text(object, name).map(Change::Set) } else { Ok(Change::Keep) }
}

/// A field that is true or false; `null` counts as absent.
pub(crate) fn boolean(object: &Map<String, Value>, name: &str) -> Result<Option<bool>, Reply> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(other) => Err(wrong_type(name, other, "a boolean")),
    }
}

/// A field that lists texts.
pub(crate) fn texts(object: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, Reply> {
    let Some(value) = object.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let items = value.as_array().ok_or_else(|| wrong_type(name, value, "an array"))?;
    let text = |item: &Value| {
        item.as_str()
            .or_else(|| item.get("name").and_then(Value::as_str))
            .map(str::to_owned)
            .ok_or_else(|| wrong_type(name, item, "a string"))
    };
    items.iter().map(text).collect::<Result<_, _>>().map(Some)
}

/// One page of a list, with the `Link` header to the others.
pub(crate) fn page(scene: &Scene<'_>, items: &[Value]) -> Reply {
    let (body, links) = slice(scene, items);
    let reply = Reply::json(200, &Value::from(body.to_vec()));
    with_links(reply, links)
}

/// One page of a list that stands inside an object beside its total.
pub(crate) fn counted_page(scene: &Scene<'_>, key: &str, items: &[Value]) -> Reply {
    let (body, links) = slice(scene, items);
    let reply = Reply::json(200, &json!({ "total_count": items.len(), key: body }));
    with_links(reply, links)
}

pub(crate) fn with_links(reply: Reply, links: Option<String>) -> Reply {
    match links {
        Some(links) => reply.header("link", links),
        None => reply,
    }
}

/// The items of the page asked for, and the value of the `Link` header if there are other pages.
pub(crate) fn slice<'v>(scene: &Scene<'_>, items: &'v [Value]) -> (&'v [Value], Option<String>) {
    let request = scene.request;
    let number = |name: &str| request.parameter(name).and_then(|value| value.parse::<usize>().ok());
    let per_page = number("per_page").unwrap_or(30).clamp(1, 100);
    let page = number("page").unwrap_or(1).max(1);
    let last = items.len().div_ceil(per_page).max(1);
    let start = (page - 1).saturating_mul(per_page).min(items.len());
    let end = start.saturating_add(per_page).min(items.len());
    let address = |page: usize, relation: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(request.query.iter().filter(|(name, _)| name != "page"));
        query.append_pair("page", &page.to_string());
        format!("<{}{}?{}>; rel=\"{relation}\"", scene.context.base, request.path, query.finish())
    };
    let mut links = Vec::new();
    if page > 1 {
        links.push(address((page - 1).min(last), "prev"));
    }
    if page < last {
        links.push(address(page + 1, "next"));
        links.push(address(last, "last"));
    }
    if page > 1 {
        links.push(address(1, "first"));
    }
    (items.get(start..end).unwrap_or_default(), (!links.is_empty()).then(|| links.join(", ")))
}
