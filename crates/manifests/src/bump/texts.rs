//! The files of a change: what stands in them, what is replaced, and the proof that they read as they should.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use super::{BumpError, ReadFile};
use crate::lines::FileLines;
use crate::manifest::cargo_toml;
use crate::tree::toml;
use crate::workspace::Workspace;
use crate::{Manifest, ManifestKind, RelPath, Site, Splice, Version, VersionFile, splice};

/// The old and the new bytes of a file.
pub(super) type Written = (RelPath, Vec<u8>, Vec<u8>);

pub(super) struct Texts<'w> {
    workspace: &'w Workspace,
    read: &'w ReadFile<'w>,
    lines: FileLines<'w>,
    files: BTreeMap<RelPath, Edited<'w>>,
}

/// A file that is edited.
struct Edited<'w> {
    source: Cow<'w, [u8]>,
    /// What the file says as a manifest.
    manifest: Option<&'w Manifest>,
    splices: Vec<Splice>,
    /// New values of the manifest, by the first byte of the old one.
    values: BTreeMap<usize, String>,
    /// Those of them that the manifest itself must say.
    stated: BTreeSet<usize>,
    /// Places beside the manifest's own, and what they must say.
    places: Vec<(VersionFile, String)>,
}

impl<'w> Texts<'w> {
    pub(super) fn new(workspace: &'w Workspace, read: &'w ReadFile<'w>) -> Self {
        Self { workspace, read, lines: FileLines::new(workspace), files: BTreeMap::new() }
    }

