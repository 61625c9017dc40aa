//! uv.lock: the versions of members, and the requirements that uv copies from their manifests.
//!
//! uv takes a lock file for current when these copies say what the manifests say and every locked version is admitted.
//! Where one of the two is not certain, uv itself is asked.

mod requirements;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tool_tests;

use std::collections::HashMap;

use tminus_versioning::pep440;

use super::{LockEdits, LockUpdate, Locked, VersionChange};
use crate::locate::Failure;
use crate::tree::{Node, malformed, toml};
use crate::{Ecosystem, PackageId, Splice};

/// The only version of the format that there is.
const FORMAT: &str = "1";

pub(crate) const COMMAND: [&str; 2] = ["uv", "lock"];

/// What the lock file lists, in its order.
pub(crate) fn read(source: &str) -> Result<Vec<Locked>, Failure> {
    let root = toml::parse(source)?;
    packages(&root)?
        .iter()
        .map(|package| {
            Ok(Locked {
                id: PackageId::pypi(&package.name),
                version: package.node.get("version").map(Node::site).transpose()?,
                directory: package.directory.map(str::to_owned),
            })
        })
        .collect()
}

/// How the lock file follows changes of the manifests.
pub(crate) fn edits(source: &str, update: &LockUpdate) -> Result<LockEdits, Failure> {
    let root = toml::parse(source)?;
    let lock = Lock::new(&root)?;
    match lock.splices(update) {
        Ok(splices) => Ok(LockEdits::Splices(splices)),
        Err(why) => Ok(LockEdits::Tool { why: why.0, command: COMMAND.map(str::to_owned).to_vec() }),
    }
}

/// Why only the tool can do it, in one sentence.
#[derive(Debug)]
struct Why(String);

struct Package<'n, 'a> {
    name: String,
    directory: Option<&'n str>,
    node: &'n Node<'a>,
}

/// The packages of a lock file.
fn packages<'n, 'a>(root: &'n Node<'a>) -> Result<Vec<Package<'n, 'a>>, Failure> {
    let list = root.get("package").map(Node::items).unwrap_or_default();
    list.iter()
        .map(|node| {
            let name = node
                .text_at(&["name"])
                .ok_or_else(|| malformed(Some(node.span.start), "a package without a name"))?;
            let directory = ["editable", "virtual", "directory"]
                .into_iter()
                .find_map(|key| node.text_at(&["source", key]))
                .map(|directory| if directory == "." { "" } else { directory });
            Ok(Package { name: PackageId::pypi(name).name().to_owned(), directory, node })
        })
        .collect()
}

struct Lock<'n, 'a> {
    root: &'n Node<'a>,
    packages: HashMap<String, Vec<Package<'n, 'a>>>,
}

impl<'n, 'a> Lock<'n, 'a> {
    fn new(root: &'n Node<'a>) -> Result<Self, Failure> {
        let mut by_name: HashMap<String, Vec<Package<'n, 'a>>> = HashMap::new();
        for package in packages(root)? {
            by_name.entry(package.name.clone()).or_default().push(package);
        }
        Ok(Self { root, packages: by_name })
    }

    fn splices(&self, update: &LockUpdate) -> Result<Vec<Splice>, Why> {
        if !matches!(
            self.root.get("version").map(|node| &node.value),
            Some(crate::tree::Value::Other(FORMAT))
        ) {
            return Err(Why("the lock file has a format that is not known".to_owned()));
        }
        let mut splices = Vec::new();
        let versions = update.versions.iter().filter(|change| change.id.ecosystem() == Ecosystem::Pypi);
        for change in versions {
            splices.extend(self.version(change)?);
        }
        splices.extend(requirements::splices(self, update)?);
        Ok(splices)
    }

    fn named(&self, name: &str) -> &[Package<'n, 'a>] {
        self.packages.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The entry of a member.
    fn member(&self, id: &PackageId, directory: &str) -> Result<&'n Node<'a>, Why> {
        let directory = if directory == "." { "" } else { directory.trim_end_matches('/') };
        match self.named(id.name()) {
            [package] if package.directory == Some(directory) => Ok(package.node),
            // Where a name is listed twice, others name its version beside it.
            [_, _, ..] => Err(Why(format!("the lock file lists `{}` more than once", id.name()))),
            _ => {
                let place = if directory.is_empty() { "its own directory" } else { directory };
                Err(Why(format!("the lock file does not list `{}` in {place}", id.name())))
            }
        }
    }

    fn version(&self, change: &VersionChange) -> Result<Option<Splice>, Why> {
        let package = self.member(&change.id, &change.directory)?;
        // A member with a dynamic version is locked without one.
        let Some(version) = package.get("version") else { return Ok(None) };
        let new: pep440::Version = change
            .new
            .parse()
            .map_err(|_| Why(format!("{:?} is not a version that uv knows", change.new)))?;
        respelled(version, &new.to_string())
    }
}

/// The replacement of a text, if it says something else.
fn respelled(node: &Node<'_>, new: &str) -> Result<Option<Splice>, Why> {
    let unusual = || Why(format!("the lock file spells {new:?} in a way that uv does not"));
    let site = node.site().map_err(|_| unusual())?;
    if site.text() == new {
        return Ok(None);
    }
    super::step::replaced(&site, new).map(Some).map_err(|_| unusual())
}
