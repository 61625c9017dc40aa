//! The packages of a project: which there are, what they have to do with each other, and new versions for them.

mod bump;
mod select;
#[cfg(test)]
mod tests;
mod tools;

pub use bump::{BumpRequest, PinRequest, PinScope, Planned, Target};
pub use tools::{ToolReport, ToolRun};

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use tminus_manifests::bump::{Pin, Pins, Strategy};
use tminus_manifests::discover::stated_elsewhere;
use tminus_manifests::graph::group::{Group, GroupMember, Groups};
use tminus_manifests::graph::{ExtraEdge, Graph};
use tminus_manifests::workspace::{DiscoverError, DiscoverOptions, PackageVersion, Workspace};
use tminus_manifests::{Ecosystem, PackageId, RelPath, VersionFile};
use tminus_versioning::Scheme;

use crate::Exit;
use crate::config::{Config, OnBranch, Package, PinRule};

/// The packages of a project.
#[derive(Debug)]
pub struct Project {
    /// Where they lie.
    pub root: PathBuf,
    /// The packages, their manifests and their lock files.
    pub workspace: Workspace,
    /// Which of them needs which.
    pub graph: Graph,
    /// Which versions belong together.
    pub groups: Groups,
    /// The packages that tminus.toml lists, in its order.
    listed: Vec<PackageId>,
    /// Those of them that no manifest describes.
    beside: BTreeSet<PackageId>,
    /// Further places of versions, from tminus.toml.
    sites: BTreeMap<PackageId, Vec<VersionFile>>,
    default_pin: PinRule,
    pin_rules: BTreeMap<(PackageId, PackageId), PinRule>,
}

/// The branch that is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its name; empty where none is checked out.
    pub name: String,
    /// The name of the main branch.
    pub main: String,
}

impl Project {
    /// Looks at the tree below `root`, by the rules of a configuration where there is one.
    ///
    /// # Errors
    ///
    /// A manifest that cannot be read, two packages of one name, a configuration that names what is not there.
    pub fn discover(root: &Path, config: Option<&Config>) -> Result<Self, WorkspaceError> {
        let rules = config.map(|config| &config.workspace);
        let options = DiscoverOptions {
            include: rules.map(|rules| rules.include.clone()).unwrap_or_default(),
            exclude: rules.map(|rules| rules.exclude.clone()).unwrap_or_default(),
            threads: None,
        };
        let workspace =
            Workspace::discover(root, &options).map_err(|error| WorkspaceError::discover(&error))?;
        Self::of(root, workspace, config)
    }

    fn of(root: &Path, workspace: Workspace, config: Option<&Config>) -> Result<Self, WorkspaceError> {
        let mut listed = Vec::new();
        let mut beside = BTreeSet::new();
        let mut sites = BTreeMap::new();
        let mut pin_rules = BTreeMap::new();
        let mut extra = Vec::new();
        for package in config.iter().flat_map(|config| &config.packages) {
            let files: Vec<VersionFile> = package.version.iter().map(|site| site.0.clone()).collect();
            let Some(id) = identity(&workspace, package)? else {
                let needless = package.pins.is_empty() && package.depends.is_empty();
                if files.is_empty() || !needless {
                    return Err(undescribed(&workspace, package));
                }
                // Only the files that state its version are known: a project with a setup.py, for example.
                let id = PackageId::pypi(&package.name);
                beside.insert(id.clone());
                sites.insert(id.clone(), files);
                listed.push(id);
                continue;
            };
            for (to, rule) in &package.pins {
                pin_rules.insert((id.clone(), to.0.clone()), rule.clone());
            }
            for to in &package.depends {
                let why = "tminus.toml says so".to_owned();
                extra.push(ExtraEdge { from: id.clone(), to: to.0.clone(), why });
            }
            sites.insert(id.clone(), files);
            listed.push(id);
        }
        for package in workspace.packages() {
            let stated = sites.get(&package.id).is_some_and(|files: &Vec<VersionFile>| !files.is_empty());
            if let (PackageVersion::Elsewhere { source, .. }, false) = (&package.version, stated) {
                let file = stated_elsewhere(&package.directory, source, &|path| {
                    let path: RelPath = path.parse().ok()?;
                    read(root, &path).ok()
                });
                sites.extend(file.map(|file| (package.id.clone(), vec![file])));
            }
        }
        let graph = Graph::build(&workspace, &extra)
            .map_err(|error| WorkspaceError::usage(format!("tminus.toml: {error}")))?;
        let groups = groups(&workspace, config)?;
        let default_pin = config.map(|config| config.workspace.pins.clone()).unwrap_or_default();
        Ok(Self {
            root: root.to_owned(),
            workspace,
            graph,
            groups,
            listed,
            beside,
            sites,
            default_pin,
            pin_rules,
        })
    }

    /// The packages that words on a command line mean: `pypi:demo`, `demo`, `demo-*`, the name of a group.
    ///
    /// # Errors
    ///
    /// A word that means nothing here, or the same name in two ecosystems.
    pub fn select(&self, words: &[String]) -> Result<Vec<PackageId>, WorkspaceError> {
        select::select(self, words)
    }

