//! What stands in files of the repository: change files, overrides, settings of forges, names of people.

use std::collections::BTreeSet;

use tminus_manifests::{PackageId, RelPath};
use tminus_vcs::{CommitId, Repository};

use super::read::files::{ChangeFile, Files, changesets, towncrier};
use super::read::{FileError, Overrides, overrides};
use super::scope::Scope;
use super::write::{Mailmap, ReleaseYml};
use super::{ChangesError, Reading, Warning};
use crate::config::SourceWord;

/// The largest file of these kinds that is read.
const LIMIT: u64 = 4 * 1024 * 1024;
/// More change files than this are no change files.
const MOST_FILES: usize = 20_000;
/// Where changesets keep theirs, where nothing else is said.
const CHANGESETS: &str = ".changeset";

/// Files of one commit.
pub(super) struct Tree<'r> {
    repository: &'r Repository,
    commit: &'r CommitId,
}

impl<'r> Tree<'r> {
    pub(super) fn new(scope: &'r Scope, commit: &'r CommitId) -> Self {
        Self { repository: &scope.repository, commit }
    }

    fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, ChangesError> {
        Ok(self.repository.read_file(self.commit, path, LIMIT)?)
    }

    pub(super) fn text(&self, path: &str) -> Result<Option<String>, ChangesError> {
        let Some(bytes) = self.bytes(path)? else { return Ok(None) };
        String::from_utf8(bytes).map(Some).map_err(|_| ChangesError::File {
            path: path.to_owned(),
            line: None,
            reason: "it is not UTF-8".to_owned(),
        })
    }

    fn below(&self, directory: &str, found: &mut Vec<(String, Vec<u8>)>) -> Result<(), ChangesError> {
        let files = self.repository.files_below(self.commit, directory)?;
        if found.len() + files.len() > MOST_FILES {
            let reason = format!("more than {MOST_FILES} change files");
            return Err(ChangesError::File { path: directory.to_owned(), line: None, reason });
        }
        let paths = files.into_iter().filter(|file| !file.lossy).map(|file| file.path);
        found.extend(self.all(paths.collect())?);
        Ok(())
    }

    /// Those of the files that are there.
    fn all(&self, paths: Vec<String>) -> Result<Vec<(String, Vec<u8>)>, ChangesError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let views: Vec<&str> = paths.iter().map(String::as_str).collect();
        let contents = self.repository.read_files(self.commit, &views, LIMIT)?;
        Ok(paths.into_iter().zip(contents).filter_map(|(path, bytes)| Some((path, bytes?))).collect())
    }
}

impl From<FileError> for ChangesError {
    fn from(error: FileError) -> Self {
        Self::File { path: error.path, line: Some(error.line), reason: error.message }
    }
}

/// The change files that wait in a commit.
///
/// # Errors
///
/// Unreadable trees. A file that cannot be read as a change file is a warning in its reading.
pub(super) fn change_files(scope: &Scope, commit: &CommitId) -> Result<Files, ChangesError> {
    if !scope.reads(SourceWord::Files) {
        return Ok(Files::default());
    }
    let tree = Tree::new(scope, commit);
    let mut all = Files::default();
    let at_prefix = |name: &str| match scope.prefix.as_str() {
        "" => name.to_owned(),
        prefix => format!("{prefix}/{name}"),
    };
    let mut found = Vec::new();
    let own = scope.config.files.as_deref();
    tree.below(&at_prefix(own.unwrap_or(CHANGESETS)), &mut found)?;
    let known: Vec<PackageId> = scope.owners.iter().map(|owner| owner.id.clone()).collect();
    let is_changeset = |path: &str| path.contains(".changeset/") || path.ends_with(".md");
    let (changesets, _): (Vec<_>, Vec<_>) = found.iter().partition(|(path, _)| is_changeset(path));
    let views: Vec<ChangeFile<'_>> =
        changesets.iter().map(|(path, bytes)| ChangeFile { path, bytes }).collect();
    extend(&mut all, changesets::read(&views, &known));
    for (settings, package) in towncrier_settings(scope, &tree, &mut all)? {
        let mut fragments = Vec::new();
        for (_, directory) in settings.directories() {
            tree.below(&directory, &mut fragments)?;
        }
        let views: Vec<ChangeFile<'_>> =
            fragments.iter().map(|(path, bytes)| ChangeFile { path, bytes }).collect();
        extend(&mut all, towncrier::read(&settings, &views, package.as_ref(), &scope.rules));
    }
    Ok(all)
}

