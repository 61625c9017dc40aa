//! A project to rehearse with: history, pull requests, a milestone, and a process like Fast-LLM's.
//!
//! Also the test bed: every end-to-end test starts from here. The same arguments give the same commits.

mod history;

use std::path::{Path, PathBuf};

use tminus_sandbox::{
    IssueSeed, IssueState, MilestoneSeed, PullRequestSeed, ReleaseSeed, RepositorySeed, Sandbox, SandboxError,
};
use tminus_vcs::CommitId;

pub use history::DemoError;

/// The demo's repository on the forge.
pub const REPOSITORY: &str = "demo/countdown";

/// The name of the demo's package.
pub const PACKAGE: &str = "countdown-demo";

/// A demo project on disk.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The work tree.
    pub work: PathBuf,
    /// Its remote, a bare repository.
    pub remote: PathBuf,
    merges: Vec<Merge>,
}

/// A merged pull request of the demo.
#[derive(Debug, Clone)]
struct Merge {
    number: u64,
    title: &'static str,
    author: &'static str,
    label: &'static str,
    commit: CommitId,
}

impl Demo {
    /// Makes the project below `dir`. `path` is the `PATH` on which git is found.
    ///
    /// # Errors
    /// git is missing or fails.
    pub fn create(dir: &Path, path: &str) -> Result<Self, DemoError> {
        history::create(dir, path)
    }

    /// Tells the forge about the project: repository, pull requests, milestone, issues, the release before.
    ///
    /// # Errors
    /// The sandbox cannot keep its state.
    pub fn seed(&self, sandbox: &Sandbox) -> Result<(), SandboxError> {
        let (owner, name) = REPOSITORY.split_once('/').unwrap_or_default();
        sandbox.add_repository(RepositorySeed {
            git_dir: Some(self.remote.clone()),
            has_discussions: true,
            discussion_categories: ["Announcements", "General"].map(str::to_owned).to_vec(),
            ..RepositorySeed::new(owner, name)
        })?;
        sandbox.add_release(
            REPOSITORY,
            ReleaseSeed {
                tag_name: "v0.1.0".to_owned(),
                name: Some("v0.1.0".to_owned()),
                body: Some("The first release.".to_owned()),
                published_at: Some("2026-05-04T10:00:00Z".to_owned()),
                ..ReleaseSeed::default()
            },
        )?;
        sandbox.add_milestone(
            REPOSITORY,
            MilestoneSeed {
                title: "0.2.0".to_owned(),
                due_on: Some("2026-11-30T08:00:00Z".to_owned()),
                ..MilestoneSeed::default()
            },
        )?;
        for merge in &self.merges {
            sandbox.add_pull_request(
                REPOSITORY,
                PullRequestSeed {
                    number: Some(merge.number),
                    title: merge.title.to_owned(),
                    author: Some(merge.author.to_owned()),
                    labels: vec![merge.label.to_owned()],
                    merge_commit_sha: Some(merge.commit.to_string()),
                    merged_at: Some("2026-10-12T10:00:00Z".to_owned()),
                    ..PullRequestSeed::default()
                },
            )?;
        }
        sandbox.add_issue(
            REPOSITORY,
            IssueSeed {
                number: Some(9),
                title: "Count in months".to_owned(),
                labels: vec!["enhancement".to_owned()],
                milestone: Some("0.2.0".to_owned()),
                state: IssueState::Closed,
                ..IssueSeed::default()
            },
        )?;
        sandbox.add_issue(
            REPOSITORY,
            IssueSeed {
                number: Some(10),
                title: "Leap seconds are ignored".to_owned(),
                labels: ["bug", "wontfix"].map(str::to_owned).to_vec(),
                ..IssueSeed::default()
            },
        )?;
        Ok(())
    }
}
