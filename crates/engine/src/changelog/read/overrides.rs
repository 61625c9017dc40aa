//! Overrides: what a project says of a change after the fact.

use std::collections::BTreeSet;

use tminus_manifests::PackageId;
use toml_edit::{Document, Item, TableLike};

use super::super::{About, Author, Change, Kind, Level, Origin, Reading, Warning};
use super::combine::{self, Policy, units};
use super::place::{FileError, line_and_column};
use super::rules::{kind_of, level_of, usual_level};
use super::{authors, fold};
use crate::config::nearest;

/// The file in which overrides stand where a project names no other.
pub const FILE_NAME: &str = "changelog-overrides.toml";

/// The longest file that is read, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

const KEYS: [&str; 11] = [
    "commit",
    "pull_request",
    "kind",
    "text",
    "body",
    "scope",
    "level",
    "breaking",
    "packages",
    "skip",
    "authors",
];

/// Which change is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// The beginning of an id, in lower case.
    Commit(String),
    PullRequest(u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Breaking {
    No,
    Yes,
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Override {
    target: Target,
    line: usize,
    skip: bool,
    kind: Option<Kind>,
    text: Option<String>,
    body: Option<String>,
    scope: Option<String>,
    level: Option<Level>,
    breaking: Option<Breaking>,
    packages: Option<BTreeSet<PackageId>>,
    authors: Option<Vec<Author>>,
}

/// The overrides of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    path: String,
    all: Vec<Override>,
}

impl Overrides {
    /// Reads the file: `[[override]]` with `commit` or `pull_request`, and what is to be said instead (`kind`, `text`,
    /// `body`, `scope`, `level`, `breaking`, `packages`, `authors`), or `skip = true`.
    ///
    /// # Errors
    ///
    /// - no TOML: `[[override]`
    /// - an unknown key: `txt = "x"`
    /// - neither or both of `commit` and `pull_request`, or a target that another override has
    /// - a commit that is no beginning of an id of at least four digits: `commit = "v1.0"`
    /// - a value of the wrong kind: `level = "huge"`, `packages = ["demo"]` (written `pypi:demo`)
    ///
    /// ```
    /// use tminus_engine::changelog::read::Overrides;
    ///
    /// let text = "[[override]]\npull_request = 12\ntext = 'Answer faster'\n";
    /// assert!(Overrides::parse("changelog-overrides.toml", text).is_ok());
    /// let error = Overrides::parse("o.toml", "[[override]]\npull_request = 12\ntxt = 'x'\n").unwrap_err();
    /// assert_eq!(error.to_string(), "o.toml:3:1: unknown key `txt`; did you mean `text`?");
    /// ```
    pub fn parse(path: &str, text: &str) -> Result<Self, FileError> {
        let file = File { path, text };
        if text.len() > MAX_BYTES {
            return Err(file.fail(0, "the file is larger than 4 MiB"));
        }
        let document = Document::parse(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            file.fail(error.span().map_or(0, |span| span.start), message)
        })?;
        let root = document.as_table();
        let mut all: Vec<Override> = Vec::new();
        for (key, item) in root {
            if key != "override" {
                let at = root.key(key).and_then(toml_edit::Key::span).map_or(0, |span| span.start);
                return Err(file.fail(at, format!("unknown key `{key}`")).hint("write `[[override]]`"));
            }
            let tables = item.as_array_of_tables();
            let tables = tables.ok_or_else(|| file.fail_at(item, "overrides are written `[[override]]`"))?;
            for table in tables {
                let one = file.one(table, table.span().map_or(0, |span| span.start))?;
                if let Some(other) = all.iter().find(|other| other.target == one.target) {
                    let at = table.span().map_or(0, |span| span.start);
                    return Err(file.fail(at, format!("line {} overrides the same already", other.line)));
                }
                all.push(one);
            }
        }
        Ok(Self { path: path.to_owned(), all })
    }

    /// Puts what they say in the place of what was read, and gives a warning for each that fits nothing or several
    /// commits.
    ///
    /// Without `text`, every change of the commit or the pull request takes the rest.
    ///
    /// ```
    /// use tminus_engine::changelog::read::{self, Overrides, Rules};
    /// use tminus_engine::changelog::Author;
    ///
    /// let author = Author { name: "Ada".into(), email: None, login: None };
    /// let commit = read::commit("fxi stuff", "1f0c33aa", &author, &Rules::default());
    /// let text = "[[override]]\ncommit = '1f0c'\nkind = 'fixed'\ntext = 'Empty files are read'\n";
    /// let (readings, warnings) = Overrides::parse("o.toml", text)?.apply(vec![commit]);
    /// assert_eq!(readings[0].changes[0].text, "Empty files are read");
    /// assert!(warnings.is_empty());
    /// # Ok::<(), tminus_engine::changelog::read::FileError>(())
    /// ```
    pub fn apply(&self, mut readings: Vec<Reading>) -> (Vec<Reading>, Vec<Warning>) {
        let mut warnings = Vec::new();
        for one in &self.all {
            let origin = Origin::Override(format!("{}:{}", self.path, one.line));
            match one.find(&readings) {
                Ok(unit) => one.put(&mut readings, &unit, &origin),
                Err(text) => warnings.push(Warning { origin, text }),
            }
        }
        (readings, warnings)
    }
}

