//! Which branches are lines.

use tminus_vcs::{BranchName, RemoteName, Repository};

use super::BackportError;
use crate::config::Config;

/// The branches that the trains of a project call lines and that are there, here or on the remote: the newest line first.
///
/// ```toml
/// [train]
/// branches = { main = "main", line = "release-{major}.{minor}.x" }
/// ```
///
/// # Errors
/// - a repository that cannot be read
pub fn supported(
    repository: &Repository,
    remote: &RemoteName,
    config: &Config,
    train: Option<&str>,
) -> Result<Vec<BranchName>, BackportError> {
    let trains = config.trains.iter().filter(|(name, _)| train.is_none_or(|train| train == name.as_str()));
    let patterns: Vec<_> =
        trains.filter_map(|(_, train)| Some((train.branches.line.as_ref()?, train))).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let there = repository.remote_branches(remote)?.into_iter().chain(repository.branches()?);
    let mut lines: Vec<_> = there
        .filter_map(|(branch, _)| {
            let is_main = |train: &crate::config::Train| train.branches.main.as_ref() == Some(&branch);
            let found = patterns.iter().find_map(|(pattern, train)| {
                pattern.parse(branch.as_str(), train.scheme).filter(|_| !is_main(train))
            })?;
            Some((found.line.major, found.line.minor, found.version, branch))
        })
        .collect();
    lines.sort_by(|one, other| other.cmp(one));
    lines.dedup();
    Ok(lines.into_iter().map(|(.., branch)| branch).collect())
}
