//! The files that paths lead to, and whether they still hold what was read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::FileEdit;
use super::error::WriteError;
use super::journal::{Entry, Identity};
use crate::RelPath;

/// A file that is to be written.
pub(super) struct Target<'a> {
    pub(super) edit: &'a FileEdit<'a>,
    /// The file below the root, after links.
    pub(super) path: RelPath,
    pub(super) file: PathBuf,
    /// What it looked like before its contents were compared; nothing for a new file.
    seen: Option<Seen>,
}

struct Seen {
    permissions: Permissions,
    stamp: Stamp,
}

impl Target<'_> {
    pub(super) fn permissions(&self) -> Option<Permissions> {
        self.seen.as_ref().map(|seen| seen.permissions.clone())
    }

    pub(super) fn entry(&self) -> Entry {
        let identity = Identity::of;
        Entry {
            path: self.path.clone(),
            from: self.edit.old.map(identity),
            to: Some(identity(self.edit.new)),
        }
    }

    /// Looks again, without reading, right before the file is replaced.
    pub(super) fn untouched(&self) -> Result<(), WriteError> {
        let path = || self.edit.path.clone();
        let current = match fs::symlink_metadata(&self.file) {
            Ok(metadata) => Some(stamp(&metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(WriteError::Read { path: path(), source }),
        };
        match (&self.seen, current) {
            (Some(seen), Some(current)) if seen.stamp == current => Ok(()),
            (None, None) => Ok(()),
            (None, Some(_)) => Err(WriteError::Exists { path: path() }),
            _ => Err(WriteError::Changed { path: path() }),
        }
    }
}

/// All files of a write.
pub(super) struct Targets<'a> {
    /// In the order of their files.
    pub(super) files: Vec<Target<'a>>,
    /// Directories that new files need, outer ones first.
    pub(super) missing: Vec<RelPath>,
}

impl<'a> Targets<'a> {
    /// Finds the files, and compares each with what was read.
    pub(super) fn find(root: &Path, edits: &'a [FileEdit<'a>]) -> Result<Self, WriteError> {
        let mut directories = Directories { root, known: BTreeMap::new() };
        let mut files: BTreeMap<PathBuf, Target<'a>> = BTreeMap::new();
        for edit in edits {
            let target = directories.resolve(edit)?;
            match files.entry(target.file.clone()) {
                Place::Vacant(place) => {
                    place.insert(target);
                }
                Place::Occupied(other) => {
                    let other = other.get().edit.path.clone();
                    return Err(WriteError::SameFile { path: edit.path.clone(), other });
                }
            }
        }
        let mut missing: Vec<RelPath> = Vec::new();
        for directory in directories.known.values().filter(|directory| directory.missing > 0) {
            let ancestors: Vec<&Path> = directory.path.ancestors().take(directory.missing).collect();
            for path in ancestors.into_iter().rev() {
                missing.extend(inner(root, path).filter(|path| !missing.contains(path)));
            }
        }
        Ok(Self { files: files.into_values().collect(), missing })
    }
}

/// The directories of the files, each resolved once.
struct Directories<'a> {
    root: &'a Path,
    known: BTreeMap<String, Directory>,
}

#[derive(Clone)]
struct Directory {
    path: PathBuf,
    /// How many of its last parts are not there yet.
    missing: usize,
}

