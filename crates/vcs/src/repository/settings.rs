//! Configuration: who, which remotes, which upstream.

use gix::bstr::{BStr, ByteSlice};
use gix::remote::Direction;

use super::{Repository, RepositoryError, reading};
use crate::names::{BranchName, RefName, RemoteName};

/// A person as git knows them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
}

impl Repository {
    /// The remotes that are set up, in the order of their names.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn remotes(&self) -> Result<Vec<RemoteName>, RepositoryError> {
        Ok(remote_names(&self.fresh()?))
    }

    /// The URL that `git fetch NAME` would use, after `insteadOf`, credentials and all: show it through
    /// [`redacted`](crate::redacted) only. `None` if there is no such remote or it has no URL.
    ///
    /// # Errors
    ///
    /// The URL cannot be parsed.
    pub fn remote_url(&self, name: &RemoteName) -> Result<Option<String>, RepositoryError> {
        self.url(name, Direction::Fetch)
    }

    /// The URL that `git push NAME` would use first: `pushurl`, else the fetch URL after `pushInsteadOf` or `insteadOf`.
    ///
    /// # Errors
    ///
    /// The URL cannot be parsed.
    pub fn push_url(&self, name: &RemoteName) -> Result<Option<String>, RepositoryError> {
        self.url(name, Direction::Push)
    }

    /// The remote and the branch on it that a local branch follows, as `git branch --set-upstream-to` sets it; `None` if it
    /// follows none, or another local branch.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn tracking(&self, branch: &BranchName) -> Result<Option<(RemoteName, BranchName)>, RepositoryError> {
        let repository = self.fresh()?;
        let Some(remote) = tracked_remote(&repository, branch) else { return Ok(None) };
        let key = format!("branch.{branch}.merge");
        let Some(upstream) = repository.config_snapshot().string(key.as_str()) else { return Ok(None) };
        let upstream = upstream.to_str().ok().and_then(|name| name.parse::<RefName>().ok());
        Ok(upstream.and_then(|name| name.branch()).map(|name| (remote, name)))
    }

    /// The last value of a configuration key such as `tag.gpgSign` or `remote.origin.url`, as it is written; a key without
    /// a value, which git reads as true, gives the empty text.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn config(&self, key: &str) -> Result<Option<String>, RepositoryError> {
        Ok(self.fresh()?.config_snapshot().string(key).map(|value| value.to_str_lossy().into_owned()))
    }

    /// Who git would say commits and tags, if that is set up: git itself falls back to a guess from the system's user, which
    /// has no place in a release.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn user(&self) -> Result<Option<Identity>, RepositoryError> {
        let repository = self.fresh()?;
        let committer = repository.committer().and_then(Result::ok);
        Ok(committer.map(|committer| identity(committer.name, committer.email)))
    }

    fn url(&self, name: &RemoteName, direction: Direction) -> Result<Option<String>, RepositoryError> {
        let repository = self.fresh()?;
        let Some(remote) = repository.try_find_remote(name.as_str()) else { return Ok(None) };
        let remote = remote.map_err(reading("read remote", name))?;
        Ok(remote.url(direction).map(|url| url.to_bstring().to_str_lossy().into_owned()))
    }
}

pub(super) fn identity(name: &BStr, email: &BStr) -> Identity {
    Identity { name: name.to_str_lossy().into_owned(), email: email.to_str_lossy().into_owned() }
}

fn remote_names(repository: &gix::Repository) -> Vec<RemoteName> {
    repository.remote_names().iter().filter_map(|name| name.to_str().ok()?.parse().ok()).collect()
}

fn tracked_remote(repository: &gix::Repository, branch: &BranchName) -> Option<RemoteName> {
    let name = repository.branch_remote_name(branch.as_str(), Direction::Fetch)?;
    // `.` means the repository itself, and a URL is not the name of a remote: both fail to parse.
    name.as_bstr().to_str().ok()?.parse().ok()
}

/// The remote to name in advice: what the current branch follows, else the only one, else `origin`.
pub(crate) fn likely_remote(repository: &gix::Repository) -> RemoteName {
    let head = repository.head_name().ok().flatten();
    let branch = head.and_then(|name| name.shorten().to_str().ok()?.parse().ok());
    if let Some(remote) = branch.and_then(|branch| tracked_remote(repository, &branch)) {
        return remote;
    }
    match remote_names(repository).as_slice() {
        [only] => only.clone(),
        _ => RemoteName::origin(),
    }
}
