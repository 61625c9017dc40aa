//! The words that readers and writers share.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tminus_manifests::PackageId;

/// What a change asks of the next version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing: users do not notice it.
    #[default]
    None,
    /// A patch release.
    Patch,
    /// A minor release.
    Minor,
    /// A major release.
    Major,
}

/// What kind of change it is, in the words of Keep a Changelog, and those that conventional commits add.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A feature.
    Added,
    /// Something works in another way.
    Changed,
    /// Something will be removed.
    Deprecated,
    /// Something is gone.
    Removed,
    /// A mistake is mended.
    Fixed,
    /// A vulnerability is closed.
    Security,
    /// Something is faster or smaller.
    Performance,
    /// An earlier change is taken back.
    Reverted,
    /// Documentation.
    Documentation,
    /// Dependencies.
    Dependencies,
    /// A type of its own, such as `chore`, `ci`, `doc` fragments of towncrier; as it was written.
    Other(String),
    /// Nothing says what it is.
    Unknown,
}

impl Kind {
    const NAMED: [(&str, Self); 10] = [
        ("added", Self::Added),
        ("changed", Self::Changed),
        ("deprecated", Self::Deprecated),
        ("removed", Self::Removed),
        ("fixed", Self::Fixed),
        ("security", Self::Security),
        ("performance", Self::Performance),
        ("reverted", Self::Reverted),
        ("documentation", Self::Documentation),
        ("dependencies", Self::Dependencies),
    ];

    /// The kind of that name; any other word is a kind of its own.
    pub fn named(word: &str) -> Self {
        let word = word.trim().to_lowercase();
        let known = Self::NAMED.into_iter().find(|(name, _)| *name == word);
        known.map_or(Self::Other(word), |(_, kind)| kind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(word) => f.write_str(word),
            Self::Unknown => f.write_str("unknown"),
            named => {
                let name = Self::NAMED.iter().find(|(_, kind)| kind == named).map_or("", |(name, _)| name);
                f.write_str(name)
            }
        }
    }
}

/// Where a change was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The message of a commit; its full id.
    Commit(String),
    /// The title and labels of a pull request.
    PullRequest(u64),
    /// A release-note block in the body of a pull request.
    ReleaseNote(u64),
    /// A change file; its path from the top of the repository.
    File(String),
    /// An override of the project's own.
    Override(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(id) => write!(f, "{}", id.get(..10).unwrap_or(id)),
            Self::PullRequest(number) => write!(f, "#{number}"),
            Self::ReleaseNote(number) => write!(f, "the release note of #{number}"),
            Self::File(path) | Self::Override(path) => f.write_str(path),
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Author {
    /// The name, as git knows it; empty where only the account is known.
    pub name: String,
    /// The mail address, as git knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The account on the forge, without `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

/// An issue that a change speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Issue {
    /// As it was written: `#12`, `owner/name#12`, a URL, `PROJ-7`.
    pub reference: String,
    /// Whether the change closes it.
    pub closes: bool,
}

/// What is known of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PullRequestFacts {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its text; empty where it has none.
    pub body: String,
    /// Its page for people.
    pub url: String,
    /// The account that opened it, without `@`; bots end with `[bot]`.
    pub author: String,
    /// Whether that account is a bot.
    pub is_bot: bool,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The paths it changes, where they were asked for.
    pub files: Option<Vec<String>>,
    /// The commit that merged it.
    pub merge_commit: Option<String>,
    /// When it was merged, in seconds since 1970.
    pub merged_at_seconds: Option<i64>,
}

/// One change, as users are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind it is.
    pub kind: Kind,
    /// What it asks of the next version.
    pub level: Level,
    /// The scope that the author wrote: `parser` in `fix(parser): …`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// What changed, one line, without kind, scope and `(#123)`.
    pub text: String,
    /// More than the one line, as Markdown; empty where there is no more.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// What breaks, where something does. The text may be the same as `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaking: Option<String>,
    /// The packages it belongs to.
    #[serde(serialize_with = "texts")]
    pub packages: BTreeSet<PackageId>,
    /// The pull request it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    /// The commits it consists of, full ids, newest first.
    pub commits: Vec<String>,
    /// Who made it, the main author first.
    pub authors: Vec<Author>,
    /// The issues it speaks of.
    pub issues: Vec<Issue>,
    /// Where it was read.
    pub origin: Origin,
}

