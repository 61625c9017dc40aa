//! Cargo.lock, versions 1 to 4.
//!
//! A member is a package without `source`. Its version stands in its own entry, and in the `dependencies` of others
//! where its name alone does not tell which package is meant. Both lists are sorted, by version too, so that a new version
//! can move an entry. All of that is done here as Cargo itself does it; what needs the resolver is left to Cargo.
//!
//! Cargo writes a whole file in its newest version when it changes anything. Here the version of the file stays.

mod edges;
mod entry;
mod file;
mod order;

use std::collections::BTreeSet;

use self::entry::Entry;
use self::file::{File, Package};
use super::step::replaced;
use super::{ConstraintChange, LockEdits, LockUpdate, Locked, VersionChange};
use crate::locate::Failure;
use crate::{DependencyKind, Ecosystem, PackageId, Splice};
use tminus_versioning::constraint::{self, satisfies};

pub(crate) const COMMAND: [&str; 3] = ["cargo", "update", "--workspace"];

/// Lists the packages of a Cargo.lock. It does not say the directories of members, so that they are empty.
pub(crate) fn read(source: &str) -> Result<Vec<Locked>, Failure> {
    let file = File::parse(source)?;
    let locked = |package: &Package| Locked {
        id: package.id(),
        version: Some(package.version.clone()),
        directory: package.source.is_none().then(String::new),
    };
    Ok(file.packages.iter().map(locked).collect())
}

/// What a change of the manifests asks of a Cargo.lock.
pub(crate) fn edits(source: &str, update: &LockUpdate) -> Result<LockEdits, Failure> {
    let file = File::parse(source)?;
    let mut versions: Vec<String> =
        file.packages.iter().map(|package| package.version.text.clone()).collect();
    let mut changed = BTreeSet::new();
    for change in &update.versions {
        let index = match member_of(&file, change) {
            Ok(index) => index,
            Err(why) => return Ok(tool(why)),
        };
        if let Some(version) = versions.get_mut(index).filter(|version| **version != change.new) {
            version.clone_from(&change.new);
            changed.insert(index);
        }
    }
    let objection = objection(&file, &versions, &changed);
    let objection = objection.or_else(|| {
        let edges = edges::Edges::new(&file, &update.constraints);
        update.constraints.iter().find_map(|change| unlocked(&edges, change))
    });
    if let Some(why) = objection {
        return Ok(tool(why));
    }
    Ok(LockEdits::Splices(splices(source, &file, &versions, &changed)?))
}

/// `cargo update --workspace` locks the members anew, and of the others only what no longer fits. It may need the
/// index of the registry.
fn tool(why: String) -> LockEdits {
    LockEdits::Tool { why, command: COMMAND.map(str::to_owned).to_vec() }
}

/// The package of a member: the one of its name, or of several the one with the version before.
fn member_of(file: &File, change: &VersionChange) -> Result<usize, String> {
    let of_name = file.named(&change.name).filter(|(_, package)| package.source.is_none());
    let of_name: Vec<usize> = of_name.map(|(index, _)| index).collect();
    let with = |version: &str| {
        of_name
            .iter()
            .copied()
            .find(|&index| file.packages.get(index).is_some_and(|package| package.version.text == version))
    };
    match of_name.as_slice() {
        [] => Err(format!("Cargo.lock does not list the member `{}`", change.name)),
        [index] => Ok(*index),
        _ => with(&change.old).or_else(|| with(&change.new)).ok_or_else(|| {
            format!(
                "Cargo.lock lists several packages `{}`, none of them in version {}",
                change.name, change.old
            )
        }),
    }
}

