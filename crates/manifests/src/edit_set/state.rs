//! Where the notes about a write are kept, and the lock beside them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::error::WriteError;
use super::journal::Plan;

/// The largest notes that are read, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The directory of the notes in a root that git does not know.
const OWN: &str = ".tminus-edits";

/// The directory of the notes of one root, locked.
pub(super) struct State {
    directory: PathBuf,
    /// Whether it lies among the files of the project, and so is removed afterwards.
    visible: bool,
    _lock: File,
}

/// The directory of the notes, and whether it lies among the files of the project.
///
/// Below the git directory of the work tree where the root is one, so that git does not show it.
pub(super) fn directory(root: &Path) -> (PathBuf, bool) {
    let dot_git = root.join(".git");
    let git = if dot_git.is_file() { linked(root, &dot_git) } else { Some(dot_git) };
    // The git directory of a linked work tree can be out of reach, such as in a container.
    match git.filter(|git| git.is_dir()) {
        Some(git) => (git.join("tminus").join("edits"), false),
        None => (root.join(OWN), true),
    }
}

/// The git directory that a `.git` file names.
fn linked(root: &Path, dot_git: &Path) -> Option<PathBuf> {
    let mut text = String::new();
    File::open(dot_git).ok()?.take(64 * 1024).read_to_string(&mut text).ok()?;
    let name = text.strip_prefix("gitdir: ")?.trim_end_matches(['\r', '\n']);
    Some(root.join(name))
}

impl State {
    /// Makes the directory and locks it.
    pub(super) fn open(root: &Path, disk: Disk<'_>) -> Result<Self, WriteError> {
        let (directory, visible) = directory(root);
        // Whoever held the lock before may remove its file between opening and locking here.
        for _ in 0..16 {
            make(&directory, disk).map_err(|error| failed(&directory, error))?;
            let path = directory.join("lock");
            let file = match OpenOptions::new().write(true).create(true).truncate(false).open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened.map_err(|error| failed(&path, error))?,
            };
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(error)) => return Err(failed(&path, error)),
                Ok(()) if is_at(&file, &path) => return Ok(Self { directory, visible, _lock: file }),
                Ok(()) => {}
            }
        }
        Err(WriteError::Busy { root: root.to_path_buf() })
    }

    /// The write that has not been committed.
    pub(super) fn intent(&self) -> PathBuf {
        self.directory.join("intent")
    }

    /// The write that is to be finished.
    pub(super) fn journal(&self) -> PathBuf {
        self.directory.join("journal")
    }

    /// Notes what is about to be prepared.
    pub(super) fn intend(
        &self,
        plan: &Plan,
        root: &Path,
        sync: bool,
        disk: Disk<'_>,
    ) -> Result<(), WriteError> {
        let path = self.intent();
        let write = || {
            disk.remove(&path)?;
            disk.create(&path, plan.to_text(root).as_bytes(), None)?;
            if sync { disk.sync_files(std::slice::from_ref(&path)).map(drop) } else { Ok(()) }
        };
        write().map_err(|error| failed(&path, error))
    }

    /// From here on the write is finished, whatever happens.
    pub(super) fn commit(&self, disk: Disk<'_>) -> Result<(), WriteError> {
        let path = self.journal();
        disk.rename(&self.intent(), &path).map_err(|error| failed(&path, error))
    }

    /// Waits until that is on the disk.
    pub(super) fn sync(&self, disk: Disk<'_>) -> Result<(), WriteError> {
        let path = self.journal();
        disk.sync_names(std::slice::from_ref(&path)).map_err(|error| failed(&path, error))
    }

    /// The opposite of [`commit`](Self::commit), as long as nothing was moved.
    pub(super) fn take_back(&self, disk: Disk<'_>) -> Result<(), WriteError> {
        let path = self.journal();
        if !path.exists() {
            return Ok(());
        }
        disk.rename(&path, &self.intent()).map_err(|error| failed(&path, error))
    }

    /// Reads one of the notes.
    pub(super) fn read(&self, path: &Path, root: &Path) -> Result<Noted, WriteError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Noted::Nothing),
            opened => opened.map_err(|error| failed(path, error))?,
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|error| failed(path, error))?;
        let text = String::from_utf8_lossy(&bytes);
        match Plan::parse(&text, root) {
            Ok(plan) => Ok(plan.map_or(Noted::Torn, Noted::Plan)),
            Err((line, reason)) => Err(WriteError::Journal { path: path.to_path_buf(), line, reason }),
        }
    }

    /// Removes the notes of a write that has ended.
    pub(super) fn clear(&self, disk: Disk<'_>) -> Result<(), WriteError> {
        let path = self.journal();
        disk.remove(&path).map_err(|error| failed(&path, error))?;
        self.clear_intent(disk)
    }

    pub(super) fn clear_intent(&self, disk: Disk<'_>) -> Result<(), WriteError> {
        let path = self.intent();
        disk.remove(&path).map_err(|error| failed(&path, error))
    }

    /// Gives the lock back, and leaves nothing among the files of the project that is not needed.
    pub(super) fn close(self, disk: Disk<'_>) {
        if self.visible && !self.intent().exists() && !self.journal().exists() {
            // What is left is removed at the next opportunity.
            let _ = disk.remove(&self.directory.join("lock"));
            let _ = disk.remove_directory(&self.directory);
        }
    }
}

/// One of the notes.
pub(super) enum Noted {
    Nothing,
    /// Writing it was interrupted, so nothing had been done yet.
    Torn,
    Plan(Plan),
}

fn failed(path: &Path, source: io::Error) -> WriteError {
    WriteError::State { path: path.to_path_buf(), source }
}

/// Makes a directory and the one around it; a symbolic link in its place is refused.
fn make(directory: &Path, disk: Disk<'_>) -> io::Result<()> {
    match fs::symlink_metadata(directory) {
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if let Some(parent) = directory.parent().filter(|parent| !parent.is_dir()) {
        make(parent, disk)?;
    }
    match disk.make_directory(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => disk.sync_names(&[directory.to_path_buf()]),
    }
}

/// Whether a path still leads to an open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(open), Ok(named)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (open.dev(), open.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
