//! Revisions and files, many of one snapshot.

use gix::bstr::ByteSlice;
use gix::objs::Kind;

use super::History;
use crate::names::{CommitId, ObjectId, RefName};
use crate::repository::{RepositoryError, gix_id, reading};

/// A file in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAt {
    /// The id of its content: the same content has the same id in every commit.
    pub id: ObjectId,
    /// The content, for a symbolic link the path it leads to.
    pub content: Vec<u8>,
}

impl History {
    /// The commit that a revision such as `HEAD~3`, `v1.0` or an abbreviated id means; `None` if it means nothing, several
    /// things, or something that is not a commit.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// let history = tminus_vcs::Repository::open(".".as_ref())?.history()?;
    /// assert_eq!(history.resolve("HEAD"), history.repository().head()?.commit);
    /// # Ok(())
    /// # }
    /// ```
    pub fn resolve(&self, revision: &str) -> Option<CommitId> {
        let repository = self.local();
        let id = repository.rev_parse_single(revision).ok()?;
        let commit = id.object().ok()?.peel_to_kind(Kind::Commit).ok()?;
        Some(CommitId::from_gix(&commit.id))
    }

    /// Whether there is a reference of that name.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let history = tminus_vcs::Repository::open(".".as_ref())?.history()?;
    /// assert!(!history.has_reference(&"refs/heads/no/such/branch".parse()?));
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_reference(&self, name: &RefName) -> bool {
        self.local().try_find_reference(name.as_str()).is_ok_and(|found| found.is_some())
    }

    /// A file of a commit; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// - a file of more than `limit` bytes
    /// - a commit that has not been fetched
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// # let history = tminus_vcs::Repository::open(".".as_ref())?.history()?;
    /// # let Some(commit) = history.resolve("HEAD") else { return Ok(()) };
    /// let file = history.file(&commit, "Cargo.toml", 1 << 20)?;
    /// assert!(file.is_none_or(|file| file.content.len() <= 1 << 20));
    /// # Ok(())
    /// # }
    /// ```
    pub fn file(&self, commit: &CommitId, path: &str, limit: u64) -> Result<Option<FileAt>, RepositoryError> {
        let repository = self.local();
        let what = || format!("{path} at {}", commit.short());
        let tree = tree(&repository, commit)?;
        let parts = path.split('/').map(str::as_bytes);
        let Some(entry) = tree.lookup_entry(parts).map_err(reading("look up", what()))? else {
            return Ok(None);
        };
        if !entry.mode().is_blob_or_symlink() {
            return Ok(None);
        }
        let size = repository.find_header(entry.object_id()).map_err(reading("read", what()))?.size();
        if size > limit {
            let (path, commit) = (path.to_owned(), commit.short().to_owned());
            return Err(RepositoryError::TooLarge { path, commit, size, limit });
        }
        let mut blob = repository.find_blob(entry.object_id()).map_err(reading("read", what()))?;
        Ok(Some(FileAt { id: ObjectId::from_gix(&entry.object_id()), content: blob.take_data() }))
    }

    /// The names of the files that lie in a directory of a commit, without those below; an empty path is the top.
    ///
    /// # Errors
    ///
    /// - a commit that has not been fetched
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// # let history = tminus_vcs::Repository::open(".".as_ref())?.history()?;
    /// # let Some(commit) = history.resolve("HEAD") else { return Ok(()) };
    /// assert!(history.names(&commit, "no/such/directory")?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn names(&self, commit: &CommitId, directory: &str) -> Result<Vec<String>, RepositoryError> {
        let repository = self.local();
        let failed = || reading("list", format!("{directory} at {}", commit.short()));
        let mut tree = tree(&repository, commit)?;
        if !directory.is_empty() {
            let parts = directory.split('/').map(str::as_bytes);
            let Some(entry) = tree.lookup_entry(parts).map_err(failed())? else { return Ok(Vec::new()) };
            if !entry.mode().is_tree() {
                return Ok(Vec::new());
            }
            tree = repository.find_tree(entry.object_id()).map_err(failed())?;
        }
        let mut names = Vec::new();
        for entry in tree.iter() {
            let entry = entry.map_err(failed())?;
            if entry.mode().is_blob_or_symlink() {
                names.extend(entry.filename().to_str().ok().map(str::to_owned));
            }
        }
        Ok(names)
    }
}

fn tree<'r>(repository: &'r gix::Repository, commit: &CommitId) -> Result<gix::Tree<'r>, RepositoryError> {
    let failed = || reading("read the tree of", commit.short());
    let object = repository.find_commit(gix_id(&commit.into())).map_err(failed())?;
    object.tree().map_err(failed())
}
