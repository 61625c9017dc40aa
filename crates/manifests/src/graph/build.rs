//! Edges from what manifests say.

use super::{Edge, Place, Reason, Stated};
use crate::lines::FileLines;
use crate::workspace::{Package, Workspace, resolve::Resolver};
use crate::{Dependency, Manifest};

/// One edge for each dependency on a package of the workspace.
pub(super) fn stated(workspace: &Workspace) -> Vec<Edge> {
    let resolver = Resolver::new(workspace);
    let lines = FileLines::new(workspace);
    let mut edges = Vec::new();
    for package in workspace.packages() {
        for manifest in package.manifests.iter().filter_map(|path| workspace.manifest(path)) {
            for (index, dependency) in manifest.dependencies.iter().enumerate() {
                edges.extend(edge(&resolver, &lines, package, (manifest, index, dependency)));
            }
        }
    }
    edges
}

fn edge<'w>(
    resolver: &Resolver<'w>,
    lines: &FileLines<'w>,
    package: &Package,
    (manifest, index, dependency): (&'w Manifest, usize, &'w Dependency),
) -> Option<Edge> {
    let entry = resolver.inherited(package, manifest, dependency);
    let target = resolver.target(package, dependency, entry)?;
    if target.id == package.id {
        return None;
    }
    let constraint = dependency.constraint.as_ref();
    // `catalog:` is a reference; the range is in the table.
    let constraint = entry.and_then(|entry| entry.dependency.constraint.as_ref()).or(constraint);
    let inherited = entry.map(|entry| place(entry.manifest, entry.index, entry.dependency, lines));
    let stated = Stated {
        place: place(manifest, index, dependency, lines),
        kind: dependency.kind.clone(),
        constraint: constraint.map(|site| site.text().to_owned()),
        source: dependency.source.clone(),
        inherited,
    };
    Some(Edge { from: package.id.clone(), to: target.id.clone(), reasons: vec![Reason::Stated(stated)] })
}

fn place<'w>(manifest: &'w Manifest, index: usize, dependency: &Dependency, lines: &FileLines<'w>) -> Place {
    let line = lines.line(&manifest.path, dependency.offset);
    Place { manifest: manifest.path.clone(), index, line }
}
