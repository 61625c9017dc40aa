//! pnpm-lock.yaml, `lockfileVersion` 9 and 6.
//!
//! Versions of members do not stand there. `importers.<directory>` has, for each dependency of a member, the range of its
//! manifest as `specifier` and what was taken for it as `version`: a version, or `link:` and the directory of a member.
//! `catalogs` and `overrides` repeat what the workspace says.

use std::collections::{HashMap, HashSet};

use tminus_versioning::constraint::{Ecosystem as Notation, Reference, SatisfiesError, satisfies};

use super::step::{Stop, outcome, replaced};
use super::{ConstraintChange, LockEdits, LockUpdate, Locked};
use crate::locate::{Failure, Quoting, Site};
use crate::manifest::npm_spec::{name_of_pnpm_key, real_name, shorten};
use crate::tree::{Entry, Node, malformed, yaml};
use crate::{DependencyKind, Ecosystem, PackageId, Splice};

pub(crate) const COMMAND: [&str; 4] = ["pnpm", "install", "--lockfile-only", "--ignore-scripts"];
/// Of two lists with one name, pnpm takes the first of these.
const LISTS: [&str; 3] = ["optionalDependencies", "dependencies", "devDependencies"];

/// The packages that a lock file lists: members with their directories, then what is installed.
///
/// The name of a member stands only where another one links to it; without one it is empty.
pub(crate) fn read(source: &str) -> Result<Vec<Locked>, Failure> {
    let document = document(source)?;
    let lock = Lock::new(&document);
    let mut links = Vec::new();
    let mut names = HashMap::new();
    for (directory, list) in &lock.importers {
        for entry in LISTS.iter().filter_map(|name| list.get(name)).flat_map(Node::entries) {
            let Some(target) = link(directory, &entry.value) else { continue };
            names.entry(target.clone()).or_insert_with(|| {
                links.push(target);
                real_name(&entry.key, specifier(&entry.value))
            });
        }
    }
    let importers = lock.importers.iter().map(|(directory, _)| (*directory).to_owned());
    let outside = links.into_iter().filter(|directory| !lock.by_directory.contains_key(directory.as_str()));
    let member = |directory: String| {
        let name = names.get(&directory).copied().unwrap_or_default();
        Locked { id: PackageId::new(Ecosystem::Npm, name), version: None, directory: Some(directory) }
    };
    let mut found: Vec<Locked> = importers.chain(outside).map(member).collect();
    for entry in document.get("packages").map(Node::entries).unwrap_or_default() {
        let Some((name, version)) = installed(&entry.key) else { continue };
        let id = PackageId::new(Ecosystem::Npm, name);
        let version = key_site(source, entry, name, version);
        found.push(Locked { id, version, directory: None });
    }
    Ok(found)
}

/// What brings a lock file in step with changed manifests.
pub(crate) fn edits(source: &str, update: &LockUpdate) -> Result<LockEdits, Failure> {
    let document = document(source)?;
    let lock = Lock::new(&document);
    let versions =
        update.versions.iter().map(|change| (change.directory.as_str(), change.new.as_str())).collect();
    let names = update.versions.iter().map(|change| (change.name.as_str(), change.new.as_str())).collect();
    outcome(Step { lock, update, versions, names }.splices(), &COMMAND)
}

/// The document of the project: the last one, since pnpm puts what it needs itself before it.
fn document(source: &str) -> Result<Node<'_>, Failure> {
    let document = yaml::parse_all(source)?.pop();
    let version = document.as_ref().and_then(|document| document.get("lockfileVersion"));
    let text = version.and_then(Node::as_str).unwrap_or_default();
    match document {
        Some(document) if matches!(text.split('.').next(), Some("6" | "9")) => Ok(document),
        _ => Err(malformed(
            version.map(|node| node.span.start),
            "only lockfileVersion 9 and 6 are edited: run `pnpm install --lockfile-only` with pnpm 9 or later once",
        )),
    }
}

/// The name and the version of a key of `packages`: `name@1.0.0`, and in version 6 `/name@1.0.0(peer@1.0.0)`.
fn installed(key: &str) -> Option<(&str, &str)> {
    let key = key.strip_prefix('/').unwrap_or(key);
    let key = key.split_once('(').map_or(key, |(key, _)| key);
    let sign = key.char_indices().skip(1).find(|&(_, character)| character == '@')?.0;
    Some((key.get(..sign)?, key.get(sign + 1..)?))
}

