//! Writes files all or none.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::FileEdit;
use crate::RelPath;

/// A file that is ready to be moved over its original.
struct Staged<'a> {
    edit: &'a FileEdit<'a>,
    target: PathBuf,
    new: NamedTempFile,
}

/// The last step for one file: moves its new contents over the original.
pub(super) fn persist(new: NamedTempFile, target: &Path) -> io::Result<()> {
    new.persist(target).map(|_| ()).map_err(|error| error.error)
}

/// Writes the files; `persist` is an argument so that tests can let it fail.
pub(super) fn write(
    root: &Path,
    files: &[FileEdit<'_>],
    persist: impl Fn(NamedTempFile, &Path) -> io::Result<()>,
) -> Result<(), WriteError> {
    let root =
        fs::canonicalize(root).map_err(|source| WriteError::Root { root: root.to_path_buf(), source })?;

    let mut targets: BTreeMap<PathBuf, &FileEdit<'_>> = BTreeMap::new();
    for file in files {
        match targets.entry(resolve(&root, file)?) {
            Entry::Occupied(other) => {
                let other = other.get().path.clone();
                return Err(WriteError::SameFile { path: file.path.clone(), other });
            }
            Entry::Vacant(place) => {
                place.insert(file);
            }
        }
    }
    let mut staged = Vec::with_capacity(files.len());
    for (target, edit) in targets {
        let new = stage(&target, edit.new)
            .map_err(|source| WriteError::Stage { path: edit.path.clone(), source })?;
        staged.push(Staged { edit, target, new });
    }

    let mut moved: Vec<(&FileEdit<'_>, PathBuf)> = Vec::with_capacity(files.len());
    for Staged { edit, target, new } in staged {
        let result = unchanged(edit, &target).and_then(|()| {
            persist(new, &target).map_err(|source| WriteError::Move { path: edit.path.clone(), source })
        });
        match result {
            Ok(()) => moved.push((edit, target)),
            Err(error) => return Err(put_back(&moved, error)),
        }
    }
    for (edit, target) in &moved {
        if let Err(source) = sync_directory(target) {
            return Err(put_back(&moved, WriteError::Move { path: edit.path.clone(), source }));
        }
    }
    Ok(())
}

/// The file that a path names, after links, if it lies below the root and still holds what was read.
fn resolve(root: &Path, file: &FileEdit<'_>) -> Result<PathBuf, WriteError> {
    let failed = |source| WriteError::Read { path: file.path.clone(), source };
    let target = fs::canonicalize(file.path.below(root)).map_err(failed)?;
    // A link into git's own directory would let a tracked file stand for a hook or a setting.
    let inner = target.strip_prefix(root).ok();
    if inner.is_none_or(|inner| inner.iter().any(|part| part.eq_ignore_ascii_case(".git"))) {
        return Err(WriteError::Outside { path: file.path.clone() });
    }
    let metadata = fs::metadata(&target).map_err(failed)?;
    if !metadata.is_file() {
        return Err(WriteError::NotAFile { path: file.path.clone() });
    }
    // The directory would allow the move, but whoever took away the right to write meant it.
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly { path: file.path.clone() });
    }
    unchanged(file, &target)?;
    Ok(target)
}

fn unchanged(file: &FileEdit<'_>, target: &Path) -> Result<(), WriteError> {
    match holds(target, file.old) {
        Ok(true) => Ok(()),
        Ok(false) => Err(WriteError::Changed { path: file.path.clone() }),
        Err(source) => Err(WriteError::Read { path: file.path.clone(), source }),
    }
}

fn holds(target: &Path, expected: &[u8]) -> io::Result<bool> {
    // One byte more than expected is enough to know that a file has grown.
    let limit = u64::try_from(expected.len()).unwrap_or(u64::MAX).saturating_add(1);
    let mut current = Vec::with_capacity(expected.len());
    File::open(target)?.take(limit).read_to_end(&mut current)?;
    Ok(current == expected)
}

/// Writes contents beside their target, with its permissions, and waits until they are on the disk.
fn stage(target: &Path, contents: &[u8]) -> io::Result<NamedTempFile> {
    let directory = target.parent().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let mut new = tempfile::Builder::new().prefix(".tminus-").tempfile_in(directory)?;
    new.write_all(contents)?;
    new.as_file().set_permissions(fs::metadata(target)?.permissions())?;
    new.as_file().sync_all()?;
    Ok(new)
}

/// Waits until the names in the directory of a file are on the disk.
fn sync_directory(target: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(directory) = target.parent() {
        File::open(directory)?.sync_all()?;
    }
    // Other systems offer no way to sync a directory.
    #[cfg(not(unix))]
    let _ = target;
    Ok(())
}

/// Gives the files that were already moved their old contents again, and returns the error that made it necessary.
fn put_back(moved: &[(&FileEdit<'_>, PathBuf)], cause: WriteError) -> WriteError {
    let mut left: Vec<RelPath> = Vec::new();
    let mut last = None;
    for (edit, target) in moved {
        if let Err(error) = put_back_one(edit, target) {
            left.push(edit.path.clone());
            last = Some(error);
        }
    }
    match last {
        None => cause,
        Some(source) => WriteError::PutBack { paths: left, cause: Box::new(cause), source },
    }
}

fn put_back_one(edit: &FileEdit<'_>, target: &Path) -> io::Result<()> {
    // Somebody who wrote the file in the meantime must not lose that.
    if !holds(target, edit.new)? {
        return Err(io::Error::other("the file has changed in the meantime"));
    }
    persist(stage(target, edit.old)?, target)?;
    sync_directory(target)
}

/// The files were not written.
///
/// Except after [`PutBack`](Self::PutBack) every file holds what it held before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The root directory cannot be opened.
    #[error("cannot open the directory {}", root.display())]
    Root {
        /// The root.
        root: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be read again.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
    /// A file has changed since it was read.
    #[error("{path} has changed since it was read: run again")]
    Changed {
        /// The file.
        path: RelPath,
    },
    /// A path leads out of the root, or into git's own directory, through a symbolic link.
    #[error("{path} leads out of the project through a symbolic link")]
    Outside {
        /// The path.
        path: RelPath,
    },
    /// Two paths lead to one file.
    #[error("{path} and {other} are the same file: list only one of them")]
    SameFile {
        /// The second path.
        path: RelPath,
        /// The first path.
        other: RelPath,
    },
    /// A path leads to something else than a regular file.
    #[error("{path} is not a regular file")]
    NotAFile {
        /// The path.
        path: RelPath,
    },
    /// A file may not be written.
    #[error("{path} is read-only")]
    ReadOnly {
        /// The file.
        path: RelPath,
    },
    /// The new contents cannot be written beside a file.
    #[error("cannot write beside {path}")]
    Stage {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
    /// The new contents cannot be moved over a file.
    #[error("cannot replace {path}")]
    Move {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
    /// Writing failed midway, and so did putting back.
    #[error("writing failed midway ({cause}), and these files keep their new contents: {}", names(paths))]
    PutBack {
        /// The files that keep their new contents.
        paths: Vec<RelPath>,
        /// Why writing failed.
        cause: Box<WriteError>,
        /// Why putting back failed.
        source: io::Error,
    },
}

fn names(paths: &[RelPath]) -> String {
    paths.iter().map(RelPath::as_str).collect::<Vec<_>>().join(", ")
}
