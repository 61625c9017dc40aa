use crate::{Elsewhere, PackageId, RelPath, Site};

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its identity.
    pub id: PackageId,
    /// Its name as its manifest writes it.
    pub name: String,
    /// Its directory below the root, with `/`; empty for the root itself.
    pub directory: String,
    /// The files that describe it, the one that names it first: `pyproject.toml` and then `setup.cfg`, else one.
    pub manifests: Vec<RelPath>,
    /// Its version.
    pub version: PackageVersion,
    /// Whether it is kept from its registry.
    pub private: bool,
    /// The manifest of the workspace of its tool that it is a member of, also where this is its own.
    pub workspace: Option<RelPath>,
}

/// Where the version of a package stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackageVersion {
    /// In a file of the workspace.
    Stated {
        /// The file: a manifest of the package, or the root of its workspace.
        path: RelPath,
        /// The place in the file.
        site: Site,
        /// Whether the package takes it from the root of its workspace (`version.workspace = true`), so that every
        /// package that does so has another version when it changes.
        inherited: bool,
    },
    /// Outside of manifests.
    Elsewhere {
        /// The manifest that says so.
        path: RelPath,
        /// Where.
        source: Elsewhere,
        /// What is taken where there are no tags.
        fallback: Option<Site>,
    },
    /// Nowhere.
    Absent,
}

impl PackageVersion {
    /// The version as it is written, where a file of the workspace states it.
    pub fn text(&self) -> Option<&str> {
        if let Self::Stated { site, .. } = self { Some(site.text()) } else { None }
    }
}