/// Why other versions of members may change more than their own entries.
fn objection(file: &File, versions: &[String], changed: &BTreeSet<usize>) -> Option<String> {
    let users = edges::users(file, changed);
    let reason = |(&index, user): (&usize, &edges::User<'_>)| {
        let name = &file.packages.get(index)?.name;
        Some(match user {
            edges::User::Published(dependent) => format!(
                "`{dependent}` is no member and depends on `{name}`, which replaces a published package"
            ),
            edges::User::Replaced => format!("`{name}` replaces a published package of the same version"),
        })
    };
    let collision = |&index: &usize| {
        let (member, version) = (file.packages.get(index)?, versions.get(index)?);
        let mut others =
            file.named(&member.name).filter(|(other, package)| *other != index && package.source.is_none());
        let collides = others.any(|(other, _)| versions.get(other) == Some(version));
        collides.then(|| format!("two packages without a registry would be `{}` {version}", member.name))
    };
    let unused = |&index: &usize| {
        let name = &file.packages.get(index)?.name;
        let is_unused = file.unused_patches.contains(name);
        is_unused.then(|| format!("`{name}` is a patch that is not used, which another version may change"))
    };
    let mut changed = changed.iter();
    changed.find_map(|index| {
        collision(index).or_else(|| users.get_key_value(index).and_then(reason)).or_else(|| unused(index))
    })
}

/// Why a changed constraint needs the resolver: the package that is locked for it does not fit, or it cannot be told.
fn unlocked(edges: &edges::Edges<'_>, change: &ConstraintChange) -> Option<String> {
    if change.is_member {
        return None;
    }
    let dependency = &change.dependency;
    if change.kind == DependencyKind::Override {
        return Some(format!("a package that replaces `{}` has another constraint", dependency.name()));
    }
    let inherited = change.kind == DependencyKind::Workspace;
    let locked = edges.locked(change);
    // Of a package outside the directory of the lock file, only what its users need is locked.
    let may_be_absent = inherited || change.directory.split('/').next() == Some("..");
    if may_be_absent && locked.is_empty() {
        return None;
    }
    let fits = |package: &Package, text: &str| {
        satisfies(constraint::Ecosystem::Cargo, text, package.version.text()).unwrap_or(false)
    };
    let now: Vec<&Package> = locked.iter().copied().filter(|package| fits(package, &change.new)).collect();
    match now.as_slice() {
        [] => Some(format!("no locked version of `{}` satisfies `{}`", dependency.name(), change.new)),
        [package] if locked.len() == 1 || fits(package, &change.old) => None,
        _ => Some(format!("several versions of `{}` are locked, and one is to be chosen", dependency.name())),
    }
}

fn splices(
    source: &str,
    file: &File,
    versions: &[String],
    changed: &BTreeSet<usize>,
) -> Result<Vec<Splice>, Failure> {
    let names: BTreeSet<&str> = changed
        .iter()
        .filter_map(|&index| file.packages.get(index))
        .map(|package| package.name.as_str())
        .collect();
    let mut edits = Vec::with_capacity(file.packages.len());
    for (index, package) in file.packages.iter().enumerate() {
        let mut own = Vec::new();
        if let Some(version) = versions.get(index).filter(|_| changed.contains(&index)) {
            own.push(replaced(&package.version, version)?);
        }
        own.extend(renamed(file, package, versions, &names)?);
        edits.push(own);
    }
    order::moved(source, file, versions, &names, edits)
}

/// The entries of one package for others whose spelling or order changes.
fn renamed(
    file: &File,
    package: &Package,
    versions: &[String],
    names: &BTreeSet<&str>,
) -> Result<Vec<Splice>, Failure> {
    let respelled = |entry: &Entry| {
        names.get(entry.name.as_str())?;
        file.entry(file.target(entry)?, versions)
    };
    let spelled = |entry: &Entry| respelled(entry).unwrap_or_else(|| entry.clone());
    let old: Vec<&Entry> = package.entries.iter().map(|(entry, _)| entry).collect();
    let mut new: Vec<Entry> = old.iter().map(|entry| spelled(entry)).collect();
    if old.is_sorted() {
        new.sort();
    }
    let slots = package.entries.iter().map(|(_, site)| site);
    let changed = slots.zip(old).zip(new).filter(|((_, old), new)| *old != new);
    let mut splices =
        changed.map(|((site, _), new)| replaced(site, &new.to_string())).collect::<Result<Vec<_>, _>>()?;
    if let Some((entry, site)) = &package.replacement {
        let new = spelled(entry);
        if new != *entry {
            splices.push(replaced(site, &new.to_string())?);
        }
    }
    Ok(splices)
}

impl Package {
    fn id(&self) -> PackageId {
        PackageId::new(Ecosystem::Cargo, &self.name)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod with_cargo;
