//! Lock files: the entries of a workspace's own members follow its manifests, everything else stays.

mod cargo;
mod moves;
#[cfg(test)]
mod moves_tests;
#[cfg(test)]
mod npm_release;
#[cfg(test)]
mod npm_tests;
mod package_lock;
#[cfg(test)]
mod package_lock_tests;
mod pnpm;
#[cfg(test)]
mod pnpm_tests;
pub(crate) mod poetry;
mod specifiers;
mod step;
#[cfg(test)]
mod testing;
pub(crate) mod uv;

use self::moves::Moves;
use crate::locate::{Failure, line_at};
use crate::{LocateError, PackageId, Problem, RelPath, Site, Splice, splice};

/// The largest lock file that is read, in bytes.
pub const MAX_LOCK_BYTES: usize = 64 * 1024 * 1024;

/// A lock file that can be kept in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LockKind {
    /// `uv.lock`.
    Uv,
    /// `poetry.lock`.
    Poetry,
    /// `package-lock.json` or `npm-shrinkwrap.json`, versions 2 and 3.
    Npm,
    /// `pnpm-lock.yaml`.
    Pnpm,
    /// `Cargo.lock`.
    Cargo,
}

impl LockKind {
    /// The kind of a file with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "uv.lock" => Self::Uv,
            "poetry.lock" => Self::Poetry,
            "package-lock.json" | "npm-shrinkwrap.json" => Self::Npm,
            "pnpm-lock.yaml" => Self::Pnpm,
            "Cargo.lock" => Self::Cargo,
            _ => return None,
        })
    }

    /// The command that brings a lock file of this kind in step.
    fn command(self) -> &'static [&'static str] {
        match self {
            Self::Uv => &uv::COMMAND,
            Self::Poetry => &poetry::COMMAND,
            Self::Npm => &package_lock::COMMAND,
            Self::Pnpm => &pnpm::COMMAND,
            Self::Cargo => &cargo::COMMAND,
        }
    }
}

/// What has changed in the manifests of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockUpdate {
    /// Members with another version.
    pub versions: Vec<VersionChange>,
    /// Dependencies of members with another constraint.
    pub constraints: Vec<ConstraintChange>,
}

/// A member of a workspace has another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionChange {
    /// The member.
    pub id: PackageId,
    /// Its name as its manifest writes it.
    pub name: String,
    /// Its directory relative to the lock file, with `/`; empty for the directory of the lock file itself.
    pub directory: String,
    /// The version before.
    pub old: String,
    /// The version now.
    pub new: String,
}

/// A member of a workspace asks for another range of a dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintChange {
    /// The member whose manifest it is.
    pub member: PackageId,
    /// Its directory relative to the lock file; empty for the directory of the lock file itself.
    pub directory: String,
    /// What it depends on.
    pub dependency: PackageId,
    /// The name of the dependency as the manifest writes it (the key, in npm).
    pub name: String,
    /// The list in which it stands.
    pub kind: crate::DependencyKind,
    /// The constraint before: a range, or for [`Notation::Requirement`](crate::Notation::Requirement) the whole
    /// requirement.
    pub old: String,
    /// The constraint now.
    pub new: String,
    /// Whether the dependency is a member too, and so locked to its directory rather than to a version.
    pub is_member: bool,
}

/// What a lock file lists.
///
/// # Errors
///
/// The file is too large, is not UTF-8, breaks its grammar, or has a version that is not known.
pub fn read(kind: LockKind, path: &RelPath, bytes: &[u8]) -> Result<Vec<Locked>, LocateError> {
    text(path, bytes).and_then(|source| in_file(path, bytes, list(kind, source)))
}

/// How a lock file follows a change of its workspace's manifests.
///
/// The edits are proven before they are returned: the edited file is read again, every member has its new version there,
/// and nothing else in the list has changed.
///
/// # Errors
///
/// As [`read`]. A lock file that lists a member at neither version was out of step already and is left to its tool.
pub fn edits(
    kind: LockKind,
    path: &RelPath,
    bytes: &[u8],
    update: &LockUpdate,
) -> Result<LockEdits, LocateError> {
    Opened::new(kind, path, bytes)?.edits(update)
}

