//! What a pull request changes: its files and its commits, given with it or read from the git directory.

use super::{git::Git, state::PullRequest};

/// The most files that the forge tells of one pull request.
pub(crate) const MAX_FILES: usize = 3000;
/// The most commits that the REST interface tells of one pull request.
pub(crate) const MAX_COMMITS: usize = 250;

/// A file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangedFile {
    pub(crate) path: String,
    /// `added`, `removed`, `modified`, `renamed`, `copied` or `changed`.
    pub(crate) status: &'static str,
}

/// Every file that a pull request changes, by name.
pub(crate) fn files(git: Option<&Git<'_>>, pull: &PullRequest) -> Vec<ChangedFile> {
    if !pull.files.is_empty() {
        let modified = |path: &String| ChangedFile { path: path.clone(), status: "modified" };
        return pull.files.iter().map(modified).collect();
    }
    let between = git.and_then(|git| Some((git, ends(git, pull)?)));
    let Some((git, (start, end))) = between else { return Vec::new() };
    let mut files = git.changes(start.as_deref(), &end);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// The commits of a pull request, oldest first.
pub(crate) fn commits(git: Option<&Git<'_>>, pull: &PullRequest) -> Vec<String> {
    if !pull.commits.is_empty() {
        return pull.commits.clone();
    }
    let open = git.filter(|_| pull.merged_at.is_none());
    let between = open.and_then(|git| Some((git, ends(git, pull)?)));
    match between {
        Some((git, (start, end))) => git.list(start.as_deref(), &end),
        None => pull.head_sha.iter().cloned().collect(),
    }
}

/// The commits between which a pull request lies: of a merged one, the state of its base before and after; of an open
/// one, where it left its base and its head. The first is `None` where history begins with the pull request.
fn ends(git: &Git<'_>, pull: &PullRequest) -> Option<(Option<String>, String)> {
    if let Some(merge) = pull.merge_commit_sha.as_ref().filter(|_| pull.merged_at.is_some()) {
        let end = git.resolve(merge)?;
        // A rebase puts all commits on the base; a squash or a merge commit has one step.
        let rebased = pull.commits.last().is_some_and(|last| *last == end);
        let first = if rebased { pull.commits.first().cloned() } else { None };
        let start = git.parent(first.as_deref().unwrap_or(&end));
        return Some((start, end));
    }
    let head = match &pull.head_sha {
        Some(sha) => git.resolve(sha)?,
        None => git.branch(&pull.head)?,
    };
    let base = git.branch(&pull.base)?;
    Some((git.merge_base(&base, &head), head))
}
