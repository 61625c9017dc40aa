#![doc = include_str!("../README.md")]

mod git;
mod names;
mod process;
mod redact;
mod repository;

pub use git::{
    Expected, FastForward, Git, GitError, GitOptions, GitVersion, InvalidGitVersion, MINIMUM_GIT,
    NotPossible, PushError, PushMode, PushReport, RefOutcome, RefReport, RefUpdate, Refusal, RemoteRefs,
    RemoteTag, Worktree,
};
pub use names::{BranchName, CommitId, InvalidName, ObjectId, RefName, RemoteName, TagName};
pub use process::{Channel, Invocation, Output, Run, SystemRunner};
pub use redact::redacted;
pub use repository::{
    Commit, Configuration, FileKind, Head, Identity, Repository, RepositoryError, Status, Tag, TagDetail,
    TreeFile, trailers,
};
