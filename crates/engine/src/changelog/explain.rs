//! Why the next version of a package is what it is: each commit, how it was read, what it weighs, what tied it.

use std::collections::BTreeMap;

use serde::Serialize;
use tminus_manifests::PackageId;
use tminus_vcs::{Merges, Range};

use super::gather::{self, Gathered, Section};
use super::read::Explained;
use super::scope::Scope;
use super::tell::Told;
use super::{ChangesError, Level, Origin};

/// One commit, for a person who asks why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The full id.
    pub commit: String,
    /// The first line of its message.
    pub subject: String,
    /// The pull request that it came with.
    pub pull_request: Option<u64>,
    /// What it asks of the next version.
    pub level: Level,
    /// How each source of it was read.
    pub how: Vec<String>,
    /// The paths of the package that it changed.
    pub paths: Vec<String>,
}

/// Explains the commits of a section that touch a package, newest first.
///
/// # Errors
///
/// Unreadable history.
pub fn explain(
    scope: &Scope,
    gathered: &Gathered,
    section: &Section,
    told: &Told,
    package: &PackageId,
) -> Result<Vec<Explanation>, ChangesError> {
    let Some(owner) = scope.owners.iter().position(|owner| owner.id == *package) else {
        return Ok(Vec::new());
    };
    let owner = u32::try_from(owner).unwrap_or(u32::MAX);
    let range = Range {
        tips: vec![gathered.tip.clone()],
        hidden: section.base.hidden.clone(),
        first_parent: scope.config.first_parent,
        limit: None,
    };
    let merges = if scope.config.first_parent { Merges::FirstParent } else { Merges::Nothing };
    let touching = scope.repository.history()?.touching(&range, &gather::paths(scope)?, owner, merges)?;
    let paths: BTreeMap<String, Vec<String>> = touching
        .into_iter()
        .map(|change| {
            let paths = change.paths.iter().map(ToString::to_string).collect();
            (change.commit.to_string(), paths)
        })
        .collect();
    let entries = section.commits.iter().filter_map(|place| gathered.entries.get(*place));
    let explained = entries.filter(|entry| entry.owners.contains(&owner)).map(|entry| {
        let id = entry.id.as_str();
        let number = entry.pull_request();
        let own = |explained: &&Explained| match &explained.origin {
            Origin::Commit(commit) => commit == id,
            Origin::PullRequest(other) | Origin::ReleaseNote(other) => Some(*other) == number,
            Origin::File(_) | Origin::Override(_) => false,
        };
        let changes = told.document.changes.iter().filter(|change| {
            change.commits.iter().any(|commit| commit == id)
                || (change.pull_request.is_some() && change.pull_request == number)
        });
        Explanation {
            commit: id.to_owned(),
            subject: entry.subject.clone(),
            pull_request: number,
            level: changes.map(|change| change.level).max().unwrap_or_default(),
            how: told.how.iter().filter(own).map(|explained| explained.text.clone()).collect(),
            paths: paths.get(id).cloned().unwrap_or_default(),
        }
    });
    Ok(explained.collect())
}
