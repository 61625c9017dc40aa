//! `tminus.toml`, typed.
//!
//! Everything is checked while it is read: an unknown key, a template with an unknown placeholder or a path that
//! leaves the repository is an error with file, line and column, and nothing runs.

mod changelog;
mod de;
mod package;
mod parse;
mod rules;
mod workspace;

pub use changelog::{ChangelogFormat, ChangelogRules, KindRule, NameWord, SourceWord};
pub(crate) use de::nearest;
pub use package::{Artifacts, Build, Package, Publish, Publisher, VersionSite};
pub use parse::ConfigError;
pub use rules::{
    After, Announce, Bugs, CheckNames, Checks, Labels, Milestone, Notes, OpenIssues, ReleaseKind,
    ReleaseRules, TagRule,
};

pub use workspace::{GroupRule, GroupWord, Id, OnBranch, PinRule, WorkspaceRules};

use std::collections::BTreeMap;

use serde::Deserialize;
use tminus_forge::ForgeId;
use tminus_vcs::{BranchName, RemoteName};
use tminus_versioning::{BranchPattern, Scheme, Template};
use url::Url;

/// The name of the configuration file.
pub const FILE_NAME: &str = "tminus.toml";

/// The name of the only train where `[train]` gives it none. It names records, so it does not follow the project's name.
pub const SHORTHAND: &str = "main";

/// A whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// `[project]`.
    pub project: Project,
    /// `[train]`, or each `[train.NAME]`, by name. The shorthand is called [`SHORTHAND`].
    pub trains: BTreeMap<String, Train>,
    /// Each `[[package]]`, in the order of the file.
    pub packages: Vec<Package>,
    /// `[workspace]`.
    pub workspace: WorkspaceRules,
    /// Each `[[group]]`, in the order of the file.
    pub groups: Vec<GroupRule>,
    /// `[changelog]`.
    pub changelog: ChangelogRules,
    /// Each `[destination.NAME]`.
    pub destinations: BTreeMap<String, Destination>,
}

/// `[project]`: the repository as a whole.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The project's name; by default the name of the first package.
    pub name: Option<String>,
    /// `github:owner/name`, or `none`. By default read from the remote's URL.
    #[serde(default)]
    pub forge: ForgeChoice,
    /// The remote that is released to. Default `origin`.
    #[serde(default = "origin", deserialize_with = "parse::from_text")]
    pub remote: RemoteName,
}

impl Default for Project {
    fn default() -> Self {
        Self { name: None, forge: ForgeChoice::default(), remote: origin() }
    }
}

/// Where milestones, pull requests and forge releases live.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ForgeChoice {
    /// As the remote's URL says.
    #[default]
    FromRemote,
    /// There is none: forge steps stand in the plan as not applicable.
    None,
    /// This one.
    Named(ForgeId),
}

impl<'de> Deserialize<'de> for ForgeChoice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "none" {
            return Ok(Self::None);
        }
        text.parse().map(Self::Named).map_err(serde::de::Error::custom)
    }
}

/// `[train]`: packages that release together at one version.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Train {
    /// How versions of this train are spelt. Default `pep440`.
    #[serde(default = "pep440", deserialize_with = "parse::scheme")]
    pub scheme: Scheme,
    /// The branches it is released from.
    #[serde(default)]
    pub branches: Branches,
    /// The tag: a pattern, or a table with name and message.
    #[serde(default)]
    pub tag: TagRule,
    /// The subject of the commit that sets the version.
    #[serde(default = "bump_subject", deserialize_with = "parse::from_text")]
    pub commit: Template,
    /// The checks of the released commit that must be green before anything is published.
    #[serde(default)]
    pub checks: Option<Checks>,
    /// What happens on the main branch once the release is out.
    #[serde(default)]
    pub after: Option<After>,
    /// `[release.KIND]`: what is special about each kind.
    #[serde(default)]
    pub release: BTreeMap<ReleaseKind, ReleaseRules>,
}

/// Which branches a train is released from.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, expecting = "a table with `main` and `line`")]
pub struct Branches {
    /// The branch of majors and minors. By default the remote's default branch.
    #[serde(default, deserialize_with = "parse::optional_from_text")]
    pub main: Option<BranchName>,
    /// The branches of older lines, such as `release-{major}.{minor}.x`: where fixes are brought to.
    #[serde(default, deserialize_with = "parse::optional_from_text")]
    pub line: Option<BranchPattern>,
}

/// `[destination.NAME]`: a registry that packages are published to.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// What it speaks. Default `pypi`.
    #[serde(default)]
    pub kind: DestinationKind,
    /// Where files are uploaded. Named here, it gets no ambient credential: see the README of the crate.
    #[serde(default, deserialize_with = "parse::optional_from_text")]
    pub upload: Option<Url>,
    /// Where they are read back.
    #[serde(default, deserialize_with = "parse::optional_from_text")]
    pub index: Option<Url>,
}

/// What a destination speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum DestinationKind {
    /// Legacy upload API and simple repository API (PEP 503, PEP 691).
    #[default]
    Pypi,
}

impl Config {
    /// Reads a configuration. `path` is used in errors only.
    ///
    /// ```
    /// use tminus_engine::config::Config;
    ///
    /// let error = Config::parse("tminus.toml", "[project]\nforeg = 'none'\n").unwrap_err();
    /// assert_eq!(error.to_string(), "tminus.toml:2:1: unknown key `foreg`; did you mean `forge`?");
    /// ```
    ///
    /// # Errors
    /// Text that is no TOML, unknown or missing keys, values of the wrong kind, references to a destination or
    /// train that is not there, two packages of one name.
    pub fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        parse::parse(path, text)
    }

    /// The project's name.
    pub fn name(&self) -> &str {
        let first = self.packages.first().map(|package| package.name.as_str());
        self.project.name.as_deref().or(first).unwrap_or("project")
    }

    /// The train called `name`; without a name, the only one.
    ///
    /// # Errors
    /// No such train, or several and no name.
    pub fn train(&self, name: Option<&str>) -> Result<(&str, &Train), TrainError> {
        let known = || self.trains.keys().cloned().collect::<Vec<_>>().join(", ");
        match name {
            Some(name) => self
                .trains
                .get_key_value(name)
                .map(|(name, train)| (name.as_str(), train))
                .ok_or_else(|| TrainError::Unknown { name: name.to_owned(), known: known() }),
            None => {
                let mut all = self.trains.iter();
                match (all.next(), all.next()) {
                    (Some((name, train)), None) => Ok((name, train)),
                    _ => Err(TrainError::Several { known: known() }),
                }
            }
        }
    }

    /// The packages of a train.
    pub fn packages_of<'a>(&'a self, train: &'a str) -> impl Iterator<Item = &'a Package> {
        self.packages.iter().filter(move |package| package.train.as_deref().is_none_or(|name| name == train))
    }
}

/// A train that cannot be chosen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// No train of that name.
    #[error("there is no train `{name}` in tminus.toml (there are: {known})")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Several trains and no choice.
    #[error("tminus.toml has several trains ({known}): choose one with --train NAME")]
    Several {
        /// The names there are.
        known: String,
    },
}

fn origin() -> RemoteName {
    constant("origin")
}

fn bump_subject() -> Template {
    constant("Bump version to {version}")
}

fn pep440() -> Scheme {
    Scheme::Pep440
}

/// Parses a literal of this crate; `every_default_parses` covers each.
#[expect(clippy::expect_used, reason = "literals of this crate, each parsed by a test")]
pub(crate) fn constant<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a literal that parses")
}

#[cfg(test)]
mod tests;
