//! The packages of a repository: which manifests lie below its root, and which of them are its packages.
//!
//! The tree is walked once, as git sees it, and every manifest and lock file on the way is read once; edits start from
//! the bytes that were read here.

use std::collections::BTreeMap;
use std::path::Path;

use crate::lock::LockKind;
use crate::{Manifest, ManifestKind, PackageId, RelPath};

mod assemble;
mod error;
mod fixture;
pub(crate) mod glob;
mod inherit;
mod locks;
mod members;
mod options;
mod package;
pub(crate) mod resolve;
#[cfg(test)]
mod tests;
mod verdict;
mod version;
mod walk;

pub use error::{DiscoverError, Excluded, ManifestError, Note, Why};
pub use options::DiscoverOptions;
pub use package::{Package, PackageVersion};

/// The packages of a repository, their manifests and their lock files.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    packages: Vec<Package>,
    by_id: BTreeMap<PackageId, usize>,
    manifests: Vec<Manifest>,
    locks: Vec<Lock>,
    excluded: Vec<Excluded>,
    notes: Vec<Note>,
    sources: BTreeMap<RelPath, Vec<u8>>,
}

/// A lock file and the packages that it holds entries of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The file.
    pub path: RelPath,
    /// Its kind.
    pub kind: LockKind,
    /// The packages whose manifests it is made from, and those that they take from a directory, in their order.
    pub packages: Vec<PackageId>,
}

impl Lock {
    /// The directory of the lock file, with `/`; empty for the root.
    pub fn directory(&self) -> &str {
        self.path.parent().unwrap_or_default()
    }
}

impl Workspace {
    /// Walks the tree below `root` and reads its manifests and lock files.
    ///
    /// Not entered are hidden directories, what `.gitignore`, `.ignore` and `.git/info/exclude` below the root leave
    /// out (in a repository or not), `node_modules`, `bower_components`, `__pycache__`, `site-packages`, `venv`, and a
    /// `target` with a `CACHEDIR.TAG`. What git ignores by the settings of a person or by a file above the root plays no
    /// role, so that everybody finds the same packages. Symbolic links are not followed.
    ///
    /// Which manifests are packages, in this order:
    ///
    /// 1. [`DiscoverOptions`] decide.
    /// 2. Below the root of a workspace of uv, npm, pnpm or Cargo its members are packages of that ecosystem, as far as
    ///    the root counts itself; in Cargo also what they reach by a path.
    /// 3. Elsewhere every manifest with a name is one, unless a directory on its way is called `test`, `tests`,
    ///    `testdata`, `fixtures`, `examples`, `templates`, `benchmarks`, `vendor` or alike, or a name has places for
    ///    values (`{{ name }}`).
    ///
    /// ```
    /// use tminus_manifests::workspace::{DiscoverOptions, Workspace};
    ///
    /// let root = tempfile::tempdir()?;
    /// std::fs::create_dir_all(root.path().join("libs/a/tests/data"))?;
    /// for (path, name) in [("libs/a/package.json", "a"), ("libs/a/tests/data/package.json", "b")] {
    ///     std::fs::write(root.path().join(path), format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\"}}"))?;
    /// }
    /// let workspace = Workspace::discover(root.path(), &DiscoverOptions::default())?;
    /// assert_eq!(workspace.packages().len(), 1);
    /// assert_eq!(
    ///     workspace.excluded()[0].to_string(),
    ///     "libs/a/tests/data/package.json: a directory `tests` holds no packages of a project by its name"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - a manifest of a package that cannot be read or understood, with its line
    /// - two packages of one name
    /// - a pattern that is none, of the options or of a workspace
    /// - a root that is no directory
    pub fn discover(root: &Path, options: &DiscoverOptions) -> Result<Self, DiscoverError> {
        let found = walk::walk(root, options)?;
        assemble::assemble(found.files, found.notes, options)
    }

    /// The same of files in memory, such as those of a commit: paths from the root, and bytes.
    ///
    /// What a `.gitignore` says plays no role; a commit has no such files.
    ///
    /// ```
    /// use tminus_manifests::workspace::{DiscoverOptions, Workspace};
    ///
    /// let file = ("a/package.json".parse()?, br#"{"name": "@demo/a", "version": "1.0.0"}"#.to_vec());
    /// let workspace = Workspace::from_files([file], &DiscoverOptions::default())?;
    /// let package = workspace.package(&"npm:@demo/a".parse()?).unwrap();
    /// assert_eq!((package.directory.as_str(), package.version.text()), ("a", Some("1.0.0")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`discover`](Self::discover), but for what a file system adds.
    pub fn from_files(
        files: impl IntoIterator<Item = (RelPath, Vec<u8>)>,
        options: &DiscoverOptions,
    ) -> Result<Self, DiscoverError> {
        let wanted = |path: &RelPath| {
            let name = path.file_name();
            let known = ManifestKind::of_name(name).is_some() || LockKind::of_name(name).is_some();
            known && path.parent().is_none_or(|directory| !directory.split('/').any(walk::is_skipped))
        };
        let files = files.into_iter().filter(|(path, _)| wanted(path));
        let read = files.map(|(path, bytes)| walk::ReadFile::new(path, Ok(bytes)));
        assemble::assemble(read.collect(), Vec::new(), options)
    }

    /// The packages, in the order of their directories.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// A package by its identity.
    pub fn package(&self, id: &PackageId) -> Option<&Package> {
        self.packages.get(*self.by_id.get(id)?)
    }

    /// The manifests of packages and of roots of workspaces, in the order of their paths.
    pub fn manifests(&self) -> &[Manifest] {
        &self.manifests
    }

    /// A manifest by its path.
    pub fn manifest(&self, path: &RelPath) -> Option<&Manifest> {
        let at = self.manifests.binary_search_by(|manifest| manifest.path.cmp(path)).ok()?;
        self.manifests.get(at)
    }

    /// The lock files, in the order of their paths.
    pub fn locks(&self) -> &[Lock] {
        &self.locks
    }

    /// The lock files with entries of a package; more than one where several packages take it from its directory.
    pub fn locks_of(&self, id: &PackageId) -> impl Iterator<Item = &Lock> {
        self.locks.iter().filter(move |lock| lock.packages.contains(id))
    }

    /// The bytes of a manifest or a lock file as they were read.
    pub fn source(&self, path: &RelPath) -> Option<&[u8]> {
        self.sources.get(path).map(Vec::as_slice)
    }

    /// The same as text.
    pub fn text(&self, path: &RelPath) -> Option<&str> {
        std::str::from_utf8(self.source(path)?).ok()
    }

    /// The manifests that name a package and are not counted, with the reason.
    pub fn excluded(&self) -> &[Excluded] {
        &self.excluded
    }

    /// What was passed over.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}
