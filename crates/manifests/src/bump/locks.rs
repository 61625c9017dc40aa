//! The lock files that list what changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{BumpError, Change, Outcome, PinEdit, PinFate, VersionEdit};
use crate::lock::{ConstraintChange, LockEdits, LockKind, LockUpdate, Locked, Opened, VersionChange};
use crate::workspace::glob::normalized;
use crate::workspace::{Lock, Note, Workspace};
use crate::{DependencyKind, Ecosystem, PackageId, RelPath, splice};

/// What becomes of a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockOutcome {
    /// The file.
    pub path: RelPath,
    /// Its kind.
    pub kind: LockKind,
    /// What becomes of it.
    pub fate: LockFate,
}

/// What becomes of a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockFate {
    /// Its entries are edited.
    Edited,
    /// It is in step as it is.
    InStep,
    /// Only its tool can bring it in step.
    Tool {
        /// Why.
        why: String,
        /// The command to run in its directory: program and arguments.
        command: Vec<String>,
    },
}

/// Lets every lock file follow that lists a package whose version or constraints changed.
pub(super) fn keep_in_step(
    workspace: &Workspace,
    change: &Change,
    outcome: &mut Outcome,
) -> Result<(), BumpError> {
    let mut edited = Vec::new();
    let mut locks = Vec::new();
    let moved = Moved::new(workspace, change, outcome);
    for file in workspace.locks() {
        // Reading one takes its time.
        let lists = moved.is_in(file);
        if !lists && !moved.above.contains(&(file.kind.ecosystem(), file.directory())) {
            continue;
        }
        let Some(bytes) = workspace.source(&file.path) else {
            if lists {
                return Err(unread(workspace, file));
            }
            continue;
        };
        let opened = Opened::new(file.kind, &file.path, bytes)?;
        let update =
            Follower { moved: &moved, file, listed: Listed::new(file.kind, &opened.listed) }.update();
        if update.versions.is_empty() && update.constraints.is_empty() {
            continue;
        }
        let fate = match opened.edits(&update)? {
            LockEdits::Splices(splices) if splices.is_empty() => LockFate::InStep,
            LockEdits::Splices(splices) => {
                let misread = || BumpError::Misread { path: file.path.clone() };
                let new = splice(opened.source, &splices).ok_or_else(misread)?;
                edited.push((file.path.clone(), bytes.to_vec(), new.into_bytes()));
                LockFate::Edited
            }
            LockEdits::Tool { why, command } => LockFate::Tool { why, command },
        };
        locks.push(LockOutcome { path: file.path.clone(), kind: file.kind, fate });
    }
    for (path, old, new) in edited {
        outcome.edits.edit(path, old, new)?;
    }
    outcome.locks = locks;
    Ok(())
}

/// Why a lock file has no bytes.
fn unread(workspace: &Workspace, file: &Lock) -> BumpError {
    let why = workspace.notes().iter().find_map(|note| match note {
        Note::LockFile { path, message } if *path == file.path => Some(message.clone()),
        _ => None,
    });
    BumpError::Lock { path: file.path.clone(), why: why.unwrap_or_else(|| "it was not read".to_owned()) }
}

/// What changed, by the package and by the directory.
struct Moved<'w> {
    workspace: &'w Workspace,
    /// The place of a version that counts, which is the first.
    versions: HashMap<&'w PackageId, &'w VersionEdit>,
    /// The constraints of the manifests of a directory, with their place in the list of all.
    pins: HashMap<(Ecosystem, &'w str), Vec<(usize, &'w PinEdit)>>,
    /// The directories at or above a change: a lock file there may list packages without a name.
    above: HashSet<(Ecosystem, &'w str)>,
}

impl<'w> Moved<'w> {
    fn new(workspace: &'w Workspace, change: &Change, outcome: &'w Outcome) -> Self {
        let mut moved =
            Self { workspace, versions: HashMap::new(), pins: HashMap::new(), above: HashSet::new() };
        for edit in outcome.versions.iter().filter(|edit| change.versions.contains_key(&edit.id)) {
            moved.versions.entry(&edit.id).or_insert(edit);
        }
        moved.versions.retain(|_, edit| edit.old != edit.new);
        for (index, pin) in outcome.pins.iter().enumerate() {
            if pin.fate == PinFate::Rewritten {
                let place = (pin.to.ecosystem(), pin.path.parent().unwrap_or_default());
                moved.pins.entry(place).or_default().push((index, pin));
            }
        }
        let versions: Vec<_> =
            moved.versions.values().map(|edit| (edit.id.ecosystem(), edit.path.parent())).collect();
        let pins: Vec<_> =
            moved.pins.keys().map(|&(ecosystem, directory)| (ecosystem, Some(directory))).collect();
        for (ecosystem, directory) in versions.into_iter().chain(pins) {
            moved.add_above(ecosystem, directory);
        }
        moved
    }

    fn add_above(&mut self, ecosystem: Ecosystem, mut directory: Option<&'w str>) {
        while let Some(inner) = directory {
            // What lies above a known directory is known too.
            if !self.above.insert((ecosystem, inner)) {
                return;
            }
            directory = inner.rsplit_once('/').map(|(outer, _)| outer);
        }
        self.above.insert((ecosystem, ""));
    }

