//! A new version for packages of a workspace: the places that state it, the constraints that follow it, the lock
//! files. Everything is computed and proven first; nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::workspace::Workspace;
use crate::{ConflictError, EditError, EditSet, LocateError, PackageId, RelPath, Unfit, VersionFile};

mod admits;
mod follow;
mod locks;
#[cfg(test)]
mod locks_tests;
mod overrides;
mod pin;
#[cfg(test)]
mod tests;
mod texts;
mod versions;

pub use locks::{LockFate, LockOutcome};
pub use pin::{Pin, PinTime, Strategy, UnknownWord};

/// What is asked of a workspace.
///
/// ```
/// use tminus_manifests::bump::{Change, Pin, Pins, PinFate, Strategy, plan};
/// use tminus_manifests::workspace::{DiscoverOptions, Workspace};
///
/// let files = [
///     ("core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"1.2.0\"\n"),
///     (
///         "app/Cargo.toml",
///         "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\n\
///          core = { path = \"../core\", version = \"1.2\" }\n",
///     ),
/// ];
/// let files = files.map(|(path, text)| (path.parse().unwrap(), text.as_bytes().to_vec()));
/// let workspace = Workspace::from_files(files, &DiscoverOptions::default())?;
///
/// let core: tminus_manifests::PackageId = "cargo:core".parse()?;
/// let pins = Pins { default: Pin { strategy: Strategy::Exact, ..Pin::default() }, ..Pins::default() };
/// let change = Change { versions: [(core, "1.3.0".to_owned())].into(), pins, ..Change::default() };
/// let outcome = plan(&workspace, &change, &|_| Err(std::io::ErrorKind::NotFound.into()))?;
///
/// assert_eq!((outcome.versions[0].old.as_str(), outcome.versions[0].new.as_str()), ("1.2.0", "1.3.0"));
/// assert_eq!((outcome.pins[0].new.as_str(), outcome.pins[0].fate), ("=1.3.0", PinFate::Rewritten));
/// assert_eq!(outcome.edits.files().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// New versions of packages of the workspace, in the spelling of their ecosystem.
    pub versions: BTreeMap<PackageId, String>,
    /// Places that state the version of a package beside its manifests.
    pub sites: BTreeMap<PackageId, Vec<VersionFile>>,
    /// Versions that constraints follow beside those in `versions`: of packages that are published already, here or
    /// elsewhere.
    pub follow: BTreeMap<PackageId, String>,
    /// How constraints follow.
    pub pins: Pins,
    /// Whether lock files are left alone.
    pub without_locks: bool,
    /// Whether a version may replace a higher one.
    pub allow_lowering: bool,
}

/// How the constraints of a workspace follow.
#[derive(Debug, Clone, Default)]
pub struct Pins {
    /// How, where no rule says otherwise.
    pub default: Pin,
    /// How constraints of the first package on the second one follow, also where it inherits them from its workspace.
    pub rules: BTreeMap<(PackageId, PackageId), Pin>,
    /// The packages whose constraints follow, those that they inherit among them; nothing for all constraints, also
    /// those of a root that is no package.
    pub only_in: Option<BTreeSet<PackageId>>,
    /// Whether those constraints are written that wait until the new version can be installed, and only those.
    pub staged: bool,
}

/// What a change comes to; [`Change`] shows one.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The edits, to be shown and written.
    pub edits: EditSet,
    /// Each place of a version.
    pub versions: Vec<VersionEdit>,
    /// Each constraint on a package that moves.
    pub pins: Vec<PinEdit>,
    /// Each lock file that lists what changed.
    pub locks: Vec<LockOutcome>,
}

/// A place of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionEdit {
    /// The package.
    pub id: PackageId,
    /// The file.
    pub path: RelPath,
    /// The line, from 1.
    pub line: u32,
    /// The version that stands there.
    pub old: String,
    /// The version that will.
    pub new: String,
}

/// A constraint on a package that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinEdit {
    /// The package that asks; nothing for the root of a workspace that is no package, and for an entry that members
    /// inherit.
    pub from: Option<PackageId>,
    /// The packages that inherit it from the table of their workspace, in their order: `[workspace.dependencies]` of
    /// Cargo, a catalog of pnpm.
    pub inherited_by: Vec<PackageId>,
    /// The package that moves.
    pub to: PackageId,
    /// The version that the constraint follows.
    pub version: String,
    /// The file.
    pub path: RelPath,
    /// The place in [`Manifest::dependencies`](crate::Manifest::dependencies) of that file.
    pub dependency: usize,
    /// The line, from 1.
    pub line: u32,
    /// The constraint that stands there.
    pub old: String,
    /// The constraint that will; the same one where it stays.
    pub new: String,
    /// What becomes of it.
    pub fate: PinFate,
}

