//! [pnpm-workspace.yaml](https://pnpm.io/pnpm-workspace_yaml): the packages of a workspace, its catalogs and overrides.

use super::npm_spec::{dependency, entries, is_nothing, name_of_pnpm_key, once, patterns};
use super::{DependencyKind, Manifest, ManifestKind, Members, WorkspaceTool};
use crate::RelPath;
use crate::locate::Failure;
use crate::tree::{Value, malformed, yaml};

/// Reads a pnpm-workspace.yaml. Without `packages` the file holds settings alone, and only the root is a package.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let document = yaml::parse(text)?;
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::PnpmWorkspace);
    if !matches!(document.value, Value::Map(_)) && !is_nothing(&document) {
        return Err(malformed(Some(document.span.start), "the file must map settings to values"));
    }
    if let Some(list) = once(text, &document, "packages")?.filter(|list| !is_nothing(list)) {
        let include = patterns(list, "packages")?;
        manifest.workspace = Some(Members { tool: WorkspaceTool::Pnpm, include, exclude: Vec::new() });
    }
    let found = &mut manifest.dependencies;
    for entry in entries(text, once(text, &document, "catalog")?, "catalog")? {
        found.push(dependency(entry, &entry.key, DependencyKind::Workspace)?);
    }
    for catalog in entries(text, once(text, &document, "catalogs")?, "catalogs")? {
        for entry in entries(text, Some(&catalog.value), "catalogs")? {
            found.push(dependency(entry, &entry.key, DependencyKind::Workspace)?);
        }
    }
    for entry in entries(text, once(text, &document, "overrides")?, "overrides")? {
        found.push(dependency(entry, name_of_pnpm_key(&entry.key), DependencyKind::Override)?);
    }
    found.sort_by_key(|dependency| dependency.offset);
    Ok(manifest)
}
