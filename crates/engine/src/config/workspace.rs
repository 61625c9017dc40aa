use std::fmt;

use serde::Deserialize;
use tminus_manifests::PackageId;
use tminus_manifests::bump::{Pin, PinTime, Strategy};
use tminus_manifests::graph::group::GroupKind;
use tminus_versioning::{BranchPattern, Scheme};

use super::parse::{from_text, text_or_table};

/// `[workspace]`: which packages there are, and how constraints on them follow their versions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceRules {
    /// Directories whose manifests are packages although a rule leaves them out, as patterns.
    #[serde(default)]
    pub include: Vec<String>,
    /// Directories whose manifests are none, as patterns.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// How constraints follow where a package says nothing else. Default `keep`.
    #[serde(default)]
    pub pins: PinRule,
}

/// `[[group]]`: packages whose versions have to do with each other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRule {
    /// Its name.
    pub name: String,
    /// What they have in common. Default `fixed`.
    #[serde(default)]
    pub kind: GroupWord,
    /// Its packages: `pypi:demo`, a name, or a pattern of names.
    pub packages: Vec<String>,
}

/// What the versions of a group have in common, as it is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupWord {
    /// All have one version.
    #[default]
    Fixed,
    /// Those that are released together get one version.
    Linked,
    /// Nothing.
    Independent,
}

impl From<GroupWord> for GroupKind {
    fn from(word: GroupWord) -> Self {
        match word {
            GroupWord::Fixed => Self::Fixed,
            GroupWord::Linked => Self::Linked,
            GroupWord::Independent => Self::Independent,
        }
    }
}

/// How a constraint follows: `"exact"`, or `{ shape = "exact", when = "staged", on = "line" }`.
#[derive(Debug, Clone, Default)]
pub struct PinRule {
    /// What it looks like, and when.
    pub pin: Pin,
    /// On which branches the rule holds; elsewhere the constraint is left alone.
    pub on: Option<OnBranch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PinTable {
    #[serde(deserialize_with = "from_text")]
    shape: Strategy,
    #[serde(default, deserialize_with = "from_text")]
    when: PinTime,
    #[serde(default, deserialize_with = "super::parse::optional_from_text")]
    on: Option<OnBranch>,
}

text_or_table!(PinRule, "a shape such as \"exact\", or a table with `shape`, `when` and `on`",
|text| text.parse().map(|strategy| PinRule { pin: Pin { strategy, ..Pin::default() }, on: None })
    .map_err(|error: tminus_manifests::bump::UnknownWord| error.to_string()),
table PinTable => |table| PinRule {
    pin: Pin { strategy: table.shape, when: table.when, ..Pin::default() },
    on: table.on,
});

/// The branches on which a rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnBranch {
    /// The main branch.
    Main,
    /// Every other branch.
    Line,
    /// Branches that look like this, such as `release-{major}.{minor}.x`.
    Pattern(BranchPattern),
}

impl OnBranch {
    /// Whether the rule holds on a branch; on none where no branch is checked out.
    pub fn holds(&self, branch: &str, main: &str, scheme: Scheme) -> bool {
        match self {
            _ if branch.is_empty() => false,
            Self::Main => branch == main,
            Self::Line => branch != main,
            Self::Pattern(pattern) => pattern.parse(branch, scheme).is_some(),
        }
    }
}

impl std::str::FromStr for OnBranch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "main" => Self::Main,
            "line" => Self::Line,
            pattern => Self::Pattern(pattern.parse().map_err(|error| {
                format!("`{pattern}` is neither `main` nor `line` nor a pattern of branches: {error}")
            })?),
        })
    }
}

impl fmt::Display for OnBranch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str("main"),
            Self::Line => f.write_str("line"),
            Self::Pattern(pattern) => write!(f, "{pattern}"),
        }
    }
}

/// An identity as a key or a value: `pypi:demo`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub PackageId);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer).map(Self)
    }
}
