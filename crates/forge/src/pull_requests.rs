use crate::Answer;

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Who opened it; `ghost` where the account is gone.
    pub author: String,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// Whether it was merged.
    pub merged: bool,
    /// The commit that merged it; for an open one, GitHub's trial merge.
    pub merge_commit_sha: Option<String>,
    /// The branch that it goes into.
    pub base: String,
    /// Its page for people.
    pub html_url: String,
    /// The title of its milestone.
    pub milestone: Option<String>,
}

/// Pull requests.
pub trait PullRequests: Send + Sync {
    /// The pull requests that these commits came in with, each once, by number; open ones marked as not merged.
    ///
    /// A commit that the forge does not have is an error. The present implementation asks once per commit, one after
    /// the other; a batched query can take its place without a change here.
    fn pull_requests_of<'a>(&'a self, commits: &'a [String]) -> Answer<'a, Vec<PullRequest>>;
}
