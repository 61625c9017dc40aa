//! package-lock.json and npm-shrinkwrap.json, `lockfileVersion` 2 and 3
//! ([format](https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json)).
//!
//! A member stands there as `packages["<directory>"]`, with its version and a copy of the ranges of its manifest.
//! Version 2 repeats the ranges in the tree `dependencies`, which npm 6 reads.

use std::collections::{HashMap, HashSet};

use tminus_versioning::constraint::{Ecosystem as Notation, SatisfiesError, satisfies};

use super::step::{Stop, outcome, replaced};
use super::{ConstraintChange, LockEdits, LockUpdate, Locked};
use crate::locate::Failure;
use crate::locate::json::object;
use crate::manifest::npm_spec::{real_name, shorten};
use crate::tree::{Entry, Node, Value, malformed};
use crate::{DependencyKind, Ecosystem, PackageId, Splice};

pub(crate) const COMMAND: [&str; 4] = ["npm", "install", "--package-lock-only", "--ignore-scripts"];
const LISTS: [&str; 4] = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
const MODULES: &str = "node_modules/";

/// The packages that a lock file lists: the members with their directories, then what is installed.
pub(crate) fn read(source: &str) -> Result<Vec<Locked>, Failure> {
    let document = object(source)?;
    let lock = Lock::new(&document)?;
    let mut found = Vec::with_capacity(lock.packages.len());
    for entry in lock.list.entries() {
        let key = entry.key.as_ref();
        if entry.value.get("link").and_then(Node::as_bool) == Some(true) {
            continue;
        }
        let version = entry.value.get("version").map(Node::site).transpose()?;
        let installed = installed_name(key);
        let stated = entry.value.get("name").and_then(Node::as_str);
        let Some(name) = stated.or(installed).or_else(|| lock.member_name(key)) else { continue };
        let directory = installed.is_none().then(|| key.to_owned());
        found.push(Locked { id: PackageId::new(Ecosystem::Npm, name), version, directory });
    }
    Ok(found)
}

/// What brings a lock file in step with changed manifests.
pub(crate) fn edits(source: &str, update: &LockUpdate) -> Result<LockEdits, Failure> {
    let document = object(source)?;
    let lock = Lock::new(&document)?;
    let versions =
        update.versions.iter().map(|change| (change.directory.as_str(), change.new.as_str())).collect();
    outcome(Step { lock, update, versions }.splices(), &COMMAND)
}

struct Lock<'n, 'a> {
    document: &'n Node<'a>,
    list: &'n Node<'a>,
    /// The entries of `packages` by their place.
    packages: HashMap<&'n str, &'n Node<'a>>,
    /// The names under which directories are linked.
    links: HashMap<&'n str, &'n str>,
    /// The entries of members in the tree of version 2, by their directory.
    tree: HashMap<&'n str, Vec<&'n Node<'a>>>,
    has_tree: bool,
}

impl<'n, 'a> Lock<'n, 'a> {
    fn new(document: &'n Node<'a>) -> Result<Self, Failure> {
        let stated = document.get("lockfileVersion");
        let has_tree = match stated.map(|node| &node.value) {
            Some(Value::Other("2")) => true,
            Some(Value::Other("3")) => false,
            _ => {
                let offset = stated.map_or(document.span.start, |node| node.span.start);
                return Err(malformed(
                    Some(offset),
                    "only lockfileVersion 2 and 3 are edited: run `npm install --package-lock-only \
                     --lockfile-version 3` once",
                ));
            }
        };
        let missing =
            || malformed(Some(document.span.start), "there is no `packages` that maps places to packages");
        let list = document.get("packages").ok_or_else(missing)?;
        if !matches!(list.value, Value::Map(_)) {
            return Err(missing());
        }
        let mut lock = Self {
            document,
            list,
            packages: HashMap::with_capacity(list.entries().len()),
            links: HashMap::new(),
            tree: HashMap::new(),
            has_tree,
        };
        for Entry { key, value, .. } in list.entries() {
            lock.packages.insert(key, value);
            if let (Some(directory), Some(name)) = (target(value), installed_name(key)) {
                lock.links.entry(directory).or_insert(name);
            }
        }
        if has_tree {
            lock.index_tree(document);
        }
        Ok(lock)
    }

    fn index_tree(&mut self, node: &'n Node<'a>) {
        let Some(list) = node.get("dependencies") else { return };
        for entry in list.entries() {
            let version = entry.value.get("version").and_then(Node::as_str);
            if let Some(directory) = version.and_then(|version| version.strip_prefix("file:")) {
                self.tree.entry(directory).or_default().push(&entry.value);
            }
            self.index_tree(&entry.value);
        }
    }

