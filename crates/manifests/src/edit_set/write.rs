//! Writes files all or none.
//!
//! 1. Every file is read again and compared.
//! 2. An intent that names every file is written, then the new contents beside the files; all of it is synced.
//! 3. The intent becomes the journal. Before this the write is undone by the next one, after it finished.
//! 4. The new contents are moved over the files, the directories are synced, the journal is removed.
//!
//! A write of one file has no third step: moving the one file decides.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::FileEdit;
use super::disk::Disk;
use super::error::{Recovered, WriteError};
use super::journal::{Entry, Plan};
use super::recover;
use super::state::{self, State};
use super::target::{Target, Targets, holds};

/// Writes the files.
pub(super) fn write(root: &Path, files: &[FileEdit<'_>], disk: Disk<'_>) -> Result<(), WriteError> {
    if files.is_empty() {
        return recover(root, disk).map(drop);
    }
    let root = canonical(root)?;
    let state = State::open(&root, disk)?;
    let result = recover::recover(&root, &state, disk)
        .and_then(|_| Targets::find(&root, files))
        .and_then(|targets| Write { root: &root, state: &state, disk, targets }.run());
    state.close(disk);
    result
}

/// Ends what an interrupted write has left.
pub(super) fn recover(root: &Path, disk: Disk<'_>) -> Result<Recovered, WriteError> {
    let root = canonical(root)?;
    if !state::directory(&root).0.exists() {
        return Ok(Recovered::Nothing);
    }
    let state = State::open(&root, disk)?;
    let result = recover::recover(&root, &state, disk);
    state.close(disk);
    result
}

fn canonical(root: &Path) -> Result<PathBuf, WriteError> {
    fs::canonicalize(root).map_err(|source| WriteError::Root { root: root.to_path_buf(), source })
}

/// One write, with the lock held.
struct Write<'a> {
    root: &'a Path,
    state: &'a State,
    disk: Disk<'a>,
    targets: Targets<'a>,
}