struct File<'a> {
    path: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn fail(&self, at: usize, message: impl Into<String>) -> FileError {
        FileError::at(self.path, self.text, at, message)
    }

    fn fail_at(&self, item: &Item, message: impl Into<String>) -> FileError {
        self.fail(item.span().map_or(0, |span| span.start), message)
    }

    fn one(&self, table: &dyn TableLike, at: usize) -> Result<Override, FileError> {
        if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(key)) {
            let at = table.key(key).and_then(toml_edit::Key::span).map_or(at, |span| span.start);
            let hint = match nearest(key, KEYS.into_iter()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", KEYS.join(", ")),
            };
            return Err(self.fail(at, format!("unknown key `{key}`")).hint(hint));
        }
        Ok(Override {
            target: self.target(table, at)?,
            line: line_and_column(self.text, at).0,
            skip: self.flag(table, "skip")?,
            kind: self.string(table, "kind")?.map(|word| kind_of(&word)),
            text: self.string(table, "text")?.map(|text| fold::line(&text)),
            body: self.string(table, "body")?.map(|text| fold::body(&fold::clean(&text))),
            scope: self.string(table, "scope")?,
            level: self.level(table)?,
            breaking: self.breaking(table)?,
            packages: self.packages(table)?,
            authors: self.authors(table)?,
        })
    }

    fn target(&self, table: &dyn TableLike, at: usize) -> Result<Target, FileError> {
        match (table.get("commit"), table.get("pull_request")) {
            (Some(item), None) => {
                let id = item.as_str().unwrap_or_default().trim().to_ascii_lowercase();
                if (4..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Ok(Target::Commit(id));
                }
                Err(self.fail_at(
                    item,
                    "`commit` must be the id of a commit, or at least four digits of its beginning",
                ))
            }
            (None, Some(item)) => {
                let number = item.as_integer().and_then(|number| u64::try_from(number).ok());
                let wrong = || self.fail_at(item, "`pull_request` must be the number of one");
                number.filter(|number| *number > 0).map(Target::PullRequest).ok_or_else(wrong)
            }
            (Some(_), Some(_)) => Err(self.fail(at, "an override has `commit` or `pull_request`, not both")),
            (None, None) => Err(self.fail(at, "an override names its `commit` or its `pull_request`")),
        }
    }

    fn string(&self, table: &dyn TableLike, key: &str) -> Result<Option<String>, FileError> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let text = item.as_str().filter(|text| !text.trim().is_empty());
        let wrong = || self.fail_at(item, format!("`{key}` must be a text that says something"));
        text.map(|text| Some(text.trim().to_owned())).ok_or_else(wrong)
    }

    fn flag(&self, table: &dyn TableLike, key: &str) -> Result<bool, FileError> {
        let Some(item) = table.get(key) else { return Ok(false) };
        item.as_bool().ok_or_else(|| self.fail_at(item, format!("`{key}` must be true or false")))
    }

    fn level(&self, table: &dyn TableLike) -> Result<Option<Level>, FileError> {
        let Some(item) = table.get("level") else { return Ok(None) };
        let level = item.as_str().and_then(level_of);
        level.map(Some).ok_or_else(|| self.fail_at(item, "`level` must be none, patch, minor or major"))
    }

    fn breaking(&self, table: &dyn TableLike) -> Result<Option<Breaking>, FileError> {
        let Some(item) = table.get("breaking") else { return Ok(None) };
        match (item.as_bool(), item.as_str()) {
            (Some(true), _) => Ok(Some(Breaking::Yes)),
            (Some(false), _) => Ok(Some(Breaking::No)),
            (_, Some(text)) if !text.trim().is_empty() => Ok(Some(Breaking::Text(text.trim().to_owned()))),
            _ => Err(self.fail_at(item, "`breaking` must be true, false or a text")),
        }
    }

    fn packages(&self, table: &dyn TableLike) -> Result<Option<BTreeSet<PackageId>>, FileError> {
        let Some(item) = table.get("packages") else { return Ok(None) };
        let list = item.as_array().ok_or_else(|| self.fail_at(item, "`packages` must be a list of texts"))?;
        let read = |value: &toml_edit::Value| {
            let at = value.span().map_or(0, |span| span.start);
            let text = value.as_str().unwrap_or_default();
            text.parse::<PackageId>().map_err(|error| {
                self.fail(at, error.to_string()).hint("write it like `pypi:demo` or `npm:demo`")
            })
        };
        list.iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    fn authors(&self, table: &dyn TableLike) -> Result<Option<Vec<Author>>, FileError> {
        let Some(item) = table.get("authors") else { return Ok(None) };
        let wrong =
            || self.fail_at(item, "`authors` must be a list like `[\"Ada <ada@example.org>\", \"@grace\"]`");
        let list = item.as_array().ok_or_else(wrong)?;
        let read = |value: &toml_edit::Value| value.as_str().and_then(authors::person).ok_or_else(wrong);
        list.iter().map(read).collect::<Result<_, _>>().map(Some)
    }
}

