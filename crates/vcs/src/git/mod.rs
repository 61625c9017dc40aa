//! The user's own git, run as a program.

mod branch;
mod call;
mod checkout;
mod commit;
mod error;
mod fetch;
mod files;
mod pick;
mod push;
mod refs;
mod remote;
mod sign;
mod verify;
mod version;
mod worktree;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use commit::TagKind;
pub use error::GitError;
pub use fetch::{FetchMode, FetchTags};
pub use files::{FileChange, NewCommit};
pub(crate) use pick::Merge;
pub use push::{PushError, PushMode, PushReport, RefOutcome, RefReport, RefUpdate, Refusal};
pub use refs::{Expected, FastForward, NotPossible};
pub use remote::{RemoteRefs, RemoteTag};
pub use verify::{Signature, SignatureFormat};
pub use version::{GitVersion, InvalidGitVersion, MINIMUM_GIT};
pub use worktree::Worktree;

use crate::process::Run;

/// What the git executable is given.
#[derive(Clone)]
pub struct GitOptions {
    /// The executable, usually just `git`, looked up in the `PATH` of `environment`.
    pub program: PathBuf,
    /// The repository or work tree it runs in.
    pub dir: PathBuf,
    /// The complete environment of the child, usually that of the user: git needs `HOME`, `PATH`, `SSH_AUTH_SOCK` and
    /// whatever the user's hooks, credential helpers and signing programs need.
    ///
    /// Variables that would make git work on another repository (`GIT_DIR` and the like, set inside hooks) are left out.
    pub environment: Vec<(OsString, OsString)>,
    /// How long a call that talks to a remote may take. Local calls have no limit: their hooks may ask for a passphrase.
    pub network_timeout: Option<Duration>,
}

impl GitOptions {
    /// `git` in `dir` with this environment, and no time limit.
    pub fn new(dir: impl Into<PathBuf>, environment: Vec<(OsString, OsString)>) -> Self {
        Self { program: PathBuf::from("git"), dir: dir.into(), environment, network_timeout: None }
    }
}

impl fmt::Debug for GitOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.environment.iter().map(|(name, _)| name).collect();
        f.debug_struct("GitOptions")
            .field("program", &self.program)
            .field("dir", &self.dir)
            .field("environment", &names)
            .field("network_timeout", &self.network_timeout)
            .finish()
    }
}

/// The user's own git executable, for what must be done with the user's hooks, identity, signing key and credentials.
///
/// Each call has an argument vector (never a shell), `LC_ALL=C`, no prompt, no editor, no automatic maintenance, and, over
/// ssh, `BatchMode` unless the user has chosen an ssh command. Cloning the value is cheap.
///
/// ```
/// use std::sync::Arc;
/// use tminus_vcs::{Git, GitOptions, MINIMUM_GIT, SystemRunner};
///
/// let dir = tempfile::tempdir()?;
/// let path = option_env!("PATH").unwrap_or("/usr/bin:/bin");
/// let options = GitOptions::new(dir.path(), vec![("PATH".into(), path.into())]);
/// let git = Git::new(Arc::new(SystemRunner::default()), options);
/// assert!(git.require(MINIMUM_GIT)? >= MINIMUM_GIT);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Git {
    runner: Arc<dyn Run>,
    options: GitOptions,
}

impl Git {
    /// Takes the way to run programs and what git is given; runs nothing yet.
    pub fn new(runner: Arc<dyn Run>, options: GitOptions) -> Self {
        Self { runner, options }
    }

    /// The same git in another directory, such as a work tree or a clone.
    #[must_use]
    pub fn in_dir(&self, dir: &Path) -> Self {
        let mut other = self.clone();
        dir.clone_into(&mut other.options.dir);
        other
    }

    /// Where it runs.
    pub fn dir(&self) -> &Path {
        &self.options.dir
    }
}

impl fmt::Debug for Git {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Git").field("options", &self.options).finish_non_exhaustive()
    }
}
