//! What the manifest of a package says: its name, its version, what it depends on, which packages belong to its
//! workspace. Every value comes with its place, so that it can be replaced and nothing beside it.

pub(crate) mod cargo_toml;
mod chart;
pub(crate) mod go_mod;
pub(crate) mod npm_spec;
#[cfg(test)]
mod npm_tests;
mod package_json;
mod pnpm_workspace;
pub(crate) mod pyproject;
#[cfg(test)]
mod python_laws;
mod setup_cfg;

use crate::locate::{Failure, line_at, read};
use crate::{Ecosystem, Elsewhere, LocateError, PackageId, RelPath, Site};

/// The manifest of a package or of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The file.
    pub path: RelPath,
    /// What kind of file it is.
    pub kind: ManifestKind,
    /// The name of the package, as it is written; nothing where the file only describes a workspace or settings.
    pub name: Option<Site>,
    /// The version of the package.
    pub version: Version,
    /// Whether the package is kept from its registry: `"private": true`, `publish = false`, a Python classifier
    /// `Private :: …`.
    pub private: bool,
    /// What the package depends on, in the order of the file.
    pub dependencies: Vec<Dependency>,
    /// The workspace that the file is the root of.
    pub workspace: Option<Members>,
}

/// A kind of manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ManifestKind {
    /// `pyproject.toml` (PEP 621, Poetry).
    Pyproject,
    /// `setup.cfg`.
    SetupCfg,
    /// `package.json`.
    PackageJson,
    /// `pnpm-workspace.yaml`.
    PnpmWorkspace,
    /// `Cargo.toml`.
    CargoToml,
    /// `go.mod`.
    GoMod,
    /// `Chart.yaml`.
    Chart,
}

impl ManifestKind {
    /// The kind of a file, by its name.
    pub fn of(path: &RelPath) -> Option<Self> {
        Self::of_name(path.file_name())
    }

    /// The kind of a file with this name, without directories.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "pyproject.toml" => Self::Pyproject,
            "setup.cfg" => Self::SetupCfg,
            "package.json" => Self::PackageJson,
            "pnpm-workspace.yaml" => Self::PnpmWorkspace,
            "Cargo.toml" => Self::CargoToml,
            "go.mod" => Self::GoMod,
            "Chart.yaml" => Self::Chart,
            _ => return None,
        })
    }

    /// The ecosystem of the packages that it describes.
    pub fn ecosystem(self) -> Ecosystem {
        match self {
            Self::Pyproject | Self::SetupCfg => Ecosystem::Pypi,
            Self::PackageJson | Self::PnpmWorkspace => Ecosystem::Npm,
            Self::CargoToml => Ecosystem::Cargo,
            Self::GoMod => Ecosystem::Go,
            Self::Chart => Ecosystem::Helm,
        }
    }
}

/// What a manifest says about the version of its package.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Version {
    /// It stands here.
    Here(Site),
    /// It comes from elsewhere. `fallback` is what is taken where there are no tags: `fallback_version` of
    /// setuptools-scm, `fallback-version` of hatch-vcs.
    Elsewhere {
        /// From where.
        source: Elsewhere,
        /// The version without tags.
        fallback: Option<Site>,
    },
    /// The file states none.
    Absent,
}

/// A dependency of a package on another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name of the package that is depended on, as it is written: in Cargo what `package` says, in npm what
    /// `npm:NAME@…` names.
    pub name: String,
    /// In which list it stands.
    pub kind: DependencyKind,
    /// The place of the constraint, in the notation of `notation`; nothing where the file states none, as in
    /// `{ workspace = true }`.
    pub constraint: Option<Site>,
    /// How the constraint is written.
    pub notation: Notation,
    /// Where the package is taken from.
    pub source: Source,
    /// The first byte of it in the file.
    pub offset: usize,
}

