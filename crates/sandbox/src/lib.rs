#![doc = include_str!("../README.md")]

mod digest;
mod event;
mod fault;
mod forge;
mod index;
mod options;
mod sandbox;
mod server;
mod snapshot;
mod storage;
#[cfg(test)]
mod tests;
mod webhook;

pub use event::Event;
pub use fault::{Fault, FaultAction};
pub use forge::{
    Asset, CheckRun, Checks, Comment, CommitStatus, Discussion, DiscussionCategory, Issue, IssueSeed,
    IssueState, Label, Milestone, MilestoneSeed, PullRequest, PullRequestSeed, Release, ReleaseSeed,
    RepositorySeed, User,
};
pub use index::{FileSeed, IndexFile, UploadTally};
pub use options::{Clock, Options};
pub use sandbox::{Sandbox, SandboxError};
pub use url::Url;
pub use webhook::Webhook;
