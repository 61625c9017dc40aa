//! Where dependencies are taken from: `[tool.uv.sources]` and the tables of Poetry that only name a place.

use std::collections::BTreeMap;

use tminus_versioning::constraint::pep508::normalize_name;

use super::requirement::without_credentials;
use crate::tree::{Node, Value};
use crate::{DependencyKind, Source};

/// The sources by the normal form of the name (PEP 503).
#[derive(Debug, Default)]
pub(super) struct Sources<'n, 'a> {
    uv: BTreeMap<String, Vec<&'n Node<'a>>>,
    poetry: BTreeMap<String, Source>,
}

impl<'n, 'a> Sources<'n, 'a> {
    pub(super) fn read(root: &'n Node<'a>) -> Self {
        let mut sources = Self::default();
        for entry in root.at(&["tool", "uv", "sources"]).map(Node::entries).unwrap_or_default() {
            let tables = match &entry.value.value {
                Value::List(tables) => tables.iter().collect(),
                _ => vec![&entry.value],
            };
            sources.uv.entry(normalize_name(&entry.key)).or_default().extend(tables);
        }
        // Beside `[project]` and `[dependency-groups]` Poetry's own tables say where their packages come from.
        let groups = root.at(&["tool", "poetry", "group"]).map(Node::entries).unwrap_or_default();
        let of_groups = groups.iter().filter_map(|group| group.value.get("dependencies"));
        let tables = root.at(&["tool", "poetry", "dependencies"]).into_iter().chain(of_groups);
        for entry in tables.flat_map(Node::entries) {
            match source_of(&entry.value) {
                Some(source) if source != Source::Registry => {
                    sources.poetry.insert(normalize_name(&entry.key), source);
                }
                _ => {}
            }
        }
        sources
    }

    /// The source of a requirement without an address.
    pub(super) fn of(&self, name: &str, kind: &DependencyKind) -> Option<Source> {
        let name = normalize_name(name);
        let Some(tables) = self.uv.get(&name) else { return self.poetry.get(&name).cloned() };
        let found: Vec<Source> =
            tables.iter().filter(|table| applies(table, kind)).filter_map(|table| source_of(table)).collect();
        // Markers choose between several. The one inside of the project counts: it is what a release touches.
        let inside = |source: &&Source| matches!(source, Source::Workspace | Source::Path(_));
        found.iter().find(inside).or_else(|| found.first()).cloned()
    }
}

/// Whether a source is for this list: uv lets one name an extra or a group.
fn applies(table: &Node<'_>, kind: &DependencyKind) -> bool {
    let same = |one: &str, other: &str| normalize_name(one) == normalize_name(other);
    let extra = table.text_at(&["extra"]);
    let group = table.text_at(&["group"]);
    match kind {
        DependencyKind::Optional(name) => group.is_none() && extra.is_none_or(|extra| same(extra, name)),
        DependencyKind::Group(name) => extra.is_none() && group.is_none_or(|group| same(group, name)),
        DependencyKind::Dev => extra.is_none() && group.is_none_or(|group| same(group, "dev")),
        _ => extra.is_none() && group.is_none(),
    }
}

/// What a table of uv or Poetry names.
pub(super) fn source_of(table: &Node<'_>) -> Option<Source> {
    if table.get("workspace").and_then(Node::as_bool) == Some(true) {
        return Some(Source::Workspace);
    }
    let key = |key: &str| table.text_at(&[key]);
    if let Some(path) = key("path").or_else(|| key("file")) {
        return Some(Source::Path(path.to_owned()));
    }
    if let Some(address) = key("git").or_else(|| key("url")) {
        return Some(Source::Other(without_credentials(address)));
    }
    matches!(table.value, Value::Map(_)).then_some(Source::Registry)
}