    /// The name of a member that its entry leaves out, as npm does where it is the one of the directory.
    fn member_name(&self, directory: &'n str) -> Option<&'n str> {
        if directory.is_empty() {
            return self.document.get("name").and_then(Node::as_str);
        }
        self.links.get(directory).copied().or_else(|| directory.rsplit('/').next())
    }

    /// The entry that the package in `from` gets for a name: the nearest `node_modules` upwards has it.
    fn resolve(&self, from: &str, name: &str) -> Option<&'n Node<'a>> {
        let mut directory = from;
        loop {
            let place = match directory {
                "" => format!("{MODULES}{name}"),
                _ => format!("{directory}/{MODULES}{name}"),
            };
            if let Some(entry) = self.packages.get(place.as_str()) {
                return Some(entry);
            }
            if directory.is_empty() {
                return None;
            }
            directory = directory.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }
}

/// The directory that a link leads to.
fn target<'n>(entry: &'n Node<'_>) -> Option<&'n str> {
    let is_link = entry.get("link").and_then(Node::as_bool) == Some(true);
    if is_link { entry.get("resolved").and_then(Node::as_str) } else { None }
}

/// The name under which a package is installed; nothing for the directory of a member.
fn installed_name(place: &str) -> Option<&str> {
    place.rsplit_once(MODULES).map(|(_, name)| name)
}

/// A place, a list in it and a key of the list.
type Edge<'n> = (&'n str, &'n str, &'n str);

struct Step<'n, 'a, 'u> {
    lock: Lock<'n, 'a>,
    update: &'u LockUpdate,
    /// The new versions by directory.
    versions: HashMap<&'u str, &'u str>,
}

impl<'n> Step<'n, '_, '_> {
    fn splices(&self) -> Result<Vec<Splice>, Stop> {
        let mut splices = Vec::new();
        self.versions(&mut splices)?;
        let mut changed = HashMap::with_capacity(self.update.constraints.len());
        for change in &self.update.constraints {
            let Some(list) = list_of(&change.kind) else {
                self.elsewhere(change)?;
                continue;
            };
            if let Some((directory, key)) = self.constraint(change, list, &mut splices)? {
                changed.insert((directory, list, key), change.new.as_str());
            }
        }
        self.check(&changed)?;
        Ok(splices)
    }

    fn versions(&self, splices: &mut Vec<Splice>) -> Result<(), Stop> {
        for change in &self.update.versions {
            let entry = self.member(&change.directory)?;
            let Some(version) = entry.get("version") else {
                return Err(Stop::Tool(format!(
                    "the lock file states no version of {}",
                    shorten(&change.name)
                )));
            };
            splices.push(replaced(&version.site()?, &change.new)?);
            if let ("", Some(version)) = (change.directory.as_str(), self.lock.document.get("version")) {
                splices.push(replaced(&version.site()?, &change.new)?);
            }
        }
        Ok(())
    }

    fn member(&self, directory: &str) -> Result<&'n Node<'_>, Stop> {
        self.lock.packages.get(directory).copied().ok_or_else(|| {
            let directory = if directory.is_empty() { "." } else { directory };
            Stop::Tool(format!("the lock file does not list the package in {}", shorten(directory)))
        })
    }

    /// Replaces a copied range; gives the place and the key under which it stands, if it does.
    fn constraint(
        &self,
        change: &ConstraintChange,
        list: &'static str,
        splices: &mut Vec<Splice>,
    ) -> Result<Option<(&'n str, &'n str)>, Stop> {
        let stale = || {
            Stop::Tool(format!(
                "the lock file has another range of {} than the manifest had: {}",
                shorten(&change.name),
                shorten(&change.old)
            ))
        };
        let Some((directory, package)) = self.lock.packages.get_key_value(change.directory.as_str()) else {
            self.member(&change.directory)?;
            return Err(stale());
        };
        let Some(entry) = package.get(list).and_then(|list| find(list, change)) else {
            // npm leaves out of `dependencies` what is optional too.
            let optional = package.at(&["optionalDependencies", &change.name]);
            let is_hidden = change.kind == DependencyKind::Normal && optional.is_some();
            return if is_hidden { Ok(None) } else { Err(stale()) };
        };
        let key = entry.key.as_ref();
        let text = entry.value.as_str().unwrap_or_default();
        if text == change.old {
            splices.push(replaced(&entry.value.site()?, &change.new)?);
        } else if text != change.new {
            return Err(stale());
        }
        if change.kind != DependencyKind::Peer {
            for member in self.lock.tree.get(directory).into_iter().flatten() {
                let copy = member.get("requires").and_then(|requires| requires.get(key));
                if let Some(copy) = copy.filter(|copy| copy.as_str() == Some(change.old.as_str())) {
                    splices.push(replaced(&copy.site()?, &change.new)?);
                }
            }
        }
        Ok(Some((*directory, key)))
    }

