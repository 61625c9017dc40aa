//! What words mean: types of commits, labels, release notes. Every table can be replaced by a project.

use std::collections::BTreeMap;

use super::super::{Kind, Level};

/// A kind and what it asks of the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// The kind.
    pub kind: Kind,
    /// The level.
    pub level: Level,
}

impl Asks {
    /// A kind and its level.
    ///
    /// ```
    /// use tminus_engine::changelog::read::Asks;
    /// use tminus_engine::changelog::{Kind, Level};
    ///
    /// assert_eq!(Asks::new(Kind::Fixed, Level::Patch).level, Level::Patch);
    /// ```
    pub fn new(kind: Kind, level: Level) -> Self {
        Self { kind, level }
    }
}

/// The types of conventional commits and what each asks, by the lower-case word.
pub type Types = BTreeMap<String, Asks>;

/// How sources are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The types of conventional commits.
    pub types: Types,
    /// Scopes that say the kind, in lower case: `deps`. A feature stays a feature.
    pub scopes: BTreeMap<String, Kind>,
    /// What a breaking change asks.
    pub breaking: Level,
    /// What becomes of a type that is in no table.
    pub unknown: Unknown,
    /// Whether `Signed-off-by` names authors.
    pub signed_off: bool,
    /// What is taken off titles of pull requests.
    pub titles: TitleRules,
    /// The labels of pull requests. Each that fits counts.
    pub labels: Vec<(String, LabelRule)>,
    /// The release notes in the texts of pull requests.
    pub notes: NoteRules,
    /// The types of change files (towncrier's), by the lower-case word.
    pub fragments: Types,
}

/// What becomes of a type that is in no table, `parser: mend it`. A type that looks like a known one misspelt is
/// never taken as a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// It is a type, as the specification has it: [`Kind::Other`], level none.
    #[default]
    Type,
    /// The message is plain: [`Kind::Unknown`] with the whole subject.
    Plain,
}

/// What a label says of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelRule {
    /// What kind of change it is.
    Is(Asks),
    /// The level alone; it holds against the level of the type.
    Level(Level),
    /// Something breaks.
    Breaking,
    /// Nobody is told.
    Nothing,
}

/// What is taken off a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleRules {
    /// Words before a colon or in brackets, in any case: `WIP: x`, `[Draft] x`.
    pub words: Vec<String>,
    /// Whether `[area] x` becomes scope `area` and text `x`.
    pub areas: bool,
}

/// Where release notes stand in the text of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRules {
    /// The word behind the fence: `release-note`, also with a type: `release-note:bug`.
    pub fence: String,
    /// What the types of fenced notes ask, by the lower-case word.
    pub types: Types,
    /// Whether sections that begin with `<!-- release-notes -->` are read.
    pub comments: bool,
    /// Headings whose section is a note, in lower case: `release notes`. None by default.
    pub headings: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            types: types(),
            scopes: ["deps", "deps-dev", "dependencies"]
                .map(|word| (word.to_owned(), Kind::Dependencies))
                .into(),
            breaking: Level::Major,
            unknown: Unknown::default(),
            signed_off: true,
            titles: TitleRules {
                words: ["wip", "draft", "do not merge", "dnm"].map(str::to_owned).into(),
                areas: true,
            },
            labels: labels(),
            notes: NoteRules {
                fence: "release-note".to_owned(),
                types: note_types(),
                comments: true,
                headings: Vec::new(),
            },
            fragments: fragments(),
        }
    }
}

fn table(rows: &[(&str, Kind, Level)]) -> Types {
    rows.iter().map(|(word, kind, level)| ((*word).to_owned(), Asks::new(kind.clone(), *level))).collect()
}

fn types() -> Types {
    let mut types = table(&[
        ("feat", Kind::Added, Level::Minor),
        ("feature", Kind::Added, Level::Minor),
        ("fix", Kind::Fixed, Level::Patch),
        ("bugfix", Kind::Fixed, Level::Patch),
        ("hotfix", Kind::Fixed, Level::Patch),
        ("perf", Kind::Performance, Level::Patch),
        ("revert", Kind::Reverted, Level::Patch),
        ("security", Kind::Security, Level::Patch),
        ("deprecate", Kind::Deprecated, Level::Minor),
        ("docs", Kind::Documentation, Level::None),
        ("doc", Kind::Documentation, Level::None),
        ("deps", Kind::Dependencies, Level::None),
    ]);
    for word in ["chore", "ci", "test", "tests", "style", "build", "refactor"] {
        types.insert(word.to_owned(), Asks::new(Kind::Other(word.to_owned()), Level::None));
    }
    types
}

