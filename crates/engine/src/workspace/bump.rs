//! New versions for packages, and constraints that follow versions.

use std::collections::{BTreeMap, BTreeSet};

use tminus_manifests::bump::{self, BumpError, Change, Outcome, Pin, PinFate, Strategy};
use tminus_manifests::graph::group::{Asked, CurrentVersion, GroupKind};
use tminus_manifests::workspace::{Package, PackageVersion};
use tminus_manifests::{Ecosystem, PackageId, RelPath};
use tminus_versioning::{ExistingVersions, Level, NextStep, ReleaseVersion, Scheme, npm, semver};

use super::{Branch, Project, WorkspaceError};
use crate::Exit;

/// Which version packages get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The next one of a kind.
    Step(NextStep),
    /// This one, as somebody wrote it.
    Version(String),
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "major" => Self::Step(NextStep::Release(Level::Major)),
            "minor" => Self::Step(NextStep::Release(Level::Minor)),
            "patch" => Self::Step(NextStep::Release(Level::Patch)),
            "candidate" => Self::Step(NextStep::Candidate(None)),
            "final" => Self::Step(NextStep::Final),
            "post" => Self::Step(NextStep::Post),
            "dev" => Self::Step(NextStep::Dev(None)),
            version if version.starts_with(|c: char| c.is_ascii_digit() || c == 'v') => {
                Self::Version(version.to_owned())
            }
            _ => {
                return Err(format!(
                    "`{text}` is neither a version nor one of major, minor, patch, candidate, final, post, dev"
                ));
            }
        })
    }
}

/// Whose constraints follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PinScope {
    /// Those of every package.
    #[default]
    All,
    /// Those of packages that get a version too.
    Bumped,
    /// Nobody's.
    None,
}

/// New versions for packages.
#[derive(Debug, Clone)]
pub struct BumpRequest {
    /// Which version.
    pub to: Target,
    /// What gets it, as words; nothing for what is usual.
    pub packages: Vec<String>,
    /// Whether every package gets it.
    pub all: bool,
    /// What packages get whose constraints change.
    pub dependents: Option<Target>,
    /// Whose constraints follow.
    pub pins: PinScope,
    /// Whether lock files are left alone.
    pub without_locks: bool,
    /// Whether versions and constraints may go down.
    pub allow_lowering: bool,
}

/// Constraints that follow versions.
#[derive(Debug, Clone)]
pub struct PinRequest {
    /// Packages with or without `@version`.
    pub packages: Vec<String>,
    /// Whose constraints; everybody's where none is named.
    pub only_in: Vec<String>,
    /// What they look like; nothing for what the configuration says.
    pub shape: Option<Strategy>,
    /// Whether those are written that wait, and only those.
    pub staged: bool,
    /// Whether lock files are left alone.
    pub without_locks: bool,
    /// Whether constraints may go down.
    pub allow_lowering: bool,
}

/// A change that is computed and not written.
#[derive(Debug)]
pub struct Planned {
    /// What it comes to.
    pub outcome: Outcome,
    /// Why a package gets a version that nobody asked for by name: its group, or a constraint.
    pub because: BTreeMap<PackageId, String>,
    /// Packages that were meant by `all` and get none, with the reason.
    pub skipped: BTreeMap<PackageId, String>,
}