impl Write<'_> {
    fn run(&self) -> Result<(), WriteError> {
        let entries = self.targets.files.iter().map(Target::entry).collect();
        let plan = Plan::new(entries, self.targets.missing.clone());
        let prepared = plan.prepared(self.root);
        self.prepare(&plan, &prepared).inspect_err(|_| {
            // What is left is undone at the next opportunity.
            let _ = recover::undo(self.root, self.state, &plan, self.disk);
        })?;

        let mut moved = 0;
        let result = self.move_all(&prepared, &mut moved);
        if let Err(cause) = result {
            return Err(self.put_back(&plan, moved, cause));
        }
        // The files are written. Should this fail, the next write finds nothing left to do.
        let _ = self.state.clear(self.disk);
        Ok(())
    }

    /// Everything up to the point from which on the write is finished.
    fn prepare(&self, plan: &Plan, prepared: &[PathBuf]) -> Result<(), WriteError> {
        let many = prepared.len() > 1;
        self.state.intend(plan, self.root, many, self.disk)?;
        for path in &plan.made {
            let made = self.disk.make_directory(&path.below(self.root));
            made.map_err(|source| WriteError::Stage { path: path.clone(), source })?;
        }
        for (target, new) in self.targets.files.iter().zip(prepared) {
            self.disk
                .create(new, target.edit.new, target.permissions())
                .map_err(|source| WriteError::Stage { path: target.edit.path.clone(), source })?;
        }
        self.sync_prepared(plan, prepared)?;
        if many {
            self.state.commit(self.disk)?;
            self.state.sync(self.disk)?;
        }
        Ok(())
    }

    fn sync_prepared(&self, plan: &Plan, prepared: &[PathBuf]) -> Result<(), WriteError> {
        let sync = || {
            let with_names = self.disk.sync_files(prepared)?;
            // A journal must not name what is not there. One file alone needs no name before the move.
            if with_names || prepared.len() == 1 {
                return Ok(());
            }
            let made = plan.made.iter().map(|path| path.below(self.root));
            self.disk.sync_names(&made.chain(prepared.iter().cloned()).collect::<Vec<_>>())
        };
        sync().map_err(|source| self.sync_failed(source))
    }

    fn move_all(&self, prepared: &[PathBuf], moved: &mut usize) -> Result<(), WriteError> {
        for (target, new) in self.targets.files.iter().zip(prepared) {
            target.untouched()?;
            let done = match target.edit.old {
                Some(_) => self.disk.rename(new, &target.file),
                None => self.disk.link(new, &target.file),
            };
            done.map_err(|source| {
                let path = target.edit.path.clone();
                match source.kind() {
                    io::ErrorKind::AlreadyExists => WriteError::Exists { path },
                    _ => WriteError::Move { path, source },
                }
            })?;
            *moved += 1;
            if target.edit.old.is_none() {
                let path = || target.edit.path.clone();
                self.disk.remove(new).map_err(|source| WriteError::Move { path: path(), source })?;
            }
        }
        let files: Vec<PathBuf> = self.targets.files.iter().map(|target| target.file.clone()).collect();
        let files = self.targets.missing.iter().map(|path| path.below(self.root)).chain(files);
        self.disk.sync_names(&files.collect::<Vec<_>>()).map_err(|source| self.sync_failed(source))
    }

    fn sync_failed(&self, source: io::Error) -> WriteError {
        WriteError::Sync { root: self.root.to_path_buf(), source }
    }

    /// Gives the files that were already moved their old contents again, and returns the error that says why.
    fn put_back(&self, plan: &Plan, moved: usize, cause: WriteError) -> WriteError {
        let mut back = Vec::new();
        let mut left = Vec::new();
        let mut last = None;
        for target in self.targets.files.iter().take(moved) {
            match holds(&target.file, target.edit.new) {
                Ok(true) => back.push(target),
                // Somebody who wrote the file in the meantime must not lose that.
                Ok(false) => {
                    last = Some(io::Error::other("the file has changed in the meantime"));
                    left.push(target.edit.path.clone());
                }
                Err(error) => {
                    last = Some(error);
                    left.push(target.edit.path.clone());
                }
            }
        }
        let result = if back.is_empty() {
            recover::undo(self.root, self.state, plan, self.disk).map_err(io::Error::other)
        } else {
            self.reverse(plan, &back)
        };
        if let Err(error) = result {
            last = Some(error);
            // The error does not say how far putting back came.
            let is_left = |target: &&&Target<'_>| holds(&target.file, target.edit.new).unwrap_or(true);
            left.extend(back.iter().filter(is_left).map(|target| target.edit.path.clone()));
        }
        match last {
            // Only removing what was prepared failed, which the next write does.
            Some(_) if left.is_empty() => cause,
            None => cause,
            Some(source) => WriteError::PutBack { paths: left, cause: Box::new(cause), source },
        }
    }

    /// A write in the other direction, which takes the place of the first one in the journal.
    fn reverse(&self, plan: &Plan, back: &[&Target<'_>]) -> io::Result<()> {
        let entries = back.iter().map(|target| {
            let Entry { path, from, to } = target.entry();
            Entry { path, from: to, to: from }
        });
        let mut reverse = Plan::new(entries.collect(), Vec::new());
        reverse.stray = plan.prepared(self.root);
        reverse.empty.clone_from(&plan.made);
        let prepared = reverse.prepared(self.root);

        self.state.intend(&reverse, self.root, true, self.disk).map_err(io::Error::other)?;
        let stage = || {
            let mut written = Vec::new();
            for (target, path) in back.iter().zip(&prepared) {
                if let Some(old) = target.edit.old {
                    self.disk.create(path, old, target.permissions())?;
                    written.push(path.clone());
                }
            }
            self.disk.sync_files(&written)?;
            self.disk.sync_names(&written)?;
            self.state.commit(self.disk).map_err(io::Error::other)
        };
        if let Err(error) = stage() {
            // The journal still holds the write itself, if it was one of several files.
            for path in prepared.iter().chain([&self.state.intent()]) {
                let _ = self.disk.remove(path);
            }
            return Err(error);
        }
        // Going on is right whether or not this succeeds.
        let _ = self.state.sync(self.disk);
        recover::finish(self.root, self.state, &reverse, self.disk).map_err(io::Error::other)
    }
}
