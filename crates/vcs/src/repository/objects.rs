//! Files as they are in a commit.

use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::EntryKind;

use super::settings::likely_remote;
use super::{Repository, RepositoryError, reading};
use crate::names::{CommitId, ObjectId};

/// A file in a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeFile {
    /// The path from the top, `/`-separated.
    pub path: String,
    /// Whether the real path is not UTF-8 and `path` shows `\u{fffd}` for the bytes that are not: such a file can be listed
    /// but not read by its path.
    pub lossy: bool,
    /// What it is.
    pub kind: FileKind,
}

/// What a [`TreeFile`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// An ordinary file.
    Plain,
    /// A file that can be run.
    Executable,
    /// A symbolic link; its content is the path it leads to.
    Link,
}

impl Repository {
    /// Whether an object is in this repository.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn contains(&self, commit: &CommitId) -> Result<bool, RepositoryError> {
        Ok(self.fresh()?.has_object(gix_id(&commit.into())))
    }

    /// The content of a file in a commit; `None` if there is no such file, or if the path names a directory or a submodule.
    ///
    /// For a symbolic link the content is the path it leads to.
    ///
    /// # Errors
    ///
    /// The file has more than `limit` bytes, or the commit has not been fetched.
    pub fn read_file(
        &self,
        commit: &CommitId,
        path: &str,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, RepositoryError> {
        let repository = self.fresh()?;
        let tree = tree(&repository, commit)?;
        let what = || format!("{path} at {}", commit.short());
        let entry =
            tree.lookup_entry(path.split('/').map(str::as_bytes)).map_err(reading("look up", what()))?;
        let Some(entry) = entry.filter(|entry| kind(entry.mode().kind()).is_some()) else { return Ok(None) };
        let size = repository.find_header(entry.object_id()).map_err(reading("read", what()))?.size();
        if size > limit {
            let (path, commit) = (path.to_owned(), commit.short().to_owned());
            return Err(RepositoryError::TooLarge { path, commit, size, limit });
        }
        let mut blob = repository.find_blob(entry.object_id()).map_err(reading("read", what()))?;
        Ok(Some(blob.take_data()))
    }

    /// All files in a commit in the order of their paths, without submodules.
    ///
    /// # Errors
    ///
    /// The commit has not been fetched, or a tree is unreadable.
    pub fn files(&self, commit: &CommitId) -> Result<Vec<TreeFile>, RepositoryError> {
        let repository = self.fresh()?;
        let tree = tree(&repository, commit)?;
        let entries =
            tree.traverse().breadthfirst.files().map_err(reading("list the files of", commit.short()))?;
        let mut files: Vec<_> = entries
            .iter()
            .filter_map(|entry| {
                let kind = kind(entry.mode.kind())?;
                let (path, lossy) = text(entry.filepath.as_ref());
                Some(TreeFile { path, lossy, kind })
            })
            .collect();
        files.sort();
        Ok(files)
    }
}

fn tree<'r>(repository: &'r gix::Repository, commit: &CommitId) -> Result<gix::Tree<'r>, RepositoryError> {
    commit_object(repository, commit)?.tree().map_err(reading("read the tree of", commit.short()))
}

/// The commit, or the error that says how to get it.
pub(super) fn commit_object<'r>(
    repository: &'r gix::Repository,
    commit: &CommitId,
) -> Result<gix::Commit<'r>, RepositoryError> {
    let id = ObjectId::from(commit);
    let object = repository.try_find_object(gix_id(&id)).map_err(reading("read commit", commit.short()))?;
    let Some(object) = object else {
        return Err(RepositoryError::MissingObject { id, remote: likely_remote(repository) });
    };
    object.try_into_commit().map_err(reading("read commit", commit.short()))
}

/// Our ids are checked when they are made, so this never gives the null id.
pub(super) fn gix_id(id: &ObjectId) -> gix::ObjectId {
    gix::ObjectId::from_hex(id.as_str().as_bytes()).unwrap_or(gix::ObjectId::null(gix::hash::Kind::Sha1))
}

fn kind(kind: EntryKind) -> Option<FileKind> {
    match kind {
        EntryKind::Blob => Some(FileKind::Plain),
        EntryKind::BlobExecutable => Some(FileKind::Executable),
        EntryKind::Link => Some(FileKind::Link),
        EntryKind::Tree | EntryKind::Commit => None,
    }
}

fn text(path: &BStr) -> (String, bool) {
    match path.to_str() {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (path.to_str_lossy().into_owned(), true),
    }
}