impl Project {
    /// Computes new versions.
    ///
    /// # Errors
    ///
    /// Words that mean no package, a version that does not go up, a constraint that cannot follow.
    pub fn bump(&self, branch: &Branch, request: &BumpRequest) -> Result<Planned, WorkspaceError> {
        let mut skipped = BTreeMap::new();
        let chosen = if request.all {
            self.all(&mut skipped)
        } else if request.packages.is_empty() {
            self.default_packages()?
        } else {
            self.select(&request.packages)?
        };
        let mut because = BTreeMap::new();
        let mut versions = self.versions(&chosen, request, &mut because)?;
        loop {
            let mut pins = self.pins(branch);
            self.scope(&mut pins, &versions, request);
            let change = Change {
                sites: self.sites.clone(),
                versions: versions.clone(),
                pins,
                without_locks: request.without_locks,
                allow_lowering: request.allow_lowering,
                ..Change::default()
            };
            let outcome = self.plan(&change)?;
            let Some(dependents) = &request.dependents else {
                return Ok(Planned { outcome, because, skipped });
            };
            let more = self.dependents(&outcome, &versions, dependents, request, &mut because)?;
            if more.is_empty() {
                return Ok(Planned { outcome, because, skipped });
            }
            versions.extend(more);
        }
    }

    /// Computes constraints that follow.
    ///
    /// # Errors
    ///
    /// Words that mean no package, a package without a version, a constraint that cannot follow.
    pub fn pin(&self, branch: &Branch, request: &PinRequest) -> Result<Planned, WorkspaceError> {
        let mut pins = self.pins(branch);
        pins.staged = request.staged;
        if !request.only_in.is_empty() {
            pins.only_in = Some(self.select(&request.only_in)?.into_iter().collect());
        }
        if let Some(strategy) = request.shape {
            let pin = Pin { strategy, ..Pin::default() };
            pins.default = pin;
            pins.rules.clear();
        }
        for pin in pins.rules.values_mut().chain([&mut pins.default]) {
            pin.allow_lowering = request.allow_lowering;
        }
        let mut follow = BTreeMap::new();
        for word in &request.packages {
            follow.extend(self.followed(word)?);
        }
        if request.packages.is_empty() {
            // What waits follows the versions that stand here by now.
            for package in self.workspace.packages() {
                follow.extend(self.version(package).map(|text| (package.id.clone(), text)));
            }
        }
        let change = Change { follow, pins, without_locks: request.without_locks, ..Change::default() };
        let outcome = self.plan(&change)?;
        Ok(Planned { outcome, because: BTreeMap::new(), skipped: BTreeMap::new() })
    }

    /// Every package that can get a version.
    fn all(&self, skipped: &mut BTreeMap<PackageId, String>) -> Vec<PackageId> {
        let mut all = Vec::new();
        for package in self.workspace.packages() {
            let id = package.id.clone();
            let is_root = |path: &RelPath| {
                self.workspace.manifest(path).is_some_and(|manifest| manifest.workspace.is_some())
            };
            if package.private && package.manifests.iter().any(is_root) {
                skipped.insert(id, "the private root of a workspace".to_owned());
            } else if let Some(why) = self.unversioned(package) {
                skipped.insert(id, why);
            } else {
                all.push(id);
            }
        }
        all.extend(self.beside.iter().cloned());
        all
    }

    /// Why no file here states the version of a package; nothing where one does.
    fn unversioned(&self, package: &Package) -> Option<String> {
        if self.version(package).is_some() {
            return None;
        }
        Some(match &package.version {
            PackageVersion::Elsewhere { source, .. } => source.to_string(),
            _ => "it states no version".to_owned(),
        })
    }

    fn plan(&self, change: &Change) -> Result<Outcome, WorkspaceError> {
        let read = |path: &RelPath| super::read(&self.root, path);
        bump::plan(&self.workspace, change, &read).map_err(|error| {
            let refused = WorkspaceError::usage(error.to_string());
            match error {
                BumpError::Lower(_) | BumpError::WouldLower(_) => {
                    refused.with_remedy("let versions go down with --allow-lower")
                }
                _ => refused,
            }
        })
    }

    fn scope(&self, pins: &mut bump::Pins, versions: &BTreeMap<PackageId, String>, request: &BumpRequest) {
        match request.pins {
            PinScope::All => {}
            PinScope::Bumped => pins.only_in = Some(versions.keys().cloned().collect()),
            PinScope::None => pins.only_in = Some(BTreeSet::new()),
        }
        for pin in pins.rules.values_mut().chain([&mut pins.default]) {
            pin.allow_lowering = request.allow_lowering;
        }
    }

