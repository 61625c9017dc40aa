//! Files as they are in a commit.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::{EntryKind, EntryMode};

use super::integrity::{damaged, indexes_are_intact, intact, lost, missing};
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
    /// [`RepositoryError::Damaged`] where a damaged index hides what is there.
    pub fn contains(&self, commit: &CommitId) -> Result<bool, RepositoryError> {
        let repository = self.fresh()?;
        if has(&repository, gix_id(&commit.into())) {
            return Ok(true);
        }
        indexes_are_intact(&repository)?;
        Ok(false)
    }

    /// The content of a file in a commit; `None` if there is no such file, or if the path names a directory or a submodule.
    ///
    /// For a symbolic link the content is the path it leads to. The content of everything on the way has been compared with
    /// its hash.
    ///
    /// # Errors
    ///
    /// The file has more than `limit` bytes; the commit has not been fetched; [`RepositoryError::Omitted`] in a partial
    /// clone, which is never downloaded silently.
    pub fn read_file(
        &self,
        commit: &CommitId,
        path: &str,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, RepositoryError> {
        Ok(self.read_files(commit, &[path], limit)?.pop().flatten())
    }

    /// The contents of many files of a commit, in the order of the paths: [`Repository::read_file`] for each, but the
    /// repository is opened and each directory is read only once.
    ///
    /// # Errors
    ///
    /// As for [`Repository::read_file`].
    pub fn read_files(
        &self,
        commit: &CommitId,
        paths: &[&str],
        limit: u64,
    ) -> Result<Vec<Option<Vec<u8>>>, RepositoryError> {
        let repository = self.fresh()?;
        let top = tree_id(&repository, commit)?;
        let mut trees = HashMap::new();
        paths.iter().map(|path| file_at(&repository, &mut trees, top, commit, path, limit)).collect()
    }

    /// The files in a directory of a commit and below it, in the order of their paths, without submodules; none where there is no such
    /// directory. The paths are from the top.
    ///
    /// # Errors
    ///
    /// As for [`Repository::files`].
    pub fn files_below(&self, commit: &CommitId, directory: &str) -> Result<Vec<TreeFile>, RepositoryError> {
        if directory.is_empty() {
            return self.files(commit);
        }
        let repository = self.fresh()?;
        let what = || format!("{directory} at {}", commit.short());
        let mut id = tree_id(&repository, commit)?;
        for part in directory.split('/') {
            let tree = tree(&repository, id, what)?;
            match entry(&tree, part).map_err(|reason| damaged(format!("tree {id}"), reason))? {
                Some((mode, found)) if mode.kind() == EntryKind::Tree => id = found,
                _ => return Ok(Vec::new()),
            }
        }
        files_in(&repository, id, format!("{directory}/"), commit)
    }

    /// All files in a commit in the order of their paths, without submodules.
    ///
    /// # Errors
    ///
    /// The commit has not been fetched; a directory is damaged, or was left out of a partial clone.
    pub fn files(&self, commit: &CommitId) -> Result<Vec<TreeFile>, RepositoryError> {
        let repository = self.fresh()?;
        files_in(&repository, tree_id(&repository, commit)?, String::new(), commit)
    }
}

/// The content of a file below a tree; the trees on the way are kept.
fn file_at<'r>(
    repository: &'r gix::Repository,
    trees: &mut HashMap<gix::ObjectId, gix::Tree<'r>>,
    top: gix::ObjectId,
    commit: &CommitId,
    path: &str,
    limit: u64,
) -> Result<Option<Vec<u8>>, RepositoryError> {
    let what = || format!("{path} at {}", commit.short());
    let mut id = top;
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let tree = match trees.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(tree(repository, id, what)?),
        };
        let Some(entry) = entry(tree, part).map_err(|reason| damaged(format!("tree {id}"), reason))? else {
            return Ok(None);
        };
        id = entry.1;
        match (parts.peek(), entry.0.kind()) {
            (Some(_), EntryKind::Tree) => {}
            (None, found) if kind(found).is_some() => {}
            _ => return Ok(None),
        }
    }
    let header = repository.try_find_header(id).map_err(reading("read", what()))?;
    let size = header.ok_or_else(|| lost(repository, id, what()))?.size();
    if size > limit {
        let (path, commit) = (path.to_owned(), commit.short().to_owned());
        return Err(RepositoryError::TooLarge { path, commit, size, limit });
    }
    let blob = intact(repository, id)?.ok_or_else(|| lost(repository, id, what()))?;
    Ok(Some(blob.detach().data))
}