    /// The line of a byte of a manifest, from 1.
    pub(super) fn line(&self, path: &'w RelPath, offset: usize) -> u32 {
        self.lines.line(path, offset)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, BumpError> {
        (self.read)(path).map_err(|source| BumpError::Read { path: path.clone(), source })
    }

    /// Replaces a value of a manifest.
    pub(super) fn set(&mut self, manifest: &'w Manifest, site: &Site, new: &str) -> Result<(), BumpError> {
        let unfit = |reason| BumpError::Unfit {
            path: manifest.path.clone(),
            line: self.line(&manifest.path, site.span().start),
            value: new.to_owned(),
            reason,
        };
        let replacement = site.replaced(new).map_err(unfit)?;
        self.replace(manifest, site, vec![replacement], new);
        Ok(())
    }

    /// Replaces the version in a place beside the manifests; returns the line and what stands there.
    pub(super) fn set_place(&mut self, file: &VersionFile, new: &str) -> Result<(u32, String), BumpError> {
        let manifest = self.workspace.manifest(&file.path);
        if !self.files.contains_key(&file.path) {
            let source = match self.workspace.source(&file.path) {
                Some(bytes) => Cow::Borrowed(bytes),
                None => Cow::Owned(self.read(&file.path)?),
            };
            self.files.insert(file.path.clone(), Edited::new(source, manifest));
        }
        let misread = || BumpError::Misread { path: file.path.clone() };
        let edited = self.files.get_mut(&file.path).ok_or_else(misread)?;
        let found = file.locate(&edited.source)?;
        for site in found.sites() {
            let unfit = |reason| BumpError::Unfit {
                path: file.path.clone(),
                line: found.line(),
                value: new.to_owned(),
                reason,
            };
            edited.splices.push(site.replaced(new).map_err(unfit)?);
            edited.values.insert(site.span().start, new.to_owned());
        }
        edited.places.push((file.clone(), new.to_owned()));
        Ok((found.line(), found.text().to_owned()))
    }

    /// Replaces parts of a value of a manifest, which `new` is then.
    pub(super) fn replace(&mut self, manifest: &'w Manifest, site: &Site, splices: Vec<Splice>, new: &str) {
        let source = self.workspace.source(&manifest.path).unwrap_or_default();
        let edited = self
            .files
            .entry(manifest.path.clone())
            .or_insert_with(|| Edited::new(Cow::Borrowed(source), Some(manifest)));
        edited.splices.extend(splices);
        edited.values.insert(site.span().start, new.to_owned());
        edited.stated.insert(site.span().start);
    }

    /// The new bytes of every file that changes, each of them read again: it says what it said before, and the new
    /// values where they were put.
    pub(super) fn prove(self) -> Result<Vec<Written>, BumpError> {
        let files: Vec<(RelPath, Edited<'_>)> = self.files.into_iter().collect();
        let workers = thread::available_parallelism().map_or(1, usize::from).min(files.len() / 32 + 1);
        let share = files.len().div_ceil(workers).max(1);
        let proven = thread::scope(|scope| {
            let handles: Vec<_> = files
                .chunks(share)
                .map(|files| scope.spawn(|| files.iter().map(prove_one).collect::<Result<Vec<_>, _>>()))
                .collect();
            handles
                .into_iter()
                .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect::<Result<Vec<_>, BumpError>>()
        })?;
        Ok(proven.into_iter().flatten().flatten().collect())
    }
}

impl<'w> Edited<'w> {
    fn new(source: Cow<'w, [u8]>, manifest: Option<&'w Manifest>) -> Self {
        Self {
            source,
            manifest,
            splices: Vec::new(),
            values: BTreeMap::new(),
            stated: BTreeSet::new(),
            places: Vec::new(),
        }
    }
}

/// The edit of one file; nothing where it stays as it is.
fn prove_one((path, edited): &(RelPath, Edited<'_>)) -> Result<Option<Written>, BumpError> {
    let misread = || BumpError::Misread { path: path.clone() };
    let source = std::str::from_utf8(&edited.source).map_err(|_| misread())?;
    let new = splice(source, &edited.splices).ok_or_else(misread)?;
    if new == source {
        return Ok(None);
    }
    if let Some(manifest) = edited.manifest {
        let again = Manifest::read(path, new.as_bytes())?;
        let value = |site: &Site| {
            let moved = edited.values.get(&site.span().start);
            moved.map_or_else(|| site.text().to_owned(), Clone::clone)
        };
        let before = said(manifest, source);
        let expected = before.iter().map(|(what, site)| (*what, value(site)));
        let found = said(&again, &new);
        let found = found.iter().map(|(what, site)| (*what, site.text().to_owned()));
        let seen: BTreeSet<usize> = before.iter().map(|(_, site)| site.span().start).collect();
        // A value that nobody reads again would be proven by nothing.
        if !found.eq(expected) || !edited.stated.is_subset(&seen) {
            return Err(misread());
        }
    }
    for (file, version) in &edited.places {
        if file.locate(new.as_bytes())?.text() != version {
            return Err(misread());
        }
    }
    Ok(Some((path.clone(), edited.source.to_vec(), new.into_bytes())))
}

/// Everything that a manifest says in a place of its own.
fn said<'m>(manifest: &'m Manifest, source: &str) -> Vec<(&'m str, Cow<'m, Site>)> {
    let version = match &manifest.version {
        Version::Here(site) => Some(site),
        Version::Elsewhere { fallback, .. } => fallback.as_ref(),
        Version::Absent => None,
    };
    let constraints = manifest.dependencies.iter();
    let constraints = constraints
        .filter_map(|dependency| Some((dependency.name.as_str(), dependency.constraint.as_ref()?)));
    let head = [("name", manifest.name.as_ref()), ("version", version)];
    let head = head.into_iter().filter_map(|(what, site)| Some((what, site?)));
    let own = head.chain(constraints).map(|(what, site)| (what, Cow::Borrowed(site)));
    own.chain(for_members(manifest, source).map(|site| ("version of members", Cow::Owned(site)))).collect()
}

/// The version that members of a Cargo workspace inherit, which a root may state beside its own.
fn for_members(manifest: &Manifest, source: &str) -> Option<Site> {
    if manifest.kind != ManifestKind::CargoToml || manifest.workspace.is_none() {
        return None;
    }
    cargo_toml::workspace_version(&toml::parse(source).ok()?).ok()?
}
