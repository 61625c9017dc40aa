//! From the files that were read to the packages.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::glob::normalized;
use super::inherit::Table;
use super::resolve::Resolver;
use super::verdict::{Choice, Root, Roots, verdict};
use super::walk::{Content, ReadFile};
use super::{
    DiscoverError, DiscoverOptions, Excluded, Lock, ManifestError, Note, Package, Why, Workspace, fixture,
    locks, version,
};
use crate::lock::LockKind;
use crate::{Dependency, DependencyKind, Ecosystem, Manifest, ManifestKind, PackageId, RelPath, Source};

/// The files of a tree, each once and in the order of their paths.
#[derive(Default)]
struct Files {
    manifests: Vec<(RelPath, Result<Manifest, ManifestError>)>,
    locks: Vec<(RelPath, LockKind, Option<String>)>,
    sources: BTreeMap<RelPath, Vec<u8>>,
}

pub(super) fn assemble(
    mut files: Vec<ReadFile>,
    mut notes: Vec<Note>,
    options: &DiscoverOptions,
) -> Result<Workspace, DiscoverError> {
    let choice = Choice::new(options)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    let mut files = sorted(files);
    let mut roots = Roots::new(files.manifests.iter().filter_map(|(_, manifest)| manifest.as_ref().ok()))?;
    imply(&mut roots, &files);
    let (mut workspace, roots_alone) = counted(&mut files, &roots, &choice)?;
    workspace.sources = files.sources;
    workspace.packages = packages(&workspace, &roots, &roots_alone)?;
    workspace.by_id =
        workspace.packages.iter().enumerate().map(|(index, package)| (package.id.clone(), index)).collect();
    let resolver = Resolver::new(&workspace);
    let homes = locks::Homes::new(&workspace);
    let mut found = Vec::new();
    for (path, kind, problem) in files.locks {
        let packages = homes.packages(&resolver, &path, kind);
        if !packages.is_empty() {
            notes.extend(problem.map(|message| Note::LockFile { path: path.clone(), message }));
            found.push(Lock { path, kind, packages });
        }
    }
    workspace.locks = found;
    keep_sources(&mut workspace);
    notes.sort_by_cached_key(ToString::to_string);
    workspace.notes = notes;
    Ok(workspace)
}

fn sorted(read: Vec<ReadFile>) -> Files {
    let mut files = Files::default();
    for ReadFile { path, content } in read {
        match content {
            Content::Manifest(bytes, manifest) => {
                files.sources.insert(path.clone(), bytes);
                let manifest = manifest.map_err(ManifestError::Content);
                files.manifests.push((path, manifest));
            }
            Content::Unreadable(source) => {
                files.manifests.push((path.clone(), Err(ManifestError::Read { path, source })));
            }
            Content::Lock(kind, Ok(bytes)) => {
                files.sources.insert(path.clone(), bytes);
                files.locks.push((path, kind, None));
            }
            Content::Lock(kind, Err(message)) => files.locks.push((path, kind, Some(message))),
        }
    }
    files
}

/// Cargo takes what a member reaches by a path for a member too.
fn imply(roots: &mut Roots, files: &Files) {
    let crates: BTreeMap<&str, Option<&Manifest>> = files
        .manifests
        .iter()
        .filter(|(path, _)| ManifestKind::of(path) == Some(ManifestKind::CargoToml))
        .map(|(path, manifest)| (path.parent().unwrap_or_default(), manifest.as_ref().ok()))
        .collect();
    let bytes =
        |manifest: &Manifest| files.sources.get(&manifest.path).map(Vec::as_slice).unwrap_or_default();
    for root in roots.iter_mut().filter(|root| root.tool == crate::WorkspaceTool::Cargo) {
        let own = root.directory().to_owned();
        let Some(Some(root_manifest)) = crates.get(own.as_str()) else { continue };
        let table = Table::of(root_manifest, bytes(root_manifest));
        let listed = crates.keys().filter(|directory| {
            **directory != own && super::members::is_below(directory, &own) && root.lists(directory)
        });
        let mut queue: VecDeque<String> = listed.map(|&directory| directory.to_owned()).collect();
        queue.push_back(own.clone());
        let mut seen: BTreeSet<String> = queue.iter().cloned().collect();
        while let Some(directory) = queue.pop_front() {
            let Some(Some(manifest)) = crates.get(directory.as_str()) else { continue };
            for dependency in &manifest.dependencies {
                if matches!(dependency.kind, DependencyKind::Workspace | DependencyKind::Override) {
                    continue;
                }
                let inherited = || {
                    let index = table.find(manifest, dependency, bytes(manifest))?;
                    Some((root_manifest.dependencies.get(index)?, own.as_str()))
                };
                let Some(target) = path_of(dependency, &directory, inherited) else { continue };
                if crates.contains_key(target.as_str())
                    && root.may_imply(&target)
                    && seen.insert(target.clone())
                {
                    root.implied.insert(target.clone());
                    queue.push_back(target);
                }
            }
        }
    }
}

