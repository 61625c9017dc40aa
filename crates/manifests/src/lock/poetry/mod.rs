//! poetry.lock: the versions of packages that are taken from directories.
//!
//! The package that is locked has no entry of its own, so that another version of it changes nothing. Another constraint
//! changes `content-hash`, a digest of everything its manifest depends on, which only Poetry makes.

use std::collections::HashMap;

use tminus_versioning::pep440;

use super::{ConstraintChange, LockEdits, LockUpdate, Locked, VersionChange};
use crate::locate::Failure;
use crate::tree::{Node, malformed, toml};
use crate::{DependencyKind, Ecosystem, PackageId, Splice};

#[cfg(test)]
mod tests;

pub(crate) const COMMAND: [&str; 2] = ["poetry", "lock"];

/// What the lock file lists, in its order.
pub(crate) fn read(source: &str) -> Result<Vec<Locked>, Failure> {
    let root = toml::parse(source)?;
    let packages = root.get("package").map(Node::items).unwrap_or_default();
    packages
        .iter()
        .map(|package| {
            let name = package
                .text_at(&["name"])
                .ok_or_else(|| malformed(Some(package.span.start), "a package without a name"))?;
            Ok(Locked {
                id: PackageId::pypi(name),
                version: package.get("version").map(Node::site).transpose()?,
                directory: directory(package).map(str::to_owned),
            })
        })
        .collect()
}

/// How the lock file follows changes of the manifests.
pub(crate) fn edits(source: &str, update: &LockUpdate) -> Result<LockEdits, Failure> {
    let listed = read(source)?;
    let locked = index(&listed);
    if let Some(why) = update.constraints.iter().find_map(|change| needs_tool(&locked, change)) {
        return Ok(tool(&why));
    }
    let mut splices = Vec::new();
    for change in &update.versions {
        match version(&locked, change) {
            Ok(splice) => splices.extend(splice),
            Err(why) => return Ok(tool(&why)),
        }
    }
    Ok(LockEdits::Splices(splices))
}

fn tool(why: &str) -> LockEdits {
    // Poetry 1 would also update every package; its `--no-update` became the rule in Poetry 2.
    let why = format!("{why} (needs Poetry 2: with an older one, add `--no-update`)");
    LockEdits::Tool { why, command: COMMAND.map(str::to_owned).to_vec() }
}

/// The directory of a package that is taken from one.
fn directory<'n>(package: &'n Node<'_>) -> Option<&'n str> {
    (package.text_at(&["source", "type"])? == "directory").then(|| package.text_at(&["source", "url"]))?
}

/// The packages from directories.
type Index<'l> = HashMap<(&'l PackageId, &'l str), &'l Locked>;

fn index(listed: &[Locked]) -> Index<'_> {
    let mut index = Index::with_capacity(listed.len());
    for package in listed {
        if let Some(directory) = &package.directory {
            index.entry((&package.id, directory.as_str())).or_insert(package);
        }
    }
    index
}

fn entry<'l>(locked: &Index<'l>, id: &'l PackageId, directory: &'l str) -> Option<&'l Locked> {
    locked.get(&(id, directory.trim_end_matches('/'))).copied()
}

/// Why another constraint of a member is for Poetry, if it is in the lock file at all.
fn needs_tool<'l>(locked: &Index<'l>, change: &'l ConstraintChange) -> Option<String> {
    if change.member.ecosystem() != Ecosystem::Pypi || change.old == change.new {
        return None;
    }
    let is_own = matches!(change.directory.as_str(), "" | ".");
    match change.kind {
        DependencyKind::Normal
        | DependencyKind::Optional(_)
        | DependencyKind::Group(_)
        | DependencyKind::Dev
            if is_own => {}
        DependencyKind::Normal | DependencyKind::Optional(_) => {
            entry(locked, &change.member, &change.directory)?;
            return Some(format!(
                "the lock file repeats what `{}` depends on, and `{}` has another range",
                change.member.name(),
                change.name
            ));
        }
        // Of a package from a directory, its groups are of no concern.
        _ => return None,
    }
    Some(format!(
        "`content-hash` covers the constraints of the manifest, and `{}` has another one",
        change.name
    ))
}

fn version<'l>(locked: &Index<'l>, change: &'l VersionChange) -> Result<Option<Splice>, String> {
    if change.id.ecosystem() != Ecosystem::Pypi {
        return Ok(None);
    }
    let site = entry(locked, &change.id, &change.directory).and_then(|package| package.version.as_ref());
    let Some(site) = site else { return Ok(None) };
    let new: pep440::Version =
        change.new.parse().map_err(|_| format!("{:?} is not a version that Poetry knows", change.new))?;
    let new = new.to_string();
    if site.text() == new {
        return Ok(None);
    }
    let unfit = |_| format!("{new:?} cannot be written where the lock file has {:?}", site.text());
    super::step::replaced(site, &new).map(Some).map_err(unfit)
}
