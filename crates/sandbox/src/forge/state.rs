use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::RepositorySeed;

/// A person or a bot on the forge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The login; one that ends in `[bot]` is a bot.
    pub login: String,
    /// The name shown, if any.
    pub name: Option<String>,
    /// The public mail address, if any.
    pub email: Option<String>,
}

/// A label of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Label {
    /// The forge's number for it.
    pub id: u64,
    /// Its name, unique in the repository without regard to case.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
    /// What it is for, if stated.
    pub description: Option<String>,
}

/// Whether an issue, a pull request or a milestone is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    /// Still to be done.
    #[default]
    Open,
    /// Done, or given up.
    Closed,
}

impl IssueState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// A milestone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Milestone {
    /// The forge's number for it, among all things it holds.
    pub id: u64,
    /// Its number in the repository.
    pub number: u64,
    /// Its title, unique in the repository.
    pub title: String,
    /// Its description, if any.
    pub description: Option<String>,
    /// Whether it is open.
    pub state: IssueState,
    /// When it is due, RFC 3339.
    pub due_on: Option<String>,
    /// Who made it.
    pub creator: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
    /// When it was closed.
    pub closed_at: Option<String>,
}

/// An issue, or the half of a pull request that is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Issue {
    /// The forge's number for it, among all things it holds.
    pub id: u64,
    /// Its number in the repository, from the series that pull requests and discussions share.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its text, if any.
    pub body: Option<String>,
    /// Whether it is open.
    pub state: IssueState,
    /// Why it is in that state: `completed`, `not_planned`, `reopened`.
    pub state_reason: Option<String>,
    /// Who opened it; empty when the account is gone.
    pub author: String,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The logins it is assigned to.
    pub assignees: Vec<String>,
    /// The number of its milestone.
    pub milestone: Option<u64>,
    /// What was said below it.
    pub comments: Vec<Comment>,
    /// When it was opened.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
    /// When it was closed.
    pub closed_at: Option<String>,
    /// What makes it a pull request.
    pub pull_request: Option<PullRequest>,
}

/// A comment on an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comment {
    /// The forge's number for it.
    pub id: u64,
    /// Who wrote it.
    pub author: String,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub created_at: String,
}

/// What a pull request has beyond an issue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PullRequest {
    /// The branch it goes to.
    pub base: String,
    /// The branch it comes from.
    pub head: String,
    /// The commit at its head, if known.
    pub head_sha: Option<String>,
    /// The commit that merged it.
    pub merge_commit_sha: Option<String>,
    /// When it was merged.
    pub merged_at: Option<String>,
    /// The commits it brought.
    pub commits: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// The files it changes, where they were given with it.
    #[serde(default)]
    pub files: Vec<String>,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Release {
    /// The forge's number for it.
    pub id: u64,
    /// The tag it is of.
    pub tag_name: String,
    /// Where the tag is made if it is missing.
    pub target_commitish: String,
    /// Its title, if any.
    pub name: Option<String>,
    /// Its text, if any.
    pub body: Option<String>,
    /// Whether it is not published yet.
    pub draft: bool,
    /// Whether it is marked as not ready for production.
    pub prerelease: bool,
    /// Who made it.
    pub author: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
    /// When it was published.
    pub published_at: Option<String>,
    /// The files attached to it.
    pub assets: Vec<Asset>,
    /// The number of the discussion linked to it.
    pub discussion: Option<u64>,
}

/// A file attached to a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Asset {
    /// The forge's number for it.
    pub id: u64,
    /// Its name, unique in the release.
    pub name: String,
    /// What is shown instead of the name, if anything.
    pub label: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Who uploaded it.
    pub uploader: String,
    /// When it arrived.
    pub created_at: String,
}

/// A discussion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Discussion {
    /// Its number in the repository, from the series of the issues.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// The name of its category.
    pub category: String,
    /// Its text.
    pub body: String,
    /// The tag of the release it was made for.
    pub release_tag: Option<String>,
}

/// A category of discussions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DiscussionCategory {
    /// Its opaque id, as GraphQL gives it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name as it stands in addresses.
    pub slug: String,
}

/// One check of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckRun {
    /// The forge's number for it.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure` and so on, once completed.
    pub conclusion: Option<String>,
    /// When it was reported.
    pub reported_at: String,
}

/// One status of a commit, from the older interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CommitStatus {
    /// The forge's number for it.
    pub id: u64,
    /// Who says it, `ci/build` for instance.
    pub context: String,
    /// `pending`, `success`, `failure` or `error`.
    pub state: String,
    /// When it was reported.
    pub reported_at: String,
}

/// Where the checks of a commit come from when none were set explicitly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Checks {
    /// There are none.
    #[default]
    None,
    /// Any commit asked about has these check runs: in progress at first, then completed with success.
    Auto {
        /// Their names.
        names: Vec<String>,
        /// How many questions about one commit find them still in progress.
        pending_polls: u32,
    },
}

