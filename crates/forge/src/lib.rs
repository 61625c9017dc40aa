#![doc = include_str!("../README.md")]

mod checks;
mod error;
mod forge;
mod github;
mod id;
mod issues;
mod milestones;
pub mod notes;
mod pull_requests;
mod releases;
mod repository;
mod state;

pub use checks::{Check, CheckState, Checks};
pub use error::ForgeError;
pub use forge::{Answer, Forge};
pub use github::GitHub;
pub use id::{ForgeId, ForgeKind, IdError, RepositoryId};
pub use issues::{Issue, IssueQuery, Issues};
pub use milestones::{Milestone, Milestones};
pub use pull_requests::{
    ChangedFiles, Contributor, Lookup, NewPullRequest, Opened, PullRequest, PullRequestCommit, PullRequests,
    Want,
};
pub use releases::{GeneratedNotes, NewRelease, Publish, Release, ReleaseChange, Releases};
pub use repository::{DiscussionCategory, Repository, RepositoryFacts};
pub use state::{State, StateFilter};
