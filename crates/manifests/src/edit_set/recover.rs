//! Ends a write that was interrupted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::error::{Recovered, WriteError};
use super::journal::{Entry, Identity, Plan};
use super::state::{Noted, State};
use super::target::read;
use crate::RelPath;

/// What a file holds, compared with the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// What it held before.
    From,
    /// What it was to hold.
    To,
    Other,
}

/// Finishes a committed write, and undoes one that was not.
pub(super) fn recover(root: &Path, state: &State, disk: Disk<'_>) -> Result<Recovered, WriteError> {
    // First the intent: beside a journal it is that of putting back, of which nothing was moved yet.
    let mut recovered = Recovered::Nothing;
    match state.read(&state.intent(), root)? {
        Noted::Nothing => {}
        Noted::Torn => state.clear_intent(disk)?,
        Noted::Plan(plan) => {
            remove_prepared(root, state, &plan, disk)?;
            state.clear_intent(disk)?;
            recovered = Recovered::Undone(paths(&plan));
        }
    }
    if let Noted::Plan(plan) = committed(root, state)? {
        recovered = end(root, state, &plan, disk)?;
    }
    Ok(recovered)
}

/// The journal; it was renamed when it was complete, so a torn one is damaged.
fn committed(root: &Path, state: &State) -> Result<Noted, WriteError> {
    let path = state.journal();
    match state.read(&path, root)? {
        Noted::Torn => Err(WriteError::Journal { path, line: 1, reason: "it is not complete" }),
        noted => Ok(noted),
    }
}

fn paths(plan: &Plan) -> Vec<RelPath> {
    plan.entries.iter().map(|entry| entry.path.clone()).collect()
}

/// Decides what becomes of a committed write, before anything is touched.
fn end(root: &Path, state: &State, plan: &Plan, disk: Disk<'_>) -> Result<Recovered, WriteError> {
    let prepared = plan.prepared(root);
    let mut lost = None;
    let mut foreign = None;
    let (mut from, mut ready) = (false, false);
    let mut all_from = true;
    for (entry, new) in plan.entries.iter().zip(&prepared) {
        let is_ready = is_ready(entry, new);
        let holds = examine(root, entry)?;
        ready |= is_ready && entry.to.is_some();
        from |= holds == Holds::From;
        all_from &= holds == Holds::From;
        match holds {
            Holds::From if !is_ready => lost = lost.or(Some(entry)),
            Holds::Other => foreign = foreign.or(Some(entry)),
            Holds::From | Holds::To => {}
        }
    }
    let journal = || state.journal();
    // Somebody put the files back. After putting back of our own had begun, others would stay half written.
    if all_from && lost.is_some() && !plan.is_reverse() {
        undo(root, state, plan, disk)?;
        return Ok(Recovered::Undone(paths(plan)));
    }
    // Where no file waits any more the write had ended, and a file that differs was changed later.
    if let Some(entry) = foreign.filter(|_| from || ready) {
        return Err(WriteError::Foreign { path: entry.path.clone(), journal: journal() });
    }
    if let Some(entry) = lost {
        return Err(WriteError::Lost { path: entry.path.clone(), journal: journal() });
    }
    finish(root, state, plan, disk)?;
    Ok(Recovered::Finished(paths(plan)))
}

/// Whether the new contents of a file are there and whole.
fn is_ready(entry: &Entry, new: &Path) -> bool {
    entry.to.is_none_or(|to| identity(new, to.length()).is_ok_and(|found| found == Some(to)))
}

/// What a file holds. One whose directory has become a symbolic link is another one.
fn examine(root: &Path, entry: &Entry) -> Result<Holds, WriteError> {
    let file = entry.path.below(root);
    let failed = |source| WriteError::Read { path: entry.path.clone(), source };
    match file.parent().map(fs::canonicalize) {
        Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        Some(Ok(real)) if Some(real.as_path()) != file.parent() => return Ok(Holds::Other),
        _ => {}
    }
    let lengths = [entry.from, entry.to].map(|known| known.map_or(0, Identity::length));
    let found = match fs::symlink_metadata(&file) {
        Ok(metadata) if !metadata.is_file() => return Ok(Holds::Other),
        _ => identity(&file, lengths.into_iter().max().unwrap_or(0)).map_err(failed)?,
    };
    Ok(match found {
        found if found == entry.from => Holds::From,
        found if found == entry.to => Holds::To,
        _ => Holds::Other,
    })
}

/// What a file holds, as far as it is not longer than expected; nothing where there is no file.
fn identity(file: &Path, length: usize) -> io::Result<Option<Identity>> {
    match read(file, length) {
        Ok(contents) => Ok(Some(Identity::of(&contents))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Moves what is not moved yet, and removes what is not needed any more.
pub(super) fn finish(root: &Path, state: &State, plan: &Plan, disk: Disk<'_>) -> Result<(), WriteError> {
    let prepared = plan.prepared(root);
    for (entry, new) in plan.entries.iter().zip(&prepared) {
        let target = entry.path.below(root);
        let apply = || match (entry.from, entry.to) {
            (_, None) => disk.remove(&target),
            (None, Some(_)) => disk.link(new, &target).and_then(|()| disk.remove(new)),
            (Some(_), Some(_)) => disk.rename(new, &target),
        };
        if examine(root, entry)? == Holds::From {
            apply().map_err(|source| WriteError::Move { path: entry.path.clone(), source })?;
        }
    }
    remove(plan.stray.iter().chain(&prepared), plan.empty.iter().map(|path| path.below(root)), disk)
        .map_err(|source| WriteError::State { path: state.journal(), source })?;
    let changed: Vec<PathBuf> = plan.entries.iter().map(|entry| entry.path.below(root)).collect();
    let there: Vec<PathBuf> =
        changed.into_iter().filter(|path| path.parent().is_some_and(Path::is_dir)).collect();
    disk.sync_names(&there).map_err(|source| WriteError::State { path: state.journal(), source })?;
    state.clear(disk)
}

/// Takes back a write of which nothing was moved.
pub(super) fn undo(root: &Path, state: &State, plan: &Plan, disk: Disk<'_>) -> Result<(), WriteError> {
    // Should removing fail, the next write must not finish what was given up.
    state.take_back(disk)?;
    remove_prepared(root, state, plan, disk)?;
    state.clear(disk)
}

fn remove_prepared(root: &Path, state: &State, plan: &Plan, disk: Disk<'_>) -> Result<(), WriteError> {
    let made = plan.made.iter().map(|path| path.below(root));
    remove(plan.prepared(root).iter(), made, disk)
        .map_err(|source| WriteError::State { path: state.intent(), source })
}

/// Removes files, then directories, inner ones first.
fn remove<'a>(
    files: impl Iterator<Item = &'a PathBuf>,
    directories: impl DoubleEndedIterator<Item = PathBuf>,
    disk: Disk<'_>,
) -> io::Result<()> {
    for file in files {
        if fs::symlink_metadata(file).is_ok() {
            disk.remove(file)?;
        }
    }
    directories.rev().try_for_each(|directory| disk.remove_directory(&directory))
}
