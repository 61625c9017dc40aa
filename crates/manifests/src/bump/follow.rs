//! Which constraints follow, and what becomes of each.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::admits::admits;
use super::pin::{Followed, follow};
use super::texts::Texts;
use super::{BumpError, Change, Outcome, Pin, PinEdit, PinFate, PinTime, Strategy, VersionEdit, overrides};
use crate::workspace::{Package, Workspace, resolve::Resolver};
use crate::{Dependency, DependencyKind, Manifest, Notation, PackageId, RelPath, Site, Source};

/// Lets the constraints on packages that move follow.
pub(super) fn all<'w>(
    workspace: &'w Workspace,
    change: &Change,
    texts: &mut Texts<'w>,
    outcome: &mut Outcome,
) -> Result<(), BumpError> {
    let pins = Follower::new(workspace, change, &outcome.versions).all(texts)?;
    outcome.pins.extend(pins);
    Ok(())
}

struct Follower<'w, 'c> {
    workspace: &'w Workspace,
    change: &'c Change,
    resolver: Resolver<'w>,
    /// Which package a manifest describes.
    owners: BTreeMap<&'w RelPath, &'w PackageId>,
    inheritors: BTreeMap<(&'w RelPath, usize), BTreeSet<&'w PackageId>>,
    /// What stood in the first place of each version that is set.
    old: BTreeMap<&'c PackageId, &'c str>,
}

/// A constraint on a package that moves.
struct Asked<'w, 'c> {
    index: usize,
    dependency: &'w Dependency,
    site: &'w Site,
    from: Option<&'w PackageId>,
    inherited_by: Vec<&'w PackageId>,
    to: PackageId,
    version: &'c str,
    /// Whether it admits the version that the package has so far, where that is known.
    admits_old: Option<bool>,
    /// Whether it holds only for some versions or some packages.
    conditional: bool,
}

/// What becomes of a constraint, and its new text.
type Fate = (String, PinFate);

impl<'w, 'c> Follower<'w, 'c> {
    fn new(workspace: &'w Workspace, change: &'c Change, set: &'c [VersionEdit]) -> Self {
        let owned = |package: &'w Package| package.manifests.iter().map(move |path| (path, &package.id));
        let resolver = Resolver::new(workspace);
        Self {
            workspace,
            change,
            owners: workspace.packages().iter().flat_map(owned).collect(),
            inheritors: resolver.inheritors(),
            resolver,
            // The last one of a list stays in a map.
            old: set.iter().rev().map(|edit| (&edit.id, edit.old.as_str())).collect(),
        }
    }

    fn all(&self, texts: &mut Texts<'w>) -> Result<Vec<PinEdit>, BumpError> {
        let mut pins = Vec::new();
        for manifest in self.workspace.manifests() {
            self.check_spelling(manifest, texts)?;
            let asked = self.asked(manifest);
            if asked.is_empty() {
                continue;
            }
            // It was read as text before it became a manifest.
            let source = self.workspace.text(&manifest.path).unwrap_or_default();
            let groups = admitting(&asked);
            for one in asked {
                if !self.concerns(&one) {
                    continue;
                }
                let has_better = groups.contains(&(&one.dependency.kind, one.to.clone()));
                let line = texts.line(&manifest.path, one.site.span().start);
                let (new, fate) = self.fate(texts, (manifest, source), &one, has_better, line)?;
                pins.push(PinEdit {
                    from: one.from.cloned(),
                    inherited_by: one.inherited_by.into_iter().cloned().collect(),
                    to: one.to,
                    version: one.version.to_owned(),
                    path: manifest.path.clone(),
                    dependency: one.index,
                    line,
                    old: one.site.text().to_owned(),
                    new,
                    fate,
                });
            }
        }
        Ok(pins)
    }

