//! The dependencies of Poetry 1 and 2: `[tool.poetry.dependencies]` and its groups.

use std::collections::BTreeMap;

use tminus_versioning::constraint::Ecosystem;
use tminus_versioning::constraint::pep508::normalize_name;

use super::sources::source_of;
use super::{entries, line_of_text};
use crate::locate::Failure;
use crate::tree::{Entry, Node, Value};
use crate::{Dependency, DependencyKind, Notation, Site, Source};

pub(super) fn read(root: &Node<'_>) -> Result<Vec<Dependency>, Failure> {
    let Some(poetry) = root.at(&["tool", "poetry"]) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    if let Some(list) = poetry.get("dependencies") {
        let extras = extras(poetry);
        for entry in entries(list, "`dependencies`")? {
            let optional = extras.get(&normalize_name(&entry.key)).cloned().map(DependencyKind::Optional);
            push(&mut found, entry, &DependencyKind::Normal, optional.as_ref())?;
        }
    }
    if let Some(list) = poetry.get("dev-dependencies") {
        for entry in entries(list, "`dev-dependencies`")? {
            push(&mut found, entry, &DependencyKind::Dev, None)?;
        }
    }
    for group in poetry.get("group").map(Node::entries).unwrap_or_default() {
        let kind = DependencyKind::Group(group.key.to_string());
        let Some(list) = group.value.get("dependencies") else { continue };
        for entry in entries(list, &format!("group `{}`", group.key))? {
            push(&mut found, entry, &kind, None)?;
        }
    }
    Ok(found)
}

/// The first extra that lists a package.
fn extras(poetry: &Node<'_>) -> BTreeMap<String, String> {
    let mut extras = BTreeMap::new();
    for extra in poetry.get("extras").map(Node::entries).unwrap_or_default() {
        for name in extra.value.items().iter().filter_map(Node::as_str) {
            extras.entry(normalize_name(name)).or_insert_with(|| extra.key.to_string());
        }
    }
    extras
}

fn push(
    found: &mut Vec<Dependency>,
    entry: &Entry<'_>,
    kind: &DependencyKind,
    optional: Option<&DependencyKind>,
) -> Result<(), Failure> {
    // The interpreter is no package.
    if normalize_name(&entry.key) == "python" {
        return Ok(());
    }
    match &entry.value.value {
        // The same package under several conditions.
        Value::List(tables) => {
            for table in tables {
                found.push(dependency(entry, table, table.span.start, kind, optional)?);
            }
        }
        _ => found.push(dependency(entry, &entry.value, entry.key_span.start, kind, optional)?),
    }
    Ok(())
}

fn dependency(
    entry: &Entry<'_>,
    node: &Node<'_>,
    offset: usize,
    kind: &DependencyKind,
    optional: Option<&DependencyKind>,
) -> Result<Dependency, Failure> {
    let (constraint, source) = match &node.value {
        Value::Map(_) => (
            node.get("version").map(|version| range(version, &entry.key)).transpose()?,
            source_of(node).unwrap_or(Source::Registry),
        ),
        _ => (Some(range(node, &entry.key)?), Source::Registry),
    };
    let is_optional = node.get("optional").and_then(Node::as_bool) == Some(true);
    Ok(Dependency {
        name: entry.key.to_string(),
        kind: optional.filter(|_| is_optional).unwrap_or(kind).clone(),
        constraint,
        notation: Notation::Range(Ecosystem::Poetry),
        source,
        offset,
    })
}

/// The place of a range. What Poetry reads and this crate does not, such as parentheses, stands in the way only of an
/// edit of this range.
fn range(node: &Node<'_>, name: &str) -> Result<Site, Failure> {
    line_of_text(node, &format!("the constraint of `{name}`"))
}