fn extend(all: &mut Files, more: Files) {
    all.readings.extend(more.readings);
    all.consumed.extend(more.consumed);
    all.noted.extend(more.noted);
}

/// The settings of towncrier at the top and beside each package.
fn towncrier_settings(
    scope: &Scope,
    tree: &Tree<'_>,
    all: &mut Files,
) -> Result<Vec<(towncrier::Settings, Option<PackageId>)>, ChangesError> {
    let mut directories: BTreeSet<&str> = BTreeSet::from([scope.prefix.as_str()]);
    directories.extend(scope.owners.iter().map(|owner| owner.directory.as_str()));
    let path = |directory: &str, name: &str| {
        if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
    };
    let names = ["towncrier.toml", "pyproject.toml"];
    let paths = directories.into_iter().flat_map(|directory| names.map(|name| path(directory, name)));
    let files = tree.all(paths.collect())?;
    let views: Vec<ChangeFile<'_>> = files.iter().map(|(path, bytes)| ChangeFile { path, bytes }).collect();
    let mut settings = Vec::new();
    for found in towncrier::find(&views) {
        match found {
            Ok(found) => {
                let directory = found.path.rsplit_once('/').map_or("", |(directory, _)| directory);
                let owner = scope.owners.iter().find(|owner| owner.directory == directory);
                settings.push((found, owner.map(|owner| owner.id.clone())));
            }
            Err(error) => all.readings.push(Reading {
                warnings: vec![Warning {
                    origin: super::Origin::File(error.path.clone()),
                    text: error.to_string(),
                }],
                ..Reading::default()
            }),
        }
    }
    Ok(settings)
}

/// What the project says afterwards.
///
/// # Errors
///
/// A file that is none of overrides, or that tminus.toml names and is not there.
pub(super) fn overrides(scope: &Scope, commit: &CommitId) -> Result<Overrides, ChangesError> {
    let path = scope.config.overrides.as_deref().unwrap_or(overrides::FILE_NAME);
    if let Some(text) = in_work_tree(scope, commit, path)? {
        return Ok(Overrides::parse(path, &text)?);
    }
    match Tree::new(scope, commit).text(path)? {
        Some(text) => Ok(Overrides::parse(path, &text)?),
        None if scope.config.overrides.is_some() => Err(ChangesError::File {
            path: path.to_owned(),
            line: None,
            reason: "tminus.toml names this file, and it is not in the commit".to_owned(),
        }),
        None => Ok(Overrides::default()),
    }
}

/// A file as it lies in the work tree, where the commit is what is checked out: who has just written it looks what it does.
fn in_work_tree(scope: &Scope, commit: &CommitId, path: &str) -> Result<Option<String>, ChangesError> {
    let Some(top) = scope.repository.work_dir() else { return Ok(None) };
    if scope.repository.head()?.commit.as_ref() != Some(commit) || path.parse::<RelPath>().is_err() {
        return Ok(None);
    }
    let place = top.join(path);
    let found = std::fs::symlink_metadata(&place).ok();
    if !found.is_some_and(|found| found.is_file() && found.len() <= LIMIT) {
        return Ok(None);
    }
    std::fs::read_to_string(&place).map(Some).map_err(|error| ChangesError::File {
        path: path.to_owned(),
        line: None,
        reason: error.to_string(),
    })
}

/// The settings of generated notes, with their path.
///
/// # Errors
///
/// A file that is none.
pub(super) fn release_yml(
    scope: &Scope,
    commit: &CommitId,
) -> Result<Option<(String, ReleaseYml)>, ChangesError> {
    let tree = Tree::new(scope, commit);
    for path in [".github/release.yml", ".github/release.yaml"] {
        if let Some(text) = tree.text(path)? {
            let settings = ReleaseYml::parse(path, &text).map_err(|error| ChangesError::File {
                path: error.path,
                line: usize::try_from(error.line).ok(),
                reason: error.message,
            })?;
            return Ok(Some((path.to_owned(), settings)));
        }
    }
    Ok(None)
}

/// Under which names people go.
///
/// # Errors
///
/// An unreadable repository.
pub(super) fn mailmap(scope: &Scope, commit: &CommitId) -> Result<Mailmap, ChangesError> {
    let bytes = Tree::new(scope, commit).bytes(".mailmap")?.unwrap_or_default();
    Ok(Mailmap::parse(&String::from_utf8_lossy(&bytes)))
}