    /// A range that the lock file holds no copy of: what is locked must fit it.
    fn elsewhere(&self, change: &ConstraintChange) -> Result<(), Stop> {
        let name = change.dependency.name();
        if self.lock.has_tree {
            return Err(Stop::Tool(format!("an override of {} reaches into the lock file", shorten(name))));
        }
        for entry in self.lock.list.entries() {
            let stated = entry.value.get("name").and_then(Node::as_str);
            if stated.or_else(|| installed_name(&entry.key)) == Some(name) {
                self.fits(&entry.value, name, &change.new, "an override")?;
            }
        }
        Ok(())
    }

    /// Every range that changed, or that is met by a member whose version changed, must be met by what is locked.
    fn check(&self, changed: &HashMap<Edge<'n>, &str>) -> Result<(), Stop> {
        let moved: HashSet<&str> = self
            .lock
            .list
            .entries()
            .iter()
            .filter(|entry| {
                target(&entry.value).is_some_and(|directory| self.versions.contains_key(directory))
            })
            .filter_map(|entry| installed_name(&entry.key))
            .collect();
        for package in self.lock.list.entries() {
            for list in LISTS {
                let Some(ranges) = package.value.get(list) else { continue };
                for entry in ranges.entries() {
                    let edge = (package.key.as_ref(), list, entry.key.as_ref());
                    let new = changed.get(&edge).copied();
                    let old = entry.value.as_str().unwrap_or_default();
                    if new.is_some() || (moved.contains(edge.2) && !is_path(old)) {
                        self.check_edge(edge, new.unwrap_or(old))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check_edge(&self, (place, list, name): Edge<'_>, range: &str) -> Result<(), Stop> {
        let asks = if place.is_empty() { "the root" } else { place };
        match self.lock.resolve(place, name) {
            Some(locked) => self.fits(locked, name, range, asks),
            // An optional package may be missing for this platform, a peer because nobody has it.
            None if matches!(list, "optionalDependencies" | "peerDependencies") => {
                Err(Stop::Tool(format!("{} is not locked, and its range changes", shorten(name))))
            }
            None => Err(Stop::Tool(format!("{} is not locked", shorten(name)))),
        }
    }

    fn fits(&self, locked: &Node<'_>, name: &str, range: &str, asks: &str) -> Result<(), Stop> {
        let version = match target(locked) {
            Some(directory) => {
                let stated = || self.lock.packages.get(directory)?.get("version")?.as_str();
                self.versions.get(directory).copied().or_else(stated)
            }
            None => locked.get("version").and_then(Node::as_str),
        };
        let version = version.unwrap_or_default();
        // An alias may lead to another package than before. For npm `*` takes pre-releases too.
        let is_same = target(locked).is_some()
            || real_name(name, range) == locked.get("name").and_then(Node::as_str).unwrap_or(name);
        match satisfies(Notation::Npm, range, version) {
            _ if is_same && matches!(range.trim(), "" | "*") => Ok(()),
            Ok(true) if is_same => Ok(()),
            _ => Err(Stop::Tool(format!(
                "{} asks for {} {}, which {} does not meet",
                shorten(asks),
                shorten(name),
                shorten(range),
                if version.is_empty() { "the locked package" } else { version },
            ))),
        }
    }
}

/// Whether a text that is no range leads to a directory, whatever version stands there.
fn is_path(range: &str) -> bool {
    use tminus_versioning::constraint::Reference::{Path, Workspace};
    matches!(
        satisfies(Notation::Npm, range, "0.0.0"),
        Err(SatisfiesError::Reference { reference: Path | Workspace, .. })
    )
}

/// The list in which a lock file copies a range; nothing for those that it does not copy.
fn list_of(kind: &DependencyKind) -> Option<&'static str> {
    Some(match kind {
        DependencyKind::Normal => "dependencies",
        DependencyKind::Dev => "devDependencies",
        DependencyKind::Peer => "peerDependencies",
        DependencyKind::Optional(_) => "optionalDependencies",
        _ => return None,
    })
}

/// The entry of a list that a change is about: by its key, else by the package behind an alias.
fn find<'n, 'a>(list: &'n Node<'a>, change: &ConstraintChange) -> Option<&'n Entry<'a>> {
    let entries = list.entries();
    let by_key = entries.iter().find(|entry| {
        entry.key == change.name
            && entry.value.as_str().is_some_and(|text| text == change.old || text == change.new)
    });
    by_key.or_else(|| {
        entries.iter().find(|entry| {
            entry.value.as_str().is_some_and(|text| {
                text == change.old && real_name(&entry.key, text) == change.dependency.name()
            })
        })
    })
}
