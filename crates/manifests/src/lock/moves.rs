//! Which entries of a lock file a change of versions moves, and where to.

use std::collections::{HashMap, HashSet};

use tminus_versioning::pep440;

use super::{LockKind, LockUpdate, Locked, VersionChange};
use crate::manifest::npm_spec::shorten;
use crate::{Ecosystem, PackageId};

/// What tells a member from the others: its identity, its directory, or both.
type Key<'k> = (Option<&'k PackageId>, Option<&'k str>);

/// The changes of versions by the entry that they move.
pub(super) struct Moves<'u> {
    kind: LockKind,
    changes: HashMap<Key<'u>, &'u VersionChange>,
}

impl<'u> Moves<'u> {
    pub(super) fn new(kind: LockKind, update: &'u LockUpdate) -> Self {
        let of_kind = update.versions.iter().filter(|change| change.id.ecosystem() == kind.ecosystem());
        let mut changes = HashMap::with_capacity(update.versions.len());
        for change in of_kind {
            changes.entry(key(kind, &change.id, &change.directory)).or_insert(change);
        }
        Self { kind, changes }
    }

    /// The change that may move an entry.
    fn of(&self, locked: &Locked) -> Option<&'u VersionChange> {
        let directory = locked.directory.as_deref()?;
        self.changes.get(&key(self.kind, &locked.id, directory)).copied()
    }

    /// Why a list was out of step before: it has a member at neither of its versions.
    pub(super) fn stale(&self, listed: &[Locked]) -> Option<String> {
        let mut fitting: HashSet<*const VersionChange> = HashSet::new();
        let mut others = Vec::new();
        for locked in listed {
            let (Some(change), Some(version)) = (self.of(locked), &locked.version) else { continue };
            let version = version.text();
            if self.is_same(version, &change.old) || self.is_same(version, &change.new) {
                fitting.insert(change);
            } else {
                others.push((change, version));
            }
        }
        // Several packages of a Cargo.lock may have one name.
        let (change, version) =
            others.into_iter().find(|(change, _)| !fitting.contains(&std::ptr::from_ref(*change)))?;
        Some(format!(
            "the lock file has {} in version {}, and its manifest had {}",
            shorten(&change.name),
            shorten(version),
            shorten(&change.old)
        ))
    }

    /// Whether a list has the versions of the members changed, and nothing else.
    pub(super) fn follows(&self, before: &[Locked], after: &[Locked]) -> bool {
        let version = |locked: &Locked| locked.version.as_ref().map(|site| site.text().to_owned());
        let expected = |locked: &Locked| {
            let version = version(locked);
            let moved = self.of(locked).filter(|change| {
                version.as_deref().is_some_and(|version| self.is_same(version, &change.old))
            });
            let version = moved.map_or(version, |change| Some(self.written(&change.new)));
            (locked.id.clone(), locked.directory.clone(), version)
        };
        let found = |locked: &Locked| (locked.id.clone(), locked.directory.clone(), version(locked));
        // Packages of one name are sorted by their versions, so that an edit can change the order.
        let mut expected: Vec<_> = before.iter().map(expected).collect();
        let mut found: Vec<_> = after.iter().map(found).collect();
        expected.sort();
        found.sort();
        expected == found
    }

    fn is_python(&self) -> bool {
        self.kind.ecosystem() == Ecosystem::Pypi
    }

    /// Whether two texts are one version: uv and Poetry lock the normal form of PEP 440.
    fn is_same(&self, locked: &str, stated: &str) -> bool {
        let parsed = |text: &str| text.parse::<pep440::Version>().ok();
        locked == stated
            || (self.is_python() && parsed(locked).is_some_and(|locked| Some(locked) == parsed(stated)))
    }

    /// How the tool of the lock file writes a version.
    fn written(&self, version: &str) -> String {
        let normal = version.parse().ok().filter(|_| self.is_python());
        normal.map_or_else(|| version.to_owned(), |normal: pep440::Version| normal.to_string())
    }
}

fn key<'k>(kind: LockKind, id: &'k PackageId, directory: &'k str) -> Key<'k> {
    let directory = if directory == "." { "" } else { directory.trim_end_matches('/') };
    match kind {
        // It does not say the directories.
        LockKind::Cargo => (Some(id), None),
        // Their entries are found by the directory alone, and may leave the name out.
        LockKind::Npm | LockKind::Pnpm => (None, Some(directory)),
        LockKind::Uv | LockKind::Poetry => (Some(id), Some(directory)),
    }
}
