//! The requirements of members in uv.lock: `requires-dist`, `requires-dev`, and the constraints of the workspace.

use std::collections::{BTreeMap, BTreeSet};

use tminus_versioning::constraint::pep508::{Requirement, normalize_name};
use tminus_versioning::constraint::{Ecosystem as Grammar, satisfies};

use super::super::specifiers::normal_form;
use super::super::{ConstraintChange, LockUpdate};
use super::{Lock, Why, respelled};
use crate::tree::Node;
use crate::{DependencyKind, Ecosystem, Splice};

/// The list in which uv keeps a requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum List {
    /// `requires-dist` of a member, with the extra for which it is needed.
    Dist(Option<String>),
    /// A group in `requires-dev` of a member.
    Group(String),
    /// `constraints` or `overrides` of the workspace.
    Manifest,
}

/// Requirements that uv keeps apart by nothing that can be told from here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    member: String,
    directory: String,
    list: List,
    name: String,
    extras: BTreeSet<String>,
    /// Markers are compared by whether there is one: uv writes them in a form of its own.
    marked: bool,
    old: String,
}

/// The new specifiers of each group of requirements, and how many different ones had the old specifiers.
type Changes = BTreeMap<Key, (String, BTreeSet<String>)>;

pub(super) fn splices(lock: &Lock<'_, '_>, update: &LockUpdate) -> Result<Vec<Splice>, Why> {
    let mut changes = Changes::new();
    for change in &update.constraints {
        collect(&mut changes, change)?;
    }
    let mut splices = Vec::new();
    for (key, (new, texts)) in &changes {
        splices.extend(Group { lock, changes: &changes, key, new, count: texts.len() }.splices()?);
    }
    Ok(splices)
}

fn collect(changes: &mut Changes, change: &ConstraintChange) -> Result<(), Why> {
    if change.member.ecosystem() != Ecosystem::Pypi {
        return Ok(());
    }
    let list = match &change.kind {
        DependencyKind::Normal => List::Dist(None),
        DependencyKind::Optional(extra) => List::Dist(Some(normalize_name(extra))),
        DependencyKind::Group(group) => List::Group(normalize_name(group)),
        DependencyKind::Dev => List::Group("dev".to_owned()),
        DependencyKind::Override => List::Manifest,
        // What is needed to build a member is not locked.
        DependencyKind::Build | DependencyKind::Peer | DependencyKind::Workspace => return Ok(()),
    };
    let unclear = || Why(format!("more than the range of `{}` has changed", change.name));
    let (Ok(old), Ok(new)) = (change.old.parse::<Requirement>(), change.new.parse::<Requirement>()) else {
        return Err(Why(format!("{:?} or {:?} is not a requirement", change.old, change.new)));
    };
    if subject(&old) != subject(&new) || old.marker().is_some_and(|marker| marker.contains("extra")) {
        return Err(unclear());
    }
    let (Some(before), Some(after)) = (normal_form(old.specifiers()), normal_form(new.specifiers())) else {
        return Err(unclear());
    };
    if before == after {
        return Ok(());
    }
    let key = Key {
        member: change.member.name().to_owned(),
        directory: change.directory.clone(),
        list,
        name: old.normalized_name(),
        extras: old.extras().map(normalize_name).collect(),
        marked: old.marker().is_some(),
        old: before,
    };
    let (known, texts) = changes.entry(key).or_insert_with(|| (after.clone(), BTreeSet::new()));
    texts.insert(old.marker().unwrap_or_default().to_owned());
    if *known == after { Ok(()) } else { Err(ambiguous(&change.name)) }
}

/// Everything of a requirement beside its specifiers.
fn subject(requirement: &Requirement) -> (String, BTreeSet<String>, Option<&str>, Option<&str>) {
    let extras = requirement.extras().map(normalize_name).collect();
    (requirement.normalized_name(), extras, requirement.url(), requirement.marker())
}

fn ambiguous(name: &str) -> Why {
    Why(format!("the lock file holds several requirements of `{name}` that cannot be told apart"))
}

struct Group<'c, 'n, 'a> {
    lock: &'c Lock<'n, 'a>,
    changes: &'c Changes,
    key: &'c Key,
    new: &'c str,
    count: usize,
}

