//! The layout of towncrier: news fragments whose names say issue and type.

use std::collections::{BTreeMap, BTreeSet};

use tminus_manifests::PackageId;

use super::super::super::{Change, Issue, Kind, Level, Origin, Reading, Warning};
use super::super::rules::{Asks, Rules, fits};
use super::super::{fold, issues};
use super::{ChangeFile, Files, paragraph, split, text_of};

pub use settings::{FragmentType, Settings, find};

mod settings;

/// Names that are never fragments.
const IGNORED: [&str; 6] = [".gitignore", ".gitkeep", ".keep", "readme", "readme.md", "readme.rst"];

/// What the name of a fragment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The issue; empty for an orphan.
    pub issue: String,
    /// The type.
    pub category: String,
    /// The number that tells several fragments of one issue and type apart; 0 without one.
    pub counter: u64,
}

/// Reads the name of a fragment, `ISSUE.TYPE[.N][.ext]`: the last part that is a known type divides it.
///
/// ```
/// use tminus_engine::changelog::read::files::towncrier;
///
/// let name = towncrier::name("0012.feature.2.rst", &["feature"], "+").unwrap();
/// assert_eq!((name.issue.as_str(), name.category.as_str(), name.counter), ("12", "feature", 2));
/// assert_eq!(towncrier::name("12.notes.md", &["feature"], "+"), None);
/// ```
pub fn name(name: &str, types: &[&str], orphan: &str) -> Option<Name> {
    let parts: Vec<&str> = name.split('.').collect();
    let (at, category) = parts.iter().enumerate().skip(1).rev().find(|(_, part)| types.contains(part))?;
    let whole = parts.get(..at)?.join(".");
    let mut issue = whole.trim();
    if !issue.is_empty() && issue.bytes().all(|byte| byte.is_ascii_digit()) {
        issue = issue.trim_start_matches('0');
        if issue.is_empty() {
            issue = "0";
        }
    }
    let counter = parts.get(at + 1).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let counter = counter.and_then(|part| part.parse().ok()).unwrap_or(0);
    if !orphan.is_empty() && issue.starts_with(orphan) {
        issue = "";
    }
    Some(Name { issue: issue.to_owned(), category: (*category).to_owned(), counter })
}

/// Reads the fragments among `files`. `package` is the package they speak of; without it the project's name in the
/// settings is taken as a Python package.
///
/// Fragments of one section and type that say the same become one change with all their issues, as towncrier writes
/// them. Of a type whose content is not shown, the change is its issue. Every fragment is consumed; a file whose name is
/// none is a warning, and stays.
///
/// ```
/// use tminus_engine::changelog::Kind;
/// use tminus_engine::changelog::read::Rules;
/// use tminus_engine::changelog::read::files::{ChangeFile, towncrier};
///
/// let settings = towncrier::Settings::parse(
///     "pyproject.toml",
///     "[project]\nname = 'demo'\n[tool.towncrier]\ndirectory = 'news'\n",
///     None,
/// )?
/// .unwrap();
/// let file = ChangeFile { path: "news/12.bugfix.rst", bytes: b"Empty input is read.\n" };
/// let files = towncrier::read(&settings, &[file], None, &Rules::default());
/// let change = &files.readings[0].changes[0];
/// assert_eq!((&change.kind, change.issues[0].reference.as_str()), (&Kind::Fixed, "#12"));
/// # Ok::<(), tminus_engine::changelog::read::FileError>(())
/// ```
pub fn read(
    settings: &Settings,
    files: &[ChangeFile<'_>],
    package: Option<&PackageId>,
    rules: &Rules,
) -> Files {
    let named = settings.project.as_deref().filter(|name| !name.is_empty()).map(PackageId::pypi);
    let packages: BTreeSet<PackageId> = package.cloned().or(named).into_iter().collect();
    let mut reader = Reader { settings, rules, packages, found: Files::default() };
    let mut seen = BTreeSet::new();
    for (section, directory) in settings.directories() {
        let mut inside: Vec<&ChangeFile<'_>> =
            files.iter().filter(|file| split(file.path).0 == directory && seen.insert(file.path)).collect();
        inside.sort_by_key(|file| file.path);
        reader.section(section, &inside);
    }
    reader.found
}

struct Reader<'a> {
    settings: &'a Settings,
    rules: &'a Rules,
    packages: BTreeSet<PackageId>,
    found: Files,
}

