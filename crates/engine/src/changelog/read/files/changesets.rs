//! The layout of changesets: `.changeset/*.md` with the packages and their levels in a front matter.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Deserialize;
use tminus_manifests::{Ecosystem, PackageId};

use super::super::super::{About, Change, Kind, Level, Origin, Reading, Warning};
use super::super::place::line_and_column;
use super::super::{authors, fold, issues, rules, suffix};
use super::{ChangeFile, Files, front_matter, split, text_of};

/// The directory of the files.
pub const DIRECTORY: &str = ".changeset";

/// Files that need no word when they are passed over.
const ENDINGS_OF_OTHERS: [&str; 8] = [".json", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsonc"];

/// `pre.json`, which is there while prereleases are made.
#[derive(Deserialize)]
struct Pre {
    mode: String,
    #[serde(default)]
    changesets: Vec<String>,
}

/// Reads the change files among `files`. `known` are the packages of the project; a name that no registry tells from
/// another is looked for among them, and taken as a package of npm where it is in none.
///
/// A file that names packages with several levels gives one change for each level. A file without packages, and the
/// level `none`, give none. While prereleases are made (`pre.json`), files that were told before are passed over, and a
/// release deletes none; it notes them in [`Files::noted`].
///
/// A file that cannot be read is a warning with its place, and is not consumed.
///
/// ```
/// use tminus_engine::changelog::Level;
/// use tminus_engine::changelog::read::files::{ChangeFile, changesets};
///
/// let file = ChangeFile {
///     path: ".changeset/brave-lions.md",
///     bytes: b"---\n\"@demo/core\": minor\n---\n\nAnswer faster\n",
/// };
/// let files = changesets::read(&[file], &[]);
/// assert_eq!(files.readings[0].changes[0].level, Level::Minor);
/// assert_eq!(files.consumed, [".changeset/brave-lions.md"]);
/// ```
pub fn read(files: &[ChangeFile<'_>], known: &[PackageId]) -> Files {
    let mut found = Files::default();
    let mut sorted: Vec<&ChangeFile<'_>> = files.iter().filter(|file| is_below(file.path)).collect();
    sorted.sort_by_key(|file| file.path);
    let mut pres: BTreeMap<&str, Option<Pre>> = BTreeMap::new();
    for file in sorted.iter().filter(|file| split(file.path).1 == "pre.json") {
        pres.insert(split(file.path).0, pre(file, &mut found));
    }
    for file in sorted {
        let (directory, name) = split(file.path);
        if is_old(file.path) {
            found
                .readings
                .push(warning(file.path, "a changeset of version 1 is not read: write it as one `.md` file"));
        } else if split(directory).1 != DIRECTORY {
        } else if is_changeset(name) {
            one(file, known, pres.get(directory).and_then(Option::as_ref), &mut found);
        } else if !name.starts_with('.') && !is_others(name) {
            let text = "this file is no changeset and is passed over: the name of one ends with `.md`";
            found.readings.push(warning(file.path, text));
        }
    }
    found
}

fn is_below(path: &str) -> bool {
    path.split('/').any(|part| part == DIRECTORY)
}

fn is_old(path: &str) -> bool {
    let (directory, name) = split(path);
    name == "changes.json" && split(split(directory).0).1 == DIRECTORY
}

fn is_changeset(name: &str) -> bool {
    !name.starts_with('.') && name.ends_with(".md") && !name.eq_ignore_ascii_case("readme.md")
}

fn is_others(name: &str) -> bool {
    name.eq_ignore_ascii_case("readme.md") || ENDINGS_OF_OTHERS.iter().any(|ending| name.ends_with(ending))
}

fn pre(file: &ChangeFile<'_>, found: &mut Files) -> Option<Pre> {
    match serde_json::from_slice::<Pre>(file.bytes) {
        Ok(pre) => {
            if pre.mode == "exit" {
                found.consumed.push(file.path.to_owned());
            }
            Some(pre)
        }
        Err(error) => {
            let text = format!(
                "{}:{}:{}: it is no list of used changesets ({error}); all are read as new ones",
                file.path,
                error.line(),
                error.column()
            );
            found.readings.push(warning(file.path, &text));
            None
        }
    }
}

fn warning(path: &str, text: &str) -> Reading {
    let warning = Warning { origin: Origin::File(path.to_owned()), text: text.to_owned() };
    Reading { warnings: vec![warning], how: "it could not be read".to_owned(), ..Reading::default() }
}

fn one(file: &ChangeFile<'_>, known: &[PackageId], pre: Option<&Pre>, found: &mut Files) {
    let id = split(file.path).1.replacen(".md", "", 1);
    let prerelease = pre.filter(|pre| pre.mode == "pre");
    if prerelease.is_some_and(|pre| pre.changesets.contains(&id)) {
        let how = format!("changeset `{id}`: an earlier prerelease told it, as pre.json says");
        found.readings.push(Reading { how, ..Reading::default() });
        return;
    }
    match parse(file, &id, known) {
        Ok(reading) => {
            found.readings.push(reading);
            let list = if prerelease.is_some() { &mut found.noted } else { &mut found.consumed };
            list.push(if prerelease.is_some() { id } else { file.path.to_owned() });
        }
        Err(text) => found.readings.push(warning(file.path, &text)),
    }
}

fn parse(file: &ChangeFile<'_>, id: &str, known: &[PackageId]) -> Result<Reading, String> {
    let text = text_of(file);
    let fail = |at: usize, message: &str, remedy: &str| {
        let (line, column) = line_and_column(&text, at);
        format!("{}:{line}:{column}: {message}; {remedy}", file.path)
    };
    let shape = "a changeset begins with `---`, lines such as `\"package\": patch`, and `---`";
    let (start, front, summary) =
        front_matter::split(&text).ok_or_else(|| fail(0, "there is no front matter", shape))?;
    let entries = front_matter::read(front).map_err(|(at, message)| fail(start + at, &message, shape))?;
    let mut warnings = Vec::new();
    let mut levels: BTreeMap<Level, BTreeSet<PackageId>> = BTreeMap::new();
    for entry in &entries {
        let level = rules::level_of(&entry.value).ok_or_else(|| {
            let message = format!("`{}` is no level", fold::quote(&entry.value));
            fail(start + entry.value_at, &message, "write major, minor, patch or none")
        })?;
        if entry.key.trim().is_empty() {
            return Err(fail(start + entry.at, "the name of a package is empty", "write its name"));
        }
        let (package, strange) = package(&entry.key, known);
        if let Some(strange) = strange {
            let text = fail(start + entry.at, &strange, "write the name as its manifest has it");
            warnings.push(Warning { origin: Origin::File(file.path.to_owned()), text });
        }
        levels.entry(level).or_default().insert(package);
    }
    let mut reading = told(file.path, id, summary, levels);
    reading.warnings.extend(warnings);
    Ok(reading)
}

/// The package of a name, and what is strange about it.
fn package(name: &str, known: &[PackageId]) -> (PackageId, Option<String>) {
    let npm = PackageId::new(Ecosystem::Npm, name);
    if known.is_empty() || known.contains(&npm) {
        return (npm, None);
    }
    let named = name.parse::<PackageId>().ok().filter(|id| known.contains(id));
    let mut others = known.iter().filter(|id| **id == PackageId::new(id.ecosystem(), name));
    match (named, others.next(), others.next()) {
        (Some(id), ..) => (id, None),
        (None, Some(id), None) => (id.clone(), None),
        (None, Some(id), Some(_)) => (id.clone(), Some(format!("several packages are called `{name}`"))),
        (None, None, _) => (npm, Some(format!("the project has no package `{name}`"))),
    }
}

fn told(path: &str, id: &str, summary: &str, mut levels: BTreeMap<Level, BTreeSet<PackageId>>) -> Reading {
    let silent = levels.remove(&Level::None).unwrap_or_default();
    let mut how = format!("changeset `{id}`");
    if !silent.is_empty() {
        let names: Vec<String> = silent.iter().map(ToString::to_string).collect();
        how.push_str(&format!("; nothing is told of {}, whose level is none", names.join(", ")));
    }
    if levels.is_empty() {
        how.push_str(if silent.is_empty() { "; it names no package, so that it tells nothing" } else { "" });
        return Reading { how, ..Reading::default() };
    }
    let base = described(path, &fold::clean(summary));
    let mut warnings = Vec::new();
    if base.text.is_empty() {
        let text = format!("{path}: nothing stands below the front matter; say there what changed");
        warnings.push(Warning { origin: base.origin.clone(), text });
    }
    let about =
        About { commits: base.commits.clone(), pull_request: base.pull_request, subject: String::new() };
    let with = |(level, packages): (Level, BTreeSet<PackageId>)| {
        let kind = match level {
            Level::Major => Kind::Changed,
            Level::Minor => Kind::Added,
            Level::Patch | Level::None => Kind::Fixed,
        };
        let breaking = (level == Level::Major).then(|| base.text.clone());
        Change { kind, level, breaking, packages, ..base.clone() }
    };
    let changes = levels.into_iter().rev().map(with).collect();
    Reading { changes, warnings, how, about, ..Reading::default() }
}

/// The summary, without the lines by which authors name pull request, commit and people.
fn described(path: &str, summary: &str) -> Change {
    let mut change = Change {
        kind: Kind::Changed,
        level: Level::None,
        scope: None,
        text: String::new(),
        body: String::new(),
        breaking: None,
        packages: BTreeSet::new(),
        pull_request: None,
        commits: Vec::new(),
        authors: Vec::new(),
        issues: Vec::new(),
        origin: Origin::File(path.to_owned()),
    };
    let mut kept = String::new();
    for line in summary.lines() {
        if !named(line, &mut change) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    let (line, rest) = fold::head_and_rest(&kept);
    issues::in_text(&kept, false, &mut change.issues);
    change.text = fold::line(line);
    change.body = fold::body(rest);
    change
}

/// Reads `pr: #12`, `commit: 1f0c…` and `author: @ada`.
fn named(line: &str, change: &mut Change) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let value = value.trim();
    match fold::line(key).to_lowercase().as_str() {
        "pr" | "pull" | "pull request" if change.pull_request.is_none() => {
            change.pull_request = suffix::digits(value.trim_start_matches('#'));
            change.pull_request.is_some()
        }
        "commit"
            if change.commits.is_empty()
                && value.len() >= 7
                && value.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            change.commits.push(value.to_ascii_lowercase());
            true
        }
        "author" | "user" if !value.is_empty() && !value.contains(' ') => {
            authors::unite(&mut change.authors, [authors::account(value)]);
            true
        }
        _ => false,
    }
}
