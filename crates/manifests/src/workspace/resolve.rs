//! Which package of the workspace a dependency means.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::path_of;
use super::inherit::Table;
use super::{Package, Workspace};
use crate::{Dependency, DependencyKind, Ecosystem, Manifest, PackageId, RelPath, Source};

/// Finds packages by what dependencies say.
pub(crate) struct Resolver<'w> {
    workspace: &'w Workspace,
    by_directory: BTreeMap<(&'w str, Ecosystem), &'w Package>,
    tables: BTreeMap<&'w RelPath, Table>,
}

/// An entry in the table of a workspace.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'w> {
    pub(crate) manifest: &'w Manifest,
    pub(crate) index: usize,
    pub(crate) dependency: &'w Dependency,
}

impl<'w> Resolver<'w> {
    pub(crate) fn new(workspace: &'w Workspace) -> Self {
        let key = |package: &'w Package| (package.directory.as_str(), package.id.ecosystem());
        let tables = workspace.manifests.iter().filter(|manifest| manifest.workspace.is_some());
        Self {
            workspace,
            by_directory: workspace.packages.iter().map(|package| (key(package), package)).collect(),
            tables: tables
                .map(|root| (&root.path, Table::of(root, workspace.source(&root.path).unwrap_or_default())))
                .collect(),
        }
    }

    /// What an inherited dependency stands for.
    pub(crate) fn inherited(
        &self,
        package: &Package,
        manifest: &Manifest,
        dependency: &Dependency,
    ) -> Option<Entry<'w>> {
        if dependency.source != Source::Inherited || dependency.kind == DependencyKind::Override {
            return None;
        }
        let root = self.workspace.manifest(package.workspace.as_ref()?)?;
        let source = self.workspace.source(&manifest.path).unwrap_or_default();
        let index = self.tables.get(&root.path)?.find(manifest, dependency, source)?;
        Some(Entry { manifest: root, index, dependency: root.dependencies.get(index)? })
    }

    /// The package of the workspace that a dependency means.
    pub(crate) fn target(
        &self,
        package: &Package,
        dependency: &Dependency,
        inherited: Option<Entry<'w>>,
    ) -> Option<&'w Package> {
        if dependency.kind == DependencyKind::Workspace {
            return None;
        }
        let stated = inherited.map_or(dependency, |entry| entry.dependency);
        match &stated.source {
            Source::Path(_) => self.at_path(package, dependency, inherited),
            Source::Other(text) if text.contains([':', '/']) => None,
            _ => self.workspace.package(&PackageId::new(package.id.ecosystem(), &stated.name)),
        }
    }

    /// The package in the directory from which a dependency is taken.
    pub(crate) fn at_path(
        &self,
        package: &Package,
        dependency: &Dependency,
        inherited: Option<Entry<'w>>,
    ) -> Option<&'w Package> {
        let entry = inherited.map(|entry| (entry.dependency, entry.manifest.directory().unwrap_or_default()));
        let directory = path_of(dependency, &package.directory, || entry)?;
        self.by_directory.get(&(directory.as_str(), package.id.ecosystem())).copied()
    }

    /// The package of the workspace that a manifest names, whoever the manifest describes: also in the table of a
    /// workspace and in overrides. What is inherited is looked for under its own name.
    pub(crate) fn named(&self, manifest: &Manifest, dependency: &Dependency) -> Option<&'w Package> {
        let ecosystem = manifest.kind.ecosystem();
        match &dependency.source {
            Source::Path(_) => {
                let directory = path_of(dependency, manifest.directory().unwrap_or_default(), || None)?;
                self.by_directory.get(&(directory.as_str(), ecosystem)).copied()
            }
            Source::Other(text) if text.contains([':', '/']) => None,
            _ => self.workspace.package(&PackageId::new(ecosystem, &dependency.name)),
        }
    }

    /// The packages that inherit each entry in the table of a workspace: the file, and the place of the entry in its
    /// dependencies.
    pub(crate) fn inheritors(&self) -> BTreeMap<(&'w RelPath, usize), BTreeSet<&'w PackageId>> {
        let mut inheritors: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for package in &self.workspace.packages {
            for manifest in package.manifests.iter().filter_map(|path| self.workspace.manifest(path)) {
                let entries = manifest.dependencies.iter();
                for entry in entries.filter_map(|dependency| self.inherited(package, manifest, dependency)) {
                    inheritors.entry((&entry.manifest.path, entry.index)).or_default().insert(&package.id);
                }
            }
        }
        inheritors
    }
}