/// A lock file that was read once.
pub(crate) struct Opened<'l> {
    kind: LockKind,
    path: &'l RelPath,
    pub(crate) source: &'l str,
    pub(crate) listed: Vec<Locked>,
}

impl<'l> Opened<'l> {
    /// As [`read`].
    pub(crate) fn new(kind: LockKind, path: &'l RelPath, bytes: &'l [u8]) -> Result<Self, LocateError> {
        let source = text(path, bytes)?;
        let listed = in_file(path, bytes, list(kind, source))?;
        Ok(Self { kind, path, source, listed })
    }

    /// As [`edits`].
    pub(crate) fn edits(&self, update: &LockUpdate) -> Result<LockEdits, LocateError> {
        in_file(self.path, self.source.as_bytes(), self.checked_edits(update))
    }

    fn checked_edits(&self, update: &LockUpdate) -> Result<LockEdits, Failure> {
        let edits = planned_edits(self.kind, self.source, update)?;
        let LockEdits::Splices(splices) = &edits else { return Ok(edits) };
        let moves = Moves::new(self.kind, update);
        if let Some(why) = moves.stale(&self.listed) {
            let command = self.kind.command().iter().map(ToString::to_string).collect();
            return Ok(LockEdits::Tool { why, command });
        }
        if !splices.is_empty() {
            let edited = splice(self.source, splices).ok_or_else(|| broken("two edits of one entry"))?;
            if !moves.follows(&self.listed, &list(self.kind, &edited)?) {
                return Err(broken("the edited file does not read as it should"));
            }
        }
        Ok(edits)
    }
}

fn broken(what: &str) -> Failure {
    Failure::without_place(Problem::Malformed { message: format!("cannot be kept in step: {what}") })
}

fn list(kind: LockKind, source: &str) -> Result<Vec<Locked>, Failure> {
    match kind {
        LockKind::Uv => uv::read(source),
        LockKind::Poetry => poetry::read(source),
        LockKind::Npm => package_lock::read(source),
        LockKind::Pnpm => pnpm::read(source),
        LockKind::Cargo => cargo::read(source),
    }
}

fn planned_edits(kind: LockKind, source: &str, update: &LockUpdate) -> Result<LockEdits, Failure> {
    match kind {
        LockKind::Uv => uv::edits(source, update),
        LockKind::Poetry => poetry::edits(source, update),
        LockKind::Npm => package_lock::edits(source, update),
        LockKind::Pnpm => pnpm::edits(source, update),
        LockKind::Cargo => cargo::edits(source, update),
    }
}

fn text<'a>(path: &RelPath, bytes: &'a [u8]) -> Result<&'a str, LocateError> {
    let result = if bytes.len() > MAX_LOCK_BYTES {
        Err(Failure::without_place(Problem::TooLarge { bytes: bytes.len(), limit: MAX_LOCK_BYTES }))
    } else {
        std::str::from_utf8(bytes).map_err(|error| Failure::at(error.valid_up_to(), Problem::NotUtf8))
    };
    in_file(path, bytes, result)
}

fn in_file<T>(path: &RelPath, bytes: &[u8], result: Result<T, Failure>) -> Result<T, LocateError> {
    result.map_err(|failure| {
        let line = failure.offset.map(|offset| line_at(bytes, offset));
        LocateError::new(path.clone(), line, failure.problem)
    })
}

/// How a lock file is kept in step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockEdits {
    /// By these replacements, without asking anybody; none where nothing is to be done.
    Splices(Vec<Splice>),
    /// Only by the tool itself: the change may move versions of other packages, or a hash that covers the whole file.
    Tool {
        /// Why, in one sentence.
        why: String,
        /// The command to run in the directory of the lock file: program and arguments.
        command: Vec<String>,
    },
}

/// A package as a lock file lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The package. Its name is empty where the lock file gives the directory of a member alone, as pnpm does for one
    /// that no other member links to.
    pub id: PackageId,
    /// Its version; nothing where the lock file states none, as for a member whose version is dynamic.
    pub version: Option<Site>,
    /// The directory of a package that is taken from one, relative to the lock file; empty for its own directory, and
    /// in a Cargo.lock, which does not say it.
    pub directory: Option<String>,
}