/// What becomes of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinFate {
    /// It is rewritten.
    Rewritten,
    /// It says so already, or bounds nothing.
    Unchanged,
    /// It is left alone: its rule says so, or it is for other versions than the one that moves.
    Left,
    /// It is to be rewritten once the new version can be installed.
    Staged,
}

/// Gives the bytes of a file below the root that is no manifest.
pub type ReadFile<'a> = dyn Fn(&RelPath) -> io::Result<Vec<u8>> + 'a;

/// Computes a change of a workspace; `read` gives the files of [`Change::sites`].
///
/// # Errors
///
/// - a package that is not in the workspace, whose version comes from version control, or that states none
/// - a place with a higher version, unless [`Change::allow_lowering`]
/// - one place that two packages share and that would get two versions
/// - a constraint that two packages with different rules inherit
/// - a constraint that cannot follow: a version below its lower bound, one that another clause excludes
/// - a lock file that lists what changes, and is too large or no text
pub fn plan(workspace: &Workspace, change: &Change, read: &ReadFile<'_>) -> Result<Outcome, BumpError> {
    let mut outcome = Outcome::default();
    let mut texts = texts::Texts::new(workspace, read);
    versions::set(workspace, change, &mut texts, &mut outcome)?;
    follow::all(workspace, change, &mut texts, &mut outcome)?;
    let written = texts.prove()?;
    for (path, old, new) in written {
        outcome.edits.edit(path, old, new)?;
    }
    if !change.without_locks {
        locks::keep_in_step(workspace, change, &mut outcome)?;
    }
    Ok(outcome)
}

/// A change cannot be made; nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BumpError {
    /// No package of the workspace has this identity.
    #[error("{id} is no package of this workspace")]
    Unknown {
        /// The identity.
        id: PackageId,
    },
    /// No file states the version of a package.
    #[error("{id} states its version nowhere: {why}")]
    NoVersion {
        /// The package.
        id: PackageId,
        /// Why, or where it comes from.
        why: String,
    },
    /// Two packages share the place of their version.
    #[error("{first} and {second} share the version in {path}:{line}: give both the same one")]
    Shared {
        /// One of them.
        first: PackageId,
        /// The other one.
        second: PackageId,
        /// The file.
        path: RelPath,
        /// The line.
        line: u32,
    },
    /// A place holds a higher version.
    #[error("{}:{}: {} is at {} there, {} is below it", .0.path, .0.line, .0.id, .0.old, .0.new)]
    Lower(Box<VersionEdit>),
    /// Packages that inherit a constraint have different rules for it.
    #[error(
        "{path}:{line}: {first} and {second} inherit this constraint on {to} and have different rules for it: give both \
         the same one"
    )]
    Rules {
        /// The file.
        path: RelPath,
        /// The line.
        line: u32,
        /// The package that moves.
        to: PackageId,
        /// One of them.
        first: PackageId,
        /// The other one.
        second: PackageId,
    },
    /// A constraint would move down, and may not.
    #[error(transparent)]
    WouldLower(Box<BumpError>),
    /// A constraint cannot follow.
    #[error("{path}:{line}: `{constraint}` cannot follow to {to}: {reason}")]
    Pin {
        /// The file.
        path: RelPath,
        /// The line.
        line: u32,
        /// The constraint.
        constraint: String,
        /// The version.
        to: String,
        /// Why not.
        reason: String,
    },
    /// A place cannot hold its new value.
    #[error("{path}:{line} cannot hold {value:?}: {reason}")]
    Unfit {
        /// The file.
        path: RelPath,
        /// The line.
        line: u32,
        /// The value.
        value: String,
        /// Why not.
        reason: Unfit,
    },
    /// After its edits a file would not read as it should.
    #[error("{path}: after the edits the file would not say what it should; nothing was written")]
    Misread {
        /// The file.
        path: RelPath,
    },
    /// A file that states a version cannot be read.
    #[error(transparent)]
    Locate(#[from] LocateError),
    /// A version cannot be written.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Two edits of a file do not go together.
    #[error(transparent)]
    Conflict(#[from] ConflictError),
    /// A lock file lists what changes, and its bytes are not there.
    #[error(
        "{path} lists what changes and cannot be followed: {why}; leave lock files alone, or make it readable"
    )]
    Lock {
        /// The file.
        path: RelPath,
        /// Why not.
        why: String,
    },
    /// A file beside the manifests cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
}