    /// Whether packages of a lock file changed.
    fn is_in(&self, file: &Lock) -> bool {
        let ecosystem = file.kind.ecosystem();
        file.packages.iter().any(|id| self.versions.contains_key(id))
            || directories(self.workspace, file)
                .any(|directory| self.pins.contains_key(&(ecosystem, directory)))
    }
}

/// The directories whose manifests a lock file is made from: its own, those of its packages, and those of the roots
/// from which these inherit.
fn directories<'w>(workspace: &'w Workspace, file: &'w Lock) -> impl Iterator<Item = &'w str> {
    let packages = file.packages.iter().filter_map(|id| workspace.package(id));
    let of_packages = packages.flat_map(|package| {
        let root = package.workspace.as_ref().map(|path| path.parent().unwrap_or_default());
        [Some(package.directory.as_str()), root].into_iter().flatten()
    });
    std::iter::once(file.directory()).chain(of_packages)
}

/// The packages of a lock file, to be found quickly.
struct Listed<'l> {
    kind: LockKind,
    /// Those that are taken from a directory, by it; in a Cargo.lock, which says none, by identity.
    directories: HashSet<&'l str>,
    local: HashSet<&'l PackageId>,
}

impl<'l> Listed<'l> {
    fn new(kind: LockKind, listed: &'l [Locked]) -> Self {
        let local = || listed.iter().filter(|locked| locked.directory.is_some());
        Self {
            kind,
            directories: local().filter_map(|locked| locked.directory.as_deref()).collect(),
            local: local().map(|locked| &locked.id).collect(),
        }
    }

    fn has_member(&self, id: &PackageId, directory: &str) -> bool {
        match self.kind {
            LockKind::Cargo => self.local.contains(id),
            _ => self.directories.contains(directory),
        }
    }
}

/// What a lock file has to follow.
struct Follower<'l> {
    moved: &'l Moved<'l>,
    file: &'l Lock,
    listed: Listed<'l>,
}

impl Follower<'_> {
    fn update(&self) -> LockUpdate {
        let versions = self.file.packages.iter().filter_map(|id| self.version(id)).collect();
        let constraints = self.pins().into_values().filter_map(|pin| self.constraint(pin)).collect();
        LockUpdate { versions, constraints }
    }

    fn version(&self, id: &PackageId) -> Option<VersionChange> {
        let edit = self.moved.versions.get(id)?;
        let package = self.moved.workspace.package(id)?;
        let directory = relative(self.file.directory(), &package.directory);
        self.listed.has_member(id, &directory).then(|| VersionChange {
            id: id.clone(),
            name: package.name.clone(),
            directory,
            old: edit.old.clone(),
            new: edit.new.clone(),
        })
    }

    /// The constraints that may stand in the lock file, each once and in their order.
    fn pins(&self) -> BTreeMap<usize, &PinEdit> {
        let mut pins = BTreeMap::new();
        let mut add = |directory: &str| {
            let place = (self.file.kind.ecosystem(), directory);
            pins.extend(self.moved.pins.get(&place).into_iter().flatten().copied());
        };
        directories(self.moved.workspace, self.file).for_each(&mut add);
        let base = self.file.directory();
        for listed in &self.listed.directories {
            add(&normalized(&format!("./{base}/{listed}")));
        }
        pins
    }

    fn constraint(&self, pin: &PinEdit) -> Option<ConstraintChange> {
        let ecosystem = self.file.kind.ecosystem();
        let directory = relative(self.file.directory(), pin.path.parent().unwrap_or_default());
        let member = pin.from.clone().unwrap_or_else(|| PackageId::new(ecosystem, ""));
        let dependency = self.moved.workspace.manifest(&pin.path)?.dependencies.get(pin.dependency)?;
        // The root of a Cargo workspace need not be in a lock file that lists one of its members.
        let is_inherited = self.file.kind == LockKind::Cargo && dependency.kind == DependencyKind::Workspace;
        if !directory.is_empty() && !is_inherited && !self.listed.has_member(&member, &directory) {
            return None;
        }
        Some(ConstraintChange {
            member,
            directory,
            dependency: pin.to.clone(),
            name: dependency.name.clone(),
            kind: dependency.kind.clone(),
            old: pin.old.clone(),
            new: pin.new.clone(),
            is_member: self.listed.local.contains(&pin.to),
        })
    }
}

/// The path that leads from one directory to another one, both from the root.
fn relative(base: &str, directory: &str) -> String {
    let parts = |path| str::split(path, '/').filter(|part: &&str| !part.is_empty());
    let shared = parts(base).zip(parts(directory)).take_while(|(one, other)| one == other).count();
    let up = parts(base).skip(shared).map(|_| "..");
    up.chain(parts(directory).skip(shared)).collect::<Vec<_>>().join("/")
}

impl LockKind {
    /// The ecosystem whose packages it lists.
    pub fn ecosystem(self) -> Ecosystem {
        match self {
            Self::Uv | Self::Poetry => Ecosystem::Pypi,
            Self::Npm | Self::Pnpm => Ecosystem::Npm,
            Self::Cargo => Ecosystem::Cargo,
        }
    }
}
