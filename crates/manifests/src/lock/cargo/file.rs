//! What a Cargo.lock says.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::entry::Entry;
use crate::Site;
use crate::locate::Failure;
use crate::tree::{Node, Value, malformed, toml};

/// The newest version of the format that is known.
const NEWEST: u8 = 4;

/// A Cargo.lock.
pub(super) struct File {
    pub(super) packages: Vec<Package>,
    /// The names of patches that no package uses.
    pub(super) unused_patches: HashSet<String>,
    /// The packages of each name.
    by_name: HashMap<String, Vec<usize>>,
    /// Version 1, where every entry is spelled in full.
    full: bool,
}

/// A package of a Cargo.lock.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: Site,
    pub(super) source: Option<String>,
    pub(super) entries: Vec<(Entry, Site)>,
    /// The package that `[replace]` puts in its place.
    pub(super) replacement: Option<(Entry, Site)>,
    /// The bytes from its header to the end of its last value; nothing for `[root]`, which is not in the list.
    pub(super) block: Option<Range<usize>>,
}

impl File {
    pub(super) fn parse(source: &str) -> Result<Self, Failure> {
        let document = toml::parse(source)?;
        check_version(&document)?;
        let mut packages = Vec::new();
        if let Some(root) = document.get("root") {
            packages.push(Package::read(root, None)?);
        }
        for node in document.get("package").map(Node::items).unwrap_or_default() {
            packages.push(Package::read(node, block(source, node))?);
        }
        let unused = document.at(&["patch", "unused"]).map(Node::items).unwrap_or_default();
        let unused = unused.iter().filter_map(|patch| patch.text_at(&["name"]).map(str::to_owned));
        // The first two versions of the format do not say which one they are. In the second, checksums stand with their
        // packages, and no entry says more than it must.
        let full = document.get("version").is_none()
            && packages.iter().flat_map(|package| &package.entries).all(|(entry, _)| entry.version.is_some())
            && document
                .get("package")
                .is_none_or(|list| list.items().iter().all(|node| node.get("checksum").is_none()));
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::with_capacity(packages.len());
        for (index, package) in packages.iter().enumerate() {
            by_name.entry(package.name.clone()).or_default().push(index);
        }
        Ok(Self { packages, unused_patches: unused.collect(), by_name, full })
    }

    /// The packages of a name, in the order of the file.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = (usize, &Package)> {
        let indices = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        indices.iter().filter_map(|&index| Some((index, self.packages.get(index)?)))
    }

    /// The package that an entry names.
    pub(super) fn target(&self, entry: &Entry) -> Option<usize> {
        let is_meant = |package: &Package| {
            entry.version.as_ref().is_none_or(|version| *version == package.version.text)
                && entry.source.as_ref().is_none_or(|source| Some(source) == package.source.as_ref())
        };
        let named = self.named(&entry.name).filter(|(_, package)| is_meant(package));
        let named: Vec<usize> = named.map(|(index, _)| index).collect();
        match named.as_slice() {
            [one] => Some(*one),
            // Of packages that differ only in their source, the one without is named without.
            _ => named
                .into_iter()
                .find(|&index| self.packages.get(index).is_some_and(|package| package.source.is_none())),
        }
    }

    /// The entry for a package once all have these versions.
    pub(super) fn entry(&self, target: usize, versions: &[String]) -> Option<Entry> {
        let package = self.packages.get(target)?;
        let version = versions.get(target)?;
        let of_name = || self.named(&package.name).filter_map(|(index, _)| versions.get(index));
        let only_version = of_name().all(|other| other == version);
        let only_source = of_name().filter(|other| *other == version).count() == 1;
        Some(Entry {
            name: package.name.clone(),
            version: (self.full || !(only_version && only_source)).then(|| version.clone()),
            source: package.source.clone().filter(|_| self.full || !only_source),
        })
    }
}

impl Package {
    fn read(node: &Node<'_>, block: Option<Range<usize>>) -> Result<Self, Failure> {
        let text = |key: &str| {
            let value = node.get(key);
            value.ok_or_else(|| malformed(Some(node.span.start), format!("a package has no `{key}`")))?.site()
        };
        let named = |node: &Node<'_>| {
            let site = node.site()?;
            Ok::<_, Failure>((Entry::parse(&site.text), site))
        };
        let dependencies = node.get("dependencies").map(Node::items).unwrap_or_default();
        Ok(Self {
            name: text("name")?.text,
            version: text("version")?,
            source: node.text_at(&["source"]).map(str::to_owned),
            entries: dependencies.iter().map(named).collect::<Result<_, _>>()?,
            replacement: node.get("replace").map(named).transpose()?,
            block,
        })
    }
}

fn check_version(document: &Node<'_>) -> Result<(), Failure> {
    let Some(version) = document.get("version") else { return Ok(()) };
    let known = match version.value {
        Value::Other(number) => number.parse().is_ok_and(|number: u8| number <= NEWEST),
        _ => false,
    };
    let message =
        "Cargo.lock is read in its versions 1 to 4, and this is another one: run `cargo update --workspace`";
    if known { Ok(()) } else { Err(malformed(Some(version.span.start), message)) }
}

/// The bytes of a package in the list.
fn block(source: &str, node: &Node<'_>) -> Option<Range<usize>> {
    let first = node.entries().iter().map(|entry| entry.key_span.start).min()?;
    let end = node.entries().iter().map(|entry| entry.value.span.end).max()?;
    let start = source.get(..first)?.rfind("[[package]]")?;
    Some(start..end)
}
