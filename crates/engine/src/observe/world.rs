use std::collections::BTreeMap;

use tminus_forge::Release;
use tminus_vcs::{BranchName, CommitId, TagName};

use crate::plan::{Find, Finding, Request};

/// The world as a release finds it: everything that a plan rests on, and nothing else.
#[derive(Debug, Clone)]
pub struct World {
    /// What is asked for.
    pub request: Request,
    /// The day of the plan.
    pub date: jiff::civil::Date,
    /// The repository and its remote.
    pub git: GitWorld,
    /// Every place that states a version.
    pub sites: Vec<Site>,
    /// What the destinations say.
    pub published: Vec<Published>,
    /// The forge.
    pub forge: ForgeWorld,
    /// Where things are: remote, forge, each destination, without credentials.
    pub places: BTreeMap<String, String>,
    /// What was found wrong while looking: a refused token, a missing build tool.
    pub findings: Vec<Finding>,
}

/// The repository and its remote.
#[derive(Debug, Clone)]
pub struct GitWorld {
    /// The branch that is checked out.
    pub branch: Option<BranchName>,
    /// Its commit.
    pub head: CommitId,
    /// The branch that releases are made from.
    pub main: BranchName,
    /// Where the remote has that branch, seen from ours.
    pub remote: RemoteBranch,
    /// Its commit on the remote.
    pub remote_tip: Option<CommitId>,
    /// Every tag, local and remote, with its commit.
    pub tags: BTreeMap<TagName, TagPlaces>,
    /// Tracked files that were changed.
    pub changed: Vec<String>,
    /// Commits since the last release, newest first.
    pub unreleased: Vec<Unreleased>,
    /// Whether the repository lacks history.
    pub shallow: bool,
}

/// A branch of the remote, seen from the local one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteBranch {
    /// At the same commit.
    Same,
    /// The remote lacks that many local commits.
    Ahead(usize),
    /// The remote has commits that are not here.
    Behind,
    /// Both have.
    Diverged,
    /// The remote has no such branch.
    Absent,
}

/// Where a tag is, and at which commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagPlaces {
    /// Here.
    pub local: Option<CommitId>,
    /// On the remote.
    pub remote: Option<CommitId>,
    /// Whether the commit that is released comes after it: only such a tag is a release that this one builds on.
    pub reachable: bool,
}

/// A commit that no release contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreleased {
    /// The commit.
    pub id: CommitId,
    /// Its subject.
    pub subject: String,
    /// Whether tminus made it.
    pub ours: bool,
}

/// A place that states a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The package.
    pub package: String,
    /// The file.
    pub path: String,
    /// How it is found in the file.
    pub find: Find,
    /// The line and what stands there, or what is wrong.
    pub stated: Result<(u32, String), String>,
}

/// What a destination has of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The destination.
    pub destination: String,
    /// The package.
    pub package: String,
    /// The files of the version that is planned, with their SHA-256 where the index states it.
    pub files: BTreeMap<String, Option<String>>,
}

/// The forge.
#[derive(Debug, Clone, PartialEq)]
pub enum ForgeWorld {
    /// There is none, or it is not used; why.
    Absent(String),
    /// It was read.
    Present(Box<ForgeFacts>),
}

/// What the forge says.
#[derive(Debug, Clone, PartialEq)]
pub struct ForgeFacts {
    /// Which repository, for people.
    pub repository: String,
    /// Whether we may write.
    pub can_push: bool,
    /// Whether it has discussions.
    pub has_discussions: bool,
    /// The categories of discussions, where they can be asked for.
    pub categories: Option<Vec<String>>,
    /// The published release of the tag.
    pub release: Option<Release>,
}