/// A repository and everything the forge keeps about it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Repository {
    pub(crate) id: u64,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) default_branch: String,
    pub(crate) git_dir: Option<PathBuf>,
    pub(crate) has_discussions: bool,
    pub(crate) private: bool,
    pub(crate) push: bool,
    pub(crate) created_at: String,
    pub(crate) categories: Vec<DiscussionCategory>,
    pub(crate) last_number: u64,
    pub(crate) labels: Vec<Label>,
    pub(crate) milestones: Vec<Milestone>,
    pub(crate) last_milestone: u64,
    pub(crate) issues: Vec<Issue>,
    pub(crate) releases: Vec<Release>,
    pub(crate) latest_release: Option<u64>,
    pub(crate) discussions: Vec<Discussion>,
    pub(crate) check_runs: BTreeMap<String, Vec<CheckRun>>,
    pub(crate) check_polls: BTreeMap<String, u32>,
    pub(crate) statuses: BTreeMap<String, Vec<CommitStatus>>,
}

impl Repository {
    pub(crate) fn new(id: u64, seed: RepositorySeed, now: String) -> Self {
        let names = match (seed.has_discussions, seed.discussion_categories.is_empty()) {
            (true, true) => vec!["Announcements".to_owned(), "General".to_owned()],
            _ => seed.discussion_categories,
        };
        let categories = names
            .into_iter()
            .enumerate()
            .map(|(index, name)| DiscussionCategory {
                id: format!("DIC_{id}_{index}"),
                slug: name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-"),
                name,
            })
            .collect();
        Self {
            id,
            owner: seed.owner,
            name: seed.name,
            default_branch: seed.default_branch,
            git_dir: seed.git_dir,
            has_discussions: seed.has_discussions,
            private: seed.private,
            push: seed.push,
            created_at: now,
            categories,
            last_number: 0,
            labels: Vec::new(),
            milestones: Vec::new(),
            last_milestone: 0,
            issues: Vec::new(),
            releases: Vec::new(),
            latest_release: None,
            discussions: Vec::new(),
            check_runs: BTreeMap::new(),
            check_polls: BTreeMap::new(),
            statuses: BTreeMap::new(),
        }
    }

    /// The next number for an issue, a pull request or a discussion.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn milestone(&self, number: u64) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.number == number)
    }

    /// Makes sure that these labels exist, as the forge does for whoever may push.
    pub(crate) fn ensure_labels(&mut self, names: &[String], ids: &mut u64) {
        for name in names {
            if !self.labels.iter().any(|label| label.name.eq_ignore_ascii_case(name)) {
                self.labels.push(Label {
                    id: next(ids),
                    name: name.clone(),
                    color: "ededed".into(),
                    description: None,
                });
            }
        }
    }
}

/// Counts on, for ids that are unique on the whole forge.
pub(crate) fn next(ids: &mut u64) -> u64 {
    *ids += 1;
    *ids
}

/// The forge without the contents of assets.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ForgeState {
    /// By `owner/name` in small letters.
    pub(crate) repositories: BTreeMap<String, Repository>,
    /// By login.
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) last_id: u64,
    /// Answered requests, for the rate limit headers.
    pub(crate) requests: u64,
}

impl ForgeState {
    /// Registers a repository, or changes the settings of the one that has this name.
    pub(crate) fn register(&mut self, seed: RepositorySeed, now: String) {
        let key = key(&seed.owner, &seed.name);
        let fresh = Repository::new(next(&mut self.last_id), seed, now);
        match self.repositories.get_mut(&key) {
            Some(known) => {
                known.default_branch = fresh.default_branch;
                known.git_dir = fresh.git_dir;
                known.has_discussions = fresh.has_discussions;
                known.private = fresh.private;
                known.push = fresh.push;
                known.categories = fresh.categories;
            }
            None => {
                self.repositories.insert(key, fresh);
            }
        }
    }

    /// Registers a repository with discussions, unless there is one of this name.
    pub(crate) fn register_unknown(&mut self, owner: &str, name: &str, now: String) {
        if !self.repositories.contains_key(&key(owner, name)) {
            let seed = RepositorySeed { has_discussions: true, ..RepositorySeed::new(owner, name) };
            self.register(seed, now);
        }
    }

    /// SHA-256 and size of every asset.
    pub(crate) fn contents(&self) -> impl Iterator<Item = (&str, u64)> {
        self.repositories
            .values()
            .flat_map(|repository| &repository.releases)
            .flat_map(|release| &release.assets)
            .map(|asset| (asset.sha256.as_str(), asset.size))
            .collect::<BTreeSet<_>>()
            .into_iter()
    }
}

/// The key of a repository; names are compared without regard to case.
pub(crate) fn key(owner: &str, name: &str) -> String {
    format!("{owner}/{name}").to_lowercase()
}