fn note_types() -> Types {
    table(&[
        ("feature", Kind::Added, Level::Minor),
        ("enhancement", Kind::Added, Level::Minor),
        ("improvement", Kind::Added, Level::Minor),
        ("new-resource", Kind::Added, Level::Minor),
        ("new-data-source", Kind::Added, Level::Minor),
        ("new-datasource", Kind::Added, Level::Minor),
        ("bug", Kind::Fixed, Level::Patch),
        ("bug-fix", Kind::Fixed, Level::Patch),
        ("fix", Kind::Fixed, Level::Patch),
        ("security", Kind::Security, Level::Patch),
        ("deprecation", Kind::Deprecated, Level::Minor),
        ("breaking-change", Kind::Changed, Level::Major),
        ("breaking", Kind::Changed, Level::Major),
        ("change", Kind::Changed, Level::Minor),
        ("note", Kind::Changed, Level::Patch),
        ("dependency", Kind::Dependencies, Level::Patch),
        ("docs", Kind::Documentation, Level::None),
        ("internal", Kind::Other("internal".to_owned()), Level::None),
    ])
}

fn fragments() -> Types {
    table(&[
        ("feature", Kind::Added, Level::Minor),
        ("features", Kind::Added, Level::Minor),
        ("added", Kind::Added, Level::Minor),
        ("enhancement", Kind::Added, Level::Minor),
        ("improvement", Kind::Added, Level::Minor),
        ("bugfix", Kind::Fixed, Level::Patch),
        ("bugfixes", Kind::Fixed, Level::Patch),
        ("bug", Kind::Fixed, Level::Patch),
        ("fix", Kind::Fixed, Level::Patch),
        ("fixed", Kind::Fixed, Level::Patch),
        ("doc", Kind::Documentation, Level::None),
        ("docs", Kind::Documentation, Level::None),
        ("documentation", Kind::Documentation, Level::None),
        ("removal", Kind::Removed, Level::Major),
        ("removed", Kind::Removed, Level::Major),
        ("breaking", Kind::Changed, Level::Major),
        ("change", Kind::Changed, Level::Minor),
        ("changed", Kind::Changed, Level::Minor),
        ("deprecation", Kind::Deprecated, Level::Minor),
        ("deprecated", Kind::Deprecated, Level::Minor),
        ("security", Kind::Security, Level::Patch),
        ("performance", Kind::Performance, Level::Patch),
        ("dependency", Kind::Dependencies, Level::Patch),
        ("misc", Kind::Other("misc".to_owned()), Level::None),
    ])
}

fn labels() -> Vec<(String, LabelRule)> {
    let is = |kind: Kind, level| LabelRule::Is(Asks::new(kind, level));
    let mut rules = Vec::new();
    let mut add = |patterns: &[&str], rule: &LabelRule| {
        rules.extend(patterns.iter().map(|pattern| ((*pattern).to_owned(), rule.clone())));
    };
    add(
        &["skip-changelog", "changelog:skip", "ignore-for-release", "no-changelog", "release-note-none"],
        &LabelRule::Nothing,
    );
    add(&["breaking-change", "breaking", "semver:major", "semver-major"], &LabelRule::Breaking);
    add(&["semver:minor", "semver-minor"], &LabelRule::Level(Level::Minor));
    add(&["semver:patch", "semver-patch"], &LabelRule::Level(Level::Patch));
    add(&["security"], &is(Kind::Security, Level::Patch));
    add(&["enhancement", "feature"], &is(Kind::Added, Level::Minor));
    add(&["bug", "bugfix", "fix"], &is(Kind::Fixed, Level::Patch));
    add(&["performance"], &is(Kind::Performance, Level::Patch));
    add(&["deprecation"], &is(Kind::Deprecated, Level::Minor));
    add(&["dependencies"], &is(Kind::Dependencies, Level::None));
    add(&["documentation", "docs"], &is(Kind::Documentation, Level::None));
    rules
}

