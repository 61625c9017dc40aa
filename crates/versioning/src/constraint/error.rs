use std::fmt;

use super::{Ecosystem, MAX_CONSTRAINT_BYTES};

/// The text is not a constraint of its ecosystem.
///
/// ```
/// use tminus_versioning::constraint::{Ecosystem, satisfies};
///
/// let error = satisfies(Ecosystem::Python, ">=1.0,<", "1.0").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\">=1.0,<\" is not a Python version specifier: expected a version after the operator at character 8",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseConstraintError {
    kind: Kind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("a constraint is at most {MAX_CONSTRAINT_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("{text:?} is not {what}: {problem} at character {column}")]
    At { text: String, what: &'static str, problem: &'static str, column: usize },
    #[error("{text:?} is not {what}")]
    Refused { text: String, what: &'static str },
}

impl ParseConstraintError {
    /// The place in the given text where the constraint stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    /// `offset` is where a character of `text` starts, or its end.
    pub(super) fn at(ecosystem: Ecosystem, text: &str, offset: usize, problem: &'static str) -> Self {
        let column = column(text, offset);
        let kind = Kind::At { text: text.to_owned(), what: ecosystem.constraint_name(), problem, column };
        Self { kind, offset: Some(offset) }
    }

    /// For what the matcher of the ecosystem refuses for a reason without a place.
    pub(super) fn refused(ecosystem: Ecosystem, text: &str) -> Self {
        let kind = Kind::Refused { text: text.to_owned(), what: ecosystem.constraint_name() };
        Self { kind, offset: None }
    }
}

/// The number of the character at a byte offset, from 1.
pub(super) fn column(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(0, |before| before.chars().count()) + 1
}

/// It cannot be said whether a version satisfies a constraint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SatisfiesError {
    /// The constraint is malformed.
    #[error(transparent)]
    Constraint(#[from] ParseConstraintError),
    /// The version is malformed.
    #[error(transparent)]
    Version(#[from] InvalidVersion),
    /// The constraint names something else than versions.
    #[error("{text:?} holds no range of versions: it refers to {reference}")]
    Reference {
        /// The constraint as given.
        text: String,
        /// What it names.
        reference: Reference,
    },
}

/// The text is not a version of its ecosystem.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} is not a version of {ecosystem}")]
pub struct InvalidVersion {
    pub(super) text: String,
    pub(super) ecosystem: Ecosystem,
    pub(super) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What a constraint names instead of a range of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reference {
    /// The package in the same workspace, whatever its version: `workspace:^`.
    Workspace,
    /// An entry of the catalogue of the workspace: `catalog:`.
    Catalog,
    /// A directory or an archive on disk: `file:../demo`.
    Path,
    /// A repository: `git+ssh://…`, `owner/name`.
    Repository,
    /// An archive on the web: `https://…`.
    Url,
    /// A tag of the registry: `latest`.
    Tag,
    /// Another package without a range: `npm:demo`.
    Package,
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Workspace => "the package in the same workspace",
            Self::Catalog => "an entry of the catalogue",
            Self::Path => "a path",
            Self::Repository => "a repository",
            Self::Url => "an address",
            Self::Tag => "a tag of the registry",
            Self::Package => "a package without a range",
        })
    }
}

/// A constraint cannot be rewritten as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RewriteError {
    /// The constraint is malformed.
    #[error(transparent)]
    Constraint(#[from] ParseConstraintError),
    /// The new version is malformed.
    #[error(transparent)]
    Version(#[from] InvalidVersion),
    /// The new version is below what the constraint asks for; accept it with
    /// [`How::allow_lowering`](super::How::allow_lowering).
    #[error("version {version} is below the bound `{bound}`: lowering it has to be allowed")]
    WouldLower {
        /// The clause as it stands in the constraint.
        bound: String,
        /// The new version.
        version: String,
    },
    /// The result would not admit the new version: an excluded version, or a pre-release where no clause asks for one.
    #[error("`{text}`, rewritten as `{result}`, would not admit version {version}: choose another shape")]
    NotAdmitted {
        /// The constraint as given.
        text: String,
        /// What it would have become.
        result: String,
        /// The new version.
        version: String,
    },
    /// The ecosystem has no way to write it.
    #[error("{ecosystem} has no way to write {what}")]
    Inexpressible {
        /// The ecosystem.
        ecosystem: Ecosystem,
        /// What was to be written.
        what: &'static str,
    },
    /// A Go version of another major version belongs to another module, whose path has to change as well.
    #[error("{from} and {to} belong to different Go modules: the path of the module has to change as well")]
    OtherModule {
        /// The version as it stands.
        from: String,
        /// The new version.
        to: String,
    },
    /// The next bound is beyond the largest number that a version can have.
    #[error("no version comes after {version} in the place that the upper bound counts")]
    Overflow {
        /// The new version.
        version: String,
    },
}
