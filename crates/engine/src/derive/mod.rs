//! The version of a commit, as setuptools-scm computes it for the same project.
//!
//! [`derive()`] answers what `python -m setuptools_scm` prints in the same directory: it finds the project's own table
//! (`[tool.setuptools_scm]`, `[tool.vcs-versioning]`, or hatch-vcs in `[tool.hatch.version]`), asks the repository through
//! `tminus-vcs`, and leaves the rest to the rules of [`tminus_versioning::scm`]. Measured on setuptools-scm 10.3.4 and
//! hatch-vcs 0.5.0. No program is run and nothing is written.
//!
//! A commit other than the one that is checked out gets the version that a clean, detached check-out of it would get;
//! its own `pyproject.toml` counts. Where the revision is the name of a local branch, that branch counts as checked out.
//!
//! # Deviations
//!
//! - What only Python can do is refused: `parse`, `version_cls`, schemes of the project's own. So are a describe command
//!   that is not `git describe`, `scm.git.distance_scope`, Mercurial, and projects whose version PDM makes.
//! - `fetch_on_shallow` is an error in a shallow clone: nothing here fetches.
//! - `scm_version.json` of a source archive is not read; the `PKG-INFO` beside it is, which states the same version.

mod archive;
mod command;
mod configure;
mod error;
mod expression;
mod ground;
mod metadata;
mod repository;
mod settings;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use error::DeriveError;
use ground::Ground;
pub use table::Place;
use tminus_vcs::{CommitId, Configuration, Repository, RepositoryError};
use tminus_versioning::DateTime;
use tminus_versioning::scm::{Environment, Facts, Fragments, ScmVersion, Settings};

use repository::Opened;
use settings::Configured;

/// What is asked, for any number of commits.
#[derive(Debug, Clone)]
pub struct Question {
    /// The directory of the project, or one below it.
    pub dir: PathBuf,
    /// Whether the project's own settings are left out. The repository is then looked for upwards.
    pub defaults: bool,
    /// The variables of the environment; `SETUPTOOLS_SCM_…`, `VCS_VERSIONING_…` and `SOURCE_DATE_EPOCH` are read.
    pub variables: Vec<(String, String)>,
    /// The time where `SOURCE_DATE_EPOCH` states none.
    pub now: DateTime,
    /// Which configuration of git counts.
    pub configuration: Configuration,
}

/// Which commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision<'r> {
    /// What is checked out, with its changes.
    WorkTree,
    /// A commit, a tag, a branch, or any other revision.
    Named(&'r str),
}

/// A version and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// The text that setuptools-scm prints; it need not be a version.
    pub version: String,
    /// What the version was made from.
    pub source: Source,
    /// The commit.
    pub commit: Option<CommitId>,
    /// What is known of the commit.
    pub facts: Option<Facts>,
    /// The file of settings and its table.
    pub settings: Option<(PathBuf, Option<&'static str>)>,
    /// What there is to warn of.
    pub warnings: Vec<String>,
}

/// What a version was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The repository at this directory.
    Repository(PathBuf),
    /// A variable of the environment.
    Environment,
    /// A file of an unpacked archive.
    File(PathBuf),
    /// The name of the directory, or the fallback version.
    Settings,
}

impl Source {
    /// A word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Repository(_) => "repository",
            Self::Environment => "environment",
            Self::File(_) => "file",
            Self::Settings => "settings",
        }
    }
}

/// The version of one commit.
///
/// # Errors
///
/// - a directory that is no repository and states no version: [`DeriveError::NoVersion`]
/// - a wrong or unknown key in the project's table: [`DeriveError::Setting`] with file and line
/// - a tag without a readable version, changes that the settings forbid: [`DeriveError::Scm`]
/// - a revision that means no commit: [`DeriveError::Revision`]
///
/// ```
/// use tminus_engine::derive::{DeriveError, Question, Revision, derive};
/// use tminus_vcs::Configuration;
/// use tminus_versioning::DateTime;
///
/// let dir = tempfile::tempdir()?;
/// let question = Question {
///     dir: dir.path().to_owned(),
///     defaults: false,
///     variables: vec![("SETUPTOOLS_SCM_PRETEND_VERSION".to_owned(), "1.0".to_owned())],
///     now: DateTime::from_unix_seconds(0).ok_or("no time")?,
///     configuration: Configuration::RepositoryOnly,
/// };
/// assert_eq!(derive(&question, Revision::WorkTree)?.version, "1.0");
///
/// let question = Question { variables: Vec::new(), ..question };
/// assert!(matches!(derive(&question, Revision::WorkTree), Err(DeriveError::NoVersion { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn derive(question: &Question, revision: Revision<'_>) -> Result<Derivation, DeriveError> {
    Deriver::new(question.clone()).derive(revision)
}