/// The kind that a word of a person names, as it stands in overrides and in the trailer `Changelog: …`: the words of
/// Keep a Changelog, those of conventional commits, and any other as [`Kind::Other`].
///
/// ```
/// use tminus_engine::changelog::{Kind, read};
///
/// assert_eq!(read::kind_of("Fixed"), Kind::Fixed);
/// assert_eq!(read::kind_of("feat"), Kind::Added);
/// assert_eq!(read::kind_of("packaging"), Kind::Other("packaging".into()));
/// ```
pub fn kind_of(word: &str) -> Kind {
    let word = word.trim();
    match word.to_lowercase().as_str() {
        "added" | "add" | "feat" | "feature" => Kind::Added,
        "changed" | "change" => Kind::Changed,
        "deprecated" | "deprecation" => Kind::Deprecated,
        "removed" | "removal" => Kind::Removed,
        "fixed" | "fix" | "bug" | "bugfix" => Kind::Fixed,
        "security" => Kind::Security,
        "performance" | "perf" => Kind::Performance,
        "reverted" | "revert" => Kind::Reverted,
        "documentation" | "docs" | "doc" => Kind::Documentation,
        "dependencies" | "deps" => Kind::Dependencies,
        "unknown" => Kind::Unknown,
        _ => Kind::Other(word.to_owned()),
    }
}

/// The level that a word names: `none`, `patch`, `minor`, `major`.
///
/// ```
/// use tminus_engine::changelog::{Level, read};
///
/// assert_eq!(read::level_of("minor"), Some(Level::Minor));
/// assert_eq!(read::level_of("huge"), None);
/// ```
pub fn level_of(word: &str) -> Option<Level> {
    [Level::None, Level::Patch, Level::Minor, Level::Major]
        .into_iter()
        .find(|level| level.to_string() == word)
}

/// The level that a kind asks where nothing else says it.
pub(super) fn usual_level(kind: &Kind) -> Level {
    match kind {
        Kind::Added | Kind::Changed | Kind::Deprecated => Level::Minor,
        Kind::Removed => Level::Major,
        Kind::Fixed | Kind::Security | Kind::Performance | Kind::Reverted => Level::Patch,
        Kind::Documentation | Kind::Dependencies | Kind::Other(_) | Kind::Unknown => Level::None,
    }
}

/// Whether a text fits a pattern in which `*` stands for anything, `?` for one character and `[ab]`, `[!a-z]` for one of
/// several, as `fnmatch` of Python has it. Case counts.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().take(1024).collect();
    let text: Vec<char> = text.chars().take(1024).collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match (pattern.get(p), text.get(t)) {
            (Some('*'), _) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            (Some(_), Some(&letter)) => one(&pattern, p, letter),
            _ => None,
        };
        match (step, star) {
            (Some(next), _) => {
                p = next;
                t += 1;
            }
            (None, Some((at, from))) => {
                p = at + 1;
                t = from + 1;
                star = Some((at, from + 1));
            }
            (None, None) => return false,
        }
    }
    pattern.iter().skip(p).all(|&letter| letter == '*')
}

/// The place behind the one element of a pattern that a letter fits.
fn one(pattern: &[char], at: usize, letter: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let negated = pattern.get(at + 1) == Some(&'!');
            let first = at + 1 + usize::from(negated);
            // A bracket that stands first is one of the letters.
            let close = pattern.iter().enumerate().skip(first + 1).find(|(_, c)| **c == ']').map(|(i, _)| i);
            let Some(close) = close else { return (letter == '[').then_some(at + 1) };
            let set = pattern.get(first..close)?;
            (holds(set, letter) != negated).then_some(close + 1)
        }
        &other => (other == letter).then_some(at + 1),
    }
}

fn holds(set: &[char], letter: char) -> bool {
    let mut at = 0;
    while let Some(&from) = set.get(at) {
        match (set.get(at + 1), set.get(at + 2)) {
            (Some('-'), Some(&to)) => {
                if (from..=to).contains(&letter) {
                    return true;
                }
                at += 3;
            }
            _ if from == letter => return true,
            _ => at += 1,
        }
    }
    false
}
