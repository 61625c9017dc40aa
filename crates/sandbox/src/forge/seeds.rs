use std::path::PathBuf;

use super::IssueState;

/// A repository to be registered.
///
/// ```
/// use tminus_sandbox::RepositorySeed;
///
/// let seed = RepositorySeed { has_discussions: true, ..RepositorySeed::new("octo", "demo") };
/// assert!(seed.private && seed.push);
/// assert_eq!(seed.default_branch, "main");
/// ```
#[derive(Clone, Debug)]
pub struct RepositorySeed {
    /// The owner's login.
    pub owner: String,
    /// The name.
    pub name: String,
    /// The default branch.
    pub default_branch: String,
    /// A git directory on disk, in which the forge reads tags and history and makes the tags of releases.
    pub git_dir: Option<PathBuf>,
    /// Whether there are discussions.
    pub has_discussions: bool,
    /// Whether anonymous readers are answered 404.
    pub private: bool,
    /// Whether the token may change anything.
    pub push: bool,
    /// The names of the categories of discussions; empty means Announcements and General, if there are discussions.
    pub discussion_categories: Vec<String>,
}

impl RepositorySeed {
    /// A private repository without discussions that the token may push to.
    pub fn new(owner: &str, name: &str) -> Self {
        Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
            default_branch: "main".into(),
            git_dir: None,
            has_discussions: false,
            private: true,
            push: true,
            discussion_categories: Vec::new(),
        }
    }
}

/// A milestone to be made.
#[derive(Clone, Debug, Default)]
pub struct MilestoneSeed {
    /// Its title.
    pub title: String,
    /// Its description, if any.
    pub description: Option<String>,
    /// Whether it is open.
    pub state: IssueState,
    /// When it is due, RFC 3339.
    pub due_on: Option<String>,
}

/// An issue to be opened.
#[derive(Clone, Debug, Default)]
pub struct IssueSeed {
    /// Its number; the next free one when `None`.
    pub number: Option<u64>,
    /// Its title.
    pub title: String,
    /// Its text, if any.
    pub body: Option<String>,
    /// Who opened it; the token's user when `None`.
    pub author: Option<String>,
    /// Its labels, which are made when they are missing.
    pub labels: Vec<String>,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// Whether it is open.
    pub state: IssueState,
}

/// A pull request to be opened, and merged if `merged_at` is set.
///
/// ```
/// use tminus_sandbox::{Options, PullRequestSeed, RepositorySeed, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default())?;
/// sandbox.add_repository(RepositorySeed::new("octo", "demo"))?;
/// let seed = PullRequestSeed {
///     title: "Bump the parser".into(),
///     author: Some("renovate[bot]".into()),
///     files: vec!["Cargo.lock".into()],
///     merged_at: Some("2026-02-01T00:00:00Z".into()),
///     ..PullRequestSeed::default()
/// };
/// assert_eq!(sandbox.add_pull_request("octo/demo", seed)?, 1);
/// # Ok::<(), tminus_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PullRequestSeed {
    /// Its number; the next free one when `None`.
    pub number: Option<u64>,
    /// Its title.
    pub title: String,
    /// Its text, if any.
    pub body: Option<String>,
    /// Who opened it; the token's user when `None`. A login that ends in `[bot]` is a bot, an empty one an account that is
    /// gone.
    pub author: Option<String>,
    /// Its labels, which are made when they are missing.
    pub labels: Vec<String>,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// The branch it goes to; the default branch when `None`.
    pub base: Option<String>,
    /// The branch it comes from.
    pub head: Option<String>,
    /// The commit at its head.
    pub head_sha: Option<String>,
    /// The commit that merged it.
    pub merge_commit_sha: Option<String>,
    /// When it was merged, RFC 3339; it is open or closed unmerged when `None`.
    pub merged_at: Option<String>,
    /// Closed without a merge.
    pub closed: bool,
    /// When it was opened, RFC 3339; the sandbox's clock when `None`.
    pub created_at: Option<String>,
    /// The commits it brought.
    pub commits: Vec<String>,
    /// The files it changes; when empty, they are read from the git directory, if there is one.
    pub files: Vec<String>,
}

/// A release that exists already.
#[derive(Clone, Debug, Default)]
pub struct ReleaseSeed {
    /// The tag it is of.
    pub tag_name: String,
    /// Where the tag points; the default branch when `None`.
    pub target_commitish: Option<String>,
    /// Its title, if any.
    pub name: Option<String>,
    /// Its text, if any.
    pub body: Option<String>,
    /// Whether it is not published yet.
    pub draft: bool,
    /// Whether it is marked as not ready for production.
    pub prerelease: bool,
    /// When it was published, RFC 3339; the sandbox's clock when `None`.
    pub published_at: Option<String>,
}
