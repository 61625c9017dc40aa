use tminus_vcs::RepositoryError;

use crate::Exit;

/// A changelog could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangesError {
    /// The repository cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The forge does not answer, or refuses.
    #[error(transparent)]
    Forge(#[from] tminus_forge::ForgeError),
    /// The forge answers nothing.
    #[error("the forge does not answer: {reason}")]
    NoAnswer {
        /// What it said, or what stood in the way.
        reason: String,
    },
    /// A revision that means no commit.
    #[error("`{revision}` is no commit, tag or branch of this repository")]
    NoRevision {
        /// What was given.
        revision: String,
    },
    /// A version that neither a tag nor the scheme knows.
    #[error("`{text}` is neither the tag of a release nor a version: {reason}")]
    NoVersion {
        /// What was given.
        text: String,
        /// Why.
        reason: String,
    },
    /// There are no commits.
    #[error("the repository has no commit yet")]
    Empty,
    /// A pattern of tags.
    #[error("the tags of releases: {reason}")]
    Tags {
        /// What is wrong with it.
        reason: String,
    },
    /// A file that is read with the history.
    #[error("{path}{}: {reason}", line.map(|line| format!(":{line}")).unwrap_or_default())]
    File {
        /// The file, from the top of the repository.
        path: String,
        /// The line, from 1.
        line: Option<usize>,
        /// What is wrong.
        reason: String,
    },
}

impl ChangesError {
    /// How a process ends with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Repository(_) | Self::Empty => Exit::NoGo,
            Self::NoAnswer { .. } => Exit::World,
            Self::Forge(error) => crate::observe::forge_exit(error),
            Self::NoRevision { .. } | Self::NoVersion { .. } | Self::Tags { .. } | Self::File { .. } => {
                Exit::Usage
            }
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::NoRevision { .. } => {
                Some("`git tag` lists the tags; one that is missing may not be fetched: `git fetch --tags`")
            }
            Self::NoVersion { .. } => Some("name a version such as 1.2.3, or a tag that `git tag` lists"),
            Self::Empty => Some("commit something first"),
            Self::Tags { .. } => Some("mend `tags` of [changelog], or `tag` of the train, in tminus.toml"),
            Self::Forge(_) | Self::NoAnswer { .. } => Some("with --no-forge, what git knows is enough"),
            Self::Repository(_) | Self::File { .. } => None,
        }
    }
}
