//! Where the files of a project are read: on disk, or in a commit as if it were checked out.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use tminus_vcs::{CommitId, History};

use super::DeriveError;
use super::table::LIMIT_BYTES;

pub(super) enum Ground {
    Disk,
    Commit {
        /// The directory that stands for the top of the commit.
        top: PathBuf,
        history: Box<History>,
        commit: CommitId,
    },
}

impl Ground {
    /// A text file, if there is one.
    pub(super) fn read(&self, path: &Path) -> Result<Option<String>, DeriveError> {
        let bytes = match self {
            Self::Disk => on_disk(path)?,
            Self::Commit { history, commit, .. } => match self.within(path) {
                Some(path) => history.file(commit, &path, LIMIT_BYTES as u64)?.map(|file| file.content),
                None => None,
            },
        };
        let text = bytes.map(String::from_utf8).transpose();
        text.map_err(|error| DeriveError::Unreadable {
            path: path.to_owned(),
            reason: format!("it is not UTF-8 from byte {} on", error.utf8_error().valid_up_to() + 1),
        })
    }

    /// The names of the files in a directory.
    pub(super) fn names(&self, dir: &Path) -> Result<Vec<String>, DeriveError> {
        match self {
            Self::Disk => {
                let Ok(entries) = std::fs::read_dir(dir) else { return Ok(Vec::new()) };
                let files = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
                Ok(files.filter_map(|entry| entry.file_name().into_string().ok()).collect())
            }
            Self::Commit { history, commit, .. } => match self.within(dir) {
                Some(dir) => Ok(history.names(commit, &dir)?),
                None => Ok(Vec::new()),
            },
        }
    }

    /// Whether a directory is looked through when a file is searched upwards.
    pub(super) fn contains(&self, dir: &Path) -> bool {
        match self {
            Self::Disk => true,
            Self::Commit { top, .. } => dir.starts_with(top),
        }
    }

    /// A path in the commit.
    fn within(&self, path: &Path) -> Option<String> {
        let Self::Commit { top, .. } = self else { return None };
        let parts: Option<Vec<_>> =
            path.strip_prefix(top).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }
}

fn on_disk(path: &Path) -> Result<Option<Vec<u8>>, DeriveError> {
    let unreadable = |reason: String| DeriveError::Unreadable { path: path.to_owned(), reason };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error.to_string())),
    };
    if !file.metadata().is_ok_and(|data| data.is_file()) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(LIMIT_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() > LIMIT_BYTES {
        return Err(unreadable("it is larger than 4 MiB".to_owned()));
    }
    Ok(Some(bytes))
}