impl Directories<'_> {
    fn resolve<'a>(&mut self, edit: &'a FileEdit<'a>) -> Result<Target<'a>, WriteError> {
        let failed = |source| WriteError::Read { path: edit.path.clone(), source };
        let directory = self.directory(edit)?;
        let mut file = directory.path.join(edit.path.file_name());
        let mut metadata = match fs::symlink_metadata(&file) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound && edit.old.is_none() => None,
            Err(source) => return Err(failed(source)),
        };
        // Elsewhere a name can have several spellings, of which only the system knows the right one.
        let named_exactly = cfg!(target_os = "linux");
        if let Some(found) = &metadata
            && edit.old.is_some()
            && (found.is_symlink() || !named_exactly)
        {
            file = fs::canonicalize(&file).map_err(failed)?;
            self.check_inside(edit, &file)?;
            metadata = Some(fs::symlink_metadata(&file).map_err(failed)?);
        }
        let seen = check(edit, &file, metadata)?;
        let path = self.name(edit, &file)?;
        Ok(Target { edit, path, file, seen })
    }

    /// The directory of a file, after links.
    fn directory(&mut self, edit: &FileEdit<'_>) -> Result<Directory, WriteError> {
        let name = edit.path.parent().unwrap_or_default();
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        let whole = edit.path.below(self.root);
        let mut rest = Vec::new();
        for ancestor in whole.ancestors().skip(1) {
            match fs::canonicalize(ancestor) {
                Ok(mut path) => {
                    self.check_inside(edit, &path)?;
                    let missing = rest.len();
                    path.extend(rest.into_iter().rev());
                    let directory = Directory { path, missing };
                    self.known.insert(name.to_owned(), directory.clone());
                    return Ok(directory);
                }
                // A link to nothing is no missing directory: it cannot be made.
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound
                        && edit.old.is_none()
                        && fs::symlink_metadata(ancestor).is_err() =>
                {
                    rest.extend(ancestor.file_name());
                }
                Err(source) => return Err(WriteError::Read { path: edit.path.clone(), source }),
            }
        }
        Err(WriteError::Outside { path: edit.path.clone() })
    }

    /// A link into git's own directory would let a tracked file stand for a hook or a setting.
    fn check_inside(&self, edit: &FileEdit<'_>, path: &Path) -> Result<(), WriteError> {
        let inner = path.strip_prefix(self.root).ok();
        if inner.is_none_or(|inner| inner.iter().any(|part| part.eq_ignore_ascii_case(".git"))) {
            return Err(WriteError::Outside { path: edit.path.clone() });
        }
        Ok(())
    }

    /// The name of the file below the root, as the notes about the write need it.
    fn name(&self, edit: &FileEdit<'_>, file: &Path) -> Result<RelPath, WriteError> {
        let inner = file.strip_prefix(self.root).unwrap_or(file).to_string_lossy();
        let inner = if cfg!(windows) { inner.replace('\\', "/") } else { inner.into_owned() };
        let name: RelPath =
            inner.parse().map_err(|source| WriteError::Unsuitable { path: edit.path.clone(), source })?;
        // A name that is not UTF-8 reads back as another one.
        if name.below(self.root) == *file {
            return Ok(name);
        }
        Err(WriteError::NotAFile { path: edit.path.clone() })
    }
}

/// The name of a path below the root.
fn inner(root: &Path, path: &Path) -> Option<RelPath> {
    path.strip_prefix(root).ok()?.to_str()?.parse().ok()
}

/// Whether a file can be replaced and holds what was read, or is not there where none was.
fn check(edit: &FileEdit<'_>, file: &Path, metadata: Option<Metadata>) -> Result<Option<Seen>, WriteError> {
    let path = || edit.path.clone();
    let (old, metadata) = match (edit.old, metadata) {
        (Some(old), Some(metadata)) => (old, metadata),
        (None, Some(_)) => return Err(WriteError::Exists { path: path() }),
        (_, None) => return Ok(None),
    };
    if !metadata.is_file() {
        return Err(WriteError::NotAFile { path: path() });
    }
    // The directory would allow the move, but whoever took away the right to write meant it.
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly { path: path() });
    }
    let holds = holds(file, old).map_err(|source| WriteError::Read { path: path(), source })?;
    if !holds {
        return Err(WriteError::Changed { path: path() });
    }
    Ok(Some(Seen { permissions: metadata.permissions(), stamp: stamp(&metadata) }))
}

pub(super) fn holds(file: &Path, expected: &[u8]) -> io::Result<bool> {
    Ok(read(file, expected.len())? == expected)
}

/// Reads a file up to one byte beyond a length, which is enough to know that it has grown.
pub(super) fn read(file: &Path, length: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
    let mut contents = Vec::with_capacity(length.saturating_add(1));
    File::open(file)?.take(limit).read_to_end(&mut contents)?;
    Ok(contents)
}

/// What changes when a file does.
#[derive(PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    inode: Option<(u64, u64)>,
    changed: Option<(i64, i64)>,
}

#[cfg(unix)]
fn stamp(metadata: &Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt as _;
    Stamp {
        length: metadata.len(),
        modified: metadata.modified().ok(),
        inode: Some((metadata.dev(), metadata.ino())),
        // Replacing one of several names of a file changes it for the others.
        changed: (metadata.nlink() == 1).then(|| (metadata.ctime(), metadata.ctime_nsec())),
    }
}

#[cfg(not(unix))]
fn stamp(metadata: &Metadata) -> Stamp {
    Stamp { length: metadata.len(), modified: metadata.modified().ok(), inode: None, changed: None }
}
