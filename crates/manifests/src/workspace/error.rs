use std::fmt;
use std::path::PathBuf;

use crate::{LocateError, PackageId, RelPath};

/// The packages of a tree cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// Manifests of packages cannot be read; at least one, in the order of their paths.
    #[error("{}", lines(.0))]
    Manifests(Vec<ManifestError>),
    /// Two directories hold a package of one name.
    #[error(
        "{id} stands in {first} and in {second}: rename one of them, or list the directory of one of them under \
         `exclude`"
    )]
    Duplicate {
        /// The package.
        id: PackageId,
        /// The manifest that names it, by path the first.
        first: RelPath,
        /// Another manifest that names it.
        second: RelPath,
    },
    /// A pattern of the options or of a workspace is not one.
    #[error("{}the pattern {pattern:?} is not one ({message}): {remedy}", prefix(file.as_ref()),
        remedy = "write `*` for any name, `**` for any directories, `[a-z]` for a letter")]
    Pattern {
        /// The root of the workspace that lists it; nothing for a pattern of the options.
        file: Option<RelPath>,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// The root cannot be walked.
    #[error("{} cannot be read: {source}", path.display())]
    Root {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A manifest of a package cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The system does not give it.
    #[error("{path}: the file cannot be read: {source}; mend that, or list its directory under `exclude`")]
    Read {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: std::io::Error,
    },
    /// It says something that is not understood.
    #[error("{0}; mend it, or list its directory under `exclude`")]
    Content(LocateError),
}

impl ManifestError {
    /// The file.
    pub fn path(&self) -> &RelPath {
        match self {
            Self::Read { path, .. } => path,
            Self::Content(error) => error.path(),
        }
    }
}

fn lines(errors: &[ManifestError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn prefix(file: Option<&RelPath>) -> String {
    file.map(|file| format!("{file}: ")).unwrap_or_default()
}

/// A manifest with the name of a package that is none of the packages of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// The manifest.
    pub path: RelPath,
    /// Why.
    pub why: Why,
}

/// Why a manifest is not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The workspace that it lies in does not list its directory, or takes it out.
    NoMember {
        /// The root of the workspace.
        root: RelPath,
    },
    /// A directory on its way holds test data, examples or templates by its name.
    Directory {
        /// The name.
        name: String,
    },
    /// Its path or its name has places for values, as those of cookiecutter: `{{ name }}`.
    Template,
    /// A pattern of [`DiscoverOptions::exclude`](super::DiscoverOptions::exclude).
    Option {
        /// The pattern.
        pattern: String,
    },
}

impl fmt::Display for Excluded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.why {
            Why::NoMember { root } => write!(formatter, "{path}: no member of the workspace of {root}"),
            Why::Directory { name } => {
                write!(formatter, "{path}: a directory `{name}` holds no packages of a project by its name")
            }
            Why::Template => write!(formatter, "{path}: a template from which packages are made"),
            Why::Option { pattern } => write!(formatter, "{path}: the pattern `{pattern}` excludes it"),
        }
    }
}

/// Something in the tree that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A manifest or a lock file that is a symbolic link; the file that it leads to is read where it lies itself.
    Link {
        /// The link.
        path: RelPath,
    },
    /// A directory that is a symbolic link out of the tree, or to nothing.
    LinkOutside {
        /// The link.
        path: RelPath,
    },
    /// A lock file that cannot be read, so that only its own tool can keep it in step.
    LockFile {
        /// The file.
        path: RelPath,
        /// Why.
        message: String,
    },
    /// A path that cannot be told as text, or a directory that cannot be read.
    Unreadable {
        /// The path, as far as it can be written.
        path: String,
        /// Why.
        message: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link { path } => write!(formatter, "{path}: a symbolic link, not followed"),
            Self::LinkOutside { path } => {
                write!(formatter, "{path}: a symbolic link out of the tree, not followed")
            }
            Self::LockFile { path, message } => write!(formatter, "{path}: {message}"),
            Self::Unreadable { path, message } => write!(formatter, "{path}: {message}"),
        }
    }
}
