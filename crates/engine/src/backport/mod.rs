//! Changes of the main branch on the branches of older lines.
//!
//! A backport is a branch `backport/WHAT/to/LINE` that starts at the tip of the line and holds one pick for each commit.
//! Everything is computed before anything is written; a conflict writes nothing. Running again compares the branch with what
//! it should be, so nothing is done twice, and a branch that somebody has worked on is left alone.

mod branch;
mod forge;
mod lines;
mod missing;
mod resolve;
#[cfg(test)]
mod tests;

pub use branch::{Backport, BackportOutcome, InConflict, Pair, Pushed};
pub use forge::{commits_of, open};
pub use lines::supported;
pub use missing::{Change, Missing, missing};
pub use resolve::{Resolved, Wanted};

use tminus_vcs::{
    BranchName, CommitId, Git, GitError, PickError, PushError, RefName, RemoteName, Repository,
    RepositoryError,
};

use crate::Exit;

/// What to bring where.
#[derive(Debug, Clone)]
pub struct BackportRequest {
    /// Pull requests and commits, in the order in which they are picked.
    pub wanted: Vec<Wanted>,
    /// The lines.
    pub to: Vec<BranchName>,
    /// The remote that the lines come from and backports go to.
    pub remote: RemoteName,
    /// The branch on which pull requests are looked for.
    pub main: BranchName,
    /// Whether only to say what would happen.
    pub dry_run: bool,
    /// Whether to push the branches.
    pub push: bool,
    /// Labels for the pull requests.
    pub labels: Vec<String>,
}

/// What a forge adds: the commits of a pull request that no message names, and the pull request of a backport.
pub trait BackportForge: Send + Sync {
    /// The commits with which a pull request arrived on its base branch, oldest first; `None` if it is not merged, or if
    /// they are not in the repository.
    ///
    /// # Errors
    /// The forge cannot be asked; in words.
    fn commits_of(&self, number: u64) -> Result<Option<Vec<CommitId>>, String>;

    /// The page of the pull request from `head`, after opening one if there is none; `None` if that is not ours to do.
    /// `moved` says whether the branch was pushed just now.
    ///
    /// # Errors
    /// The forge cannot be asked or refuses; in words.
    fn pull_request(
        &self,
        head: &BranchName,
        new: &NewPullRequest,
        moved: bool,
    ) -> Result<Option<String>, String>;
}

/// The pull request of a backport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPullRequest {
    /// The branch that it goes into.
    pub base: BranchName,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Its labels.
    pub labels: Vec<String>,
}

/// Carries a request out, one line after the other.
///
/// # Errors
///
/// - A pull request whose commits are not found, a revision that means no commit, a line that is not there: usage.
/// - git fails, a remote cannot be reached.
pub fn backport(
    repository: &Repository,
    git: &Git,
    forge: Option<&dyn BackportForge>,
    request: &BackportRequest,
) -> Result<Vec<Backport>, BackportError> {
    let history = repository.history()?;
    let lines = lines(repository, request)?;
    let mains = tips(repository, &request.remote, &request.main)?;
    let resolved = request
        .wanted
        .iter()
        .map(|wanted| resolve::resolve(repository, forge, &mains, &request.main, wanted))
        .collect::<Result<Vec<_>, _>>()?;
    let work = branch::Work { repository, history: &history, git, forge, request, resolved: &resolved };
    lines.iter().map(|(line, tip)| work.line(line, tip)).collect()
}

/// The tips of the lines.
fn lines(
    repository: &Repository,
    request: &BackportRequest,
) -> Result<Vec<(BranchName, CommitId)>, BackportError> {
    if request.to.is_empty() {
        return Err(BackportError::NoLines);
    }
    let tip = |line: &BranchName| {
        let tip = tips(repository, &request.remote, line)?.into_iter().next();
        tip.map(|tip| (line.clone(), tip))
            .ok_or_else(|| BackportError::NoSuchLine { line: line.clone(), remote: request.remote.clone() })
    };
    request.to.iter().map(tip).collect()
}

/// Where a branch ends: as last seen on the remote, then here.
fn tips(
    repository: &Repository,
    remote: &RemoteName,
    branch: &BranchName,
) -> Result<Vec<CommitId>, BackportError> {
    let tracking = format!("refs/remotes/{remote}/{branch}").parse::<RefName>().ok();
    let mut found = Vec::new();
    for name in tracking.into_iter().chain([RefName::from(branch)]) {
        let commit = match repository.reference(&name)? {
            Some(object) => repository.resolve(object.as_str())?,
            None => None,
        };
        found.extend(commit.filter(|commit| !found.contains(commit)));
    }
    Ok(found)
}

/// Why backports could not be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackportError {
    /// Nobody said where to.
    #[error("nothing says which branches to bring it to")]
    NoLines,
    /// There is no such branch.
    #[error("there is no branch {line}, neither here nor as {remote}/{line}")]
    NoSuchLine {
        /// The branch.
        line: BranchName,
        /// The remote.
        remote: RemoteName,
    },
    /// No commit names the pull request.
    #[error("no commit on {main} ends its subject with (#{number}) or merges pull request #{number}")]
    NoSuchPullRequest {
        /// Its number.
        number: u64,
        /// The branch that was searched.
        main: BranchName,
    },
    /// A text that means no commit.
    #[error("`{0}` is neither the number of a pull request (#12) nor a commit")]
    NoSuchCommit(String),
    /// The branch of a backport exists and is something else.
    #[error("branch {branch} exists and holds other commits")]
    InTheWay {
        /// The branch.
        branch: BranchName,
    },
    /// The forge said no.
    #[error("{0}")]
    Forge(String),
    /// The repository cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// git failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A pick could not be tried.
    #[error(transparent)]
    Pick(#[from] PickError),
    /// A branch was not pushed.
    #[error(transparent)]
    Push(#[from] PushError),
}

impl BackportError {
    /// The exit code that goes with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NoLines
            | Self::NoSuchLine { .. }
            | Self::NoSuchPullRequest { .. }
            | Self::NoSuchCommit(_) => Exit::Usage,
            Self::InTheWay { .. } => Exit::Conflict,
            Self::Forge(_)
            | Self::Push(_)
            | Self::Git(GitError::Unreachable { .. } | GitError::TimedOut { .. }) => Exit::World,
            Self::Repository(_) | Self::Git(_) | Self::Pick(_) => Exit::NoGo,
        }
    }

    /// What to do about it.
    pub fn remedies(&self) -> Vec<String> {
        match self {
            Self::NoLines => vec![
                "name them: --to BRANCH, once for each".to_owned(),
                "or say it once, in tminus.toml: [train] branches = { line = \"release-{major}.{minor}.x\" }"
                    .to_owned(),
            ],
            Self::NoSuchLine { line, remote } => vec![format!("run `git fetch {remote} {line}`")],
            Self::NoSuchPullRequest { main, .. } => vec![
                format!("run `git fetch` if it was merged a moment ago, so that {main} is as on the remote"),
                "name its commits instead of its number".to_owned(),
            ],
            Self::InTheWay { branch } => {
                vec![format!(
                    "look at it with `git log {branch}`, then remove it with `git branch -D {branch}`"
                )]
            }
            Self::Forge(_) => vec![
                "run it again once the forge answers; what was pushed is not pushed again".to_owned(),
                "with --no-forge, what git knows is enough".to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}

/// `main`, where nothing says what the main branch is called.
pub fn default_main() -> BranchName {
    crate::config::constant("main")
}
