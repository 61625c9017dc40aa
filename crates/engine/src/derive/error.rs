//! Why there is no version.

use std::path::PathBuf;

use tminus_vcs::RepositoryError;
use tminus_versioning::scm::ScmError;

use super::table::Place;
use crate::Exit;

/// Why no version can be derived.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeriveError {
    /// A key of the project's table is wrong, unknown, or asks for what only Python can do.
    #[error("{place}: {what}")]
    Setting {
        /// Where it is written.
        place: Place,
        /// What is wrong.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// A file or a variable is not TOML.
    #[error("{place}: {what}")]
    Toml {
        /// Where.
        place: Place,
        /// What is wrong.
        what: String,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is neither a repository nor anything that stands for one.
    #[error("{} is not the top of a git repository, and nothing else there states a version", dir.display())]
    NoVersion {
        /// Where the version was looked for.
        dir: PathBuf,
        /// A repository that was found further up.
        above: Option<PathBuf>,
    },
    /// Another tool's repository.
    #[error("{} is a repository of {tool}, and only those of git can be read", dir.display())]
    OtherTool {
        /// Where it is.
        dir: PathBuf,
        /// The tool.
        tool: &'static str,
    },
    /// The project lies elsewhere in the repository than its settings say.
    #[error("the settings place the project at {expected:?} of the repository, it lies at {found:?}")]
    OtherPath {
        /// As configured.
        expected: String,
        /// As found.
        found: String,
    },
    /// A revision means no commit.
    #[error("{revision:?} is no commit of this repository")]
    Revision {
        /// The revision.
        revision: String,
    },
    /// The clone is shallow, and the settings want the rest to be fetched, which nothing here does.
    #[error("this is a shallow clone, and the settings ask for its whole history")]
    FetchNeeded,
    /// Submodules have not been checked out, and the settings forbid that.
    #[error("submodules are not checked out: {}", paths.join(", "))]
    MissingSubmodules {
        /// Where they belong.
        paths: Vec<String>,
    },
    /// The version that a file of an unpacked archive states is none.
    #[error("{}: {text:?} is not a PEP 440 version", path.display())]
    NotAVersion {
        /// The file.
        path: PathBuf,
        /// What it states.
        text: String,
    },
    /// The tag, the scheme or the settings give no version.
    #[error(transparent)]
    Scm(#[from] ScmError),
    /// The repository gives no answer.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl DeriveError {
    /// The exit code of a command that ends with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Setting { .. } | Self::Toml { .. } | Self::OtherPath { .. } => Exit::Usage,
            _ => Exit::NoGo,
        }
    }

    /// What to do about it.
    pub fn remedies(&self) -> Vec<String> {
        let remedy = match self {
            Self::Setting { remedy, .. } => remedy.clone(),
            Self::NoVersion { above: Some(above), .. } => format!(
                "run this in {above} or with -C {above}, or say `search_parent_directories = true` or `root` in [tool.setuptools_scm]",
                above = above.display()
            ),
            Self::NoVersion { above: None, .. } => {
                "run this in a clone, or state the version in SETUPTOOLS_SCM_PRETEND_VERSION".to_owned()
            }
            Self::OtherTool { .. } => "ask setuptools-scm itself".to_owned(),
            Self::OtherPath { .. } => "correct `project_path` or `root`".to_owned(),
            Self::Revision { .. } => "name a branch, a tag or a commit; fetch it first".to_owned(),
            Self::FetchNeeded => "run `git fetch --unshallow`".to_owned(),
            Self::MissingSubmodules { .. } => "run `git submodule update --init --recursive`".to_owned(),
            Self::NotAVersion { .. } => "correct the file, or state the version in SETUPTOOLS_SCM_PRETEND_VERSION".to_owned(),
            Self::Scm(ScmError::UnreadableTag { .. } | ScmError::EmptyVersion { .. }) => {
                "say in [tool.setuptools_scm] which tags are versions: tag.prefix, tag.regex or scm.git.describe_command"
                    .to_owned()
            }
            Self::Scm(ScmError::UncommittedChanges { .. }) => "commit or stash the changes".to_owned(),
            _ => return Vec::new(),
        };
        vec![remedy]
    }
}
