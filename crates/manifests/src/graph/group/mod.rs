//! Packages whose versions belong together.

use std::collections::{BTreeMap, BTreeSet};

use tminus_versioning::{ExistingVersions, NextStep, ReleaseVersion, Scheme};

use crate::PackageId;

mod error;
mod member;
mod next;
#[cfg(test)]
mod tests;

pub use error::GroupError;
pub use member::{GroupMember, ParseMemberError};

/// How the versions of a group belong together; `fixed` and `linked` are those of changesets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// All have one version: as soon as one changes, all of them get the new one.
    Fixed,
    /// Those that change get one version; the others keep theirs.
    Linked,
    /// Each has its own, as a package without a group.
    #[default]
    Independent,
}

/// A group as it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How the versions belong together.
    pub kind: GroupKind,
    /// Its packages.
    pub members: Vec<GroupMember>,
}

/// Groups with the packages that they have in a workspace; each package is in one at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    groups: Vec<ResolvedGroup>,
    of: BTreeMap<PackageId, usize>,
}

/// A group with its packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedGroup {
    /// Its name.
    pub name: String,
    /// How the versions belong together.
    pub kind: GroupKind,
    /// Its packages, in their order.
    pub packages: Vec<PackageId>,
}

/// The version of a package before a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentVersion {
    /// The version.
    pub version: ReleaseVersion,
    /// How it is written.
    pub scheme: Scheme,
    /// What exists of the package already: its tags, what its registry lists. May be empty.
    pub existing: ExistingVersions,
}

/// What is asked for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// The next version of a kind.
    Step(NextStep),
    /// This version.
    Version(ReleaseVersion),
}

/// The version of a package after a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextVersion {
    /// The version.
    pub version: ReleaseVersion,
    /// The same as the package writes it.
    pub text: String,
    /// The group from which the version comes; nothing for a package that is independent.
    pub group: Option<String>,
    /// Whether the package itself was asked to change.
    pub asked: bool,
}

impl Groups {
    /// Finds the packages of each group.
    ///
    /// # Errors
    ///
    /// - two groups of one name
    /// - a package that is none of `packages`, or a pattern that none of them matches
    /// - a package in two groups
    pub fn resolve<'p>(
        groups: &[Group],
        packages: impl IntoIterator<Item = &'p PackageId>,
    ) -> Result<Self, GroupError> {
        let packages: BTreeSet<&PackageId> = packages.into_iter().collect();
        let mut names = BTreeSet::new();
        let mut resolved = Self::default();
        for Group { name, kind, members } in groups {
            if !names.insert(name) {
                return Err(GroupError::Name { name: name.clone() });
            }
            let found = packages_of(name, members, &packages)?;
            for id in &found {
                if let Some(first) = resolved.of(id) {
                    let (first, second) = (first.name.clone(), name.clone());
                    return Err(GroupError::TwoGroups { id: id.clone(), first, second });
                }
            }
            let place = resolved.groups.len();
            resolved.of.extend(found.iter().map(|id| (id.clone(), place)));
            let packages = found.into_iter().collect();
            resolved.groups.push(ResolvedGroup { name: name.clone(), kind: *kind, packages });
        }
        Ok(resolved)
    }

    /// The groups.
    pub fn groups(&self) -> &[ResolvedGroup] {
        &self.groups
    }

    /// The group of a package.
    pub fn of(&self, id: &PackageId) -> Option<&ResolvedGroup> {
        self.groups.get(*self.of.get(id)?)
    }

    /// The versions that follow from what is asked: one for each package that changes.
    ///
    /// The next version of a fixed or linked group counts on from the highest version of its packages, by the highest
    /// of what is asked for them, and in view of what exists of any of them.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use tminus_manifests::PackageId;
    /// use tminus_manifests::graph::group::{Asked, CurrentVersion, Group, GroupKind, Groups};
    /// use tminus_versioning::{ExistingVersions, Level, NextStep, Scheme};
    ///
    /// let (a, b) = (PackageId::pypi("demo-a"), PackageId::pypi("demo-b"));
    /// let members = vec!["pypi:demo-*".parse()?];
    /// let group = Group { name: "demo".to_owned(), kind: GroupKind::Fixed, members };
    /// let groups = Groups::resolve(&[group], [&a, &b])?;
    ///
    /// let version = |text: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     let existing = ExistingVersions::default();
    ///     Ok(CurrentVersion { version: text.parse()?, scheme: Scheme::Pep440, existing })
    /// };
    /// let current = BTreeMap::from([(a.clone(), version("1.0.0")?), (b.clone(), version("1.2.0")?)]);
    /// let asked = BTreeMap::from([(a.clone(), Asked::Step(NextStep::Release(Level::Patch)))]);
    /// let next = groups.next_versions(&current, &asked)?;
    /// assert_eq!(next.values().map(|next| next.text.as_str()).collect::<Vec<_>>(), ["1.2.1", "1.2.1"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - a package that is asked to change and has no version in `current`
    /// - two versions asked for in one fixed or linked group, or one below what another member asks for
    /// - a version that is not above the highest one of its group, or that exists already
    /// - a version that there is no next one of, or that a member cannot write
    pub fn next_versions(
        &self,
        current: &BTreeMap<PackageId, CurrentVersion>,
        asked: &BTreeMap<PackageId, Asked>,
    ) -> Result<BTreeMap<PackageId, NextVersion>, GroupError> {
        next::next_versions(self, current, asked)
    }
}

fn packages_of(
    group: &str,
    members: &[GroupMember],
    packages: &BTreeSet<&PackageId>,
) -> Result<BTreeSet<PackageId>, GroupError> {
    let mut found = BTreeSet::new();
    for member in members {
        let mut matched = packages.iter().filter(|id| member.matches(id)).peekable();
        if matched.peek().is_none() {
            return Err(GroupError::NoSuchMember { group: group.to_owned(), member: member.to_string() });
        }
        found.extend(matched.map(|&id| id.clone()));
    }
    Ok(found)
}
