//! What is not committed.

use std::collections::BTreeSet;

use gix::bstr::BStr;
use gix::status::UntrackedFiles;
use gix::status::tree_index::TrackRenames;

use super::{Repository, RepositoryError, reading};

/// The paths in which the work tree, the index and HEAD differ, sorted and without repetition.
///
/// Paths are relative to the top of the work tree and `/`-separated; bytes that are not UTF-8 appear as `\u{fffd}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Tracked files that are modified, added, deleted, of another type, staged or in conflict, and submodules that moved
    /// or are dirty. A renamed file counts with both names.
    pub changed: Vec<String>,
    /// Files that are neither tracked nor ignored, each by itself; a nested repository ends with `/`.
    pub untracked: Vec<String>,
}

impl Status {
    /// Whether nothing is changed and nothing is untracked.
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.untracked.is_empty()
    }
}

impl Repository {
    /// What `git status --porcelain --untracked-files=all --no-renames` would list.
    ///
    /// # Errors
    ///
    /// A bare repository; an unreadable index, ignore file or work tree.
    pub fn status(&self) -> Result<Status, RepositoryError> {
        if self.is_bare() {
            return Err(RepositoryError::Bare { dir: self.git_dir().to_owned() });
        }
        let repository = self.fresh()?;
        let failed = || reading("compare", "the work tree with the index");
        let items = repository
            .status(gix::progress::Discard)
            .map_err(failed())?
            .untracked_files(UntrackedFiles::Files)
            .index_worktree_rewrites(None)
            .tree_index_track_renames(TrackRenames::Disabled)
            .into_iter(Vec::new())
            .map_err(failed())?;
        let mut status = Status::default();
        let mut conflicts = BTreeSet::new();
        for item in items {
            let item = item.map_err(failed())?;
            conflicts.extend(conflict(&item));
            status.add(&item);
        }
        // A file in conflict may have no version of ours in the index, which makes it look untracked as well.
        status.untracked.retain(|path| !conflicts.contains(path));
        for paths in [&mut status.changed, &mut status.untracked] {
            paths.sort();
            paths.dedup();
        }
        Ok(status)
    }
}

impl Status {
    fn add(&mut self, item: &gix::status::Item) {
        use gix::status::index_worktree::Item as WorkTree;
        match item {
            gix::status::Item::TreeIndex(change) => self.changed.push(text(change.location())),
            gix::status::Item::IndexWorktree(WorkTree::DirectoryContents { entry, .. }) => {
                if !matches!(entry.status, gix::dir::entry::Status::Untracked) {
                    return;
                }
                let mut path = text(entry.rela_path.as_ref());
                if entry.disk_kind.is_some_and(|kind| kind.is_dir()) {
                    path.push('/');
                }
                self.untracked.push(path);
            }
            gix::status::Item::IndexWorktree(change) => {
                if change.summary().is_some() {
                    self.changed.push(text(change.rela_path()));
                }
            }
        }
    }
}

fn conflict(item: &gix::status::Item) -> Option<String> {
    use gix::status::index_worktree::iter::Summary;
    match item {
        gix::status::Item::IndexWorktree(change) if change.summary() == Some(Summary::Conflict) => {
            Some(text(change.rela_path()))
        }
        _ => None,
    }
}

fn text(path: &BStr) -> String {
    path.to_string()
}