/// Where the version stands in a key; nothing for one that is an address or a file.
fn key_site(source: &str, entry: &Entry<'_>, name: &str, version: &str) -> Option<Site> {
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(())?;
    let spelled = source.get(entry.key_span.clone())?;
    let start = entry.key_span.start + spelled.find(name)? + name.len() + 1;
    let span = start..start + version.len();
    (source.get(span.clone()) == Some(version)).then(|| Site {
        span,
        text: version.to_owned(),
        quoting: Quoting::Pattern,
    })
}

fn specifier<'n>(node: &'n Node<'_>) -> &'n str {
    node.get("specifier").and_then(Node::as_str).unwrap_or_default()
}

/// The directory that a dependency is linked to, relative to the lock file.
fn link(directory: &str, node: &Node<'_>) -> Option<String> {
    let path = node.get("version")?.as_str()?.strip_prefix("link:")?;
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

struct Lock<'n, 'a> {
    document: &'n Node<'a>,
    /// The lists of the members by their directory, in the order of the file.
    importers: Vec<(&'n str, &'n Node<'a>)>,
    by_directory: HashMap<&'n str, &'n Node<'a>>,
    overrides: &'n [Entry<'a>],
}

impl<'n, 'a> Lock<'n, 'a> {
    fn new(document: &'n Node<'a>) -> Self {
        let importers: Vec<_> = match document.get("importers") {
            Some(list) => list.entries().iter().map(|entry| (directory(&entry.key), &entry.value)).collect(),
            // Version 6 leaves the level out where there is no workspace.
            None => vec![("", document)],
        };
        let overrides = document.get("overrides").map(Node::entries).unwrap_or_default();
        Self { document, by_directory: importers.iter().copied().collect(), importers, overrides }
    }

    fn catalogs(&self) -> impl Iterator<Item = &'n Entry<'a>> {
        self.document.get("catalogs").map(Node::entries).unwrap_or_default().iter()
    }

    /// The override that names a package.
    fn overridden(&self, name: &str) -> Option<&'n Entry<'a>> {
        self.overrides.iter().find(|entry| name_of_pnpm_key(&entry.key) == name)
    }
}

fn directory(key: &str) -> &str {
    if key == "." { "" } else { key }
}

struct Step<'n, 'a, 'u> {
    lock: Lock<'n, 'a>,
    update: &'u LockUpdate,
    /// The new versions by directory, and by name.
    versions: HashMap<&'u str, &'u str>,
    names: HashMap<&'u str, &'u str>,
}

