//! What is not committed.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use gix::bstr::{BStr, BString};
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

/// A repository inside this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submodule {
    /// Where it lies, from the top of the work tree.
    pub path: String,
    /// Whether it is there.
    pub checked_out: bool,
}

/// What counts as a change of tracked files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesFrom {
    /// What makes `git describe --dirty` say so: a tracked file of the work tree is not what HEAD has. A new file that was
    /// added and is gone again does not count.
    Head,
    /// What makes `git status --porcelain --untracked-files=no` print a line: also what differs in the index alone.
    HeadOrIndex,
}

impl Repository {
    /// Whether tracked files have changes; untracked ones do not count, those in submodules neither. A file that was touched
    /// and has the same content is not changed. It ends at the first change.
    ///
    /// # Errors
    ///
    /// - a bare repository
    /// - an unreadable index or work tree
    ///
    /// ```no_run
    /// use tminus_vcs::ChangesFrom;
    ///
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// assert!(!repository.has_changes(ChangesFrom::Head)? || !repository.status()?.is_clean());
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_changes(&self, changes: ChangesFrom) -> Result<bool, RepositoryError> {
        if self.is_bare() {
            return Err(RepositoryError::Bare { dir: self.git_dir().to_owned() });
        }
        let repository = self.fresh()?;
        let failed = || reading("compare", "the work tree with the index");
        let staged = staged(&repository)?;
        if staged.other || (changes == ChangesFrom::HeadOrIndex && !staged.added.is_empty()) {
            return Ok(true);
        }
        let work_dir = self.work_dir().unwrap_or(self.git_dir());
        let is_there = |path: &BStr| {
            let path = gix::path::from_bstr(path);
            path.is_ok_and(|path| work_dir.join(path).symlink_metadata().is_ok())
        };
        if staged.added.iter().any(|path| is_there(path.as_ref())) {
            return Ok(true);
        }
        let items = repository
            .status(gix::progress::Discard)
            .map_err(failed())?
            .index_worktree_rewrites(None)
            .index_worktree_submodules(gix::status::Submodule::AsConfigured { check_dirty: false })
            .index_worktree_options_mut(|options| options.dirwalk_options = None)
            .into_index_worktree_iter(Vec::new())
            .map_err(failed())?;
        for item in items {
            let item = item.map_err(failed())?;
            let counts = item.summary().is_some() && !staged.added.contains(item.rela_path());
            if counts && !has_only_untracked(&repository, &item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The submodules of the index, and whether they are checked out: without, `git submodule status` shows a `-`.
    ///
    /// # Errors
    ///
    /// - an unreadable index
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// for submodule in repository.submodules()? {
    ///     assert_eq!(submodule.checked_out, std::path::Path::new(&submodule.path).join(".git").exists());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn submodules(&self) -> Result<Vec<Submodule>, RepositoryError> {
        let repository = self.fresh()?;
        let Some(work_dir) = self.work_dir() else { return Ok(Vec::new()) };
        let index = repository.index_or_empty().map_err(reading("read", "the index"))?;
        let links = index.entries().iter().filter(|entry| entry.mode.is_submodule());
        let submodules = links.map(|entry| {
            let path = entry.path(&index);
            let dir = gix::path::from_bstr(path).map(|path| work_dir.join(path));
            Submodule { path: text(path), checked_out: dir.is_ok_and(|dir| dir.join(".git").exists()) }
        });
        Ok(submodules.collect())
    }

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

/// Whether a submodule has nothing but untracked files, which git passes over unless it is told otherwise.
fn has_only_untracked(
    repository: &gix::Repository,
    item: &gix::status::index_worktree::Item,
) -> Result<bool, RepositoryError> {
    use gix::status::index_worktree::Item;
    use gix::status::plumbing::index_as_worktree::{Change, EntryStatus};
    let Item::Modification {
        status: EntryStatus::Change(Change::SubmoduleModification(status)),
        rela_path,
        ..
    } = item
    else {
        return Ok(false);
    };
    let is_untracked = |item: &gix::status::Item| {
        matches!(item, gix::status::Item::IndexWorktree(Item::DirectoryContents { .. }))
    };
    let moved = status.index_id != status.checked_out_head_id;
    if moved || !status.changes.as_ref().is_some_and(|changes| changes.iter().all(is_untracked)) {
        return Ok(false);
    }
    let failed = || reading("read", ".gitmodules");
    let submodules = repository.submodules().map_err(failed())?;
    let own = submodules.into_iter().flatten().find(|own| own.path().is_ok_and(|path| path == *rela_path));
    Ok(own.is_none_or(|own| own.ignore().ok().flatten().is_none()))
}

/// How the index differs from HEAD.
#[derive(Default)]
struct Staged {
    /// Files that HEAD has not.
    added: BTreeSet<BString>,
    /// Whether there is another difference.
    other: bool,
}

fn staged(repository: &gix::Repository) -> Result<Staged, RepositoryError> {
    use gix::diff::index::ChangeRef;
    let failed = || reading("compare", "the index with HEAD");
    let tree = repository.head_tree_id_or_empty().map_err(failed())?;
    let index = repository.index_or_empty().map_err(failed())?;
    let mut staged = Staged::default();
    // A file that is only meant to be added is in the index without being a difference to HEAD.
    let meant =
        index.entries().iter().filter(|entry| entry.flags.contains(gix::index::entry::Flags::INTENT_TO_ADD));
    staged.added.extend(meant.map(|entry| entry.path(&index).to_owned()));
    // git notes there which tree the index is, and takes the note away with each change: no tree needs to be read.
    let noted = index
        .tree()
        .filter(|noted| noted.num_entries.is_some_and(|count| count as usize == index.entries().len()));
    if noted.is_some_and(|noted| noted.id == tree.detach()) {
        return Ok(staged);
    }
    repository
        .tree_index_status(&tree, &index, None, TrackRenames::Disabled, |change, _, _| {
            match change {
                ChangeRef::Addition { location, .. } => {
                    staged.added.insert(location.into_owned());
                }
                _ => staged.other = true,
            }
            let flow = if staged.other { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            Ok(flow)
        })
        .map_err(failed())?;
    Ok(staged)
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