/// Answers for one commit after the other: the repository is opened once.
pub struct Deriver {
    question: Question,
    opened: Option<Opened>,
}

impl Deriver {
    /// Nothing is read before the first answer.
    pub fn new(question: Question) -> Self {
        Self { question, opened: None }
    }

    /// The version of a commit.
    ///
    /// # Errors
    ///
    /// As for [`derive()`].
    ///
    /// ```no_run
    /// # use tminus_engine::derive::{DeriveError, Deriver, Question, Revision};
    /// # fn versions(question: Question) -> Result<(), DeriveError> {
    /// let mut deriver = Deriver::new(question);
    /// let tagged = deriver.derive(Revision::Named("v1.0"))?;
    /// assert_eq!(tagged.version, "1.0");
    /// # Ok(())
    /// # }
    /// ```
    pub fn derive(&mut self, revision: Revision<'_>) -> Result<Derivation, DeriveError> {
        let dir = self.question.dir.canonicalize().map_err(|error| DeriveError::Unreadable {
            path: self.question.dir.clone(),
            reason: error.to_string(),
        })?;
        match revision {
            Revision::WorkTree => self.answer(&Ground::Disk, &dir, None),
            Revision::Named(revision) => {
                let (ground, dir, target) = self.commit(&dir, revision)?;
                self.answer(&ground, &dir, Some(target))
            }
        }
    }

    /// A commit as if it were checked out where the repository is.
    fn commit(&mut self, dir: &Path, revision: &str) -> Result<(Ground, PathBuf, Target), DeriveError> {
        let opened = match self.opened.take() {
            Some(opened) => opened,
            None => match Repository::discover_with(dir, self.question.configuration) {
                Ok(repository) => Opened::new(&repository)?,
                Err(RepositoryError::NotARepository { .. }) => {
                    return Err(DeriveError::NoVersion { dir: dir.to_owned(), above: None });
                }
                Err(error) => return Err(error.into()),
            },
        };
        let opened = self.opened.insert(opened);
        let top = opened.top().to_owned();
        let commit = opened
            .history
            .resolve(revision)
            .ok_or_else(|| DeriveError::Revision { revision: revision.to_owned() })?;
        let branch = opened.branch_of(revision)?;
        let dir =
            if dir.starts_with(&top) && !dir.starts_with(top.join(".git")) { dir } else { &top }.to_owned();
        let ground =
            Ground::Commit { top, history: Box::new(opened.history.clone()), commit: commit.clone() };
        Ok((ground, dir, Target { commit, branch }))
    }

    fn answer(
        &mut self,
        ground: &Ground,
        dir: &Path,
        target: Option<Target>,
    ) -> Result<Derivation, DeriveError> {
        let configured = configure::configure(ground, dir, &self.question)?;
        let settings = configured.settings(fragments(ground, &configured)?);
        let variables = self.question.variables.clone();
        let environment = Environment::new(&variables, configured.distribution.as_deref());
        let mut warnings = configured.warnings.clone();
        let Found { source, commit, facts, mut version } = match environment.pretended_version(self.now())? {
            Some(version) => Found {
                source: Source::Environment,
                commit: target.map(|target| target.commit),
                facts: None,
                version,
            },
            None => self.find(ground, &configured, &settings, target.as_ref(), &mut warnings)?,
        };
        if let Some(overrides) = metadata::read(&environment, &mut warnings)? {
            version.override_with(&overrides)?;
        }
        let derived = version.format(&settings)?;
        warnings.extend(derived.warnings().iter().map(ToString::to_string));
        let settings = configured.file.clone().map(|file| (file, configured.table));
        Ok(Derivation { version: derived.as_str().to_owned(), source, commit, facts, settings, warnings })
    }

