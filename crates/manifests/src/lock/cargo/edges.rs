//! Who depends on whom in a Cargo.lock, each list gone through once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::entry::Entry;
use super::file::{File, Package};
use crate::lock::ConstraintChange;
use crate::{DependencyKind, PackageId};

/// A use of a member that ties it to what is published.
pub(super) enum User<'f> {
    /// A package of this name that is no member depends on it.
    Published(&'f str),
    /// `[replace]` puts it in the place of another one.
    Replaced,
}

/// The first such use of each package that changes.
pub(super) fn users<'f>(file: &'f File, changed: &BTreeSet<usize>) -> BTreeMap<usize, User<'f>> {
    let names: HashSet<&str> = changed
        .iter()
        .filter_map(|&index| file.packages.get(index))
        .map(|package| package.name.as_str())
        .collect();
    let target = |entry: &Entry| {
        let target = file.target(entry).filter(|_| names.contains(entry.name.as_str()));
        target.filter(|index| changed.contains(index))
    };
    let mut users = BTreeMap::new();
    for package in file.packages.iter().filter(|package| package.source.is_some()) {
        for target in package.entries.iter().filter_map(|(entry, _)| target(entry)) {
            users.entry(target).or_insert(User::Published(&package.name));
        }
    }
    let replacements = file.packages.iter().filter_map(|package| package.replacement.as_ref());
    for target in replacements.filter_map(|(entry, _)| target(entry)) {
        users.entry(target).or_insert(User::Replaced);
    }
    users
}

/// What is locked for the dependencies of members.
pub(super) struct Edges<'f> {
    file: &'f File,
    /// By the member and what it depends on.
    of_member: HashMap<(PackageId, PackageId), BTreeSet<usize>>,
    /// By what any member depends on.
    of_all: HashMap<PackageId, BTreeSet<usize>>,
}

impl<'f> Edges<'f> {
    pub(super) fn new(file: &'f File, constraints: &[ConstraintChange]) -> Self {
        let mut edges = Self { file, of_member: HashMap::new(), of_all: HashMap::new() };
        let wanted: HashSet<&PackageId> = constraints.iter().map(|change| &change.dependency).collect();
        for package in file.packages.iter().filter(|package| package.source.is_none() && !wanted.is_empty()) {
            for (entry, _) in &package.entries {
                let id = PackageId::new(crate::Ecosystem::Cargo, &entry.name);
                if let Some(target) = file.target(entry).filter(|_| wanted.contains(&id)) {
                    edges.of_member.entry((package.id(), id.clone())).or_default().insert(target);
                    edges.of_all.entry(id).or_default().insert(target);
                }
            }
        }
        edges
    }

    /// The packages that are locked for a constraint.
    pub(super) fn locked(&self, change: &ConstraintChange) -> Vec<&'f Package> {
        let indices = if change.kind == DependencyKind::Workspace {
            self.of_all.get(&change.dependency)
        } else {
            self.of_member.get(&(change.member.clone(), change.dependency.clone()))
        };
        indices.into_iter().flatten().filter_map(|&index| self.file.packages.get(index)).collect()
    }
}
