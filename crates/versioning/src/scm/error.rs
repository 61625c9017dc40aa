use super::settings::{LocalScheme, VersionScheme};
use crate::Date;
use crate::pep440::ParseVersionError;

/// No version can be derived; setuptools-scm fails here as well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScmError {
    /// No version can be read from the tag that describe found.
    #[error("cannot read a version from tag {tag:?}: {problem}")]
    UnreadableTag {
        /// The tag as described.
        tag: String,
        /// What is wrong with it.
        problem: TagProblem,
    },
    /// The tag reader matched a tag or a branch, but its version is empty.
    #[error("the tag pattern matches {text:?}, but the version in it is empty")]
    EmptyVersion {
        /// The tag or the part of the branch name.
        text: String,
    },
    /// The fallback version is not a version.
    #[error("fallback version {text:?} is not a PEP 440 version")]
    Fallback {
        /// The text as configured.
        text: String,
        /// Why not.
        source: ParseVersionError,
    },
    /// The pretended version is not a version.
    #[error("pretended version {text:?} is not a PEP 440 version")]
    Pretended {
        /// The text as given.
        text: String,
        /// Why not.
        source: ParseVersionError,
    },
    /// The tag ends in `.devN` with another N than 0, so that the distance has no place.
    #[error("{version} cannot be counted on from: a development tag must end in `.dev0`")]
    CustomDevNumber {
        /// The version of the tag.
        version: String,
    },
    /// The tag is a post-release already, and the scheme would have to add a second `.postN`.
    #[error("{version} is a post-release already, `no-guess-dev` has no next version for it")]
    AlreadyPost {
        /// The version of the tag.
        version: String,
    },
    /// The version of the tag does not end in a number that could be raised.
    #[error("{version:?} does not end with a number to raise")]
    NoNumberToRaise {
        /// The version of the tag.
        version: String,
    },
    /// The tag has the form of a date, but there is no such day.
    #[error("{text} has the form of a date, but there is no such day")]
    NoSuchDay {
        /// The part of the version that should be a date.
        text: String,
    },
    /// The major number of the tag cannot be told, as in a version with an epoch.
    #[error("{version} does not start with a plain major number")]
    NoMajorNumber {
        /// The version of the tag.
        version: String,
    },
    /// A strict local scheme saw uncommitted changes.
    #[error("the working tree has uncommitted changes, local scheme `{scheme}` forbids them")]
    UncommittedChanges {
        /// The scheme.
        scheme: LocalScheme,
    },
    /// The list of local schemes is empty.
    #[error("no local scheme is configured")]
    NoLocalScheme,
    /// The metadata of the environment replace the tag without saying that it is preformatted.
    #[error("pretended tag {tag:?} cannot be derived from: say `preformatted = true` with it")]
    PretendedTag {
        /// The tag as given.
        tag: String,
    },
    /// The clone is shallow and the settings refuse that.
    #[error("the clone is shallow, the distance to the tag would be wrong: run `git fetch --unshallow`")]
    Shallow,
    /// A number or a text exceeds what this crate handles; setuptools-scm has no such limit.
    #[error("{what} exceeds the limits of this implementation: {text:?}")]
    BeyondLimits {
        /// What the text is.
        what: &'static str,
        /// The beginning of the text.
        text: String,
    },
}

/// Why no version can be read from a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagProblem {
    /// The tag does not match the tag pattern.
    #[error("the tag pattern finds none in it")]
    NoMatch,
    /// What the tag pattern finds is not a version.
    #[error("{version:?} is not a PEP 440 version")]
    NotAVersion {
        /// The part that the tag pattern finds.
        version: String,
    },
}

/// Something that setuptools-scm warns about on the way to a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScmWarning {
    /// What follows the version in a tag is no part of a version.
    #[error("tag {tag:?} is read without its suffix {suffix:?}")]
    SuffixDropped {
        /// The tag.
        tag: String,
        /// The part that is ignored.
        suffix: String,
    },
    /// The directory name has the prefix, but no version after it.
    #[error("directory {directory:?} gives no version: {problem}")]
    UnreadableDirectory {
        /// The name of the directory, without the prefix.
        directory: String,
        /// What is wrong with it.
        problem: TagProblem,
    },
    /// `calver-by-date` met a tag that is not a date and went on from today.
    #[error("tag version {version} is not a date, it counts as older than every date")]
    TagIsNotADate {
        /// The version of the tag.
        version: String,
    },
    /// The date in the tag is later than the commit.
    #[error("the tag's date {tag} is ahead of the commit's date {commit}")]
    TagAheadOfCommit {
        /// The date in the tag.
        tag: Date,
        /// The date of the commit.
        commit: Date,
    },
    /// A variable of the environment was found under another spelling of the distribution's name.
    #[error("environment variable `{found}` is read, its proper name is `{expected}`")]
    VariableSpelling {
        /// The name that is set.
        found: String,
        /// The name that setuptools-scm asks for.
        expected: String,
    },
    /// The clone is shallow, so that the distance may be too small.
    #[error("the clone is shallow, the distance to the tag may be wrong")]
    Shallow,
}

/// The name of a scheme is unknown; it may be code of the project, which only Python can run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a {kind} of setuptools-scm; known are {}", known.join(", "))]
pub struct ParseSchemeError {
    name: String,
    kind: &'static str,
    known: Vec<&'static str>,
}

impl ParseSchemeError {
    /// The name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn version_scheme(name: &str) -> Self {
        let known = VersionScheme::ALL.iter().map(|scheme| scheme.as_str()).collect();
        Self { name: name.to_owned(), kind: "version scheme", known }
    }

    pub(super) fn local_scheme(name: &str) -> Self {
        let known = LocalScheme::ALL.iter().map(|scheme| scheme.as_str()).collect();
        Self { name: name.to_owned(), kind: "local scheme", known }
    }

    pub(super) fn shallow_policy(name: &str) -> Self {
        let known = super::ShallowPolicy::ALL.iter().map(|policy| policy.as_str()).collect();
        Self { name: name.to_owned(), kind: "pre-parse choice", known }
    }
}
