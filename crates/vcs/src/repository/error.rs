//! What can be wrong with a repository.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use super::Completeness;
use super::completeness::word;
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
    /// Old-style grafts, which git honours and gix does not: the same question would have two answers.
    #[error(
        "the repository at {} changes its history by info/grafts, which git has deprecated; run `git replace --convert-graft-file`",
        dir.display()
    )]
    Grafts {
        /// The repository.
        dir: PathBuf,
    },
    /// A bare repository that was found by looking upwards, though `safe.bareRepository` is `explicit`: it may be a part
    /// of what somebody else wrote.
    #[error(
        "the bare repository at {} was found inside another directory, and safe.bareRepository allows only those named explicitly; name its directory",
        dir.display()
    )]
    ImplicitBare {
        /// The repository.
        dir: PathBuf,
    },
    /// A shallow or partial clone, where a complete one is needed.
    #[error("the repository at {} is {completeness}; run `{}`", dir.display(), completeness.repair().unwrap_or_default())]
    Incomplete {
        /// The repository.
        dir: PathBuf,
        /// What is left out.
        completeness: Completeness,
    },
    /// A partial clone does not have what was asked for.
    #[error("{what} was left out of this partial clone; run `{}`", refetch(remote, filter))]
    Omitted {
        /// What is missing.
        what: String,
        /// The remote that promised to have it.
        remote: RemoteName,
        /// What each fetch leaves out; empty if the filter was removed since.
        filter: String,
    },
    /// Something in the repository is not what was once written.
    #[error("{what} is damaged: {reason}; `git fsck --full` shows what else is, a new clone has it intact")]
    Damaged {
        /// The object or file.
        what: String,
        /// What is wrong with it.
        reason: String,
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
    /// A shallow clone ends within the history that was asked for.
    #[error("this is a shallow clone whose history ends at {id}; run `git fetch --unshallow {remote}`")]
    CutHistory {
        /// The last commit that is there.
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

/// The commands that fetch what a partial clone left out.
fn refetch(remote: &RemoteName, filter: &str) -> String {
    let partial = super::Partial { remote: remote.clone(), filter: filter.to_owned() };
    if filter.is_empty() {
        return format!("git fetch --refetch --no-filter {}", word(remote.as_str()));
    }
    Completeness { shallow: None, partial: Some(partial) }.repair().unwrap_or_default()
}

/// Turns an error of gix into ours. Its `Display` shows only the outermost cause, so all of them are joined here.
pub(crate) fn reading(
    action: &'static str,
    what: impl Display,
) -> impl FnOnce(gix::Error) -> RepositoryError {
    move |error| {
        let causes: Vec<_> = error.iter_errors().map(ToString::to_string).collect();
        let reason = crate::redacted(&causes.join(": ")).into_owned();
        // What cannot even be opened may only be misconfigured, or newer than gix.
        if (error.is_corrupted() || error.is_not_found()) && action != "open" {
            return RepositoryError::Damaged { what: what.to_string(), reason };
        }
        RepositoryError::Read { action, what: what.to_string(), reason }
    }
}
