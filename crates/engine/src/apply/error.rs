use tminus_forge::ForgeError;
use tminus_registry::pypi::{IndexError, InspectError, Mismatch, UploadError, WaitError};
use tminus_vcs::{GitError, PushError, RepositoryError};

use crate::Exit;
use crate::build::BuildError;
use crate::fuse::Stopped;
use crate::observe::{forge_exit, index_exit};
use crate::record::RecordError;

/// A step that did not end well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The same name with other content. Nothing is overwritten.
    #[error("{what}")]
    Conflict {
        /// What stands there, and what should.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// A precondition does not hold, or the world refuses.
    #[error("{}", reasons.join("\n"))]
    NoGo {
        /// Every reason.
        reasons: Vec<String>,
        /// What to do.
        remedy: String,
    },
    /// What was waited for did not come in time.
    #[error("{what}")]
    NotYet {
        /// What.
        what: String,
    },
    /// Acting did not have the effect that it should have had.
    #[error("{0}")]
    NotDone(String),
    /// The repository.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// git.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A push.
    #[error(transparent)]
    Push(#[from] PushError),
    /// The forge.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// An index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// An upload.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// Waiting for an index.
    #[error(transparent)]
    Wait(#[from] WaitError),
    /// A build.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// An artifact that is not what it should be.
    #[error("{filename}: {source}")]
    Inspect {
        /// The file.
        filename: String,
        /// What is wrong with it.
        source: InspectError,
    },
    /// An artifact of another name or version.
    #[error("{filename}: {source}")]
    Mismatch {
        /// The file.
        filename: String,
        /// What is wrong with it.
        source: Mismatch,
    },
    /// A version file that cannot be edited.
    #[error("{0}")]
    Edit(String),
    /// The record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file of our own state.
    #[error("{what}: {source}")]
    Io {
        /// What was done.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A destination whose endpoints nobody names.
    #[error("{0}")]
    Endpoint(String),
    /// Another run has taken over.
    #[error("another run has taken over this release (lease {theirs}, ours is {ours})")]
    Fenced {
        /// Our fencing counter.
        ours: u64,
        /// The record's.
        theirs: u64,
    },
    /// A test cut the run here.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl StepError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// The exit code that this leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Conflict { .. } => Exit::Conflict,
            Self::NotYet { .. } => Exit::Incomplete,
            Self::Stopped(_) => Exit::Interrupted,
            Self::Forge(error) => forge_exit(error),
            Self::Index(error) => index_exit(error),
            Self::Upload(error) => upload_exit(error),
            Self::Wait(error) => match error {
                WaitError::Conflict { .. } => Exit::Conflict,
                WaitError::Index(error) => index_exit(error),
                _ => Exit::Incomplete,
            },
            Self::Git(GitError::Unreachable { .. } | GitError::TimedOut { .. })
            | Self::Push(PushError::Unreachable { .. } | PushError::Git(GitError::TimedOut { .. })) => {
                Exit::World
            }
            Self::NoGo { .. }
            | Self::NotDone(_)
            | Self::Repository(_)
            | Self::Git(_)
            | Self::Push(_)
            | Self::Build(_)
            | Self::Inspect { .. }
            | Self::Mismatch { .. }
            | Self::Edit(_)
            | Self::Record(_)
            | Self::Io { .. }
            | Self::Endpoint(_)
            | Self::Fenced { .. } => Exit::NoGo,
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Conflict { remedy, .. } | Self::NoGo { remedy, .. } => remedy.clone(),
            Self::NotYet { .. } => "`tminus resume` goes on waiting".to_owned(),
            Self::Build(_) | Self::Inspect { .. } | Self::Mismatch { .. } => {
                "nothing has left this machine; mend it, commit, push and release again".to_owned()
            }
            error if error.exit() == Exit::World => "safe to run again: `tminus resume`".to_owned(),
            _ => "once that is mended: `tminus resume`".to_owned(),
        }
    }
}

fn upload_exit(error: &UploadError) -> Exit {
    match error {
        UploadError::Conflict { .. } => Exit::Conflict,
        UploadError::Lost { .. } => Exit::World,
        UploadError::Index(error) | UploadError::Undecided { source: error, .. } => index_exit(error),
        _ => Exit::NoGo,
    }
}
