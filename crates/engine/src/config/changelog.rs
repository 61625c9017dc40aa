use std::collections::BTreeMap;

use serde::Deserialize;

use super::parse::text_or_table;
use crate::changelog::{Kind, Level};

/// `[changelog]`: where changes are read, and how users are told of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangelogRules {
    /// The file. By default the one that is there: `CHANGELOG.md`, `CHANGES.md`, `HISTORY.md`, `NEWS.md`.
    #[serde(default)]
    pub file: Option<String>,
    /// What it looks like. Default `keep-a-changelog`.
    #[serde(default)]
    pub format: ChangelogFormat,
    /// The line below which entries are put in. Needed by formats other than `keep-a-changelog`, which has a heading
    /// for what is unreleased.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// What packages are called in it. Default `package`.
    #[serde(default)]
    pub names: NameWord,
    /// Where changes are read. By default everywhere.
    #[serde(default)]
    pub sources: Option<Vec<SourceWord>>,
    /// The directory of change files, where it is not the usual one.
    #[serde(default)]
    pub files: Option<String>,
    /// The file that says afterwards how a change should have been told. Default `changelog-overrides.toml`.
    #[serde(default)]
    pub overrides: Option<String>,
    /// The tags of releases, as a pattern of git such as `v[0-9]*`. By default what the train's tag says.
    #[serde(default)]
    pub tags: Option<String>,
    /// Whether only the first parents of merges count, for branches where every change is one merge.
    #[serde(default)]
    pub first_parent: bool,
    /// What the types of conventional commits are, where it is not the usual.
    #[serde(default)]
    pub types: BTreeMap<String, KindRule>,
    /// What the labels of pull requests are, where it is not the usual.
    #[serde(default)]
    pub labels: BTreeMap<String, KindRule>,
}

/// What a changelog looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ChangelogFormat {
    /// Keep a Changelog 1.1.0.
    #[default]
    KeepAChangelog,
    /// A dated list by package, one line a pull request.
    ByPackage,
    /// What GitHub generates, by `.github/release.yml`.
    GitHub,
    /// A template of the project's own, by its path.
    Template(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatTable {
    template: String,
}

text_or_table!(ChangelogFormat, "`keep-a-changelog`, `by-package`, `github`, or a table with `template`",
    |text| text.parse(),
    table FormatTable => |table| ChangelogFormat::Template(table.template));

impl ChangelogFormat {
    /// The words for those that need no template.
    pub const WORDS: [&str; 3] = ["keep-a-changelog", "by-package", "github"];
}

impl std::str::FromStr for ChangelogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "keep-a-changelog" => Self::KeepAChangelog,
            "by-package" => Self::ByPackage,
            "github" => Self::GitHub,
            other => {
                let near = super::nearest(other, Self::WORDS.into_iter());
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                return Err(format!(
                    "`{other}` is no format of changelogs{hint} (there are {}, and {{ template = \"FILE\" }})",
                    Self::WORDS.join(", ")
                ));
            }
        })
    }
}

/// What packages are called in a changelog.
///
/// ```
/// use tminus_engine::config::{Config, NameWord};
///
/// let config = Config::parse("tminus.toml", "[changelog]\nnames = 'directory'\n[train]\n")?;
/// assert_eq!(config.changelog.names, NameWord::Directory);
/// # Ok::<(), tminus_engine::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameWord {
    /// As their manifests call them.
    #[default]
    Package,
    /// As the last part of their directories. A package at the top keeps its own name.
    Directory,
}

/// Where changes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceWord {
    /// Change files, as changesets and towncrier lay them out.
    Files,
    /// Release-note blocks in the texts of pull requests.
    ReleaseNotes,
    /// Titles and labels of pull requests.
    PullRequests,
    /// Messages of commits.
    Commits,
}

impl SourceWord {
    /// All of them, the one that decides first.
    pub const ALL: [Self; 4] = [Self::Files, Self::ReleaseNotes, Self::PullRequests, Self::Commits];
}

/// What a type or a label is: `"fixed"`, `"none"`, or `{ kind = "documentation", level = "patch" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRule {
    /// The kind; `None` says that users are not told.
    pub kind: Option<Kind>,
    /// What it asks of the next version, where it is not the usual of the kind.
    pub level: Option<Level>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindTable {
    kind: String,
    #[serde(default)]
    level: Option<Level>,
}

impl KindRule {
    fn of(word: &str, level: Option<Level>) -> Self {
        Self { kind: (word != "none").then(|| Kind::named(word)), level }
    }
}

text_or_table!(KindRule, "a kind such as \"fixed\", \"none\", or a table with `kind` and `level`",
    |text| Ok(KindRule::of(text, None)),
    table KindTable => |table| KindRule::of(&table.kind, table.level));