    /// The packages and the version that `pypi:demo@1.2.3` or `demo` means.
    fn followed(&self, word: &str) -> Result<Vec<(PackageId, String)>, WorkspaceError> {
        // The `@` of a scope stands first: `@scope/ui@2.0.0`.
        let (name, version) = match word.rsplit_once('@') {
            Some((name, "")) if !name.is_empty() => {
                return Err(WorkspaceError::usage(format!("`{word}` ends where a version was expected"))
                    .with_remedy(format!("write {name}@1.2.3")));
            }
            Some((name, version)) if !name.is_empty() && !name.ends_with(':') => (name, Some(version)),
            _ => (word, None),
        };
        let ids = match (self.select(&[name.to_owned()]), name.parse::<PackageId>()) {
            (Ok(ids), _) => ids,
            // Somebody else's package: only constraints on it are here. A scope is npm's.
            (Err(_), Ok(id)) => vec![id],
            (Err(_), Err(_)) if name.starts_with('@') => vec![PackageId::new(Ecosystem::Npm, name)],
            (Err(error), Err(_)) => {
                return Err(
                    error.with_remedy(format!("for somebody else's package write `pypi:{name}@1.2.3`"))
                );
            }
        };
        let version_of = |id: PackageId| {
            let own = || self.version_of(&id);
            match version.map(str::to_owned).or_else(own) {
                Some(version) => Ok((id, version)),
                None => Err(WorkspaceError::usage(format!("no manifest here states the version of {id}"))
                    .with_remedy(format!("say it: {id}@1.2.3"))),
            }
        };
        ids.into_iter().map(version_of).collect()
    }

    /// The version of each package that changes, with those that its group takes along.
    fn versions(
        &self,
        chosen: &[PackageId],
        request: &BumpRequest,
        because: &mut BTreeMap<PackageId, String>,
    ) -> Result<BTreeMap<PackageId, String>, WorkspaceError> {
        let mut versions = BTreeMap::new();
        match &request.to {
            Target::Version(text) => {
                for id in self.with_groups(chosen, because) {
                    // What a group takes along and states no version stays as it is.
                    let package = self.workspace.package(&id);
                    let stays = package.is_some_and(|package| self.unversioned(package).is_some());
                    if stays && !chosen.contains(&id) {
                        because.remove(&id);
                        continue;
                    }
                    let new = written(&id, text)?;
                    self.check_direction(&id, &new, request.allow_lowering)?;
                    versions.insert(id, new);
                }
            }
            Target::Step(step) => versions = self.stepped(chosen, *step, because)?,
        }
        Ok(self.with_shared(versions, because))
    }

    /// The packages, and with each the members of its fixed group.
    fn with_groups(
        &self,
        chosen: &[PackageId],
        because: &mut BTreeMap<PackageId, String>,
    ) -> BTreeSet<PackageId> {
        let mut all: BTreeSet<PackageId> = chosen.iter().cloned().collect();
        for id in chosen {
            let Some(group) = self.groups.of(id).filter(|group| group.kind == GroupKind::Fixed) else {
                continue;
            };
            for member in &group.packages {
                if all.insert(member.clone()) {
                    because.insert(member.clone(), format!("group {}", group.name));
                }
            }
        }
        all
    }