    /// Refuses a requirement on a package that moves whose spelling is read and not edited.
    fn check_spelling(&self, manifest: &'w Manifest, texts: &mut Texts<'w>) -> Result<(), BumpError> {
        let owner = self.owners.get(&manifest.path).copied();
        let follows = self.change.pins.only_in.as_ref();
        if follows.is_some_and(|only| owner.is_none_or(|owner| !only.contains(owner))) {
            return Ok(());
        }
        for dependency in &manifest.dependencies {
            let is_hidden = dependency.constraint.is_none() && dependency.notation == Notation::Requirement;
            let Some((to, version)) = is_hidden.then(|| self.target(manifest, dependency)).flatten() else {
                continue;
            };
            let pins = &self.change.pins;
            let rule = owner.and_then(|owner| pins.rules.get(&(owner.clone(), to.clone())));
            if owner == Some(&to) || rule.unwrap_or(&pins.default).strategy == Strategy::Leave {
                continue;
            }
            return Err(BumpError::Pin {
                path: manifest.path.clone(),
                line: texts.line(&manifest.path, dependency.offset),
                constraint: dependency.name.clone(),
                to: version.to_owned(),
                reason: "it stands in triple quotes or on several lines, where it is not edited: write it on one line"
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// The constraints of a manifest on packages that move.
    fn asked(&self, manifest: &'w Manifest) -> Vec<Asked<'w, 'c>> {
        let text = || self.workspace.text(&manifest.path).unwrap_or_default();
        let conditions = LazyCell::new(|| overrides::conditional(manifest, text()));
        let dependencies = manifest.dependencies.iter().enumerate();
        let asked = dependencies.filter_map(|(index, dependency)| {
            let asked = self.one(manifest, index, dependency)?;
            let is_override = dependency.kind == DependencyKind::Override;
            let conditional = is_override && conditions.contains(&dependency.offset);
            Some(Asked { conditional, ..asked })
        });
        asked.collect()
    }

    fn one(&self, manifest: &'w Manifest, index: usize, dependency: &'w Dependency) -> Option<Asked<'w, 'c>> {
        let site = dependency.constraint.as_ref()?;
        let (to, version) = self.target(manifest, dependency)?;
        let askers: Vec<&PackageId> = if dependency.kind == DependencyKind::Workspace {
            self.inheritors.get(&(&manifest.path, index)).into_iter().flatten().copied().collect()
        } else {
            self.owners.get(&manifest.path).copied().into_iter().collect()
        };
        // Another version of itself, or the extras of the same one. What a crate takes from its own directory has to admit
        // it, as everything from a directory.
        let counts = |id: &PackageId| *id != to || matches!(dependency.source, Source::Path(_));
        let (others, itself): (Vec<_>, Vec<_>) = askers.into_iter().partition(|id| counts(id));
        if others.is_empty() && !itself.is_empty() {
            return None;
        }
        let (from, inherited_by) = if dependency.kind == DependencyKind::Workspace {
            (None, others)
        } else {
            (others.first().copied(), Vec::new())
        };
        let stated = self.workspace.package(&to).and_then(|package| package.version.text());
        let old = stated.or_else(|| self.old.get(&to).copied());
        let admits_old = old.and_then(|old| admits(dependency, &to, old));
        let conditional = false;
        Some(Asked { index, dependency, site, from, inherited_by, to, version, admits_old, conditional })
    }

    /// The package that a dependency means and the version that it moves to.
    fn target(&self, manifest: &Manifest, dependency: &Dependency) -> Option<(PackageId, &'c str)> {
        let id = match (self.resolver.named(manifest, dependency), &dependency.source) {
            (Some(package), _) => package.id.clone(),
            // A directory outside, a repository, an address: not what is published under this name.
            (None, Source::Path(_)) => return None,
            (None, Source::Other(text)) if text.contains([':', '/']) => return None,
            (None, _) => PackageId::new(manifest.kind.ecosystem(), &dependency.name),
        };
        let version = self.change.versions.get(&id).or_else(|| self.change.follow.get(&id))?;
        Some((id, version))
    }

    /// Whether the constraints of those who ask follow.
    fn concerns(&self, asked: &Asked<'_, '_>) -> bool {
        let Some(only) = &self.change.pins.only_in else { return true };
        asked.from.iter().chain(&asked.inherited_by).any(|id| only.contains(*id))
    }

    fn fate(
        &self,
        texts: &mut Texts<'w>,
        (manifest, source): (&'w Manifest, &str),
        asked: &Asked<'w, '_>,
        has_better: bool,
        line: u32,
    ) -> Result<Fate, BumpError> {
        let old = || asked.site.text().to_owned();
        let is_for_others = match asked.admits_old {
            Some(admits) => !admits && (has_better || asked.conditional || is_alias(asked.site.text())),
            None => asked.conditional,
        };
        if is_for_others {
            return Ok((old(), PinFate::Left));
        }
        let pin = self.rule(manifest, asked, line)?;
        let staged = self.change.pins.staged;
        if pin.strategy == Strategy::Leave || (staged && pin.when == PinTime::Now) {
            return Ok((old(), PinFate::Left));
        }
        let followed = follow(manifest, source, asked.dependency, line, asked.version, pin);
        if !staged && pin.when == PinTime::Staged {
            // It is only shown: what cannot follow is said when it is written.
            return Ok(match followed {
                Ok(Followed::Unchanged) => (old(), PinFate::Unchanged),
                Ok(Followed::Rewritten { new, .. }) => (new, PinFate::Staged),
                Err(_) => (old(), PinFate::Staged),
            });
        }
        Ok(match followed? {
            Followed::Unchanged => (old(), PinFate::Unchanged),
            Followed::Rewritten { new, splices } => {
                texts.replace(manifest, asked.site, splices, &new);
                (new, PinFate::Rewritten)
            }
        })
    }

    /// The rule of the package that asks, or of one that inherits.
    fn rule(&self, manifest: &Manifest, asked: &Asked<'w, '_>, line: u32) -> Result<Pin, BumpError> {
        let pins = &self.change.pins;
        let rule = |from: &PackageId| pins.rules.get(&(from.clone(), asked.to.clone()));
        let askers = asked.from.iter().chain(&asked.inherited_by);
        let mut rules = askers.filter_map(|from| Some((*from, *rule(from)?)));
        let Some((first, pin)) = rules.next() else { return Ok(pins.default) };
        match rules.find(|(_, other)| !is_same(*other, pin)) {
            None => Ok(pin),
            Some((second, _)) => Err(BumpError::Rules {
                path: manifest.path.clone(),
                line,
                to: asked.to.clone(),
                first: first.clone(),
                second: second.clone(),
            }),
        }
    }
}

/// Two rules that leave a constraint alone are one, whenever they would write it.
fn is_same(one: Pin, other: Pin) -> bool {
    one == other || (one.strategy == Strategy::Leave && other.strategy == Strategy::Leave)
}

/// The lists and packages of which one constraint at least admits the version so far.
fn admitting<'w>(asked: &[Asked<'w, '_>]) -> BTreeSet<(&'w DependencyKind, PackageId)> {
    let admitting = asked.iter().filter(|one| one.admits_old == Some(true));
    admitting.map(|one| (&one.dependency.kind, one.to.clone())).collect()
}

/// Whether a range of npm names its package itself, so that several versions of it go by several names.
fn is_alias(text: &str) -> bool {
    text.trim_start().starts_with("npm:")
}
