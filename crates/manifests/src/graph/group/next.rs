//! The versions that follow from what is asked.

use std::collections::{BTreeMap, BTreeSet};

use tminus_versioning::{ExistingVersions, ReleaseVersion, Scheme};

use super::{Asked, CurrentVersion, GroupError, GroupKind, Groups, NextVersion};
use crate::PackageId;

/// Packages that get one version.
struct Unit<'a> {
    group: Option<&'a str>,
    /// All whose version counts.
    members: Vec<(&'a PackageId, &'a CurrentVersion)>,
    /// What is asked, at least one.
    asked: Vec<(&'a PackageId, &'a Asked)>,
    /// Whether all members get the version, rather than those that are asked to change.
    is_fixed: bool,
}

pub(super) fn next_versions(
    groups: &Groups,
    current: &BTreeMap<PackageId, CurrentVersion>,
    asked: &BTreeMap<PackageId, Asked>,
) -> Result<BTreeMap<PackageId, NextVersion>, GroupError> {
    let mut next = BTreeMap::new();
    for unit in units(groups, current, asked)? {
        let version = unit.version()?;
        for (id, CurrentVersion { scheme, .. }) in unit.receivers() {
            let text = version.render(*scheme);
            let text = text.map_err(|source| GroupError::CannotWrite { id: id.clone(), source })?;
            let (version, group) = (version.clone(), unit.group.map(str::to_owned));
            next.insert(id.clone(), NextVersion { version, text, group, asked: asked.contains_key(id) });
        }
    }
    Ok(next)
}

fn units<'a>(
    groups: &'a Groups,
    current: &'a BTreeMap<PackageId, CurrentVersion>,
    asked: &'a BTreeMap<PackageId, Asked>,
) -> Result<Vec<Unit<'a>>, GroupError> {
    let mut units = Vec::new();
    let mut joined: BTreeMap<usize, Vec<(&PackageId, &Asked)>> = BTreeMap::new();
    for (id, what) in asked {
        let own = current.get_key_value(id).ok_or_else(|| GroupError::NoVersion { id: id.clone() })?;
        let group = groups.of.get(id).and_then(|&place| Some((place, groups.groups.get(place)?)));
        match group {
            Some((place, group)) if group.kind != GroupKind::Independent => {
                joined.entry(place).or_default().push((id, what));
            }
            _ => {
                let (members, asked) = (vec![own], vec![(id, what)]);
                units.push(Unit { group: None, members, asked, is_fixed: false });
            }
        }
    }
    for (place, asked) in joined {
        let Some(group) = groups.groups.get(place) else { continue };
        let members = group.packages.iter().filter_map(|id| current.get_key_value(id)).collect();
        let is_fixed = group.kind == GroupKind::Fixed;
        units.push(Unit { group: Some(&group.name), members, asked, is_fixed });
    }
    Ok(units)
}

impl<'a> Unit<'a> {
    /// The packages that get the version.
    fn receivers(&self) -> impl Iterator<Item = (&'a PackageId, &'a CurrentVersion)> {
        let asked: BTreeSet<&PackageId> = self.asked.iter().map(|(id, _)| *id).collect();
        self.members.iter().copied().filter(move |(id, _)| self.is_fixed || asked.contains(id))
    }

    fn version(&self) -> Result<ReleaseVersion, GroupError> {
        let existing: ExistingVersions =
            self.members.iter().flat_map(|(_, current)| current.existing.iter()).collect();
        // Of equal versions the first one: which it is matters for messages alone.
        let highest = self.members.iter().rev().max_by_key(|(_, current)| &current.version);
        let Some(&(holder, highest)) = highest else { return Err(self.without_version()) };
        let computed = self.computed(&highest.version, &existing)?;
        let Some((asker, version)) = self.explicit()? else {
            return computed.map(|(_, version)| version).ok_or_else(|| self.without_version());
        };
        if *version <= highest.version {
            return Err(GroupError::NotAbove {
                id: holder.clone(),
                version: self.spelt(version),
                current: self.spelt(&highest.version),
            });
        }
        match computed {
            Some((other, computed)) if computed > *version => {
                Err(self.differ((asker, version), (other, &computed)))
            }
            _ if existing.contains(version) => {
                Err(GroupError::Exists { id: asker.clone(), version: self.spelt(version) })
            }
            _ => Ok(version.clone()),
        }
    }

    /// The highest version that a step leads to, and who asked for it.
    fn computed(
        &self,
        from: &ReleaseVersion,
        existing: &ExistingVersions,
    ) -> Result<Option<(&'a PackageId, ReleaseVersion)>, GroupError> {
        let schemes: BTreeSet<Scheme> = self.receivers().map(|(_, current)| current.scheme).collect();
        let mut highest: Option<(&PackageId, ReleaseVersion)> = None;
        for &(id, asked) in &self.asked {
            let Asked::Step(step) = asked else { continue };
            for &scheme in &schemes {
                let next = existing.next(from, *step, scheme);
                let next = next.map_err(|source| GroupError::Next { id: id.clone(), source })?;
                if highest.as_ref().is_none_or(|(_, highest)| next > *highest) {
                    highest = Some((id, next));
                }
            }
        }
        Ok(highest)
    }

    /// The one version that is asked for by itself.
    fn explicit(&self) -> Result<Option<(&'a PackageId, &'a ReleaseVersion)>, GroupError> {
        let mut found: Option<(&PackageId, &ReleaseVersion)> = None;
        for &(id, asked) in &self.asked {
            let Asked::Version(version) = asked else { continue };
            match found {
                Some(first) if first.1 != version => return Err(self.differ(first, (id, version))),
                Some(_) => {}
                None => found = Some((id, version)),
            }
        }
        Ok(found)
    }

    fn differ(
        &self,
        first: (&PackageId, &ReleaseVersion),
        second: (&PackageId, &ReleaseVersion),
    ) -> GroupError {
        GroupError::Differ {
            group: self.group.unwrap_or_default().to_owned(),
            first: first.0.clone(),
            first_version: self.spelt(first.1),
            second: second.0.clone(),
            second_version: self.spelt(second.1),
        }
    }

    /// A version as the first package writes it.
    fn spelt(&self, version: &ReleaseVersion) -> String {
        let scheme = self.members.first().map_or(Scheme::Pep440, |(_, current)| current.scheme);
        version.render(scheme).unwrap_or_else(|_| version.to_string())
    }

    fn without_version(&self) -> GroupError {
        let id = self.asked.first().map(|(id, _)| (*id).clone());
        GroupError::NoVersion { id: id.unwrap_or_else(|| PackageId::pypi("")) }
    }
}