/// Something that a reader stumbled over. Never stops anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// What it is about.
    pub origin: Origin,
    /// What is strange, and what was done about it.
    pub text: String,
}

/// How one source was read: the changes, and what was strange.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// What was found; nothing where the source says that users do not notice it.
    pub changes: Vec<Change>,
    /// What was strange.
    pub warnings: Vec<Warning>,
    /// Why it was read so, in one line, for `tminus explain`.
    pub how: String,
    /// What was read, also where it gave no change.
    pub about: About,
    /// The source that says in so many words that nobody is told of it; what lower sources say of the same is left
    /// out with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<Origin>,
    /// What it takes back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reverts: Vec<Reverts>,
}

/// What a source is about, by which several sources of one change are known as one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The commits, full ids.
    pub commits: Vec<String>,
    /// The pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    /// The subject or the title, as it is written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
}

/// What a revert takes back, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reverts {
    /// A commit; its id or the beginning of it, in lower case.
    Commit(String),
    /// A pull request.
    PullRequest(u64),
    /// The subject, where no id is given.
    Subject(String),
}

/// What a document is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Release {
    /// The package, where each comes out by itself.
    pub package: Option<String>,
    /// The version; `None` for what is not released yet.
    pub version: Option<String>,
    /// The tag of it, where there is one.
    pub tag: Option<String>,
    /// The tag that it is compared with.
    pub previous_tag: Option<String>,
    /// Its day.
    #[serde(serialize_with = "date")]
    pub date: Date,
    /// The page that compares the two, where the forge has one.
    pub compare_url: Option<String>,
    /// The page of the repository, without `/` at the end.
    pub repository_url: Option<String>,
}

/// The changes of one package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackageChanges {
    /// The package.
    #[serde(serialize_with = "text")]
    pub id: PackageId,
    /// Its version, where it is known.
    pub version: Option<String>,
    /// Indices into [`Document::changes`].
    pub changes: Vec<usize>,
}

/// Everything that a text about one release is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What it is about.
    pub release: Release,
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// The packages that have changes, in the order of their names. A change of several packages stands under each.
    pub packages: Vec<PackageChanges>,
    /// Changes that belong to no package.
    pub elsewhere: Vec<usize>,
    /// The pull requests that the changes came with, by number.
    pub pull_requests: Vec<PullRequestFacts>,
    /// Accounts (or names, without a forge) whose first change this is, each with the pull request.
    pub newcomers: Vec<(Author, Option<u64>)>,
}

impl Document {
    /// The pull request of a change.
    pub fn pull_request(&self, change: &Change) -> Option<&PullRequestFacts> {
        let number = change.pull_request?;
        self.pull_requests.iter().find(|facts| facts.number == number)
    }

    /// Leaves only what belongs to these packages.
    pub fn keep_packages(&mut self, packages: &[PackageId]) {
        let changes = std::mem::take(&mut self.changes);
        for mut change in changes {
            change.packages.retain(|id| packages.contains(id));
            if !change.packages.is_empty() {
                self.changes.push(change);
            }
        }
        self.elsewhere.clear();
        self.packages.retain(|package| packages.contains(&package.id));
        for package in &mut self.packages {
            let own =
                self.changes.iter().enumerate().filter(|(_, change)| change.packages.contains(&package.id));
            package.changes = own.map(|(place, _)| place).collect();
        }
        let told: BTreeSet<u64> = self.changes.iter().filter_map(|change| change.pull_request).collect();
        self.pull_requests.retain(|facts| told.contains(&facts.number));
        self.newcomers.retain(|(_, number)| number.is_some_and(|number| told.contains(&number)));
    }

    /// What the changes together ask of the next version.
    pub fn level(&self) -> Level {
        self.changes.iter().map(|change| change.level).max().unwrap_or_default()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde wants")]
fn date<S: serde::Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

fn texts<S: serde::Serializer>(ids: &BTreeSet<PackageId>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string))
}

fn text<S: serde::Serializer>(id: &PackageId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
