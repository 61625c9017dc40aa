use std::collections::BTreeMap;

use crate::{Answer, StateFilter};

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its text; empty where there is none.
    pub body: String,
    /// Who opened it; `ghost` where the account is gone. A bot has `[bot]` at its end.
    pub author: String,
    /// Whether the author is an app and no person.
    pub is_bot: bool,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// Whether it was merged.
    pub merged: bool,
    /// When it was merged, in seconds since 1970.
    pub merged_at: Option<i64>,
    /// When it was opened, in seconds since 1970.
    pub created_at: i64,
    /// The commit that merged it. `None` where it is not merged: what GitHub shows there is a trial, made anew at will.
    pub merge_commit_sha: Option<String>,
    /// The branch that it goes into.
    pub base: String,
    /// The branch that it comes from, without its repository.
    pub head: String,
    /// Its page for people.
    pub html_url: String,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// What it changes, where that was asked for.
    pub files: Option<ChangedFiles>,
}

/// The files that a pull request changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangedFiles {
    /// Their paths in the forge's order; of a renamed file, the new one.
    pub paths: Vec<String>,
    /// Whether these are all. GitHub tells 3,000 of one pull request and no more.
    pub complete: bool,
}

/// What is wanted of pull requests besides what every one has.
///
/// ```
/// use tminus_forge::Want;
///
/// assert!(!Want::default().files);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Want {
    /// The files that they change: costs a request for every hundred files beyond the first hundred.
    pub files: bool,
}

/// What became of one number.
///
/// ```
/// use tminus_forge::Lookup;
///
/// let lookup = Lookup::Refused { reason: "the forge's rate limit is reached".into(), passing: true };
/// assert_eq!(lookup.problem().as_deref(), Some("the forge's rate limit is reached"));
/// assert_eq!(Lookup::Missing.problem().as_deref(), Some("not found, or hidden from this token"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// The pull request.
    Found(Box<PullRequest>),
    /// Nothing has this number, or it is hidden.
    Missing,
    /// An issue has this number.
    Issue,
    /// The forge did not say.
    Refused {
        /// Why, secrets removed.
        reason: String,
        /// Whether it may be different later.
        passing: bool,
    },
}

impl Lookup {
    /// The pull request, if there is one.
    ///
    /// ```
    /// use tminus_forge::{Lookup, PullRequest};
    ///
    /// let found = Lookup::Found(Box::new(PullRequest { number: 7, ..PullRequest::default() }));
    /// assert_eq!(found.found().map(|pull| pull.number), Some(7));
    /// assert_eq!(Lookup::Issue.found(), None);
    /// ```
    pub fn found(&self) -> Option<&PullRequest> {
        match self {
            Self::Found(pull) => Some(pull),
            _ => None,
        }
    }

    /// Why there is no pull request, for a warning that names the number.
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Found(_) => None,
            Self::Missing => Some("not found, or hidden from this token".to_owned()),
            Self::Issue => Some("an issue and no pull request".to_owned()),
            Self::Refused { reason, .. } => Some(reason.clone()),
        }
    }
}

/// A commit of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestCommit {
    /// Its id.
    pub id: String,
    /// Its whole message.
    pub message: String,
}

/// Somebody whose earlier work is asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contributor {
    /// The login, as [`PullRequest::author`] has it.
    pub login: String,
    /// Only what was merged before this moment counts, in seconds since 1970.
    pub before: i64,
}

/// A pull request to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPullRequest {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The branch that it comes from; `OWNER:BRANCH` where it lies in a fork.
    pub head: String,
    /// The branch that it goes into.
    pub base: String,
    /// Whether it is opened as a draft.
    pub draft: bool,
    /// Labels to be put on it.
    pub labels: Vec<String>,
}

/// What became of a pull request that was to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It was opened.
    New(PullRequest),
    /// An open one leads from the same branch to the same branch: made before, or by a request whose answer was lost.
    AlreadyThere(PullRequest),
}

impl Opened {
    /// The pull request, new or not.
    ///
    /// ```
    /// use tminus_forge::{Opened, PullRequest};
    ///
    /// let opened = Opened::AlreadyThere(PullRequest { number: 7, ..PullRequest::default() });
    /// assert_eq!(opened.pull_request().number, 7);
    /// ```
    pub fn pull_request(&self) -> &PullRequest {
        match self {
            Self::New(pull) | Self::AlreadyThere(pull) => pull,
        }
    }
}

/// Pull requests.
pub trait PullRequests: Send + Sync {
    /// The pull requests that these commits came in with, each once, by number; open ones marked as not merged.
    ///
    /// Whole ids are asked for in batches, anything else (and everything, where there is no token) one by one.
    ///
    /// # Errors
    /// - a commit that the forge does not have
    fn pull_requests_of<'a>(&'a self, commits: &'a [String]) -> Answer<'a, Vec<PullRequest>>;

    /// What these numbers stand for, each on its own: one that cannot be had does not keep the others back.
    ///
    /// The map has every number that was asked for. Numbers are asked for in batches; where there is no token, one by
    /// one and several at once.
    ///
    /// # Errors
    /// - a token that is refused
    /// - a repository that is not there
    fn pull_requests<'a>(&'a self, numbers: &'a [u64], want: Want) -> Answer<'a, BTreeMap<u64, Lookup>>;

    /// The commits of a pull request, oldest first: what a rebase has put on the base anew.
    ///
    /// # Errors
    /// - a number that no pull request has
    /// - more commits than the forge tells: 250 without a token
    fn pull_request_commits(&self, number: u64) -> Answer<'_, Vec<PullRequestCommit>>;

    /// Whether people had pull requests merged here before a moment; whoever had none is new.
    ///
    /// Logins that cannot be asked about are left out: `ghost`, and what is no login. Of a login that stands there
    /// twice, the earliest moment counts.
    fn have_contributed<'a>(&'a self, people: &'a [Contributor]) -> Answer<'a, BTreeMap<String, bool>>;

    /// The pull request from `head` to `base`: an open one if there is one, else the newest.
    fn find_pull_request<'a>(
        &'a self,
        head: &'a str,
        base: &'a str,
        state: StateFilter,
    ) -> Answer<'a, Option<PullRequest>>;

    /// Opens a pull request, unless an open one leads from the same branch to the same branch. Looks before it asks,
    /// and again where the answer was lost, so it may be called again after any error.
    ///
    /// # Errors
    /// - a branch that does not exist, or nothing between the two
    /// - a token that may not
    fn create_pull_request<'a>(&'a self, new: &'a NewPullRequest) -> Answer<'a, Opened>;

    /// Puts labels on an issue or a pull request, beside those that it has. Missing ones are made.
    fn add_labels<'a>(&'a self, number: u64, labels: &'a [String]) -> Answer<'a, ()>;
}
