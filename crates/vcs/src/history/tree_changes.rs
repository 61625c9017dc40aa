//! What differs between two trees, file by file and without renames.

use gix::bstr::BString;
use gix::diff::tree::recorder::{Change, Location};
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryMode;

use crate::repository::{RepositoryError, reading};

/// What stands at a path: a file, a link or a submodule.
pub(super) type Entry = (EntryMode, gix::ObjectId);

/// One path whose entry differs.
#[derive(Clone, Debug)]
pub(super) struct FileChange {
    pub(super) path: BString,
    pub(super) old: Option<Entry>,
    pub(super) new: Option<Entry>,
}

/// The changes between two trees in the order of their paths, without directories. The id of a tree that is not there is
/// that of the empty tree.
pub(super) fn tree_changes(
    repository: &gix::Repository,
    old: gix::ObjectId,
    new: gix::ObjectId,
) -> Result<Vec<FileChange>, RepositoryError> {
    let read = |id| repository.find_tree(id).map_err(reading("read tree", id));
    let (before, after) = (read(old)?, read(new)?);
    let mut recorder = gix::diff::tree::Recorder::default().track_location(Some(Location::Path));
    gix::diff::tree(
        TreeRefIter::from_bytes(&before.data, old.kind()),
        TreeRefIter::from_bytes(&after.data, new.kind()),
        gix::diff::tree::State::default(),
        &repository.objects,
        &mut recorder,
    )
    .map_err(|error| reading("compare trees of", new)(gix::Error::from_error(error)))?;
    let mut changes: Vec<_> = recorder.records.into_iter().filter_map(file_changes).collect();
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    // A file that became a directory, or the other way round, is one change for each path.
    changes.dedup_by(|next, kept| {
        let same = next.path == kept.path;
        if same {
            kept.old = kept.old.or(next.old);
            kept.new = kept.new.or(next.new);
        }
        same
    });
    Ok(changes)
}

fn file_changes(change: Change) -> Option<FileChange> {
    let file = |mode: EntryMode, id| (!mode.is_tree()).then_some((mode, id));
    let (path, old, new) = match change {
        Change::Addition { entry_mode, oid, path, .. } => (path, None, file(entry_mode, oid)),
        Change::Deletion { entry_mode, oid, path, .. } => (path, file(entry_mode, oid), None),
        Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
            (path, file(previous_entry_mode, previous_oid), file(entry_mode, oid))
        }
    };
    (old.is_some() || new.is_some()).then_some(FileChange { path, old, new })
}