impl<'n, 'a> Step<'n, 'a, '_> {
    fn splices(&self) -> Result<Vec<Splice>, Stop> {
        let mut splices = Vec::new();
        self.no_copies()?;
        let mut changed = HashMap::new();
        for change in &self.update.constraints {
            match change.kind {
                DependencyKind::Override => self.override_range(change, &mut splices)?,
                DependencyKind::Workspace => self.catalog_range(change, &mut splices, &mut changed)?,
                _ => self.range(change, &mut splices, &mut changed)?,
            }
        }
        self.check_links(&changed)?;
        Ok(splices)
    }

    /// A member that is copied instead of linked (`injected`) has its ranges in more places.
    fn no_copies(&self) -> Result<(), Stop> {
        let packages = self.lock.document.get("packages").map(Node::entries).unwrap_or_default();
        let constraints = &self.update.constraints;
        let asking: HashSet<&str> = constraints.iter().map(|change| change.directory.as_str()).collect();
        let moved = |entry: &&Entry<'_>| {
            let directory = entry.value.at(&["resolution", "directory"]).and_then(Node::as_str);
            directory
                .is_some_and(|directory| self.versions.contains_key(directory) || asking.contains(directory))
        };
        match packages.iter().find(moved) {
            Some(entry) => Err(Stop::Tool(format!("{} is copied into node_modules", shorten(&entry.key)))),
            None => Ok(()),
        }
    }

    fn range(
        &self,
        change: &ConstraintChange,
        splices: &mut Vec<Splice>,
        changed: &mut HashMap<usize, String>,
    ) -> Result<(), Stop> {
        if let Some(override_of) = self.lock.overridden(change.dependency.name()) {
            // An override of every use stands in the place of the range. One with the same text may repeat it (`$name`).
            let text = override_of.value.as_str().unwrap_or_default();
            if override_of.key == change.dependency.name() && text != change.old {
                return Ok(());
            }
            return Err(Stop::Tool(format!(
                "an override of {} stands in the lock file",
                shorten(&change.name)
            )));
        }
        let is_peer = change.kind == DependencyKind::Peer;
        let list = match change.kind {
            // A peer that pnpm installs by itself stands among the dependencies.
            DependencyKind::Normal | DependencyKind::Peer => "dependencies",
            DependencyKind::Dev => "devDependencies",
            DependencyKind::Optional(_) => "optionalDependencies",
            _ => return Ok(()),
        };
        // A peer that is a dependency too has no place of its own.
        let installs_peers = self.lock.document.at(&["settings", "autoInstallPeers"]).and_then(Node::as_bool);
        let is_twice = |other: &ConstraintChange| {
            other.kind == DependencyKind::Normal
                && (&other.directory, &other.name) == (&change.directory, &change.name)
        };
        if is_peer && (installs_peers != Some(true) || self.update.constraints.iter().any(is_twice)) {
            return Ok(());
        }
        let importer = self.lock.by_directory.get(change.directory.as_str());
        let entry = importer.and_then(|importer| {
            let entries = importer.get(list)?.entries();
            let by_key = entries.iter().find(|entry| entry.key == change.name && fits(&entry.value, change));
            by_key.or_else(|| {
                entries.iter().find(|entry| {
                    let text = specifier(&entry.value);
                    text == change.old && real_name(&entry.key, text) == change.dependency.name()
                })
            })
        });
        let Some(entry) = entry else {
            let stale = || {
                format!("the lock file has no range {} of {}", shorten(&change.old), shorten(&change.name))
            };
            let mut before = LISTS.iter().take_while(|other| **other != list);
            let is_in =
                |other: &str| importer.is_some_and(|lists| lists.at(&[other, &change.name]).is_some());
            return if is_peer || before.any(|other| is_in(other)) {
                Ok(())
            } else {
                Err(Stop::Tool(stale()))
            };
        };
        self.replace(entry, change, splices)?;
        changed.insert(entry.key_span.start, change.new.clone());
        Ok(())
    }

    /// Writes a range, if what is locked meets it.
    fn replace(
        &self,
        entry: &Entry<'a>,
        change: &ConstraintChange,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Stop> {
        let Some(old) = entry.value.get("specifier") else { return Ok(()) };
        let version = entry.value.get("version");
        let locked = version.and_then(Node::as_str).unwrap_or_default();
        if locked == change.old && change.new.starts_with("workspace:") {
            // In a catalog, a member has its range as its version too.
            if let Some(version) = version {
                splices.push(replaced(&version.site()?, &change.new)?);
            }
        } else if !locked.starts_with("link:") {
            meets(&entry.key, locked, &change.new)?;
        }
        if old.as_str() == Some(change.old.as_str()) {
            splices.push(replaced(&old.site()?, &change.new)?);
        }
        Ok(())
    }

    fn catalog_range(
        &self,
        change: &ConstraintChange,
        splices: &mut Vec<Splice>,
        changed: &mut HashMap<usize, String>,
    ) -> Result<(), Stop> {
        if self.lock.overridden(change.dependency.name()).is_some() {
            return Err(Stop::Tool(format!(
                "an override of {} stands in the lock file",
                shorten(&change.name)
            )));
        }
        // A catalog lists what is used; an entry that is not there changes nothing.
        for entry in self.lock.catalogs().flat_map(|catalog| catalog.value.entries()) {
            let text = specifier(&entry.value);
            let is_named =
                entry.key == change.name || real_name(&entry.key, text) == change.dependency.name();
            if is_named && text == change.old {
                self.replace(entry, change, splices)?;
                changed.insert(entry.key_span.start, change.new.clone());
            }
        }
        Ok(())
    }

    /// An override stands in its own list, and in the place of the ranges that it overrides.
    fn override_range(&self, change: &ConstraintChange, splices: &mut Vec<Splice>) -> Result<(), Stop> {
        let name = change.dependency.name();
        let Some(entry) = self.lock.overridden(name) else {
            return Err(Stop::Tool(format!("the lock file has no override of {}", shorten(name))));
        };
        let all = self.lock.overrides.iter().filter(|entry| name_of_pnpm_key(&entry.key) == name).count();
        if all > 1 || entry.key != name || entry.value.as_str() != Some(change.old.as_str()) {
            return Err(Stop::Tool(format!("the override of {} is a part of others", shorten(name))));
        }
        for package in self.lock.document.get("packages").map(Node::entries).unwrap_or_default() {
            if let Some((found, version)) = installed(&package.key)
                && found == name
            {
                meets(name, version, &change.new)?;
            }
        }
        splices.push(replaced(&entry.value.site()?, &change.new)?);
        let lists = self.lock.importers.iter().flat_map(|(_, importer)| LISTS.map(|list| importer.get(list)));
        for entry in lists.flatten().flat_map(Node::entries).filter(|entry| entry.key == name) {
            if let Some(old) =
                entry.value.get("specifier").filter(|old| old.as_str() == Some(change.old.as_str()))
            {
                splices.push(replaced(&old.site()?, &change.new)?);
            }
        }
        Ok(())
    }

    /// A range on a member must be met by its new version: pnpm would look for another package otherwise.
    fn check_links(&self, changed: &HashMap<usize, String>) -> Result<(), Stop> {
        for (directory, importer) in &self.lock.importers {
            for entry in LISTS.iter().filter_map(|list| importer.get(list)).flat_map(Node::entries) {
                let target = link(directory, &entry.value);
                let by_name = || self.names.get(real_name(&entry.key, specifier(&entry.value)));
                let new = match &target {
                    Some(target) => self.versions.get(target.as_str()),
                    None => by_name(),
                };
                let Some(new) = new else { continue };
                let range = self.range_of(entry, changed);
                let is_met = takes(range, new);
                if is_met != target.is_some() {
                    let place = if directory.is_empty() { "the root" } else { directory };
                    let says = if is_met { "would meet, and could be linked" } else { "does not meet" };
                    return Err(Stop::Tool(format!(
                        "{} asks for {} {}, which {new} {says}",
                        shorten(place),
                        shorten(&entry.key),
                        shorten(range),
                    )));
                }
            }
        }
        Ok(())
    }

    /// The range of a dependency after the changes; of `catalog:` the one in the catalog.
    fn range_of<'r>(&self, entry: &'r Entry<'a>, changed: &'r HashMap<usize, String>) -> &'r str
    where
        'n: 'r,
    {
        let range = |entry: &'r Entry<'a>| {
            changed.get(&entry.key_span.start).map_or_else(|| specifier(&entry.value), String::as_str)
        };
        let text = range(entry);
        let Some(catalog) = text.strip_prefix("catalog:") else { return text };
        let catalog = if catalog.is_empty() { "default" } else { catalog };
        let found = self.lock.catalogs().find(|entry| entry.key == catalog);
        let found = found.and_then(|found| found.value.entries().iter().find(|other| other.key == entry.key));
        found.map_or(text, range)
    }
}

fn fits(node: &Node<'_>, change: &ConstraintChange) -> bool {
    let text = specifier(node);
    text == change.old || text == change.new
}

/// Whether a range takes a member of this version.
fn takes(range: &str, version: &str) -> bool {
    match satisfies(Notation::Npm, range, version) {
        Err(SatisfiesError::Reference { reference, .. }) => {
            matches!(reference, Reference::Workspace | Reference::Path)
        }
        result => result.unwrap_or(false),
    }
}

/// Whether the locked version of a package from a registry meets a range, which an alias may give for another package.
fn meets(key: &str, locked: &str, range: &str) -> Result<(), Stop> {
    let (name, version) = installed(locked).unwrap_or((key, locked));
    let version = version.split_once('(').map_or(version, |(version, _)| version);
    match satisfies(Notation::Npm, range, version) {
        Ok(true) if real_name(key, range) == name => Ok(()),
        _ => Err(Stop::Tool(format!(
            "{} is locked to {}, which does not meet {}",
            shorten(key),
            shorten(locked),
            shorten(range)
        ))),
    }
}
