//! The places that state the versions of packages.

use std::collections::{BTreeMap, HashSet};

use tminus_versioning::ReleaseVersion;

use super::admits::scheme;
use super::texts::Texts;
use super::{BumpError, Change, Outcome, VersionEdit};
use crate::workspace::{Package, PackageVersion, Workspace};
use crate::{Manifest, PackageId, RelPath, Site, Version, VersionFile};

/// Sets the new versions in every place that states them.
pub(super) fn set<'w>(
    workspace: &'w Workspace,
    change: &Change,
    texts: &mut Texts<'w>,
    outcome: &mut Outcome,
) -> Result<(), BumpError> {
    // By file and first byte, who has set a place: members of a Cargo workspace may share one.
    let mut set: BTreeMap<(&RelPath, usize), (&PackageId, &str)> = BTreeMap::new();
    let mut known: HashSet<(RelPath, u32)> = HashSet::new();
    for (id, new) in &change.versions {
        let package = workspace.package(id);
        let named = change.sites.get(id).is_some_and(|files| !files.is_empty());
        if package.is_none() && !named {
            return Err(BumpError::Unknown { id: id.clone() });
        }
        let mut stated = 0;
        for (manifest, site) in package.map(|package| places(workspace, package)).unwrap_or_default() {
            stated += 1;
            let line = texts.line(&manifest.path, site.span().start);
            let place = (&manifest.path, site.span().start);
            let earlier = set.insert(place, (id, new)).filter(|(_, version)| *version != new);
            if let Some((first, _)) = earlier {
                let path = manifest.path.clone();
                return Err(BumpError::Shared { first: first.clone(), second: id.clone(), path, line });
            }
            let (path, old) = (manifest.path.clone(), site.text().to_owned());
            let edit = VersionEdit { id: id.clone(), path, line, old, new: new.clone() };
            check_direction(change, &edit)?;
            texts.set(manifest, site, new)?;
            known.insert((edit.path.clone(), line));
            outcome.versions.push(edit);
        }
        // An entry of a lock file follows with the lock file, whoever else names it.
        let follows = |file: &&VersionFile| {
            !change.without_locks && workspace.locks().iter().any(|lock| lock.path == file.path)
        };
        for file in change.sites.get(id).into_iter().flatten().filter(|file| !follows(file)) {
            stated += 1;
            let (line, old) = texts.set_place(file, new)?;
            let edit = VersionEdit { id: id.clone(), path: file.path.clone(), line, old, new: new.clone() };
            check_direction(change, &edit)?;
            if known.insert((edit.path.clone(), line)) {
                outcome.versions.push(edit);
            }
        }
        if stated == 0 {
            let why = match package.map(|package| &package.version) {
                Some(PackageVersion::Elsewhere { path, source, .. }) => format!("{path}: {source}"),
                _ => "none of its manifests has one".to_owned(),
            };
            return Err(BumpError::NoVersion { id: id.clone(), why });
        }
    }
    Ok(())
}

/// Refuses a lower version in a place, unless that is allowed. What is no version so far has no direction.
fn check_direction(change: &Change, edit: &VersionEdit) -> Result<(), BumpError> {
    let parsed = |text: &str| ReleaseVersion::parse_nearest(scheme(&edit.id), text).ok();
    let (Some(before), Some(after)) = (parsed(&edit.old), parsed(&edit.new)) else { return Ok(()) };
    if change.allow_lowering || after >= before {
        return Ok(());
    }
    Err(BumpError::Lower(Box::new(edit.clone())))
}

/// Where the manifests of a package state its version: the place that counts, and every other one.
fn places<'w>(workspace: &'w Workspace, package: &'w Package) -> Vec<(&'w Manifest, &'w Site)> {
    let mut places = Vec::new();
    if let PackageVersion::Stated { path, site, .. } = &package.version {
        places.extend(workspace.manifest(path).map(|manifest| (manifest, site)));
    }
    for manifest in package.manifests.iter().filter_map(|path| workspace.manifest(path)) {
        match &manifest.version {
            Version::Here(site) if !places.iter().any(|(known, _)| known.path == manifest.path) => {
                places.push((manifest, site));
            }
            _ => {}
        }
    }
    places
}