/// The files of a directory and below it; `prefix` stands before their paths.
fn files_in(
    repository: &gix::Repository,
    id: gix::ObjectId,
    prefix: String,
    commit: &CommitId,
) -> Result<Vec<TreeFile>, RepositoryError> {
    let mut files = Vec::new();
    let mut trees = vec![(prefix.into_bytes(), id)];
    while let Some((prefix, id)) = trees.pop() {
        let what = || format!("directory `{}` at {}", prefix.to_str_lossy(), commit.short());
        let tree = tree(repository, id, what)?;
        for entry in tree.iter() {
            let entry = entry.map_err(|error| damaged(format!("tree {id}"), error.to_string()))?;
            let mut path = prefix.clone();
            path.extend_from_slice(entry.filename());
            if entry.mode().is_tree() {
                path.push(b'/');
                trees.push((path, entry.object_id()));
            } else if let Some(kind) = kind(entry.mode().kind()) {
                let (path, lossy) = text(path.as_bstr());
                files.push(TreeFile { path, lossy, kind });
            }
        }
    }
    files.sort();
    Ok(files)
}

fn tree_id(repository: &gix::Repository, commit: &CommitId) -> Result<gix::ObjectId, RepositoryError> {
    let commit = commit_object(repository, commit)?;
    let id = commit.tree_id().map_err(|error| damaged(format!("commit {}", commit.id), error.to_string()))?;
    Ok(id.detach())
}

fn tree(
    repository: &gix::Repository,
    id: gix::ObjectId,
    what: impl Fn() -> String,
) -> Result<gix::Tree<'_>, RepositoryError> {
    let object = intact(repository, id)?.ok_or_else(|| lost(repository, id, what()))?;
    object.try_into_tree().map_err(|error| damaged(format!("tree {id}"), error.to_string()))
}

/// The entry of this name, or why the directory cannot be read.
fn entry(tree: &gix::Tree<'_>, name: &str) -> Result<Option<(EntryMode, gix::ObjectId)>, String> {
    for entry in tree.iter() {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.filename() == name {
            return Ok(Some((entry.mode(), entry.object_id())));
        }
    }
    Ok(None)
}

/// The commit, or the error that says how to get it.
pub(crate) fn commit_object<'r>(
    repository: &'r gix::Repository,
    commit: &CommitId,
) -> Result<gix::Commit<'r>, RepositoryError> {
    let id = gix_id(&commit.into());
    let Some(object) = intact(repository, id)? else {
        return Err(missing(repository, id, format!("commit {}", commit.short())));
    };
    object.try_into_commit().map_err(reading("read commit", commit.short()))
}

/// Our ids are checked when they are made, so this never gives the null id.
pub(crate) fn gix_id(id: &ObjectId) -> gix::ObjectId {
    gix::ObjectId::from_hex(id.as_str().as_bytes()).unwrap_or(gix::ObjectId::null(gix::hash::Kind::Sha1))
}

/// Whether an object is there. An id with another hash than the repository's never is; gix would end the process.
pub(crate) fn has(repository: &gix::Repository, id: gix::ObjectId) -> bool {
    id.kind() == repository.object_hash() && repository.has_object(id)
}

/// The only loose object whose id begins so: gix 0.90 does not find those of SHA-256 repositories by a part of their id.
pub(super) fn loose_prefix(repository: &gix::Repository, prefix: &str) -> Option<String> {
    let sha256 = repository.object_hash() == gix::hash::Kind::Sha256;
    let full = repository.object_hash().len_in_hex();
    if !sha256 || !(4..full).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let prefix = prefix.to_ascii_lowercase();
    let (dir, rest) = prefix.split_at_checked(2)?;
    let entries = std::fs::read_dir(repository.objects.store_ref().path().join(dir)).ok()?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found = names.filter(|name| name.starts_with(rest) && name.len() + 2 == full);
    let only = found.next()?;
    found.next().is_none().then(|| format!("{dir}{only}"))
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