impl<'n, 'a> Group<'_, 'n, 'a> {
    fn splices(&self) -> Result<Vec<Splice>, Why> {
        let lists = self.lists()?;
        let mut found = Vec::new();
        let mut is_current = false;
        for list in lists {
            for entry in list.items().iter().filter(|entry| self.is_about(entry)) {
                if is_from_elsewhere(entry) {
                    // Locked to a directory or a repository, whatever its version.
                    is_current = true;
                } else if specifier(entry) == self.key.old {
                    self.check_alone(list, entry)?;
                    found.push(entry);
                } else {
                    is_current |= specifier(entry) == self.new;
                }
            }
        }
        if found.is_empty() && is_current {
            return Ok(Vec::new());
        }
        if found.is_empty() {
            return Err(Why(format!(
                "the lock file does not hold the requirement `{}{}`",
                self.key.name, self.key.old
            )));
        }
        if found.len() != self.count {
            return Err(ambiguous(&self.key.name));
        }
        self.check_other_groups()?;
        self.check_locked()?;
        let edits = found.into_iter().map(|entry| self.replaced(entry));
        Ok(edits.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The lists in which the requirement may stand.
    fn lists(&self) -> Result<Vec<&'n Node<'a>>, Why> {
        let root = self.lock.root;
        let found = match &self.key.list {
            List::Manifest => {
                vec![root.at(&["manifest", "constraints"]), root.at(&["manifest", "overrides"])]
            }
            List::Dist(_) => vec![self.member()?.at(&["metadata", "requires-dist"])],
            List::Group(group) => vec![self.member()?.at(&["metadata", "requires-dev", group])],
        };
        Ok(found.into_iter().flatten().collect())
    }

    fn member(&self) -> Result<&'n Node<'a>, Why> {
        self.lock.member(&crate::PackageId::pypi(&self.key.member), &self.key.directory)
    }

    /// Whether an entry is about this package, for this extra.
    fn is_about(&self, entry: &Node<'_>) -> bool {
        let name = entry.text_at(&["name"]).map(normalize_name);
        let extras: BTreeSet<String> = texts(entry, "extras").map(normalize_name).collect();
        let marker = entry.text_at(&["marker"]).unwrap_or_default();
        let marked = match &self.key.list {
            List::Dist(Some(extra)) => {
                let only = format!("extra == '{extra}'");
                if !marker.contains(&only) {
                    return false;
                }
                marker != only
            }
            List::Dist(None) if marker.contains("extra == ") => return false,
            _ => !marker.is_empty(),
        };
        name.as_deref() == Some(&self.key.name) && extras == self.key.extras && marked == self.key.marked
    }

    /// uv sorts by name, extras, marker and specifiers: another specifier moves an entry only among those that are equal
    /// in all before it.
    fn check_alone(&self, list: &Node<'_>, entry: &Node<'_>) -> Result<(), Why> {
        let twins = list.items().iter().filter(|other| same_but_specifier(other, entry)).count();
        if twins == 1 { Ok(()) } else { Err(ambiguous(&self.key.name)) }
    }

    /// A group may include another one, and then holds copies of its requirements.
    fn check_other_groups(&self) -> Result<(), Why> {
        let List::Group(own) = &self.key.list else { return Ok(()) };
        let groups = self.member()?.at(&["metadata", "requires-dev"]).map(Node::entries).unwrap_or_default();
        for group in groups.iter().filter(|group| group.key != own.as_str()) {
            let copied = group.value.items().iter().any(|entry| {
                self.is_about(entry) && !is_from_elsewhere(entry) && specifier(entry) == self.key.old
            });
            let changed = Key { list: List::Group(group.key.to_string()), ..self.key.clone() };
            if copied && self.changes.get(&changed).is_none_or(|(new, _)| new != self.new) {
                return Err(Why(format!(
                    "group `{}` may include `{}` of group `{own}`",
                    group.key, self.key.name
                )));
            }
        }
        Ok(())
    }

    /// Every locked version must be one that the new constraint admits.
    fn check_locked(&self) -> Result<(), Why> {
        let overrides = self.lock.root.at(&["manifest", "overrides"]).map(Node::items).unwrap_or_default();
        let overridden = overrides.iter().any(|entry| entry.text_at(&["name"]) == Some(&self.key.name));
        if overridden && self.key.list != List::Manifest {
            return Ok(());
        }
        for package in self.lock.named(&self.key.name) {
            let Some(version) = package.node.text_at(&["version"]) else { continue };
            if package.directory.is_none()
                && !satisfies(Grammar::Python, self.new, version).is_ok_and(|admitted| admitted)
            {
                return Err(Why(format!(
                    "`{}` is locked to {version}, which `{}` does not admit",
                    self.key.name, self.new
                )));
            }
        }
        Ok(())
    }

    fn replaced(&self, entry: &Node<'_>) -> Result<Option<Splice>, Why> {
        let Some(position) = entry.entries().iter().position(|inner| inner.key == "specifier") else {
            return self.inserted(entry).map(Some);
        };
        let value = entry.entries().get(position).map(|inner| &inner.value);
        let before = position.checked_sub(1).and_then(|before| entry.entries().get(before));
        match (value, before) {
            (Some(value), _) if !self.new.is_empty() => respelled(value, self.new),
            (Some(value), Some(before)) => {
                let span = before.value.span.end..value.span.end;
                Ok(Some(Splice { span, new: String::new() }))
            }
            _ => Err(ambiguous(&self.key.name)),
        }
    }

    /// uv writes the specifiers behind the name, the extras and the marker.
    fn inserted(&self, entry: &Node<'_>) -> Result<Splice, Why> {
        let keys = ["name", "extras", "marker"];
        let before = entry.entries().iter().rev().find(|inner| keys.contains(&inner.key.as_ref()));
        let before = before.ok_or_else(|| ambiguous(&self.key.name))?;
        let end = before.value.span.end;
        Ok(Splice { span: end..end, new: format!(", specifier = \"{}\"", self.new) })
    }
}

fn specifier<'n>(entry: &'n Node<'_>) -> &'n str {
    entry.text_at(&["specifier"]).unwrap_or_default()
}

fn texts<'n>(entry: &'n Node<'_>, key: &str) -> impl Iterator<Item = &'n str> {
    entry.get(key).map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str)
}

/// Whether a requirement is met by something else than a registry.
fn is_from_elsewhere(entry: &Node<'_>) -> bool {
    ["editable", "virtual", "directory", "git", "url", "path"].iter().any(|key| entry.get(key).is_some())
}

fn same_but_specifier(one: &Node<'_>, other: &Node<'_>) -> bool {
    let same = |key: &str| one.text_at(&[key]) == other.text_at(&[key]);
    same("name") && same("marker") && texts(one, "extras").eq(texts(other, "extras"))
}
