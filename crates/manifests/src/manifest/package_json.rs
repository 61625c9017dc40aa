//! package.json, as [npm](https://docs.npmjs.com/cli/v11/configuring-npm/package-json), yarn and pnpm read it.

use super::npm_spec::{
    dependency, entries, is_nothing, name_of_key, name_of_path, name_of_pnpm_key, once, patterns,
};
use super::{Dependency, DependencyKind, Manifest, ManifestKind, Members, Version, WorkspaceTool};
use crate::RelPath;
use crate::locate::json::object;
use crate::locate::{Failure, several};
use crate::tree::{Node, Value, malformed};

const LISTS: [(&str, DependencyKind); 4] = [
    ("dependencies", DependencyKind::Normal),
    ("devDependencies", DependencyKind::Dev),
    ("peerDependencies", DependencyKind::Peer),
    ("optionalDependencies", DependencyKind::Optional(String::new())),
];

/// Reads a package.json.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let document = object(text)?;
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::PackageJson);
    if let Some(name) = once(text, &document, "name")? {
        let not_text = |_| malformed(Some(name.span.start), "the name must be a text in quotes");
        manifest.name = Some(name.site().map_err(not_text)?);
    }
    manifest.version = version(text, &document)?;
    manifest.private = once(text, &document, "private")?.is_some_and(is_truthy);
    manifest.workspace = members(text, &document)?;
    for (list, kind) in LISTS {
        for entry in entries(text, once(text, &document, list)?, list)? {
            manifest.dependencies.push(dependency(entry, &entry.key, kind.clone())?);
        }
    }
    overrides(text, &document, &mut manifest.dependencies)?;
    manifest.dependencies.sort_by_key(|dependency| dependency.offset);
    Ok(manifest)
}

fn version(text: &str, document: &Node<'_>) -> Result<Version, Failure> {
    let mut found = document.entries().iter().filter(|entry| entry.key == "version");
    let Some(first) = found.next() else { return Ok(Version::Absent) };
    if found.next().is_some() {
        let all = document.entries().iter().filter(|entry| entry.key == "version");
        return Err(several(text, first.key_span.start, all.map(|entry| entry.key_span.start)));
    }
    Ok(Version::Here(first.value.site()?))
}

/// Whether npm takes a value for yes, which it asks as JavaScript does: `"false"` is one.
fn is_truthy(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Text { text, .. } => !text.is_empty(),
        Value::Other(word) => !matches!(*word, "false" | "null") && word.parse::<f64>().ok() != Some(0.0),
        Value::List(_) | Value::Map(_) => true,
    }
}

/// `workspaces`: a list, or the list `packages` in a map.
fn members(text: &str, document: &Node<'_>) -> Result<Option<Members>, Failure> {
    let Some(found) = once(text, document, "workspaces")? else { return Ok(None) };
    let list = match found.value {
        Value::Map(_) => once(text, found, "packages")?,
        _ => Some(found),
    };
    let Some(list) = list.filter(|list| !is_nothing(list)) else { return Ok(None) };
    let include = patterns(list, "workspaces")?;
    Ok(Some(Members { tool: WorkspaceTool::Npm, include, exclude: Vec::new() }))
}

fn overrides(text: &str, document: &Node<'_>, found: &mut Vec<Dependency>) -> Result<(), Failure> {
    nested_overrides(text, once(text, document, "overrides")?, None, found)?;
    for entry in entries(text, once(text, document, "resolutions")?, "resolutions")? {
        found.push(dependency(entry, name_of_path(&entry.key), DependencyKind::Override)?);
    }
    let Some(pnpm) = once(text, document, "pnpm")? else { return Ok(()) };
    for entry in entries(text, once(text, pnpm, "overrides")?, "pnpm.overrides")? {
        found.push(dependency(entry, name_of_pnpm_key(&entry.key), DependencyKind::Override)?);
    }
    Ok(())
}

/// npm's `overrides`, which nest: what stands in the map of a package counts below it, and `.` is the package itself.
fn nested_overrides(
    text: &str,
    map: Option<&Node<'_>>,
    parent: Option<&str>,
    found: &mut Vec<Dependency>,
) -> Result<(), Failure> {
    for entry in entries(text, map, "overrides")? {
        let name = match (entry.key.as_ref(), parent) {
            (".", Some(parent)) => parent,
            (key, _) => name_of_key(key),
        };
        if matches!(entry.value.value, Value::Map(_)) {
            nested_overrides(text, Some(&entry.value), Some(name), found)?;
        } else {
            found.push(dependency(entry, name, DependencyKind::Override)?);
        }
    }
    Ok(())
}
