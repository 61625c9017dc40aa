use std::fmt;

use serde::{Deserialize, Serialize};
use tminus_policy::due::Span;
use tminus_versioning::{TagPattern, Template};

use super::constant;
use super::parse::{from_text, optional_from_text, text_or_table};

/// What is released: which part of the version grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseKind {
    /// `1.4.2` -> `2.0.0`.
    Major,
    /// `1.4.2` -> `1.5.0`.
    Minor,
    /// `1.4.2` -> `1.4.3`.
    Patch,
}

impl ReleaseKind {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Major, Self::Minor, Self::Patch];

    /// The word on the command line and in `[release.KIND]`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }
}

impl fmt::Display for ReleaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `tag = "v{version}"`, or `tag = { name = "v{version}", message = "Release version {version}" }`.
#[derive(Debug, Clone)]
pub struct TagRule {
    /// The name.
    pub name: TagPattern,
    /// The message of the annotated tag.
    pub message: Template,
}

impl Default for TagRule {
    fn default() -> Self {
        Self { name: constant("v{version}"), message: default_message() }
    }
}

fn default_message() -> Template {
    constant("Release version {version}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TagTable {
    #[serde(deserialize_with = "from_text")]
    name: TagPattern,
    #[serde(default = "default_message", deserialize_with = "from_text")]
    message: Template,
}

text_or_table!(TagRule, "a tag pattern or a table with `name` and `message`",
    |text| Ok(TagRule { name: text.parse().map_err(|error: tminus_versioning::tag::TagPatternError| error.to_string())?, message: default_message() }),
    table TagTable => |table| TagRule { name: table.name, message: table.message });

/// `after = { version = "{next_patch}-dev", commit = "Start development on version {next_patch}" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `version` and `commit`")]
pub struct After {
    /// The version that main gets, in the project's own spelling.
    #[serde(deserialize_with = "from_text")]
    pub version: Template,
    /// The subject of that commit.
    #[serde(default = "after_subject", deserialize_with = "from_text")]
    pub commit: Template,
}

fn after_subject() -> Template {
    constant("Start development on version {next_patch}")
}

/// `checks = "all"`, `checks = ["tests", "docs"]`, or `{ names = …, timeout = "2 hours" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks {
    /// Which.
    pub names: CheckNames,
    /// How long one run waits before it ends as incomplete, in minutes.
    pub timeout_minutes: u32,
}

/// Which checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckNames {
    /// Every check that the forge reports, and at least one.
    All,
    /// These.
    Named(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecksTable {
    names: NamesOrAll,
    #[serde(default)]
    timeout_minutes: Option<u32>,
}

struct NamesOrAll(CheckNames);

const TWO_HOURS: u32 = 120;

fn all(text: &str) -> Result<CheckNames, String> {
    if text == "all" {
        Ok(CheckNames::All)
    } else {
        Err(format!("`{text}`: write \"all\" or a list of check names"))
    }
}

text_or_table!(NamesOrAll, "\"all\" or a list of check names",
    |text| all(text).map(NamesOrAll),
    list Vec<String> => |names| NamesOrAll(CheckNames::Named(names)));

text_or_table!(Checks, "\"all\", a list of check names, or a table with `names` and `timeout_minutes`",
    |text| all(text).map(|names| Checks { names, timeout_minutes: TWO_HOURS }),
    table ChecksTable => |table| Checks { names: table.names.0, timeout_minutes: table.timeout_minutes.unwrap_or(TWO_HOURS) },
    list Vec<String> => |names| Checks { names: CheckNames::Named(names), timeout_minutes: TWO_HOURS });

/// `[release.KIND]`.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRules {
    /// The milestone of the release: a precondition, and closed at the end.
    #[serde(default)]
    pub milestone: Option<Milestone>,
    /// Whether each merged pull request must carry a label, and which count.
    #[serde(default)]
    pub labels: Labels,
    /// Which open issues must be decided before a release.
    #[serde(default)]
    pub bugs: Option<Bugs>,
    /// The release on the forge.
    #[serde(default)]
    pub notes: Notes,
    /// What happens once it is out.
    #[serde(default)]
    pub announce: Option<Announce>,
}

/// `milestone = "{version}"`, or a table.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// Its title.
    pub title: Template,
    /// The title of the next one; by default the next version of the same kind.
    pub next: Option<Template>,
    /// When the next one is due, counted from the day of the release.
    pub due: Option<Span>,
    /// What becomes of issues that are still open.
    pub open: OpenIssues,
}