    fn stepped(
        &self,
        chosen: &[PackageId],
        step: NextStep,
        because: &mut BTreeMap<PackageId, String>,
    ) -> Result<BTreeMap<PackageId, String>, WorkspaceError> {
        let mut asked: BTreeMap<PackageId, Asked> =
            chosen.iter().map(|id| (id.clone(), Asked::Step(step))).collect();
        let mut current = BTreeMap::new();
        for package in self.workspace.packages() {
            let needed = asked.contains_key(&package.id) || self.groups.of(&package.id).is_some();
            if !needed {
                continue;
            }
            match self.current_version(&package.id) {
                Ok(version) => {
                    current.insert(package.id.clone(), version);
                }
                Err(error) if asked.contains_key(&package.id) => return Err(error),
                Err(_) => {}
            }
        }
        for id in self.beside.iter().filter(|id| asked.contains_key(*id)) {
            current.insert(id.clone(), self.current_version(id)?);
        }
        for (id, version) in &current {
            if let Some(asked) = asked.get_mut(id) {
                *asked = Asked::Step(towards(step, &version.version));
            }
        }
        let next = self
            .groups
            .next_versions(&current, &asked)
            .map_err(|error| WorkspaceError::usage(error.to_string()))?;
        let mut versions = BTreeMap::new();
        for (id, next) in next {
            if let (false, Some(group)) = (next.asked, next.group) {
                because.insert(id.clone(), format!("group {group}"));
            }
            versions.insert(id, next.text);
        }
        Ok(versions)
    }

    /// With the packages that share the place of their version with one that changes: `version.workspace = true`.
    fn with_shared(
        &self,
        mut versions: BTreeMap<PackageId, String>,
        because: &mut BTreeMap<PackageId, String>,
    ) -> BTreeMap<PackageId, String> {
        use tminus_manifests::workspace::PackageVersion::Stated;
        let place = |package: &Package| match &package.version {
            Stated { path, site, .. } => Some((path.clone(), site.span().start)),
            _ => None,
        };
        let mut owners: BTreeMap<(RelPath, usize), String> = BTreeMap::new();
        for (id, version) in &versions {
            if let Some(place) = self.workspace.package(id).and_then(place) {
                owners.insert(place, version.clone());
            }
        }
        for package in self.workspace.packages() {
            let Some(version) = place(package).and_then(|place| owners.get(&place)) else { continue };
            if !versions.contains_key(&package.id) {
                because.insert(package.id.clone(), "the version of the workspace".to_owned());
                versions.insert(package.id.clone(), version.clone());
            }
        }
        versions
    }

    /// The version that the group of a package moves to, where another package of it does so.
    fn version_of_group(&self, id: &PackageId, versions: &BTreeMap<PackageId, String>) -> Option<String> {
        let group = self.groups.of(id).filter(|group| group.kind != GroupKind::Independent)?;
        group.packages.iter().find_map(|member| versions.get(member)).cloned()
    }

    fn check_direction(&self, id: &PackageId, new: &str, lowering: bool) -> Result<(), WorkspaceError> {
        let scheme = Self::scheme(id);
        let parsed = |text: &str| ReleaseVersion::parse_nearest(scheme, text).ok();
        let old = self.version_of(id).unwrap_or_default();
        match (parsed(&old), parsed(new)) {
            (Some(before), Some(after)) if after < before && !lowering => {
                Err(WorkspaceError::usage(format!("{id} is at {old}, {new} is below it"))
                    .with_remedy("let versions go down with --allow-lower"))
            }
            _ => Ok(()),
        }
    }

    /// Versions for packages whose constraints changed and who have none yet.
    fn dependents(
        &self,
        outcome: &Outcome,
        versions: &BTreeMap<PackageId, String>,
        to: &Target,
        request: &BumpRequest,
        because: &mut BTreeMap<PackageId, String>,
    ) -> Result<BTreeMap<PackageId, String>, WorkspaceError> {
        let mut changed: BTreeMap<PackageId, String> = BTreeMap::new();
        for pin in outcome.pins.iter().filter(|pin| pin.fate == PinFate::Rewritten) {
            let askers = pin.from.iter().chain(&pin.inherited_by);
            for from in askers.filter(|from| !versions.contains_key(*from)) {
                changed
                    .entry(from.clone())
                    .or_insert_with(|| format!("needs {} ({}:{})", pin.to, pin.path, pin.line));
            }
        }
        if changed.is_empty() {
            return Ok(BTreeMap::new());
        }
        // A group that moves already has its version; the others step on from where they are.
        let mut more = BTreeMap::new();
        let mut ids = Vec::new();
        for id in changed.keys() {
            match self.version_of_group(id, versions) {
                Some(text) => drop(more.insert(id.clone(), written(id, &text)?)),
                None => ids.push(id.clone()),
            }
        }
        because.extend(changed);
        let request = BumpRequest { to: to.clone(), ..request.clone() };
        if !ids.is_empty() {
            more.extend(self.versions(&ids, &request, because)?);
        }
        more.retain(|id, _| !versions.contains_key(id));
        Ok(more)
    }
}

