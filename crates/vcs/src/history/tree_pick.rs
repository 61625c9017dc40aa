//! The picks that need no merge of contents, decided in this process.
//!
//! Most commits touch files that are, where they shall go, as they were before the commit. Then the result is beyond doubt,
//! whatever git's rules for renames are, provided that no rename can be in play:
//!
//! - a file that was changed or removed is still there with its old content, so the other side did not rename it;
//! - a file that was added is not there yet, and the nearest directory above it that the base had is still there, so the
//!   other side did not rename that directory;
//! - if files were both added and removed, each directory that lost a file is still there, so the commit itself renamed no
//!   directory into which the other side may have put new files.
//!
//! Everything else is git's to decide: `None`.

use gix::bstr::{BStr, BString, ByteSlice};
use gix::objs::tree::EntryKind;

use super::tree_changes::{Entry, FileChange, tree_changes};
use crate::repository::{RepositoryError, reading};

/// The three trees of a merge.
#[derive(Clone, Copy)]
pub(super) struct Trees {
    pub(super) base: gix::ObjectId,
    pub(super) ours: gix::ObjectId,
    pub(super) theirs: gix::ObjectId,
}

/// The tree that results, if that is certain.
pub(super) fn pick_apart(
    repository: &gix::Repository,
    trees: Trees,
) -> Result<Option<gix::ObjectId>, RepositoryError> {
    if trees.ours == trees.base || trees.ours == trees.theirs {
        return Ok(Some(trees.theirs));
    }
    let changes = tree_changes(repository, trees.base, trees.theirs)?;
    let read = |id| repository.find_tree(id).map_err(reading("read tree", id));
    let sides = Sides { base: read(trees.base)?, ours: read(trees.ours)?, theirs: read(trees.theirs)? };
    let renames = changes.iter().any(|change| change.old.is_none())
        && changes.iter().any(|change| change.new.is_none());
    let mut editor = repository.edit_tree(trees.ours).map_err(reading("edit tree", trees.ours))?;
    for change in &changes {
        let path = change.path.as_bstr();
        // What cannot be read here may not matter to git; if it does, git says so.
        match sides.fate(change, renames).unwrap_or(Fate::Unsure) {
            Fate::Unsure => return Ok(None),
            Fate::Stays => {}
            Fate::Becomes((mode, id)) => {
                editor.upsert(path, mode.kind(), id).map_err(reading("edit", path))?;
            }
            Fate::Goes => {
                editor.remove(path).map_err(reading("edit", path))?;
            }
        }
    }
    // In a partial clone a file may not be here, which the editor does not like and git does not mind.
    Ok(editor.write().ok().map(gix::Id::detach))
}

enum Fate {
    Becomes(Entry),
    Goes,
    Stays,
    Unsure,
}

struct Sides<'r> {
    base: gix::Tree<'r>,
    ours: gix::Tree<'r>,
    theirs: gix::Tree<'r>,
}

impl Sides<'_> {
    fn fate(&self, change: &FileChange, renames: bool) -> Result<Fate, RepositoryError> {
        let path = change.path.as_bstr();
        let ours = entry(&self.ours, path)?;
        Ok(match (change.old, change.new) {
            (Some((old, _)), Some((new, _))) if kind(old) != kind(new) => Fate::Unsure,
            (Some(old), Some(new)) if ours == Some(old) => Fate::Becomes(new),
            (Some(_), Some(new)) if ours == Some(new) => Fate::Stays,
            (Some(old), None) if ours == Some(old) && (!renames || self.directory_stays(path)?) => Fate::Goes,
            (None, Some(new)) if ours.is_none() && self.has_room(path)? => Fate::Becomes(new),
            _ => Fate::Unsure,
        })
    }

    fn directory_stays(&self, path: &BStr) -> Result<bool, RepositoryError> {
        let Some(directory) = parent(path) else { return Ok(true) };
        Ok(is_tree(entry(&self.theirs, directory.as_bstr())?))
    }

    /// Whether a new file can stand at a path for certain.
    fn has_room(&self, path: &BStr) -> Result<bool, RepositoryError> {
        let mut next = parent(path);
        while let Some(directory) = next {
            let (base, ours) =
                (entry(&self.base, directory.as_bstr())?, entry(&self.ours, directory.as_bstr())?);
            match (is_tree(base), is_tree(ours)) {
                (true, is_there) => return Ok(is_there),
                (false, false) if ours.is_some() => return Ok(false),
                (false, _) => {}
            }
            next = parent(directory.as_bstr());
        }
        Ok(true)
    }
}

/// What stands at a path, a directory too.
fn entry(tree: &gix::Tree<'_>, path: &BStr) -> Result<Option<Entry>, RepositoryError> {
    let found = tree.lookup_entry(path.split(|byte| *byte == b'/')).map_err(reading("look up", path))?;
    Ok(found.map(|found| (found.mode(), found.object_id())))
}

fn is_tree(entry: Option<Entry>) -> bool {
    entry.is_some_and(|(mode, _)| mode.is_tree())
}

fn parent(path: &BStr) -> Option<BString> {
    let end = path.rfind_byte(b'/')?;
    path.get(..end).map(BString::from)
}

/// A file that can be run is still a file.
fn kind(mode: gix::objs::tree::EntryMode) -> EntryKind {
    match mode.kind() {
        EntryKind::BlobExecutable => EntryKind::Blob,
        kind => kind,
    }
}
