//! What the tests with real tools share: a directory of projects, and the tool in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{ConstraintChange, LockUpdate, VersionChange};
use crate::{Dependency, Manifest, Notation, PackageId, Splice, Version, splice};

/// The program of a tool: what the variable names, else the one on the search path. Without one the test is skipped, or
/// fails where `TMINUS_TEST_TOOLS` is `required`.
#[expect(clippy::disallowed_methods, reason = "where a tool is depends on the machine that tests")]
pub(super) fn program(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(path.into());
    }
    let search = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&search).map(|directory| directory.join(name)).find(|path| path.is_file());
    if found.is_none() {
        let required = std::env::var_os("TMINUS_TEST_TOOLS").is_some_and(|word| word == "required");
        assert!(!required, "no `{name}` here; name one in {variable}");
        eprintln!("skipped: no `{name}` here; name one in {variable}");
    }
    found
}

/// A directory below which a tool works, without network.
#[derive(Debug)]
pub(super) struct Place {
    directory: tempfile::TempDir,
    program: PathBuf,
}

impl Place {
    pub(super) fn new(program: PathBuf) -> Self {
        Self { directory: tempfile::tempdir().unwrap(), program }
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Whether the tool succeeds, and what it says.
    pub(super) fn run(&self, directory: &str, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(&self.program)
            .args(arguments)
            .current_dir(self.path().join(directory))
            .env("UV_OFFLINE", "1")
            .env("UV_NO_INDEX", "1")
            .env("UV_NO_CONFIG", "1")
            .env("UV_CACHE_DIR", self.path().join("cache"))
            .env("POETRY_CACHE_DIR", self.path().join("cache"))
            .env_remove("VIRTUAL_ENV")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    #[track_caller]
    pub(super) fn must_run(&self, directory: &str, arguments: &[&str]) {
        let (success, said) = self.run(directory, arguments);
        assert!(success, "{arguments:?} in {directory:?}: {said}");
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Numbers that look random and are the same in each run.
#[derive(Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        // Knuth's MMIX generator; its high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    pub(super) fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        *items.get(self.below(items.len())).unwrap()
    }
}

/// A project and the edits that are made to its manifest.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) manifest: Manifest,
    /// Relative to the lock file.
    directory: String,
    source: String,
    splices: Vec<Splice>,
}

impl Edited {
    pub(super) fn new(directory: &str, source: String) -> Self {
        let manifest = Manifest::read(&"pyproject.toml".parse().unwrap(), source.as_bytes()).unwrap();
        Self { manifest, directory: directory.to_owned(), source, splices: Vec::new() }
    }

    /// The edited manifest.
    pub(super) fn text(&self) -> String {
        splice(&self.source, &self.splices).unwrap()
    }

    fn id(&self) -> PackageId {
        self.manifest.id().unwrap()
    }

    pub(super) fn bump(&mut self, update: &mut LockUpdate, new: &str) {
        let Version::Here(site) = &self.manifest.version else { return };
        self.splices.push(site.replaced(new).unwrap());
        update.versions.push(VersionChange {
            id: self.id(),
            name: self.manifest.name.as_ref().unwrap().text().to_owned(),
            directory: self.directory.clone(),
            old: site.text().to_owned(),
            new: new.to_owned(),
        });
    }

    /// Gives one dependency other specifiers, in the notation of its place.
    pub(super) fn pin(&mut self, update: &mut LockUpdate, dependency: &Dependency, specifiers: &str) {
        let site = dependency.constraint.as_ref().unwrap();
        let new = if dependency.notation == Notation::Requirement {
            let requirement: tminus_versioning::constraint::pep508::Requirement =
                site.text().parse().unwrap();
            if requirement.url().is_some() {
                return;
            }
            requirement.with_specifiers(specifiers).unwrap().as_str().to_owned()
        } else {
            specifiers.to_owned()
        };
        if site.text() == new {
            return;
        }
        self.splices.push(site.replaced(&new).unwrap());
        update.constraints.push(ConstraintChange {
            member: self.id(),
            directory: self.directory.clone(),
            dependency: PackageId::pypi(&dependency.name),
            name: dependency.name.clone(),
            kind: dependency.kind.clone(),
            old: site.text().to_owned(),
            new,
            is_member: dependency.source == crate::Source::Workspace,
        });
    }
}