/// What becomes of a milestone's open issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum OpenIssues {
    /// The release waits until a person has closed or moved them.
    #[default]
    Refuse,
    /// They are moved to the next milestone.
    Defer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MilestoneTable {
    #[serde(default = "version_template", deserialize_with = "from_text")]
    title: Template,
    #[serde(default, deserialize_with = "optional_from_text")]
    next: Option<Template>,
    #[serde(default, deserialize_with = "optional_from_text")]
    due: Option<Span>,
    #[serde(default)]
    open: OpenIssues,
}

fn version_template() -> Template {
    constant("{version}")
}

text_or_table!(Milestone, "a milestone title or a table with `title`, `next`, `due` and `open`",
    |text| Ok(Milestone { title: text.parse().map_err(|error: tminus_versioning::template::TemplateError| error.to_string())?, next: None, due: None, open: OpenIssues::Refuse }),
    table MilestoneTable => |table| Milestone { title: table.title, next: table.next, due: table.due, open: table.open });

/// `labels = true` (any label will do), `labels = ["bug", "enhancement"]`, or `false`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Labels {
    /// Not asked for.
    #[default]
    Unchecked,
    /// Any label.
    Any,
    /// One of these.
    OneOf(Vec<String>),
}

text_or_table!(Labels, "true, false or a list of labels",
    |text| Err(format!("`{text}`: write true, false or a list of labels")),
    list Vec<String> => |labels| Labels::OneOf(labels),
    flag |wanted| if wanted { Labels::Any } else { Labels::Unchecked });

/// `bugs = "bug"`, or `bugs = { label = "bug", decided = ["wontfix"] }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bugs {
    /// The label of bugs.
    pub label: String,
    /// Labels that mean a decision was taken.
    pub decided: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BugsTable {
    label: String,
    #[serde(default)]
    decided: Vec<String>,
}

text_or_table!(Bugs, "a label or a table with `label` and `decided`",
    |text| Ok(Bugs { label: text.to_owned(), decided: Vec::new() }),
    table BugsTable => |table| Bugs { label: table.label, decided: table.decided });

/// `notes = { highlights = true, discussion = "Announcements" }`, or `notes = false` for no forge release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    /// Whether there is a release on the forge at all.
    pub release: bool,
    /// Whether a person edits the highlights before it is published.
    pub highlights: bool,
    /// The category of the discussion that is opened for it.
    pub discussion: Option<String>,
    /// Its title; by default the tag.
    pub title: Option<Template>,
}

impl Default for Notes {
    fn default() -> Self {
        Self { release: true, highlights: false, discussion: None, title: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotesTable {
    #[serde(default)]
    highlights: bool,
    #[serde(default)]
    discussion: Option<String>,
    #[serde(default, deserialize_with = "optional_from_text")]
    title: Option<Template>,
}

text_or_table!(Notes, "true, false or a table with `highlights`, `discussion` and `title`",
    |text| Err(format!("`{text}`: write true, false or a table")),
    table NotesTable => |table| Notes { release: true, highlights: table.highlights, discussion: table.discussion, title: table.title },
    flag |release| Notes { release, ..Notes::default() });

/// `announce = true` (a gate), or `announce = { webhook = "VARIABLE", text = "…" }`.
#[derive(Debug, Clone)]
pub struct Announce {
    /// Whether a person says when it may be announced, or that it was.
    pub gate: bool,
    /// The environment variable that holds the URL of a chat webhook. The URL is a secret; its name is not.
    pub webhook: Option<String>,
    /// What is said there.
    pub text: Template,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnounceTable {
    #[serde(default = "yes")]
    gate: bool,
    #[serde(default)]
    webhook: Option<String>,
    #[serde(default = "announcement", deserialize_with = "from_text")]
    text: Template,
}

fn yes() -> bool {
    true
}

fn announcement() -> Template {
    constant("{package} {version} is out.")
}

text_or_table!(Announce, "true or a table with `gate`, `webhook` and `text`",
    |text| Err(format!("`{text}`: write true or a table")),
    table AnnounceTable => |table| Announce { gate: table.gate, webhook: table.webhook, text: table.text },
    flag |gate| Announce { gate, webhook: None, text: announcement() });
