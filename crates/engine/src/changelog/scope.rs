//! What a changelog is about: the repository, its packages, its rules.

use tminus_manifests::PackageId;
use tminus_vcs::Repository;
use tminus_versioning::{ReleaseVersion, Scheme};

use super::tags::{ReleaseTags, TagNames, TagOwner};
use super::{ChangesError, read};
use crate::config::{Branches, ChangelogRules, Config, KindRule, SourceWord, Train};
use crate::workspace::Project;

/// What a changelog is about.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The repository.
    pub repository: Repository,
    /// Where the project lies in it, with `/` between and none at the end; empty for the top.
    pub prefix: String,
    /// The packages.
    pub owners: Vec<Owner>,
    /// How sources are read.
    pub rules: read::Rules,
    /// Where changes are read.
    pub sources: Vec<SourceWord>,
    /// The rest of what tminus.toml says.
    pub config: ChangelogRules,
    /// The tags of releases.
    pub names: TagNames,
    /// The branch that is checked out is one on which releases of side branches count.
    pub side_branches: bool,
}

/// A package, as far as paths and tags tie changes to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Which it is.
    pub id: PackageId,
    /// Its directory from the top of the repository; empty for the top itself.
    pub directory: String,
    /// Its version, as it is written.
    pub version: Option<String>,
}

impl Scope {
    /// Puts together what is known of a project.
    ///
    /// # Errors
    ///
    /// No repository; a train that cannot be chosen.
    pub fn new(
        project: &Project,
        config: Option<&Config>,
        train: Option<&str>,
    ) -> Result<Self, crate::ReleaseError> {
        let repository = Repository::discover(&project.root)?;
        let top = repository.work_dir().map(ToOwned::to_owned);
        let prefix = top.and_then(|top| project.root.canonicalize().ok()?.strip_prefix(top).ok().map(text));
        let prefix = prefix.unwrap_or_default();
        let owners = project.workspace.packages().iter().filter(|package| !is_frame(package));
        let owners = owners
            .map(|package| Owner {
                id: package.id.clone(),
                directory: joined(&prefix, &package.directory),
                version: project.version(package),
            })
            .collect();
        let changelog = config.map(|config| config.changelog.clone()).unwrap_or_default();
        let train = config.map(|config| config.train(train)).transpose()?;
        let names = match (&changelog.tags, &train) {
            (Some(glob), _) => TagNames::Glob(glob.clone()),
            (None, Some((_, train))) => {
                TagNames::Train { pattern: train.tag.name.clone(), scheme: train.scheme }
            }
            (None, None) => TagNames::Usual,
        };
        let train = train.map(|(_, train)| train);
        Ok(Self {
            side_branches: is_main(&repository, train)?,
            rules: rules(&changelog),
            sources: changelog.sources.clone().unwrap_or_else(|| SourceWord::ALL.to_vec()),
            config: changelog,
            repository,
            prefix,
            owners,
            names,
        })
    }

    /// The tags of releases.
    ///
    /// # Errors
    ///
    /// Unreadable tags, or a pattern that is none.
    pub fn tags(&self) -> Result<ReleaseTags, ChangesError> {
        let owners: Vec<TagOwner<'_>> =
            self.owners.iter().map(|owner| TagOwner { id: &owner.id, directory: &owner.directory }).collect();
        ReleaseTags::read(&self.repository.tags()?, &self.names, &owners)
            .map_err(|reason| ChangesError::Tags { reason })
    }

    /// A version as the project writes it.
    pub(super) fn spelt(&self, version: &ReleaseVersion) -> String {
        let scheme = match &self.names {
            TagNames::Train { scheme, .. } => *scheme,
            _ => Scheme::Pep440,
        };
        version.render(scheme).unwrap_or_else(|_| version.to_string())
    }

    /// Whether changes are read there.
    pub fn reads(&self, source: SourceWord) -> bool {
        self.sources.contains(&source)
    }
}

/// The root of a workspace that is only its frame: it is never released, so changes of files beside the packages are
/// nobody's.
fn is_frame(package: &tminus_manifests::workspace::Package) -> bool {
    package.private && package.directory.is_empty() && package.workspace.is_some()
}

/// Whether the branch that is checked out leads to new majors and minors and not to patches of one line only.
fn is_main(repository: &Repository, train: Option<&Train>) -> Result<bool, tminus_vcs::RepositoryError> {
    let Some(branch) = repository.head()?.branch else { return Ok(false) };
    let said = train.map(|train| (&train.branches, train.scheme));
    Ok(match said {
        Some((Branches { main: Some(main), .. }, _)) => branch == *main,
        // Where lines have names, every other branch is one of work on the next release.
        Some((Branches { line: Some(line), .. }, scheme)) => line.parse(branch.as_str(), scheme).is_none(),
        _ => matches!(branch.as_str(), "main" | "master"),
    })
}

fn text(path: &std::path::Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn joined(prefix: &str, directory: &str) -> String {
    match (prefix, directory) {
        ("", directory) => directory.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, directory) => format!("{prefix}/{directory}"),
    }
}

fn rules(config: &ChangelogRules) -> read::Rules {
    let mut rules = read::Rules::default();
    for (word, rule) in &config.types {
        rules.types.insert(word.to_lowercase(), asks(rule));
        rules.fragments.insert(word.to_lowercase(), asks(rule));
    }
    // Those of the project stand before the usual ones.
    let own = config.labels.iter().map(|(label, rule)| {
        let is = if rule.kind.is_none() { read::LabelRule::Nothing } else { read::LabelRule::Is(asks(rule)) };
        (label.clone(), is)
    });
    rules.labels = own.chain(rules.labels).collect();
    rules
}

fn asks(rule: &KindRule) -> read::Asks {
    use super::{Kind, Level};
    let kind = rule.kind.clone().unwrap_or_else(|| Kind::Other("none".to_owned()));
    let usual = match kind {
        _ if rule.kind.is_none() => Level::None,
        Kind::Added => Level::Minor,
        Kind::Documentation | Kind::Unknown | Kind::Other(_) => Level::None,
        _ => Level::Patch,
    };
    read::Asks::new(kind, rule.level.unwrap_or(usual))
}
