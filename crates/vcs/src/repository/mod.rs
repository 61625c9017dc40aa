//! What is in a repository, read by gix in this process.

mod completeness;
mod error;
mod guard;
mod history;
mod integrity;
mod objects;
mod refs;
mod settings;
mod status;
mod trailers;

use std::path::{Path, PathBuf};

pub use completeness::{Completeness, Partial};
pub use error::RepositoryError;
pub(crate) use error::reading;
pub(crate) use guard::refuse_grafts;
pub use history::Commit;
pub(crate) use history::subject;
pub use objects::{FileKind, TreeFile};
pub(crate) use objects::{commit_object, gix_id, has};
pub use refs::{Head, SignatureKind, Tag, TagDetail};
pub use settings::Identity;
pub(crate) use settings::likely_remote;
pub use status::{ChangesFrom, Status, Submodule};
pub(crate) use trailers::has_trailers;
pub use trailers::trailers;

/// The largest object gix may allocate memory for. Release work reads text; whoever needs more gets an error instead of a
/// process without memory.
const OBJECT_LIMIT: &str = "gitoxide.objects.allocLimit=536870912";

/// Which git configuration counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Configuration {
    /// What `git` itself would use: system, user and repository. gix finds the first two, and the overrides in `GIT_*`
    /// variables, through the environment of this process.
    #[default]
    User,
    /// Only what the repository says; no environment is read. For rehearsals and tests.
    RepositoryOnly,
}

/// A repository on disk, to be asked for facts.
///
/// The value holds only paths: each question opens the repository anew (below a millisecond in a release build), so it always sees the
/// references, objects and settings that other git processes have written in the meantime, and it can be shared between
/// threads. Nothing is ever written.
///
/// ```
/// use tminus_vcs::{Repository, RepositoryError};
///
/// let dir = tempfile::tempdir()?;
/// assert!(matches!(Repository::open(dir.path()), Err(RepositoryError::NotARepository { .. })));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_dir: Option<PathBuf>,
    configuration: Configuration,
}

impl Repository {
    /// Finds the repository that `dir` lies in, upwards like git does, with the user's configuration.
    ///
    /// # Errors
    ///
    /// No repository up to the root of the file system; one that belongs to another user and is not listed in
    /// `safe.directory`; one with reftable references, which this crate cannot read; one with grafts; a bare one, if the
    /// user's `safe.bareRepository` is `explicit`.
    pub fn discover(dir: &Path) -> Result<Self, RepositoryError> {
        Self::discover_with(dir, Configuration::User)
    }

    /// Like [`Repository::discover`], with a choice of configuration.
    ///
    /// # Errors
    ///
    /// As for [`Repository::discover`].
    pub fn discover_with(dir: &Path, configuration: Configuration) -> Result<Self, RepositoryError> {
        // Whether the owner can be trusted is judged once, in `open_with`, where `safe.directory` is known.
        let options = gix::discover::upwards::Options {
            trust: gix::discover::upwards::TrustPolicy::Assume(gix::sec::Trust::Full),
            ..Default::default()
        };
        let (found, _) = gix::discover::upwards_opts(dir, options)
            .map_err(|_| RepositoryError::NotARepository { dir: dir.to_owned() })?;
        let (git_dir, work_dir) = found.into_repository_and_work_tree_directories();
        let repository = Self::open_with(work_dir.as_deref().unwrap_or(&git_dir), configuration)?;
        guard::refuse_implicit_bare(&repository)?;
        Ok(repository)
    }

    /// Opens the repository whose work tree or git directory is exactly `dir`, with the user's configuration.
    ///
    /// # Errors
    ///
    /// As for [`Repository::discover`], but without looking upwards.
    pub fn open(dir: &Path) -> Result<Self, RepositoryError> {
        Self::open_with(dir, Configuration::User)
    }