impl Reader<'_> {
    fn section(&mut self, section: &str, files: &[&ChangeFile<'_>]) {
        let types: Vec<&str> = self.settings.types.iter().map(|kind| kind.directory.as_str()).collect();
        let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut names: BTreeMap<(String, String, u64), String> = BTreeMap::new();
        for file in files {
            let base = split(file.path).1;
            if self.is_ignored(base) {
                continue;
            }
            let Some(name) = name(base, &types, &self.settings.orphan_prefix) else {
                self.strange(file.path, &types);
                continue;
            };
            self.found.consumed.push(file.path.to_owned());
            let key = (name.issue.clone(), name.category.clone(), name.counter);
            let twin = if name.issue.is_empty() { None } else { names.insert(key, file.path.to_owned()) };
            let content = fold::clean(&text_of(file)).trim().to_owned();
            let shown = self.settings.types.iter().any(|kind| kind.directory == name.category && kind.shown);
            let content = if shown || name.issue.is_empty() { content } else { String::new() };
            let place = (name.category.clone(), content.clone());
            if let Some(&at) = told.get(&place) {
                self.again(at, &name, &content);
            } else if self.fresh(section, file.path, &name, &content, shown) {
                told.insert(place, self.found.readings.len() - 1);
            }
            self.twin(file.path, twin, &name);
        }
    }

    fn is_ignored(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let own = self.settings.ignore.iter().any(|pattern| fits(&pattern.to_lowercase(), &lower));
        own || IGNORED.contains(&lower.as_str())
            || self.settings.template.as_deref().is_some_and(|template| fits(template, &lower))
    }

    fn strange(&mut self, path: &str, types: &[&str]) {
        let text = format!(
            "{path}: the name of a fragment is ISSUE.TYPE with one of the types {}; this file is passed over, and \
             `ignore` in {} silences this",
            types.join(", "),
            self.settings.path
        );
        let warnings = vec![Warning { origin: Origin::File(path.to_owned()), text }];
        let how = "its name is that of no fragment".to_owned();
        self.found.readings.push(Reading { warnings, how, ..Reading::default() });
    }

    fn twin(&mut self, path: &str, twin: Option<String>, name: &Name) {
        let Some(twin) = twin else { return };
        let text = format!(
            "{path}: {twin} is a fragment of the same issue and type, which towncrier refuses; both are told. Name one \
             {}.{}.1",
            name.issue, name.category
        );
        if let Some(last) = self.found.readings.last_mut() {
            last.warnings.push(Warning { origin: Origin::File(path.to_owned()), text });
        }
    }

    /// A fragment that says what another said.
    fn again(&mut self, at: usize, name: &Name, content: &str) {
        let Some(first) = self.found.readings.get_mut(at).and_then(|reading| reading.changes.first_mut())
        else {
            return;
        };
        if !name.issue.is_empty() {
            issues::add(&mut first.issues, self.settings.reference(&name.issue), false);
            first.issues.sort();
        }
        if content.is_empty() {
            first.text = references(&first.issues);
        }
        let Origin::File(other) = &first.origin else { return };
        let how =
            format!("news fragment of type {}; it says the same as {other} and is told there", name.category);
        self.found.readings.push(Reading { how, ..Reading::default() });
    }

    /// A fragment that is the first to say this; whether it says anything.
    fn fresh(&mut self, section: &str, path: &str, name: &Name, content: &str, shown: bool) -> bool {
        let origin = Origin::File(path.to_owned());
        let asks = self.asks(&name.category, shown);
        let found: Vec<Issue> = (!name.issue.is_empty())
            .then(|| Issue { reference: self.settings.reference(&name.issue), closes: false })
            .into_iter()
            .collect();
        let mut reading = Reading { how: how(section, name, shown, &asks), ..Reading::default() };
        let (mut text, body) = paragraph(content);
        if text.is_empty() {
            text = references(&found);
            if shown || found.is_empty() {
                let text = format!("{path}: the fragment is empty; say in it what changed");
                reading.warnings.push(Warning { origin: origin.clone(), text });
            }
        }
        if !text.is_empty() {
            let breaking = (asks.level == Level::Major && asks.kind == Kind::Changed).then(|| text.clone());
            reading.changes.push(Change {
                kind: asks.kind,
                level: asks.level,
                scope: (!section.is_empty()).then(|| section.to_owned()),
                text,
                body,
                breaking,
                packages: self.packages.clone(),
                pull_request: None,
                commits: Vec::new(),
                authors: Vec::new(),
                issues: found,
                origin,
            });
        }
        let told = !reading.changes.is_empty();
        self.found.readings.push(reading);
        told
    }

    fn asks(&self, category: &str, shown: bool) -> Asks {
        let table = &self.rules.fragments;
        let kind = self.settings.types.iter().find(|kind| kind.directory == category);
        let by_name = || table.get(&kind?.name.to_lowercase());
        let known = table.get(&category.to_lowercase()).or_else(by_name).cloned();
        known.unwrap_or_else(|| {
            let level = if shown { Level::Patch } else { Level::None };
            Asks::new(Kind::Other(category.to_owned()), level)
        })
    }
}

fn references(found: &[Issue]) -> String {
    found.iter().map(|issue| issue.reference.as_str()).collect::<Vec<_>>().join(", ")
}

fn how(section: &str, name: &Name, shown: bool, asks: &Asks) -> String {
    let mut how = format!("news fragment of type {}, level {}", name.category, asks.level);
    match name.issue.as_str() {
        "" => how.push_str(", without an issue"),
        issue => how.push_str(&format!(", issue {issue}")),
    }
    if !section.is_empty() {
        how.push_str(&format!(", section {section}"));
    }
    if !shown && !name.issue.is_empty() {
        how.push_str("; of this type only the issue is told");
    }
    how
}
