//! pyproject.toml: PEP 621, PEP 735 (dependency groups), PEP 518 (`build-system`), and the tables of uv and Poetry.

use super::{Manifest, ManifestKind, Members, WorkspaceTool};
use crate::locate::Failure;
use crate::tree::{Node, Value, malformed, toml};
use crate::{RelPath, Site};

mod dependencies;
mod poetry;
pub(super) mod requirement;
mod sources;
#[cfg(test)]
mod tests;
mod version;

pub(crate) use version::{Stated, version};

/// Reads a manifest.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let root = toml::parse(text)?;
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::Pyproject);
    manifest.name = name(&root)?;
    manifest.version = version(&root)?.version;
    manifest.private = is_private(&root);
    manifest.dependencies = dependencies::read(text, &root)?;
    manifest.workspace = workspace(&root)?;
    Ok(manifest)
}

fn name(root: &Node<'_>) -> Result<Option<Site>, Failure> {
    let found = root.at(&["project", "name"]).or_else(|| root.at(&["tool", "poetry", "name"]));
    let Some(node) = found else { return Ok(None) };
    let site = line_of_text(node, "the name of the package")?;
    requirement::check_name(site.text())
        .map_err(|message| malformed(Some(node.span.start), message))
        .map(|()| Some(site))
}

/// Whether the package must not be published: an index refuses classifiers that begin with `Private ::`, and Poetry
/// builds nothing without its package mode.
fn is_private(root: &Node<'_>) -> bool {
    let lists = [root.at(&["project", "classifiers"]), root.at(&["tool", "poetry", "classifiers"])];
    let classified = lists.into_iter().flatten().flat_map(Node::items).filter_map(Node::as_str);
    let unpackaged = root.at(&["tool", "poetry", "package-mode"]).and_then(Node::as_bool) == Some(false);
    unpackaged || classified.into_iter().any(requirement::is_private_classifier)
}

fn workspace(root: &Node<'_>) -> Result<Option<Members>, Failure> {
    let Some(table) = root.at(&["tool", "uv", "workspace"]) else { return Ok(None) };
    let texts = |key: &str| -> Result<Vec<String>, Failure> {
        let Some(list) = table.get(key) else { return Ok(Vec::new()) };
        items(list, &format!("`{key}` of the workspace"))?
            .iter()
            .map(|item| text(item, "a directory of the workspace").map(str::to_owned))
            .collect()
    };
    Ok(Some(Members { tool: WorkspaceTool::Uv, include: texts("members")?, exclude: texts("exclude")? }))
}

/// The members of a list.
fn items<'n, 'a>(node: &'n Node<'a>, what: &str) -> Result<&'n [Node<'a>], Failure> {
    match &node.value {
        Value::List(items) => Ok(items),
        _ => Err(malformed(Some(node.span.start), format!("{what} must be a list: write `[\"...\"]`"))),
    }
}

/// The entries of a table.
fn entries<'n, 'a>(node: &'n Node<'a>, what: &str) -> Result<&'n [crate::tree::Entry<'a>], Failure> {
    match &node.value {
        Value::Map(entries) => Ok(entries),
        _ => Err(malformed(Some(node.span.start), format!("{what} must be a table"))),
    }
}

fn text<'n>(node: &'n Node<'_>, what: &str) -> Result<&'n str, Failure> {
    node.as_str()
        .ok_or_else(|| malformed(Some(node.span.start), format!("{what} must be a text: write it in quotes")))
}

/// The place of a text that stands on one line.
fn line_of_text(node: &Node<'_>, what: &str) -> Result<Site, Failure> {
    text(node, what)?;
    node.site().map_err(|_| {
        let message =
            format!("{what} stands in triple quotes, where it is not edited: write it in plain quotes");
        malformed(Some(node.span.start), message)
    })
}