    /// Like [`Repository::open`], with a choice of configuration.
    ///
    /// # Errors
    ///
    /// As for [`Repository::open`].
    pub fn open_with(dir: &Path, configuration: Configuration) -> Result<Self, RepositoryError> {
        let (git_dir, common_dir) = locate(dir)?;
        guard::refuse_unreadable_formats(dir, &common_dir)?;
        let repository = open_trusted(dir, configuration)?;
        // What is shared with the main work tree decides as much as what is not.
        if git_dir != common_dir {
            open_trusted(&common_dir, configuration)?;
        }
        let work_dir = repository.workdir().map(absolute).transpose()?;
        Ok(Self { git_dir, common_dir, work_dir, configuration })
    }

    /// The top of the work tree; `None` in a bare repository.
    pub fn work_dir(&self) -> Option<&Path> {
        self.work_dir.as_deref()
    }

    /// The git directory of this work tree; in a linked work tree that is `.git/worktrees/NAME` of the main one.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The git directory that all work trees share; the same as [`Repository::git_dir`] in the main work tree.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Whether this is a work tree that `git worktree add` made.
    pub fn is_linked_worktree(&self) -> bool {
        self.git_dir != self.common_dir
    }

    /// Whether there is no work tree.
    pub fn is_bare(&self) -> bool {
        self.work_dir.is_none()
    }

    /// Whether history was cut off by a shallow clone or fetch.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn is_shallow(&self) -> Result<bool, RepositoryError> {
        self.fresh()?.is_shallow().map_err(reading("read", "the shallow file"))
    }

    /// The work tree, or the git directory of a bare repository.
    pub(crate) fn top(&self) -> &Path {
        self.work_dir.as_deref().unwrap_or(&self.git_dir)
    }

    /// The repository as it is now.
    pub(crate) fn fresh(&self) -> Result<gix::Repository, RepositoryError> {
        refuse_grafts(self.top(), &self.common_dir)?;
        let mut repository = open_trusted(self.top(), self.configuration)?;
        repository.object_cache_size_if_unset(16 << 20);
        Ok(repository)
    }
}

/// Opens a repository whose owner is trusted. gix would also open others, with a part of their configuration.
fn open_trusted(dir: &Path, configuration: Configuration) -> Result<gix::Repository, RepositoryError> {
    let repository =
        options(configuration).open(dir).map_err(reading("open", dir.display()))?.to_thread_local();
    if repository.git_dir_trust() == gix::sec::Trust::Full {
        Ok(repository)
    } else {
        Err(RepositoryError::UntrustedOwner { dir: dir.to_owned() })
    }
}

fn options(configuration: Configuration) -> gix::open::Options {
    let options = match configuration {
        Configuration::User => gix::open::Options::default(),
        Configuration::RepositoryOnly => gix::open::Options::isolated(),
    };
    options.config_overrides([OBJECT_LIMIT])
}

/// The git directory and the shared one, found without reading any configuration.
fn locate(dir: &Path) -> Result<(PathBuf, PathBuf), RepositoryError> {
    let not_a_repository = || RepositoryError::NotARepository { dir: dir.to_owned() };
    let candidate = if dir.ends_with(".git") { dir.to_owned() } else { dir.join(".git") };
    let (candidate, kind) = match gix::discover::is_git(&candidate) {
        Ok(kind) => (candidate, kind),
        Err(_) => (dir.to_owned(), gix::discover::is_git(dir).map_err(|_| not_a_repository())?),
    };
    let found = gix::discover::repository::Path::from_dot_git_dir(candidate, kind, dir)
        .ok_or_else(not_a_repository)?;
    let (git_dir, _) = found.into_repository_and_work_tree_directories();
    let common_dir = match gix::discover::path::from_plain_file(&git_dir.join("commondir")) {
        Some(path) => git_dir.join(path.map_err(|_| not_a_repository())?),
        None => git_dir.clone(),
    };
    Ok((absolute(&git_dir)?, absolute(&common_dir)?))
}

fn absolute(path: &Path) -> Result<PathBuf, RepositoryError> {
    path.canonicalize().map_err(|source| RepositoryError::Io { path: path.to_owned(), source })
}
