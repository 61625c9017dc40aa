//! Whether what is on disk is what it says.

use std::fs;
use std::path::{Path, PathBuf};

use super::completeness::{partial, promisor};
use super::settings::likely_remote;
use super::{RepositoryError, reading};
use crate::names::ObjectId;

/// Larger indexes are trusted: reading them would cost more than the question did.
const INDEX_LIMIT: u64 = 256 << 20;

/// An object whose content has the hash that is its name; `None` if it is not there, for whatever reason.
pub(super) fn intact(
    repository: &gix::Repository,
    id: gix::ObjectId,
) -> Result<Option<gix::Object<'_>>, RepositoryError> {
    // gix ends the process where an id has another hash than the repository.
    if id.kind() != repository.object_hash() {
        return Ok(None);
    }
    let failed = |reason: String| damaged(format!("object {id}"), reason);
    let found = repository.try_find_object(id).map_err(|error| failed(causes(&error)))?;
    let Some(object) = found else { return Ok(None) };
    let hash = gix::objs::compute_hash(repository.object_hash(), object.kind, &object.data);
    match hash {
        Ok(hash) if hash == id || is_replaced(repository, &id) => Ok(Some(object)),
        Ok(hash) => Err(failed(format!("its content has the hash {hash}"))),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Why an object is not there: its pack's index is damaged, it was left out, or it never was here.
pub(super) fn missing(repository: &gix::Repository, id: gix::ObjectId, what: String) -> RepositoryError {
    if let Err(error) = indexes_are_intact(repository) {
        return error;
    }
    let Some(remote) = promisor(repository) else {
        return RepositoryError::MissingObject {
            id: ObjectId::from_gix(&id),
            remote: likely_remote(repository),
        };
    };
    let filter = partial(repository).map(|partial| partial.filter).unwrap_or_default();
    RepositoryError::Omitted { what, remote, filter }
}

/// Like [`missing`], for an object that something in this repository leads to.
pub(super) fn lost(repository: &gix::Repository, id: gix::ObjectId, what: String) -> RepositoryError {
    match missing(repository, id, what.clone()) {
        RepositoryError::MissingObject { id, .. } => damaged(what, format!("object {id} is not there")),
        other => other,
    }
}

/// A damaged index makes all objects of its pack look as if they had never been fetched, so "not there" is only
/// believed after this.
///
/// # Errors
///
/// [`RepositoryError::Damaged`] with the file.
pub(crate) fn indexes_are_intact(repository: &gix::Repository) -> Result<(), RepositoryError> {
    let objects = repository.objects.store_ref().path().to_owned();
    let alternates = gix::odb::alternate::resolve(objects.clone(), Path::new("/"));
    let alternates = alternates.map_err(reading("read", "objects/info/alternates"))?;
    if let Some(gone) = alternates.iter().find(|dir| !dir.is_dir()) {
        let what = objects.join("info").join("alternates").display().to_string();
        return Err(damaged(what, format!("{} is not there", gone.display())));
    }
    for dir in std::iter::once(objects).chain(alternates) {
        for file in indexes(&dir.join("pack")) {
            check_hash(repository.object_hash(), &file)?;
        }
    }
    Ok(())
}

/// The indexes in a directory of packs; a directory that is not there holds none.
fn indexes(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let files = entries.map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|it| it == "idx") || path.ends_with("multi-pack-index"))
        .collect()
}

/// Each index ends with the hash of all that comes before.
fn check_hash(kind: gix::hash::Kind, file: &Path) -> Result<(), RepositoryError> {
    let shown = || file.display().to_string();
    let size = file.metadata().map_or(0, |data| data.len());
    if size > INDEX_LIMIT {
        return Ok(());
    }
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        // A repack that runs beside this question.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(damaged(shown(), error.to_string())),
    };
    let split = bytes.len().checked_sub(kind.len_in_bytes()).and_then(|at| bytes.split_at_checked(at));
    let Some((content, hash)) = split else { return Err(damaged(shown(), "it is too short")) };
    let mut hasher = gix::hash::hasher(kind);
    hasher.update(content);
    match hasher.try_finalize() {
        Ok(found) if found.as_slice() == hash => Ok(()),
        _ => Err(damaged(shown(), "its content does not have the hash at its end")),
    }
}

fn is_replaced(repository: &gix::Repository, id: &gix::ObjectId) -> bool {
    repository.objects.store_ref().replacements().any(|(replaced, _)| replaced.as_slice() == id.as_slice())
}

pub(super) fn damaged(what: String, reason: impl AsRef<str>) -> RepositoryError {
    RepositoryError::Damaged { what, reason: crate::redacted(reason.as_ref()).into_owned() }
}

fn causes(error: &gix::Error) -> String {
    error.iter_errors().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
