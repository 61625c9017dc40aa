#![doc = include_str!("../README.md")]

mod git;
mod history;
mod names;
mod process;
mod redact;
mod repository;

pub use git::{
    Expected, FastForward, FetchMode, FetchTags, FileChange, Git, GitError, GitOptions, GitVersion,
    InvalidGitVersion, MINIMUM_GIT, NewCommit, NotPossible, PushError, PushMode, PushReport, RefOutcome,
    RefReport, RefUpdate, Refusal, RemoteRefs, RemoteTag, Signature, SignatureFormat, TagKind, Worktree,
};
pub use history::{
    Changes, Conflict, DescribeOptions, Described, Describer, FileAt, History, InvalidPath, Landing,
    LedgerEntry, LedgerOptions, LedgerState, Merges, PatchId, PatchIdKind, PathMap, Pick, PickError, Picks,
    Range, Side, Source, TagTarget, Tags, Touched, TreePath, Way, Written,
};
pub use names::{BranchName, CommitId, InvalidName, ObjectId, RefName, RemoteName, TagName};
pub use process::{Channel, Invocation, Output, Run, SystemRunner};
pub use redact::redacted;
pub use repository::{
    ChangesFrom, Commit, Completeness, Configuration, FileKind, Head, Identity, Partial, Repository,
    RepositoryError, SignatureKind, Status, Submodule, Tag, TagDetail, TreeFile, trailers,
};