/// The step with a release to go towards, where none is under way: of a candidate the next minor, of development the
/// next patch, as `tminus version next` has it.
fn towards(step: NextStep, current: &ReleaseVersion) -> NextStep {
    let is_released = !current.is_prerelease();
    match step {
        NextStep::Candidate(None) if is_released => NextStep::Candidate(Some(Level::Minor)),
        NextStep::Dev(None) if is_released => NextStep::Dev(Some(Level::Patch)),
        step => step,
    }
}

/// A version as a package writes it: as it is where its ecosystem reads it so, else converted from PEP 440.
fn written(id: &PackageId, text: &str) -> Result<String, WorkspaceError> {
    let scheme = Project::scheme(id);
    let bare = text.strip_prefix('v').unwrap_or(text);
    // SemVer knows more words before a release than a release has phases: `4.0.0-next.0` stays what it is.
    let is_own = match scheme {
        Scheme::Npm => bare.parse::<npm::Version>().is_ok(),
        Scheme::Semver => bare.parse::<semver::Version>().is_ok(),
        _ => false,
    };
    if is_own {
        return Ok(bare.to_owned());
    }
    let refused = |why: String| WorkspaceError::usage(format!("{id} cannot have the version {text}: {why}"));
    let version = ReleaseVersion::parse(scheme, text)
        .or_else(|_| ReleaseVersion::parse_nearest(Scheme::Pep440, bare))
        .map_err(|error| refused(error.to_string()))?;
    version.render(scheme).map_err(|error| refused(error.to_string()))
}

impl Project {
    fn current_version(&self, id: &PackageId) -> Result<CurrentVersion, WorkspaceError> {
        let scheme = Self::scheme(id);
        let package = self.workspace.package(id);
        let place = self.place(id);
        let Some(text) = self.version_of(id) else {
            return Err(match package.map(|package| &package.version) {
                Some(PackageVersion::Elsewhere { source, .. }) => {
                    WorkspaceError::new(Exit::NoGo, format!("{place}: {id}: {source}"))
                }
                _ => WorkspaceError::new(Exit::NoGo, format!("{place}: {id} states no version"))
                    .with_remedy("write one into its manifest, or name other packages"),
            });
        };
        let version = ReleaseVersion::parse_nearest(scheme, &text).map_err(|error| {
            WorkspaceError::usage(format!("{place}: {id} is at {text:?}, which is no version: {error}"))
        })?;
        Ok(CurrentVersion { version, scheme, existing: ExistingVersions::default() })
    }

    /// Where the version of a package stands or should stand, for messages.
    fn place(&self, id: &PackageId) -> String {
        let package = self.workspace.package(id);
        if let Some(PackageVersion::Stated { path, site, .. }) = package.map(|package| &package.version) {
            let text = self.workspace.text(path).unwrap_or_default();
            let before = text.get(..site.span().start).unwrap_or_default();
            return format!("{path}:{}", before.matches('\n').count() + 1);
        }
        let manifest = package.and_then(|package| package.manifests.first());
        let beside = || self.sites.get(id).and_then(|files| files.first()).map(|file| &file.path);
        manifest.or_else(beside).map_or_else(|| "tminus.toml".to_owned(), ToString::to_string)
    }
}
