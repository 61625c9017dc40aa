//! Lock files: the entries of a workspace's own members follow its manifests, everything else stays.

use crate::{PackageId, RelPath, Site, Splice};

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
    /// The package.
    pub id: PackageId,
    /// Its version; nothing where the lock file states none, as for a member whose version is dynamic.
    pub version: Option<Site>,
    /// The directory of a package that is taken from one, relative to the lock file; empty for its own directory.
    pub directory: Option<String>,
}

/// The path of a lock file with the directory that it governs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFile {
    /// The file.
    pub path: RelPath,
    /// Its kind.
    pub kind: LockKind,
}