    /// The version of a package as it is written: in its manifests, else in the files that state it beside them.
    pub fn version(&self, package: &tminus_manifests::workspace::Package) -> Option<String> {
        package.version.text().map(str::to_owned).or_else(|| self.version_beside(&package.id))
    }

    /// The version of a package that may be known from tminus.toml alone.
    fn version_of(&self, id: &PackageId) -> Option<String> {
        let package = self.workspace.package(id);
        package.map_or_else(|| self.version_beside(id), |package| self.version(package))
    }

    fn version_beside(&self, id: &PackageId) -> Option<String> {
        let file = self.sites.get(id)?.first()?;
        let found = file.locate(&read(&self.root, &file.path).ok()?).ok()?;
        Some(found.text().to_owned())
    }

    /// How a package writes versions.
    pub fn scheme(id: &PackageId) -> Scheme {
        match id.ecosystem() {
            Ecosystem::Pypi => Scheme::Pep440,
            Ecosystem::Npm => Scheme::Npm,
            Ecosystem::Go => Scheme::Go,
            Ecosystem::Oci => Scheme::Oci,
            _ => Scheme::Semver,
        }
    }

    /// How constraints follow on a branch.
    fn pins(&self, branch: &Branch) -> Pins {
        let on = |id: Option<&PackageId>, rule: &PinRule| {
            let scheme = id.map_or(Scheme::Pep440, Self::scheme);
            let holds = |on: &OnBranch| on.holds(&branch.name, &branch.main, scheme);
            if rule.on.as_ref().is_none_or(holds) {
                rule.pin
            } else {
                Pin { strategy: Strategy::Leave, ..rule.pin }
            }
        };
        let rules = self
            .pin_rules
            .iter()
            .map(|((from, to), rule)| ((from.clone(), to.clone()), on(Some(from), rule)));
        Pins { default: on(None, &self.default_pin), rules: rules.collect(), only_in: None, staged: false }
    }
}

/// The bytes of a file that may state a version.
fn read(root: &Path, path: &RelPath) -> io::Result<Vec<u8>> {
    crate::files::read_limited(&path.below(root), crate::edits::LIMIT_BYTES)
}

/// The package of the tree that a table of tminus.toml is about; nothing where no manifest here describes it.
fn identity(workspace: &Workspace, package: &Package) -> Result<Option<PackageId>, WorkspaceError> {
    let directory = package.path.as_ref().and_then(|path| path.0.as_ref()).map(RelPath::as_str);
    let is_it = |found: &&tminus_manifests::workspace::Package| {
        PackageId::new(found.id.ecosystem(), &package.name) == found.id
            && directory.is_none_or(|directory| found.directory == directory)
    };
    let found: Vec<&PackageId> = workspace.packages().iter().filter(is_it).map(|found| &found.id).collect();
    // What is published goes to an index of Python packages.
    let published = found.iter().find(|id| id.ecosystem() == Ecosystem::Pypi && !package.publish.is_empty());
    match (found.as_slice(), published) {
        ([], _) => Ok(None),
        ([only], _) => Ok(Some((*only).clone())),
        (_, Some(published)) => Ok(Some((*published).clone())),
        (several, None) => {
            let several: Vec<String> = several.iter().map(|id| format!("`{id}`")).collect();
            let what = format!("tminus.toml: `{}` is several packages: {}", package.name, several.join(", "));
            Err(WorkspaceError::usage(what).with_remedy("say which directory it lies in: path = \"...\""))
        }
    }
}

/// A table of tminus.toml is about nothing that is here.
fn undescribed(workspace: &Workspace, package: &Package) -> WorkspaceError {
    let names = workspace.packages().iter().map(|package| package.id.name());
    let meant = crate::config::nearest(&package.name, names);
    let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    WorkspaceError::usage(format!(
        "tminus.toml: no manifest here describes the package `{}`{meant}",
        package.name
    ))
    .with_remedy("mend its name, or list the files that state its version: version = [\"…\"]")
}

fn groups(workspace: &Workspace, config: Option<&Config>) -> Result<Groups, WorkspaceError> {
    let mut groups = Vec::new();
    for rule in config.iter().flat_map(|config| &config.groups) {
        let mut members: Vec<GroupMember> = Vec::new();
        for word in &rule.packages {
            members.extend(select::members(workspace, word).map_err(|why| {
                WorkspaceError::usage(format!("tminus.toml: group `{}`: {why}", rule.name))
            })?);
        }
        groups.push(Group { name: rule.name.clone(), kind: rule.kind.into(), members });
    }
    let ids = workspace.packages().iter().map(|package| &package.id);
    Groups::resolve(&groups, ids).map_err(|error| WorkspaceError::usage(format!("tminus.toml: {error}")))
}

/// Packages cannot be told, or a change of them cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct WorkspaceError {
    /// How the process ends.
    pub exit: Exit,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedies: Vec<String>,
}

impl WorkspaceError {
    fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), remedies: Vec::new() }
    }

    fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    fn discover(error: &DiscoverError) -> Self {
        // The patterns that come from no manifest are those of the configuration.
        match error {
            DiscoverError::Pattern { file: None, .. } => {
                Self::usage(format!("tminus.toml: [workspace]: {error}"))
            }
            _ => Self::usage(error.to_string()),
        }
    }

    fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedies.push(remedy.into());
        self
    }
}