/// The directory from which a dependency of a package in `directory` is taken.
pub(crate) fn path_of<'d>(
    dependency: &'d Dependency,
    directory: &'d str,
    inherited: impl FnOnce() -> Option<(&'d Dependency, &'d str)>,
) -> Option<String> {
    let (source, base) = match &dependency.source {
        Source::Inherited => inherited().map(|(entry, base)| (&entry.source, base))?,
        source => (source, directory),
    };
    let Source::Path(path) = source else { return None };
    Some(normalized(&format!("./{base}/{}", path.replace('\\', "/"))))
}

/// The manifests that count, or the errors of those that would and cannot be read.
///
/// The root of a workspace stays one where an option takes its own package out: members inherit from it.
fn counted(
    files: &mut Files,
    roots: &Roots,
    choice: &Choice,
) -> Result<(Workspace, BTreeSet<RelPath>), DiscoverError> {
    let mut workspace = Workspace::default();
    let mut roots_alone = BTreeSet::new();
    let mut errors = Vec::new();
    for (path, manifest) in std::mem::take(&mut files.manifests) {
        let Some(kind) = ManifestKind::of(&path) else { continue };
        let verdict = verdict(roots, choice, kind.ecosystem(), path.parent().unwrap_or_default());
        match (verdict, manifest) {
            (Ok(_), Err(error)) if is_template(&error, &files.sources) => {
                workspace.excluded.push(Excluded { path, why: Why::Template });
            }
            (Ok(_), Err(error)) => errors.push(error),
            (Ok(_), Ok(manifest)) => match &manifest.name {
                Some(name) if fixture::is_template(name.text()) => {
                    workspace.excluded.push(Excluded { path, why: Why::Template });
                }
                _ => workspace.manifests.push(manifest),
            },
            (Err(why), Ok(manifest)) => {
                let stays = matches!(why, Why::Option { .. }) && manifest.workspace.is_some();
                if manifest.name.is_some() {
                    workspace.excluded.push(Excluded { path: path.clone(), why });
                }
                if stays {
                    workspace.manifests.push(manifest);
                    roots_alone.insert(path);
                }
            }
            (Err(_), Err(_)) => {}
        }
    }
    if errors.is_empty() { Ok((workspace, roots_alone)) } else { Err(DiscoverError::Manifests(errors)) }
}

/// Whether the line that stands in the way has a place for a value.
fn is_template(error: &ManifestError, sources: &BTreeMap<RelPath, Vec<u8>>) -> bool {
    let ManifestError::Content(error) = error else { return false };
    let text = sources.get(error.path()).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let line = error.line().and_then(|line| usize::try_from(line).ok()?.checked_sub(1));
    let line = text.zip(line).and_then(|(text, line)| text.lines().nth(line));
    line.is_some_and(fixture::is_template)
}

/// The packages of the manifests that count, in the order of their directories.
fn packages(
    workspace: &Workspace,
    roots: &Roots,
    roots_alone: &BTreeSet<RelPath>,
) -> Result<Vec<Package>, DiscoverError> {
    let mut by_directory: BTreeMap<(&str, Ecosystem), Vec<&Manifest>> = BTreeMap::new();
    for manifest in &workspace.manifests {
        // The list of a pnpm workspace describes no package.
        if manifest.kind != ManifestKind::PnpmWorkspace && !roots_alone.contains(&manifest.path) {
            let key = (manifest.directory().unwrap_or_default(), manifest.kind.ecosystem());
            by_directory.entry(key).or_default().push(manifest);
        }
    }
    let mut versions = version::Inherited::default();
    let mut first: BTreeMap<PackageId, RelPath> = BTreeMap::new();
    let mut packages = Vec::new();
    for ((directory, ecosystem), manifests) in by_directory {
        let named = manifests.iter().find_map(|manifest| Some((manifest.id()?, manifest)));
        let Some((id, named)) = named else { continue };
        if let Some(first) = first.insert(id.clone(), named.path.clone()) {
            return Err(DiscoverError::Duplicate { id, first, second: named.path.clone() });
        }
        let root = roots.nearest(ecosystem, directory);
        let root = root.filter(|root| workspace.manifest(&root.path).is_some());
        packages.push(Package {
            id,
            name: named.name.as_ref().map(|name| name.text().to_owned()).unwrap_or_default(),
            directory: directory.to_owned(),
            version: versions.of(&manifests, root, workspace),
            private: manifests.iter().any(|manifest| manifest.private),
            workspace: root.filter(|root| is_member(root, directory)).map(|root| root.path.clone()),
            manifests: manifests.iter().map(|manifest| manifest.path.clone()).collect(),
        });
    }
    Ok(packages)
}

fn is_member(root: &Root, directory: &str) -> bool {
    root.directory() == directory || root.has(directory)
}

/// Forgets the bytes of files that do not count.
fn keep_sources(workspace: &mut Workspace) {
    let mut sources = std::mem::take(&mut workspace.sources);
    let locks: BTreeSet<&RelPath> = workspace.locks.iter().map(|lock| &lock.path).collect();
    sources.retain(|path, _| workspace.manifest(path).is_some() || locks.contains(path));
    workspace.sources = sources;
}