impl Override {
    /// The readings of the commit or the pull request, and of what they say to be the same.
    fn find(&self, readings: &[Reading]) -> Result<Vec<usize>, String> {
        let is_meant = |about: &About| match &self.target {
            Target::Commit(prefix) => about.commits.iter().any(|id| id.starts_with(prefix.as_str())),
            Target::PullRequest(number) => about.pull_request == Some(*number),
        };
        let meant: Vec<usize> =
            readings.iter().enumerate().filter(|(_, one)| is_meant(&one.about)).map(|(at, _)| at).collect();
        if let Target::Commit(prefix) = &self.target {
            let all = meant.iter().filter_map(|at| readings.get(*at)).flat_map(|one| &one.about.commits);
            let ids: BTreeSet<&String> = all.filter(|id| id.starts_with(prefix.as_str())).collect();
            if ids.len() > 1 {
                return Err(format!(
                    "{} commits begin with {prefix}; none is overridden: write more digits",
                    ids.len()
                ));
            }
        }
        let Some(first) = meant.first() else {
            let what = match &self.target {
                Target::Commit(prefix) => format!("no commit that is read begins with {prefix}"),
                Target::PullRequest(number) => format!("no pull request that is read is #{number}"),
            };
            return Err(format!("{what}; the override is not used"));
        };
        let sets = units(readings);
        let unit = sets.of(*first);
        Ok((0..readings.len()).filter(|at| sets.of(*at) == unit || meant.contains(at)).collect())
    }

    fn put(&self, readings: &mut [Reading], unit: &[usize], origin: &Origin) {
        let place = if let Origin::Override(place) = origin { place.clone() } else { String::new() };
        let taken: Vec<Change> = {
            let mut sorted: Vec<&Reading> = unit.iter().filter_map(|at| readings.get(*at)).collect();
            sorted.sort_by_key(|reading| combine::rank(reading));
            let base = sorted.iter().find(|reading| !reading.changes.is_empty());
            let base_changes = base.map(|reading| reading.changes.clone()).unwrap_or_default();
            let about = sorted.first().map(|reading| reading.about.clone()).unwrap_or_default();
            let rest: Vec<&Change> = sorted
                .iter()
                .flat_map(|reading| &reading.changes)
                .filter(|c| !base_changes.contains(c))
                .collect();
            self.changes(base_changes.clone(), &about, &rest, origin)
        };
        let mut taken = Some(taken);
        for at in unit {
            let Some(reading) = readings.get_mut(*at) else { continue };
            reading.changes = if self.skip { Vec::new() } else { taken.take().unwrap_or_default() };
            reading.silent = self.skip.then(|| origin.clone());
            reading.how = if self.skip {
                format!("{place} says that nobody is told of it")
            } else {
                format!("{place} says it in place of: {}", reading.how)
            };
        }
    }

    fn changes(&self, base: Vec<Change>, about: &About, rest: &[&Change], origin: &Origin) -> Vec<Change> {
        let mut all = if base.is_empty() { vec![blank(about, origin)] } else { base };
        combine::absorb(&mut all, rest, &Policy::default());
        if self.text.is_some() {
            let others: Vec<Change> = all.drain(1..).collect();
            combine::absorb(&mut all, &others.iter().collect::<Vec<_>>(), &Policy::default());
        }
        for change in &mut all {
            self.write(change);
            change.origin = origin.clone();
        }
        all
    }

    fn write(&self, change: &mut Change) {
        if let Some(text) = &self.text {
            change.text.clone_from(text);
            change.body.clear();
        }
        if let Some(kind) = &self.kind {
            change.kind = kind.clone();
            if change.breaking.is_none() {
                change.level = usual_level(kind);
            }
        }
        if let Some(body) = &self.body {
            change.body.clone_from(body);
        }
        change.scope = self.scope.clone().or(change.scope.take());
        match &self.breaking {
            Some(Breaking::No) => {
                change.breaking = None;
                change.level = change.level.min(usual_level(&change.kind));
            }
            Some(Breaking::Yes) => {
                change.breaking = change.breaking.take().or_else(|| Some(change.text.clone()));
                change.level = Level::Major;
            }
            Some(Breaking::Text(text)) => {
                change.breaking = Some(text.clone());
                change.level = Level::Major;
            }
            None => {}
        }
        change.level = self.level.unwrap_or(change.level);
        change.packages = self.packages.clone().unwrap_or(std::mem::take(&mut change.packages));
        change.authors = self.authors.clone().unwrap_or(std::mem::take(&mut change.authors));
    }
}

fn blank(about: &About, origin: &Origin) -> Change {
    Change {
        kind: Kind::Unknown,
        level: Level::None,
        scope: None,
        text: about.subject.clone(),
        body: String::new(),
        breaking: None,
        packages: BTreeSet::new(),
        pull_request: about.pull_request,
        commits: about.commits.clone(),
        authors: Vec::new(),
        issues: Vec::new(),
        origin: origin.clone(),
    }
}