    /// Looks for the repository, and for what stands for one.
    fn find(
        &mut self,
        ground: &Ground,
        configured: &Configured,
        settings: &Settings<'_>,
        target: Option<&Target>,
        warnings: &mut Vec<String>,
    ) -> Result<Found, DeriveError> {
        let now = self.now();
        let root = configured.probe_root();
        let mut dirs: Vec<PathBuf> = vec![root.clone()];
        if configured.search_parents {
            dirs.extend(root.ancestors().skip(1).map(Path::to_owned));
        }
        for dir in &dirs {
            if self.open(ground, dir, warnings)? {
                check_path(configured, dir)?;
                let Some(opened) = &mut self.opened else { break };
                let (commit, facts) = opened.facts(settings, target, warnings)?;
                let version = ScmVersion::from_facts(&facts, settings, now)?;
                let source = Source::Repository(dir.clone());
                return Ok(Found { source, commit, facts: Some(facts), version });
            }
        }
        if !dirs.contains(&configured.project) {
            dirs.push(configured.project.clone());
        }
        if let Some(found) = archive::find(ground, &dirs, settings, now, warnings)? {
            let source = Source::File(found.file);
            return Ok(Found { source, commit: None, facts: found.facts, version: found.version });
        }
        let name = configured.project.file_name().unwrap_or_default().to_string_lossy();
        match ScmVersion::without_repository(&name, settings, now)? {
            Some(version) => Ok(Found { source: Source::Settings, commit: None, facts: None, version }),
            None => {
                let above =
                    root.ancestors().skip(1).find(|dir| dir.join(".git").exists()).map(Path::to_owned);
                Err(DeriveError::NoVersion { dir: root, above })
            }
        }
    }

    /// Opens the repository whose top is a directory, if it is one.
    fn open(&mut self, ground: &Ground, dir: &Path, warnings: &mut Vec<String>) -> Result<bool, DeriveError> {
        if let Ground::Commit { top, .. } = ground {
            return Ok(dir == top);
        }
        if dir.join(".hg").is_dir() {
            return Err(DeriveError::OtherTool { dir: dir.to_owned(), tool: "Mercurial" });
        }
        if !dir.join(".git").exists() {
            return Ok(false);
        }
        if dir.join(".jj").is_dir() {
            warnings.push(format!("{} belongs to Jujutsu, too; git's view of it counts here", dir.display()));
        }
        if self.opened.as_ref().is_some_and(|opened| opened.top() == dir) {
            return Ok(true);
        }
        match Repository::open_with(dir, self.question.configuration) {
            Ok(repository) => self.opened = Some(Opened::new(&repository)?),
            Err(RepositoryError::NotARepository { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        Ok(true)
    }

    fn now(&self) -> DateTime {
        let epoch = self.question.variables.iter().find(|(name, _)| name == "SOURCE_DATE_EPOCH");
        let epoch = epoch.and_then(|(_, value)| value.trim().parse().ok());
        epoch.and_then(DateTime::from_unix_seconds).unwrap_or(self.question.now)
    }
}

impl std::fmt::Debug for Deriver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the variables: one of them may be a secret.
        f.debug_struct("Deriver").field("dir", &self.question.dir).finish_non_exhaustive()
    }
}

/// A commit that is asked for by its name.
struct Target {
    commit: CommitId,
    branch: String,
}

struct Found {
    source: Source,
    commit: Option<CommitId>,
    facts: Option<Facts>,
    version: ScmVersion,
}

/// Whether the project lies where its settings say.
fn check_path(configured: &Configured, top: &Path) -> Result<(), DeriveError> {
    let Some(expected) = &configured.project_path else { return Ok(()) };
    let found = configure::relative(top, &configured.project).unwrap_or_default();
    if *expected == found {
        return Ok(());
    }
    Err(DeriveError::OtherPath { expected: expected.clone(), found })
}

/// The changelog fragments, where the version depends on them.
fn fragments(ground: &Ground, configured: &Configured) -> Result<Fragments, DeriveError> {
    if !configured.wants_fragments() {
        return Ok(Fragments::default());
    }
    let root = &configured.project;
    let mut directory = None;
    for (file, path) in [("pyproject.toml", &["tool", "towncrier"][..]), ("towncrier.toml", &[])] {
        let Some(text) = ground.read(&root.join(file))? else { continue };
        let entries = table::read(file, &text)?;
        let found = table::at(&entries, path)?.and_then(|table| table.get("directory"));
        if let Some(found) = found {
            directory = Some(found.text("directory")?.to_owned()).filter(|directory| !directory.is_empty());
        }
        if directory.is_some() {
            break;
        }
    }
    let directory = directory.unwrap_or_else(|| "changelog.d".to_owned());
    let names = ground.names(&settings::plain(&root.join(directory)))?;
    Ok(Fragments::from_file_names(names.iter().map(String::as_str)))
}