/// The list in which a dependency stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DependencyKind {
    /// Needed by the package.
    Normal,
    /// Needed for an extra (PEP 621), or npm's `optionalDependencies` with an empty name.
    Optional(String),
    /// In a dependency group (PEP 735, Poetry).
    Group(String),
    /// Needed to develop it: npm's and Cargo's dev-dependencies, uv's `tool.uv.dev-dependencies`.
    Dev,
    /// npm's `peerDependencies`.
    Peer,
    /// Needed to build it: `build-system.requires`, Cargo's build-dependencies.
    Build,
    /// A constraint on what others need: npm's `overrides`, pnpm's, uv's `override-dependencies`, Cargo's `patch`.
    Override,
    /// In the table of a workspace, from which members inherit: `workspace.dependencies`, a catalog of pnpm.
    Workspace,
}

/// How a constraint is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Notation {
    /// A whole requirement: `demo[extra]>=1.0; python_version < "3.12"` (PEP 508).
    Requirement,
    /// A range of the ecosystem alone.
    Range(tminus_versioning::constraint::Ecosystem),
}

/// Where a dependency is taken from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A registry.
    Registry,
    /// A member of the same workspace: `{ workspace = true }` of uv, `workspace:^`.
    Workspace,
    /// What the table of the workspace says: `dep.workspace = true` of Cargo, `catalog:` of pnpm.
    Inherited,
    /// A directory or a file, relative to the directory of the manifest.
    Path(String),
    /// Anything else: a repository, an address, a tag.
    Other(String),
}

/// The packages of a workspace, as its root lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// Which tool reads the list.
    pub tool: WorkspaceTool,
    /// Directories of members, as patterns with `*` and `**`, in their order; of npm and pnpm also those that leave out, with
    /// `!` before them.
    pub include: Vec<String>,
    /// Directories that are no members, as patterns.
    pub exclude: Vec<String>,
}

/// A tool that knows workspaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WorkspaceTool {
    /// uv: `[tool.uv.workspace]`.
    #[default]
    Uv,
    /// npm, yarn and bun: `workspaces` of package.json.
    Npm,
    /// pnpm: pnpm-workspace.yaml.
    Pnpm,
    /// Cargo: `[workspace]`.
    Cargo,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// - the name of the file is none of a manifest
    /// - the file is larger than [`MAX_FILE_BYTES`](crate::MAX_FILE_BYTES), is not UTF-8, or breaks its grammar
    /// - a name, a version or a dependency is something else than its format allows
    pub fn read(path: &RelPath, bytes: &[u8]) -> Result<Self, LocateError> {
        read(bytes).and_then(|text| Self::read_text(path, text)).map_err(|failure| {
            let line = failure.offset.map(|offset| line_at(bytes, offset));
            LocateError::new(path.clone(), line, failure.problem)
        })
    }

    fn read_text(path: &RelPath, text: &str) -> Result<Self, Failure> {
        let Some(kind) = ManifestKind::of(path) else {
            return Err(Failure::without_place(crate::Problem::UnknownFormat));
        };
        match kind {
            ManifestKind::Pyproject => pyproject::read(path, text),
            ManifestKind::SetupCfg => setup_cfg::read(path, text),
            ManifestKind::PackageJson => package_json::read(path, text),
            ManifestKind::PnpmWorkspace => pnpm_workspace::read(path, text),
            ManifestKind::CargoToml => cargo_toml::read(path, text),
            ManifestKind::GoMod => go_mod::read(path, text),
            ManifestKind::Chart => chart::read(path, text),
        }
    }

    /// A manifest that says nothing yet.
    pub(crate) fn empty(path: RelPath, kind: ManifestKind) -> Self {
        Self {
            path,
            kind,
            name: None,
            version: Version::Absent,
            private: false,
            dependencies: Vec::new(),
            workspace: None,
        }
    }

    /// The identity of the package.
    pub fn id(&self) -> Option<PackageId> {
        self.name.as_ref().map(|name| PackageId::new(self.kind.ecosystem(), name.text()))
    }

    /// The directory of the package; nothing for the root.
    pub fn directory(&self) -> Option<&str> {
        self.path.parent()
    }
}
