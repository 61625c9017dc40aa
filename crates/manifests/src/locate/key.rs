//! The value below a chain of keys: `image.tag`, `"a.b".c`, `items.0.version`.

use super::{Failure, Problem, Site, dockerfile, go, python, several};
use crate::RelPath;
use crate::tree::{Node, Value, json, malformed, toml, yaml};

/// Finds a key by the rules that the name of the file stands for.
pub(crate) fn locate(path: &RelPath, text: &str, key: &str) -> Result<Site, Failure> {
    let name = path.file_name();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        _ if is_dockerfile(name) => dockerfile::locate_key(text, key),
        "go" => go::locate_key(text, key),
        "py" => python::locate_name(text, key),
        "toml" => in_tree(text, &[toml::parse(text)?], key),
        "json" => in_tree(text, &[json::parse(text)?], key),
        "yaml" | "yml" | "cff" => in_tree(text, &yaml::parse_all(text)?, key),
        _ => Err(Failure::without_place(Problem::UnknownFormat)),
    }
}

fn is_dockerfile(name: &str) -> bool {
    matches!(name, "Dockerfile" | "Containerfile")
        || name.starts_with("Dockerfile.")
        || name.ends_with(".Dockerfile")
        || name.ends_with(".dockerfile")
}

fn in_tree(text: &str, documents: &[Node<'_>], key: &str) -> Result<Site, Failure> {
    let steps = steps(key).ok_or_else(|| {
        malformed(None, format!("`{key}` is no key: write `a.b`, `\"a.b\".c` or `items.0.version`"))
    })?;
    let mut found: Vec<&Node<'_>> = documents.iter().collect();
    for step in &steps {
        found = found.into_iter().flat_map(|node| below(node, step)).collect();
    }
    match found.as_slice() {
        [] => Err(Failure::without_place(Problem::NotFound { looked_for: format!("key `{key}`") })),
        [node] => node.site(),
        [first, ..] => Err(several(text, first.span.start, found.iter().map(|node| node.span.start))),
    }
}

/// A part of a key; one in quotes counts no members of a list.
struct Step {
    text: String,
    quoted: bool,
}

/// The parts of a key, between dots; a part in quotes may hold dots.
fn steps(key: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = key;
    loop {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (text, after) = match quote {
            Some(quote) => rest.get(1..)?.split_once(quote)?,
            None => rest.split_at(rest.find('.').unwrap_or(rest.len())),
        };
        if quote.is_none() && (text.is_empty() || text.contains(['"', '\''])) {
            return None;
        }
        steps.push(Step { text: text.to_owned(), quoted: quote.is_some() });
        if after.is_empty() {
            return Some(steps);
        }
        rest = after.strip_prefix('.')?;
    }
}

/// The values that one part of a key leads to; JSON may have a key twice.
fn below<'n, 'a>(node: &'n Node<'a>, step: &Step) -> Vec<&'n Node<'a>> {
    match &node.value {
        Value::Map(entries) => {
            entries.iter().filter(|entry| entry.key == step.text).map(|entry| &entry.value).collect()
        }
        Value::List(items) if !step.quoted => {
            step.text.parse().ok().and_then(|index: usize| items.get(index)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
