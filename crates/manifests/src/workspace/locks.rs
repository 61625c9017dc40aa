//! Which packages a lock file has entries of.

use std::collections::{BTreeMap, VecDeque};

use super::resolve::Resolver;
use super::{Package, Workspace};
use crate::lock::LockKind;
use crate::{Ecosystem, PackageId, RelPath, WorkspaceTool};

/// A package, and the tool whose workspace has it there; none for its own directory.
type Resident<'w> = (&'w Package, Option<WorkspaceTool>);

/// The packages by the directory in which a tool keeps their lock file.
pub(super) struct Homes<'w> {
    workspace: &'w Workspace,
    packages: BTreeMap<(&'w str, Ecosystem), Vec<Resident<'w>>>,
}

impl<'w> Homes<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        let mut packages: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for package in &workspace.packages {
            let mut add = |directory: &'w str, tool| {
                packages.entry((directory, package.id.ecosystem())).or_default().push((package, tool));
            };
            let own = package.directory.as_str();
            let root = root(workspace, package);
            add(own, None);
            if let Some((directory, tool)) = root {
                add(directory, Some(tool));
            }
        }
        Self { workspace, packages }
    }

    /// The packages of the directory of a lock file, those of the workspace that has its root there, and what they
    /// take from directories.
    pub(super) fn packages(&self, resolver: &Resolver<'w>, path: &RelPath, kind: LockKind) -> Vec<PackageId> {
        let (ecosystem, tool) = reader(kind);
        let near = self.packages.get(&(path.parent().unwrap_or_default(), ecosystem));
        let of_lock = near.into_iter().flatten().filter(|(package, of)| {
            // The tool reads the lock file of the workspace alone, not one beside a member.
            let is_member = || tool.is_some() && root(self.workspace, package).map(|(_, tool)| tool) == tool;
            if of.is_some() { *of == tool } else { !is_member() }
        });
        self.with_paths(resolver, of_lock.map(|&(package, _)| package).collect())
    }

    fn with_paths(&self, resolver: &Resolver<'w>, mut queue: VecDeque<&'w Package>) -> Vec<PackageId> {
        let workspace = self.workspace;
        let mut seen: BTreeMap<(&str, &PackageId), &Package> = BTreeMap::new();
        seen.extend(queue.iter().map(|&package| ((package.directory.as_str(), &package.id), package)));
        while let Some(package) = queue.pop_front() {
            for manifest in package.manifests.iter().filter_map(|path| workspace.manifest(path)) {
                for dependency in &manifest.dependencies {
                    let inherited = resolver.inherited(package, manifest, dependency);
                    let Some(target) = resolver.at_path(package, dependency, inherited) else { continue };
                    if seen.insert((&target.directory, &target.id), target).is_none() {
                        queue.push_back(target);
                    }
                }
            }
        }
        seen.into_values().map(|package| package.id.clone()).collect()
    }
}

/// The directory and the tool of the workspace that a package is a member of.
fn root<'w>(workspace: &'w Workspace, package: &'w Package) -> Option<(&'w str, WorkspaceTool)> {
    let path = package.workspace.as_ref()?;
    let members = workspace.manifest(path)?.workspace.as_ref()?;
    Some((path.parent().unwrap_or_default(), members.tool))
}

/// Whose lock file it is.
fn reader(kind: LockKind) -> (Ecosystem, Option<WorkspaceTool>) {
    match kind {
        LockKind::Uv => (Ecosystem::Pypi, Some(WorkspaceTool::Uv)),
        LockKind::Poetry => (Ecosystem::Pypi, None),
        LockKind::Npm => (Ecosystem::Npm, Some(WorkspaceTool::Npm)),
        LockKind::Pnpm => (Ecosystem::Npm, Some(WorkspaceTool::Pnpm)),
        LockKind::Cargo => (Ecosystem::Cargo, Some(WorkspaceTool::Cargo)),
    }
}
