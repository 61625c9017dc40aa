//! Finds out where a project states its version, for a first configuration.
//!
//! Nothing here is certain, so that the result is a proposal: only places that say the same version are in it, and
//! what was seen beside them is in its notes.

pub use elsewhere::stated_elsewhere;

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use tminus_versioning::{cargo, pep440};

use crate::{Elsewhere, Format, LocateError, Locator, Problem, RelPath, VersionFile};

mod elsewhere;
mod name;
mod python;
#[cfg(test)]
mod tests;

/// Where a project states its version, as far as its files tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The name of the project, as it is written.
    pub name: Option<String>,
    /// The places that state the version, the most authoritative first; all say the same.
    pub candidates: Vec<Candidate>,
    /// What was seen beside them.
    pub notes: Vec<Note>,
}

/// A place that states the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The file and how the version is found in it.
    pub file: VersionFile,
    /// The version as it is written there.
    pub text: String,
    /// The line, from 1.
    pub line: u32,
    /// The format that found it; nothing when a pattern did.
    pub format: Option<Format>,
}

/// Something about the version that is worth a person's look.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A file takes the version from elsewhere.
    Elsewhere {
        /// The file.
        path: RelPath,
        /// The line, from 1, when it is known.
        line: Option<u32>,
        /// From where.
        target: Elsewhere,
    },
    /// A file states another version than the first candidate.
    Differs {
        /// The file.
        path: RelPath,
        /// The line, from 1.
        line: u32,
        /// What it states.
        text: String,
    },
    /// A file states something that is no version.
    NotAVersion {
        /// The file.
        path: RelPath,
        /// The line, from 1.
        line: u32,
        /// What it states.
        text: String,
    },
    /// The version of a file cannot be found.
    Unreadable(LocateError),
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere { path, line: Some(line), target } => {
                write!(formatter, "{path}:{line}: {target}")
            }
            Self::Elsewhere { path, line: None, target } => write!(formatter, "{path}: {target}"),
            Self::Differs { path, line, text } => {
                write!(formatter, "{path}:{line}: says {text:?}, another version than the files before it")
            }
            Self::NotAVersion { path, line, text } => {
                write!(formatter, "{path}:{line}: {text:?} is not a version")
            }
            Self::Unreadable(error) => error.fmt(formatter),
        }
    }
}

/// Looks for the places where a Python project states its version, among the files that are tracked.
///
/// `names` are the paths of the files from the root, and `files` reads one of them. Looked at are pyproject.toml,
/// setup.cfg, what they refer to, setup.py, `__init__.py`, `__about__.py`, `_version.py` and `version.py` of the
/// packages in the root and in `src`, `lib` and `python`, Cargo.toml and package.json, in this order.
///
/// A version that comes from version control is stated nowhere: then there are no candidates.
///
/// ```
/// use tminus_manifests::discover::version_files;
///
/// let files = |path: &str| match path {
///     "setup.cfg" => Some(b"[metadata]\nname = demo\nversion = 0.4.0\n".to_vec()),
///     "demo/__init__.py" => Some(b"__version__ = \"0.4.0\"\n".to_vec()),
///     _ => None,
/// };
/// let found = version_files(&files, &["demo/__init__.py".to_owned(), "setup.cfg".to_owned()]);
/// assert_eq!(found.name.as_deref(), Some("demo"));
/// let paths: Vec<&str> = found.candidates.iter().map(|candidate| candidate.file.path.as_str()).collect();
/// assert_eq!(paths, ["setup.cfg", "demo/__init__.py"]);
/// ```
pub fn version_files(files: &dyn Fn(&str) -> Option<Vec<u8>>, names: &[String]) -> Discovery {
    let project = Project { files, names: names.iter().map(String::as_str).collect() };
    let mut search = Search { project: &project, seen: BTreeSet::new(), found: Discovery::default() };
    search.found.name = name::project_name(&project);

    let mut targets = Vec::new();
    for path in ["pyproject.toml", "setup.cfg"] {
        targets.extend(search.auto(path));
    }
    if targets.iter().any(|target| matches!(target, Elsewhere::VersionControl { .. })) {
        search.found.candidates.clear();
        return search.found;
    }
    for target in targets {
        for file in python::files_of(&project, &target) {
            search.consider(&file);
        }
    }
    if let Some(file) = python::setup_call(&project) {
        search.consider(&file);
    }
    for path in python::conventional_paths(&project, search.found.name.as_deref()) {
        search.source_file(&path);
    }
    for path in ["Cargo.toml", "package.json"] {
        search.auto(path);
    }
    search.found
}

/// The tracked files of a project.
struct Project<'a> {
    files: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    names: HashSet<&'a str>,
}

impl Project<'_> {
    fn has(&self, path: &str) -> bool {
        self.names.contains(path)
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        if self.has(path) { (self.files)(path) } else { None }
    }

    /// The text of a file that is neither too large nor binary.
    fn text(&self, path: &str) -> Option<String> {
        let bytes = self.read(path)?;
        crate::locate::read(&bytes).ok().map(str::to_owned)
    }
}

struct Search<'a> {
    project: &'a Project<'a>,
    seen: BTreeSet<RelPath>,
    found: Discovery,
}

impl Search<'_> {
    /// Looks at a file whose name tells its format; returns where else it says the version is.
    fn auto(&mut self, path: &str) -> Option<Elsewhere> {
        self.consider(&VersionFile::auto(path.parse().ok()?))
    }

    /// Looks at a source file by its `__version__`, or by another name in a module that exists for the version.
    fn source_file(&mut self, path: &str) {
        let Ok(rel_path) = path.parse::<RelPath>() else { return };
        for file in python::source_file(self.project, rel_path) {
            self.consider(&file);
        }
    }

    fn consider(&mut self, file: &VersionFile) -> Option<Elsewhere> {
        if self.seen.contains(&file.path) {
            return None;
        }
        let bytes = self.project.read(file.path.as_str())?;
        self.seen.insert(file.path.clone());
        let found = match file.locate(&bytes) {
            Ok(found) => found,
            Err(error) => return self.note(error),
        };
        let (path, line, text) = (file.path.clone(), found.line(), found.text().to_owned());
        let first = self.found.candidates.first();
        if text.parse::<pep440::Version>().is_err() && text.parse::<cargo::Version>().is_err() {
            self.found.notes.push(Note::NotAVersion { path, line, text });
        } else if first.is_some_and(|first| first.text != text) {
            self.found.notes.push(Note::Differs { path, line, text });
        } else {
            let format = match file.locator {
                Locator::Auto => Format::of(&path),
                Locator::Pattern(_) | Locator::Key(_) | Locator::Image(_) => None,
            };
            self.found.candidates.push(Candidate { file: file.clone(), text, line, format });
        }
        None
    }

    fn note(&mut self, error: LocateError) -> Option<Elsewhere> {
        match error.problem() {
            // Files that state no version, or ask for it while they run, are as they should be.
            Problem::NotFound { .. } | Problem::Computed => None,
            Problem::Elsewhere(target) => {
                let target = target.clone();
                let (path, line) = (error.path().clone(), error.line());
                self.found.notes.push(Note::Elsewhere { path, line, target: target.clone() });
                Some(target)
            }
            _ => {
                self.found.notes.push(Note::Unreadable(error));
                None
            }
        }
    }
}
