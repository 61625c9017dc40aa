//! What can be wrong with a repository.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use crate::names::{ObjectId, RemoteName};

/// Why a question about a repository has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// There is no git repository there.
    #[error("{} is not in a git repository", dir.display())]
    NotARepository {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// The files belong to somebody else, whose configuration could make git run their programs.
    #[error(
        "the repository at {dir} belongs to another user; if you trust it, run `git config --global --add safe.directory {dir}`",
        dir = dir.display()
    )]
    UntrustedOwner {
        /// The repository.
        dir: PathBuf,
    },
    /// A repository format that cannot be read.
    #[error("the repository at {} stores {what}, which are not supported", dir.display())]
    Unsupported {
        /// The repository.
        dir: PathBuf,
        /// The format, such as `sha256 objects`.
        what: String,
    },
    /// A question about a work tree, asked of a bare repository.
    #[error("the repository at {} is bare: it has no work tree", dir.display())]
    Bare {
        /// The repository.
        dir: PathBuf,
    },
    /// A commit that was named somewhere (a remote, a record) has not been fetched.
    #[error("commit {id} is not in this repository; run `git fetch {remote}`")]
    MissingObject {
        /// What is missing.
        id: ObjectId,
        /// From where it can probably be had.
        remote: RemoteName,
    },
    /// A shallow clone ends before the answer.
    #[error(
        "this is a shallow clone whose history ends before {id} can be placed; run `git fetch --unshallow {remote}`"
    )]
    MissingHistory {
        /// The commit that was looked for.
        id: ObjectId,
        /// From where the rest can be had.
        remote: RemoteName,
    },
    /// A file is larger than the caller wanted to read.
    #[error("{path} at {commit} has {size} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The file.
        path: String,
        /// The commit it was looked up in.
        commit: String,
        /// Its size in bytes.
        size: u64,
        /// What the caller allowed.
        limit: u64,
    },
    /// A directory could not be looked at.
    #[error("cannot look at {}", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// gix could not read something: usually a damaged repository.
    #[error("cannot {action} {what}: {reason}")]
    Read {
        /// What was attempted.
        action: &'static str,
        /// With what.
        what: String,
        /// The causes, outermost first.
        reason: String,
    },
}

/// Turns an error of gix into ours. Its `Display` shows only the outermost cause, so all of them are joined here.
pub(super) fn reading(
    action: &'static str,
    what: impl Display,
) -> impl FnOnce(gix::Error) -> RepositoryError {
    move |error| {
        let causes: Vec<_> = error.iter_errors().map(ToString::to_string).collect();
        let reason = crate::redacted(&causes.join(": ")).into_owned();
        RepositoryError::Read { action, what: what.to_string(), reason }
    }
}
